/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the PF drivers of Linux accept: a table, for Linux itself cannot be asked. Each cell names
 * the function of the kernel that it was read in, 6.12 where nothing else is said. A driver that is
 * not in the table, and a cell that is not filled, is unknown; nothing is guessed.
 */
#pragma once

#include "base/buf.h"
#include "core/driver-row.h"

/* What a driver makes of a value that somebody wants. */
enum driver_verdict {
	DRIVER_FINE,
	DRIVER_UNSURE, /* it may come to nothing: a warning */
	DRIVER_CANNOT, /* it will be refused, or not be so */
};

/* The row of the PCI driver NAME (NULL is allowed), or NULL. */
const struct driver *driver_find(const char *name);

/* Row number I of the table, or NULL behind the last one. */
const struct driver *driver_row(size_t i);

/*
 * The cell of ID for a card with the PCI device DEVICE (0: not known): where the driver takes it of
 * some cards only, it says whether this is one. D may be NULL: an unknown driver.
 */
struct driver_cell driver_cell(const struct driver *d, uint16_t device, enum vf_attr_id id);

/*
 * Whether VALUE is what the driver reports as long as nobody has set anything, so that wanting it
 * is fine even where it cannot be set: no VLAN, no rate, link_state auto.
 */
bool driver_is_rest(const struct driver *d, enum vf_attr_id id, union vf_value value);

/*
 * What D makes of VALUE for ID on a card with that PCI device. Unless it is fine, the reason is
 * appended to WHY as a sentence that begins with the driver's name and ends with what to do.
 */
enum driver_verdict driver_judge(const struct driver *d, uint16_t device, enum vf_attr_id id,
	union vf_value value, struct buf *why);

/*
 * Appends what else is to be known about a cell, in words: "needs link on the PF; lost when …".
 * Nothing where there is nothing.
 */
void driver_conditions(const struct driver_cell *cell, struct buf *b);

/* Whether the driver called NAME wants NEED when ID is set; false for one that is not known. */
bool driver_needs(const char *name, enum vf_attr_id id, enum driver_need need);

/*
 * How many addresses behind the host (`bridge fdb add … self`) a card with that PCI device and
 * N_VFS VFs, each with a MAC of its own, filters on besides the PF's own address; -1: not known, or
 * there is no limit.
 */
int driver_fdb_slots(const char *name, uint16_t device, unsigned n_vfs);

/* "yes", "no", "maybe", "loosely", "unknown". */
const char *driver_takes_name(enum driver_takes takes);
