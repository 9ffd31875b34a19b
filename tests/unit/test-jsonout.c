/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON documents: their layout to the byte, that a parser reads back what went in, and what comes
 * from devices and files. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "render/jsonout.h"

static void layout(void **state _unused_)
{
	struct buf b = { 0 };
	struct jsonout *j = jsonout_new_as(7, 2);

	jsonout_text(j, "text", "a");
	jsonout_text(j, "none", NULL);
	jsonout_array(j, "list");
	jsonout_number(j, NULL, -1);
	jsonout_object(j, NULL);
	jsonout_bool(j, "yes", true);
	jsonout_bool(j, "no", false);
	jsonout_end(j);
	jsonout_array(j, NULL);
	jsonout_end(j);
	jsonout_end(j);
	jsonout_object(j, "empty");
	jsonout_end(j);
	jsonout_index(j, "index", 0);
	jsonout_index(j, "no-index", -1);
	jsonout_hex(j, "hex", 4, 0xab);
	jsonout_null(j, "null");
	jsonout_finish(j, &b);
	assert_string_equal(buf_text(&b), "{\n"
					  "  \"version\": 7,\n"
					  "  \"text\": \"a\",\n"
					  "  \"none\": null,\n"
					  "  \"list\": [\n"
					  "    -1,\n"
					  "    {\n"
					  "      \"yes\": true,\n"
					  "      \"no\": false\n"
					  "    },\n"
					  "    []\n"
					  "  ],\n"
					  "  \"empty\": {},\n"
					  "  \"index\": 0,\n"
					  "  \"no-index\": null,\n"
					  "  \"hex\": \"00ab\",\n"
					  "  \"null\": null\n"
					  "}\n");
	buf_done(&b);
}

/* As `sriovctl` has them, with what a terminal would act upon. */
static void document_of_ours(void **state _unused_)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct jsonout *j = jsonout_new();

	jsonout_text(j, "bad", "a\xff\n");
	jsonout_text(j, "control", "\033\"");
	jsonout_text(j, "delete", "a\x7f z");
	jsonout_text(j, "c1", "\xc2\x80\xc2\x9b\xc2\x9f"); /* CSI in one character, and its like */
	jsonout_text(j, "c1\xc2\x9bkey", "\xe2\x80\xae");
	jsonout_text(j, "people", "\xc2\xa0G\xc3\xa4ste \xf0\x9d\x84\x9e \\u009b");
	jsonout_text(j, "none", NULL);
	jsonout_hex(j, "id", 4, 0x1b);
	jsonout_array(j, "list");
	jsonout_number(j, NULL, INT64_MAX);
	jsonout_index(j, NULL, -1);
	jsonout_bool(j, NULL, true);
	jsonout_end(j);
	jsonout_object(j, "empty");
	jsonout_end(j);
	jsonout_finish(j, &b);
	assert_string_equal(buf_text(&b), "{\n"
					  "    \"version\": 1,\n"
					  "    \"bad\": \"a\\\\xff\\\\x0a\",\n"
					  "    \"control\": \"\\u001B\\\"\",\n"
					  "    \"delete\": \"a\\u007F z\",\n"
					  "    \"c1\": \"\\u0080\\u009B\\u009F\",\n"
					  "    \"c1\\u009Bkey\": \"\\u202E\",\n"
					  "    \"people\": \"\xc2\xa0G\xc3\xa4ste "
					  "\xf0\x9d\x84\x9e \\\\u009b\",\n"
					  "    \"none\": null,\n"
					  "    \"id\": \"001b\",\n"
					  "    \"list\": [\n"
					  "        9223372036854775807,\n"
					  "        null,\n"
					  "        true\n"
					  "    ],\n"
					  "    \"empty\": {}\n"
					  "}\n");
}

/* A constant has its lines where it stands. */
static void constants(void **state _unused_)
{
	struct buf b = { 0 };
	struct jsonout *j = jsonout_new_as(1, 1);

	jsonout_array(j, "a");
	jsonout_value(j, NULL, "{\"x\": [1, {\"y\": []}]}");
	jsonout_value(j, NULL, "\"word\"");
	jsonout_end(j);
	jsonout_finish(j, &b);
	assert_string_equal(buf_text(&b), "{\n"
					  " \"version\": 1,\n"
					  " \"a\": [\n"
					  "  {\n"
					  "   \"x\": [\n"
					  "    1,\n"
					  "    {\n"
					  "     \"y\": []\n"
					  "    }\n"
					  "   ]\n"
					  "  },\n"
					  "  \"word\"\n"
					  " ]\n"
					  "}\n");
	buf_done(&b);
}

/* What has been written before stays in front. */
static void appended(void **state _unused_)
{
	struct buf b = { 0 };

	for (int i = 0; i < 2; i++)
		jsonout_finish(jsonout_new_as(i, 1), &b);
	assert_string_equal(buf_text(&b), "{\n \"version\": 0\n}\n{\n \"version\": 1\n}\n");
	buf_done(&b);
}

/* The document with TEXT as key and value. */
static json_t *document(const char *text, struct buf *b)
{
	struct jsonout *j = jsonout_new();
	json_error_t error;
	json_t *root;

	jsonout_text(j, text, text);
	jsonout_array(j, "list");
	jsonout_text(j, NULL, text);
	jsonout_end(j);
	jsonout_finish(j, b);
	root = json_loads(buf_text(b), JSON_REJECT_DUPLICATES, &error);
	if (!root)
		print_error("%s: %s", buf_text(b), error.text);
	assert_non_null(root);
	return root;
}

/* Whatever a device or a file says is one string for a parser, and nothing for a terminal. */
static void any_text(void **state _unused_)
{
	static const char *const texts[] = { "", "\"", "\\", "\\\"\\", "a\nb\r\n", "\t", "\x1b[31m",
		"\x7f",
		"\xc2\x9b"
		"31m",
		"\xe2\x80\xae"
		"abc",
		"\xc3\xa4", "{}", "[", ",\n", "</script>", "\xf0\x9f\x98\x80" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf b = { 0 };
		json_t *root = document(texts[i], &b);

		assert_string_equal(json_string_value(json_object_get(root, texts[i])), texts[i]);
		assert_string_equal(
			json_string_value(json_array_get(json_object_get(root, "list"), 0)),
			texts[i]);
		assert_null(strpbrk(buf_text(&b), "\x1b\x7f\r\t"));
		assert_null(strstr(buf_text(&b), "\xc2\x9b"));
		assert_null(strstr(buf_text(&b), "\xe2\x80\xae"));
		json_decref(root);
		buf_done(&b);
	}
}

/* What is no UTF-8 is told so that it can be recognised, and JSON all the same. */
static void no_utf8(void **state _unused_)
{
	static const char *const texts[] = { "\xff", "a\xc3", "\xe2\x80", "\xc0\x80",
		"\xed\xa0\x80", "\xf5\x80\x80\x80" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct jsonout *j = jsonout_new();
		struct buf b = { 0 };
		json_t *root;

		jsonout_text(j, "text", texts[i]);
		jsonout_finish(j, &b);
		root = json_loads(buf_text(&b), 0, NULL);
		assert_non_null(root);
		assert_non_null(strstr(json_string_value(json_object_get(root, "text")), "\\x"));
		json_decref(root);
		buf_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout),
		cmocka_unit_test(document_of_ours),
		cmocka_unit_test(constants),
		cmocka_unit_test(appended),
		cmocka_unit_test(any_text),
		cmocka_unit_test(no_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
