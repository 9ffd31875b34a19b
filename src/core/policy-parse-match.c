/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a policy that says which PF an entry is about. */
#include <string.h>

#include "core/policy-parse.h"
#include "core/policy-value.h"

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

static void match_path(struct parse *c, const struct doc_value *v)
{
	c->pf->match.path = parse_word(c, v, POLICY_PATH_MAX, "");
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
	[KEY_INTERFACE] = match_interface,
	[KEY_VENDOR] = match_vendor,
	[KEY_DEVICE] = match_device,
	[KEY_PF_DRIVER] = match_driver,
	[KEY_MANY] = match_many,
	[KEY_OPTIONAL] = match_optional,
};

/* Whether the key, well written or not, was meant to narrow down the PFs. */
static bool narrows(const char *name)
{
	enum policy_key key = policy_key(OBJECT_MATCH, name);

	return key != KEY_NOTE && key != KEY_MANY && key != KEY_OPTIONAL;
}

void parse_match(struct parse *c, const struct doc_value *v)
{
	const struct doc_value *key;

	c->pf->match_at = doc_place(c->doc, v);
	parse_object(c, v, OBJECT_MATCH, match_fns);
	if (v->type != DOC_OBJECT)
		return;
	for (key = doc_first(c->doc, v); key && !narrows(key->key); key = doc_next(c->doc, key))
		;
	if (!key)
		diag_add(c->d, c->pf->match_at, -1,
			"matches every PF: give at least one of address, mac, path, interface, "
			"vendor, device, driver");
}
