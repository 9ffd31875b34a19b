/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of one entry of a policy against each other. */
#pragma once

#include "core/policy.h"

/*
 * Sorts the ranges of PF and finds what is only wrong in combination: ranges that overlap or go
 * beyond `vfs`, a minimum rate above the maximum that holds for the same VF, one MAC address for
 * several VFs. Adds to D.
 */
void policy_check_entry(struct pf_policy *pf, struct diag *d);
