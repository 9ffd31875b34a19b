/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VF attributes as they appear in lists. */
#include <string.h>

#include "render/attrs.h"

/* Appends the word for a value, nothing for the state in which every VF begins. */
static void flag(struct buf *b, enum vf_attr_id id, union vf_value v)
{
	const struct vf_attr *row = vf_attr(id);
	/* Without a unit, the key names it. */
	bool whole = row->type == VF_TYPE_NUMBER && !row->unit;
	size_t word = whole ? strlen(row->key) : strcspn(row->key, "_");

	if (v.n == 0 || row->min > 0) /* what every VF has some of sets none apart */
		return;
	switch (row->type) {
	case VF_TYPE_BOOL:
		buf_add(b, row->key);
		break;
	case VF_TYPE_WORD:
	case VF_TYPE_NUMBER:
		buf_addn(b, row->key, word);
		buf_add(b, " ");
		vf_value_text(b, id, v);
		if (row->unit)
			buf_addn(b, row->unit, 1);
		break;
	case VF_TYPE_MAC:
	case VF_TYPE_VLAN:
	case VF_TYPE_GUID:
	case VF_TYPE_DRIVER:
	case VF_TYPE_IFNAME:
	case VF_TYPE_TEXT:
		break;
	}
}

void attrs_flags(struct buf *b, const struct vf_attrs *a)
{
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++) {
		_cleanup_(buf_done) struct buf word = { 0 };

		if (vf_has(a, id))
			flag(&word, id, a->v[id]);
		if (word.len == 0)
			continue;
		if (b->len > 0)
			buf_add(b, ", ");
		buf_add(b, buf_text(&word));
	}
}

static void vlan_json(struct jsonout *j, const char *key, uint64_t vlan)
{
	jsonout_object(j, key);
	jsonout_number(j, "id", vlan_id(vlan));
	jsonout_number(j, "qos", vlan_qos(vlan));
	jsonout_text(j, "proto", vlan_proto(vlan) == VLAN_PROTO_8021AD ? "802.1ad" : "802.1Q");
	jsonout_end(j);
}

void attrs_value_json(struct jsonout *j, const char *key, enum vf_attr_id id, union vf_value v)
{
	_cleanup_(buf_done) struct buf text = { 0 };

	switch (vf_attr(id)->type) {
	case VF_TYPE_MAC:
	case VF_TYPE_GUID:
	case VF_TYPE_WORD:
		vf_value_text(&text, id, v);
		jsonout_text(j, key, buf_text(&text));
		break;
	case VF_TYPE_VLAN:
		vlan_json(j, key, v.n);
		break;
	case VF_TYPE_NUMBER:
		jsonout_number(j, key, (int64_t)v.n);
		break;
	case VF_TYPE_BOOL:
		jsonout_bool(j, key, v.n);
		break;
	case VF_TYPE_DRIVER:
	case VF_TYPE_IFNAME:
	case VF_TYPE_TEXT:
		jsonout_text(j, key, v.s);
		break;
	}
}

void attrs_json(struct jsonout *j, const struct vf_attrs *a)
{
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++) {
		const char *key = vf_attr(id)->key;

		if (vf_has(a, id) && vf_attr_is_on_host(id))
			attrs_value_json(j, key, id, a->v[id]);
		else if (vf_attr(id)->way == VF_BY_NETLINK && vf_attr_is_of(id, VF_OF_ETHERNET))
			jsonout_null(j, key);
	}
}
