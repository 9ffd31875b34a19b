/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a policy's text and a (fake) host to a plan, in one call: what most tests of the core begin
 * with. */
#pragma once

#include "host/host.h"

/* Everything between a policy and its plan. Zero-initialise; attempt_done() frees it. */
struct attempt {
	struct policy *policy;
	struct inventory *inv;
	struct want *want;
	struct plan *plan;
	struct diag problems;
};

/* Parses TEXT (which must be a valid policy), scans H, and makes the plan. */
void attempt_plan(struct attempt *a, const char *text, struct host *h);

/* Frees what A holds. */
void attempt_done(struct attempt *a);

/* The plan, a step a line: "0000:01:00.0 vf 3 mac …". Valid until B changes. */
const char *attempt_text(const struct plan *p, struct buf *b);

/* The problems, a line each, without their place. */
const char *attempt_problems(const struct attempt *a, struct buf *b);
