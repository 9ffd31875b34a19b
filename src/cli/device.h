/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices as people name them on the command line. */
#pragma once

#include "core/inventory.h"

/*
 * Index in `inv->devs` of the PCI function called NAME: an address, with or without its domain, an
 * interface, or either of a PF with ":" and the index of one of its VFs. -1 after an error message.
 */
int device_find(const struct inventory *inv, const char *name);
