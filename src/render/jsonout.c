/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON documents for programs: the only file of this layer that knows jansson. */
#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "render/jsonout.h"
#include "render/text.h"

#define DEPTH_MAX 8
#define INDENT    4

struct jsonout {
	json_t *open[DEPTH_MAX]; /* the document first; owned by it */
	unsigned depth, indent;
};

/* Adds VALUE, which J then owns. Returns it for the caller to fill. */
static json_t *put(struct jsonout *j, const char *key, json_t *value)
{
	json_t *in = j->open[j->depth - 1];
	int r;

	/* These calls fail only without memory; base/mem.h says why that ends the process. */
	r = json_is_array(in) ? json_array_append_new(in, value)
			      : json_object_set_new(in, key, value);
	if (r != 0)
		abort();
	return value;
}

static void push(struct jsonout *j, json_t *container)
{
	assert(j->depth < DEPTH_MAX);
	j->open[j->depth++] = container;
}

struct jsonout *jsonout_new_as(int version, unsigned indent)
{
	struct jsonout *j = mem_new(1, sizeof(*j));

	j->indent = indent;
	push(j, json_object());
	jsonout_number(j, "version", version);
	return j;
}

struct jsonout *jsonout_new(void)
{
	return jsonout_new_as(JSONOUT_VERSION, INDENT);
}

void jsonout_object(struct jsonout *j, const char *key)
{
	push(j, put(j, key, json_object()));
}

void jsonout_array(struct jsonout *j, const char *key)
{
	push(j, put(j, key, json_array()));
}

void jsonout_end(struct jsonout *j)
{
	assert(j->depth > 1);
	j->depth--;
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

static int append(const char *s, size_t n, void *arg)
{
	buf_addn(arg, s, n);
	return 0;
}

void jsonout_finish(struct jsonout *j, struct buf *b)
{
	_cleanup_(buf_done) struct buf raw = { 0 };

	assert(j->depth == 1);
	if (json_dump_callback(j->open[0], append, &raw, JSON_INDENT(j->indent)) != 0)
		abort();
	text_escape_json(b, buf_text(&raw));
	buf_add(b, "\n");
	json_decref(j->open[0]);
	free(j);
}
