/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which keys the objects of a policy have, and what to tell somebody who wrote another one. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/* The kinds of objects in a policy. */
enum policy_object {
	OBJECT_TOP,
	OBJECT_PF,
	OBJECT_DEVICE,
	OBJECT_MATCH,
	OBJECT_VF, /* `defaults`, and each range in `vf` */
	OBJECT_VLAN,
	_OBJECT_MAX
};

enum policy_key {
	KEY_UNKNOWN,
	KEY_NOTE, /* `description`, `$schema`: a string that is not looked at */
	KEY_VERSION,
	KEY_PFS,
	KEY_DEVICES,
	KEY_HOSTS,
	KEY_MATCH,
	KEY_VFS,
	KEY_UP,
	KEY_AUTOPROBE,
	KEY_DEFAULTS,
	KEY_VF,
	KEY_ADDRESS,
	KEY_PF_MAC,
	KEY_PATH,
	KEY_SLOT,
	KEY_INTERFACE,
	KEY_VENDOR,
	KEY_DEVICE,
	KEY_SUBSYSTEM_VENDOR,
	KEY_SUBSYSTEM_DEVICE,
	KEY_PF_DRIVER,
	KEY_FOLLOW,
	KEY_MANY,
	KEY_OPTIONAL,
	KEY_ATTR,    /* one of the table in core/attr.h */
	KEY_SETTING, /* one of the table in core/pfset.h */
	KEY_ID,
	KEY_QOS,
	KEY_PROTO,
	_KEY_MAX
};

struct policy_key_row {
	enum policy_object object; /* _OBJECT_MAX: any */
	const char *name;
	enum policy_key key;
};

/*
 * Row number I of the table of keys, that of the VF attributes first, in their order; false behind
 * the last one.
 */
bool policy_key_row(unsigned i, struct policy_key_row *ret);

/* Whether the key of ROW can stand in an object of that kind. */
bool policy_key_is_in(const struct policy_key_row *row, enum policy_object object);

/* Whether a key of `match` with that meaning says which PF is meant, and not how to take it. */
bool policy_key_narrows(enum policy_key key);

/* What NAME means in an object of that kind. */
enum policy_key policy_key(enum policy_object object, const char *name);

/*
 * Appends what is wrong with NAME, which policy_key() called unknown, and what may be meant by
 * it: where it belongs, the most similar key, or all keys that there are.
 */
void policy_key_explain(struct buf *b, enum policy_object object, const char *name);
