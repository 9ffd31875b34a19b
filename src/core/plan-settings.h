/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a plan that is about the settings of PFs. Not for others: theirs is core/plan.h. */
#pragma once

#include "core/inventory.h"
#include "core/step.h"
#include "core/want.h"

/* Whether the PF is to have another mode of its switch: its VFs then go first. */
bool plan_settings_remakes(const struct want_pf *want, const struct inventory *inv);

/*
 * Fills STEPS, which has room for each of WANT's settings, with those that differ; ANEW: the VFs
 * that there are go first, and new ones come. Whether they reset VFs is said, but not who uses
 * these. Returns how many steps there are.
 */
size_t plan_settings(
	const struct want_pf *want, const struct inventory *inv, bool anew, struct step *steps);
