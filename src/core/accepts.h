/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a PF accepts: by what its kernel tells, else by the table of drivers. */
#pragma once

#include "core/drivers.h"
#include "core/inventory.h"

/*
 * The cell of attribute ID for VFs of PF. That of another kind of device is not taken, what
 * sriovctl does without the driver is; `source` says which.
 */
struct driver_cell accepts_cell(
	const struct inventory *inv, const struct pf *pf, enum vf_attr_id id);
