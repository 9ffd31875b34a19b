/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `show` shows: everything known about one PCI function. */
#pragma once

#include "core/inventory.h"
#include "render/text.h"

/* What the PCI ID database says, for people; NULL where it knows nothing. */
struct show_names {
	const char *device; /* "Intel Corporation 82576 Gigabit Network Connection" */
	const char *class;  /* "Ethernet controller" */
};

/* Appends a line per fact about device DEV of INV; a PF's VFs follow as the table of `list`. */
void show_text(struct buf *b, const struct inventory *inv, size_t dev,
	const struct show_names *names, struct screen s);

/* Appends the same as a JSON document. */
void show_json(
	struct buf *b, const struct inventory *inv, size_t dev, const struct show_names *names);
