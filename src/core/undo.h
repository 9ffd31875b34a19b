/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way back: from the record of what was done to the state that was before. Pure. */
#pragma once

#include "core/inventory.h"
#include "core/step.h"
#include "core/want.h"

/* One step that was, or was about to be, done. */
struct undo_entry {
	struct pciaddr pf;
	struct step step;
	bool open; /* of a run that came to no end: killed, or what it began is not put back */
};

/*
 * The state of each PF in the N entries (in the order in which they were done) before the first of
 * them, as a wanted state that plan_make() takes. Only what the entries touched is in it, and only
 * while it still is as the last of them left it: what others have changed since is theirs, and
 * told in LEFT, a line each. Interfaces stay up, for others may rely on that by now. PFs that are
 * gone are left out. VFs that were created go; VFs that were destroyed come back only as a number,
 * for their settings are lost. The result points into ENTRIES and is freed with want_free().
 */
struct want *undo_make(const struct undo_entry *entries, size_t n, const struct inventory *inv,
	struct buf *left) _must_check_;

/* A bit 1 << enum pfset_id for each setting of PFs that the N entries are about. */
unsigned undo_settings(const struct undo_entry *entries, size_t n);

/*
 * The same of functions that were reserved as a whole: adds to W each of them that is there, with
 * the driver and the driver_override that it had. Called by undo_make().
 */
void undo_devices(struct want *w, const struct undo_entry *entries, size_t n,
	const struct inventory *inv, struct buf *left);

/*
 * What nothing else would ever put back, because the policy leaves it alone, is wanted back after a
 * run that was stopped half-way: autoprobe on, if the last of the N entries about it switched it
 * off; and of a VF without a driver the one that it was about to get, or had before.
 */
void undo_recall(
	struct want *w, const struct undo_entry *entries, size_t n, const struct inventory *inv);
