/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `status` makes of a plan: one row per field that differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture-plan.h"
#include "golden.h"
#include "render/status.h"

static void check(struct plan *p, const char *text, const char *json)
{
	_cleanup_(buf_done) struct buf t = { 0 }, j = { 0 };

	status_text(&t, p, (struct screen){ 0 });
	golden_check(text, buf_text(&t));
	status_json(&j, p, NULL);
	golden_check(json, buf_text(&j));
	plan_free(p);
}

static void check_text(const struct plan *p, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	status_text(&b, p, (struct screen){ 0 });
	assert_string_equal(buf_text(&b), want);
}

static void test_host(void **state)
{
	(void)state;
	check(fixture_plan_host(), "status.txt", "status.json");
}

static void test_files(void **state)
{
	(void)state;
	check(fixture_plan_files(), "status-files.txt", "status-files.json");
}

static void test_in_sync(void **state)
{
	struct plan *p = fixture_plan(2);

	(void)state;
	assert_true(status_in_sync(p));
	check(p, "status-in-sync.txt", "status-in-sync.json");
	check(fixture_plan(0), "status-empty.txt", "status-empty.json");
}

/* 4 VFs go, 8 come: one row, from the first step's before to the last one's after; of what VFs have
 * now, the steps for the new ones know nothing. */
static void test_merged(void **state)
{
	const union vf_value none = { 0 }, four = { .n = 4 }, eight = { .n = 8 };
	struct plan *p = fixture_plan(1);

	(void)state;
	fixture_step(p, 0, step_make(STEP_VFS_REMOVE, -1, four, none));
	fixture_step(p, 0, step_make(STEP_VFS_CREATE, -1, none, eight));
	fixture_step(p, 0, step_attr(VF_MAC, 0, 0x020000000001));
	assert_false(status_in_sync(p));
	check_text(p, "PF            VF  FIELD  WANT  HAVE\n"
		      "0000:01:00.0   -  vfs    8     4\n");
	plan_free(p);
}

/* Autoprobe that is off for a while is no difference; alone, it is told in words. */
static void test_pause(void **state)
{
	const union vf_value off = { 0 }, on = { .n = 1 };
	struct plan *p = fixture_plan(1);

	(void)state;
	fixture_step(p, 0, step_make(STEP_AUTOPROBE, -1, on, off));
	fixture_step(p, 0, step_make(STEP_AUTOPROBE, -1, off, on));
	assert_false(status_in_sync(p));
	check_text(p, "0000:01:00.0 (enp1s0f0, igb): no field differs, but 2 steps to do\n");
	plan_free(p);
}

/* A driver that lets go and takes the VF again is no difference; its MAC is. */
static void test_bound_again(void **state)
{
	const union vf_value none = { 0 }, igbvf = { .s = "igbvf" };
	struct plan *p = fixture_plan(1);

	(void)state;
	fixture_step(p, 0, step_make(STEP_VF_UNBIND, 3, igbvf, none));
	fixture_step(p, 0, step_attr(VF_MAC, 3, 0x020000000003));
	fixture_step(p, 0, step_make(STEP_VF_BIND, 3, none, igbvf));
	check_text(p, "PF            VF  FIELD  WANT               HAVE\n"
		      "0000:01:00.0   3  mac    02:00:00:00:00:03  not reported\n");
	plan_free(p);
}

/* A file that is right, and its reader does not know: no difference, and something to do. */
static void test_not_loaded(void **state)
{
	static const char text[] = "a", same[] = "a";
	static const struct inventory now = { .files = { [GENFILE_UDEV] = { text, false } } };
	struct plan *p = fixture_plan(0);

	(void)state;
	plan_add_files(p, &now, (const char *const[_GENFILE_MAX]){ same }, true);
	assert_false(status_in_sync(p));
	check_text(p, "host: no field differs, but 1 steps to do\n");
	plan_free(p);
}

/* Rows are by VF, then in the order of the plan, however many there are. */
static void test_many(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct plan *p = fixture_plan(1);
	const char *at;

	(void)state;
	for (unsigned vf = 0; vf < 4096; vf++)
		fixture_step(p, 0, step_attr(VF_MAC, (int)vf, 0x020000000000 + vf));
	for (unsigned vf = 0; vf < 4096; vf++)
		fixture_step(p, 0, step_attr(VF_MAX_TX_RATE, (int)vf, 100 + vf));
	status_text(&b, p, (struct screen){ 0 });
	at = strchr(buf_text(&b), '\n') + 1;
	for (unsigned vf = 0; vf < 4096; vf++) {
		unsigned got = 0, rate = 0;
		char mac[18];

		assert_int_equal(sscanf(at, "0000:01:00.0 %u mac %17s unknown", &got, mac), 2);
		assert_int_equal(got, vf);
		at = strchr(at, '\n') + 1;
		assert_int_equal(
			sscanf(at, "0000:01:00.0 %u max_tx_rate %u unknown", &got, &rate), 2);
		assert_int_equal(got, vf);
		assert_int_equal(rate, 100 + vf);
		at = strchr(at, '\n') + 1;
	}
	assert_string_equal(at, "");
	plan_free(p);
}

static void test_colour(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct plan *p = fixture_plan(1);

	(void)state;
	fixture_step(p, 0, step_attr(VF_TRUST, 0, 1));
	status_text(&b, p, (struct screen){ .colour = true });
	assert_non_null(strstr(buf_text(&b), "\033[31mnot reported\033[0m\n"));
	plan_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_in_sync),
		cmocka_unit_test(test_merged),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_bound_again),
		cmocka_unit_test(test_not_loaded),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_colour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
