/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generic netlink. */
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "host/gennl.h"
#include "host/netattr.h"
#include "host/setparse.h"
#include "host/vfnl.h"

static int take_family(const void *msg, size_t len, void *arg)
{
	return setparse_family(msg, len, arg);
}

int gennl_open(const char *name, struct gennl *ret)
{
	_cleanup_(buf_done) struct buf attrs = { 0 };
	struct gennl g = { .family = GENL_ID_CTRL };
	uint16_t family = 0;
	int r = vfnl_open_as(NETLINK_GENERIC, &g.nl, NULL);

	if (r < 0)
		return r;
	netattr_put_text(&attrs, CTRL_ATTR_FAMILY_NAME, name);
	r = gennl_ask(&g, CTRL_CMD_GETFAMILY, &attrs, take_family, &family, NULL, 0);
	if (r < 0) {
		gennl_close(&g);
		return r;
	}
	*ret = (struct gennl){ g.nl, family };
	return 0;
}

void gennl_close(struct gennl *g)
{
	vfnl_close(g->nl);
	g->nl = NULL;
}

int gennl_ask(const struct gennl *g, uint8_t cmd, const struct buf *attrs, vfnl_take *take,
	void *arg, char *text, size_t size)
{
	const struct genlmsghdr head = { .cmd = cmd, .version = 1 };
	_cleanup_(buf_done) struct buf body = { 0 };
	const struct vfnl_message m = {
		.type = g->family, .body = &body, .text = text, .text_size = size
	};

	buf_addn(&body, (const char *)&head, sizeof(head));
	buf_addn(&body, buf_text(attrs), attrs->len);
	return vfnl_ask(g->nl, &m, take, arg);
}
