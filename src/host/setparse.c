/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading of messages of rtnetlink and of generic netlink about the settings of PFs. */
#include <errno.h>
#include <linux/devlink.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "host/netattr.h"
#include "host/setparse.h"

/* More than any kernel has by far; each name costs the sender 50 bytes, so no answer is longer. */
#define FEATURES_MAX 1024

/* Reads the head of a message of FAMILY that answers with CMD. */
static int read_head(struct netattr *all, const void *msg, size_t len, uint16_t family, uint8_t cmd)
{
	struct genlmsghdr head;
	int r = netattr_head(all, msg, len, family, &head, sizeof(head));

	return r == 0 && head.cmd != cmd ? -EBADMSG : r;
}

int setparse_family(const void *msg, size_t len, uint16_t *ret)
{
	struct netattr all, a;
	int r = read_head(&all, msg, len, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);

	if (r < 0 || !netattr_find(&all, CTRL_ATTR_FAMILY_ID, &a) || a.len < sizeof(*ret))
		return -EBADMSG;
	*ret = netattr_u16(&a);
	return 0;
}

static struct setparse_feature *find(const struct setparse_features *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->list[i].name, name) == 0)
			return &f->list[i];
	return NULL;
}

/* Calls FN for each bit of the bit set A that has a name: VALUE is whether it is set. */
static void each_bit(const struct netattr *a, struct setparse_features *f,
	void (*fn)(struct setparse_features *f, const char *name, bool value))
{
	struct netattr bits, bit, name, value;

	if (!netattr_find(a, ETHTOOL_A_BITSET_BITS, &bits))
		return;
	for (const uint8_t *p = bits.data; netattr_at(p, bits.data + bits.len, &bit);
		p = bit.next) {
		char text[PFSET_ITEM_SIZE] = "";

		if (netattr_find(&bit, ETHTOOL_A_BITSET_BIT_NAME, &name))
			netattr_text(&name, text, sizeof(text));
		if (pfset_is_item(PFSET_FEATURES, text))
			fn(f, text, netattr_find(&bit, ETHTOOL_A_BITSET_BIT_VALUE, &value));
	}
}

/* The first set has all names; those whose bit is set can be changed. */
static void add(struct setparse_features *f, const char *name, bool value)
{
	if (f->n >= FEATURES_MAX || find(f, name))
		return;
	f->list = mem_grow(f->list, f->n, sizeof(*f->list));
	strcpy(f->list[f->n].name, name);
	f->list[f->n++].fixed = !value;
}

/* The other sets only have those whose bit is set. */
static void mark_on(struct setparse_features *f, const char *name, bool value _unused_)
{
	struct setparse_feature *one = find(f, name);

	if (one)
		one->on = true;
}

static void mark_fixed(struct setparse_features *f, const char *name, bool value _unused_)
{
	struct setparse_feature *one = find(f, name);

	if (one)
		one->fixed = true;
}

static int name_cmp(const void *a, const void *b)
{
	const struct setparse_feature *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int setparse_features(const void *msg, size_t len, uint16_t family, struct setparse_features *ret)
{
	struct netattr all, a;
	int r = read_head(&all, msg, len, family, ETHTOOL_MSG_FEATURES_GET_REPLY);

	if (r < 0)
		return r;
	*ret = (struct setparse_features){ 0 };
	if (netattr_find(&all, ETHTOOL_A_FEATURES_HW, &a))
		each_bit(&a, ret, add);
	if (netattr_find(&all, ETHTOOL_A_FEATURES_ACTIVE, &a))
		each_bit(&a, ret, mark_on);
	if (netattr_find(&all, ETHTOOL_A_FEATURES_NOCHANGE, &a))
		each_bit(&a, ret, mark_fixed);
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), name_cmp);
	return 0;
}

int setparse_eswitch(const void *msg, size_t len, uint16_t family, enum eswitch *ret)
{
	struct netattr all, a;
	int r = read_head(&all, msg, len, family, DEVLINK_CMD_ESWITCH_GET);

	if (r < 0 || !netattr_find(&all, DEVLINK_ATTR_ESWITCH_MODE, &a) || a.len < 2)
		return -EBADMSG;
	*ret = ESWITCH_UNKNOWN; /* a mode that is yet to come */
	if (netattr_u16(&a) == DEVLINK_ESWITCH_MODE_LEGACY)
		*ret = ESWITCH_LEGACY;
	else if (netattr_u16(&a) == DEVLINK_ESWITCH_MODE_SWITCHDEV)
		*ret = ESWITCH_SWITCHDEV;
	return 0;
}

bool setparse_fdb(const void *msg, size_t len, int ifindex, macaddr *ret)
{
	struct netattr all, a, mac;
	struct ndmsg head;

	if (netattr_head(&all, msg, len, RTM_NEWNEIGH, &head, sizeof(head)) < 0 ||
		head.ndm_family != AF_BRIDGE || head.ndm_ifindex != ifindex ||
		!(head.ndm_flags & NTF_SELF) || netattr_find(&all, NDA_MASTER, &a) ||
		netattr_find(&all, NDA_VLAN, &a) || !netattr_find(&all, NDA_LLADDR, &mac))
		return false;
	return netattr_mac(&mac, ret) && macaddr_is_usable(*ret);
}
