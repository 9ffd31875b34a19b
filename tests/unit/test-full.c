/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs whose record cannot be written: the file system is full, at whatever byte, or somebody else
 * has the PF. What is not recorded is not done.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "apply/apply.h"
#include "attempt.h"
#include "core/undo.h"
#include "fakehost.h"
#include "rmtree.h"

static const char policy[] =
	"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, \"vfs\": 3, "
	"\"defaults\": {\"driver\": \"vfio-pci\", \"trust\": true}, "
	"\"vf\": {\"2\": {\"driver\": \"host\", \"vlan\": 100, \"max_tx_rate\": 500}}}]}";

/* --- a run ------------------------------------------------------------------------------------ */

/* How it went. */
struct result {
	size_t failed, done;
	int code; /* of the first step that failed */
	char text[600];
};

static void told(void *arg, const struct plan_pf *pf _unused_, const struct step *s _unused_,
	const struct worker_report *rep)
{
	struct result *r = arg;

	r->done += rep->outcome == OUTCOME_DONE;
	if (rep->outcome != OUTCOME_FAILED)
		return;
	if (!r->failed++) {
		r->code = rep->result.code;
		strcpy(r->text, rep->result.err.text);
	}
}

static struct result run(struct fakehost *f, const char *dir, const struct plan *p)
{
	struct apply_counts c = { 0 };
	struct record_dir d = { -1, -1 };
	struct result r = { 0 };
	struct err e = { "" };

	assert_int_equal(record_open(dir, 5000, &d, &e), 0);
	assert_int_equal(
		apply_run(&f->host, p, &d, (struct apply_limits){ 20000, 20000 }, told, &r, &c, &e),
		0);
	assert_int_equal(c.pfs_failed, r.failed > 0);
	free(c.pf_failed);
	record_close(&d);
	return r;
}

/* Plans the policy as `apply` does: with what the record says of runs before. */
static void make_plan(struct attempt *a, struct fakehost *f, const char *dir, struct record *rec)
{
	attempt_plan(a, policy, &f->host);
	assert_int_equal(a->problems.n, 0);
	assert_int_equal(record_read(dir, rec, NULL), 0);
	undo_recall(a->want, rec->entries, rec->n, a->inv);
	plan_free(a->plan);
	a->plan = plan_make(a->want, a->inv);
}

static struct result apply(struct fakehost *f, const char *dir)
{
	struct record rec;
	struct attempt a;
	struct result r;

	make_plan(&a, f, dir, &rec);
	r = run(f, dir, a.plan);
	attempt_done(&a);
	record_done(&rec);
	return r;
}

static void assert_in_sync(struct fakehost *f, const char *dir)
{
	struct record rec;
	struct attempt a;

	make_plan(&a, f, dir, &rec);
	assert_int_equal(plan_size(a.plan), 0);
	attempt_done(&a);
	record_done(&rec);
}

/* As `reset` does. */
static void undo(struct fakehost *f, const char *dir)
{
	_cleanup_(buf_done) struct buf left = { 0 };
	struct inventory *inv = NULL;
	struct record rec;
	struct want *want;
	struct plan *p;

	assert_int_equal(record_read(dir, &rec, NULL), 0);
	assert_int_equal(f->host.ops->scan(&f->host, 0, &inv, NULL), 0);
	want = undo_make(rec.entries, rec.n, inv, &left);
	p = plan_make(want, inv);
	assert_int_equal(run(f, dir, p).failed, 0);
	assert_string_equal(buf_text(&left), "");
	plan_free(p);
	want_free(want);
	record_done(&rec);
	inventory_free(inv);
}

static void make_dir(char dir[static 32])
{
	strcpy(dir, "/tmp/test-full.XXXXXX");
	assert_non_null(mkdtemp(dir));
}

static void remove_dir(const char *dir)
{
	assert_int_equal(rmtree(AT_FDCWD, dir), 0);
}

/* Files can grow to SIZE bytes until further notice. */
static void limit(rlim_t size)
{
	struct rlimit l;

	signal(SIGXFSZ, SIG_IGN);
	/* A worker that counts lines for tests/coverage must not cut its counters short. */
	if (size == RLIM_INFINITY)
		unsetenv("GCOV_PREFIX");
	else
		setenv("GCOV_PREFIX", "/dev/null", 1);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

/* --- tests ------------------------------------------------------------------------------------ */

/* One run with room for SIZE bytes of record; whether that was enough. */
static bool try_size(rlim_t size, bool then_undo)
{
	struct fakehost *f = fake_new(1);
	struct result r;
	char dir[32];

	make_dir(dir);
	limit(size);
	r = apply(f, dir);
	limit(RLIM_INFINITY);
	if (r.failed) {
		assert_true(r.code == -EFBIG || r.code == -EIO);
		assert_non_null(strstr(r.text, "could not undo it"));
	}
	assert_true(f->pf[0].autoprobe); /* off would be left behind for good */
	if (then_undo) {
		undo(f, dir);
		assert_int_equal(f->pf[0].n, 0);
		assert_true(f->pf[0].autoprobe);
	} else {
		assert_int_equal(apply(f, dir).failed, 0);
		assert_in_sync(f, dir);
	}
	remove_dir(dir);
	fake_free(f);
	return r.failed == 0;
}

/* From wherever it was that the record ended, apply goes on and reset goes back. */
static void test_full(void **state _unused_)
{
	unsigned tries = 0;

	/* The lock takes a few bytes, too. */
	for (rlim_t size = 16; !try_size(size, tries % 2 == 1); size += 37)
		tries++;
	assert_true(tries > 20);
}

/* Nothing at all could be recorded, so nothing at all is done. */
static void test_not_a_byte(void **state _unused_)
{
	struct fakehost *f = fake_new(1), *before = fake_new(1);
	_cleanup_(buf_done) struct buf diff = { 0 };
	struct result r;
	char dir[32];

	make_dir(dir);
	limit(0);
	r = apply(f, dir);
	limit(RLIM_INFINITY);
	assert_true(r.failed == 1 && r.done == 0 && r.code == -EFBIG);
	assert_int_equal(f->writes, 0);
	fake_diff(f, before, &diff);
	assert_string_equal(buf_text(&diff), "");
	remove_dir(dir);
	fake_free(before);
	fake_free(f);
}

/* A worker of an earlier run still has the PF. */
static void test_not_ours(void **state _unused_)
{
	static const struct pciaddr pf = { 0, 1, 0 };
	struct fakehost *f = fake_new(1);
	struct record_dir d;
	struct result r;
	char dir[32];
	int held;

	make_dir(dir);
	assert_int_equal(record_open(dir, 0, &d, NULL), 0);
	held = record_begin(&d, pf, NULL);
	assert_true(held >= 0);
	record_close(&d);
	r = apply(f, dir);
	close(held);
	assert_true(r.failed > 0 && r.done == 0 && r.code == -EBUSY);

	assert_int_equal(f->writes, 0);
	assert_int_equal(apply(f, dir).failed, 0);
	assert_in_sync(f, dir);
	remove_dir(dir);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_not_a_byte),
		cmocka_unit_test(test_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
