/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One process that runs the steps of one PF. A write to sysfs can wait for ever, and then not even
 * SIGKILL ends it (kernel-facts §3.3): only another process can go on and say so.
 */
#pragma once

#include <sys/types.h>

#include "host/host.h"

/* How a step ended. */
enum outcome {
	OUTCOME_PENDING, /* not yet, or never begun */
	OUTCOME_DONE,
	OUTCOME_FAILED,
	OUTCOME_SKIPPED, /* because of an earlier failure */
	OUTCOME_STUCK,   /* did not come back in time */
};

/* What a worker tells of one step; small enough for an atomic write to a pipe. */
struct worker_report {
	size_t step;
	enum outcome outcome;
	struct step_result result;
};

struct worker {
	pid_t pid; /* 0: none */
	int fd;    /* its reports, non-blocking; -1: none */
};

/*
 * Starts a worker that runs the steps of PF on H and records them in RECORD_DIR first. Returns 0 and
 * fills W, or a negative errno.
 */
int worker_start(struct worker *w, struct host *h, const struct plan_pf *pf, int record_dir);

/* Reads one report. Returns 1 with RET, 0 when there is none yet, -EPIPE when there will be no more. */
int worker_read(struct worker *w, struct worker_report *ret);

/* Kills the worker if it can be killed, gives up waiting for it, and frees W. */
void worker_end(struct worker *w);
