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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
