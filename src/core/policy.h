/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy as a typed model: what the administrator wants, not yet matched with any host. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "core/attr.h"
#include "core/diag.h"
#include "core/pfset.h"
#include "core/types.h"

#define POLICY_VERSION  1
#define POLICY_SIZE_MAX (1024 * 1024) /* bytes of one file; 4,096 VFs need about 300 KiB */
#define POLICY_VF_MAX   65535         /* sriov_numvfs is a 16-bit number */

#define POLICY_VLAN_ID_MAX  4094
#define POLICY_VLAN_QOS_MAX 7

/*
 * Bytes of strings: a driver's name, an interface's name, a glob on an interface's or a host's
 * name, ID_PATH, a slot's name, a label.
 */
#define POLICY_DRIVER_MAX 63
#define POLICY_IFNAME_MAX 15 /* IFNAMSIZ - 1 */
#define POLICY_GLOB_MAX   64
#define POLICY_PATH_MAX   255
#define POLICY_SLOT_MAX   64
#define POLICY_LABEL_MAX  64

/* A switch that may be left alone. */
enum tri { TRI_UNSET, TRI_OFF, TRI_ON };

/* What `match` says; a NULL or unset key matches everything. Strings are interned in the policy. */
struct pf_match {
	bool has_address, has_mac, has_vendor, has_device, has_subsystem_vendor,
		has_subsystem_device;
	struct pciaddr address;
	macaddr mac; /* permanent MAC */
	uint16_t vendor, device, subsystem_vendor, subsystem_device;
	const char *path;      /* udev's ID_PATH */
	const char *slot;      /* name of the physical slot */
	const char *interface; /* glob on the netdev's name */
	const char *driver;
	bool follow; /* where `mac` is, whatever the keys say that name a place */
};

/* Attributes for a range of VFs (or all: `defaults`). */
struct vf_policy {
	unsigned first, last;
	struct vf_attrs attrs;         /* strings interned in the policy */
	struct place place;            /* of the object */
	struct place at[_VF_ATTR_MAX]; /* of each attribute that is set */
};

/* An entry of `pfs`; or of `devices`, whose driver and label are in `defaults`. */
struct pf_policy {
	struct pf_match match;
	bool many, optional;
	const char **hosts; /* globs on the host's name; n_hosts 0: every host */
	size_t n_hosts;

	enum { VFS_UNSET, VFS_COUNT, VFS_MAX } vfs_kind;
	unsigned vfs;
	enum tri up;                /* unset: true */
	enum tri autoprobe;         /* unset: as it was */
	struct pfset_list settings; /* what is not in it is untouched */

	struct vf_policy defaults;
	struct vf_policy *vf; /* sorted by `first`, not overlapping */
	size_t n_vf;

	struct place place, match_at, vfs_at;
};

struct policy {
	struct pf_policy *pfs;
	size_t n_pfs;
	struct pf_policy *devices; /* what is reserved as a whole */
	size_t n_devices;
	struct mem_pool *strings;
};

/* Returns an empty policy, freed with policy_free(). */
struct policy *policy_new(void) _must_check_;

/* Frees P; NULL is allowed. */
void policy_free(struct policy *p);

/*
 * Parses the LEN bytes at TEXT, called NAME in messages, and adds its entries to P. Every problem
 * is added to D, none is fatal to finding the next one; where the text is no JSON, that is the only
 * one. Pure: no file is opened. P is only to be used when D has stayed empty.
 */
void policy_parse(struct policy *p, const char *name, const char *text, size_t len, struct diag *d);

/*
 * Finds what only shows when all files are read: two entries that cannot but name the same PF (same
 * MAC, or same address and neither may follow a MAC away from it), a MAC address given to two VFs
 * or to a VF and a PF, a name given to two VFs. Only entries that may be for the same host count,
 * so that the hosts of a cluster can give one guest the same address. Adds to D, naming both
 * places. P may have had problems before.
 */
void policy_check(const struct policy *p, struct diag *d);

/* Whether P says what attribute ID of any VF is to be. */
bool policy_asks(const struct policy *p, enum vf_attr_id id);

/* The same of all attributes that are set in this way. */
bool policy_asks_way(const struct policy *p, enum vf_attr_way way);

/*
 * Whether what P says depends on which driver the kernel would choose for VFs: it does not where
 * each VF has a driver by name and none is managed by the host.
 */
bool policy_asks_host_driver(const struct policy *p);

/* Whether P says of any device where it is by udev's ID_PATH. */
bool policy_asks_path(const struct policy *p);

/* The same of the slot that it is in. */
bool policy_asks_slot(const struct policy *p);

/*
 * Calls FN with ARG for each driver that ENTRY names for VFs or for its device, as often as it
 * does; "host" and "none" are no names of drivers.
 */
void policy_each_driver(
	const struct pf_policy *entry, void (*fn)(const char *driver, void *arg), void *arg);

/* A bit 1 << enum pfset_id for each setting of PFs that P has. */
unsigned policy_settings(const struct policy *p);

/* Whether ENTRY is meant for the host called NAME: no `hosts`, or one of its globs matches. */
bool policy_for_host(const struct pf_policy *entry, const char *name);
