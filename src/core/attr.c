/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of VF attributes and their netlink encoding (kernel-facts §4.1). */
#include <arpa/inet.h>
#include <assert.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <string.h>

#include "core/attr.h"
#include "core/types.h"

static const struct vf_attr attrs[_VF_ATTR_MAX] = {
	[VF_MAC] = { .key = "mac",
		.type = VF_TYPE_MAC,
		.ifla = IFLA_VF_MAC,
		.nic = true,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "MAC address: an address, \"auto\" or \"keep\"" },
	[VF_VLAN] = { .key = "vlan",
		.type = VF_TYPE_VLAN,
		.ifla = IFLA_VF_VLAN,
		.nic = true,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "port VLAN, 1 to 4094 (0: none), with qos and proto" },
	[VF_MIN_TX_RATE] = { .key = "min_tx_rate",
		.type = VF_TYPE_NUMBER,
		.max = UINT32_MAX,
		.ifla = IFLA_VF_RATE,
		.nic = true,
		.pair = VF_MAX_TX_RATE,
		.late = true,
		.unit = "Mbit/s",
		.help = "guaranteed transmit rate in Mbit/s, 0: none" },
	[VF_MAX_TX_RATE] = { .key = "max_tx_rate",
		.type = VF_TYPE_NUMBER,
		.max = UINT32_MAX,
		.ifla = IFLA_VF_RATE,
		.nic = true,
		.pair = VF_MIN_TX_RATE,
		.late = true,
		.unit = "Mbit/s",
		.help = "limit of the transmit rate in Mbit/s, 0: none" },
	[VF_SPOOFCHK] = { .key = "spoofchk",
		.type = VF_TYPE_BOOL,
		.ifla = IFLA_VF_SPOOFCHK,
		.nic = true,
		.pair = _VF_ATTR_MAX,
		.help = "drop what the guest sends from other addresses" },
	[VF_LINK_STATE] = { .key = "link_state",
		.type = VF_TYPE_LINK,
		.ifla = IFLA_VF_LINK_STATE,
		.nic = true,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "link as the guest sees it: auto (the PF's), enable, disable" },
	[VF_QUERY_RSS] = { .key = "query_rss",
		.type = VF_TYPE_BOOL,
		.ifla = IFLA_VF_RSS_QUERY_EN,
		.nic = true,
		.pair = _VF_ATTR_MAX,
		.help = "the guest may read the RSS configuration" },
	[VF_TRUST] = { .key = "trust",
		.type = VF_TYPE_BOOL,
		.ifla = IFLA_VF_TRUST,
		.nic = true,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "the guest may set its MAC addresses and promiscuous mode" },
	[VF_DRIVER] = { .key = "driver",
		.type = VF_TYPE_DRIVER,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "vfio-pci, host (what the kernel would choose), none, or a driver's name" },
	[VF_NAME] = { .key = "name",
		.type = VF_TYPE_IFNAME,
		.pair = _VF_ATTR_MAX,
		.nic = true,
		.resets = true,
		.help = "name of the interface of a VF with a driver of the host" },
	[VF_MANAGED] = { .key = "managed",
		.type = VF_TYPE_BOOL,
		.pair = _VF_ATTR_MAX,
		.nic = true,
		.help = "leave the VF's interface to the host's network manager" },
	[VF_LABEL] = { .key = "label",
		.type = VF_TYPE_TEXT,
		.pair = _VF_ATTR_MAX,
		.help = "a name for people and for generated files" },
};

const struct vf_attr *vf_attr(enum vf_attr_id id)
{
	assert(id < _VF_ATTR_MAX);
	return &attrs[id];
}

enum vf_attr_id vf_attr_by_key(const char *key)
{
	unsigned id = 0;

	while (id < _VF_ATTR_MAX && strcmp(attrs[id].key, key) != 0)
		id++;
	return (enum vf_attr_id)id;
}

bool vf_attr_is_text(enum vf_attr_id id)
{
	return attrs[id].type == VF_TYPE_DRIVER || attrs[id].type == VF_TYPE_IFNAME ||
	       attrs[id].type == VF_TYPE_TEXT;
}

void vf_set_n(struct vf_attrs *a, enum vf_attr_id id, uint64_t n)
{
	a->set |= UINT32_C(1) << id;
	a->v[id].n = n;
}

void vf_set_s(struct vf_attrs *a, enum vf_attr_id id, const char *s)
{
	a->set |= UINT32_C(1) << id;
	a->v[id].s = s;
}

bool vf_value_equal(enum vf_attr_id id, union vf_value a, union vf_value b)
{
	if (!vf_attr_is_text(id))
		return a.n == b.n;
	if (!a.s || !b.s)
		return a.s == b.s;
	return strcmp(a.s, b.s) == 0;
}

uint64_t vlan_pack(unsigned id, unsigned qos, unsigned proto)
{
	if (id == 0)
		return 0;
	return (uint64_t)proto << 32 | (uint64_t)qos << 16 | id;
}

unsigned vlan_id(uint64_t vlan)
{
	return vlan & 0xffff;
}

unsigned vlan_qos(uint64_t vlan)
{
	return vlan >> 16 & 0xffff;
}

unsigned vlan_proto(uint64_t vlan)
{
	return vlan ? (unsigned)(vlan >> 32) : VLAN_PROTO_8021Q;
}

static void mac_text(struct buf *b, uint64_t n)
{
	if (n == VF_MAC_AUTO)
		buf_add(b, "auto");
	else if (n == VF_MAC_KEEP)
		buf_add(b, "keep");
	else
		buf_add(b, macaddr_text(n).s);
}

static void vlan_text(struct buf *b, uint64_t vlan)
{
	if (!vlan) {
		buf_add(b, "none");
		return;
	}
	buf_addf(b, "%u", vlan_id(vlan));
	if (vlan_qos(vlan))
		buf_addf(b, " qos %u", vlan_qos(vlan));
	if (vlan_proto(vlan) == VLAN_PROTO_8021AD)
		buf_add(b, " proto 802.1ad");
}

void vf_value_text(struct buf *b, enum vf_attr_id id, union vf_value v)
{
	static const char *const link[] = { "auto", "enable", "disable" };

	switch (attrs[id].type) {
	case VF_TYPE_MAC:
		mac_text(b, v.n);
		break;
	case VF_TYPE_VLAN:
		vlan_text(b, v.n);
		break;
	case VF_TYPE_NUMBER:
		buf_addf(b, "%llu", (unsigned long long)v.n);
		break;
	case VF_TYPE_BOOL:
		buf_add(b, v.n ? "on" : "off");
		break;
	case VF_TYPE_LINK:
		buf_add(b, v.n < ARRAY_SIZE(link) ? link[v.n] : "unknown");
		break;
	case VF_TYPE_DRIVER:
	case VF_TYPE_IFNAME:
	case VF_TYPE_TEXT:
		buf_add(b, v.s ? v.s : VF_DRIVER_NONE);
		break;
	}
}

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

size_t vf_attr_encode(enum vf_attr_id id, unsigned vf, uint64_t value, uint64_t pair, uint8_t *out,
	uint16_t *ret_type)
{
	assert(attrs[id].ifla);
	*ret_type = attrs[id].ifla;
	switch (attrs[id].type) {
	case VF_TYPE_MAC:
		return encode_mac(vf, value, out);
	case VF_TYPE_VLAN:
		return encode_vlan(vf, value, out, ret_type);
	case VF_TYPE_NUMBER: /* both rates in one structure, min first */
		return id == VF_MIN_TX_RATE ? encode_u32(vf, value, pair, 2, out)
					    : encode_u32(vf, pair, value, 2, out);
	case VF_TYPE_BOOL:
	case VF_TYPE_LINK:
		return encode_u32(vf, value, 0, 1, out);
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
	default:
		for (unsigned id = 0; id < _VF_ATTR_MAX; id++)
			if (attrs[id].ifla == type)
				set_reported(a, (enum vf_attr_id)id, w[1]);
	}
	return true;
}
