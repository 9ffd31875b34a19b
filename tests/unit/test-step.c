/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a step is called: its line, its values, its names for people and for programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/step.h"

static struct step name_step(const char *before, const char *after)
{
	return step_make(
		STEP_VF_NAME, 3, (union vf_value){ .s = before }, (union vf_value){ .s = after });
}

static void assert_text(struct step s, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	step_text(&b, &s);
	assert_string_equal(buf_text(&b), want);
}

static void assert_values(struct step s, const char *before, const char *after)
{
	_cleanup_(buf_done) struct buf b = { 0 }, a = { 0 };

	step_value_text(&b, &s, false);
	step_value_text(&a, &s, true);
	assert_string_equal(buf_text(&b), before);
	assert_string_equal(buf_text(&a), after);
}

static void test_name(void **state)
{
	(void)state;
	assert_text(name_step(NULL, "lxc3"), "vf 3 name its interface lxc3");
	assert_text(name_step("enp1s0v3", "lxc3"), "vf 3 name its interface lxc3 (was enp1s0v3)");
	assert_values(name_step("enp1s0v3", "lxc3"), "enp1s0v3", "lxc3");
	assert_values(name_step(NULL, "lxc3"), "none", "lxc3");
}

/* A text is told by what sha256sum prints of it, first of all: whether it is the same one. */
static void test_file(void **state)
{
	(void)state;
	assert_text(step_file(GENFILE_UDEV, NULL, "abc"),
		"write /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service if it "
		"runs");
	assert_text(step_file(GENFILE_NETWORKMANAGER, "abc", ""),
		"write /run/NetworkManager/conf.d/90-sriovctl.conf, reload NetworkManager.service "
		"if it runs");
	assert_text(step_file(GENFILE_NETWORKD, "abc", NULL),
		"remove /run/systemd/network/05-sriovctl.network, reload systemd-networkd.service "
		"if it runs");
	assert_values(step_file(GENFILE_UDEV, NULL, "abc"), "none", "sha256 ba7816bf");
	assert_values(step_file(GENFILE_UDEV, "abc", NULL), "sha256 ba7816bf", "none");
	assert_values(step_file(GENFILE_UDEV, "", "abc"), "sha256 e3b0c442", "sha256 ba7816bf");
}

/* Files come first, one after the other; names are given behind all that binds. */
static void test_order(void **state)
{
	const union vf_value one = { .n = 1 }, driver = { .s = "igbvf" }, none = { 0 };
	const struct step order[] = {
		step_file(GENFILE_UDEV, NULL, "a"),
		step_file(GENFILE_NETWORKMANAGER, NULL, "a"),
		step_file(GENFILE_NETWORKD, "a", NULL),
		step_make(STEP_PF_UP, -1, none, one),
		step_make(STEP_VF_BIND, 4, none, driver),
		step_make(STEP_VF_NAME, 0, none, (union vf_value){ .s = "a" }),
		step_make(STEP_VF_NAME, 1, none, (union vf_value){ .s = "a" }),
		step_attr(VF_MAX_TX_RATE, 0, 1),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		for (size_t k = 0; k < ARRAY_SIZE(order); k++) {
			int r = step_cmp(&order[i], &order[k]);

			assert_int_equal((r > 0) - (r < 0), (i > k) - (i < k));
		}
}

static void test_fields(void **state)
{
	const struct step name = name_step(NULL, "a");

	(void)state;
	assert_string_equal(step_field(&name), "name");
	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		const struct step s = step_file(f, NULL, "a");

		assert_string_equal(step_field(&s), genfile(f)->path);
		assert_int_equal(s.file, f);
	}
}

/* The record and other programs know each kind by a word of its own. */
static void test_kinds(void **state)
{
	(void)state;
	assert_string_equal(step_kind_name(STEP_VF_NAME), "name");
	assert_string_equal(step_kind_name(STEP_FILE), "file");
	for (enum step_kind k = 0; k < _STEP_KIND_MAX; k++)
		assert_int_equal(step_kind_by_name(step_kind_name(k)), k);
	assert_int_equal(step_kind_by_name("files"), _STEP_KIND_MAX);
	assert_true(step_kind_is_text(STEP_VF_NAME) && step_kind_is_text(STEP_FILE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
