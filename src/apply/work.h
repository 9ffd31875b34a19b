/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a worker process does: the steps of one PF, and the way back if they fail. */
#pragma once

#include "core/plan.h"
#include "host/host.h"

/* How a step ended. */
enum outcome {
	OUTCOME_PENDING, /* not yet, or never begun */
	OUTCOME_DONE,
	OUTCOME_FAILED,
	OUTCOME_SKIPPED, /* because of an earlier failure */
	OUTCOME_STUCK,   /* did not come back in time */
	OUTCOME_LOST,    /* no step could be found that puts it back, or more than that is lost */
};

/* The longest name of a driver or an interface that is told of a step that puts something back. */
#define WORKER_NAME_SIZE 64

/*
 * What a worker tells of one step; small enough for an atomic write to a pipe. Steps that put
 * something back are in no plan of the reader's, so they come along, and are announced with
 * OUTCOME_PENDING when they begin.
 */
struct worker_report {
	size_t step; /* its index; of one that puts back: that of the step that comes next */
	bool back;   /* puts back */
	enum outcome outcome;
	struct step_result result;
	struct step what; /* `back`: the step, its strings in what follows; see worker_step() */
	char before[WORKER_NAME_SIZE], after[WORKER_NAME_SIZE];
};

/* The step of R, which puts something back. It points into R. */
struct step worker_step(const struct worker_report *r);

/*
 * Runs the steps of PF on H, records each in RECORD (-1: the host has none) before it is done, and
 * writes reports to FD. What was begun and cannot be finished is put back, see core/rollback.h.
 */
void work_run(struct host *h, const struct plan_pf *pf, int record, int fd);
