/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel lists: interfaces, addresses, routes. */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "host/vfnl-io.h"
#include "host/vfnl.h"

#define DUMP_TRIES 4

struct link_list {
	struct vfparse_link *l;
	size_t n;
};

static int take_link(const void *msg, size_t len, void *arg)
{
	struct link_list *list = arg;
	struct vfparse_link l;
	int r = vfparse_link(msg, len, &l);

	if (r < 0)
		return r;
	list->l = mem_grow(list->l, list->n, sizeof(*list->l));
	list->l[list->n++] = l;
	return 0;
}

static void link_list_done(struct link_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		vfparse_done(&list->l[i]);
	free(list->l);
	*list = (struct link_list){ 0 };
}

int vfnl_links(struct vfnl *nl, struct vfparse_link **ret, size_t *ret_n)
{
	const struct ifinfomsg head = { 0 };
	/* Statistics are long, and nobody reads them. */
	const struct vfnl_query q = { RTM_GETLINK, &head, sizeof(head), IFLA_EXT_MASK,
		RTEXT_FILTER_SKIP_STATS, false };
	struct link_list list = { 0 };
	int r = 1;

	/* Interrupted: while it was made, interfaces came or went, and others may be missing. */
	for (int i = 0; i < DUMP_TRIES && r > 0; i++) {
		link_list_done(&list);
		r = vfnl_dump(nl, &q, take_link, &list);
	}
	if (r < 0) {
		link_list_done(&list);
		return r;
	}
	*ret = list.l;
	*ret_n = list.n;
	return 0;
}

struct addr_list {
	struct vfparse_addr *a;
	size_t n;
};

static int take_addr(const void *msg, size_t len, void *arg)
{
	struct addr_list *list = arg;
	struct vfparse_addr a;

	if (vfparse_addr(msg, len, &a) < 0)
		return 0; /* of another family than IP, or of a kind yet to come */
	list->a = mem_grow(list->a, list->n, sizeof(*list->a));
	list->a[list->n++] = a;
	return 0;
}

int vfnl_addrs(struct vfnl *nl, struct vfparse_addr **ret, size_t *ret_n)
{
	const struct ifaddrmsg head = { 0 };
	const struct vfnl_query q = { RTM_GETADDR, &head, sizeof(head), 0, 0, false };
	struct addr_list list = { 0 };
	int r = vfnl_dump(nl, &q, take_addr, &list);

	if (r < 0) {
		free(list.a);
		return r;
	}
	*ret = list.a;
	*ret_n = list.n;
	return 0;
}

struct route_search {
	int ifindex;
	bool found;
};

static int take_route(const void *msg, size_t len, void *arg)
{
	struct route_search *s = arg;

	s->found |= vfparse_is_default_route(msg, len, s->ifindex);
	return 0;
}

/* Strict: the kernel leaves out the routes of other interfaces, or a full table would take a
 * second. */
static int search_routes(struct vfnl *nl, unsigned char family, struct route_search *s)
{
	const struct rtmsg head = { .rtm_family = family };
	const struct vfnl_query q = { RTM_GETROUTE, &head, sizeof(head), RTA_OIF,
		(uint32_t)s->ifindex, true };

	return vfnl_dump(nl, &q, take_route, s);
}

int vfnl_has_default_route(struct vfnl *nl, int ifindex)
{
	struct route_search s = { .ifindex = ifindex };
	int r = search_routes(nl, AF_INET, &s);
	int r6 = s.found ? 0 : search_routes(nl, AF_INET6, &s);

	if (s.found)
		return 1;
	return r < 0 ? r : r6 < 0 ? r6 : 0;
}
