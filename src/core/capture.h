/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running host as a policy: what an entry per PF has to say for apply to find nothing to do on
 * this host, and to make it the same after a boot. What is as every VF begins is left out. Pure.
 */
#pragma once

#include "core/diag.h"
#include "core/inventory.h"

/* VFs next to each other of which the same is to be said. */
struct captured_vfs {
	unsigned first, last;
	struct vf_attrs
		attrs; /* what differs from the PF's defaults; strings belong to the inventory */
};

/* A PF that has VFs, or is to have them. */
struct captured_pf {
	int pf;     /* index in the inventory's `pfs`, -1: which one has yet to be said */
	unsigned n; /* how many VFs */
	const char *description; /* NULL: none */
	bool down;               /* its interface is */
	bool no_autoprobe;
	unsigned mtu; /* of its interface, 0: the usual one */
	struct vf_attrs defaults;
	struct captured_vfs *vfs; /* by rising index, only those of which something is to be said */
	size_t n_vfs;
};

struct capture {
	struct captured_pf *pfs; /* by rising address */
	size_t n_pfs;
};

/*
 * Describes the PFs of INV (scanned for everything) that have VFs; CHOSEN (an element per PF; NULL:
 * all) limits it. What cannot be said in a policy, or is not known, is added to NOTES with the PF's
 * address as its file, whose strings are then in POOL. Points into INV; freed with capture_free().
 */
struct capture *capture_make(const struct inventory *inv, const bool *chosen, struct mem_pool *pool,
	struct diag *notes) _must_check_;

/* Frees C; NULL is allowed. */
void capture_free(struct capture *c);
