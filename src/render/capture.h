/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy that `capture` writes. */
#pragma once

#include "base/buf.h"
#include "core/capture.h"

/*
 * Appends the policy that says what C says of INV: a JSON document, as policy_parse() takes it, but
 * that a PF of which it has yet to be said which one it is has an empty `match`, which is refused.
 */
void capture_policy(struct buf *b, const struct inventory *inv, const struct capture *c);
