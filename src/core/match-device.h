/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions an entry of `devices` means. Pure. */
#pragma once

#include "core/inventory.h"
#include "core/policy.h"

/*
 * Puts the indexes (in `devs`) of the functions that ENTRY matches into FOUND, which has room for
 * all, and returns how many: as match_pfs(), for entry number NUMBER of the policy. VFs and bridges
 * are never among them. A function that is reserved already is known by what it was before.
 */
size_t match_devices(const struct pf_policy *entry, const struct inventory *inv, int number,
	size_t *found, struct diag *d, struct diag *notes);

/* Whether ENTRY's `match` fits the function with the index DEV, whatever else it fits. */
bool match_fits_device(const struct pf_policy *entry, const struct inventory *inv, size_t dev);

/* The same, and also whether it is the one that has moved but is not to be followed. */
bool match_concerns_device(const struct pf_policy *entry, const struct inventory *inv, size_t dev);

/*
 * Whether every entry of P's `devices` for this host finds its functions in INV, and no driver is
 * on its way to one that an entry could name as well: the other half of match_all_present(). What
 * is known without a driver can be reserved before it gets one.
 */
bool match_devices_present(const struct policy *p, const struct inventory *inv);
