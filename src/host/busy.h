/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A last look before a VF is taken from whoever has it: a plan may be minutes old by then. */
#pragma once

#include "base/err.h"

/*
 * Whether the PCI function at ADDRESS, below the root directory ROOTFD, is in use now: held open by
 * a VFIO user, or its interface up or in another network namespace. Returns 0 when it is idle,
 * -EBUSY with E when not.
 */
int busy_check(int rootfd, const char *address, struct err *e);
