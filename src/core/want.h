/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy matched with a host: per PF, the state that is wanted. Pure. */
#pragma once

#include "core/inventory.h"
#include "core/policy.h"

/* One VF's wanted state: defaults and ranges merged, automatic MACs computed, "host" turned into a
 * name. */
struct want_vf {
	struct vf_attrs attrs;
	const struct vf_policy *from[_VF_ATTR_MAX]; /* whose text set it, NULL: built in */
	bool unpinned;        /* driver_override is to be `override`, not the driver's name */
	const char *override; /* NULL: none */
	const char *rebind;   /* a driver that it is to have if it has none, NULL: none */
};

struct want_pf {
	size_t pf;      /* index in the inventory's `pfs` */
	size_t entry;   /* index in the policy's `pfs` */
	unsigned n_vfs; /* how many there should be, or one more than the highest index there is */
	enum tri up;    /* of its interface, if it has one; unset: as it is */
	bool has_ra;    /* its interface's accept_ra is to be `ra` */
	unsigned ra;
	enum tri autoprobe;
	bool counted;        /* n_vfs is what somebody wants, not just what there is */
	struct want_vf *vfs; /* n_vfs of them */
	struct pfset_list settings;
};

/* A function that is reserved as a whole, or given back. */
struct want_dev {
	size_t dev;           /* index in the inventory's `devs` */
	size_t entry;         /* behind those of `pfs`: n_pfs and its index in `devices` */
	const char *driver;   /* NULL: none */
	const char *override; /* its driver_override, NULL: none */
};

struct want {
	struct want_pf *pfs; /* by rising PF index, each PF once */
	size_t n_pfs;
	struct want_dev *devs; /* by rising index, each function once */
	size_t n_devs;
	struct diag notes; /* what is to be told, and hinders nothing: a PF has moved, a driver
			      says yes to what it may not do */
};

/*
 * Matches P with INV. What cannot be is added to D with its entry's index and left out of the
 * result: no PF or several match, more VFs than there can be, an attribute on a PF that is no NIC,
 * vfio-pci without an IOMMU, a MAC that something else on the host has, … The caller decides
 * whether the rest is still wanted. The result points into P and INV and is freed with want_free().
 */
struct want *want_make(
	const struct policy *p, const struct inventory *inv, struct diag *d) _must_check_;

/*
 * Adds to W what P reserves as a whole. What the host lives on, what has VFs or an entry in `pfs`,
 * and what shares an IOMMU group with a device that the host would keep is added to D instead.
 * Called by want_make().
 */
void want_devices(
	struct want *w, const struct policy *p, const struct inventory *inv, struct diag *d);

/* Puts W's `devs` into the order that they have to have. */
void want_sort_devices(struct want *w);

/* Takes all functions but the one with the index DEV out of W's `devs`; whether it was there. */
bool want_keep_device(struct want *w, int dev);

/* Takes the PF with that index out of W, if it is in it. */
void want_drop_pf(struct want *w, size_t pf);

/*
 * Appends to B why nothing can be bound to DRIVER, as a policy names it, on the host INV; returns
 * whether that is so.
 */
bool want_driver_problem(const struct inventory *inv, const char *driver, struct buf *b);

/*
 * Adds to D each wanted MAC that is wanted twice, or that another VF or an interface of the host
 * has; the PF whose VF wants it is taken out of W. Called by want_make().
 */
void want_check_macs(
	struct want *w, const struct policy *p, const struct inventory *inv, struct diag *d);

/*
 * Adds to D what will come to nothing because the host has no bus numbers, or no addresses, for the
 * VFs that are to be made. Where they will be is only known by the PF's present offset and stride,
 * which another number of VFs may change: so it is no error.
 */
void want_tell_room(
	const struct want *w, const struct policy *p, const struct inventory *inv, struct diag *d);

/*
 * Adds to D what the VFs of W cannot have: attributes of other kinds of devices, and more than the
 * PF has to share out. Returns whether there was nothing. Called by want_make().
 */
bool want_check_attrs(const struct want_pf *w, const struct policy *p, const struct inventory *inv,
	struct diag *d);

/* Where the policy says what attribute ID of VF is to be; ENTRY itself where nothing does. */
struct place want_place(
	const struct pf_policy *entry, const struct want_vf *vf, enum vf_attr_id id);

/*
 * Whether the host lets the PF of W have the settings that its entry of P has; adds to D what it
 * does not. Called by want_make().
 */
bool want_check_settings(const struct want_pf *w, const struct policy *p,
	const struct inventory *inv, struct diag *d);

/*
 * Adds to D what the driver of a PF does not accept, as far as that is known, and takes the PF out
 * of W; what it may not do, or only seem to do, is added to W's notes. Called by want_make().
 */
void want_check_drivers(
	struct want *w, const struct policy *p, const struct inventory *inv, struct diag *d);

/* Takes the PF with index PF in the inventory out of W, if it is in it. */
void want_drop_pf(struct want *w, size_t pf);

/*
 * Whether a VF of PF with the attributes A is left to the host altogether: managed, with the driver
 * that the kernel would choose. Such a one needs no driver_override to stay what it is.
 */
bool want_is_hosts(const struct vf_attrs *a, const struct pf *pf);

/* Frees what PF holds. */
void want_pf_done(struct want_pf *pf);

/* Frees W; NULL is allowed. */
void want_free(struct want *w);
