/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of strings in many places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "base/util.h"

static void same_text(void **state _unused_)
{
	const char igb[] = "igb", other_igb[] = "igb";

	assert_true(str_is(igb, other_igb));
	assert_true(str_is("", ""));
	assert_true(str_is(NULL, NULL));
	assert_false(str_is("igb", "igbvf"));
	assert_false(str_is("igbvf", "igb"));
	assert_false(str_is(NULL, ""));
	assert_false(str_is("", NULL));
}

static void numbers(void **state _unused_)
{
	assert_int_equal(str_number("nvme0", "nvme"), 0);
	assert_int_equal(str_number("nvme12", "nvme"), 12);
	assert_int_equal(str_number("nvme007", "nvme"), 7);
	assert_int_equal(str_number("42", ""), 42);
	assert_int_equal(str_number("2147483647", ""), INT32_MAX);
}

/* Names that are something else: a namespace, a channel to one, a subsystem, … */
static void no_numbers(void **state _unused_)
{
	static const char *const names[] = { "", "nvm", "nvme", "nvme0n1", "nvme0c0n1", "nvme-0",
		"nvme+1", "nvme 1", "nvme1 ", "nvme1\n", "nvme0x1", "nvme-subsys0", "xnvme0",
		"nvme2147483648", "nvme4294967296", "nvme9999999999", "nvme18446744073709551616",
		"nvme00000000001" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(str_number(names[i], "nvme"), -1);
	assert_int_equal(str_number("", ""), -1);
	assert_int_equal(str_number("1", "11"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_text),
		cmocka_unit_test(numbers),
		cmocka_unit_test(no_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
