/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Positions in JSON texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/jsonpos.h"

/* Scans TEXT from memory of exactly its size, so that a sanitizer sees the first byte too far. */
static int scan(struct jsonpos *pos, const char *text, size_t len)
{
	_cleanup_free_ char *exact = mem_new(len, 1);

	memcpy(exact, text, len);
	return jsonpos_scan(pos, exact, len);
}

static size_t find(const struct jsonpos *pos, const char *pointer)
{
	for (size_t i = 0; i < pos->n; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		jsonpos_pointer(pos, i, &b);
		if (strcmp(buf_text(&b), pointer) == 0)
			return i;
	}
	fail_msg("no node \"%s\"", pointer);
	return 0;
}

static void assert_value(
	const struct jsonpos *pos, const char *pointer, unsigned line, unsigned column)
{
	const struct jsonpos_node *node = &pos->nodes[find(pos, pointer)];

	assert_int_equal(node->at.line, line);
	assert_int_equal(node->at.column, column);
}

static void assert_key(
	const struct jsonpos *pos, const char *pointer, unsigned line, unsigned column)
{
	const struct jsonpos_node *node = &pos->nodes[find(pos, pointer)];

	assert_non_null(node->key);
	assert_int_equal(node->key_at.line, line);
	assert_int_equal(node->key_at.column, column);
}

static void test_places(void **state)
{
	static const char text[] = "{ \"a\": 1,\n"
				   "  \"b\" :\t[true, {\"c\": \"x\"}, [ ], {}],\r\n"
				   "\n"
				   "\"d\":{\"e\":null , \"f\" : -1.5e3}}\n";
	_cleanup_(jsonpos_done) struct jsonpos pos = { 0 };

	assert_int_equal(scan(&pos, text, strlen(text)), 0);
	assert_int_equal(pos.n, 11);
	assert_value(&pos, "", 1, 1);
	assert_key(&pos, "/a", 1, 3);
	assert_value(&pos, "/a", 1, 8);
	assert_key(&pos, "/b", 2, 3);
	assert_value(&pos, "/b", 2, 9);
	assert_value(&pos, "/b/0", 2, 10);
	assert_value(&pos, "/b/1", 2, 16);
	assert_key(&pos, "/b/1/c", 2, 17);
	assert_value(&pos, "/b/1/c", 2, 22);
	assert_value(&pos, "/b/2", 2, 28);
	assert_value(&pos, "/b/3", 2, 33);
	assert_value(&pos, "/d", 4, 5);
	assert_value(&pos, "/d/e", 4, 10);
	assert_value(&pos, "/d/f", 4, 23);
	assert_int_equal(pos.end.line, 5);
	(void)state;
}

static void test_links(void **state)
{
	static const char text[] = "[[1, [2, 3]], {}, {\"k\": []}, 4]";
	_cleanup_(jsonpos_done) struct jsonpos pos = { 0 };
	const struct jsonpos_node *n;
	size_t i;

	assert_int_equal(scan(&pos, text, strlen(text)), 0);
	n = pos.nodes;
	i = n[0].child;
	assert_int_equal(n[i].first, '[');
	assert_int_equal(n[n[i].child].first, '1');
	assert_int_equal(n[n[n[i].child].next].first, '[');
	assert_int_equal(n[n[n[i].child].next].next, 0);
	i = n[i].next;
	assert_int_equal(n[i].first, '{');
	assert_int_equal(n[i].child, 0);
	i = n[i].next;
	assert_string_equal(n[n[i].child].key, "k");
	assert_int_equal(n[n[i].child].parent, i);
	i = n[i].next;
	assert_int_equal(n[i].first, '4');
	assert_int_equal(n[i].index, 3);
	assert_int_equal(n[i].next, 0);
	(void)state;
}

static void test_columns_are_characters(void **state)
{
	static const char text[] = "{\"ä€😀\": \"é\", \"b\": 1}";
	_cleanup_(jsonpos_done) struct jsonpos pos = { 0 };

	assert_int_equal(scan(&pos, text, strlen(text)), 0);
	assert_value(&pos, "/ä€😀", 1, 9);
	assert_key(&pos, "/b", 1, 14);
	(void)state;
}

static void test_keys_are_decoded(void **state)
{
	static const char text[] =
		"{\"\\u0061\\n\\\"\\\\\\/\": 1, \"\\u00e4\\u20AC\\uD83d\\ude00\": 2,"
		" \"\": 3, \"x\\udc00y\": 4}";
	_cleanup_(jsonpos_done) struct jsonpos pos = { 0 };

	assert_int_equal(scan(&pos, text, strlen(text)), 0);
	assert_string_equal(pos.nodes[1].key, "a\n\"\\/");
	assert_string_equal(pos.nodes[2].key, "ä€😀");
	assert_string_equal(pos.nodes[3].key, "");
	assert_string_equal(pos.nodes[4].key, "x\xef\xbf\xbdy");
	(void)state;
}

static void test_pointers(void **state)
{
	static const char text[] =
		"{\"a/b\": {\"m~n\": [0]}, \"\\u001b\\u009b\": 1,"
		" \"ä234567890123456789012345678901234567890123456789012345678901234567890\": 2}";
	_cleanup_(jsonpos_done) struct jsonpos pos = { 0 };

	assert_int_equal(scan(&pos, text, strlen(text)), 0);
	find(&pos, "/a~1b/m~0n/0");
	find(&pos, "/\\u001b\\u009b");
	find(&pos, "/ä23456789012345678901234567890123456789012345678901234567890123…");
	(void)state;
}

static void test_repeated(void **state)
{
	static const char text[] =
		"{\"a\": 1, \"b\": {\"a\": 2}, \"\\u0061\": 3, \"a\": 4, \"c\": 5}";
	_cleanup_(jsonpos_done) struct jsonpos pos = { 0 };
	const struct jsonpos_node *n;

	assert_int_equal(scan(&pos, text, strlen(text)), 0);
	n = pos.nodes;
	assert_true(n[1].replaced && n[1].earlier == 0);
	assert_true(!n[3].replaced && n[3].earlier == 0);
	assert_true(n[4].replaced && n[4].earlier == 1);
	assert_true(!n[5].replaced && n[5].earlier == 4);
	assert_true(!n[6].replaced && n[6].earlier == 0);
	(void)state;
}

static void test_no_json(void **state)
{
	static const char *const texts[] = { "", " ", "{", "[", "}", "]", "{\"a\"",
		"{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1]", "[1}", "[1,", "[1,]", "[1 2]",
		"{\"a\" 1}", "{a: 1}", "{1: 2}", "1 2", "\"", "\"a", "\"\\", "\"\\u", "\"\\u12",
		"\"\\u123g\"", "\"\\x\"", "\"\\ud800\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\"",
		"\"a\nb\"", "[,1]", "{,}", ":", "{\"a\":}", "[[]", "{\"a\\", "{\"a" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(jsonpos_done) struct jsonpos pos = { 0 };

		if (scan(&pos, texts[i], strlen(texts[i])) != JSONPOS_E_SYNTAX)
			fail_msg("accepted: %s", texts[i]);
	}
	(void)state;
}

static void test_nul(void **state)
{
	static const char text[] = "[\"a\0b\", \0]";
	_cleanup_(jsonpos_done) struct jsonpos pos = { 0 };

	assert_int_equal(scan(&pos, text, sizeof(text) - 1), JSONPOS_E_SYNTAX);
	assert_int_equal(pos.end.column, 4);
	(void)state;
}

/* DEPTH brackets and as many closing ones. */
static int scan_nested(size_t depth, struct jsonpos *pos)
{
	_cleanup_free_ char *text = mem_new(2 * depth, 1);

	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	return scan(pos, text, 2 * depth);
}

static void test_depth(void **state)
{
	_cleanup_(jsonpos_done) struct jsonpos fits = { 0 }, deep = { 0 };
	_cleanup_(buf_done) struct buf pointer = { 0 };

	assert_int_equal(scan_nested(JSONPOS_DEPTH_MAX, &fits), 0);
	jsonpos_pointer(&fits, fits.n - 1, &pointer);
	assert_int_equal(pointer.len, 2 * (JSONPOS_DEPTH_MAX - 1));
	assert_int_equal(scan_nested(1024 * 1024, &deep), JSONPOS_E_DEPTH);
	assert_int_equal(deep.end.column, JSONPOS_DEPTH_MAX + 1);
	(void)state;
}

/* Each prefix of a text, and each text with one byte replaced, must only not go wrong. */
static void test_mangled(void **state)
{
	static const char text[] = "{\"a\\u0041\": [1, {\"b\": \"\\ud83d\\ude00\"}], \"c\": {}}";
	static const char bytes[] = "\"\\{}[],:\0u\xff";
	char copy[sizeof(text)];

	for (size_t i = 0; i < strlen(text); i++) {
		_cleanup_(jsonpos_done) struct jsonpos pos = { 0 };

		assert_int_equal(scan(&pos, text, i), JSONPOS_E_SYNTAX);
		for (size_t j = 0; j < sizeof(bytes) - 1; j++) {
			_cleanup_(jsonpos_done) struct jsonpos other = { 0 };

			memcpy(copy, text, sizeof(text));
			copy[i] = bytes[j];
			assert_true(scan(&other, copy, strlen(text)) >= 0);
		}
	}
	(void)state;
}

static void test_locate(void **state)
{
	static const char text[] = "a\näb\n\nc";

	assert_int_equal(jsonpos_locate(text, 0).line, 1);
	assert_int_equal(jsonpos_locate(text, 0).column, 1);
	assert_int_equal(jsonpos_locate(text, 4).line, 2);
	assert_int_equal(jsonpos_locate(text, 4).column, 2);
	assert_int_equal(jsonpos_locate(text, 7).line, 4);
	assert_int_equal(jsonpos_locate(text, 7).column, 1);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_columns_are_characters),
		cmocka_unit_test(test_keys_are_decoded),
		cmocka_unit_test(test_pointers),
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_no_json),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_mangled),
		cmocka_unit_test(test_locate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
