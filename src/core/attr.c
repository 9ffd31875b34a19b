/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of VF attributes. */
#include <assert.h>
#include <linux/if_link.h>
#include <string.h>

#include "core/attr.h"
#include "core/types.h"

/* Of xe, since Linux 6.19, and of i915 as Intel ships it. */
#define GPU_FILES(name)                                                         \
	{                                                                       \
		"sriov_admin/vf#/profile/" name, "drm/card*/iov/vf#/gt*/" name, \
			"drm/card*/prelim_iov/vf#/gt*/" name                    \
	}

static const struct vf_attr attrs[_VF_ATTR_MAX] = {
	[VF_MAC] = { .key = "mac",
		.type = VF_TYPE_MAC,
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_MAC,
		.kinds = VF_OF_ETHERNET,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "MAC address: an address, \"auto\" or \"keep\"" },
	[VF_VLAN] = { .key = "vlan",
		.type = VF_TYPE_VLAN,
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_VLAN,
		.kinds = VF_OF_ETHERNET,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "port VLAN, 1 to 4094 (0: none), with qos and proto" },
	[VF_MIN_TX_RATE] = { .key = "min_tx_rate",
		.type = VF_TYPE_NUMBER,
		.max = UINT32_MAX,
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_RATE,
		.kinds = VF_OF_ETHERNET,
		.pair = VF_MAX_TX_RATE,
		.late = true,
		.unit = "Mbit/s",
		.help = "guaranteed transmit rate in Mbit/s, 0: none" },
	[VF_MAX_TX_RATE] = { .key = "max_tx_rate",
		.type = VF_TYPE_NUMBER,
		.max = UINT32_MAX,
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_RATE,
		.kinds = VF_OF_ETHERNET,
		.pair = VF_MIN_TX_RATE,
		.late = true,
		.unit = "Mbit/s",
		.help = "limit of the transmit rate in Mbit/s, 0: none" },
	[VF_SPOOFCHK] = { .key = "spoofchk",
		.type = VF_TYPE_BOOL,
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_SPOOFCHK,
		.kinds = VF_OF_ETHERNET,
		.pair = _VF_ATTR_MAX,
		.help = "drop what the guest sends from other addresses" },
	[VF_LINK_STATE] = { .key = "link_state",
		.type = VF_TYPE_WORD,
		.words = { "auto", "enable", "disable" }, /* in the order of the kernel */
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_LINK_STATE,
		.kinds = VF_OF_NIC,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "link as the guest sees it: auto (the PF's), enable, disable" },
	[VF_QUERY_RSS] = { .key = "query_rss",
		.type = VF_TYPE_BOOL,
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_RSS_QUERY_EN,
		.kinds = VF_OF_ETHERNET,
		.pair = _VF_ATTR_MAX,
		.help = "the guest may read the RSS configuration" },
	[VF_TRUST] = { .key = "trust",
		.type = VF_TYPE_BOOL,
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_TRUST,
		.kinds = VF_OF_ETHERNET,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "the guest may set its MAC addresses and promiscuous mode" },
	[VF_NODE_GUID] = { .key = "node_guid",
		.type = VF_TYPE_GUID,
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_IB_NODE_GUID,
		.kinds = VF_OF_INFINIBAND,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "InfiniBand GUID of the node that the guest is" },
	[VF_PORT_GUID] = { .key = "port_guid",
		.type = VF_TYPE_GUID,
		.way = VF_BY_NETLINK,
		.ifla = IFLA_VF_IB_PORT_GUID,
		.kinds = VF_OF_INFINIBAND,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "InfiniBand GUID of the guest's port" },
	[VF_MSIX] = { .key = "msix",
		.type = VF_TYPE_NUMBER,
		.min = 1, /* 0 is the driver's default, which nobody can tell from a number */
		.max = 2048,
		.way = VF_BY_FILE,
		.file = "sriov_vf_msix_count",
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.unbound = true,
		.help = "MSI-X vectors, of those that the PF can give to its VFs" },
	[VF_EXEC_QUANTUM] = { .key = "exec_quantum_ms",
		.type = VF_TYPE_NUMBER,
		.max = UINT32_MAX,
		.way = VF_BY_FILE,
		.pf_files = GPU_FILES("exec_quantum_ms"),
		.kinds = VF_OF_GPU,
		.pair = _VF_ATTR_MAX,
		.help = "for how long the VF has the GPU in its turn, 0: no limit" },
	[VF_PREEMPT_TIMEOUT] = { .key = "preempt_timeout_us",
		.type = VF_TYPE_NUMBER,
		.max = UINT32_MAX,
		.way = VF_BY_FILE,
		.pf_files = GPU_FILES("preempt_timeout_us"),
		.kinds = VF_OF_GPU,
		.pair = _VF_ATTR_MAX,
		.help = "how long it may take to give the GPU up after that, 0: no limit" },
	[VF_SCHED_PRIORITY] = { .key = "sched_priority",
		.type = VF_TYPE_WORD,
		.words = { "low", "normal", "high" },
		.way = VF_BY_FILE,
		.pf_files = GPU_FILES("sched_priority"),
		.kinds = VF_OF_GPU,
		.pair = _VF_ATTR_MAX,
		.help = "when the VF has its turn: low, normal, high" },
	[VF_VQ_RESOURCES] = { .key = "vq_resources",
		.type = VF_TYPE_NUMBER,
		.max = UINT16_MAX,
		.way = VF_BY_NVME,
		.kinds = VF_OF_NVME,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.unbound = true,
		.help = "queues of the VF's controller, of those that the PF can give away" },
	[VF_VI_RESOURCES] = { .key = "vi_resources",
		.type = VF_TYPE_NUMBER,
		.max = UINT16_MAX,
		.way = VF_BY_NVME,
		.kinds = VF_OF_NVME,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.unbound = true,
		.help = "interrupts of the VF's controller, likewise" },
	[VF_ONLINE] = { .key = "online",
		.type = VF_TYPE_BOOL,
		.way = VF_BY_NVME,
		.kinds = VF_OF_NVME,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.unbound = true,
		.help = "the VF's controller works; it needs queues and an interrupt for that" },
	[VF_DRIVER] = { .key = "driver",
		.type = VF_TYPE_DRIVER,
		.pair = _VF_ATTR_MAX,
		.resets = true,
		.help = "vfio-pci, host (what the kernel would choose), none, or a driver's name" },
	[VF_NAME] = { .key = "name",
		.type = VF_TYPE_IFNAME,
		.pair = _VF_ATTR_MAX,
		.kinds = VF_OF_NIC,
		.resets = true,
		.help = "name of the interface of a VF with a driver of the host" },
	[VF_MANAGED] = { .key = "managed",
		.type = VF_TYPE_BOOL,
		.pair = _VF_ATTR_MAX,
		.kinds = VF_OF_NIC,
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

bool vf_attr_is_on_host(enum vf_attr_id id)
{
	return attrs[id].way != VF_BY_NOTHING;
}

bool vf_attr_is_of(enum vf_attr_id id, enum vf_kind kind)
{
	return !attrs[id].kinds || attrs[id].kinds & kind;
}

size_t vf_attr_words(enum vf_attr_id id)
{
	size_t n = 0;

	while (n < VF_WORDS_MAX && attrs[id].words[n])
		n++;
	return n;
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
	case VF_TYPE_WORD:
		buf_add(b, v.n < vf_attr_words(id) ? attrs[id].words[v.n] : "unknown");
		break;
	case VF_TYPE_GUID:
		buf_add(b, guid_text(v.n).s);
		break;
	case VF_TYPE_DRIVER:
	case VF_TYPE_IFNAME:
	case VF_TYPE_TEXT:
		buf_add(b, v.s ? v.s : VF_DRIVER_NONE);
		break;
	}
}
