/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a device, for people and programs. */
#pragma once

#include "core/inventory.h"
#include "render/jsonout.h"
#include "render/table.h"

/*
 * Adds the cell that says who uses the function D, or who is going to: "-" if nobody, "" for what
 * is no VF and in no guest.
 */
void users_cell(struct table *t, const struct inventory *inv, const struct dev *d);

/*
 * Adds "used" (the words, null: it is idle), "user" (an object, null: it is idle, or no guest and
 * no process is known) and "assigned_to" (null: no configuration is known to name it) of D.
 */
void users_json(struct jsonout *j, const struct inventory *inv, const struct dev *d);
