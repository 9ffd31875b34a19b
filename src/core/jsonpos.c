/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where each value of a JSON text stands. */
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "core/jsonpos.h"
#include "core/quote.h"

struct scan {
	struct jsonpos *pos;
	const char *text;
	size_t len, i;
	struct jsonpos_at at; /* of text[i] */
	size_t keys_len;

	size_t depth;    /* how many objects and arrays are open */
	size_t open;     /* the innermost of them */
	size_t previous; /* its latest child, 0: none */
	bool opened;     /* it was opened by the latest value */
};

/* The next character; 0 at the end, where no JSON has a NUL. */
static char peek(const struct scan *s)
{
	return s->i < s->len ? s->text[s->i] : '\0';
}

/* Only called where peek() saw something. */
static void advance(struct scan *s)
{
	unsigned char c = (unsigned char)s->text[s->i++];

	if (c == '\n') {
		s->at.line++;
		s->at.column = 1;
	} else if ((c & 0xc0) != 0x80) {
		s->at.column++;
	}
}

/* Takes C if it comes next. */
static bool take(struct scan *s, char c)
{
	if (s->i >= s->len || peek(s) != c)
		return false;
	advance(s);
	return true;
}

static void skip_space(struct scan *s)
{
	while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r')
		advance(s);
}

static void put(struct scan *s, unsigned c)
{
	s->pos->keys[s->keys_len++] = (char)c;
}

/* Writes a character as UTF-8, which is never longer than the escape that it comes from. */
static void put_char(struct scan *s, uint32_t c)
{
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd; /* a parser refuses these; a key is a string without NUL in any case */
	if (c < 0x80) {
		put(s, c);
	} else if (c < 0x800) {
		put(s, 0xc0 | c >> 6);
		put(s, 0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		put(s, 0xe0 | c >> 12);
		put(s, 0x80 | (c >> 6 & 0x3f));
		put(s, 0x80 | (c & 0x3f));
	} else {
		put(s, 0xf0 | c >> 18);
		put(s, 0x80 | (c >> 12 & 0x3f));
		put(s, 0x80 | (c >> 6 & 0x3f));
		put(s, 0x80 | (c & 0x3f));
	}
}

/* Reads "uXXXX" after a backslash. */
static bool scan_hex(struct scan *s, uint32_t *ret)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	if (!take(s, 'u'))
		return false;
	*ret = 0;
	for (int i = 0; i < 4; i++) {
		const char *d = peek(s) ? strchr(digits, peek(s)) : NULL;
		uint32_t value;

		if (!d)
			return false;
		value = (uint32_t)(d - digits);
		*ret = *ret << 4 | (value < 16 ? value : value - 6);
		advance(s);
	}
	return true;
}

/* Reads what follows a backslash; two escapes of a surrogate pair are one character. */
static bool scan_escape(struct scan *s, bool keep)
{
	static const char names[] = "\"\\/bfnrt", chars[] = "\"\\/\b\f\n\r\t";
	const char *name = peek(s) ? strchr(names, peek(s)) : NULL;
	uint32_t c, low;

	if (name) {
		advance(s);
		c = (unsigned char)chars[name - names];
	} else if (!scan_hex(s, &c)) {
		return false;
	}
	if (c >= 0xd800 && c < 0xdc00) {
		if (!take(s, '\\') || !scan_hex(s, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	if (keep)
		put_char(s, c);
	return true;
}

/* Reads a string; with KEEP its text goes to `keys`. */
static bool scan_string(struct scan *s, bool keep)
{
	if (!take(s, '"'))
		return false;
	while (!take(s, '"')) {
		unsigned char c = (unsigned char)peek(s);

		if (c < 0x20)
			return false;
		advance(s);
		if (c == '\\') {
			if (!scan_escape(s, keep))
				return false;
		} else if (keep) {
			put(s, c);
		}
	}
	if (keep)
		put(s, '\0');
	return true;
}

/* Reads a string, a number or a word; which words there are is the parser's business. */
static bool scan_scalar(struct scan *s)
{
	size_t start = s->i;

	if (peek(s) == '"')
		return scan_string(s, false);
	while (peek(s) && !strchr(" \t\r\n,:[]{}\"", peek(s)))
		advance(s);
	return s->i > start;
}

/* Adds a node as the next child of what is open. */
static struct jsonpos_node *add_node(struct scan *s)
{
	struct jsonpos *pos = s->pos;
	size_t i = pos->n;
	struct jsonpos_node *node;

	pos->nodes = mem_grow(pos->nodes, pos->n, sizeof(*pos->nodes));
	node = &pos->nodes[pos->n++];
	node->parent = s->open;
	if (s->previous) {
		pos->nodes[s->previous].next = i;
		node->index = pos->nodes[s->previous].index + 1;
	} else if (i > 0) {
		pos->nodes[s->open].child = i;
	}
	s->previous = i;
	return node;
}

/* Reads the key, if what is open is an object, and a scalar or the opening bracket of a value. */
static int scan_value(struct scan *s)
{
	struct jsonpos_node *node = add_node(s);

	skip_space(s);
	if (s->depth > 0 && s->pos->nodes[s->open].first == '{') {
		node->key_at = s->at;
		node->key = s->pos->keys + s->keys_len;
		if (!scan_string(s, true))
			return JSONPOS_E_SYNTAX;
		skip_space(s);
		if (!take(s, ':'))
			return JSONPOS_E_SYNTAX;
		skip_space(s);
	}
	node->at = s->at;
	node->first = peek(s);
	s->opened = node->first == '{' || node->first == '[';
	if (!s->opened)
		return scan_scalar(s) ? 0 : JSONPOS_E_SYNTAX;
	if (s->depth == JSONPOS_DEPTH_MAX)
		return JSONPOS_E_DEPTH;
	advance(s);
	s->depth++;
	s->open = (size_t)(node - s->pos->nodes);
	s->previous = 0;
	return 0;
}

/* Closes what ends after a value. Returns whether the document is over; *MORE: another value
 * follows. */
static int scan_end(struct scan *s, bool *more)
{
	for (*more = false; s->depth > 0; s->depth--) {
		const struct jsonpos_node *open = &s->pos->nodes[s->open];

		skip_space(s);
		if (!take(s, open->first == '{' ? '}' : ']')) {
			*more = true;
			return s->opened || take(s, ',') ? 0 : JSONPOS_E_SYNTAX;
		}
		s->opened = false;
		s->previous = s->open;
		s->open = open->parent;
	}
	skip_space(s);
	return s->i == s->len ? 0 : JSONPOS_E_SYNTAX;
}

static int compare_members(const void *a, const void *b)
{
	const struct jsonpos_node *x = *(const struct jsonpos_node *const *)a;
	const struct jsonpos_node *y = *(const struct jsonpos_node *const *)b;
	int r;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	r = strcmp(x->key, y->key);
	if (r != 0)
		return r;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* By sorting, so that an object of 100,000 members is no trouble. */
static void find_repeated(struct jsonpos *pos)
{
	_cleanup_free_ struct jsonpos_node **members = mem_new(pos->n, sizeof(*members));
	size_t n = 0;

	for (size_t i = 0; i < pos->n; i++)
		if (pos->nodes[i].key)
			members[n++] = &pos->nodes[i];
	qsort(members, n, sizeof(*members), compare_members);
	for (size_t i = 1; i < n; i++) {
		struct jsonpos_node *a = members[i - 1], *b = members[i];

		if (a->parent == b->parent && strcmp(a->key, b->key) == 0) {
			a->replaced = true;
			b->earlier = (size_t)(a - pos->nodes);
		}
	}
}

int jsonpos_scan(struct jsonpos *pos, const char *text, size_t len)
{
	struct scan s = { .pos = pos, .text = text, .len = len, .at = { 1, 1 } };
	bool more;
	int r;

	*pos = (struct jsonpos){ 0 };
	/* A key's quotes are the room for its NUL; only what is cut off at the end lacks the
	 * second. */
	pos->keys = mem_new(len + 1, 1);
	do {
		r = scan_value(&s);
		if (r == 0)
			r = scan_end(&s, &more);
	} while (r == 0 && more);
	pos->end = s.at;
	if (r == 0)
		find_repeated(pos);
	return r;
}

static void add_key(struct buf *b, const char *key)
{
	_cleanup_(buf_done) struct buf escaped = { 0 };

	for (; *key; key++) {
		if (*key == '~')
			buf_add(&escaped, "~0");
		else if (*key == '/')
			buf_add(&escaped, "~1");
		else
			buf_addn(&escaped, key, 1);
	}
	quote_add(b, buf_text(&escaped), escaped.len, 64);
}

void jsonpos_pointer(const struct jsonpos *pos, size_t node, struct buf *b)
{
	size_t path[JSONPOS_DEPTH_MAX + 1];
	size_t n = 0;

	for (; node; node = pos->nodes[node].parent)
		path[n++] = node;
	while (n > 0) {
		const struct jsonpos_node *step = &pos->nodes[path[--n]];

		buf_add(b, "/");
		if (step->key)
			add_key(b, step->key);
		else
			buf_addf(b, "%zu", step->index);
	}
}

struct jsonpos_at jsonpos_locate(const char *text, size_t offset)
{
	struct scan s = { .text = text, .len = offset, .at = { 1, 1 } };

	while (s.i < offset)
		advance(&s);
	return s.at;
}

void jsonpos_done(struct jsonpos *pos)
{
	free(pos->nodes);
	free(pos->keys);
	*pos = (struct jsonpos){ 0 };
}
