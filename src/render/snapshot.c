/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host as a text: the table of core/snapshot-fields.h walked once. */
#include <string.h>

#include "core/snapshot-fields.h"
#include "core/snapshot.h"
#include "render/attrs.h"
#include "render/snapshot.h"
#include "render/text.h"

#define INDENT 2

/* Where it goes, and what references refer to. */
struct writer {
	struct jsonout *j;
	const struct inventory *inv;
};

static void write_object(
	const struct writer *w, const char *key, const struct snap_object *o, const void *base);

static void write_text(const struct writer *w, const char *key, const char *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (!s)
		return;
	text_encode(&b, s);
	jsonout_text(w->j, key, buf_text(&b));
}

static void write_number(const struct writer *w, const struct snap_object *o,
	const struct snap_field *f, const void *base)
{
	int64_t n = snap_number(f, base);

	if (n == f->none && !snap_is_required(o, f, base))
		return;
	if (f->type == SNAP_BOOL)
		jsonout_bool(w->j, f->key, n);
	else if (f->type == SNAP_ID)
		jsonout_hex(w->j, f->key, snap_digits(f), (uint64_t)n);
	else if (f->type == SNAP_WORD)
		jsonout_text(w->j, f->key, f->words[n]);
	else
		jsonout_number(w->j, f->key, n);
}

static void write_mac(const struct writer *w, const struct snap_field *f, const void *base)
{
	if (*(const bool *)snap_beside(f, base))
		jsonout_text(w->j, f->key, macaddr_text(*(const macaddr *)snap_member(f, base)).s);
}

static int ifindex_cmp(const void *key, const void *member)
{
	int ifindex = *(const int *)key;
	const struct netdev *n = member;

	return (ifindex > n->ifindex) - (ifindex < n->ifindex);
}

static void write_ifindex(const struct writer *w, const char *key, int ifindex)
{
	const struct inventory *inv = w->inv;
	const struct netdev *n = ifindex ? bsearch(&ifindex, inv->netdevs, inv->n_netdevs,
						   sizeof(*n), ifindex_cmp)
					 : NULL;

	if (n)
		write_text(w, key, n->name);
	else if (ifindex)
		jsonout_number(w->j, key, ifindex);
}

static void write_reference(const struct writer *w, const struct snap_field *f, const void *base)
{
	int i = *(const int *)snap_member(f, base);

	if (f->type == SNAP_IFINDEX)
		write_ifindex(w, f->key, i);
	else if (f->type == SNAP_NETDEV && i >= 0)
		write_text(w, f->key, w->inv->netdevs[i].name);
	else if (i >= 0)
		jsonout_text(w->j, f->key, pciaddr_text(w->inv->devs[i].addr).s);
}

/* A line per element; what follows the last newline is the last one. */
static void write_lines(const struct writer *w, const char *key, const char *text)
{
	jsonout_array(w->j, key);
	while (*text) {
		_cleanup_(buf_done) struct buf line = { 0 };
		size_t len = strcspn(text, "\n");

		buf_addn(&line, text, len);
		write_text(w, NULL, buf_text(&line));
		text += len;
		if (!*text)
			break;
		if (!*++text)
			jsonout_text(w->j, NULL, "");
	}
	jsonout_end(w->j);
}

static void write_files(const struct writer *w, const char *key, const struct genfile_state *files)
{
	jsonout_object(w->j, key);
	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		struct genfile_state state = files[f];

		if (!state.text)
			continue;
		if (!genfile_is_ours(state.text))
			state.text = "";
		write_object(w, genfile(f)->kind, &snap_file, &state);
	}
	jsonout_end(w->j);
}

static void write_names(const struct writer *w, const struct snap_field *f, const void *base)
{
	const char *const *list = *(const char *const *const *)snap_member(f, base);
	size_t n = *(const size_t *)snap_beside(f, base);

	jsonout_array(w->j, f->key);
	for (size_t i = 0; i < n; i++)
		write_text(w, NULL, list[i]);
	jsonout_end(w->j);
}

static void write_array(const struct writer *w, const struct snap_field *f, const void *base)
{
	const char *list = *(const char *const *)snap_member(f, base);
	size_t n = *(const size_t *)snap_beside(f, base);

	jsonout_array(w->j, f->key);
	for (size_t i = 0; i < n; i++)
		write_object(w, NULL, f->object, list + i * f->object->size);
	jsonout_end(w->j);
}

static bool is_unknown(const struct snap_object *o, const void *base);

/* Whether the member of BASE is one that would be left out, or an empty array. */
static bool is_none(const struct snap_field *f, const void *base)
{
	switch (f->type) {
	case SNAP_BOOL:
	case SNAP_INT:
	case SNAP_UNSIGNED:
	case SNAP_ID:
	case SNAP_WORD:
		return snap_number(f, base) == f->none;
	case SNAP_DEVICE:
	case SNAP_NETDEV:
	case SNAP_IFINDEX:
		return *(const int *)snap_member(f, base) == f->none;
	case SNAP_TEXT:
	case SNAP_RAW:
	case SNAP_NAME:
	case SNAP_LINES:
		return !*(const char *const *)snap_member(f, base);
	case SNAP_OBJECT:
		return is_unknown(f->object, snap_member(f, base));
	case SNAP_ARRAY:
	case SNAP_NAMES:
		return !*(const size_t *)snap_beside(f, base);
	case SNAP_MAC:
		return !*(const bool *)snap_beside(f, base);
	case SNAP_ADDRESS:
	case SNAP_FILES:
		break;
	}
	return false;
}

/* Whether nothing is known of BASE, an O that is part of another structure. */
static bool is_unknown(const struct snap_object *o, const void *base)
{
	for (size_t i = 0; i < o->n; i++)
		if (!is_none(&o->fields[i], base))
			return false;
	return true;
}

static void write_field(const struct writer *w, const struct snap_object *o,
	const struct snap_field *f, const void *base)
{
	switch (f->type) {
	case SNAP_BOOL:
	case SNAP_INT:
	case SNAP_UNSIGNED:
	case SNAP_ID:
	case SNAP_WORD:
		write_number(w, o, f, base);
		break;
	case SNAP_TEXT:
	case SNAP_RAW:
	case SNAP_NAME:
		write_text(w, f->key, *(const char *const *)snap_member(f, base));
		break;
	case SNAP_LINES:
		write_lines(w, f->key, *(const char *const *)snap_member(f, base));
		break;
	case SNAP_MAC:
		write_mac(w, f, base);
		break;
	case SNAP_ADDRESS:
		jsonout_text(w->j, f->key,
			pciaddr_text(*(const struct pciaddr *)snap_member(f, base)).s);
		break;
	case SNAP_DEVICE:
	case SNAP_NETDEV:
	case SNAP_IFINDEX:
		write_reference(w, f, base);
		break;
	case SNAP_OBJECT:
		if (!is_unknown(f->object, snap_member(f, base)))
			write_object(w, f->key, f->object, snap_member(f, base));
		break;
	case SNAP_ARRAY:
		write_array(w, f, base);
		break;
	case SNAP_NAMES:
		write_names(w, f, base);
		break;
	case SNAP_FILES:
		write_files(w, f->key, snap_member(f, base));
		break;
	}
}

/* Of what a driver reports and no word is for, the number. */
static bool has_word(enum vf_attr_id id, uint64_t n)
{
	switch (vf_attr(id)->type) {
	case VF_TYPE_BOOL:
		return n <= 1;
	case VF_TYPE_WORD:
		return n < vf_attr_words(id);
	case VF_TYPE_MAC:
	case VF_TYPE_VLAN:
	case VF_TYPE_NUMBER:
	case VF_TYPE_GUID:
	case VF_TYPE_DRIVER:
	case VF_TYPE_IFNAME:
	case VF_TYPE_TEXT:
		break;
	}
	return true;
}

static void write_attrs(const struct writer *w, const struct vf_attrs *a)
{
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++) {
		const char *key = vf_attr(id)->key;

		if (!vf_has(a, id) || !vf_attr_is_on_host(id))
			continue;
		if (has_word(id, a->v[id].n))
			attrs_value_json(w->j, key, id, a->v[id]);
		else
			jsonout_number(w->j, key, (int64_t)a->v[id].n);
	}
}

static void write_fields(const struct writer *w, const struct snap_object *o, const void *base)
{
	for (size_t i = 0; i < o->n; i++)
		write_field(w, o, &o->fields[i], base);
	if (o->attrs)
		write_attrs(w, (const void *)((const char *)base + o->attrs));
}

static void write_object(
	const struct writer *w, const char *key, const struct snap_object *o, const void *base)
{
	jsonout_object(w->j, key);
	write_fields(w, o, base);
	jsonout_end(w->j);
}

void snapshot_text(struct buf *b, const struct inventory *inv, const char *version)
{
	const struct writer w = { jsonout_new_as(SNAPSHOT_VERSION, INDENT), inv };

	jsonout_text(w.j, "sriovctl", version);
	write_fields(&w, &snap_host, inv);
	jsonout_finish(w.j, b);
}
