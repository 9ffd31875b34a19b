/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a VF, for programs. */
#pragma once

#include "core/inventory.h"
#include "render/jsonout.h"

/*
 * Adds "used" (the words, null: it is idle), "user" (an object, null: it is idle, or no guest and
 * no process is known) and "assigned_to" (null: no configuration is known to name it).
 */
void users_json(struct jsonout *j, const struct inventory *inv, const struct vf *vf);
