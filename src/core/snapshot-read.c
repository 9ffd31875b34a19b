/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot's text to an inventory, by the table of its fields, in two passes: first all that
 * stands for itself, then what refers to something, which by then is known.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/doc-value.h"
#include "core/policy-keys.h"
#include "core/quote.h"
#include "core/snapshot-read.h"

static void read_object(struct snap_reader *c, const struct doc_value *v,
	const struct snap_object *o, void *base, uint32_t *ret_known);

void snap_complain(struct snap_reader *c, const struct doc_value *v, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	diag_add(c->d, doc_place(c->doc, v), -1, "%s", text ? text : fmt);
	free(text);
}

/* Whether there is no use in looking for more. */
static bool is_full(const struct snap_reader *c)
{
	return c->d->n >= SNAPSHOT_PROBLEMS_MAX;
}

static const struct snap_field *find_field(const struct snap_object *o, const char *key)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->fields[i].key, key) == 0)
			return &o->fields[i];
	return NULL;
}

/* Sets what a key that is left out stands for, where that is not zero. */
static void set_unknown(const struct snap_object *o, void *base)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct snap_field *f = &o->fields[i];

		if (f->none)
			snap_set_number(f, base, f->none);
		if (f->type == SNAP_OBJECT)
			set_unknown(f->object, snap_member(f, base));
	}
}

static void read_array(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	const struct snap_object *o = f->object;
	char **list = snap_member(f, base);
	size_t *n = snap_beside(f, base), i = 0;

	if (v->type != DOC_ARRAY) {
		if (!c->references)
			doc_wrong_type(c->doc, v, "an array", c->d);
		return;
	}
	for (v = doc_first(c->doc, v); v && !is_full(c); v = doc_next(c->doc, v), i++) {
		uint32_t known = 0;
		char *element;

		if (f->max && i == f->max) {
			snap_complain(c, v, "there are more than %d of them", (int)f->max);
			return;
		}
		if (!c->references) {
			*list = mem_grow(*list, i, o->size);
			set_unknown(o, *list + i * o->size);
			*n = i + 1;
		}
		element = *list + i * o->size;
		read_object(c, v, o, element, &known);
		snap_check_element(c, v, o, *list, i, known & 1, base);
	}
}

static void read_file(struct snap_reader *c, const struct doc_value *v, struct genfile_state *files)
{
	enum genfile f = genfile_by_kind(v->key);
	uint32_t known;

	if (f == _GENFILE_MAX) {
		_cleanup_(buf_done) struct buf kinds = { 0 };

		for (f = 0; f < _GENFILE_MAX; f++)
			buf_addf(&kinds, "%s%s", f ? ", " : "", genfile(f)->kind);
		diag_add(c->d, doc_key_place(c->doc, v), -1, "unknown file (there are %s)",
			buf_text(&kinds));
		return;
	}
	if (v->type == DOC_NULL)
		return;
	set_unknown(&snap_file, &files[f]);
	read_object(c, v, &snap_file, &files[f], &known);
}

static void read_files(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	if (v->type != DOC_OBJECT) {
		doc_wrong_type(c->doc, v, "an object", c->d);
		return;
	}
	for (v = doc_first(c->doc, v); v && !is_full(c); v = doc_next(c->doc, v))
		if (!v->bad)
			read_file(c, v, snap_member(f, base));
}

/* Reads V as the field F, if this is the pass for it. Returns whether it is known now. */
static bool read_field(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base)
{
	uint32_t known;

	if (f->type == SNAP_OBJECT)
		read_object(c, v, f->object, snap_member(f, base), &known);
	else if (f->type == SNAP_ARRAY)
		read_array(c, v, f, base);
	else if (snap_is_reference(f) != c->references)
		return false;
	else if (f->type == SNAP_NAMES)
		snap_read_names(c, v, f, base);
	else if (f->type == SNAP_FILES)
		read_files(c, v, f, base);
	else
		return snap_read_value(c, v, f, base);
	return true;
}

/* The version of the format, and who wrote it, are in no structure. */
static bool read_head(struct snap_reader *c, const struct doc_value *v)
{
	const char *s;

	if (strcmp(v->key, "version") == 0) {
		if (v->type != DOC_INTEGER || v->n != SNAPSHOT_VERSION) {
			_cleanup_(buf_done) struct buf is = { 0 };

			doc_describe(&is, v);
			snap_complain(c, v, "must be %d, the only version there is, not %s",
				SNAPSHOT_VERSION, buf_text(&is));
		}
		return true;
	}
	if (strcmp(v->key, "sriovctl") != 0)
		return false;
	(void)!doc_read_string(c->doc, v, &s, c->d);
	return true;
}

static void complain_unknown(
	struct snap_reader *c, const struct doc_value *v, const struct snap_object *o)
{
	_cleanup_(buf_done) struct buf keys = { 0 };

	for (size_t i = 0; i < o->n; i++)
		buf_addf(&keys, "%s%s", i ? ", " : "", o->fields[i].key);
	for (enum vf_attr_id id = 0; o->attrs && id < _VF_ATTR_MAX; id++)
		if (vf_attr_is_on_host(id))
			buf_addf(&keys, ", %s", vf_attr(id)->key);
	diag_add(c->d, doc_key_place(c->doc, v), -1, "unknown key of %s (there are %s)", o->name,
		buf_text(&keys));
}

/* Reads what is in no row of the object's table. */
static void read_other(
	struct snap_reader *c, const struct doc_value *v, const struct snap_object *o, void *base)
{
	const char *s;

	if (policy_key(OBJECT_TOP, v->key) == KEY_NOTE)
		(void)!doc_read_string(c->doc, v, &s, c->d);
	else if (!(o == &snap_host && read_head(c, v)) &&
		 !(o->attrs && snap_read_attr(c, v, (void *)((char *)base + o->attrs))))
		complain_unknown(c, v, o);
}

static void complain_missing(struct snap_reader *c, const struct doc_value *v,
	const struct snap_object *o, const void *base, uint32_t given)
{
	for (size_t i = 0; i < o->n; i++)
		if (snap_is_required(o, &o->fields[i], base) && !(given & UINT32_C(1) << i))
			snap_complain(c, v, "%s needs the key \"%s\"", o->name, o->fields[i].key);
}

/* Reads V as an O into BASE; bit i of *RET_KNOWN: field i has been read in this pass. */
static void read_object(struct snap_reader *c, const struct doc_value *v,
	const struct snap_object *o, void *base, uint32_t *ret_known)
{
	const struct doc_value *m;
	uint32_t given = 0;

	*ret_known = 0;
	if (v->type != DOC_OBJECT) {
		if (!c->references && !v->bad)
			doc_wrong_type(c->doc, v, "an object", c->d);
		return;
	}
	for (m = doc_first(c->doc, v); m && !is_full(c); m = doc_next(c->doc, m)) {
		const struct snap_field *f = find_field(o, m->key);
		uint32_t bit = f ? UINT32_C(1) << (f - o->fields) : 0;

		if (m->type != DOC_NULL || m->bad)
			given |= bit;
		if (m->bad || (f && m->type == DOC_NULL))
			continue;
		if (f && read_field(c, m, f, base))
			*ret_known |= bit;
		else if (!f && !c->references)
			read_other(c, m, o, base);
	}
	if (!c->references)
		complain_missing(c, v, o, base, given);
}

/* The member KEY of the document, NULL: there is none, or it cannot be what it should be. */
static const struct doc_value *section(const struct snap_reader *c, const char *key)
{
	const struct doc_value *v = doc_first(c->doc, doc_root(c->doc));

	while (v && (v->bad || strcmp(v->key, key) != 0))
		v = doc_next(c->doc, v);
	return v;
}

/* In an order in which each can refer to those before it. */
static void read_references(struct snap_reader *c)
{
	static const char *const order[] = { "netdevs", "devices", "pfs" };

	c->references = true;
	for (size_t i = 0; i < ARRAY_SIZE(order) && !c->broken; i++) {
		const struct doc_value *v = section(c, order[i]);

		if (v && v->type == DOC_ARRAY)
			read_field(c, v, find_field(&snap_host, order[i]), c->inv);
	}
}

static void read_root(struct snap_reader *c)
{
	const struct doc_value *root = doc_root(c->doc);
	uint32_t known;

	set_unknown(&snap_host, c->inv);
	if (root->type == DOC_OBJECT && !section(c, "version"))
		snap_complain(c, root, "a snapshot needs the key \"version\", which is %d",
			SNAPSHOT_VERSION);
	read_object(c, root, &snap_host, c->inv, &known);
	snap_index(c, section(c, "netdevs"));
	read_references(c);
	snap_index_done(c);
	if (is_full(c))
		diag_add(c->d, (struct place){ doc_place(c->doc, root).file, "", 0, 0 }, -1,
			"has more problems than are told");
}

int snapshot_read(
	const char *name, const char *text, size_t len, struct inventory **ret, struct diag *d)
{
	struct inventory *inv = inventory_new();
	struct snap_reader c = { .inv = inv, .d = d };
	size_t before = d->n;
	struct doc *doc;

	*ret = inv;
	if (len > SNAPSHOT_SIZE_MAX) {
		diag_add(d, (struct place){ mem_intern(inv->strings, name), "", 0, 0 }, -1,
			"is longer than %d MiB", SNAPSHOT_SIZE_MAX / 1024 / 1024);
		return -EINVAL;
	}
	doc = doc_load(name, text, len, inv->strings, d);
	if (doc) {
		c.doc = doc;
		read_root(&c);
		doc_free(doc);
	}
	inventory_index(inv);
	diag_sort(d);
	return d->n > before ? -EINVAL : 0;
}
