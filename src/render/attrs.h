/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VF attributes as they appear in lists. Everything here follows the rows of the attribute table.
 */
#pragma once

#include "core/attr.h"
#include "render/jsonout.h"

/*
 * Appends what sets the VF apart, for a narrow column: "max 500M, spoofchk". Only switches
 * that are on, rates above zero and a forced link; MAC and VLAN have columns of their own.
 */
void attrs_flags(struct buf *b, const struct vf_attrs *a);

/* Adds V as the JSON that a policy has for it: a text, a number, a boolean, an object for a VLAN.
 */
void attrs_value_json(struct jsonout *j, const char *key, enum vf_attr_id id, union vf_value v);

/*
 * Adds every attribute that A has under its policy key, and null for those that Ethernet interfaces
 * report and A has not.
 */
void attrs_json(struct jsonout *j, const struct vf_attrs *a);
