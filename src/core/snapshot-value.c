/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of a snapshot. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "core/doc-value.h"
#include "core/quote.h"
#include "core/snapshot-read.h"

#define NAME_MAX_BYTES 63

/* Appends S with \\ and \xHH as the bytes that they stand for; false when it is not so written. */
static bool unescape(struct buf *b, const char *s)
{
	static const char digits[] = "0123456789abcdef";

	for (; *s; s++) {
		const char *high, *low;
		char byte;

		if (s[0] != '\\') {
			buf_addn(b, s, 1);
			continue;
		}
		if (s[1] == '\\') {
			buf_addn(b, s++, 1);
			continue;
		}
		if (s[1] != 'x' || !s[2] || !s[3])
			return false;
		high = strchr(digits, s[2]);
		low = strchr(digits, s[3]);
		if (!high || !low)
			return false;
		byte = (char)((high - digits) << 4 | (low - digits));
		if (!byte)
			return false;
		buf_addn(b, &byte, 1);
		s += 3;
	}
	return true;
}

/* Appends the string V with its escapes undone; false after a complaint. */
static bool read_raw(struct snap_reader *c, const struct doc_value *v, struct buf *b)
{
	const char *s;

	if (!doc_read_string(c->doc, v, &s, c->d))
		return false;
	if (unescape(b, s))
		return true;
	snap_complain(c, v,
		"%s: a \\ is written as \\\\, and begins \\x and two lower-case hexadecimal "
		"digits that are not 00",
		quote_text(s).s);
	return false;
}

static bool has_control(const char *s)
{
	size_t len = strlen(s);
	unsigned code;

	for (size_t i = 0; i < len; i++)
		if (quote_control(s + i, len - i, &code))
			return true;
	return false;
}

/* Interns the text B of V in *RET if it is fit for F; complains if not. */
static bool take_text(struct snap_reader *c, const struct doc_value *v, const struct snap_field *f,
	const struct buf *b, const char **ret)
{
	const char *s = buf_text(b);
	size_t usual = f->type == SNAP_NAME ? NAME_MAX_BYTES : SNAP_TEXT_MAX;
	size_t max = f->max ? f->max : usual;

	if (f->type == SNAP_NAME) {
		if (!file_is_name(s) || b->len > max) {
			snap_complain(c, v,
				"%s is no name (1 to %zu characters of ASCII without blanks and "
				"slashes)",
				quote_text(s).s, max);
			return false;
		}
	} else if (b->len > max || b->len < f->min) {
		snap_complain(c, v, "is %zu bytes long; it has to have %d to %zu", b->len,
			(int)f->min, max);
		return false;
	} else if (f->type == SNAP_TEXT && has_control(s)) {
		snap_complain(c, v, "%s has a control character", quote_text(s).s);
		return false;
	}
	*ret = mem_intern(c->inv->strings, s);
	return true;
}

static bool read_text(struct snap_reader *c, const struct doc_value *v, const struct snap_field *f,
	const char **ret)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	return read_raw(c, v, &b) && take_text(c, v, f, &b, ret);
}

static bool add_line(struct snap_reader *c, const struct doc_value *v, struct buf *text)
{
	_cleanup_(buf_done) struct buf line = { 0 };

	if (!read_raw(c, v, &line))
		return false;
	if (strchr(buf_text(&line), '\n')) {
		snap_complain(c, v, "has a newline: each line is a string of its own");
		return false;
	}
	if (text->len + line.len >= GENFILE_SIZE_MAX) {
		snap_complain(c, v, "makes the file longer than %d bytes", GENFILE_SIZE_MAX);
		return false;
	}
	buf_add(text, buf_text(&line));
	return true;
}

/* The text of a file: its lines with a newline between them. */
static bool read_lines(struct snap_reader *c, const struct doc_value *v, const char **ret)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	const struct doc_value *line;

	if (v->type != DOC_ARRAY) {
		doc_wrong_type(c->doc, v, "an array of lines", c->d);
		return false;
	}
	for (line = doc_first(c->doc, v); line; line = doc_next(c->doc, line)) {
		if (line->bad || !add_line(c, line, &text))
			return false;
		if (doc_next(c->doc, line))
			buf_add(&text, "\n");
	}
	*ret = mem_intern(c->inv->strings, buf_text(&text));
	return true;
}

static bool read_bool(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	bool b;

	if (!doc_read_bool(c->doc, v, &b, c->d))
		return false;
	snap_set_number(f, base, b);
	return true;
}

static bool read_number(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	uint64_t n;

	if (!doc_read_number(c->doc, v, f->min, f->max, &n, c->d))
		return false;
	snap_set_number(f, base, (int64_t)n);
	return true;
}

static bool read_hex(const char *s, int digits, uint64_t *ret)
{
	if (strlen(s) != (size_t)digits || s[strspn(s, "0123456789abcdefABCDEF")])
		return false;
	*ret = strtoull(s, NULL, 16);
	return true;
}

static bool read_id(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	const char *s;
	uint64_t n;

	if (!doc_read_string(c->doc, v, &s, c->d))
		return false;
	if (!read_hex(s, snap_digits(f), &n) || n < f->min || n > f->max) {
		snap_complain(c, v, "%s is not a number of %d hexadecimal digits%s%s",
			quote_text(s).s, snap_digits(f), f->min ? " that is not 0" : "",
			f->max == SNAP_BARS_MAX ? " up to 3f" : "");
		return false;
	}
	snap_set_number(f, base, (int64_t)n);
	return true;
}

static bool read_word(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	_cleanup_(buf_done) struct buf words = { 0 };
	const char *s;

	if (!doc_read_string(c->doc, v, &s, c->d))
		return false;
	for (unsigned i = 0; i <= f->max; i++) {
		if (strcmp(s, f->words[i]) == 0) {
			snap_set_number(f, base, i);
			return true;
		}
		buf_addf(&words, "%s\"%s\"", i ? ", " : "", f->words[i]);
	}
	snap_complain(c, v, "%s is none of %s", quote_text(s).s, buf_text(&words));
	return false;
}

bool snap_read_mac(struct snap_reader *c, const struct doc_value *v, macaddr *ret)
{
	const char *s;

	if (!doc_read_string(c->doc, v, &s, c->d))
		return false;
	if (macaddr_parse(s, ret) == 0)
		return true;
	snap_complain(c, v, "%s is not a MAC address like 02:00:00:00:00:01", quote_text(s).s);
	return false;
}

static bool read_mac(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	bool *has = snap_beside(f, base);

	*has = snap_read_mac(c, v, snap_member(f, base));
	return *has;
}

static bool read_address(struct snap_reader *c, const struct doc_value *v, struct pciaddr *ret)
{
	const char *s;

	if (!doc_read_string(c->doc, v, &s, c->d))
		return false;
	if (pciaddr_parse(s, ret) == 0)
		return true;
	snap_complain(c, v, "%s is not a PCI address like 0000:01:00.0", quote_text(s).s);
	return false;
}

static bool read_device(struct snap_reader *c, const struct doc_value *v, int *ret)
{
	struct pciaddr a;
	int dev;

	if (!read_address(c, v, &a))
		return false;
	dev = inventory_dev(c->inv, a);
	if (dev < 0) {
		snap_complain(c, v, "there is no %s in \"devices\"", pciaddr_text(a).s);
		return false;
	}
	*ret = dev;
	return true;
}

static int name_cmp(const void *key, const void *member)
{
	return strcmp(key, ((const struct snap_name *)member)->name);
}

static bool read_netdev(struct snap_reader *c, const struct doc_value *v, int *ret)
{
	_cleanup_(buf_done) struct buf name = { 0 };
	const struct snap_name *found;

	if (!read_raw(c, v, &name))
		return false;
	found = bsearch(buf_text(&name), c->names, c->inv->n_netdevs, sizeof(*c->names), name_cmp);
	if (!found) {
		snap_complain(c, v, "there is no interface %s in \"netdevs\"",
			quote_text(buf_text(&name)).s);
		return false;
	}
	*ret = found->netdev;
	return true;
}

/* An interface by its name; only one that is in no namespace of ours has just a number. */
static bool read_ifindex(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	int netdev;

	if (v->type == DOC_INTEGER)
		return read_number(c, v, f, base);
	if (!read_netdev(c, v, &netdev))
		return false;
	snap_set_number(f, base, c->inv->netdevs[netdev].ifindex);
	return true;
}

bool snap_read_value(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	void *member = snap_member(f, base);

	switch (f->type) {
	case SNAP_BOOL:
		return read_bool(c, v, f, base);
	case SNAP_INT:
	case SNAP_UNSIGNED:
		return read_number(c, v, f, base);
	case SNAP_ID:
		return read_id(c, v, f, base);
	case SNAP_WORD:
		return read_word(c, v, f, base);
	case SNAP_TEXT:
	case SNAP_RAW:
	case SNAP_NAME:
		return read_text(c, v, f, member);
	case SNAP_LINES:
		return read_lines(c, v, member);
	case SNAP_MAC:
		return read_mac(c, v, f, base);
	case SNAP_ADDRESS:
		return read_address(c, v, member);
	case SNAP_DEVICE:
		return read_device(c, v, member);
	case SNAP_NETDEV:
		return read_netdev(c, v, member);
	case SNAP_IFINDEX:
		return read_ifindex(c, v, f, base);
	case SNAP_OBJECT:
	case SNAP_ARRAY:
	case SNAP_NAMES:
	case SNAP_FILES:
		break;
	}
	assert(false);
	return false;
}

void snap_read_names(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	const struct snap_field one = { .type = SNAP_NAME };
	const char ***list = snap_member(f, base);
	size_t *n = snap_beside(f, base);

	if (v->type != DOC_ARRAY) {
		doc_wrong_type(c->doc, v, "an array of names", c->d);
		return;
	}
	for (v = doc_first(c->doc, v); v; v = doc_next(c->doc, v)) {
		const char *name;

		if (c->d->n >= SNAPSHOT_PROBLEMS_MAX)
			return;
		if (v->bad || !read_text(c, v, &one, &name))
			continue;
		if (*n && strcmp((*list)[*n - 1], name) >= 0)
			snap_complain(c, v, "%s stands behind %s: names are sorted, and given once",
				name, (*list)[*n - 1]);
		*list = mem_grow(*list, *n, sizeof(**list));
		(*list)[(*n)++] = name;
	}
}
