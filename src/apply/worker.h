/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One process that runs the steps of one PF. A write to sysfs can wait for ever, and then not even
 * SIGKILL ends it (kernel-facts §3.3): only another process can go on and say so.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "apply/record.h"
#include "apply/work.h"

#define WORKER_BATCH 16 /* reports that are read at once */

struct worker {
	pid_t pid; /* 0: none */
	int fd;    /* its reports, non-blocking; -1: none */
	bool over; /* it has said all, and ends */
	struct worker_report batch[WORKER_BATCH];
	size_t n, next; /* reports in `batch`, and the first that was not taken */
	bool empty;     /* nothing was left in the pipe behind them */
};

/*
 * Starts a worker that runs the steps of PF on H and records them in DIR first. Returns 0 and
 * fills W, or a negative errno.
 */
int worker_start(
	struct worker *w, struct host *h, const struct plan_pf *pf, const struct record_dir *dir);

/* Takes the next report. Returns 1 with *RET, which is good until the next call; 0 when there is
 * none yet, -EPIPE when there will be no more. */
int worker_read(struct worker *w, const struct worker_report **ret);

/*
 * Lets go of the worker, done or stuck, and frees W. One that has said all is waited for, a second
 * at most; one that comes back later does nothing more, but puts autoprobe back.
 */
void worker_end(struct worker *w);
