/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The generated files as a part of what is wanted. */
#pragma once

#include "core/diag.h"
#include "core/plan.h"

/* Appends the whole text of F for what WANT asks of the host INV. */
void files_text(
	const struct want *want, const struct inventory *inv, enum genfile f, struct buf *b);

/*
 * Adds to PLAN what makes the files as WANT needs them, first of all: an interface must not be seen
 * before the rule about it. PARTLY: what stands there about other PFs stays. A file that is
 * somebody else's is left alone, and is a problem in D, whose place lives as long as PLAN.
 */
void files_plan(struct plan *plan, const struct want *want, const struct inventory *inv,
	bool partly, struct diag *d);

/* Whether one of the files of the host INV (scanned with SCAN_FILES) has a block for that PF. */
bool files_tell_of(const struct inventory *inv, struct pciaddr addr);

/* Adds to PLAN, as its end, that the N PFs at PFS (NULL: all) are in no file any more. */
void files_plan_reset(
	struct plan *plan, const struct inventory *inv, const struct pciaddr *pfs, size_t n);
