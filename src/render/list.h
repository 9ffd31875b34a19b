/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `list` shows: the PFs of a host and their VFs. */
#pragma once

#include "core/inventory.h"
#include "render/jsonout.h"
#include "render/text.h"

struct list_options {
	const bool *pfs; /* one per PF of the inventory: whether to show it; NULL: all */
	struct screen screen;
};

/* Appends a table with a row per PF and, below it, one per VF; a sentence where there is no PF. */
void list_text(struct buf *b, const struct inventory *inv, const struct list_options *o);

/* Appends the same as a JSON document. */
void list_json(struct buf *b, const struct inventory *inv, const struct list_options *o);

/* Adds the array "vfs" of PF's VFs to the open object. */
void list_vfs_json(struct jsonout *j, const struct inventory *inv, const struct pf *pf);

/* Adds the IDs "vendor" and "device" of D, null for what is no PCI function. */
void list_ids_json(struct jsonout *j, const struct dev *d);
