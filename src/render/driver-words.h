/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of drivers in words, and as a part of the manual. */
#pragma once

#include "core/drivers.h"

/*
 * Appends which values of the attribute ID the driver D takes by its cell CELL, where that is less
 * than any: "0, 11 to 10000", "not 802.1ad", "only auto".
 */
void driver_values(
	const struct driver *d, const struct driver_cell *cell, enum vf_attr_id id, struct buf *b);

/* Appends the whole table as roff, for sriovctl-policy(5). */
void drivers_roff(struct buf *b);
