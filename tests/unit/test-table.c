/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables: alignment, empty columns, colour, and what untrusted names may do to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "render/table.h"
#include "render/text.h"

static const struct table_column two[] = {
	{ "NAME", TABLE_LEFT, false },
	{ "N", TABLE_RIGHT, false },
};

static void check(struct table *t, bool colour, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	table_render(t, (struct screen){ .colour = colour }, &b);
	assert_string_equal(buf_text(&b), want);
	table_done(t);
}

static void test_alignment(void **state)
{
	struct table t = { .columns = two, .n_columns = 2 };

	(void)state;
	table_add(&t, "a");
	table_addf(&t, "%d", 7);
	table_add(&t, "longer");
	table_addf(&t, "%d", 1000);
	check(&t, false,
		"NAME       N\n"
		"a          7\n"
		"longer  1000\n");
}

static void test_no_trailing_blanks(void **state)
{
	static const struct table_column columns[] = {
		{ "A", TABLE_LEFT, false },
		{ "B", TABLE_RIGHT, false },
		{ "C", TABLE_LEFT, false },
	};
	struct table t = { .columns = columns, .n_columns = 3 };

	(void)state;
	table_add(&t, "wide cell");
	table_add(&t, "1");
	table_add(&t, "c");
	table_add(&t, "x");
	table_add(&t, "");
	table_add(&t, "y");
	table_add(&t, "");
	table_add(&t, "");
	table_add(&t, "");
	table_add(&t, "x");
	table_add(&t, "");
	table_add(&t, "");
	check(&t, false,
		"A          B  C\n"
		"wide cell  1  c\n"
		"x             y\n"
		"\n"
		"x\n");
}

static void test_no_rows(void **state)
{
	struct table t = { .columns = two, .n_columns = 2 };

	(void)state;
	check(&t, false, "NAME  N\n");
}

static void test_null_is_dash(void **state)
{
	struct table t = { .columns = two, .n_columns = 2 };

	(void)state;
	table_add(&t, NULL);
	table_add(&t, NULL);
	check(&t, false,
		"NAME  N\n"
		"-     -\n");
}

static void test_optional_column(void **state)
{
	static const struct table_column columns[] = {
		{ "A", TABLE_LEFT, false },
		{ "NEVER", TABLE_LEFT, true },
		{ "ONCE", TABLE_LEFT, true },
	};
	struct table t = { .columns = columns, .n_columns = 3 };

	(void)state;
	table_add(&t, "1");
	table_add(&t, "");
	table_add(&t, NULL);
	table_add(&t, "2");
	table_add(&t, NULL);
	table_add(&t, "x");
	check(&t, false,
		"A  ONCE\n"
		"1  -\n"
		"2  x\n");
}

/* Columns are counted in characters, not in bytes. */
static void test_utf8_width(void **state)
{
	struct table t = { .columns = two, .n_columns = 2 };

	(void)state;
	table_add(&t, "Büro");
	table_add(&t, "1");
	table_add(&t, "офис-€-𝄞");
	table_add(&t, "2");
	check(&t, false,
		"NAME      N\n"
		"Büro      1\n"
		"офис-€-𝄞  2\n");
}

static void test_very_long(void **state)
{
	struct table t = { .columns = two, .n_columns = 2 };
	_cleanup_(buf_done) struct buf b = { 0 };
	char name[2001];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	table_add(&t, name);
	table_add(&t, "1");
	table_render(&t, (struct screen){ 0 }, &b);
	assert_int_equal(b.len, 2 * (2000 + 3 + 1));
	assert_non_null(strstr(buf_text(&b), name));
	table_done(&t);
}

static const struct table_column four[] = {
	{ "ADDRESS", TABLE_LEFT, false },
	{ "N", TABLE_RIGHT, false },
	{ "NEVER", TABLE_LEFT, true },
	{ "STATE", TABLE_LEFT, false },
	{ "IN USE", TABLE_LEFT, false },
};

/* Renders for a screen of that WIDTH, and expects WANT. */
static void check_width(unsigned width, bool colour, const char *want)
{
	static const char *const cells[] = { "0000:01:00.0", "1", NULL, "up", "by a guest",
		"0000:01:10.0", NULL, NULL, NULL, "", "0000:01:10.2", "3", "", "down", NULL };
	struct table t = { .columns = four, .n_columns = ARRAY_SIZE(four) };
	_cleanup_(buf_done) struct buf b = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		table_add(&t, cells[i]);
	table_render(&t, (struct screen){ colour, width }, &b);
	assert_string_equal(buf_text(&b), want);
	table_done(&t);
}

/* What has no room beside the others stands below, with its title; nothing is cut off. */
static void test_folded(void **state)
{
	static const char whole[] = "ADDRESS       N  STATE  IN USE\n"
				    "0000:01:00.0  1  up     by a guest\n"
				    "0000:01:10.0  -  -\n"
				    "0000:01:10.2  3  down   -\n";
	static const char one[] = "ADDRESS       N  STATE\n"
				  "0000:01:00.0  1  up\n"
				  "      IN USE by a guest\n"
				  "0000:01:10.0  -  -\n"
				  "0000:01:10.2  3  down\n";

	(void)state;
	check_width(0, false, whole);
	check_width(200, false, whole);
	check_width(34, false, whole);
	check_width(33, false, one);
	check_width(22, false, one);
	check_width(21, false,
		"ADDRESS       N\n"
		"0000:01:00.0  1\n"
		"      STATE up\n"
		"      IN USE by a guest\n"
		"0000:01:10.0  -\n"
		"0000:01:10.2  3\n"
		"      STATE down\n");
	check_width(1, false,
		"ADDRESS\n"
		"0000:01:00.0\n"
		"      N 1\n"
		"      STATE up\n"
		"      IN USE by a guest\n"
		"0000:01:10.0\n"
		"0000:01:10.2\n"
		"      N 3\n"
		"      STATE down\n");
	check_width(14, true,
		"\033[1mADDRESS\033[0m\n"
		"0000:01:00.0\n"
		"      \033[2mN\033[0m 1\n"
		"      \033[2mSTATE\033[0m up\n"
		"      \033[2mIN USE\033[0m by a guest\n"
		"0000:01:10.0\n"
		"0000:01:10.2\n"
		"      \033[2mN\033[0m 3\n"
		"      \033[2mSTATE\033[0m down\n");
}

/* What is folded stands side by side, as far as it has room. */
static void test_folded_together(void **state)
{
	static const struct table_column columns[] = { { "A", TABLE_LEFT, false },
		{ "B", TABLE_LEFT, false }, { "C", TABLE_LEFT, false },
		{ "D", TABLE_LEFT, false } };
	struct table t = { .columns = columns, .n_columns = ARRAY_SIZE(columns) };
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	table_add(&t, "fifteen letters");
	table_add(&t, "bbbbbbbb");
	table_add(&t, "c");
	table_add(&t, "d");
	table_render(&t, (struct screen){ .width = 20 }, &b);
	assert_string_equal(buf_text(&b), "A\n"
					  "fifteen letters\n"
					  "      B bbbbbbbb\n"
					  "      C c  D d\n");
	table_done(&t);
}

static void test_colour(void **state)
{
	struct table t = { .columns = two, .n_columns = 2 };

	(void)state;
	table_add(&t, "bad");
	table_mark(&t, TABLE_BAD);
	table_add(&t, NULL);
	table_add(&t, "plain");
	table_add(&t, "1");
	table_mark(&t, TABLE_GOOD);
	check(&t, true,
		"\033[1mNAME\033[0m   \033[1mN\033[0m\n"
		"\033[31mbad\033[0m    \033[2m-\033[0m\n"
		"plain  \033[32m1\033[0m\n");
}

/* What a cell holds can neither move the cursor nor start a new line. */
static void test_control_characters(void **state)
{
	struct table t = { .columns = two, .n_columns = 2 };

	(void)state;
	table_add(&t, "a\033[2Jb\n");
	table_add(&t, "1");
	check(&t, false,
		"NAME           N\n"
		"a\\x1b[2Jb\\x0a  1\n");
}

static void check_escape(const char *in, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	text_escape(&b, in);
	assert_string_equal(buf_text(&b), want);
}

static void test_escape(void **state)
{
	(void)state;
	check_escape("", "");
	check_escape("plain \\ text", "plain \\ text");
	check_escape("\x7f", "\\x7f");
	check_escape("\xc2\x9b", "\\x9b");                        /* C1: CSI in one character */
	check_escape("\xe2\x80\xae", "\\u202e");                  /* right-to-left override */
	check_escape("\xff", "\\xff");                            /* never in UTF-8 */
	check_escape("\x80", "\\x80");                            /* a continuation on its own */
	check_escape("\xc3", "\\xc3");                            /* cut off by the end */
	check_escape("\xe2\x82", "\\xe2\\x82");                   /* the same, three bytes */
	check_escape("\xc0\xaf", "\\xc0\\xaf");                   /* overlong '/' */
	check_escape("\xe0\x80\xaf", "\\xe0\\x80\\xaf");          /* overlong, three bytes */
	check_escape("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* surrogate */
	check_escape("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* above U+10FFFF */
	check_escape("\xf0\x9d\x84\x9e", "\xf0\x9d\x84\x9e");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_no_trailing_blanks),
		cmocka_unit_test(test_no_rows),
		cmocka_unit_test(test_null_is_dash),
		cmocka_unit_test(test_optional_column),
		cmocka_unit_test(test_utf8_width),
		cmocka_unit_test(test_very_long),
		cmocka_unit_test(test_folded),
		cmocka_unit_test(test_folded_together),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_escape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
