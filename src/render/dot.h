/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `list --dot` shows: the PFs of a host, their VFs and who uses them, as a picture. */
#pragma once

#include "core/inventory.h"

/*
 * Appends a graph in Graphviz's language, from left to right: PFs, VFs, users. PFS has one entry
 * per PF of the inventory: whether to show it; NULL: all. Functions that share an IOMMU group stand
 * in a box. Identifiers are addresses and numbers; all names are escaped.
 */
void dot_text(struct buf *b, const struct inventory *inv, const bool *pfs);
