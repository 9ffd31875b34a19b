/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of PF settings. One row serves the policy's parser, the planner, rendering and the
 * check of the manual; core/step.c says where in the order of a run a setting comes. A value is a
 * number for an item of a setting: `mtu` has one, `features` one per feature, `fdb` one per
 * address.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/diag.h"
#include "core/types.h"

enum pfset_id {
	PFSET_ESWITCH, /* n: enum of the kernel: legacy 0, switchdev 1 */
	PFSET_MTU,
	PFSET_FEATURES, /* item: the kernel's name; n: 0 off, 1 on */
	PFSET_FDB,      /* item: a MAC address; n: 0 not there, 1 there */
	_PFSET_MAX
};

enum pfset_type {
	PFSET_TYPE_WORD,     /* one of the row's words, by index */
	PFSET_TYPE_NUMBER,   /* within the row's min and max */
	PFSET_TYPE_SWITCHES, /* an object with true or false per item */
	PFSET_TYPE_MACS,     /* an array of addresses that are to be there */
};

struct pfset {
	const char *key; /* as in the policy */
	enum pfset_type type;
	uint64_t min, max;          /* PFSET_TYPE_NUMBER */
	const char *const words[3]; /* for the values 0 and 1, and a NULL; all NULL: a number */
	bool netdev;      /* it is one of the PF's interface, so only network cards have it */
	const char *help; /* one line, for people */
};

/* The row of ID. */
const struct pfset *pfset(enum pfset_id id);

/* The setting with that policy key, or _PFSET_MAX. */
enum pfset_id pfset_by_key(const char *key);

/* Bytes of an item's name with its end, as many as ethtool's strings have (ETH_GSTRING_LEN). */
#define PFSET_ITEM_SIZE 32

/* A setting, or an item of one, and what it is to be. */
struct pfset_value {
	enum pfset_id id;
	char item[PFSET_ITEM_SIZE]; /* "": it has only one */
	uint64_t n;
	struct place at; /* in the policy */
};

/* Zero-initialise; pfset_done() frees it. */
struct pfset_list {
	struct pfset_value *values; /* in the order in which they were given */
	size_t n;
};

/* Adds a value; returns it, valid until the next one is added. ITEM is shorter than its size. */
struct pfset_value *pfset_add(struct pfset_list *l, enum pfset_id id, const char *item, uint64_t n);

/* The value of the item, or NULL. */
const struct pfset_value *pfset_find(
	const struct pfset_list *l, enum pfset_id id, const char *item);

/* Appends copies of all values of FROM to L. */
void pfset_copy(struct pfset_list *l, const struct pfset_list *from);

/* A bit 1 << enum pfset_id for each setting that L is about. */
unsigned pfset_mask(const struct pfset_list *l);

/* Frees what L holds and makes it empty. */
void pfset_done(struct pfset_list *l);

/* Appends the value as people write it: "9000", "on", "switchdev", "present". */
void pfset_value_text(struct buf *b, enum pfset_id id, uint64_t n);

/* Whether N is a value that the setting can have, whoever tells it. */
bool pfset_is_value(enum pfset_id id, uint64_t n);

/* Whether ITEM can be one of the setting: "", a name, an address as macaddr_text() writes it. */
bool pfset_is_item(enum pfset_id id, const char *item);

/*
 * The kernel's name of a feature that `ethtool -k` prints as NAME: where that is an older one, the
 * one that it stands for, else NAME itself. NULL for one that stands for several; what they are
 * called goes to *RET_SEVERAL.
 */
const char *pfset_feature(const char *name, const char **ret_several);

/* What a scan found of a PF's settings. */
struct pf_settings {
	enum eswitch {
		ESWITCH_UNKNOWN, /* not read, or there was no answer */
		ESWITCH_NONE,    /* its driver has no such thing */
		ESWITCH_LEGACY,
		ESWITCH_SWITCHDEV
	} eswitch;
	/* Features, by the kernel's names, sorted by strcmp(); all empty: not read. */
	const char **on, **off;
	size_t n_on, n_off;
	const char **fixed; /* those of them that nobody can change */
	size_t n_fixed;
	bool fdb_read;
	struct fdb_entry {
		bool known; /* always true: a snapshot's addresses have such a member */
		macaddr mac;
	} * fdb; /* unicast addresses that its embedded switch sends to the host */
	size_t n_fdb;
};

/* Frees what S holds. */
void pf_settings_done(struct pf_settings *s);

/* Whether the scan found the PF's features. */
bool pf_settings_has_features(const struct pf_settings *s);

/* Whether nobody can change the feature NAME. */
bool pf_settings_is_fixed(const struct pf_settings *s, const char *name);

/*
 * What the PF has for the item of a setting, `mtu` excepted, in *RET. Returns false when it has no
 * such thing, or that is not known.
 */
bool pf_settings_get(
	const struct pf_settings *s, enum pfset_id id, const char *item, uint64_t *ret);
