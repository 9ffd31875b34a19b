/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON documents for programs: the only file of this layer that knows jansson, which writes the
 * values. What is around them is written as it comes: a document of 4,096 VFs held by jansson takes
 * three times the memory of all else (issue 7).
 */
#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "render/jsonout.h"
#include "render/text.h"

#define DEPTH_MAX 8
#define INDENT    4

struct jsonout {
	struct buf text;
	struct {
		bool array, filled;
	} open[DEPTH_MAX]; /* what is begun and not ended, the document first */
	unsigned depth, indent;
};

/* Appends a line's end and the indentation of what is DEPTH levels inside. */
static void new_line(struct jsonout *j, unsigned depth)
{
	buf_add(&j->text, "\n");
	buf_pad(&j->text, j->text.len, (size_t)depth * j->indent, ' ');
}

/* Appends VALUE, which is freed, with what is inside of it at the present depth. */
static void dump(struct jsonout *j, json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_INDENT(j->indent)), *rest = text;

	/* It fails only without memory; base/mem.h says why that ends the process. */
	if (!text)
		abort();
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		text_escape_json(&j->text, line);
		if (rest)
			new_line(j, j->depth);
	}
	free(text);
	json_decref(value);
}

/* Goes to where the next value of the innermost container belongs, and writes its KEY. */
static void begin_value(struct jsonout *j, const char *key)
{
	unsigned in = j->depth - 1;

	if (j->open[in].filled)
		buf_add(&j->text, ",");
	j->open[in].filled = true;
	new_line(j, j->depth);
	if (j->open[in].array)
		return;
	dump(j, json_string(key));
	buf_add(&j->text, ": ");
}

/* Adds VALUE, which is freed. */
static void put(struct jsonout *j, const char *key, json_t *value)
{
	begin_value(j, key);
	dump(j, value);
}

static void push(struct jsonout *j, bool array)
{
	assert(j->depth < DEPTH_MAX);
	j->open[j->depth].array = array;
	j->open[j->depth++].filled = false;
	buf_add(&j->text, array ? "[" : "{");
}

static void pop(struct jsonout *j)
{
	j->depth--;
	if (j->open[j->depth].filled)
		new_line(j, j->depth);
	buf_add(&j->text, j->open[j->depth].array ? "]" : "}");
}

struct jsonout *jsonout_new_as(int version, unsigned indent)
{
	struct jsonout *j = mem_new(1, sizeof(*j));

	j->indent = indent;
	push(j, false);
	jsonout_number(j, "version", version);
	return j;
}

struct jsonout *jsonout_new(void)
{
	return jsonout_new_as(JSONOUT_VERSION, INDENT);
}

void jsonout_object(struct jsonout *j, const char *key)
{
	begin_value(j, key);
	push(j, false);
}

void jsonout_array(struct jsonout *j, const char *key)
{
	begin_value(j, key);
	push(j, true);
}

void jsonout_end(struct jsonout *j)
{
	assert(j->depth > 1);
	pop(j);
}

void jsonout_text(struct jsonout *j, const char *key, const char *s)
{
	_cleanup_(buf_done) struct buf valid = { 0 };
	json_t *value = s ? json_string(s) : json_null();

	if (!value) {
		text_escape(&valid, s);
		value = json_string(buf_text(&valid));
	}
	put(j, key, value);
}

void jsonout_number(struct jsonout *j, const char *key, int64_t n)
{
	put(j, key, json_integer(n));
}

void jsonout_bool(struct jsonout *j, const char *key, bool v)
{
	put(j, key, json_boolean(v));
}

void jsonout_null(struct jsonout *j, const char *key)
{
	put(j, key, json_null());
}

void jsonout_index(struct jsonout *j, const char *key, int n)
{
	put(j, key, n < 0 ? json_null() : json_integer(n));
}

void jsonout_hex(struct jsonout *j, const char *key, int digits, uint64_t n)
{
	char text[sizeof(n) * 2 + 1];

	assert(digits < (int)sizeof(text));
	snprintf(text, sizeof(text), "%0*llx", digits, (unsigned long long)n);
	jsonout_text(j, key, text);
}

void jsonout_value(struct jsonout *j, const char *key, const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	assert(value);
	put(j, key, value);
}

void jsonout_finish(struct jsonout *j, struct buf *b)
{
	assert(j->depth == 1);
	pop(j);
	buf_add(&j->text, "\n");
	if (b->s) {
		buf_addn(b, j->text.s, j->text.len);
		buf_done(&j->text);
	} else {
		*b = j->text; /* not twice in memory */
	}
	free(j);
}
