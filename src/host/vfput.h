/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing of the list in an RTM_SETLINK message that sets VF attributes: values in, bytes out. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "core/step.h"

/* As many steps fit into one list: 44 bytes for a MAC, the longest; its length has 16 bits. */
#define VFPUT_MAX 1400

/*
 * Appends an IFLA_VFINFO_LIST with N (at most VFPUT_MAX) STEP_VF_ATTR steps of attributes that go
 * by netlink, which the kernel applies in their order. B begins with the fixed part of the message,
 * or is empty.
 */
void vfput_list(struct buf *b, const struct step *steps, size_t n);
