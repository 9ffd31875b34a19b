/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTM_NEWLINK messages of all sizes, whole, wrapped, cut and damaged. */
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/vfparse.h"
#include "linkmsg.h"

static const uint8_t pf_mac[] = { 0x52, 0x54, 0, 0x11, 0x22, 0x33 };
#define PF_MAC UINT64_C(0x525400112233)

/* A PF with N VFs; the parent's name comes after the list, as in rtnl_fill_ifinfo(). */
static struct linkmsg make(unsigned n, bool stats, unsigned skip)
{
	struct linkmsg m = { 0 };

	linkmsg_begin(&m, 7, "enp1s0", pf_mac, sizeof(pf_mac));
	linkmsg_vfs(&m, n, stats, skip);
	linkmsg_attr(&m, IFLA_PERM_ADDRESS, pf_mac, sizeof(pf_mac));
	linkmsg_attr(&m, IFLA_PARENT_DEV_NAME, "0000:01:00.0", 13);
	linkmsg_attr(&m, IFLA_PARENT_DEV_BUS_NAME, "pci", 4);
	return m;
}

static void check_vf(const struct vfparse_link *l, unsigned i)
{
	const struct vfparse_vf *vf = vfparse_vf(l, i);

	assert_non_null(vf);
	assert_int_equal(vf->index, i);
	assert_int_equal(vf->attrs.v[VF_MAC].n, linkmsg_vf_mac(i));
	assert_int_equal(vf->attrs.v[VF_VLAN].n, vlan_pack(i % 4000, 3, VLAN_PROTO_8021Q));
	assert_int_equal(vf->attrs.v[VF_MAX_TX_RATE].n, i);
	assert_int_equal(vf->attrs.v[VF_LINK_STATE].n, 1);
	assert_true(vf_has(&vf->attrs, VF_SPOOFCHK) && vf->attrs.v[VF_SPOOFCHK].n == 0);
	assert_false(vf_has(&vf->attrs, VF_TRUST));
}

/* The message of N VFs gives all of them, and all else. */
static void check(unsigned n, bool stats, unsigned skip)
{
	struct linkmsg m = make(n, stats, skip);
	struct vfparse_link l;
	unsigned expected = 0;

	assert_int_equal(vfparse_link(m.data, m.len, &l), 0);
	assert_int_equal(l.ifindex, 7);
	assert_true(l.flags & IFF_UP && l.type == ARPHRD_ETHER);
	assert_string_equal(l.name, "enp1s0");
	assert_true(l.has_mac && l.mac == PF_MAC);
	assert_true(l.has_perm_mac && l.perm_mac == PF_MAC);
	assert_string_equal(l.parent, "0000:01:00.0");
	assert_string_equal(l.parent_bus, "pci");
	assert_true(l.has_vf_list && l.num_vfs == n);
	for (unsigned i = 0; i < n; i++)
		if (!skip || i % skip) {
			check_vf(&l, i);
			expected++;
		}
	assert_int_equal(l.n_vfs, expected);
	assert_null(vfparse_vf(&l, n));
	vfparse_done(&l);
	linkmsg_done(&m);
}

static void all_sizes(void **state)
{
	static const unsigned sizes[] = { 0, 1, 2, 63, 127, 221, 222, 223, 256, 333, 334, 335, 336,
		400, 668, 669, 670, 1000, 4000 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		check(sizes[i], false, 0);
		check(sizes[i], true, 0);
	}
}

/* A busy driver leaves VFs out; the list may wrap all the same. */
static void missing_vfs(void **state)
{
	(void)state;
	check(3, false, 1);
	check(7, false, 3);
	check(400, false, 50);
	check(1000, true, 2);
}

/* As measured: 335 VFs without statistics leave 128 bytes in the header (kernel-facts §4.2). */
static void wraps_like_the_kernel(void **state)
{
	const struct nlattr *a;
	struct linkmsg m = { 0 };
	size_t list;

	(void)state;
	linkmsg_begin(&m, 7, "x", NULL, 0);
	list = m.len + 8;
	linkmsg_vfs(&m, 335, false, 0);
	a = (const void *)(m.data + list);
	assert_int_equal(a->nla_type, IFLA_VFINFO_LIST);
	assert_int_equal(a->nla_len, 128);
	assert_int_equal(m.len - list, 65536 + 128);
	linkmsg_done(&m);
}

static void no_list(void **state)
{
	const uint32_t n = 5;
	struct linkmsg m = { 0 };
	struct vfparse_link l;

	(void)state;
	linkmsg_begin(&m, 3, "nvme", NULL, 0);
	linkmsg_attr(&m, IFLA_NUM_VF, &n, sizeof(n));
	assert_int_equal(vfparse_link(m.data, m.len, &l), 0);
	assert_true(!l.has_vf_list && l.num_vfs == 5 && l.n_vfs == 0 && !l.has_mac);
	vfparse_done(&l);
	linkmsg_done(&m);
}

/* An InfiniBand address is none of ours, a repeated attribute counts once, an overlong text not at
 * all. */
static void odd_attributes(void **state)
{
	static const uint8_t lladdr[20] = { 1 };
	static const char text[] = "a text that is longer than the field that it should go to";
	const uint32_t mtu[] = { 9000, 1500 };
	struct linkmsg m = { 0 };
	struct vfparse_link l;

	(void)state;
	linkmsg_begin(&m, 3, "ib0", lladdr, sizeof(lladdr));
	linkmsg_attr(&m, IFLA_MTU, &mtu[0], 4);
	linkmsg_attr(&m, IFLA_MTU, &mtu[1], 4);
	linkmsg_attr(&m, IFLA_ADDRESS, pf_mac, sizeof(pf_mac));
	linkmsg_attr(&m, IFLA_MASTER, mtu, 2);
	linkmsg_attr(&m, IFLA_PHYS_PORT_NAME, text, sizeof(text));
	linkmsg_attr(&m, IFLA_PARENT_DEV_NAME, "unterminated", 12);
	linkmsg_attr(&m, 200, text, sizeof(text));
	assert_int_equal(vfparse_link(m.data, m.len, &l), 0);
	assert_true(!l.has_mac && l.mtu == 9000 && l.master == 0);
	assert_string_equal(l.port_name, "");
	assert_string_equal(l.parent, "unterminated");
	vfparse_done(&l);
	linkmsg_done(&m);
}

static void no_message(void **state)
{
	struct linkmsg m = make(1, false, 0);
	struct nlmsghdr head;
	struct vfparse_link l;

	(void)state;
	assert_int_equal(vfparse_link(m.data, 0, &l), -EBADMSG);
	assert_int_equal(vfparse_link(m.data, 31, &l), -EBADMSG);
	assert_int_equal(vfparse_link(m.data, m.len - 1, &l), -EBADMSG);
	memcpy(&head, m.data, sizeof(head));
	head.nlmsg_type = RTM_DELLINK;
	memcpy(m.data, &head, sizeof(head));
	assert_int_equal(vfparse_link(m.data, m.len, &l), -EBADMSG);
	linkmsg_done(&m);
}

/* Cut anywhere, with a header that says so: what is before the cut is right, nothing else is there.
 */
static void cut(void **state)
{
	struct linkmsg m = make(4, false, 0);

	(void)state;
	for (uint32_t len = 32; len <= m.len; len++) {
		uint8_t *copy = malloc(len);
		struct vfparse_link l;

		memcpy(copy, m.data, len);
		memcpy(copy, &len, sizeof(len));
		assert_int_equal(vfparse_link(copy, len, &l), 0);
		assert_true(!l.has_mac || l.mac == PF_MAC);
		assert_true(l.n_vfs <= 4);
		for (size_t i = 0; i < l.n_vfs; i++)
			check_vf(&l, (unsigned)i);
		vfparse_done(&l);
		free(copy);
	}
	linkmsg_done(&m);
}

/* Bytes changed at random: any result is fine that the sanitizers are content with. */
static void damaged(void **state)
{
	struct linkmsg m = make(340, false, 0);
	uint8_t *copy = malloc(m.len);
	uint32_t random = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct vfparse_link l;

		memcpy(copy, m.data, m.len);
		for (int i = 0; i < 8; i++) {
			random = random * 1664525 + 1013904223;
			/* Mostly where the structure is decided: in the first VFs. */
			copy[16 + (random >> 8) % (i & 1 ? m.len - 16 : 600)] = (uint8_t)random;
		}
		if (vfparse_link(copy, m.len, &l) == 0) {
			for (size_t i = 1; i < l.n_vfs; i++)
				assert_true(l.vfs[i - 1].index < l.vfs[i].index);
			vfparse_done(&l);
		}
	}
	free(copy);
	linkmsg_done(&m);
}

struct answer {
	struct nlmsghdr head;
	struct nlmsgerr error;
	uint8_t rest[64];
};

static struct answer make_answer(uint16_t type, uint16_t flags, int code)
{
	static const char said[] = "rate too high";
	const struct nlattr a = { NLA_HDRLEN + sizeof(said), NLMSGERR_ATTR_MSG };
	struct answer m = { .head = { NLMSG_LENGTH(sizeof(struct nlmsgerr)) + NLA_HDRLEN + 16, type,
				    flags, 0, 0 },
		.error = { .error = code, .msg = { .nlmsg_len = sizeof(struct nlmsghdr) } } };

	memcpy(m.rest, &a, sizeof(a));
	memcpy(m.rest + sizeof(a), said, sizeof(said));
	return m;
}

static void answers(void **state)
{
	struct answer m = make_answer(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS, -EINVAL);
	char text[32] = "";

	(void)state;
	assert_int_equal(vfparse_answer(&m, sizeof(m), text, sizeof(text)), -EINVAL);
	assert_string_equal(text, "rate too high");
	assert_int_equal(vfparse_answer(&m, sizeof(m), NULL, 0), -EINVAL);
	strcpy(text, "");
	assert_int_equal(vfparse_answer(&m, sizeof(m), text, 5), -EINVAL);
	assert_string_equal(text, "");
	m = make_answer(NLMSG_ERROR, NLM_F_ACK_TLVS, 0);
	assert_int_equal(vfparse_answer(&m, sizeof(m), text, sizeof(text)), 0);
	assert_string_equal(text, "rate too high");
	strcpy(text, "");
	m.error.msg.nlmsg_len = 1000;
	assert_int_equal(vfparse_answer(&m, sizeof(m), text, sizeof(text)), 0);
	m.error.msg.nlmsg_len = 3;
	assert_int_equal(vfparse_answer(&m, sizeof(m), text, sizeof(text)), 0);
	m = make_answer(NLMSG_ERROR, 0, -EPERM);
	assert_int_equal(vfparse_answer(&m, sizeof(m), text, sizeof(text)), -EPERM);
	assert_string_equal(text, "");
	m.head.nlmsg_type = NLMSG_DONE;
	assert_int_equal(vfparse_answer(&m, NLMSG_LENGTH(4), text, sizeof(text)), -EBADMSG);
	m.head.nlmsg_len = NLMSG_LENGTH(4);
	assert_int_equal(vfparse_answer(&m, NLMSG_LENGTH(4), text, sizeof(text)), -EPERM);
	assert_int_equal(vfparse_answer(&m, NLMSG_LENGTH(3), text, sizeof(text)), -EBADMSG);
	m = make_answer(NLMSG_ERROR, 0, 5);
	assert_int_equal(vfparse_answer(&m, sizeof(m), text, sizeof(text)), -EBADMSG);
	m = make_answer(RTM_NEWLINK, 0, 0);
	assert_int_equal(vfparse_answer(&m, sizeof(m), text, sizeof(text)), -EBADMSG);
}

static const uint8_t ours[] = { 192, 0, 2, 1 }, theirs[] = { 192, 0, 2, 2 };

static void ip_addresses(void **state _unused_)
{
	struct ifaddrmsg head = { AF_INET, 24, 0, RT_SCOPE_UNIVERSE, 5 };
	struct linkmsg m = { 0 };
	struct vfparse_addr a;

	/* On a point-to-point interface. */
	linkmsg_begin_as(&m, RTM_NEWADDR, &head, sizeof(head));
	linkmsg_attr(&m, IFA_ADDRESS, theirs, sizeof(theirs));
	linkmsg_attr(&m, IFA_LOCAL, ours, sizeof(ours));
	linkmsg_attr(&m, IFA_ADDRESS, theirs, sizeof(theirs));
	assert_int_equal(vfparse_addr(m.data, m.len, &a), 0);
	assert_true(a.ifindex == 5 && a.family == AF_INET && a.prefix == 24 && !a.link_local);
	assert_memory_equal(a.ip, ours, sizeof(ours));
	for (size_t len = 0; len < m.len; len++) /* cut */
		assert_int_equal(vfparse_addr(m.data, len, &a), -EBADMSG);
	linkmsg_done(&m);

	head = (struct ifaddrmsg){ AF_INET6, 64, 0, RT_SCOPE_LINK, 5 };
	linkmsg_begin_as(&m, RTM_NEWADDR, &head, sizeof(head));
	linkmsg_attr(&m, IFA_ADDRESS, ours, sizeof(ours)); /* too short */
	assert_int_equal(vfparse_addr(m.data, m.len, &a), -EBADMSG);
	linkmsg_attr(&m, IFA_ADDRESS, "0123456789abcdef", 16);
	assert_int_equal(vfparse_addr(m.data, m.len, &a), 0);
	assert_true(a.family == AF_INET6 && a.link_local);
	assert_memory_equal(a.ip, "0123456789abcdef", 16);
	assert_false(vfparse_is_default_route(m.data, m.len, 5));
	linkmsg_done(&m);

	head.ifa_family = AF_UNIX;
	linkmsg_begin_as(&m, RTM_NEWADDR, &head, sizeof(head));
	linkmsg_attr(&m, IFA_LOCAL, ours, sizeof(ours));
	assert_int_equal(vfparse_addr(m.data, m.len, &a), -EBADMSG);
	linkmsg_done(&m);
}

static void begin_route(struct linkmsg *m, unsigned char dst_len, unsigned char type)
{
	const struct rtmsg head = {
		.rtm_family = AF_INET, .rtm_dst_len = dst_len, .rtm_type = type
	};

	linkmsg_begin_as(m, RTM_NEWROUTE, &head, sizeof(head));
}

static void default_routes(void **state _unused_)
{
	const uint32_t oif = 5;
	struct rtnexthop hops[3] = { { .rtnh_len = sizeof(*hops), .rtnh_ifindex = 3 },
		{ .rtnh_len = sizeof(*hops), .rtnh_ifindex = 4 } };
	struct linkmsg m = { 0 };

	begin_route(&m, 0, RTN_UNICAST);
	assert_false(vfparse_is_default_route(m.data, m.len, 5));
	linkmsg_attr(&m, RTA_OIF, &oif, sizeof(oif));
	assert_true(vfparse_is_default_route(m.data, m.len, 5));
	assert_false(vfparse_is_default_route(m.data, m.len, 4));
	for (size_t len = 0; len < m.len; len++)
		assert_false(vfparse_is_default_route(m.data, len, 5));
	linkmsg_done(&m);

	begin_route(&m, 24, RTN_UNICAST);
	linkmsg_attr(&m, RTA_OIF, &oif, sizeof(oif));
	assert_false(vfparse_is_default_route(m.data, m.len, 5));
	linkmsg_done(&m);
	begin_route(&m, 0, RTN_UNREACHABLE);
	linkmsg_attr(&m, RTA_OIF, &oif, sizeof(oif));
	assert_false(vfparse_is_default_route(m.data, m.len, 5));
	linkmsg_done(&m);

	begin_route(&m, 0, RTN_UNICAST);
	linkmsg_attr(&m, RTA_MULTIPATH, hops, 2 * sizeof(*hops));
	assert_true(vfparse_is_default_route(m.data, m.len, 4));
	assert_false(vfparse_is_default_route(m.data, m.len, 5));
	linkmsg_done(&m);

	/* A length of 0 would not lead to the next one. */
	hops[0].rtnh_len = 0;
	begin_route(&m, 0, RTN_UNICAST);
	linkmsg_attr(&m, RTA_MULTIPATH, hops, sizeof(hops));
	assert_false(vfparse_is_default_route(m.data, m.len, 4));
	linkmsg_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_sizes),
		cmocka_unit_test(missing_vfs),
		cmocka_unit_test(wraps_like_the_kernel),
		cmocka_unit_test(no_list),
		cmocka_unit_test(odd_attributes),
		cmocka_unit_test(no_message),
		cmocka_unit_test(cut),
		cmocka_unit_test(damaged),
		cmocka_unit_test(answers),
		cmocka_unit_test(ip_addresses),
		cmocka_unit_test(default_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
