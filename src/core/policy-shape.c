/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the value of each key of a policy looks like. */
#include "core/policy-shape.h"
#include "core/pfset.h"
#include "core/policy.h"

/* policy-value.c in the words of regular expressions. */
#define TEXT(x)   #x
#define NUMBER(x) TEXT(x)
#define OCTET     "[0-9A-Fa-f]{1,2}"
#define NOT_ZERO  "(?!0{1,2}([:-]0{1,2}){5}$)"
#define OCTETS(x) "(" x OCTET "){5}"
#define MAC       NOT_ZERO "[0-9A-Fa-f]?[02468ACEace](" OCTETS(":") "|" OCTETS("-") ")"
#define GUID      "(?!0{1,2}(:0{1,2}){7}$)" OCTET "(:" OCTET "){7}"
#define ADDRESS                                                         \
	"^(([0-9A-Fa-f]{4,8}:)?[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\\.[0-7]|" \
	"netdevsim(0|[1-9][0-9]{0,9})(/(0|[1-9][0-9]{0,4}))?)$"
#define SLOT   "^[ -.0-~]{1," NUMBER(POLICY_SLOT_MAX) "}$"
#define HEX_ID "^(0[xX])?[0-9A-Fa-f]{4}$"
#define DRIVER "^[0-9A-Za-z_-]{1," NUMBER(POLICY_DRIVER_MAX) "}$"
#define HOLDER                                      \
	"^(?=.{1," NUMBER(POLICY_DRIVER_MAX) "}$)(" \
					     "pci-stub|[0-9A-Za-z_-]*vfio[0-9A-Za-z_-]*)$"
#define PATH    "^[!-~]{1," NUMBER(POLICY_PATH_MAX) "}$"
#define FEATURE "^[!-~]{1,31}$" /* PFSET_ITEM_SIZE - 1 */
#define GLOB    "^[!-.0-~]{1," NUMBER(POLICY_GLOB_MAX) "}$"
#define IFNAME  "^(?!(all|default|lo|[0-9]+|eth[0-9]+)$)[0-9A-Za-z][0-9A-Za-z._-]{0,14}$"

static const char *const max_word[] = { "max", NULL };
static const char *const follows[] = { "mac", NULL };
static const char *const protos[] = { "802.1Q", "802.1ad", NULL };

static const struct policy_shape shapes[_KEY_MAX] = {
	[KEY_NOTE] = { SHAPE_TEXT, "for people and editors; not looked at" },
	[KEY_VERSION] = { SHAPE_VERSION, "of the policy's language" },
	[KEY_PFS] = { SHAPE_LIST, "an entry for each PF", .object = OBJECT_PF },
	[KEY_DEVICES] = { SHAPE_LIST, "an entry for each device that is reserved as a whole",
		.object = OBJECT_DEVICE },
	[KEY_HOSTS] = { SHAPE_GLOBS, "names of the hosts that it is for, or globs; without: all",
		.pattern = GLOB },
	[KEY_MATCH] = { SHAPE_OBJECT, "which PF it is for; all that is given must agree",
		.object = OBJECT_MATCH },
	[KEY_VFS] = { SHAPE_COUNT, "how many VFs; without: those that there are",
		.max = POLICY_VF_MAX, .words = max_word },
	[KEY_UP] = { SHAPE_BOOL, "raise the PF's interface if there are VFs (default: true)" },
	[KEY_AUTOPROBE] = { SHAPE_BOOL,
		"whether drivers of the host may take VFs afterwards; without: as it was" },
	[KEY_DEFAULTS] = { SHAPE_OBJECT, "for all VFs of the PF", .object = OBJECT_VF },
	[KEY_VF] = { SHAPE_RANGES, "for single VFs or ranges of them, counted from 0",
		.object = OBJECT_VF },
	[KEY_ADDRESS] = { SHAPE_PATTERN, "PCI address", .pattern = ADDRESS },
	[KEY_PF_MAC] = { SHAPE_PATTERN, "permanent MAC address", .pattern = "^" MAC "$" },
	[KEY_PATH] = { SHAPE_PATTERN, "udev's ID_PATH", .pattern = PATH },
	[KEY_INTERFACE] = { SHAPE_PATTERN, "name of its interface, or a glob", .pattern = GLOB },
	[KEY_VENDOR] = { SHAPE_PATTERN, "PCI vendor, four hexadecimal digits", .pattern = HEX_ID },
	[KEY_DEVICE] = { SHAPE_PATTERN, "PCI device, four hexadecimal digits", .pattern = HEX_ID },
	[KEY_PF_DRIVER] = { SHAPE_PATTERN, "the PF's driver", .pattern = DRIVER },
	[KEY_SUBSYSTEM_VENDOR] = { SHAPE_PATTERN, "PCI subsystem vendor", .pattern = HEX_ID },
	[KEY_SUBSYSTEM_DEVICE] = { SHAPE_PATTERN, "PCI subsystem device", .pattern = HEX_ID },
	[KEY_SLOT] = { SHAPE_PATTERN, "name of its physical slot", .pattern = SLOT },
	[KEY_FOLLOW] = { SHAPE_WORDS, "a PF that has moved is found by its MAC", .words = follows },
	[KEY_MANY] = { SHAPE_BOOL, "it is for all PFs that match" },
	[KEY_OPTIONAL] = { SHAPE_BOOL, "it is no error if none does" },
	[KEY_ID] = { SHAPE_NUMBER, "0: none", .max = POLICY_VLAN_ID_MAX },
	[KEY_QOS] = { SHAPE_NUMBER, "priority", .max = POLICY_VLAN_QOS_MAX },
	[KEY_PROTO] = { SHAPE_WORDS, "protocol of the tag", .words = protos },
};

static struct policy_shape attr_shape(enum vf_attr_id id)
{
	const struct vf_attr *a = vf_attr(id);
	struct policy_shape s = { .help = a->help, .min = a->min, .max = a->max };

	switch (a->type) {
	case VF_TYPE_MAC:
		s.kind = SHAPE_PATTERN;
		s.pattern = "^(auto|keep|" MAC ")$";
		break;
	case VF_TYPE_VLAN:
		s.kind = SHAPE_VLAN;
		s.max = POLICY_VLAN_ID_MAX;
		s.object = OBJECT_VLAN;
		break;
	case VF_TYPE_NUMBER:
		s.kind = SHAPE_NUMBER;
		break;
	case VF_TYPE_BOOL:
		s.kind = SHAPE_BOOL;
		break;
	case VF_TYPE_WORD:
		s.kind = SHAPE_WORDS;
		s.words = a->words;
		break;
	case VF_TYPE_GUID:
		s.kind = SHAPE_PATTERN;
		s.pattern = "^" GUID "$";
		break;
	case VF_TYPE_DRIVER:
		s.kind = SHAPE_PATTERN;
		s.pattern = DRIVER;
		break;
	case VF_TYPE_IFNAME:
		s.kind = SHAPE_PATTERN;
		s.pattern = IFNAME;
		break;
	case VF_TYPE_TEXT:
		s.kind = SHAPE_TEXT;
		s.max = POLICY_LABEL_MAX;
		break;
	}
	return s;
}

static struct policy_shape setting_shape(enum pfset_id id)
{
	const struct pfset *row = pfset(id);
	struct policy_shape s = { .help = row->help, .min = row->min, .max = row->max };

	switch (row->type) {
	case PFSET_TYPE_WORD:
		s.kind = SHAPE_WORDS;
		s.words = row->words;
		break;
	case PFSET_TYPE_NUMBER:
		s.kind = SHAPE_NUMBER;
		break;
	case PFSET_TYPE_SWITCHES:
		s.kind = SHAPE_SWITCHES;
		s.pattern = FEATURE;
		break;
	case PFSET_TYPE_MACS:
		s.kind = SHAPE_SET;
		s.pattern = "^" MAC "$";
		break;
	}
	return s;
}

/* What a whole device has in common with VFs: its driver is one that holds it for guests. */
static struct policy_shape device_shape(enum vf_attr_id id)
{
	struct policy_shape s = attr_shape(id);

	if (id == VF_DRIVER)
		s.pattern = HOLDER;
	return s;
}

struct policy_shape policy_shape(const struct policy_key_row *row)
{
	if (row->key == KEY_ATTR && row->object == OBJECT_DEVICE)
		return device_shape(vf_attr_by_key(row->name));
	if (row->key == KEY_ATTR)
		return attr_shape(vf_attr_by_key(row->name));
	if (row->key == KEY_SETTING)
		return setting_shape(pfset_by_key(row->name));
	return shapes[row->key];
}
