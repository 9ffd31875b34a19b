/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTM_NEWLINK messages as the kernel makes them. */
#include <arpa/inet.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "base/mem.h"
#include "core/types.h"
#include "linkmsg.h"

static void append(struct linkmsg *m, const void *data, size_t len)
{
	uint32_t total;

	if (m->len + NLMSG_ALIGN(len) > m->cap) {
		m->cap = 2 * (m->len + NLMSG_ALIGN(len));
		m->data = mem_resize(m->data, m->cap, 1);
	}
	memset(m->data + m->len, 0, NLMSG_ALIGN(len));
	if (len)
		memcpy(m->data + m->len, data, len);
	m->len += NLMSG_ALIGN(len);
	total = (uint32_t)m->len;
	memcpy(m->data, &total, sizeof(total));
}

void linkmsg_begin_as(struct linkmsg *m, uint16_t type, const void *head, size_t len)
{
	const struct nlmsghdr h = { .nlmsg_type = type };

	append(m, &h, sizeof(h));
	append(m, head, len);
}

void linkmsg_begin(
	struct linkmsg *m, int ifindex, const char *name, const void *mac, size_t mac_len)
{
	const struct ifinfomsg info = {
		.ifi_type = ARPHRD_ETHER, .ifi_index = ifindex, .ifi_flags = IFF_UP | IFF_LOWER_UP
	};

	linkmsg_begin_as(m, RTM_NEWLINK, &info, sizeof(info));
	linkmsg_attr(m, IFLA_IFNAME, name, strlen(name) + 1);
	if (mac)
		linkmsg_attr(m, IFLA_ADDRESS, mac, mac_len);
}

void linkmsg_attr(struct linkmsg *m, uint16_t type, const void *data, size_t len)
{
	const struct nlattr head = { (uint16_t)(NLA_HDRLEN + len), type };

	append(m, &head, sizeof(head));
	append(m, data, len);
}

size_t linkmsg_nest(struct linkmsg *m, uint16_t type)
{
	size_t nest = m->len;

	linkmsg_attr(m, type, NULL, 0);
	return nest;
}

void linkmsg_nest_end(struct linkmsg *m, size_t nest)
{
	uint16_t len = (uint16_t)(m->len - nest); /* unchecked, as in nla_nest_end() */

	memcpy(m->data + nest, &len, sizeof(len));
}

uint64_t linkmsg_vf_mac(unsigned i)
{
	return UINT64_C(0x020000000000) + i;
}

static void put_u32(struct linkmsg *m, uint16_t type, uint32_t vf, uint32_t value)
{
	const uint32_t words[] = { vf, value };

	linkmsg_attr(m, type, words, sizeof(words));
}

static void put_vlan_list(struct linkmsg *m, unsigned vf)
{
	size_t list = linkmsg_nest(m, IFLA_VF_VLAN_LIST);
	struct ifla_vf_vlan_info info;

	memset(&info, 0, sizeof(info)); /* its padding, too */
	info.vf = vf;
	info.vlan = vf % 4000;
	info.qos = vf % 4000 ? 3 : 0;
	info.vlan_proto = htons(0x8100);
	linkmsg_attr(m, IFLA_VF_VLAN_INFO, &info, sizeof(info));
	linkmsg_nest_end(m, list);
}

static void put_stats(struct linkmsg *m)
{
	size_t stats = linkmsg_nest(m, IFLA_VF_STATS);
	const uint64_t n = 1;

	for (uint16_t type = 0; type < 8; type++)
		linkmsg_attr(m, type, &n, sizeof(n));
	linkmsg_nest_end(m, stats);
}

static void put_vf(struct linkmsg *m, unsigned vf, bool stats)
{
	struct ifla_vf_mac mac = { .vf = vf };
	const struct ifla_vf_broadcast broadcast = { { 0 } };
	const struct ifla_vf_vlan vlan = { vf, vf % 4000, vf % 4000 ? 3 : 0 };
	const struct ifla_vf_rate rate = { vf, 0, vf };
	size_t info = linkmsg_nest(m, IFLA_VF_INFO);

	macaddr_to_bytes(linkmsg_vf_mac(vf), mac.mac);
	linkmsg_attr(m, IFLA_VF_MAC, &mac, sizeof(mac));
	linkmsg_attr(m, IFLA_VF_BROADCAST, &broadcast, sizeof(broadcast));
	linkmsg_attr(m, IFLA_VF_VLAN, &vlan, sizeof(vlan));
	linkmsg_attr(m, IFLA_VF_RATE, &rate, sizeof(rate));
	put_u32(m, IFLA_VF_TX_RATE, vf, vf);
	put_u32(m, IFLA_VF_SPOOFCHK, vf, 0);
	put_u32(m, IFLA_VF_LINK_STATE, vf, 1);
	put_u32(m, IFLA_VF_RSS_QUERY_EN, vf, 1);
	put_u32(m, IFLA_VF_TRUST, vf, UINT32_MAX);
	put_vlan_list(m, vf);
	if (stats)
		put_stats(m);
	linkmsg_nest_end(m, info);
}

void linkmsg_vfs(struct linkmsg *m, unsigned n, bool stats, unsigned skip)
{
	const uint32_t num = n;
	size_t list;

	linkmsg_attr(m, IFLA_NUM_VF, &num, sizeof(num));
	list = linkmsg_nest(m, IFLA_VFINFO_LIST);
	for (unsigned i = 0; i < n; i++)
		if (!skip || i % skip)
			put_vf(m, i, stats);
	linkmsg_nest_end(m, list);
}

void linkmsg_done(struct linkmsg *m)
{
	free(m->data);
	*m = (struct linkmsg){ 0 };
}
