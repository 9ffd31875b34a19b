/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy's JSON Schema has all that the parser knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/policy-shape.h"
#include "render/schema.h"

/* Whoever adds a key says what its value looks like. */
static void test_every_key_has_a_shape(void **state _unused_)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct policy_key_row row;

	schema_json(&b);
	for (unsigned i = 0; policy_key_row(i, &row); i++) {
		struct policy_shape shape = policy_shape(&row);
		char quoted[64];

		if (shape.kind == SHAPE_NONE || !shape.help)
			fail_msg("%s: core/policy-shape.c has nothing of it", row.name);
		snprintf(quoted, sizeof(quoted), "\"%s\": ", row.name);
		assert_non_null(strstr(buf_text(&b), quoted));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_key_has_a_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
