/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running a plan in front of a person: what `apply` and `reset` share. */
#pragma once

#include "apply/apply.h"
#include "cli/cli.h"

/* Whether this process may change the host; prints why not. */
bool run_permitted(void);

/*
 * Opens the record and takes the lock of a run, waiting for one that is at work, which is told
 * first. Returns a status.
 */
int run_open_record(struct record_dir *ret);

/*
 * Prints what consent is missing for. PFs that are refused lose their steps in P; returns how many
 * there are.
 */
size_t run_refusals(struct plan *p, struct consent c);

/*
 * Runs P on H, printing each step as it is done (the same lines as `plan`) and each failure as an
 * error. Returns STATUS_OK, or STATUS_FAILED when it could not be run at all; failed steps are in
 * RET.
 */
int run_plan(const struct cli *cli, struct host *h, const struct plan *p,
	const struct record_dir *dir, struct apply_counts *ret);

/*
 * Compares AFTER, the plan of a fresh scan, with what was DONE: on PFs where nothing failed there
 * must be no step left, and none of them may be missing. Prints what is, as errors, and returns how
 * many PFs (the host is none) that concerns. A value that the driver does not report cannot be
 * verified and does not count.
 */
size_t run_leftovers(
	const struct plan *after, const struct plan *done, const struct apply_counts *c);

/* Whether the plan AFTER still has steps about the host's generated files. */
bool run_files_left(const struct plan *after);

/* What N of those that a run is about are: "PF", "PFs", or, if DEVICES are among them, both. */
const char *run_noun(bool devices, size_t n);

/*
 * The status of a run: of TOTAL PFs that it was about, BAD did not end as wanted. When any step was
 * DONE, or another PF is as wanted, that is a part.
 */
int run_status(size_t total, size_t bad, size_t done);
