/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy applied to a host that behaves, with a record of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/files.h"
#include "core/undo.h"
#include "trial.h"

const struct apply_limits trial_limits = { 2000, 1000 };

bool trial_is_turn(void)
{
	static unsigned n;
	const char *stride = getenv("SWEEP_STRIDE");
	unsigned every = stride ? (unsigned)strtoul(stride, NULL, 10) : 1;

	return n++ % (every ? every : 1) == 0;
}

void place_begin(struct place_for_record *r)
{
	struct err e = { "" };

	strcpy(r->dir, "/tmp/sriovctl-test-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	assert_int_equal(record_open(r->dir, 0, &r->open, &e), 0);
}

/* There is nothing else in it: the host has no record. */
void place_end(struct place_for_record *r, unsigned pfs)
{
	char path[64];

	for (unsigned i = 1; i <= pfs; i++) {
		assert_int_equal(
			record_remove(&r->open, (struct pciaddr){ 0, (uint8_t)i, 0 }, NULL), 0);
	}
	snprintf(path, sizeof(path), "%s/lock", r->dir);
	assert_int_equal(unlink(path), 0);
	record_close(&r->open);
	assert_int_equal(rmdir(r->dir), 0);
}

/* Appends each step and how it ended. */
void trial_told(
	void *arg, const struct plan_pf *pf, const struct step *s, const struct worker_report *r)
{
	static const char *const names[] = { "pending", "done", "failed", "skipped", "stuck",
		"lost" };
	struct buf *b = arg;

	buf_addf(b, "%s%s ", r->back ? "put back: " : "", plan_pf_label(pf).s);
	step_text(b, s);
	buf_addf(b, r->outcome == OUTCOME_DONE ? "\n" : ": %s\n", names[r->outcome]);
}

struct apply_counts apply(
	struct fakehost *f, const struct plan *p, const struct record_dir *dir, struct buf *b)
{
	struct apply_counts c = { 0 };
	struct err e = { "" };

	assert_int_equal(apply_run(&f->host, p, dir, trial_limits, trial_told, b, &c, &e), 0);
	free(c.pf_failed);
	return c;
}

/* Plans the policy TEXT, the files included, as the program does. */
void plan(struct attempt *a, struct fakehost *f, const char *text, const struct place_for_record *r)
{
	struct record rec;

	attempt_plan(a, text, &f->host);
	assert_int_equal(a->problems.n, 0);
	assert_int_equal(record_read(r->dir, &rec, NULL), 0);
	undo_recall(a->want, rec.entries, rec.n, a->inv);
	plan_free(a->plan);
	a->plan = plan_make(a->want, a->inv);
	record_done(&rec);
	files_plan(a->plan, a->want, a->inv, false, &a->problems);
	assert_int_equal(a->problems.n, 0);
}

/* Plans and applies the policy TEXT; returns the counts. */
struct apply_counts go(
	struct fakehost *f, const char *text, const struct place_for_record *r, struct buf *b)
{
	struct apply_counts c;
	struct attempt a;

	plan(&a, f, text, r);
	c = apply(f, a.plan, &r->open, b);
	attempt_done(&a);
	return c;
}

void assert_in_sync(struct fakehost *f, const char *text, const struct place_for_record *r)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct attempt a;

	plan(&a, f, text, r);
	assert_string_equal(attempt_text(a.plan, &b), "");
	attempt_done(&a);
}

/* Looks again after the way back BACK, by the same record: nothing is left, and no PF missing. */
static void assert_back(struct fakehost *f, const struct record *rec, const struct plan *back)
{
	_cleanup_(buf_done) struct buf left = { 0 };
	struct inventory *inv = NULL;
	struct want *want;
	struct plan *rest;

	assert_int_equal(f->host.ops->scan(&f->host, 0, &inv, NULL), 0);
	want = undo_make(rec->entries, rec->n, inv, &left);
	rest = plan_make(want, inv);
	assert_int_equal(plan_size(rest), 0);
	assert_int_equal(plan_count_pfs(rest), plan_count_pfs(back));
	plan_free(rest);
	want_free(want);
	inventory_free(inv);
}

void undo(struct fakehost *f, const struct place_for_record *r, struct buf *left)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct inventory *inv = NULL;
	struct record rec;
	struct want *want;
	struct plan *back;

	assert_int_equal(record_read(r->dir, &rec, NULL), 0);
	assert_int_equal(f->host.ops->scan(&f->host, 0, &inv, NULL), 0);
	want = undo_make(rec.entries, rec.n, inv, left);
	back = plan_make(want, inv);
	files_plan_reset(back, inv, NULL, 0);
	assert_int_equal(apply(f, back, &r->open, &b).pfs_failed, 0);
	assert_back(f, &rec, back);
	plan_free(back);
	want_free(want);
	inventory_free(inv);
	record_done(&rec);
}
