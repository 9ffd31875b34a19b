/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The attributes of VFs in a snapshot: as in `list --json`, and what drivers may report beside. */
#include <stdio.h>
#include <string.h>

#include "core/doc-value.h"
#include "core/policy-value.h"
#include "core/quote.h"
#include "core/snapshot-read.h"

/* The VLAN being read; a driver may report more than there can be. */
struct vlan {
	uint64_t id, qos;
	unsigned proto;
	bool has_id, good;
};

static bool read_proto(struct snap_reader *c, const struct doc_value *v, unsigned *ret)
{
	const char *s;

	if (!doc_read_string(c->doc, v, &s, c->d))
		return false;
	if (strcmp(s, "802.1Q") == 0)
		*ret = VLAN_PROTO_8021Q;
	else if (strcmp(s, "802.1ad") == 0)
		*ret = VLAN_PROTO_8021AD;
	else {
		snap_complain(c, v, "%s is none of \"802.1Q\", \"802.1ad\"", quote_text(s).s);
		return false;
	}
	return true;
}

static bool read_vlan_key(struct snap_reader *c, const struct doc_value *v, struct vlan *vlan)
{
	if (strcmp(v->key, "id") == 0) {
		vlan->has_id = true;
		return doc_read_number(c->doc, v, 0, UINT16_MAX, &vlan->id, c->d);
	}
	if (strcmp(v->key, "qos") == 0)
		return doc_read_number(c->doc, v, 0, UINT16_MAX, &vlan->qos, c->d);
	if (strcmp(v->key, "proto") == 0)
		return read_proto(c, v, &vlan->proto);
	diag_add(c->d, doc_key_place(c->doc, v), -1, "unknown key (there are id, qos, proto)");
	return false;
}

static bool read_vlan(struct snap_reader *c, const struct doc_value *v, uint64_t *ret)
{
	struct vlan vlan = { .proto = VLAN_PROTO_8021Q, .good = true };
	const struct doc_value *m;

	if (v->type != DOC_OBJECT) {
		doc_wrong_type(c->doc, v, "an object with id, qos, proto", c->d);
		return false;
	}
	for (m = doc_first(c->doc, v); m; m = doc_next(c->doc, m))
		vlan.good = !m->bad && read_vlan_key(c, m, &vlan) && vlan.good;
	if (vlan.good && !vlan.has_id) {
		snap_complain(c, v, "the key \"id\" is missing");
		return false;
	}
	*ret = vlan_pack((unsigned)vlan.id, (unsigned)vlan.qos, vlan.proto);
	return vlan.good;
}

/* What a driver reports that is not one of the words is a number here. */
static bool read_word(
	struct snap_reader *c, const struct doc_value *v, enum vf_attr_id id, uint64_t *ret)
{
	size_t n_words = vf_attr_words(id);
	struct err e = { "" };
	unsigned choice;
	const char *s;

	if (v->type == DOC_INTEGER)
		return doc_read_number(c->doc, v, n_words, UINT32_MAX, ret, c->d);
	if (!doc_read_string(c->doc, v, &s, c->d))
		return false;
	if (policy_choice(s, vf_attr(id)->words, n_words, &choice, &e) < 0) {
		snap_complain(c, v, "%s", e.text);
		return false;
	}
	*ret = choice;
	return true;
}

static bool read_switch(struct snap_reader *c, const struct doc_value *v, uint64_t *ret)
{
	bool b;

	if (v->type == DOC_INTEGER)
		return doc_read_number(c->doc, v, 2, UINT32_MAX, ret, c->d);
	if (!doc_read_bool(c->doc, v, &b, c->d))
		return false;
	*ret = b;
	return true;
}

static bool read_guid(struct snap_reader *c, const struct doc_value *v, uint64_t *ret)
{
	struct err e = { "" };
	const char *s;

	if (!doc_read_string(c->doc, v, &s, c->d))
		return false;
	if (policy_guid(s, ret, &e) < 0) {
		snap_complain(c, v, "%s", e.text);
		return false;
	}
	return true;
}

static bool read_attr(
	struct snap_reader *c, const struct doc_value *v, enum vf_attr_id id, uint64_t *ret)
{
	switch (vf_attr(id)->type) {
	case VF_TYPE_MAC:
		return snap_read_mac(c, v, ret);
	case VF_TYPE_VLAN:
		return read_vlan(c, v, ret);
	case VF_TYPE_NUMBER:
		return doc_read_number(c->doc, v, 0, UINT32_MAX, ret, c->d);
	case VF_TYPE_BOOL:
		return read_switch(c, v, ret);
	case VF_TYPE_WORD:
		return read_word(c, v, id, ret);
	case VF_TYPE_GUID:
		return read_guid(c, v, ret);
	case VF_TYPE_DRIVER:
	case VF_TYPE_IFNAME:
	case VF_TYPE_TEXT:
		break;
	}
	return false;
}

bool snap_read_attr(struct snap_reader *c, const struct doc_value *v, struct vf_attrs *a)
{
	enum vf_attr_id id = vf_attr_by_key(v->key);
	uint64_t n;

	if (id == _VF_ATTR_MAX || !vf_attr_is_on_host(id))
		return false;
	if (v->type != DOC_NULL && read_attr(c, v, id, &n))
		vf_set_n(a, id, n);
	return true;
}
