/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VFs on their way to guests: which ones, what the policy calls them, and what has to be said
 * before somebody relies on it. All from the running state; of the policy only labels are taken.
 * Pure.
 */
#pragma once

#include "core/inventory.h"
#include "core/policy.h"

/* Who takes the VFs. */
enum handoff_kind { HANDOFF_PROXMOX, HANDOFF_LIBVIRT, HANDOFF_QEMU, HANDOFF_LXC, _HANDOFF_MAX };

/*
 * What they are for. Fit for a virtual machine is a VF with a VFIO driver, for a container one with
 * another driver and an interface.
 */
enum handoff_use { HANDOFF_VM, HANDOFF_CONTAINER, HANDOFF_EITHER };

struct handoff_vf {
	const struct pf *pf;
	const struct vf *vf;
	const struct dev *dev;
	const char *label; /* owned by the policy, NULL: none */
	bool host;         /* it is for a container, not for a virtual machine */
};

/* Something that a person should know. */
struct handoff_note {
	int vf; /* index in `vfs`, -1: it is about the host */
	const char *text;
};

struct handoff {
	const struct inventory *inv;
	enum handoff_kind kind;
	struct handoff_vf *vfs; /* by rising PF address, then by index */
	size_t n;
	struct handoff_note *notes;
	size_t n_notes;
	struct mem_pool *strings; /* of the notes */
};

struct handoff_choice {
	enum handoff_kind kind;
	enum handoff_use use;
	const bool *chosen; /* one per function of the host, see handoff_make(); NULL: no choice */
};

/*
 * Chooses VFs of INV: of a PF that is chosen those that are fit, a VF that is chosen as it is;
 * without a choice, all of the host that are fit. P (may be NULL) gives labels; an entry that finds
 * no PF is a problem added to D. The notes are made too. The result points into INV and P and is
 * freed with handoff_free().
 */
struct handoff *handoff_make(const struct inventory *inv, const struct policy *p,
	const struct handoff_choice *c, struct diag *d) _must_check_;

/* Frees H; NULL is allowed. */
void handoff_free(struct handoff *h);

/* Whether a VFIO driver has the function. The names of all of them have "vfio" in them. */
bool handoff_is_vfio(const struct dev *d);

/* Adds the notes to H, which has none yet. Called by handoff_make(). */
void handoff_add_notes(struct handoff *h);

/*
 * Whether VFs number I and K of H are for virtual machines and belong to one pool, from which a
 * guest takes any: those of the same label, whatever their PFs; without a label, those of a PF.
 */
bool handoff_same_pool(const struct handoff *h, size_t i, size_t k);

/*
 * Whether LABEL can be the id of a resource mapping of Proxmox VE: a letter, then letters, digits,
 * '_' and '-', two characters at least.
 */
bool handoff_is_mapping_id(const char *label);

/*
 * Appends the name that Proxmox VE has for the host called HOSTNAME, without its domain. Returns
 * whether it is one; B is untouched if not.
 */
bool handoff_node(struct buf *b, const char *hostname);

/* Whether VF number I of H is the first of its pool. */
bool handoff_begins_pool(const struct handoff *h, size_t i);
