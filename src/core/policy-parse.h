/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the parser share. Not for others: theirs is core/policy.h. */
#pragma once

#include "core/doc.h"
#include "core/policy-keys.h"
#include "core/policy.h"

/* A list of globs; `list` is owned. */
struct globs {
	const char **list;
	size_t n;
};

/* A policy being read. */
struct parse {
	struct policy *policy;
	const struct doc *doc;
	struct diag *d;
	struct globs hosts;   /* of the outermost object */
	struct pf_policy *pf; /* the entry being read, of `pfs` or of `devices` */
	struct vf_policy *vf; /* the range being read */
	struct {
		bool has_id, has_more;
		uint64_t id, qos;
		unsigned proto;
	} vlan; /* the VLAN being read */
};

typedef void (*parse_fn)(struct parse *c, const struct doc_value *v);

/*
 * Calls the function in FNS, by enum policy_key, for each member of V, an object of the kind
 * OBJECT; complains if V is none, and about keys without a function.
 */
void parse_object(struct parse *c, const struct doc_value *v, enum policy_object object,
	const parse_fn fns[static _KEY_MAX]);

/* Complains that V is not WANTED ("a string"). */
void parse_wrong_type(struct parse *c, const struct doc_value *v, const char *wanted);

/* Whether V is true or false, which goes to *RET; if neither, that has been complained about. */
bool parse_bool(struct parse *c, const struct doc_value *v, bool *ret);

/* The same for a whole number in MIN..MAX. */
bool parse_number(
	struct parse *c, const struct doc_value *v, uint64_t min, uint64_t max, uint64_t *ret);

/* The same for a string, which lives as long as the document. */
bool parse_string(struct parse *c, const struct doc_value *v, const char **ret);

/*
 * The string V if it is a word of at most MAX bytes without the characters in NO, interned in the
 * policy; NULL if not, and that has been complained about.
 */
const char *parse_word(struct parse *c, const struct doc_value *v, size_t max, const char *no);

/* The member KEY of the object V, or NULL. */
const struct doc_value *parse_member(
	const struct parse *c, const struct doc_value *v, const char *key);

/* Whether R, what a function of core/policy-value.h returned for V, is good; complains with E if
 * not. */
bool parse_good(struct parse *c, const struct doc_value *v, int r, const struct err *e);

/* A `description` or `$schema`: any string. */
void parse_note(struct parse *c, const struct doc_value *v);

/* `match` of the entry being read. */
void parse_match(struct parse *c, const struct doc_value *v);

/* `hosts` of the entry being read. */
void parse_hosts(struct parse *c, const struct doc_value *v);

/* `devices`, with its entries. */
void parse_devices(struct parse *c, const struct doc_value *v);

/* A member of `defaults`, of a range or of an entry of `devices` that the attribute table knows. */
void parse_attr(struct parse *c, const struct doc_value *v);

/* `defaults` of the entry being read. */
void parse_defaults(struct parse *c, const struct doc_value *v);

/* `vf` of the entry being read, with its ranges. */
void parse_vf(struct parse *c, const struct doc_value *v);

/* A setting of the PF, which V's key names. */
void parse_setting(struct parse *c, const struct doc_value *v);
