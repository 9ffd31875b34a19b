/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of PFs over netlink. */
#include <errno.h>
#include <linux/devlink.h>
#include <linux/ethtool_netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "host/gennl.h"
#include "host/netattr.h"
#include "host/setnl.h"
#include "host/vfnl.h"

#define TEXT_SIZE 120

/* What the kernel answered, and what it means. */
static int fail(struct err *e, int code, const char *text, const char *meaning)
{
	return err_set(e, code, "%s%s%s%s%s", err_name(code), text[0] ? ": " : "", text,
		meaning[0] ? ": " : "", meaning);
}

/* --- features --------------------------------------------------------------------------------- */

/* An answer that is being read. */
struct features_answer {
	uint16_t family;
	struct setparse_features *ret;
};

static int take_features(const void *msg, size_t len, void *arg)
{
	const struct features_answer *a = arg;

	return setparse_features(msg, len, a->family, a->ret);
}

static void put_device(struct buf *attrs, int ifindex)
{
	size_t head = netattr_begin(attrs, ETHTOOL_A_FEATURES_HEADER);

	netattr_put_u32(attrs, ETHTOOL_A_HEADER_DEV_INDEX, (uint32_t)ifindex);
	netattr_end(attrs, head);
}

static int get_features(const struct gennl *g, int ifindex, struct setparse_features *ret)
{
	_cleanup_(buf_done) struct buf attrs = { 0 };
	struct features_answer answer = { g->family, ret };

	*ret = (struct setparse_features){ 0 };
	put_device(&attrs, ifindex);
	return gennl_ask(g, ETHTOOL_MSG_FEATURES_GET, &attrs, take_features, &answer, NULL, 0);
}

int setnl_get_features(int ifindex, struct setparse_features *ret)
{
	_cleanup_(gennl_close) struct gennl g = { 0 };
	int r = gennl_open(ETHTOOL_GENL_NAME, &g);

	return r < 0 ? r : get_features(&g, ifindex, ret);
}

/* Asks for the values of all N steps at once: some features depend on others. */
static int send_features(const struct gennl *g, int ifindex, const struct step *steps, size_t n,
	char text[static TEXT_SIZE])
{
	_cleanup_(buf_done) struct buf attrs = { 0 };
	size_t wanted, bits, bit;

	put_device(&attrs, ifindex);
	wanted = netattr_begin(&attrs, ETHTOOL_A_FEATURES_WANTED);
	bits = netattr_begin(&attrs, ETHTOOL_A_BITSET_BITS);
	for (size_t i = 0; i < n; i++) {
		bit = netattr_begin(&attrs, ETHTOOL_A_BITSET_BITS_BIT);
		netattr_put_text(&attrs, ETHTOOL_A_BITSET_BIT_NAME, steps[i].item);
		if (steps[i].after.n)
			netattr_put(&attrs, ETHTOOL_A_BITSET_BIT_VALUE, "", 0);
		netattr_end(&attrs, bit);
	}
	netattr_end(&attrs, bits);
	netattr_end(&attrs, wanted);
	return gennl_ask(g, ETHTOOL_MSG_FEATURES_SET, &attrs, NULL, NULL, text, TEXT_SIZE);
}

/* Judges one step by what the kernel tells now. */
static void verify_feature(
	const struct step *s, const struct setparse_features *now, struct step_result *res)
{
	size_t i = 0;

	if (res->code < 0)
		return;
	while (i < now->n && strcmp(now->list[i].name, s->item) != 0)
		i++;
	if (i == now->n)
		res->code = err_set(&res->err, -EIO,
			"accepted, but the kernel tells of no such "
			"feature");
	else if (now->list[i].on != (s->after.n != 0))
		res->code = err_set(&res->err, -EIO,
			"accepted but not applied, still %s; it may depend on another feature, or "
			"the driver has no mode like that",
			now->list[i].on ? "on" : "off");
}

static int set_features(const struct gennl *g, int ifindex, const struct step *steps, size_t n,
	struct step_result *res)
{
	struct setparse_features now = { 0 };
	char text[TEXT_SIZE] = "";
	int r = send_features(g, ifindex, steps, n, text);

	for (size_t i = 0; r < 0 && i < n; i++) {
		text[0] = '\0';
		res[i].code = send_features(g, ifindex, &steps[i], 1, text);
		if (res[i].code < 0)
			fail(&res[i].err, res[i].code, text, "");
	}
	r = get_features(g, ifindex, &now);
	for (size_t i = 0; r == 0 && i < n; i++)
		verify_feature(&steps[i], &now, &res[i]);
	free(now.list);
	return r;
}

int setnl_set_features(int ifindex, const struct step *steps, size_t n, struct step_result *res)
{
	_cleanup_(gennl_close) struct gennl g = { 0 };
	int r = gennl_open(ETHTOOL_GENL_NAME, &g);

	memset(res, 0, n * sizeof(*res));
	if (r == 0)
		r = set_features(&g, ifindex, steps, n, res);
	for (size_t i = 0; i < n; i++)
		if (r < 0 && res[i].code == 0)
			res[i].code = fail(&res[i].err, r, "", "");
	for (size_t i = 0; i < n && r == 0; i++)
		r = res[i].code;
	return r;
}

/* --- filters ---------------------------------------------------------------------------------- */

struct fdb_list {
	int ifindex;
	macaddr *macs;
	size_t n;
};

static int take_fdb(const void *msg, size_t len, void *arg)
{
	struct fdb_list *list = arg;
	macaddr mac;

	if (!setparse_fdb(msg, len, list->ifindex, &mac))
		return 0;
	list->macs = mem_grow(list->macs, list->n, sizeof(*list->macs));
	list->macs[list->n++] = mac;
	return 0;
}

/* Strict: the kernel leaves out other interfaces, or a large bridge's addresses would all come. */
static int get_fdb(struct vfnl *nl, int ifindex, struct fdb_list *ret)
{
	const struct ndmsg head = { .ndm_family = AF_BRIDGE, .ndm_ifindex = ifindex };
	const struct vfnl_query q = { RTM_GETNEIGH, &head, sizeof(head), 0, 0, true };
	int r;

	*ret = (struct fdb_list){ .ifindex = ifindex };
	r = vfnl_dump(nl, &q, take_fdb, ret);
	if (r >= 0)
		return 0;
	free(ret->macs);
	return r;
}

int setnl_get_fdb(int ifindex, macaddr **ret, size_t *ret_n)
{
	_cleanup_(vfnl_closep) struct vfnl *nl = NULL;
	struct fdb_list list = { 0 };
	int r = vfnl_open(&nl, NULL);

	if (r == 0)
		r = get_fdb(nl, ifindex, &list);
	if (r < 0)
		return r;
	*ret = list.macs;
	*ret_n = list.n;
	return 0;
}

static int send_fdb(struct vfnl *nl, int ifindex, macaddr mac, bool there, char *text)
{
	const struct ndmsg head = { .ndm_family = AF_BRIDGE,
		.ndm_ifindex = ifindex,
		.ndm_state = NUD_PERMANENT,
		.ndm_flags = NTF_SELF };
	_cleanup_(buf_done) struct buf body = { 0 };
	const struct vfnl_message m = { .type = there ? RTM_NEWNEIGH : RTM_DELNEIGH,
		.flags = there ? NLM_F_CREATE : 0,
		.body = &body,
		.text = text,
		.text_size = TEXT_SIZE };
	uint8_t bytes[6];

	macaddr_to_bytes(mac, bytes);
	buf_addn(&body, (const char *)&head, sizeof(head));
	netattr_put(&body, NDA_LLADDR, bytes, sizeof(bytes));
	return vfnl_ask(nl, &m, NULL, NULL);
}

static const char *fdb_hint(int code)
{
	switch (-code) {
	case ENOMEM:
		return "the card has no filter left";
	case EOPNOTSUPP:
		return "the PF's driver keeps no such list";
	default:
		return "";
	}
}

int setnl_set_fdb(int ifindex, macaddr mac, bool there, struct err *e)
{
	_cleanup_(vfnl_closep) struct vfnl *nl = NULL;
	struct fdb_list now = { 0 };
	char text[TEXT_SIZE] = "";
	bool found = false;
	int r = vfnl_open(&nl, e);

	if (r < 0)
		return r;
	r = send_fdb(nl, ifindex, mac, there, text);
	if (r == 0)
		r = get_fdb(nl, ifindex, &now);
	if (r < 0)
		return fail(e, r, text, fdb_hint(r));
	for (size_t i = 0; i < now.n; i++)
		found |= now.macs[i] == mac;
	free(now.macs);
	if (found != there)
		return err_set(e, -EIO, "accepted but not applied: it is %s",
			found ? "still there" : "not there");
	return 0;
}

/* --- the embedded switch ---------------------------------------------------------------------- */

struct eswitch_answer {
	uint16_t family;
	enum eswitch *ret;
};

static int take_eswitch(const void *msg, size_t len, void *arg)
{
	const struct eswitch_answer *a = arg;

	return setparse_eswitch(msg, len, a->family, a->ret);
}

static void put_handle(struct buf *attrs, const char *bus, const char *name)
{
	netattr_put_text(attrs, DEVLINK_ATTR_BUS_NAME, bus);
	netattr_put_text(attrs, DEVLINK_ATTR_DEV_NAME, name);
}

static int get_eswitch(const struct gennl *g, const char *bus, const char *name, enum eswitch *ret)
{
	_cleanup_(buf_done) struct buf attrs = { 0 };
	struct eswitch_answer answer = { g->family, ret };
	int r;

	put_handle(&attrs, bus, name);
	*ret = ESWITCH_UNKNOWN;
	r = gennl_ask(g, DEVLINK_CMD_ESWITCH_GET, &attrs, take_eswitch, &answer, NULL, 0);
	if (r != -EOPNOTSUPP && r != -ENODEV)
		return r;
	*ret = ESWITCH_NONE; /* no such function, or nothing of devlink at all */
	return 0;
}

int setnl_get_eswitch(const char *bus, const char *name, enum eswitch *ret)
{
	_cleanup_(gennl_close) struct gennl g = { 0 };
	int r = gennl_open(DEVLINK_GENL_NAME, &g);

	*ret = ESWITCH_NONE;
	if (r == -ENOENT) /* the kernel has no devlink, so no driver uses it */
		return 0;
	return r < 0 ? r : get_eswitch(&g, bus, name, ret);
}

static int send_eswitch(
	const struct gennl *g, const char *bus, const char *name, enum eswitch mode, char *text)
{
	const uint16_t n = mode == ESWITCH_SWITCHDEV ? DEVLINK_ESWITCH_MODE_SWITCHDEV
						     : DEVLINK_ESWITCH_MODE_LEGACY;
	_cleanup_(buf_done) struct buf attrs = { 0 };

	put_handle(&attrs, bus, name);
	netattr_put(&attrs, DEVLINK_ATTR_ESWITCH_MODE, &n, sizeof(n));
	return gennl_ask(g, DEVLINK_CMD_ESWITCH_SET, &attrs, NULL, NULL, text, TEXT_SIZE);
}

int setnl_set_eswitch(const char *bus, const char *name, enum eswitch mode, struct err *e)
{
	_cleanup_(gennl_close) struct gennl g = { 0 };
	char text[TEXT_SIZE] = "";
	enum eswitch now = ESWITCH_UNKNOWN;
	int r = gennl_open(DEVLINK_GENL_NAME, &g);

	if (r == 0)
		r = send_eswitch(&g, bus, name, mode, text);
	if (r == 0)
		r = get_eswitch(&g, bus, name, &now);
	if (r < 0)
		return fail(e, r, text,
			r == -EOPNOTSUPP ? "its driver has no such mode, or not as it is "
					   "configured now"
					 : "");
	if (now != mode)
		return err_set(e, -EIO, "accepted but not applied: it has another mode");
	return 0;
}
