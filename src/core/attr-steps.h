/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the attributes of a VF as they are to those that are wanted. */
#pragma once

#include "core/step.h"

#define ATTR_STEPS_MAX (_VF_ATTR_MAX + 1) /* an NVMe VF may go offline and online again */

/*
 * Puts the steps that make VF number VF have what WANT sets into STEPS, all safe. NOW is what the
 * VF reports, NULL: it is yet to be created. Returns how many there are.
 */
size_t attr_steps(const struct vf_attrs *now, const struct vf_attrs *want, int vf,
	struct step steps[static ATTR_STEPS_MAX]);
