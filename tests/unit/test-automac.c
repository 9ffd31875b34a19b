/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The published function: a value that `printf … | sha256sum` gives, and its properties. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/automac.h"

/* printf 'sriovctl mac 1 52:54:00:11:22:33 0' | sha256sum: the test vector of sriovctl-policy(5).
 */
static void test_vector(void **state)
{
	(void)state;
	assert_string_equal(macaddr_text(automac(0x525400112233, 0)).s, "4e:14:0b:bd:09:95");
	assert_string_equal(macaddr_text(automac(0x525400112233, 1)).s, "6a:48:54:e7:a2:7e");
	assert_string_equal(macaddr_text(automac(0x525400112234, 0)).s, "86:2c:fd:aa:4f:5f");
}

static int mac_cmp(const void *a, const void *b)
{
	const macaddr *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void test_properties(void **state)
{
	enum { PFS = 16, VFS = 256 };
	static macaddr all[PFS * VFS];

	(void)state;
	for (unsigned p = 0; p < PFS; p++)
		for (unsigned v = 0; v < VFS; v++) {
			macaddr m = automac(0x3cecef000000 + p, v);

			assert_true(macaddr_is_usable(m));
			assert_int_equal(m >> 40 & 3, 2); /* locally administered, unicast */
			all[p * VFS + v] = m;
		}
	qsort(all, PFS * VFS, sizeof(*all), mac_cmp);
	for (size_t i = 1; i < PFS * VFS; i++)
		assert_true(all[i] != all[i - 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vector),
		cmocka_unit_test(test_properties),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
