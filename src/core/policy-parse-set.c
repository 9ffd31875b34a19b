/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON text to policy: the settings of a PF, by the rows of core/pfset.h. */
#include <string.h>

#include "core/policy-parse.h"
#include "core/policy-value.h"
#include "core/quote.h"

/* Adds the item that V says, unless it has been said before. */
static void add(
	struct parse *c, const struct doc_value *v, enum pfset_id id, const char *item, uint64_t n)
{
	const struct pfset_value *other = pfset_find(&c->pf->settings, id, item);

	if (other)
		diag_add(c->d, doc_place(c->doc, v), -1, "%s is already at %s:%u:%u", item,
			other->at.file, other->at.line, other->at.column);
	else
		pfset_add(&c->pf->settings, id, item, n)->at = doc_place(c->doc, v);
}

static void set_word(struct parse *c, const struct doc_value *v, enum pfset_id id)
{
	struct err e = { "" };
	unsigned choice;
	const char *s;

	if (parse_string(c, v, &s) &&
		parse_good(c, v, policy_choice(s, pfset(id)->words, 2, &choice, &e), &e))
		add(c, v, id, "", choice);
}

static void set_number(struct parse *c, const struct doc_value *v, enum pfset_id id)
{
	uint64_t n;

	if (parse_number(c, v, pfset(id)->min, pfset(id)->max, &n))
		add(c, v, id, "", n);
}

/* The kernel's name of the feature that V's key names, or NULL after a complaint. */
static const char *feature(struct parse *c, const struct doc_value *v)
{
	const char *several = NULL, *name = pfset_feature(v->key, &several);
	struct place at = doc_key_place(c->doc, v);
	struct err e = { "" };

	if (!name) {
		diag_add(c->d, at, -1, "%s stands for several features: name those (%s)", v->key,
			several);
		return NULL;
	}
	if (policy_word(name, PFSET_ITEM_SIZE - 1, "", &e) == 0)
		return name;
	diag_add(c->d, at, -1, "%s", e.text);
	return NULL;
}

static void set_switch(struct parse *c, const struct doc_value *v, enum pfset_id id)
{
	const char *name;
	bool on;

	if (policy_key(OBJECT_TOP, v->key) == KEY_NOTE) {
		parse_note(c, v);
		return;
	}
	name = feature(c, v);
	if (parse_bool(c, v, &on) && name)
		add(c, v, id, name, on);
}

static void set_switches(struct parse *c, const struct doc_value *v, enum pfset_id id)
{
	if (v->type != DOC_OBJECT) {
		parse_wrong_type(c, v,
			"an object with features of `ethtool -k` as keys: {\"rx-gro\": false}");
		return;
	}
	for (v = doc_first(c->doc, v); v; v = doc_next(c->doc, v))
		if (!v->bad)
			set_switch(c, v, id);
}

static void set_macs(struct parse *c, const struct doc_value *v, enum pfset_id id)
{
	struct err e = { "" };
	const char *s;
	macaddr mac;

	if (v->type != DOC_ARRAY) {
		parse_wrong_type(c, v, "an array of MAC addresses");
		return;
	}
	for (v = doc_first(c->doc, v); v; v = doc_next(c->doc, v))
		if (!v->bad && parse_string(c, v, &s) &&
			parse_good(c, v, policy_mac(s, &mac, &e), &e))
			add(c, v, id, macaddr_text(mac).s, 1);
}

void parse_setting(struct parse *c, const struct doc_value *v)
{
	static void (*const fns[])(struct parse *, const struct doc_value *, enum pfset_id) = {
		[PFSET_TYPE_WORD] = set_word,
		[PFSET_TYPE_NUMBER] = set_number,
		[PFSET_TYPE_SWITCHES] = set_switches,
		[PFSET_TYPE_MACS] = set_macs,
	};
	enum pfset_id id = pfset_by_key(v->key);

	fns[pfset(id)->type](c, v, id);
}
