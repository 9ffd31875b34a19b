/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy that `capture` writes. */
#pragma once

#include "base/buf.h"
#include "core/capture.h"

/* Appends the policy that says what C says of INV: a JSON document, as policy_parse() takes it. */
void capture_policy(struct buf *b, const struct inventory *inv, const struct capture *c);
