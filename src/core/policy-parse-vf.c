/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a policy that speaks of VFs: ranges and attributes. */
#include <stdio.h>
#include <string.h>

#include "core/policy-parse.h"
#include "core/policy-value.h"
#include "core/quote.h"

static void set_number(struct parse *c, enum vf_attr_id id, const struct doc_value *v, uint64_t n)
{
	vf_set_n(&c->vf->attrs, id, n);
	c->vf->at[id] = doc_place(c->doc, v);
}

static void set_text(struct parse *c, enum vf_attr_id id, const struct doc_value *v, const char *s)
{
	vf_set_s(&c->vf->attrs, id, mem_intern(c->policy->strings, s));
	c->vf->at[id] = doc_place(c->doc, v);
}

static void attr_mac(struct parse *c, const struct doc_value *v, enum vf_attr_id id)
{
	struct err e = { 0 };
	const char *s;
	macaddr mac;

	if (!parse_string(c, v, &s))
		return;
	if (strcmp(s, "auto") == 0)
		set_number(c, id, v, VF_MAC_AUTO);
	else if (strcmp(s, "keep") == 0)
		set_number(c, id, v, VF_MAC_KEEP);
	else if (!strchr(s, ':') && !strchr(s, '-'))
		diag_add(c->d, doc_place(c->doc, v), -1,
			"%s is neither a MAC address nor \"auto\" nor \"keep\"", quote_text(s).s);
	else if (parse_good(c, v, policy_mac(s, &mac, &e), &e))
		set_number(c, id, v, mac);
}

static void vlan_id_key(struct parse *c, const struct doc_value *v)
{
	c->vlan.has_id = true;
	parse_number(c, v, 0, POLICY_VLAN_ID_MAX, &c->vlan.id);
}

static void vlan_qos_key(struct parse *c, const struct doc_value *v)
{
	c->vlan.has_more = true;
	parse_number(c, v, 0, POLICY_VLAN_QOS_MAX, &c->vlan.qos);
}

static void vlan_proto_key(struct parse *c, const struct doc_value *v)
{
	static const char *const words[] = { "802.1Q", "802.1ad" };
	static const unsigned protos[] = { VLAN_PROTO_8021Q, VLAN_PROTO_8021AD };
	struct err e = { 0 };
	unsigned choice;
	const char *s;

	c->vlan.has_more = true;
	if (parse_string(c, v, &s) &&
		parse_good(c, v, policy_choice(s, words, ARRAY_SIZE(words), &choice, &e), &e))
		c->vlan.proto = protos[choice];
}

static void attr_vlan(struct parse *c, const struct doc_value *v, enum vf_attr_id id)
{
	static const parse_fn fns[_KEY_MAX] = {
		[KEY_NOTE] = parse_note,
		[KEY_ID] = vlan_id_key,
		[KEY_QOS] = vlan_qos_key,
		[KEY_PROTO] = vlan_proto_key,
	};
	size_t problems = c->d->n;

	c->vlan.has_id = c->vlan.has_more = false;
	c->vlan.id = c->vlan.qos = 0;
	c->vlan.proto = VLAN_PROTO_8021Q;
	if (v->type == DOC_OBJECT) {
		parse_object(c, v, OBJECT_VLAN, fns);
		if (!c->vlan.has_id)
			diag_add(c->d, doc_place(c->doc, v), -1,
				"the key \"id\" is missing, a number in 0..%d", POLICY_VLAN_ID_MAX);
		else if (c->vlan.id == 0 && c->vlan.has_more && c->d->n == problems)
			diag_add(c->d, doc_place(c->doc, v), -1,
				"id 0 is no VLAN, so it can have neither qos nor proto");
	} else if (v->type == DOC_INTEGER) {
		parse_number(c, v, 0, POLICY_VLAN_ID_MAX, &c->vlan.id);
	} else {
		parse_wrong_type(c, v, "a number in 0..4094 or an object with id, qos, proto");
	}
	if (c->d->n == problems)
		set_number(c, id, v,
			vlan_pack((unsigned)c->vlan.id, (unsigned)c->vlan.qos, c->vlan.proto));
}

static void attr_number(struct parse *c, const struct doc_value *v, enum vf_attr_id id)
{
	uint64_t n;

	if (parse_number(c, v, vf_attr(id)->min, vf_attr(id)->max, &n))
		set_number(c, id, v, n);
}

static void attr_bool(struct parse *c, const struct doc_value *v, enum vf_attr_id id)
{
	bool b;

	if (parse_bool(c, v, &b))
		set_number(c, id, v, b);
}

static void attr_word(struct parse *c, const struct doc_value *v, enum vf_attr_id id)
{
	struct err e = { 0 };
	unsigned choice;
	const char *s;

	if (parse_string(c, v, &s) &&
		parse_good(c, v,
			policy_choice(s, vf_attr(id)->words, vf_attr_words(id), &choice, &e), &e))
		set_number(c, id, v, choice);
}

static void attr_guid(struct parse *c, const struct doc_value *v, enum vf_attr_id id)
{
	struct err e = { 0 };
	const char *s;
	uint64_t guid;

	if (parse_string(c, v, &s) && parse_good(c, v, policy_guid(s, &guid, &e), &e))
		set_number(c, id, v, guid);
}

static void attr_driver(struct parse *c, const struct doc_value *v, enum vf_attr_id id)
{
	struct err e = { 0 };
	const char *s;

	if (parse_string(c, v, &s) && parse_good(c, v, policy_driver_name(s, &e), &e))
		set_text(c, id, v, s);
}

static void attr_ifname(struct parse *c, const struct doc_value *v, enum vf_attr_id id)
{
	struct err e = { 0 };
	const char *s;

	if (!parse_string(c, v, &s) || !parse_good(c, v, policy_ifname(s, &e), &e))
		return;
	if (c->vf == &c->pf->defaults || c->vf->first != c->vf->last)
		diag_add(c->d, doc_place(c->doc, v), -1,
			"%s would be the name of several VFs; give it to one, as in "
			"\"vf\": {\"0\": {\"name\": …}}",
			quote_text(s).s);
	else
		set_text(c, id, v, s);
}

static void attr_text(struct parse *c, const struct doc_value *v, enum vf_attr_id id)
{
	const char *s;

	if (!parse_string(c, v, &s))
		return;
	if (strlen(s) > POLICY_LABEL_MAX)
		diag_add(c->d, doc_place(c->doc, v), -1,
			"is %zu bytes long, at most %d are allowed", strlen(s), POLICY_LABEL_MAX);
	else
		set_text(c, id, v, s);
}

void parse_attr(struct parse *c, const struct doc_value *v)
{
	static void (*const fns[])(struct parse *, const struct doc_value *, enum vf_attr_id) = {
		[VF_TYPE_MAC] = attr_mac,
		[VF_TYPE_VLAN] = attr_vlan,
		[VF_TYPE_NUMBER] = attr_number,
		[VF_TYPE_BOOL] = attr_bool,
		[VF_TYPE_WORD] = attr_word,
		[VF_TYPE_GUID] = attr_guid,
		[VF_TYPE_DRIVER] = attr_driver,
		[VF_TYPE_IFNAME] = attr_ifname,
		[VF_TYPE_TEXT] = attr_text,
	};
	enum vf_attr_id id = vf_attr_by_key(v->key);

	fns[vf_attr(id)->type](c, v, id);
}

static void parse_attrs(struct parse *c, const struct doc_value *v, struct vf_policy *vf)
{
	static const parse_fn fns[_KEY_MAX] = {
		[KEY_NOTE] = parse_note,
		[KEY_ATTR] = parse_attr,
	};

	vf->place = doc_key_place(c->doc, v);
	c->vf = vf;
	parse_object(c, v, OBJECT_VF, fns);
}

void parse_defaults(struct parse *c, const struct doc_value *v)
{
	parse_attrs(c, v, &c->pf->defaults);
}

static void parse_range(struct parse *c, const struct doc_value *v)
{
	struct vf_policy range = { 0 };
	struct pf_policy *pf = c->pf;
	struct err e = { 0 };
	bool good;

	if (policy_key(OBJECT_TOP, v->key) == KEY_NOTE) {
		parse_note(c, v);
		return;
	}
	good = policy_range(v->key, &range.first, &range.last, &e) == 0;
	if (!good)
		diag_add(c->d, doc_key_place(c->doc, v), -1, "%s", e.text);
	/* What stands in a range is worth a look even if nobody knows where it belongs. */
	parse_attrs(c, v, &range);
	if (!good)
		return;
	pf->vf = mem_grow(pf->vf, pf->n_vf, sizeof(*pf->vf));
	pf->vf[pf->n_vf++] = range;
}

void parse_vf(struct parse *c, const struct doc_value *v)
{
	if (v->type != DOC_OBJECT) {
		parse_wrong_type(
			c, v, "an object with ranges of VFs as keys: {\"0\": {}, \"1-2\": {}}");
		return;
	}
	for (v = doc_first(c->doc, v); v; v = doc_next(c->doc, v))
		if (!v->bad)
			parse_range(c, v);
}
