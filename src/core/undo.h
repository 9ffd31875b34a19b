/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way back: from the record of what was done to the state that was before. Pure. */
#pragma once

#include "core/inventory.h"
#include "core/step.h"
#include "core/want.h"

/* One step that was (or was about to be) done; `step.after` is not used. */
struct undo_entry {
	struct pciaddr pf;
	struct step step;
};

/*
 * The state of each PF in the N entries (in the order in which they were done) before the first of
 * them, as a wanted state that plan_make() takes: only what the entries touched is in it. PFs that
 * are gone are left out. VFs that were created go; VFs that were destroyed come back only as a
 * number, for their settings are lost. The result points into ENTRIES and is freed with
 * want_free().
 */
struct want *undo_make(
	const struct undo_entry *entries, size_t n, const struct inventory *inv) _must_check_;

/*
 * Where the policy leaves a PF's autoprobe alone, the wanted state is what it was before the first of the
 * N entries: a run that was stopped half-way left it off, and nothing else would ever put it back.
 */
void undo_recall(struct want *w, const struct undo_entry *entries, size_t n, const struct inventory *inv);
