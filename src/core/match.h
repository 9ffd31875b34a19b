/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which PFs an entry of the policy means. Pure. */
#pragma once

#include "core/inventory.h"
#include "core/policy.h"

/*
 * Puts the indexes (in `pfs`) of the PFs that ENTRY matches into FOUND, which has room for all PFs,
 * and returns how many: exactly one, or any number if it says `many`, or none if `optional`.
 * Anything else is a problem added to D for entry number NUMBER, and 0 is returned. That a PF has
 * moved and is followed, or need not be there, is added to NOTES (NULL: to nothing).
 */
size_t match_pfs(const struct pf_policy *entry, const struct inventory *inv, int number,
	size_t *found, struct diag *d, struct diag *notes);

/*
 * Whether ENTRY's `match` fits PF number PF, whatever else it fits: all keys do, or all but the
 * place when the MAC is to be followed and no PF is where it should be.
 */
bool match_fits(const struct pf_policy *entry, const struct inventory *inv, size_t pf);

/* The same, and also whether PF is the one that has moved but is not to be followed. */
bool match_concerns(const struct pf_policy *entry, const struct inventory *inv, size_t pf);

/*
 * Whether PF is complete: it has its driver and, if it is a NIC, an interface, and udev is done
 * with both.
 */
bool match_is_ready(const struct inventory *inv, const struct pf *pf);

/*
 * Whether every entry of P for this host finds its PFs in INV, with driver and interface, and udev
 * is done with each PF that one could mean: what a run at boot waits for. Until then a driver may
 * be missing, or an interface be about to get its name, which older kernels refuse once it is up
 * (dev_change_name()).
 */
bool match_all_present(const struct policy *p, const struct inventory *inv);
