/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A last look before a VF is taken from whoever has it: a plan may be minutes old by then. */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/*
 * Whether the PCI function at ADDRESS, below the root directory ROOTFD (LIVE: of this machine), is
 * in use now, by the same judgement as in plans (core/usage.h). Some small files are read; more
 * only of a function that is in use, to name who uses it. Returns 0 when it is idle or has gone,
 * -EBUSY or another negative errno with E when not.
 */
int busy_check(int rootfd, bool live, const char *address, struct err *e);

/*
 * The same of a function that is reserved as a whole. What the host lives on is never let go of;
 * FORCED: any other use is no reason.
 */
int busy_check_device(int rootfd, bool live, const char *address, bool forced, struct err *e);
