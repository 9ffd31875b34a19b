/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keeps the host's own network configuration off the VFs, as generated files need it. Pure. */
#pragma once

#include "core/former.h"
#include "core/inventory.h"
#include "core/want.h"

/* A VF that there is, or is to be. */
struct isolated_vf {
	unsigned index;
	struct pciaddr
		addr;       /* as the kernel links it, else as its PF's offset and stride predict */
	bool managed;       /* the host's network manager may have it */
	const char *name;   /* of its interface, NULL: as udev chooses */
	const char *driver; /* pinned by driver_override, NULL: none */
};

/* A PF with its VFs, or a function that is reserved as a whole. */
struct isolated_pf {
	struct pciaddr addr;
	const char *driver; /* that it is reserved for, pinned by driver_override; NULL: a PF */
	uint16_t vendor, device;
	struct former former;    /* of what is reserved */
	const char *netdev;      /* its interface, NULL: it has none */
	bool nic;                /* its VFs may have interfaces */
	struct isolated_vf *vfs; /* by rising index */
	size_t n_vfs;
};

struct isolation {
	struct isolated_pf *pfs; /* by rising address; none whose VFs are all left to the host */
	size_t n_pfs;
};

/* What WANT asks for on the host INV. Points into both; freed with isolation_free(). */
struct isolation *isolation_make(const struct want *want, const struct inventory *inv) _must_check_;

/* Frees I; NULL is allowed. */
void isolation_free(struct isolation *i);
