/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VF attributes on the wire, in both directions, against the kernel's own structures; and as
 * text.
 */
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/attr.h"

/* Encodes, and checks type and payload. */
static void assert_encodes(enum vf_attr_id id, uint64_t value, uint64_t pair, uint16_t type,
	const void *payload, size_t len)
{
	uint16_t have_type = 0;
	uint8_t out[64];

	memset(out, 0xee, sizeof(out));
	assert_int_equal(vf_attr_encode(id, 5, value, pair, out, &have_type), len);
	assert_int_equal(have_type, type);
	assert_memory_equal(out, payload, len);
	for (size_t i = len; i < sizeof(out); i++)
		assert_int_equal(out[i], 0xee);
}

static void test_encode(void **state _unused_)
{
	struct ifla_vf_mac mac = { .vf = 5, .mac = { 0x52, 0x54, 0, 0x11, 0x22, 0x33 } };
	struct ifla_vf_rate rate = { 5, 100, 4000 };
	struct ifla_vf_vlan vlan = { 5, 100, 3 }, none = { .vf = 5 };
	struct ifla_vf_spoofchk on = { 5, 1 }, off = { 5, 0 };
	struct ifla_vf_link_state link = { 5, IFLA_VF_LINK_STATE_DISABLE };

	struct ifla_vf_guid guid;

	memset(&guid, 0, sizeof(guid));
	guid.vf = 5;
	guid.guid = UINT64_C(0xfedcba9876543210);
	/* The kernel copies the whole of `mac`: padding is zero. */
	assert_encodes(VF_MAC, 0x525400112233, 0, IFLA_VF_MAC, &mac, sizeof(mac));
	assert_encodes(
		VF_VLAN, vlan_pack(100, 3, VLAN_PROTO_8021Q), 0, IFLA_VF_VLAN, &vlan, sizeof(vlan));
	assert_encodes(VF_VLAN, 0, 0, IFLA_VF_VLAN, &none, sizeof(none));
	assert_encodes(VF_MIN_TX_RATE, 100, 4000, IFLA_VF_RATE, &rate, sizeof(rate));
	assert_encodes(VF_MAX_TX_RATE, 4000, 100, IFLA_VF_RATE, &rate, sizeof(rate));
	assert_encodes(VF_SPOOFCHK, 1, 0, IFLA_VF_SPOOFCHK, &on, sizeof(on));
	assert_encodes(VF_LINK_STATE, 2, 0, IFLA_VF_LINK_STATE, &link, sizeof(link));
	assert_encodes(VF_QUERY_RSS, 1, 0, IFLA_VF_RSS_QUERY_EN, &on, sizeof(on));
	assert_encodes(VF_TRUST, 0, 0, IFLA_VF_TRUST, &off, sizeof(off));
	assert_encodes(VF_NODE_GUID, UINT64_C(0xfedcba9876543210), 0, IFLA_VF_IB_NODE_GUID, &guid,
		sizeof(guid));
	assert_encodes(VF_PORT_GUID, UINT64_C(0xfedcba9876543210), 0, IFLA_VF_IB_PORT_GUID, &guid,
		sizeof(guid));
}

/* 802.1ad can only be said in the list of VLANs; what is not said is zero, padding included. */
static void test_encode_8021ad(void **state _unused_)
{
	struct {
		struct nlattr head;
		struct ifla_vf_vlan_info info;
	} list;

	memset(&list, 0, sizeof(list));
	list.head.nla_len = sizeof(list);
	list.head.nla_type = IFLA_VF_VLAN_INFO;
	list.info.vf = 5;
	list.info.vlan = 4094;
	list.info.qos = 7;
	list.info.vlan_proto = htons(0x88a8);
	assert_encodes(VF_VLAN, vlan_pack(4094, 7, VLAN_PROTO_8021AD), 0,
		IFLA_VF_VLAN_LIST | NLA_F_NESTED, &list, sizeof(list));
}

/* Every row that netlink sets reads back as what was set; the others have no place in it. */
static void test_there_and_back(void **state _unused_)
{
	static const uint64_t values[_VF_ATTR_MAX] = {
		[VF_MAC] = 0xfeffffffffff,
		[VF_VLAN] = UINT64_C(0x88a800070ffe),
		[VF_MIN_TX_RATE] = 1,
		[VF_MAX_TX_RATE] = UINT32_MAX,
		[VF_SPOOFCHK] = 1,
		[VF_LINK_STATE] = 2,
		[VF_QUERY_RSS] = 1,
		[VF_TRUST] = 1,
		[VF_NODE_GUID] = UINT64_MAX,
		[VF_PORT_GUID] = 1,
	};

	for (unsigned i = 0; i < _VF_ATTR_MAX; i++) {
		enum vf_attr_id id = (enum vf_attr_id)i;
		struct vf_attrs a = { 0 };
		uint8_t out[64];
		unsigned vf = 5;
		uint16_t type;
		size_t len;

		if (vf_attr(id)->way != VF_BY_NETLINK) {
			assert_true(values[id] == 0);
			continue;
		}
		len = vf_attr_encode(id, 5, values[id], 77, out, &type);
		assert_true(vf_attr_decode(type, out, len, &a, &vf));
		assert_int_equal(vf, 5);
		assert_true(vf_has(&a, id) && a.v[id].n == values[id]);
		if (vf_attr(id)->pair != _VF_ATTR_MAX)
			assert_true(
				vf_has(&a, vf_attr(id)->pair) && a.v[vf_attr(id)->pair].n == 77);
	}
}

/* A payload of whatever length is read to its end at most, and too short a one tells nothing. */
static void test_short(void **state _unused_)
{
	static const struct {
		uint16_t type;
		size_t len;
	} rows[] = {
		{ IFLA_VF_MAC, sizeof(struct ifla_vf_mac) },
		{ IFLA_VF_VLAN, sizeof(struct ifla_vf_vlan) },
		{ IFLA_VF_RATE, sizeof(struct ifla_vf_rate) },
		{ IFLA_VF_SPOOFCHK, sizeof(struct ifla_vf_spoofchk) },
		{ IFLA_VF_LINK_STATE, sizeof(struct ifla_vf_link_state) },
		{ IFLA_VF_RSS_QUERY_EN, sizeof(struct ifla_vf_rss_query_en) },
		{ IFLA_VF_TRUST, sizeof(struct ifla_vf_trust) },
		{ IFLA_VF_VLAN_LIST, NLA_HDRLEN + sizeof(struct ifla_vf_vlan_info) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t len = 0; len <= rows[i].len; len++) {
			uint8_t *data = calloc(
				1, len + 1); /* its end is watched by the sanitizer */
			struct vf_attrs a = { 0 };
			unsigned vf = 9;

			assert_int_equal(vf_attr_decode(rows[i].type, data, len, &a, &vf),
				len == rows[i].len);
			assert_true((a.set != 0) == (len == rows[i].len));
			free(data);
		}
	}
}

static void test_unknown(void **state _unused_)
{
	static const uint16_t types[] = { IFLA_VF_UNSPEC, IFLA_VF_TX_RATE, IFLA_VF_STATS,
		IFLA_VF_BROADCAST, 200 };
	static const uint8_t data[64];

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct vf_attrs a = { 0 };
		unsigned vf = 9;

		assert_false(vf_attr_decode(types[i], data, sizeof(data), &a, &vf));
		assert_true(a.set == 0 && vf == 9);
	}
}

/* A driver knows only GUIDs that were set; of the others it says zero. */
static void test_no_guid(void **state _unused_)
{
	static const uint16_t types[] = { IFLA_VF_IB_NODE_GUID, IFLA_VF_IB_PORT_GUID };
	uint8_t data[sizeof(struct ifla_vf_guid)] = { 3 };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct vf_attrs a = { 0 };
		unsigned vf = 9;

		assert_true(vf_attr_decode(types[i], data, sizeof(data), &a, &vf));
		assert_true(a.set == 0 && vf == 3);
		for (size_t len = 0; len < sizeof(data); len++)
			assert_false(vf_attr_decode(types[i], data, len, &a, &vf));
	}
}

/* -1 is what rtnl_fill_vfinfo() says when the driver has said nothing. */
static void test_not_reported(void **state _unused_)
{
	static const uint16_t types[] = { IFLA_VF_SPOOFCHK, IFLA_VF_LINK_STATE,
		IFLA_VF_RSS_QUERY_EN, IFLA_VF_TRUST };
	static const uint32_t nothing[2] = { 3, UINT32_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct vf_attrs a = { 0 };
		unsigned vf = 9;

		assert_true(vf_attr_decode(types[i], nothing, sizeof(nothing), &a, &vf));
		assert_true(a.set == 0 && vf == 3);
	}
}

/* A message has the VLAN twice; only the list knows the protocol, wherever it stands. */
static void test_list_wins(void **state _unused_)
{
	uint64_t vlan = vlan_pack(100, 3, VLAN_PROTO_8021AD);
	struct ifla_vf_vlan plain = { 5, 100, 3 };
	uint8_t list[64];
	unsigned vf = 0;
	uint16_t type;
	size_t len = vf_attr_encode(VF_VLAN, 5, vlan, 0, list, &type);

	for (int first = 0; first < 2; first++) {
		struct vf_attrs a = { 0 };

		if (first)
			assert_true(vf_attr_decode(type, list, len, &a, &vf));
		assert_true(vf_attr_decode(IFLA_VF_VLAN, &plain, sizeof(plain), &a, &vf));
		if (!first)
			assert_true(vf_attr_decode(type, list, len, &a, &vf));
		assert_true(a.v[VF_VLAN].n == vlan);
	}
}

static void test_vlan(void **state _unused_)
{
	uint64_t vlan = vlan_pack(4094, 7, VLAN_PROTO_8021AD);

	assert_int_equal(vlan_id(vlan), 4094);
	assert_int_equal(vlan_qos(vlan), 7);
	assert_int_equal(vlan_proto(vlan), 0x88a8);
	/* No VLAN is one value, whatever a driver says besides. */
	assert_true(vlan_pack(0, 7, VLAN_PROTO_8021AD) == 0);
	assert_int_equal(vlan_proto(0), 0x8100);
}

static void assert_number(enum vf_attr_id id, uint64_t n, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	vf_value_text(&b, id, (union vf_value){ .n = n });
	assert_string_equal(buf_text(&b), want);
}

static void assert_word(enum vf_attr_id id, const char *s, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	vf_value_text(&b, id, (union vf_value){ .s = s });
	assert_string_equal(buf_text(&b), want);
}

static void test_text(void **state _unused_)
{
	assert_number(VF_MAC, 0x525400112233, "52:54:00:11:22:33");
	assert_number(VF_MAC, VF_MAC_AUTO, "auto");
	assert_number(VF_MAC, VF_MAC_KEEP, "keep");
	assert_number(VF_VLAN, 0, "none");
	assert_number(VF_VLAN, vlan_pack(100, 0, VLAN_PROTO_8021Q), "100");
	assert_number(VF_VLAN, vlan_pack(100, 3, VLAN_PROTO_8021Q), "100 qos 3");
	assert_number(VF_VLAN, vlan_pack(100, 3, VLAN_PROTO_8021AD), "100 qos 3 proto 802.1ad");
	assert_number(VF_MAX_TX_RATE, UINT32_MAX, "4294967295");
	assert_number(VF_TRUST, 1, "on");
	assert_number(VF_TRUST, 0, "off");
	assert_number(VF_LINK_STATE, 0, "auto");
	assert_number(VF_LINK_STATE, 1, "enable");
	assert_number(VF_LINK_STATE, 2, "disable");
	assert_number(VF_LINK_STATE, 3, "unknown");
	assert_word(VF_DRIVER, "vfio-pci", "vfio-pci");
	assert_word(VF_DRIVER, NULL, "none");
	assert_word(VF_NAME, "lxc0", "lxc0");
	assert_word(VF_LABEL, "wan", "wan");
}

static bool same_words(const char *a, const char *b)
{
	return vf_value_equal(VF_DRIVER, (union vf_value){ .s = a }, (union vf_value){ .s = b });
}

static void test_equal(void **state _unused_)
{
	char igb[] = "igb";

	assert_true(same_words(igb, "igb") && same_words(NULL, NULL));
	assert_false(
		same_words("igb", "igbvf") || same_words("igb", NULL) || same_words(NULL, "igb"));
	assert_true(vf_value_equal(VF_MAC, (union vf_value){ .n = 1 }, (union vf_value){ .n = 1 }));
	assert_false(
		vf_value_equal(VF_MAC, (union vf_value){ .n = 1 }, (union vf_value){ .n = 2 }));
}

static void test_keys(void **state _unused_)
{
	for (unsigned id = 0; id < _VF_ATTR_MAX; id++)
		assert_int_equal(vf_attr_by_key(vf_attr((enum vf_attr_id)id)->key), id);
	assert_int_equal(vf_attr_by_key("MAC"), _VF_ATTR_MAX);
	assert_int_equal(vf_attr_by_key(""), _VF_ATTR_MAX);
	assert_true(vf_attr_is_text(VF_DRIVER) && vf_attr_is_text(VF_NAME) &&
		    vf_attr_is_text(VF_LABEL));
	assert_false(vf_attr_is_text(VF_MAC) || vf_attr_is_text(VF_MANAGED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_encode_8021ad),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_no_guid),
		cmocka_unit_test(test_not_reported),
		cmocka_unit_test(test_list_wins),
		cmocka_unit_test(test_vlan),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
