/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of VF attributes. One row serves the policy's parser, the planner, netlink in both
 * directions, rendering and the check of the manual: a new attribute is a new row.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* In the order in which the kernel applies the netlink ones within one message (do_setvfinfo()). */
enum vf_attr_id {
	VF_MAC,
	VF_VLAN,
	VF_MIN_TX_RATE,
	VF_MAX_TX_RATE,
	VF_SPOOFCHK,
	VF_LINK_STATE,
	VF_QUERY_RSS,
	VF_TRUST,
	VF_NODE_GUID,
	VF_PORT_GUID,
	VF_MSIX,
	VF_EXEC_QUANTUM,
	VF_PREEMPT_TIMEOUT,
	VF_SCHED_PRIORITY,
	VF_VQ_RESOURCES,
	VF_VI_RESOURCES,
	VF_ONLINE,
	VF_DRIVER,
	VF_NAME,
	VF_MANAGED,
	VF_LABEL,
	_VF_ATTR_MAX
};

enum vf_attr_type {
	VF_TYPE_MAC,    /* n: an address, VF_MAC_AUTO or VF_MAC_KEEP */
	VF_TYPE_VLAN,   /* n: vlan_pack() */
	VF_TYPE_NUMBER, /* n: within the row's min and max */
	VF_TYPE_BOOL,   /* n: 0 or 1 */
	VF_TYPE_WORD,   /* n: index in the row's words */
	VF_TYPE_GUID,   /* n: 64 bits, never 0 */
	VF_TYPE_DRIVER, /* s: a driver's name, "host" or "none" */
	VF_TYPE_IFNAME, /* s: the name of an interface; only one VF can have it */
	VF_TYPE_TEXT,   /* s */
};

/* How a host's VF gets an attribute. */
enum vf_attr_way {
	VF_BY_NOTHING, /* not as such: it says what else is done, or only the policy has it */
	VF_BY_NETLINK, /* through the PF's interface */
	VF_BY_FILE,    /* written to a file below /sys */
	VF_BY_NVME,    /* by commands to the PF's NVMe controller */
};

#define VF_WORDS_MAX 3
#define VF_FILES_MAX 3

/* What a PF is, as far as its VFs' attributes depend on it. */
enum vf_kind {
	VF_OF_ETHERNET = 1 << 0,
	VF_OF_INFINIBAND = 1 << 1,
	VF_OF_NVME = 1 << 2,
	VF_OF_GPU = 1 << 3,
	VF_OF_OTHER = 1 << 4,
	VF_OF_NIC = VF_OF_ETHERNET | VF_OF_INFINIBAND,
};

/* Words that a policy may give in place of a MAC address; above all 48-bit values. */
#define VF_MAC_AUTO (UINT64_C(1) << 48)
#define VF_MAC_KEEP (UINT64_C(2) << 48)

/* Words for drivers: what the kernel would choose, and no driver. Never names in /sys. */
#define VF_DRIVER_HOST "host"
#define VF_DRIVER_NONE "none"
#define VF_DRIVER_VFIO "vfio-pci"

/* A number or a string, as the attribute's type says. Strings are owned by whoever made the value.
 */
union vf_value {
	uint64_t n;
	const char *s;
};

/* Attributes of one VF; an unset one is untouched (policy) or not reported by the driver (host). */
struct vf_attrs {
	uint32_t set; /* bit 1 << enum vf_attr_id */
	union vf_value v[_VF_ATTR_MAX];
};

struct vf_attr {
	const char *key; /* as in the policy and in iproute2 */
	enum vf_attr_type type;
	uint64_t min, max;                   /* VF_TYPE_NUMBER */
	const char *words[VF_WORDS_MAX + 1]; /* VF_TYPE_WORD; up to the first NULL */
	enum vf_attr_way way;
	uint16_t ifla;    /* VF_BY_NETLINK: IFLA_VF_… */
	const char *file; /* VF_BY_FILE: below the VF's own directory */
	/*
	 * VF_BY_FILE without `file`: below the PF's, the first that is there. "#" stands for the
	 * VF's number from 1, "*" for any digits or none; of several all are set.
	 */
	const char *pf_files[VF_FILES_MAX];
	unsigned kinds; /* the VFs of which devices have it, 0: of all */
	enum vf_attr_id
		pair; /* the other attribute in the same netlink structure, or _VF_ATTR_MAX */
	bool late; /* only after the VF is bound: some drivers want carrier (kernel-facts §5.3) */
	bool resets;      /* changing it takes a running guest off the network */
	bool unbound;     /* only while no driver has the VF */
	const char *unit; /* behind a number: "Mbit/s", or NULL */
	const char *help; /* one line, for people */
};

/* The row of ID. */
const struct vf_attr *vf_attr(enum vf_attr_id id);

/* The attribute with that policy key, or _VF_ATTR_MAX. */
enum vf_attr_id vf_attr_by_key(const char *key);

/* Whether the attribute is a VF's on a host; the others exist in policies alone. */
bool vf_attr_is_on_host(enum vf_attr_id id);

/* Whether the VFs of devices of KIND have the attribute. */
bool vf_attr_is_of(enum vf_attr_id id, enum vf_kind kind);

/* How many words the row of ID has. */
size_t vf_attr_words(enum vf_attr_id id);

/* Whether A has the attribute. */
static inline bool vf_has(const struct vf_attrs *a, enum vf_attr_id id)
{
	return a->set & (UINT32_C(1) << id);
}

/* Sets a number. */
void vf_set_n(struct vf_attrs *a, enum vf_attr_id id, uint64_t n);

/* Sets a string, which A does not own. */
void vf_set_s(struct vf_attrs *a, enum vf_attr_id id, const char *s);

/* Whether two values of the attribute are the same. */
bool vf_value_equal(enum vf_attr_id id, union vf_value a, union vf_value b);

/* Appends the value as people write it: "02:00:…", "100 qos 3 proto 802.1Q", "on", "auto", "500".
 */
void vf_value_text(struct buf *b, enum vf_attr_id id, union vf_value v);

/* Whether the attribute is a string in union vf_value. */
bool vf_attr_is_text(enum vf_attr_id id);

#define VLAN_PROTO_8021Q  0x8100u
#define VLAN_PROTO_8021AD 0x88a8u

/* A VLAN as one number; id 0 (no VLAN) always packs to 0, whatever qos and proto are. */
uint64_t vlan_pack(unsigned id, unsigned qos, unsigned proto);

/* The id in a packed VLAN; 0: none. */
unsigned vlan_id(uint64_t vlan);

/* The priority in a packed VLAN. */
unsigned vlan_qos(uint64_t vlan);

/* The protocol in a packed VLAN, in host order; 802.1Q where there is none. */
unsigned vlan_proto(uint64_t vlan);

/*
 * Fills OUT (at least 64 bytes) with the payload of the netlink attribute that sets ID of VF, and
 * *RET_TYPE with its IFLA_VF_… type. PAIR is the value of the row's pair after the change (its
 * structure holds both). Returns the payload's length. Only for rows with `ifla`.
 */
size_t vf_attr_encode(enum vf_attr_id id, unsigned vf, uint64_t value, uint64_t pair, uint8_t *out,
	uint16_t *ret_type);

/*
 * Reads one attribute found inside an IFLA_VF_INFO: its type and payload (LEN bytes, not trusted).
 * Sets what it tells in A and the VF's index in *VF. What a driver does not report (-1) stays
 * unset. Returns whether it was one that is known and long enough.
 */
bool vf_attr_decode(uint16_t type, const void *data, size_t len, struct vf_attrs *a, unsigned *vf);
