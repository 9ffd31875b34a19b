/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors on their way to a person: also those that are too long. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

#define MARK "…"

static void set_and_prefix(void **state _unused_)
{
	struct err e = { "old" };

	assert_int_equal(err_set(&e, -ENODEV, "%s %d", "vf", 3), -ENODEV);
	assert_string_equal(e.text, "vf 3");
	assert_int_equal(err_prefix(&e, 5, "%s", "0000:01:00.0"), 5);
	assert_string_equal(e.text, "0000:01:00.0: vf 3");
	assert_int_equal(err_set(NULL, -EIO, "%s", "x"), -EIO);
	assert_int_equal(err_prefix(NULL, -EIO, "%s", "x"), -EIO);
}

static void names(void **state _unused_)
{
	assert_string_equal(err_name(-ENODEV), "No such device (ENODEV)");
	assert_string_equal(err_name(ENODEV), "No such device (ENODEV)");
	assert_string_equal(err_name(-4000), "Unknown error 4000 (unknown errno)");
}

/* N bytes, then as many times "ü" as make it at least LEN bytes. */
static void fill(char *text, size_t n, size_t len)
{
	memset(text, 'x', n);
	for (; n < len; n += 2)
		memcpy(text + n, "ü", 2);
	text[n] = '\0';
}

/* TEXT, but for its end that is a mark, is the beginning of WHOLE, and ends with no half "ü". */
static void expect_cut(const char *text, const char *whole, size_t size)
{
	size_t len = strlen(text), kept = len - strlen(MARK);

	assert_true(len < size && len + 3 > size - 1);
	assert_string_equal(text + kept, MARK);
	assert_memory_equal(text, whole, kept);
	assert_true((whole[kept] & 0xc0) != 0x80);
}

static void cut(void **state _unused_)
{
	struct err e = { "" };
	char text[2 * sizeof(e.text)];

	fill(text, sizeof(e.text) - 1, 0);
	err_set(&e, -1, "%s", text);
	assert_string_equal(e.text, text);
	for (size_t n = sizeof(e.text) - 8; n <= sizeof(e.text); n++) {
		fill(text, n, sizeof(e.text) + 1);
		err_set(&e, -1, "%s", text);
		expect_cut(e.text, text, sizeof(e.text));
	}
}

/* What is outside may be a path of any length: what is wrong is told all the same. */
static void cut_prefix(void **state _unused_)
{
	char text[1024], *end;
	struct err e;

	for (size_t n = 190; n <= 200; n++) {
		fill(text, n, 1000);
		e = (struct err){ "no such file" };
		err_prefix(&e, -1, "%s", text);
		end = strstr(e.text, ": no such file");
		assert_non_null(end);
		assert_string_equal(end, ": no such file");
		*end = '\0';
		expect_cut(e.text, text, 200);
	}
	fill(text, sizeof(e.text) - 1, 0);
	memcpy(e.text, text, sizeof(e.text));
	err_prefix(&e, -1, "path");
	assert_memory_equal(e.text, "path: xxx", 9);
	expect_cut(e.text + 6, text, sizeof(e.text) - 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_and_prefix),
		cmocka_unit_test(names),
		cmocka_unit_test(cut),
		cmocka_unit_test(cut_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
