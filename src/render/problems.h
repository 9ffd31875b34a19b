/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems of a policy as text and as JSON. */
#pragma once

#include "base/buf.h"
#include "core/diag.h"

/*
 * Appends P as one line without its end: "policy.json:14:22: /pfs/0/vf/3/vlan: 5000 is not in
 * 0..4094". What is not known of the place is left out.
 */
void problem_text(struct buf *b, const struct problem *p);

/*
 * Appends a JSON document: "valid" is whether there are none, "problems" has them in the order of
 * D, each with "file", "line", "column" (null: not known), "pointer" and "message"; "warnings" has
 * NOTES likewise (NULL: there is no such key).
 */
void problems_json(struct buf *b, const struct diag *d, const struct diag *notes);
