/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration in UCL as a tree. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "core/ucl.h"

#define DEPTH_MAX 16

struct parser {
	const char *name;       /* interned */
	const char *s, *end;    /* what is left */
	const char *line_start; /* of the line that S is in */
	unsigned line;
	unsigned depth;
	struct mem_pool *strings;
	struct diag *d;
};

/* A place in the text. */
struct mark {
	unsigned line, column;
};

/* Where the parser is; columns are characters, as an editor counts them. */
static struct mark here(const struct parser *p)
{
	struct mark m = { p->line, 1 };

	for (const char *s = p->line_start; s < p->s; s++)
		m.column += ((unsigned char)*s & 0xc0) != 0x80;
	return m;
}

/* Adds a problem; always false, so that whoever finds one can return it. */
static bool _printf_(3, 4) fail(const struct parser *p, struct mark at, const char *fmt, ...)
{
	struct place place = { p->name, "", at.line, at.column };
	_cleanup_(buf_done) struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	diag_add(p->d, place, -1, "%s", buf_text(&b));
	return false;
}

/* The next byte, or 0 at the end; a zero byte in the text is no better than its end. */
static char peek(const struct parser *p)
{
	return p->s < p->end ? *p->s : '\0';
}

static bool starts_with(const struct parser *p, const char *what)
{
	size_t len = strlen(what);

	return (size_t)(p->end - p->s) >= len && memcmp(p->s, what, len) == 0;
}

static void step(struct parser *p)
{
	if (*p->s++ == '\n') {
		p->line++;
		p->line_start = p->s;
	}
}

static void skip(struct parser *p, size_t n)
{
	while (n-- > 0)
		step(p);
}

/* Skips a comment that may have others in it. */
static bool skip_block(struct parser *p)
{
	struct mark at = here(p);
	unsigned open = 0;

	do {
		if (p->s == p->end)
			return fail(p, at, "this comment has no end: \"*/\" is missing");
		if (starts_with(p, "/*")) {
			open++;
			skip(p, 2);
		} else if (starts_with(p, "*/")) {
			open--;
			skip(p, 2);
		} else {
			step(p);
		}
	} while (open);
	return true;
}

static bool is_blank(char c)
{
	return c && strchr(" \t\r\n", c);
}

/* Skips blanks, ends of lines and comments. */
static bool skip_blank(struct parser *p)
{
	for (;;) {
		if (is_blank(peek(p)))
			step(p);
		else if (peek(p) == '#')
			while (p->s < p->end && *p->s != '\n')
				step(p);
		else if (!starts_with(p, "/*"))
			return true;
		else if (!skip_block(p))
			return false;
	}
}

static bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

static bool fail_byte(const struct parser *p)
{
	if (p->s == p->end)
		return fail(p, here(p), "the file ends in the middle of something");
	return fail(p, here(p), "the byte 0x%02x is no printable ASCII",
		(unsigned)(unsigned char)*p->s);
}

/* Reads a text in quotes QUOTE, at which the parser is. */
static bool read_quoted(struct parser *p, char quote, const char **ret)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct mark at = here(p);

	for (step(p); peek(p) != quote; step(p)) {
		if (p->s == p->end || *p->s == '\n')
			return fail(p, at, "the quote that ends this is missing");
		if (*p->s == '\\') {
			step(p);
			if (!peek(p) || !strchr("\"'\\/", *p->s))
				return fail(p, here(p),
					"only a quote or a backslash can stand behind a "
					"backslash");
		}
		if (!is_printable(*p->s) && *p->s != '\t')
			return fail_byte(p);
		buf_addn(&b, p->s, 1);
	}
	step(p);
	*ret = mem_intern(p->strings, buf_text(&b));
	return true;
}

/* Reads a value without quotes: up to the end of the line, or what ends it before. */
static bool read_word(struct parser *p, const char **ret)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	size_t len = 0;

	while (p->s < p->end && !strchr("\n;,{}[]#\"", *p->s) && !starts_with(p, "/*")) {
		if (!is_printable(*p->s) && *p->s != '\t' && *p->s != '\r')
			return fail_byte(p);
		buf_addn(&b, p->s, 1);
		if (!is_blank(*p->s))
			len = b.len;
		step(p);
	}
	if (p->s < p->end && *p->s == '\0')
		return fail_byte(p);
	if (len)
		b.s[len] = '\0';
	*ret = mem_intern(p->strings, buf_text(&b));
	return true;
}

static bool is_key(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_-./", c));
}

/* Reads the key of V, and what may stand between it and the value. */
static bool read_key(struct parser *p, struct ucl_value *v)
{
	struct mark at = here(p);
	const char *start = p->s;
	_cleanup_(buf_done) struct buf b = { 0 };

	v->key_line = at.line;
	v->key_column = at.column;
	if (peek(p) == '.')
		return fail(p, at, "macros like .include are not understood");
	if (peek(p) == '"') {
		if (!read_quoted(p, '"', &v->key))
			return false;
	} else {
		while (is_key(peek(p)))
			step(p);
		if (p->s == start)
			return is_printable(peek(p))
				       ? fail(p, at, "a key is missing before '%c'", *p->s)
				       : fail_byte(p);
		buf_addn(&b, start, (size_t)(p->s - start));
		v->key = mem_intern(p->strings, buf_text(&b));
	}
	if (!skip_blank(p))
		return false;
	if (peek(p) == ':' || peek(p) == '=')
		step(p);
	return skip_blank(p);
}

static bool read_members(struct parser *p, struct ucl_value *parent, char end);

/* Reads what is between the bracket at which the parser is and END. */
static bool read_container(struct parser *p, struct ucl_value *v, enum ucl_type type, char end)
{
	if (p->depth == DEPTH_MAX)
		return fail(p, here(p), "nested more than %d deep", DEPTH_MAX);
	v->type = type;
	p->depth++;
	step(p);
	if (!read_members(p, v, end))
		return false;
	p->depth--;
	return true;
}

static bool read_value(struct parser *p, struct ucl_value *v)
{
	struct mark at = here(p);
	char c = peek(p);

	v->line = at.line;
	v->column = at.column;
	if (c == '{')
		return read_container(p, v, UCL_OBJECT, '}');
	if (c == '[')
		return read_container(p, v, UCL_ARRAY, ']');
	if (c == '"' || c == '\'') {
		v->type = UCL_STRING;
		return read_quoted(p, c, &v->s);
	}
	if (starts_with(p, "<<"))
		return fail(p, at, "texts of several lines are not understood");
	if (p->s == p->end || strchr(";,}]", c))
		return fail(p, at, "the value of %s is missing", v->key ? v->key : "an element");
	v->type = UCL_WORD;
	return read_word(p, &v->s);
}

/* Whether there may be another value here: READY, or after what ends one. Fails if not. */
static bool begins_anew(const struct parser *p, bool ready)
{
	if (peek(p) == '}' || peek(p) == ']')
		return fail(p, here(p), "there is nothing that this '%c' would end", *p->s);
	if (ready)
		return true;
	if (peek(p) == '{' || peek(p) == '[')
		return fail(p, here(p), "before this '%c' stands more than one name", *p->s);
	return fail(p, here(p), "before this, a ';' is missing");
}

/* Reads the members or elements of PARENT up to END, or to the end of the text if that is 0. */
static bool read_members(struct parser *p, struct ucl_value *parent, char end)
{
	struct mark at = { parent->line, parent->column };
	struct ucl_value **last = &parent->first;
	bool ready = true;

	for (;;) {
		unsigned line = p->line;

		if (!skip_blank(p))
			return false;
		ready |= p->line != line;
		if (p->s == p->end)
			return !end || fail(p, at, "the '%c' that ends this is missing", end);
		if (end && *p->s == end) {
			step(p);
			return true;
		}
		if (*p->s == ';' || *p->s == ',') {
			step(p);
			ready = true;
			continue;
		}
		if (!begins_anew(p, ready))
			return false;
		*last = mem_new(1, sizeof(**last));
		if ((parent->type == UCL_OBJECT && !read_key(p, *last)) || !read_value(p, *last))
			return false;
		ready = (*last)->type == UCL_OBJECT || (*last)->type == UCL_ARRAY;
		last = &(*last)->next;
	}
}

/* Reads everything: with braces around it, as JSON has them, or without. */
static bool read_all(struct parser *p, struct ucl_value *root)
{
	if (!skip_blank(p))
		return false;
	if (peek(p) != '{')
		return read_members(p, root, '\0');
	root->line = here(p).line;
	root->column = here(p).column;
	if (!read_container(p, root, UCL_OBJECT, '}'))
		return false;
	do {
		if (!skip_blank(p))
			return false;
		if (p->s == p->end)
			return true;
		step(p);
	} while (p->s[-1] == ';' || p->s[-1] == ',');
	p->s--;
	return fail(p, here(p), "behind the '}' that ends everything, there is more");
}

struct ucl_value *ucl_parse(
	const char *name, const char *text, size_t len, struct mem_pool *strings, struct diag *d)
{
	struct parser p = { .name = mem_intern(strings, name),
		.s = text,
		.end = text + len,
		.line_start = text,
		.line = 1,
		.strings = strings,
		.d = d };
	struct ucl_value *root = mem_new(1, sizeof(*root));

	root->type = UCL_OBJECT;
	root->line = root->column = 1;
	if (starts_with(&p, "\xef\xbb\xbf")) /* what some editors begin a file with */
		p.line_start = p.s += 3;
	if (read_all(&p, root))
		return root;
	ucl_free(root);
	return NULL;
}

void ucl_free(struct ucl_value *v)
{
	while (v) {
		struct ucl_value *next = v->next;

		ucl_free(v->first);
		free(v);
		v = next;
	}
}

/* What a suffix multiplies a number with, 0: it is none. */
static uint64_t multiplier(const char *suffix)
{
	static const char letters[] = "kmg";
	uint64_t n = 1, base = 1000;
	const char *letter;

	if (!*suffix)
		return 1;
	letter = strchr(letters, tolower((unsigned char)suffix[0]));
	if (!letter || (suffix[1] && strcasecmp(suffix + 1, "b") != 0))
		return 0;
	if (suffix[1])
		base = 1024;
	for (const char *c = letters; c <= letter; c++)
		n *= base;
	return n;
}

bool ucl_number(const char *s, uint64_t *ret)
{
	bool hex = strncasecmp(s, "0x", 2) == 0;
	char *end;
	uint64_t n, by;

	if (hex ? !isxdigit((unsigned char)s[2]) : !isdigit((unsigned char)s[0]))
		return false;
	errno = 0;
	n = strtoull(s, &end, hex ? 16 : 10);
	by = hex ? !*end : multiplier(end);
	return !errno && by && !__builtin_mul_overflow(n, by, ret);
}

bool ucl_bool(const char *s, bool *ret)
{
	static const char *const words[] = { "false", "no", "off", "true", "yes", "on" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasecmp(s, words[i]) == 0) {
			*ret = i >= ARRAY_SIZE(words) / 2;
			return true;
		}
	return false;
}
