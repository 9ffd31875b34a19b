/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which keys the objects of a policy have. */
#include <stdbool.h>
#include <string.h>

#include "core/attr.h"
#include "core/policy-keys.h"
#include "core/similar.h"

#define ANY_OBJECT _OBJECT_MAX

static const struct policy_key_row rows[] = {
	{ OBJECT_TOP, "version", KEY_VERSION },
	{ OBJECT_TOP, "pfs", KEY_PFS },
	{ OBJECT_TOP, "hosts", KEY_HOSTS },
	{ OBJECT_TOP, "devices", KEY_DEVICES },
	{ OBJECT_PF, "match", KEY_MATCH },
	{ OBJECT_PF, "hosts", KEY_HOSTS },
	{ OBJECT_PF, "vfs", KEY_VFS },
	{ OBJECT_PF, "up", KEY_UP },
	{ OBJECT_PF, "autoprobe", KEY_AUTOPROBE },
	{ OBJECT_PF, "defaults", KEY_DEFAULTS },
	{ OBJECT_PF, "vf", KEY_VF },
	{ OBJECT_PF, "eswitch", KEY_SETTING },
	{ OBJECT_PF, "mtu", KEY_SETTING },
	{ OBJECT_PF, "features", KEY_SETTING },
	{ OBJECT_PF, "fdb", KEY_SETTING },
	{ OBJECT_DEVICE, "match", KEY_MATCH },
	{ OBJECT_DEVICE, "hosts", KEY_HOSTS },
	{ OBJECT_DEVICE, "driver", KEY_ATTR },
	{ OBJECT_DEVICE, "label", KEY_ATTR },
	{ OBJECT_MATCH, "address", KEY_ADDRESS },
	{ OBJECT_MATCH, "mac", KEY_PF_MAC },
	{ OBJECT_MATCH, "path", KEY_PATH },
	{ OBJECT_MATCH, "slot", KEY_SLOT },
	{ OBJECT_MATCH, "interface", KEY_INTERFACE },
	{ OBJECT_MATCH, "vendor", KEY_VENDOR },
	{ OBJECT_MATCH, "device", KEY_DEVICE },
	{ OBJECT_MATCH, "subsystem_vendor", KEY_SUBSYSTEM_VENDOR },
	{ OBJECT_MATCH, "subsystem_device", KEY_SUBSYSTEM_DEVICE },
	{ OBJECT_MATCH, "driver", KEY_PF_DRIVER },
	{ OBJECT_MATCH, "follow", KEY_FOLLOW },
	{ OBJECT_MATCH, "many", KEY_MANY },
	{ OBJECT_MATCH, "optional", KEY_OPTIONAL },
	/* The keys of VFs are the rows of the attribute table. */
	{ OBJECT_VLAN, "id", KEY_ID },
	{ OBJECT_VLAN, "qos", KEY_QOS },
	{ OBJECT_VLAN, "proto", KEY_PROTO },
	{ ANY_OBJECT, "description", KEY_NOTE },
	{ ANY_OBJECT, "$schema", KEY_NOTE },
};

/* The kinds of objects as a sentence names them. */
static const char *const object_names[_OBJECT_MAX] = {
	[OBJECT_TOP] = "the outermost object",
	[OBJECT_PF] = "an entry of \"pfs\"",
	[OBJECT_DEVICE] = "an entry of \"devices\"",
	[OBJECT_MATCH] = "\"match\"",
	[OBJECT_VF] = "\"defaults\" or a range in \"vf\"",
	[OBJECT_VLAN] = "\"vlan\"",
};

bool policy_key_row(unsigned i, struct policy_key_row *ret)
{
	if (i < _VF_ATTR_MAX)
		*ret = (struct policy_key_row){ OBJECT_VF, vf_attr((enum vf_attr_id)i)->key,
			KEY_ATTR };
	else if (i < _VF_ATTR_MAX + ARRAY_SIZE(rows))
		*ret = rows[i - _VF_ATTR_MAX];
	else
		return false;
	return true;
}

bool policy_key_is_in(const struct policy_key_row *row, enum policy_object object)
{
	return row->object == object || row->object == ANY_OBJECT;
}

bool policy_key_narrows(enum policy_key key)
{
	return key != KEY_NOTE && key != KEY_FOLLOW && key != KEY_MANY && key != KEY_OPTIONAL;
}

enum policy_key policy_key(enum policy_object object, const char *name)
{
	struct policy_key_row row;

	for (unsigned i = 0; policy_key_row(i, &row); i++)
		if (policy_key_is_in(&row, object) && strcmp(row.name, name) == 0)
			return row.key;
	return KEY_UNKNOWN;
}

/* The key of OBJECT that NAME most probably is; NULL: none is similar. */
static const char *most_similar(enum policy_object object, const char *name)
{
	struct similar s = similar_begin(name);
	struct policy_key_row row;

	for (unsigned i = 0; policy_key_row(i, &row); i++)
		if (policy_key_is_in(&row, object))
			similar_offer(&s, row.name);
	return s.found;
}

/* Appends the kinds of objects that do have NAME. Returns whether there are any. */
static bool add_owners(struct buf *b, const char *name)
{
	bool any = false;

	for (unsigned o = 0; o < _OBJECT_MAX; o++) {
		enum policy_key key = policy_key((enum policy_object)o, name);

		if (key == KEY_UNKNOWN)
			continue;
		buf_addf(b, "%s%s", any ? " or " : "not a key here: it belongs in ",
			object_names[o]);
		any = true;
	}
	return any;
}

static void add_all(struct buf *b, enum policy_object object)
{
	const char *before = " (there are ";
	struct policy_key_row row;

	for (unsigned i = 0; policy_key_row(i, &row); i++)
		if (row.object == object) {
			buf_addf(b, "%s%s", before, row.name);
			before = ", ";
		}
	buf_add(b, ")");
}

void policy_key_explain(struct buf *b, enum policy_object object, const char *name)
{
	const char *similar;

	if (add_owners(b, name))
		return;
	similar = most_similar(object, name);
	if (similar) {
		buf_addf(b, "unknown key, did you mean \"%s\"?", similar);
		return;
	}
	buf_add(b, "unknown key");
	add_all(b, object);
}
