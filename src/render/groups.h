/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `groups` shows: IOMMU groups, and whether the devices in them can go to a guest. */
#pragma once

#include "core/inventory.h"
#include "render/text.h"

struct groups_options {
	const bool *
		devs; /* one per device of the inventory: show the groups that hold it; NULL: all */
	struct screen screen;
};

/*
 * Appends a table with a row per device, by group and address, and what stands in the way of giving
 * it to a guest by VFIO as things are now. On a host without an IOMMU: a sentence that says so.
 */
void groups_text(struct buf *b, const struct inventory *inv, const struct groups_options *o);

/* Appends the same as a JSON document. */
void groups_json(struct buf *b, const struct inventory *inv, const struct groups_options *o);
