/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JSON text as a tree of values that know where they stand. */
#include <jansson.h>
#include <string.h>

#include "core/doc.h"
#include "core/jsonpos.h"
#include "core/quote.h"

struct doc {
	const char *name;
	struct mem_pool *strings;
	json_t *json;
	struct jsonpos pos;
	struct doc_value *values; /* value i is at node i of `pos` */
};

static size_t node_of(const struct doc *doc, const struct doc_value *v)
{
	return (size_t)(v - doc->values);
}

static struct place make_place(const struct doc *doc, size_t node, struct jsonpos_at at)
{
	_cleanup_(buf_done) struct buf pointer = { 0 };

	jsonpos_pointer(&doc->pos, node, &pointer);
	return (struct place){ doc->name, mem_intern(doc->strings, buf_text(&pointer)), at.line,
		at.column };
}

struct place doc_place(const struct doc *doc, const struct doc_value *v)
{
	size_t i = node_of(doc, v);

	return make_place(doc, i, doc->pos.nodes[i].at);
}

struct place doc_key_place(const struct doc *doc, const struct doc_value *v)
{
	size_t i = node_of(doc, v);

	return make_place(doc, i, v->key ? doc->pos.nodes[i].key_at : doc->pos.nodes[i].at);
}

const struct doc_value *doc_root(const struct doc *doc)
{
	return doc->values;
}

/* Node I, or the next one beside it whose key does not come again; NULL: no more. */
static const struct doc_value *not_replaced(const struct doc *doc, size_t i)
{
	while (i && doc->pos.nodes[i].replaced)
		i = doc->pos.nodes[i].next;
	return i ? &doc->values[i] : NULL;
}

const struct doc_value *doc_first(const struct doc *doc, const struct doc_value *v)
{
	return not_replaced(doc, doc->pos.nodes[node_of(doc, v)].child);
}

const struct doc_value *doc_next(const struct doc *doc, const struct doc_value *v)
{
	return not_replaced(doc, doc->pos.nodes[node_of(doc, v)].next);
}

/* The place of an error that concerns the text as a whole. */
static struct place text_place(const struct doc *doc, int line, int column)
{
	if (line < 1)
		line = column = 0;
	else if (column < 1)
		column = 1;
	return (struct place){ doc->name, "", (unsigned)line, (unsigned)column };
}

static void complain_depth(struct place place, struct diag *d)
{
	diag_add(d, place, -1,
		"nested too deeply: at most %d objects and arrays may stand in each other",
		JSONPOS_DEPTH_MAX);
}

/* jansson would tell of a NUL as of any invalid character; this is what it means to a person. */
static bool check_nul(const struct doc *doc, const char *text, size_t len, struct diag *d)
{
	const char *nul = memchr(text, '\0', len);
	struct jsonpos_at at;

	if (!nul)
		return true;
	at = jsonpos_locate(text, (size_t)(nul - text));
	diag_add(d, text_place(doc, (int)at.line, (int)at.column), -1,
		"contains a NUL byte: this is no text file");
	return false;
}

/* What most often is behind jansson's TEXT about a mistake of syntax; "": nothing is. */
static const char *json_hint(const char *text)
{
	static const char quotes[] = "; texts, and all keys, are in double quotes, and JSON has no "
				     "comments (the key \"description\" is for them)";
	static const struct {
		const char *start, *hint;
	} rows[] = {
		{ "string or '}' expected near end of file", "" },
		{ "invalid token", quotes },
		{ "string or '}' expected near '}'", "; there is a comma too many before it" },
		{ "unexpected token near ']'", "; there is a comma too many before it" },
		{ "string or '}' expected", quotes },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strncmp(text, rows[i].start, strlen(rows[i].start)) == 0)
			return rows[i].hint;
	return "";
}

static bool load_json(struct doc *doc, const char *text, size_t len, struct diag *d)
{
	_cleanup_(buf_done) struct buf reason = { 0 };
	json_error_t error;
	struct place place;

	doc->json = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	if (doc->json)
		return true;
	place = text_place(doc, error.line, error.column);
	if (json_error_code(&error) == json_error_stack_overflow) {
		complain_depth(place, d);
		return false;
	}
	quote_add(&reason, error.text, strlen(error.text), sizeof(error.text));
	diag_add(d, place, -1, "not JSON: %s%s", buf_text(&reason), json_hint(error.text));
	return false;
}

static bool load_positions(struct doc *doc, const char *text, size_t len, struct diag *d)
{
	int r = jsonpos_scan(&doc->pos, text, len);
	struct place place = text_place(doc, (int)doc->pos.end.line, (int)doc->pos.end.column);

	if (r == JSONPOS_E_DEPTH)
		complain_depth(place, d);
	else if (r != 0)
		diag_add(d, place, -1, "not JSON");
	return r == 0;
}

static void set_value(struct doc_value *v, const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		v->type = DOC_OBJECT;
		break;
	case JSON_ARRAY:
		v->type = DOC_ARRAY;
		break;
	case JSON_STRING:
		v->type = DOC_STRING;
		v->s = json_string_value(json);
		v->len = json_string_length(json);
		break;
	case JSON_INTEGER:
		v->type = DOC_INTEGER;
		v->n = json_integer_value(json);
		break;
	case JSON_REAL:
		v->type = DOC_REAL;
		v->real = json_real_value(json);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		v->type = DOC_BOOL;
		v->n = json_is_true(json);
		break;
	case JSON_NULL:
		v->type = DOC_NULL;
		break;
	}
}

/*
 * Joins both trees: a parent stands before its children in the text, so one pass is enough. Of a
 * key that is given twice jansson kept the last value only; below the others there is nothing to
 * join.
 */
static void join(struct doc *doc)
{
	_cleanup_free_ json_t **json = mem_new(doc->pos.n, sizeof(*json));

	for (size_t i = 0; i < doc->pos.n; i++) {
		const struct jsonpos_node *node = &doc->pos.nodes[i];
		struct doc_value *v = &doc->values[i];

		v->key = node->key;
		if (i == 0)
			json[i] = doc->json;
		else if (!json[node->parent] || node->replaced)
			continue;
		else if (node->key)
			json[i] = json_object_get(json[node->parent], node->key);
		else
			json[i] = json_array_get(json[node->parent], node->index);
		if (json[i])
			set_value(v, json[i]);
		else
			v->bad = true;
	}
}

/* Complains about the first control character in the LEN bytes at S. Returns whether there is one.
 */
static bool find_control(const struct doc *doc, const struct doc_value *v, bool key, struct diag *d)
{
	const char *s = key ? v->key : v->s;
	size_t len = key ? strlen(v->key) : v->len;
	unsigned code;

	for (size_t i = 0; i < len; i++)
		if (quote_control(s + i, len - i, &code)) {
			diag_add(d, key ? doc_key_place(doc, v) : doc_place(doc, v), -1,
				"the %s contains the control character U+%04X%s",
				key ? "key" : "string", code, code == 0 ? " (NUL)" : "");
			return true;
		}
	return false;
}

/* What no user of the tree should have to look for in each value. */
static void check_values(struct doc *doc, struct diag *d)
{
	for (size_t i = 0; i < doc->pos.n; i++) {
		const struct jsonpos_node *node = &doc->pos.nodes[i];
		const struct jsonpos_node *earlier = &doc->pos.nodes[node->earlier];
		struct doc_value *v = &doc->values[i];

		if ((v->key && find_control(doc, v, true, d)) ||
			(v->s && find_control(doc, v, false, d)))
			v->bad = true;
		if (node->earlier)
			diag_add(d, doc_key_place(doc, v), -1, "already given at %s:%u:%u",
				doc->name, earlier->key_at.line, earlier->key_at.column);
	}
}

struct doc *doc_load(
	const char *name, const char *text, size_t len, struct mem_pool *strings, struct diag *d)
{
	struct doc *doc = mem_new(1, sizeof(*doc));

	doc->name = mem_intern(strings, name);
	doc->strings = strings;
	if (!check_nul(doc, text, len, d) || !load_json(doc, text, len, d) ||
		!load_positions(doc, text, len, d)) {
		doc_free(doc);
		return NULL;
	}
	doc->values = mem_new(doc->pos.n, sizeof(*doc->values));
	join(doc);
	check_values(doc, d);
	return doc;
}

void doc_free(struct doc *doc)
{
	if (!doc)
		return;
	json_decref(doc->json);
	jsonpos_done(&doc->pos);
	free(doc->values);
	free(doc);
}

/* With something that shows that it is no whole number: 4.0, not 4. */
static void describe_real(struct buf *b, double real)
{
	size_t start = b->len;

	buf_addf(b, "%.15g", real);
	if (!strpbrk(buf_text(b) + start, ".e"))
		buf_add(b, ".0");
}

void doc_describe(struct buf *b, const struct doc_value *v)
{
	switch (v->type) {
	case DOC_NULL:
		buf_add(b, "null");
		break;
	case DOC_BOOL:
		buf_add(b, v->n ? "true" : "false");
		break;
	case DOC_INTEGER:
		buf_addf(b, "%lld", (long long)v->n);
		break;
	case DOC_REAL:
		describe_real(b, v->real);
		break;
	case DOC_STRING:
		buf_addf(b, "the string %s", quote_text(v->s).s);
		break;
	case DOC_ARRAY:
		buf_add(b, "an array");
		break;
	case DOC_OBJECT:
		buf_add(b, "an object");
		break;
	}
}
