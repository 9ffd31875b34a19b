/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices as people name them on the command line. */
#pragma once

#include "core/inventory.h"

/*
 * Index in `inv->devs` of the PCI function called NAME: an address, with or without its domain, an
 * interface, or either of a PF with ":" and the index of one of its VFs. -1 after an error message.
 */
int device_find(const struct inventory *inv, const char *name);

/*
 * The PF, an index in `inv->pfs`, that has an interface called NAME beside the one that it is known
 * by: what represents a VF, or a second port. -1 if there is none.
 */
int device_beside(const struct inventory *inv, const char *name);

/* Says that NAME is no name for PF, of which device_beside() has told, and which ones are. */
void device_complain_beside(const struct inventory *inv, const char *name, size_t pf);
