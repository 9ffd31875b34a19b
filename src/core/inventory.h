/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host as one scan found it. Immutable once made; everything refers to everything by index. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "core/attr.h"
#include "core/facts.h"
#include "core/genfile.h"
#include "core/lifeline.h"
#include "core/nvme.h"
#include "core/pfset.h"
#include "core/types.h"
#include "core/usage.h"

#define PCI_CLASS_NETWORK 0x02 /* high byte of the class code */
#define PCI_CLASS_DISPLAY 0x03
#define PCI_CLASS_BRIDGE  0x06

#define INVENTORY_VFS_MAX    UINT16_MAX /* that a PF can have: in the capability it is 16 bits */
#define PCI_CLASS_INFINIBAND 0x0207     /* its two high bytes */
#define PCI_CLASS_NVME       0x010802   /* all of it */

/* A network interface in the namespace of the scan. */
struct netdev {
	int ifindex;
	const char *name;
	bool ethernet; /* ARPHRD_ETHER */
	bool infiniband;
	bool has_mac, has_perm_mac;
	macaddr mac, perm_mac;
	bool up, carrier;
	unsigned mtu, mtu_max; /* 0: not known */
	int accept_ra; /* of IPv6 router advertisements: 0 no, -1 no IPv6, or not read (no PF) */
	int master;    /* ifindex of the bridge or bond that it is a member of, 0: none */
	int dev;       /* index of its PCI function in `devs`, -1: none */
};

/* One PCI function of any kind; or a PF on another bus, or a VF of it, which have less to tell. */
struct dev {
	struct pciaddr addr;
	uint16_t vendor, device, subsystem_vendor, subsystem_device; /* 0: no PCI function */
	uint32_t class_code;                                         /* 24 bits */
	const char *driver;                                          /* NULL: none */
	const char *override; /* driver_override, NULL: none */
	const char *path;     /* udev's ID_PATH, NULL: not known */
	const char *slot;     /* name of the physical slot that it is in, NULL: none is known */
	int iommu_group;      /* -1: none */
	int numa_node;        /* -1: none */
	int pf;               /* index in `pfs` of the PF that it is or belongs to, -1: no SR-IOV */
	int vf;               /* VF index when it is a VF, else -1 */
	int netdev;       /* index in `netdevs` of its (first, the PF's own) interface, -1: none */
	bool vfio_open;   /* a VFIO user has it open: `enable` > 0 under a VFIO driver */
	bool netdev_away; /* its host driver's interface is in another network namespace */
	struct vf_users users;    /* of a VF; of any function where `devices` are looked at */
	struct lifeline lifeline; /* what the host itself has of it, where they are */
	struct facts_dev facts;   /* what only `check` asks for */
};

/* A virtual function as its PF sees it. */
struct vf {
	unsigned index;
	int dev; /* index in `devs` */
	/* From netlink; what the driver does not know of (VF_DRIVER, VF_NAME, …) is never set. */
	struct vf_attrs attrs;
};

/* A physical function with the SR-IOV capability, or what can have VFs on another bus. */
struct pf {
	int dev;
	unsigned total_vfs;      /* INVENTORY_VFS_MAX of a PF that is no PCI function: not known */
	unsigned offset, stride; /* as of the present number of VFs */
	unsigned bus_last;       /* the last bus number that its VFs can have, 0: not told */
	uint16_t vf_device;
	bool autoprobe;
	bool settled;          /* udev is done with it and its interface: loaded, renamed, … */
	bool driver_foreign;   /* its driver is not the kernel's own: built out of its tree */
	bool has_vf_attrs;     /* its driver reports VF attributes by netlink */
	const char **vf_files; /* keys of the VFs' attributes that its driver has files for */
	size_t n_vf_files;     /* only such as can be written */
	struct nvme_caps nvme; /* of an NVMe controller: what it can give to VFs */
	int vf_msix; /* MSI-X vectors that its VFs can share out, 0: no one can, -1: not known */
	const char *host_driver; /* what the kernel would choose for its VFs, NULL: not known */
	struct vf *vfs;          /* by rising index; there may be gaps while a disable is stuck */
	size_t n_vfs;
	struct pf_settings settings; /* as far as the scan was asked for them */
};

struct inventory {
	const char *hostname, *kernel; /* never NULL */
	bool offline;     /* read from files alone: what only a running host tells is not known */
	bool has_iommu;   /* /sys/class/iommu is not empty: the test that Proxmox makes too */
	struct dev *devs; /* by rising address */
	size_t n_devs;
	int *by_group;  /* indices of all `devs`, by group, then by address: inventory_index() */
	struct pf *pfs; /* by rising address */
	size_t n_pfs;
	struct netdev *netdevs; /* by rising ifindex */
	size_t n_netdevs;
	const char **drivers; /* registered PCI drivers, sorted by strcmp() */
	size_t n_drivers;
	struct genfile_state {
		const char *text; /* NULL: it is not there */
		bool loaded;      /* its reader was told of it since it was written */
	} files[_GENFILE_MAX];
	struct facts facts; /* likewise */
	struct mem_pool *strings;
};

/* Returns an empty inventory, freed with inventory_free(). */
struct inventory *inventory_new(void) _must_check_;

/* Frees INV; NULL is allowed. */
void inventory_free(struct inventory *inv);

/*
 * Sorts INV's functions by their groups, once all are there with their groups: who asks for the
 * rest of a group must not have to look at all functions.
 */
void inventory_index(struct inventory *inv);

/* The functions of group number GROUP: their number, and their indices in `devs` in MEMBERS. */
size_t inventory_group(const struct inventory *inv, int group, const int **members);

/* Index in `devs` of the function at A, or -1. */
int inventory_dev(const struct inventory *inv, struct pciaddr a);

/* Index in `pfs` of the PF at A, or -1. */
int inventory_find_pf(const struct inventory *inv, struct pciaddr a);

/* The PF's VF number INDEX, or NULL. */
const struct vf *inventory_vf(const struct pf *pf, unsigned index);

/* The bus of PF's VF number I, by its present offset and stride; it may be beyond 255. */
unsigned inventory_vf_bus(const struct inventory *inv, const struct pf *pf, unsigned i);

/*
 * How many of the first WANTED VFs of PF are on buses that the port above it has: all of them where
 * nobody tells where they will be. The kernel makes all of them or none.
 */
unsigned inventory_vfs_on_buses(const struct inventory *inv, const struct pf *pf, unsigned wanted);

/* Whether the VF BARs of PF have addresses, or nobody tells. */
bool inventory_has_vf_memory(const struct inventory *inv, const struct pf *pf);

/*
 * How many VFs PF can have, as far as is known: no more than its driver allows, those on buses that
 * there are, and none without address space.
 */
unsigned inventory_possible_vfs(const struct inventory *inv, const struct pf *pf);

/* The PF's own function. */
const struct dev *inventory_pf_dev(const struct inventory *inv, const struct pf *pf);

/*
 * Whether the PF is a PCI function. Only then are its VFs devices, which can have a driver and an
 * interface, and belong to a guest.
 */
bool inventory_is_pci(const struct inventory *inv, const struct pf *pf);

/* Whether `total_vfs` of the PF is its own limit, and not only the one that any PF has. */
bool inventory_limit_known(const struct inventory *inv, const struct pf *pf);

/* The kernel's file that `total_vfs` of the PF is from, in words; never NULL. */
const char *inventory_limit_source(const struct inventory *inv, const struct pf *pf);

/* The PF's own interface, or NULL when it has none in this namespace. */
const struct netdev *inventory_pf_netdev(const struct inventory *inv, const struct pf *pf);

/* Whether attribute ID of the VFs of PF is a file that can be written. */
bool inventory_has_file(const struct pf *pf, enum vf_attr_id id);

/* What kind of device the PF is: by its interface, if it has one, else by its class. */
enum vf_kind inventory_pf_kind(const struct inventory *inv, const struct pf *pf);

/*
 * What PF has for the item of a setting, in *RET. Returns false when it has no such thing, or that
 * is not known.
 */
bool inventory_setting(const struct inventory *inv, const struct pf *pf, enum pfset_id id,
	const char *item, uint64_t *ret);

/*
 * Appends the N PFs with the indexes WHICH (NULL: the first N) as a list for messages:
 * "0000:01:00.0 (enp1s0), 0000:02:00.0".
 */
void inventory_pf_names(const struct inventory *inv, const size_t *which, size_t n, struct buf *b);

/* Whether the driver is registered, so that `bind` can be written without loading a module. */
bool inventory_has_driver(const struct inventory *inv, const char *name);

/*
 * Whether this running host is known to have neither the driver NAME nor a module that might be it;
 * false where nobody has asked (host_ask_modules()), and of a host that is only read from files.
 */
bool inventory_lacks_driver(const struct inventory *inv, const char *name);

/*
 * The interface of D that decides whether D is in use: its own, unless it has another that is up or
 * a member of something (a function may have one per port). NULL when it has none.
 */
const struct netdev *inventory_used_netdev(const struct inventory *inv, const struct dev *d);

/* What is known of who uses the function D, for usage.h. */
struct vf_usage inventory_usage(const struct inventory *inv, const struct dev *d);

/* usage_text() of the VF. */
bool inventory_vf_used(const struct inventory *inv, const struct vf *vf, struct buf *b);

/*
 * The same of any function D. One that is no VF counts only for what a guest has of it: that the
 * host's driver has it says its driver.
 */
bool inventory_dev_used(const struct inventory *inv, const struct dev *d, struct buf *b);

/*
 * The same of D, no VF, that is reserved as a whole: that the host's driver has it is no use, but
 * what is seen to use it by that driver is.
 */
bool inventory_whole_used(const struct inventory *inv, const struct dev *d, struct buf *b);

/* "ethernet", "nvme", …: what kind of device the class code says, for people. */
const char *inventory_class_name(uint32_t class_code);
