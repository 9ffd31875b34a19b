/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy applied to a host that behaves, with a record of its own. */
#pragma once

#include "apply/apply.h"
#include "apply/record.h"
#include "attempt.h"
#include "fakehost.h"

/* Short ones: what is stuck in a test stays so. */
extern const struct apply_limits trial_limits;

/* A directory for records that goes with the test. */
struct place_for_record {
	char dir[32];
	struct record_dir open;
};

/*
 * Whether the next case of a sweep is run: each one, or every so many as SWEEP_STRIDE in the
 * environment says, for tools under which the whole takes minutes.
 */
bool trial_is_turn(void);

/* Makes the directory and opens it. */
void place_begin(struct place_for_record *r);

/* Removes the directory and the records of the first PFS PFs. */
void place_end(struct place_for_record *r, unsigned pfs);

/* An apply_told: appends each step and how it ended to the struct buf ARG. */
void trial_told(
	void *arg, const struct plan_pf *pf, const struct step *s, const struct worker_report *r);

/* Runs P on F; B gets what trial_told() says. */
struct apply_counts apply(
	struct fakehost *f, const struct plan *p, const struct record_dir *dir, struct buf *b);

/* Plans the policy TEXT, the files included, as the program does. */
void plan(
	struct attempt *a, struct fakehost *f, const char *text, const struct place_for_record *r);

/* Plans and applies the policy TEXT; returns the counts. */
struct apply_counts go(
	struct fakehost *f, const char *text, const struct place_for_record *r, struct buf *b);

/* Fails the test unless there is nothing to do for the policy TEXT. */
void assert_in_sync(struct fakehost *f, const char *text, const struct place_for_record *r);

/* Undoes what the record says; LEFT gets what is not. */
void undo(struct fakehost *f, const struct place_for_record *r, struct buf *left);
