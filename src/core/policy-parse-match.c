/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a policy that says which PF an entry is about. */
#include <string.h>

#include "core/policy-parse.h"
#include "core/policy-value.h"
#include "core/quote.h"

static void match_address(struct parse *c, const struct doc_value *v)
{
	struct pf_match *m = &c->pf->match;
	struct err e = { 0 };
	const char *s;

	m->has_address = parse_string(c, v, &s) &&
			 parse_good(c, v, policy_address(s, &m->address, &e), &e);
}

static void match_mac(struct parse *c, const struct doc_value *v)
{
	struct pf_match *m = &c->pf->match;
	struct err e = { 0 };
	const char *s;

	m->has_mac = parse_string(c, v, &s) && parse_good(c, v, policy_mac(s, &m->mac, &e), &e);
}

static bool read_id(struct parse *c, const struct doc_value *v, uint16_t *ret)
{
	struct err e = { 0 };

	if (v->type != DOC_STRING) {
		parse_wrong_type(c, v, "a string of four hexadecimal digits like \"8086\"");
		return false;
	}
	return parse_good(c, v, policy_hex_id(v->s, ret, &e), &e);
}

static void match_vendor(struct parse *c, const struct doc_value *v)
{
	c->pf->match.has_vendor = read_id(c, v, &c->pf->match.vendor);
}

static void match_device(struct parse *c, const struct doc_value *v)
{
	c->pf->match.has_device = read_id(c, v, &c->pf->match.device);
}

static void match_subsystem_vendor(struct parse *c, const struct doc_value *v)
{
	c->pf->match.has_subsystem_vendor = read_id(c, v, &c->pf->match.subsystem_vendor);
}

static void match_subsystem_device(struct parse *c, const struct doc_value *v)
{
	c->pf->match.has_subsystem_device = read_id(c, v, &c->pf->match.subsystem_device);
}

static void match_path(struct parse *c, const struct doc_value *v)
{
	c->pf->match.path = parse_word(c, v, POLICY_PATH_MAX, "");
}

static void match_slot(struct parse *c, const struct doc_value *v)
{
	struct err e = { 0 };
	const char *s;

	if (parse_string(c, v, &s) && parse_good(c, v, policy_slot(s, &e), &e))
		c->pf->match.slot = mem_intern(c->policy->strings, s);
}

static void match_interface(struct parse *c, const struct doc_value *v)
{
	c->pf->match.interface = parse_word(c, v, POLICY_GLOB_MAX, "/");
}

static void match_driver(struct parse *c, const struct doc_value *v)
{
	struct err e = { 0 };
	const char *s;

	if (parse_string(c, v, &s) && parse_good(c, v, policy_driver_name(s, &e), &e))
		c->pf->match.driver = mem_intern(c->policy->strings, s);
}

static void match_follow(struct parse *c, const struct doc_value *v)
{
	const char *s;

	if (!parse_string(c, v, &s))
		return;
	c->pf->match.follow = strcmp(s, "mac") == 0;
	if (!c->pf->match.follow)
		diag_add(c->d, doc_place(c->doc, v), -1,
			"%s is not \"mac\", by which alone a PF can be followed", quote_text(s).s);
}

static void match_many(struct parse *c, const struct doc_value *v)
{
	parse_bool(c, v, &c->pf->many);
}

static void match_optional(struct parse *c, const struct doc_value *v)
{
	parse_bool(c, v, &c->pf->optional);
}

static const parse_fn match_fns[_KEY_MAX] = {
	[KEY_NOTE] = parse_note,
	[KEY_ADDRESS] = match_address,
	[KEY_PF_MAC] = match_mac,
	[KEY_PATH] = match_path,
	[KEY_SLOT] = match_slot,
	[KEY_INTERFACE] = match_interface,
	[KEY_VENDOR] = match_vendor,
	[KEY_DEVICE] = match_device,
	[KEY_SUBSYSTEM_VENDOR] = match_subsystem_vendor,
	[KEY_SUBSYSTEM_DEVICE] = match_subsystem_device,
	[KEY_PF_DRIVER] = match_driver,
	[KEY_FOLLOW] = match_follow,
	[KEY_MANY] = match_many,
	[KEY_OPTIONAL] = match_optional,
};

/* Whether the key, well written or not, was meant to narrow down the PFs. */
static bool narrows(const char *name)
{
	return policy_key_narrows(policy_key(OBJECT_MATCH, name));
}

/* To follow something takes what is followed, and a place that it can have left. */
static void check_follow(struct parse *c, const struct doc_value *match)
{
	const struct doc_value *follow = parse_member(c, match, "follow");

	if (!c->pf->match.follow)
		return;
	if (!parse_member(c, match, "mac"))
		diag_add(c->d, doc_place(c->doc, follow), -1,
			"there is no \"mac\" beside it by which the PF could be found again");
	if (!parse_member(c, match, "address") && !parse_member(c, match, "path") &&
		!parse_member(c, match, "slot"))
		diag_add(c->d, doc_place(c->doc, follow), -1,
			"there is no address, path or slot beside it that the PF could have left; "
			"without it, \"mac\" means the PF wherever it is");
}

void parse_match(struct parse *c, const struct doc_value *v)
{
	const struct doc_value *key;

	c->pf->match_at = doc_place(c->doc, v);
	parse_object(c, v, OBJECT_MATCH, match_fns);
	if (v->type != DOC_OBJECT)
		return;
	check_follow(c, v);
	for (key = doc_first(c->doc, v); key && !narrows(key->key); key = doc_next(c->doc, key))
		;
	if (!key)
		diag_add(c->d, c->pf->match_at, -1,
			"matches everything: give at least one of address, mac, path, slot, "
			"interface, vendor, device, subsystem_vendor, subsystem_device, driver");
}
