/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VF attributes in netlink messages (kernel-facts §4.1). */
#include <arpa/inet.h>
#include <assert.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <string.h>

#include "core/attr.h"
#include "core/types.h"

/* 802.1Q goes as IFLA_VF_VLAN, which every kernel knows; another protocol needs the list form. */
static size_t encode_vlan(unsigned vf, uint64_t vlan, uint8_t *out, uint16_t *ret_type)
{
	struct ifla_vf_vlan plain = { vf, vlan_id(vlan), vlan_qos(vlan) };
	struct nlattr head = { NLA_HDRLEN + sizeof(struct ifla_vf_vlan_info), IFLA_VF_VLAN_INFO };
	struct ifla_vf_vlan_info info;

	if (vlan_proto(vlan) == VLAN_PROTO_8021Q) {
		*ret_type = IFLA_VF_VLAN;
		memcpy(out, &plain, sizeof(plain));
		return sizeof(plain);
	}
	*ret_type = IFLA_VF_VLAN_LIST | NLA_F_NESTED;
	memset(&info, 0, sizeof(info)); /* an initialiser need not reach the padding at its end */
	info.vf = vf;
	info.vlan = vlan_id(vlan);
	info.qos = vlan_qos(vlan);
	info.vlan_proto = htons((uint16_t)vlan_proto(vlan));
	memcpy(out, &head, sizeof(head));
	memcpy(out + NLA_HDRLEN, &info, sizeof(info));
	return NLA_HDRLEN + sizeof(info);
}

/* All structures are { u32 vf; u32 … }; the kernel's padding must be zero. */
static size_t encode_u32(unsigned vf, uint64_t a, uint64_t b, int n, uint8_t *out)
{
	uint32_t words[3] = { vf, (uint32_t)a, (uint32_t)b };
	size_t len = (size_t)(1 + n) * sizeof(uint32_t);

	memcpy(out, words, len);
	return len;
}

static size_t encode_mac(unsigned vf, macaddr m, uint8_t *out)
{
	struct ifla_vf_mac mac = { .vf = vf };

	macaddr_to_bytes(m, mac.mac);
	memcpy(out, &mac, sizeof(mac));
	return sizeof(mac);
}

static size_t encode_guid(unsigned vf, uint64_t guid, uint8_t *out)
{
	struct ifla_vf_guid g;

	memset(&g, 0, sizeof(g)); /* its padding, too */
	g.vf = vf;
	g.guid = guid;
	memcpy(out, &g, sizeof(g));
	return sizeof(g);
}

size_t vf_attr_encode(enum vf_attr_id id, unsigned vf, uint64_t value, uint64_t pair, uint8_t *out,
	uint16_t *ret_type)
{
	const struct vf_attr *row = vf_attr(id);

	assert(row->way == VF_BY_NETLINK);
	*ret_type = row->ifla;
	switch (row->type) {
	case VF_TYPE_MAC:
		return encode_mac(vf, value, out);
	case VF_TYPE_VLAN:
		return encode_vlan(vf, value, out, ret_type);
	case VF_TYPE_NUMBER: /* both rates in one structure, min first */
		return id == VF_MIN_TX_RATE ? encode_u32(vf, value, pair, 2, out)
					    : encode_u32(vf, pair, value, 2, out);
	case VF_TYPE_BOOL:
	case VF_TYPE_WORD:
		return encode_u32(vf, value, 0, 1, out);
	case VF_TYPE_GUID:
		return encode_guid(vf, value, out);
	case VF_TYPE_DRIVER:
	case VF_TYPE_IFNAME:
	case VF_TYPE_TEXT:
		break;
	}
	return 0;
}

static void decode_vlan_list(const uint8_t *data, size_t len, struct vf_attrs *a)
{
	struct ifla_vf_vlan_info info;

	/* The kernel's list has exactly one entry (MAX_VLAN_LIST_LEN). */
	if (len < NLA_HDRLEN + sizeof(info))
		return;
	memcpy(&info, data + NLA_HDRLEN, sizeof(info));
	vf_set_n(a, VF_VLAN, vlan_pack(info.vlan, info.qos, ntohs(info.vlan_proto)));
}

/* Sets a number that reads 0xffffffff when the driver does not report it. */
static void set_reported(struct vf_attrs *a, enum vf_attr_id id, uint32_t n)
{
	if (n != UINT32_MAX)
		vf_set_n(a, id, n);
}

/* Zero says that nobody has set one: it is then the card's own, which is not told. */
static void decode_guid(const void *data, struct vf_attrs *a, enum vf_attr_id id)
{
	struct ifla_vf_guid g;

	memcpy(&g, data, sizeof(g));
	if (g.guid)
		vf_set_n(a, id, g.guid);
}

static size_t payload_min(uint16_t type)
{
	switch (type) {
	case IFLA_VF_MAC:
		return sizeof(struct ifla_vf_mac);
	case IFLA_VF_RATE:
	case IFLA_VF_VLAN:
		return 3 * sizeof(uint32_t);
	case IFLA_VF_SPOOFCHK:
	case IFLA_VF_LINK_STATE:
	case IFLA_VF_RSS_QUERY_EN:
	case IFLA_VF_TRUST:
		return 2 * sizeof(uint32_t);
	case IFLA_VF_IB_NODE_GUID:
	case IFLA_VF_IB_PORT_GUID:
		return sizeof(struct ifla_vf_guid);
	case IFLA_VF_VLAN_LIST:
		return NLA_HDRLEN + sizeof(struct ifla_vf_vlan_info);
	default:
		return SIZE_MAX;
	}
}

bool vf_attr_decode(uint16_t type, const void *data, size_t len, struct vf_attrs *a, unsigned *vf)
{
	uint32_t w[3] = { 0 };

	type &= NLA_TYPE_MASK;
	if (len < payload_min(type))
		return false;
	if (type == IFLA_VF_VLAN_LIST) {
		decode_vlan_list(data, len, a);
		return true;
	}
	memcpy(w, data, len < sizeof(w) ? len : sizeof(w));
	*vf = w[0];
	switch (type) {
	case IFLA_VF_MAC:
		vf_set_n(a, VF_MAC, macaddr_from_bytes((const uint8_t *)data + sizeof(uint32_t)));
		break;
	case IFLA_VF_VLAN:
		if (!vf_has(a, VF_VLAN)) /* the list form, which knows the protocol, wins */
			vf_set_n(a, VF_VLAN, vlan_pack(w[1], w[2], VLAN_PROTO_8021Q));
		break;
	case IFLA_VF_RATE:
		vf_set_n(a, VF_MIN_TX_RATE, w[1]);
		vf_set_n(a, VF_MAX_TX_RATE, w[2]);
		break;
	case IFLA_VF_IB_NODE_GUID:
		decode_guid(data, a, VF_NODE_GUID);
		break;
	case IFLA_VF_IB_PORT_GUID:
		decode_guid(data, a, VF_PORT_GUID);
		break;
	default:
		for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
			if (vf_attr(id)->way == VF_BY_NETLINK && vf_attr(id)->ifla == type)
				set_reported(a, id, w[1]);
	}
	return true;
}
