/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans built in C, for tests of what shows them. Freed with plan_free(). */
#pragma once

#include "core/plan.h"

/* A plan for N PFs, at 0000:01:00.0, .1, …, called enp1s0f0, …, with nothing to do. */
struct plan *fixture_plan(size_t n);

/* Adds S to the steps of the plan's PF number PF. The result is valid until the next step. */
struct step *fixture_step(struct plan *p, size_t pf, struct step s);

/* Three PFs: VFs are created on the first, changed and re-created on the second, right on the
 * third. */
struct plan *fixture_plan_host(void);

/*
 * The host's three files, one of them new, one to be changed and one to be removed; and a PF whose
 * VFs' interfaces get names: that of a VF without a driver, and one that is up.
 */
struct plan *fixture_plan_files(void);
