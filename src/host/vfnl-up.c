/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces up and down, their names, MTU and carrier. */
#include <errno.h>
#include <linux/rtnetlink.h>

#include "base/clock.h"
#include "host/netattr.h"
#include "host/vfnl-io.h"
#include "host/vfnl.h"

static int get_flags(struct vfnl *nl, int ifindex, unsigned *ret)
{
	struct vfparse_link l;
	int r = vfnl_link(nl, ifindex, false, &l);

	if (r < 0)
		return r;
	*ret = l.flags;
	vfparse_done(&l);
	return 0;
}

/* A message about the interface that sets FLAGS in CHANGE; attributes may follow. */
static struct buf link_body(int ifindex, unsigned flags, unsigned change)
{
	const struct ifinfomsg info = {
		.ifi_index = ifindex, .ifi_flags = flags, .ifi_change = change
	};
	struct buf b = { 0 };

	buf_addn(&b, (const char *)&info, sizeof(info));
	return b;
}

int vfnl_set_flags(struct vfnl *nl, int ifindex, unsigned flags, unsigned change)
{
	_cleanup_(buf_done) struct buf b = link_body(ifindex, flags, change);

	return vfnl_ask(nl, &(struct vfnl_message){ .type = RTM_NEWLINK, .body = &b }, NULL, NULL);
}

static int set_name(struct vfnl *nl, int ifindex, const char *name)
{
	_cleanup_(buf_done) struct buf b = link_body(ifindex, 0, 0);

	netattr_put_text(&b, IFLA_IFNAME, name);
	return vfnl_ask(nl, &(struct vfnl_message){ .type = RTM_NEWLINK, .body = &b }, NULL, NULL);
}

static int drop_altname(struct vfnl *nl, int ifindex, const char *name)
{
	_cleanup_(buf_done) struct buf b = link_body(ifindex, 0, 0);
	size_t list = netattr_begin(&b, IFLA_PROP_LIST);

	netattr_put_text(&b, IFLA_ALT_IFNAME, name);
	netattr_end(&b, list);
	return vfnl_ask(
		nl, &(struct vfnl_message){ .type = RTM_DELLINKPROP, .body = &b }, NULL, NULL);
}

int vfnl_set_up(int ifindex, bool up)
{
	_cleanup_(vfnl_closep) struct vfnl *nl = NULL;
	unsigned flags = 0;
	int r;

	r = vfnl_open(&nl, NULL);
	if (r == 0)
		r = vfnl_set_flags(nl, ifindex, up ? IFF_UP : 0, IFF_UP);
	if (r == 0)
		r = get_flags(nl, ifindex, &flags);
	if (r < 0)
		return r;
	return !(flags & IFF_UP) == !up ? 0 : -EIO;
}

int vfnl_rename(int ifindex, const char *name)
{
	_cleanup_(vfnl_closep) struct vfnl *nl = NULL;
	int r = vfnl_open(&nl, NULL);

	if (r < 0)
		return r;
	r = set_name(nl, ifindex, name);
	if (r == -EEXIST && drop_altname(nl, ifindex, name) == 0)
		r = set_name(nl, ifindex, name);
	return r;
}

static int read_mtu(struct vfnl *nl, int ifindex, unsigned *ret)
{
	struct vfparse_link l;
	int r = vfnl_link(nl, ifindex, false, &l);

	if (r < 0)
		return r;
	*ret = l.mtu;
	vfparse_done(&l);
	return 0;
}

int vfnl_set_mtu(int ifindex, unsigned mtu, struct err *e)
{
	_cleanup_(buf_done) struct buf b = link_body(ifindex, 0, 0);
	_cleanup_(vfnl_closep) struct vfnl *nl = NULL;
	char text[120] = "";
	const struct vfnl_message m = {
		.type = RTM_NEWLINK, .body = &b, .text = text, .text_size = sizeof(text)
	};
	unsigned now = 0;
	int r = vfnl_open(&nl, e);

	if (r < 0)
		return r;
	netattr_put_u32(&b, IFLA_MTU, mtu);
	r = vfnl_ask(nl, &m, NULL, NULL);
	if (r == 0)
		r = read_mtu(nl, ifindex, &now);
	if (r < 0)
		return err_set(e, r, "%s%s%s", err_name(r), text[0] ? ": " : "", text);
	if (now != mtu)
		return err_set(e, -EIO, "accepted but not applied, still %u", now);
	return 0;
}

int vfnl_wait_carrier(int ifindex, unsigned timeout_ms)
{
	const int64_t deadline = clock_ms() + timeout_ms;
	_cleanup_(vfnl_closep) struct vfnl *nl = NULL, *events = NULL;
	unsigned flags = 0;
	int r;

	r = vfnl_open(&nl, NULL);
	if (r == 0)
		r = vfnl_open(&events, NULL);
	/* Before the first look, so that no change falls between the two. */
	if (r == 0)
		r = vfnl_subscribe(events);
	while (r == 0) {
		r = get_flags(nl, ifindex, &flags);
		if (r < 0 || flags & IFF_LOWER_UP)
			break;
		r = vfnl_wait_event(events, ifindex, deadline);
	}
	return r;
}
