/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems as text and as JSON, and the quoting of what they repeat. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/quote.h"
#include "render/problems.h"

static void assert_text(struct place place, const char *text, const char *line)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf b = { 0 };

	diag_add(&d, place, -1, "%s", text);
	problem_text(&b, &d.problems[0]);
	assert_string_equal(buf_text(&b), line);
}

static void test_text(void **state)
{
	assert_text((struct place){ "policy.json", "/pfs/0/vf/3/vlan", 14, 22 },
		"5000 is not in 0..4094",
		"policy.json:14:22: /pfs/0/vf/3/vlan: 5000 is not in 0..4094");
	assert_text((struct place){ "p", "", 1, 2 }, "not JSON", "p:1:2: not JSON");
	assert_text((struct place){ "p", "", 0, 0 }, "does not exist", "p: does not exist");
	assert_text((struct place){ "", "", 0, 0 }, "x", "x");
	assert_text((struct place){ "a\033b", "/\233", 1, 1 }, "\r", "a\\x1bb:1:1: /\\x9b: \\x0d");
	(void)state;
}

static void test_json(void **state)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf b = { 0 };

	diag_add(&d, (struct place){ "p.json", "/pfs", 2, 3 }, -1, "is \"bad\"");
	diag_add(&d, (struct place){ "q", "", 0, 0 }, -1, "does not exist");
	problems_json(&b, &d, NULL);
	assert_string_equal(buf_text(&b), "{\n"
					  "    \"version\": 1,\n"
					  "    \"valid\": false,\n"
					  "    \"problems\": [\n"
					  "        {\n"
					  "            \"file\": \"p.json\",\n"
					  "            \"line\": 2,\n"
					  "            \"column\": 3,\n"
					  "            \"pointer\": \"/pfs\",\n"
					  "            \"message\": \"is \\\"bad\\\"\"\n"
					  "        },\n"
					  "        {\n"
					  "            \"file\": \"q\",\n"
					  "            \"line\": null,\n"
					  "            \"column\": null,\n"
					  "            \"pointer\": \"\",\n"
					  "            \"message\": \"does not exist\"\n"
					  "        }\n"
					  "    ]\n"
					  "}\n");
	(void)state;
}

static void test_json_valid(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct diag d = { 0 };

	problems_json(&b, &d, NULL);
	assert_string_equal(buf_text(&b),
		"{\n    \"version\": 1,\n    \"valid\": true,\n    \"problems\": []\n}\n");
	(void)state;
}

static bool is_of(const struct problem *p, const void *arg)
{
	return p->entry == *(const int *)arg;
}

/* Those of one entry, in the order in which they were found, with their places. */
static void test_filter(void **state)
{
	static const int entries[] = { 1, 0, 1, -1, 2, 1, 0 };
	const int one = 1, none = 7;
	_cleanup_(diag_done) struct diag d = { 0 };

	diag_filter(&d, is_of, &one);
	assert_int_equal(d.n, 0);
	for (unsigned i = 0; i < ARRAY_SIZE(entries); i++)
		diag_add(&d, (struct place){ "p", "", i + 1, 1 }, entries[i], "number %u", i);
	diag_filter(&d, is_of, &one);
	assert_int_equal(d.n, 3);
	assert_string_equal(d.problems[0].text, "number 0");
	assert_string_equal(d.problems[1].text, "number 2");
	assert_string_equal(d.problems[2].text, "number 5");
	assert_int_equal(d.problems[2].place.line, 6);
	/* What is added later stands behind them, also once it is sorted. */
	diag_add(&d, (struct place){ "p", "", 6, 1 }, 1, "late");
	diag_sort(&d);
	assert_int_equal(d.n, 4);
	assert_string_equal(d.problems[3].text, "late");
	diag_filter(&d, is_of, &none);
	assert_int_equal(d.n, 0);
	diag_add(&d, (struct place){ "p", "", 1, 1 }, 1, "again");
	assert_int_equal(d.n, 1);
	(void)state;
}

static void test_quote(void **state)
{
	static const char digits[] =
		"0123456789012345678901234567890123456789012345678901234567890";
	char text[70];

	assert_string_equal(quote_text("").s, "\"\"");
	assert_string_equal(quote_text("a\"b").s, "\"a\"b\"");
	assert_string_equal(quote_text("\x1b[1m\xc2\x85\x7f").s, "\"\\u001b[1m\\u0085\\u007f\"");
	snprintf(text, sizeof(text), "%.60s", digits);
	assert_int_equal(strlen(quote_text(text).s), 62);
	snprintf(text, sizeof(text), "%.61s", digits);
	assert_string_equal(quote_text(text).s + 58, "789…\"");
	/* Never half a character, of two bytes or of six. */
	snprintf(text, sizeof(text), "%.59sä", digits);
	assert_string_equal(quote_text(text).s + 58, "78…\"");
	snprintf(text, sizeof(text), "%.55s\n", digits);
	assert_string_equal(quote_text(text).s + 54, "34…\"");
	(void)state;
}

static void test_control(void **state)
{
	unsigned code = 0;

	assert_int_equal(quote_control("", 0, &code), 0);
	assert_int_equal(quote_control(" ", 1, &code), 0);
	assert_int_equal(quote_control("~", 1, &code), 0);
	assert_int_equal(quote_control("\xc2\xa0", 2, &code), 0);
	assert_int_equal(quote_control("\xc2", 1, &code), 0);
	assert_int_equal(quote_control("\0", 1, &code), 1);
	assert_int_equal(code, 0);
	assert_int_equal(quote_control("\x7f", 1, &code), 1);
	assert_int_equal(code, 0x7f);
	assert_int_equal(quote_control("\xc2\x9f", 2, &code), 2);
	assert_int_equal(code, 0x9f);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_valid),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_control),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
