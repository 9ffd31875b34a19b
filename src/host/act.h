/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doing: one small function per kind of step. */
#pragma once

#include "host/host.h"

/*
 * host_ops.run() for the machine whose root directory is ROOTFD. Each step is read back: a write
 * that the kernel accepted and that had no effect is an error (kernel-facts §1.2, §3.1).
 */
int act_run(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res);
