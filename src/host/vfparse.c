/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading of rtnetlink messages. The kernel stores the length of the VF list in 16 bits without a
 * check (rtnl_fill_vfinfo(), nla_nest_end()): from 335 VFs on it wraps, and what the header no
 * longer covers looks like further attributes of the interface, of type 1, which is IFLA_ADDRESS
 * there (kernel-facts §4.2). So the list's own length is a lower bound only: entries are read for
 * as long as they look like entries, and of any other attribute the first one counts.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "host/netattr.h"
#include "host/vfparse.h"

/*
 * Whether an entry of the VF list is at P: an IFLA_VF_INFO that begins with the VF's MAC, as
 * rtnl_fill_vfinfo() makes them. An address of an interface is shorter than that.
 */
static bool vf_info_at(const uint8_t *p, const uint8_t *end, struct netattr *ret)
{
	struct netattr mac;

	return netattr_at(p, end, ret) && ret->type == IFLA_VF_INFO &&
	       netattr_at(ret->data, ret->data + ret->len, &mac) && mac.type == IFLA_VF_MAC &&
	       mac.len >= sizeof(struct ifla_vf_mac);
}

static void read_vf(struct vfparse_link *l, const struct netattr *info)
{
	const uint8_t *end = info->data + info->len;
	struct vfparse_vf vf = { 0 };
	struct netattr a;

	for (const uint8_t *p = info->data; netattr_at(p, end, &a); p = a.next)
		vf_attr_decode(a.type, a.data, a.len, &vf.attrs, &vf.index);
	/* The kernel counts up; anything else is a repetition of what is known. */
	if (l->n_vfs && vf.index <= l->vfs[l->n_vfs - 1].index)
		return;
	l->vfs = mem_grow(l->vfs, l->n_vfs, sizeof(*l->vfs));
	l->vfs[l->n_vfs++] = vf;
}

/* Reads the list whose payload is at P, LEN bytes by its header. Returns where it really ends. */
static const uint8_t *read_vf_list(
	struct vfparse_link *l, const uint8_t *p, size_t len, const uint8_t *end)
{
	const uint8_t *list_end = p + len;
	struct netattr a;

	for (unsigned i = 0; i < l->num_vfs && vf_info_at(p, end, &a); i++, p = a.next)
		read_vf(l, &a);
	return p > list_end ? p : list_end;
}

static void read_attr(struct vfparse_link *l, const struct netattr *a)
{
	switch (a->type) {
	case IFLA_IFNAME:
		netattr_text(a, l->name, sizeof(l->name));
		break;
	case IFLA_ADDRESS:
		l->has_mac = netattr_mac(a, &l->mac);
		break;
	case IFLA_PERM_ADDRESS:
		l->has_perm_mac = netattr_mac(a, &l->perm_mac);
		break;
	case IFLA_MTU:
		l->mtu = netattr_u32(a);
		break;
	case IFLA_MAX_MTU:
		l->mtu_max = netattr_u32(a);
		break;
	case IFLA_MASTER:
		l->master = (int)netattr_u32(a);
		break;
	case IFLA_PHYS_PORT_NAME:
		netattr_text(a, l->port_name, sizeof(l->port_name));
		break;
	case IFLA_PARENT_DEV_NAME:
		netattr_text(a, l->parent, sizeof(l->parent));
		break;
	case IFLA_PARENT_DEV_BUS_NAME:
		netattr_text(a, l->parent_bus, sizeof(l->parent_bus));
		break;
	case IFLA_NUM_VF:
		l->num_vfs = netattr_u32(a);
		break;
	default:
		break;
	}
}

/* The header of a wrapped list may be any multiple of four, also less than a header is long. */
static bool vf_list_at(const uint8_t *p, const uint8_t *end, struct netattr *ret)
{
	struct nlattr head;

	if ((size_t)(end - p) < sizeof(head))
		return false;
	memcpy(&head, p, sizeof(head));
	ret->type = head.nla_type & NLA_TYPE_MASK;
	ret->data = p + sizeof(head);
	ret->len = head.nla_len < sizeof(head) ? 0 : head.nla_len - sizeof(head);
	return ret->type == IFLA_VFINFO_LIST && ret->len <= (size_t)(end - ret->data);
}

static void read_attrs(struct vfparse_link *l, const uint8_t *p, const uint8_t *end)
{
	uint64_t seen = 0;
	struct netattr a;

	while (p < end) {
		if (!l->has_vf_list && vf_list_at(p, end, &a)) {
			l->has_vf_list = true;
			a.next = read_vf_list(l, a.data, a.len, end);
		} else if (!netattr_at(p, end, &a)) {
			return;
		} else if (a.type < 64 && !(seen >> a.type & 1)) {
			seen |= UINT64_C(1) << a.type;
			read_attr(l, &a);
		}
		p = a.next;
	}
}

int vfparse_link(const void *msg, size_t len, struct vfparse_link *ret)
{
	struct ifinfomsg info;
	struct netattr all;
	int r = netattr_head(&all, msg, len, RTM_NEWLINK, &info, sizeof(info));

	if (r < 0)
		return r;
	*ret = (struct vfparse_link){
		.ifindex = info.ifi_index, .flags = info.ifi_flags, .type = info.ifi_type
	};
	read_attrs(ret, all.data, all.data + all.len);
	return 0;
}

void vfparse_done(struct vfparse_link *l)
{
	free(l->vfs);
	*l = (struct vfparse_link){ 0 };
}

static int vf_cmp(const void *key, const void *member)
{
	const unsigned *index = key;
	const struct vfparse_vf *vf = member;

	return (*index > vf->index) - (*index < vf->index);
}

const struct vfparse_vf *vfparse_vf(const struct vfparse_link *l, unsigned index)
{
	if (!l->n_vfs)
		return NULL;
	return bsearch(&index, l->vfs, l->n_vfs, sizeof(*l->vfs), vf_cmp);
}

int vfparse_addr(const void *msg, size_t len, struct vfparse_addr *ret)
{
	struct ifaddrmsg head;
	struct netattr all, a;
	size_t ip_len;
	bool found = false, local = false;
	int r = netattr_head(&all, msg, len, RTM_NEWADDR, &head, sizeof(head));

	if (r < 0 || (head.ifa_family != AF_INET && head.ifa_family != AF_INET6))
		return -EBADMSG;
	*ret = (struct vfparse_addr){ .ifindex = (int)head.ifa_index,
		.family = head.ifa_family,
		.prefix = head.ifa_prefixlen,
		.link_local = head.ifa_family == AF_INET6 && head.ifa_scope == RT_SCOPE_LINK };
	ip_len = head.ifa_family == AF_INET ? 4 : 16;
	for (const uint8_t *p = all.data; netattr_at(p, all.data + all.len, &a); p = a.next) {
		/* On a point-to-point interface IFA_ADDRESS is the other end's. */
		if (a.len != ip_len || (a.type != IFA_LOCAL && (a.type != IFA_ADDRESS || local)))
			continue;
		memcpy(ret->ip, a.data, ip_len);
		found = true;
		local |= a.type == IFA_LOCAL;
	}
	return found ? 0 : -EBADMSG;
}

/* Whether one of the next hops of a route is by the interface. */
static bool has_hop(const struct netattr *hops, int ifindex)
{
	struct rtnexthop hop;
	size_t step;

	for (size_t at = 0; at + sizeof(hop) <= hops->len; at += step) {
		memcpy(&hop, hops->data + at, sizeof(hop));
		if (hop.rtnh_ifindex == ifindex)
			return true;
		step = RTNH_ALIGN((size_t)hop.rtnh_len);
		if (step < sizeof(hop))
			break;
	}
	return false;
}

bool vfparse_is_default_route(const void *msg, size_t len, int ifindex)
{
	struct netattr all, a;
	struct rtmsg head;

	if (netattr_head(&all, msg, len, RTM_NEWROUTE, &head, sizeof(head)) < 0 ||
		head.rtm_dst_len != 0 || head.rtm_type != RTN_UNICAST)
		return false;
	for (const uint8_t *p = all.data; netattr_at(p, all.data + all.len, &a); p = a.next)
		if ((a.type == RTA_OIF && netattr_u32(&a) == (uint32_t)ifindex) ||
			(a.type == RTA_MULTIPATH && has_hop(&a, ifindex)))
			return true;
	return false;
}

static void take_text(
	const struct nlmsghdr *head, const uint8_t *p, const uint8_t *end, char *text, size_t size)
{
	struct netattr a;

	/* The refused message stands in between, unless the socket asked to leave it out. */
	if (!(head->nlmsg_flags & NLM_F_CAPPED)) {
		struct nlmsghdr request;

		memcpy(&request, p - sizeof(request), sizeof(request));
		if (request.nlmsg_len < sizeof(request) ||
			request.nlmsg_len - sizeof(request) > (size_t)(end - p))
			return;
		p += request.nlmsg_len - sizeof(request);
	}
	for (; netattr_at(p, end, &a); p = a.next)
		if (a.type == NLMSGERR_ATTR_MSG)
			netattr_text(&a, text, size);
}

int vfparse_answer(const void *msg, size_t len, char *text, size_t size)
{
	const uint8_t *p = msg;
	struct nlmsghdr head;
	int code;

	if (len < NLMSG_LENGTH(sizeof(code)))
		return -EBADMSG;
	memcpy(&head, p, sizeof(head));
	memcpy(&code, p + NLMSG_HDRLEN, sizeof(code));
	if ((head.nlmsg_type != NLMSG_ERROR && head.nlmsg_type != NLMSG_DONE) ||
		head.nlmsg_len > len || code > 0)
		return -EBADMSG;
	if (size && head.nlmsg_flags & NLM_F_ACK_TLVS &&
		head.nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr)))
		take_text(&head, p + NLMSG_LENGTH(sizeof(struct nlmsgerr)), p + head.nlmsg_len,
			text, size);
	return code;
}
