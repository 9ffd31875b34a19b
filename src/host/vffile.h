/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VF attributes that are files below /sys. */
#pragma once

#include "host/host.h"

/*
 * Runs N STEP_VF_ATTR steps for PF whose attributes are files, each at its time, and reads back.
 * What there is too little of is tried again when others have given some up. Fills RES; returns 0
 * when all are 0, else the first code that is not.
 */
int vffile_set(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res);
