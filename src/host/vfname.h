/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name of a VF's interface. */
#pragma once

#include "base/err.h"

/*
 * Makes the interface of the PCI function at ADDRESS, below the root directory ROOTFD, be called
 * NAME. One that has just appeared is udev's to name, by the rule that is generated for it, so that
 * is waited for first. Returns 0 once it is called so, or a negative errno with E.
 */
int vfname_set(int rootfd, const char *address, const char *name, struct err *e);
