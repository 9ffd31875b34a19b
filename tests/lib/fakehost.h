/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host that behaves as the lab showed the kernel and igb to behave (kernel-facts §1.2, §3.1,
 * §4.3): VFs appear, EBUSY from N to M, autoprobe=0 blocks a bind without override, a held VF's
 * unbind never returns. It lives in shared memory, because workers are processes.
 */
#pragma once

#include "host/host.h"

#define FAKE_PFS  4
#define FAKE_VFS  8
#define FAKE_FDB  24
#define FAKE_NAME 32
#define FAKE_TEXT 16384

struct fake_vf {
	char driver[FAKE_NAME], override[FAKE_NAME];
	char name[FAKE_NAME]; /* of its interface, "": as udev calls it; there is one on igbvf */
	uint64_t attr[_VF_ATTR_MAX];
	bool held;
	bool probed; /* a host driver has ever seen it */
};

struct fake_pf {
	struct pciaddr addr;
	unsigned total, n;
	bool autoprobe, up, nic;
	bool infiniband;   /* and no Ethernet */
	bool no_ra;        /* its interface ignores router advertisements */
	unsigned flexible; /* of an NVMe controller: VQ, and as many VI, that VFs can have, 4 each;
			      0: no virtualization management */
	unsigned kept;     /* as many more that it keeps for itself */
	int msix;          /* MSI-X vectors for its VFs, evenly shared at first; 0: none */
	macaddr mac;
	unsigned mtu;
	unsigned features;    /* bits: those that are on */
	enum eswitch eswitch; /* ESWITCH_UNKNOWN: it has none */
	macaddr fdb[FAKE_FDB];
	unsigned n_fdb;
	/* Of the PF itself, reserved as a whole: "": its own one, with an interface; or "none". */
	char driver[FAKE_NAME], override[FAKE_NAME];
	bool held; /* by whom has it as a whole */
	struct fake_vf vf[FAKE_VFS];
};

struct fakehost {
	struct host host;
	const char *driver; /* of the PFs that are NICs, however it is called: behaves as igb */
	bool foreign;       /* and is not the kernel's own */
	struct fake_pf pf[FAKE_PFS];
	unsigned n_pfs;
	bool iommu, has_vfio, has_igbvf;
	char bridge[FAKE_NAME];             /* an interface of no device, "": there is none */
	char file[_GENFILE_MAX][FAKE_TEXT]; /* "": it is not there */
	bool unloaded[_GENFILE_MAX];        /* its reader has not been told of it */
	unsigned writes;                    /* steps that were tried */
	unsigned fail_at;                   /* the number of the step that fails, from 1; 0: none */
	unsigned fail_more;                 /* so many steps behind it fail as well */
	int fail_errno;
	unsigned kill_at; /* the worker dies before that step */
	unsigned kill_in; /* it dies in it: done, but nobody was told, nor was a file's reader */
	unsigned hang_at; /* that step never comes back */
	unsigned creates_fewer; /* so many times, sriov_numvfs succeeds with one VF less */
	bool has_rival;         /* another program makes a VF when there is none, just before us */
	bool blind;             /* it cannot be read any more once steps were tried */
	bool gone;              /* by then the PFs have gone */
	bool takes_first;       /* somebody opens VF 0 as soon as there is one */
	bool forgets_trust;     /* accepts trust and does not keep it */
};

/* A host with N igb PFs 0000:01:00.0, 0000:02:00.0, … for 7 VFs each, down, with an IOMMU. */
struct fakehost *fake_new(unsigned n);

/* What udev does when VFs have appeared: loads igbvf, which takes every VF that it may, unless it
 * is there. */
void fake_load_by_modalias(struct fakehost *f);

/* Frees it. */
void fake_free(struct fakehost *f);

/* What differs between two states, as text into B; nothing when they are the same. */
void fake_diff(const struct fakehost *a, const struct fakehost *b, struct buf *out);
