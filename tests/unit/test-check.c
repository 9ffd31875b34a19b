/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every check both ways: on a host that is fine each passes, and for each there is at least one
 * fault that it tells, with the next thing to do. A check that no case makes fail is a defect.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check-faults.h"
#include "core/check.h"
#include "core/snapshot.h"
#include "host/host.h"
#include "render/check.h"
#include "render/snapshot.h"
#include "sysfstree.h"

/* --- a run ------------------------------------------------------------------------------------ */

/* What a report points into. */
struct run {
	int root;
	struct host *host;
	struct inventory *inv;
	struct policy *policy;
	struct want *want;
	struct plan *plan;
	struct diag invalid, unfit;
	struct check_report *report;
};

static char *read_tree(void)
{
	static char text[65536];
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/sysfs/check.tree", getenv("TEST_DATA"));
	f = fopen(path, "re");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return text;
}

static void read_policy(struct run *r, const char *text)
{
	r->policy = policy_new();
	policy_parse(r->policy, "p.json", text, strlen(text), &r->invalid);
	policy_check(r->policy, &r->invalid);
	if (r->invalid.n)
		return;
	r->want = want_make(r->policy, r->inv, &r->unfit);
	r->plan = plan_make(r->want, r->inv);
}

/* Judges the host in R. */
static void judge(struct run *r, const char *policy)
{
	struct check_input in = { .policy_read = *policy != '\0' };

	if (*policy)
		read_policy(r, policy);
	in.inv = r->inv;
	in.invalid = &r->invalid;
	in.unfit = &r->unfit;
	in.policy = r->invalid.n ? NULL : r->policy;
	in.want = r->want;
	in.plan = r->plan;
	r->report = check_run(&in);
}

static void forget(struct run *r)
{
	check_report_free(r->report);
	plan_free(r->plan);
	want_free(r->want);
	diag_done(&r->invalid);
	diag_done(&r->unfit);
	policy_free(r->policy);
	inventory_free(r->inv);
}

/* The host's snapshot is judged as the host. */
static void expect_same_elsewhere(const struct run *r, const char *policy)
{
	_cleanup_(buf_done) struct buf text = { 0 }, here = { 0 }, there = { 0 };
	_cleanup_(diag_done) struct diag d = { 0 };
	struct run again = { 0 };

	snapshot_text(&text, r->inv, "1");
	if (snapshot_read("s.json", buf_text(&text), text.len, &again.inv, &d) < 0)
		fail_msg("%s: %s", d.problems[0].place.pointer, d.problems[0].text);
	judge(&again, policy);
	checks_json(&here, r->report, "");
	checks_json(&there, again.report, "");
	assert_string_equal(buf_text(&here), buf_text(&there));
	forget(&again);
}

static void run_begin(struct run *r, const char *lines, const char *policy)
{
	_cleanup_(buf_done) struct buf tree = { 0 };
	struct err e = { "" };

	*r = (struct run){ 0 };
	buf_addf(&tree, "%s\n%s", read_tree(), lines);
	r->root = sysfstree_build(buf_text(&tree));
	assert_int_equal(host_open_dir(sysfstree_path(r->root), &r->host, &e), 0);
	assert_int_equal(
		r->host->ops->scan(r->host, SCAN_FIT | SCAN_CHECK | SCAN_USERS, &r->inv, &e), 0);
	judge(r, policy);
	expect_same_elsewhere(r, policy);
}

static void run_end(struct run *r)
{
	forget(r);
	r->host->ops->close(r->host);
	sysfstree_remove(r->root);
}

static void print_results(const struct check_report *r, const char *check)
{
	for (size_t i = 0; i < r->n; i++)
		if (!check || strcmp(r->results[i].row->id, check) == 0)
			print_message("  %s %s [%s] %s:%u: %s\n    next: %s\n",
				check_verdict_name(r->results[i].verdict), r->results[i].row->id,
				r->results[i].device, r->results[i].file, r->results[i].line,
				r->results[i].text, r->results[i].next);
}

/* --- the host that is fine -------------------------------------------------------------------- */

/* Each check gives exactly one result, and that is PASS. */
static void test_good_host(void **state)
{
	const struct check_row *rows;
	size_t n = check_rows(&rows);
	struct run r;

	(void)state;
	run_begin(&r, "", CHECK_GOOD_POLICY);
	print_results(r.report, r.report->count[CHECK_PASS] == n ? "" : NULL);
	assert_int_equal(r.report->n, n);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(r.report->results[i].row, &rows[i]);
		assert_int_equal(r.report->results[i].verdict, CHECK_PASS);
		assert_true(*r.report->results[i].text);
		assert_null(r.report->results[i].next);
	}
	assert_int_equal(r.report->count[CHECK_PASS], n);
	run_end(&r);
}

/* --- the faults ------------------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool has(const char *s, const char *part)
{
	return part ? s && strstr(s, part) : !s;
}

static bool is_told(const struct check_report *r, const struct fault *f)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct check_result *x = &r->results[i];

		if (strcmp(x->row->id, f->check) == 0 && x->verdict == f->verdict &&
			same(x->device, f->device) && same(x->file, f->file) &&
			x->line == f->line && has(x->text, f->text) && has(x->next, f->next))
			return true;
	}
	return false;
}

/* What has a next step is no PASS, and what is wrong has one. */
static void check_next_steps(const struct check_report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct check_result *x = &r->results[i];

		if (x->verdict == CHECK_WARN || x->verdict == CHECK_FAIL)
			assert_true(x->next && *x->next);
		else
			assert_null(x->next);
	}
}

static void test_faults(void **state)
{
	size_t missed = 0;

	(void)state;
	for (size_t i = 0; i < n_faults; i++) {
		const struct fault *f = &faults[i];
		struct run r;

		run_begin(&r, f->lines, f->policy ? f->policy : CHECK_GOOD_POLICY);
		check_next_steps(r.report);
		if (!is_told(r.report, f)) {
			missed++;
			print_message("not told: %s: %s\n  text: %s\n  next: %s\nbut:\n", f->check,
				f->lines, f->text, f->next);
			print_results(r.report, f->check);
		}
		run_end(&r);
	}
	assert_int_equal(missed, 0);
}

static unsigned count(const struct check_report *r, const char *check, enum check_verdict v)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += strcmp(r->results[i].row->id, check) == 0 && r->results[i].verdict == v;
	return n;
}

/* The PF is not in what is wanted then, and the check for drivers knows the name all the same. */
static void test_no_such_driver(void **state _unused_)
{
	struct run r = { 0 };
	struct err e = { "" };

	r.root = sysfstree_build(read_tree());
	assert_int_equal(host_open_dir(sysfstree_path(r.root), &r.host, &e), 0);
	assert_int_equal(
		r.host->ops->scan(r.host, SCAN_FIT | SCAN_CHECK | SCAN_USERS, &r.inv, &e), 0);
	assert_int_equal(r.host->ops->find_module(r.host, "vfoi-pci"), MODULE_UNKNOWN);
	r.inv->offline = false;
	facts_set_module(&r.inv->facts, r.inv->strings, "vfoi-pci", MODULE_ABSENT);
	judge(&r, "{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, "
		  "\"vfs\": 2, "
		  "\"defaults\": {\"driver\": \"igbvf\"}, \"vf\": {\"1\": {\"driver\": "
		  "\"vfoi-pci\"}}}]}");
	assert_int_equal(r.want->n_pfs, 0);
	assert_int_equal(count(r.report, "host-fits", CHECK_FAIL), 1);
	assert_int_equal(count(r.report, "driver-modules", CHECK_FAIL), 1);
	assert_int_equal(count(r.report, "driver-modules", CHECK_PASS), 0);
	run_end(&r);
}

/* There is a case with WARN or FAIL for each row of the table. */
static void test_all_can_fail(void **state)
{
	const struct check_row *rows;
	size_t n = check_rows(&rows), missing = 0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		for (size_t k = 0; k < n_faults; k++)
			found |= strcmp(faults[k].check, rows[i].id) == 0 &&
				 (faults[k].verdict == CHECK_WARN ||
					 faults[k].verdict == CHECK_FAIL);
		if (!found)
			print_message("no case makes this check fail: %s\n", rows[i].id);
		missing += !found;
	}
	assert_int_equal(missing, 0);
}

/* Names are words that programs compare, and none is there twice. */
static void test_names(void **state)
{
	const struct check_row *rows;
	size_t n = check_rows(&rows);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_true(*rows[i].title);
		assert_int_equal(
			strspn(rows[i].id, "abcdefghijklmnopqrstuvwxyz-"), strlen(rows[i].id));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rows[i].id, rows[k].id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_host),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_no_such_driver),
		cmocka_unit_test(test_all_can_fail),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
