/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Libraries that are opened when they are needed: one that is there, and what is said of others. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include <cmocka.h>

#include "base/library.h"

#define LIBC "libc.so.6"

struct api {
	size_t (*length)(const char *s);
	ssize_t (*random)(void *buf, size_t size, unsigned flags);
};

static void test_open(void **state _unused_)
{
	static const struct library_function f[] = { { "strlen", offsetof(struct api, length) },
		{ "getrandom", offsetof(struct api, random) } };
	struct api api = { 0 };
	unsigned char byte;

	assert_int_equal(library_open(LIBC, f, ARRAY_SIZE(f), &api, NULL), 0);
	assert_int_equal(api.length("four"), 4);
	assert_int_equal(api.random(&byte, 1, 0), 1);
}

static void test_not_there(void **state _unused_)
{
	static const struct library_function f[] = { { "strlen", offsetof(struct api, length) } };
	struct api api = { 0 };
	struct err e = { 0 };

	assert_int_equal(library_open("libsriovctl-test.so.9", f, 1, &api, &e), -ENOPKG);
	assert_non_null(strstr(e.text, "the library libsriovctl-test.so.9 cannot be used: "));
	assert_null(api.length);
}

static void test_lacks(void **state _unused_)
{
	static const struct library_function f[] = { { "strlen", offsetof(struct api, length) },
		{ "sriovctl_is_not_in_it", offsetof(struct api, random) } };
	struct api api = { 0 };
	struct err e = { 0 };

	assert_int_equal(library_open(LIBC, f, ARRAY_SIZE(f), &api, &e), -ENOPKG);
	assert_non_null(strstr(e.text, "sriovctl_is_not_in_it"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
