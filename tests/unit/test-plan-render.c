/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `plan` prints, and that `apply` can print the very same lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture-plan.h"
#include "golden.h"
#include "render/plan.h"

static void check(struct plan *p, const char *text, const char *json)
{
	_cleanup_(buf_done) struct buf t = { 0 }, j = { 0 };

	plan_text(&t, p);
	golden_check(text, buf_text(&t));
	plan_json(&j, p, NULL);
	golden_check(json, buf_text(&j));
	plan_free(p);
}

static void test_host(void **state)
{
	(void)state;
	check(fixture_plan_host(), "plan.txt", "plan.json");
}

static void test_destroy(void **state)
{
	struct plan *p = fixture_plan(1);
	struct step *s;

	(void)state;
	s = fixture_step(p, 0,
		step_make(STEP_VFS_REMOVE, -1, (union vf_value){ .n = 4 },
			(union vf_value){ .n = 0 }));
	s->effect = STEP_DESTROYS_VFS;
	s->used = "vf 0 (0000:01:10.0) is in use: open in a VFIO user, most likely a guest";
	p->pfs[0].netdev = NULL;
	check(p, "plan-destroy.txt", "plan-destroy.json");
}

/* The host's own files, and names of interfaces. */
static void test_files(void **state)
{
	(void)state;
	check(fixture_plan_files(), "plan-files.txt", "plan-files.json");
}

static void test_nothing(void **state)
{
	(void)state;
	check(fixture_plan(1), "plan-nothing.txt", "plan-nothing.json");
	check(fixture_plan(0), "plan-empty.txt", "plan-empty.json");
}

static void check_lines(struct plan *p)
{
	_cleanup_(buf_done) struct buf all = { 0 }, one = { 0 };
	const char *at;

	plan_text(&all, p);
	at = buf_text(&all);
	for (size_t i = 0; i < p->n_pfs; i++) {
		at += strcspn(at, "\n") + 1;
		for (size_t k = 0; k < p->pfs[i].n_steps; k++) {
			one.len = 0;
			plan_step_line(&one, &p->pfs[i], &p->pfs[i].steps[k]);
			assert_memory_equal(at, buf_text(&one), one.len);
			at += one.len;
		}
	}
	assert_string_equal(at, "");
	plan_free(p);
}

/* The plan's lines are those of plan_step_line() and nothing else. */
static void test_lines(void **state)
{
	(void)state;
	check_lines(fixture_plan_host());
	check_lines(fixture_plan_files());
}

static void check_name(const char *netdev, const char *driver, const char *want)
{
	const struct plan_pf pf = { .netdev = netdev, .driver = driver };
	_cleanup_(buf_done) struct buf b = { 0 };

	plan_pf_name(&b, &pf);
	assert_string_equal(buf_text(&b), want);
}

static void test_names(void **state)
{
	(void)state;
	check_name("eth0", "igb", "0000:00:00.0 (eth0, igb)");
	check_name(NULL, "nvme", "0000:00:00.0 (nvme)");
	check_name("eth0", NULL, "0000:00:00.0 (eth0)");
	check_name(NULL, NULL, "0000:00:00.0");
	check_name("\033c", "igb\n", "0000:00:00.0 (\\x1bc, igb\\x0a)");
}

static void test_host_name(void **state)
{
	const struct plan_pf host = { .host = true, .addr = { .domain = UINT32_MAX } };
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	plan_pf_name(&b, &host);
	assert_string_equal(buf_text(&b), "host");
}

static void check_value(struct step s, bool after, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 }, all = { 0 };
	struct jsonout *j = jsonout_new();

	plan_value_json(j, "v", &s, after);
	jsonout_finish(j, &b);
	buf_addf(&all, "{\n    \"version\": 1,\n    \"v\": %s\n}\n", want);
	assert_string_equal(buf_text(&b), buf_text(&all));
}

/* Values have the type that the policy has for them. */
static void test_values(void **state)
{
	const union vf_value none = { 0 }, one = { .n = 1 }, name = { .s = "igbvf" };

	(void)state;
	check_value(step_attr(VF_SPOOFCHK, 0, 0), true, "false");
	check_value(step_attr(VF_SPOOFCHK, 0, 0), false, "null");
	check_value(step_attr(VF_MAX_TX_RATE, 0, UINT32_MAX), true, "4294967295");
	check_value(step_attr(VF_LINK_STATE, 0, 2), true, "\"disable\"");
	check_value(step_attr(VF_MAC, 0, 0x0200000000ff), true, "\"02:00:00:00:00:ff\"");
	check_value(step_make(STEP_PF_UP, -1, none, one), false, "false");
	check_value(step_make(STEP_VFS_CREATE, -1, none, one), true, "1");
	check_value(step_make(STEP_VF_BIND, 0, none, name), false, "null");
	check_value(step_make(STEP_VF_BIND, 0, none, name), true, "\"igbvf\"");
	check_value(step_make(STEP_VF_NAME, 0, none, name), false, "null");
	check_value(step_make(STEP_VF_NAME, 0, none, name), true, "\"igbvf\"");
	check_value(step_file(GENFILE_UDEV, NULL, "a\n"), false, "null");
	check_value(step_file(GENFILE_UDEV, NULL, "\"a\"\n"), true, "\"\\\"a\\\"\\n\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_destroy),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_host_name),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
