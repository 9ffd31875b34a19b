/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way back from a run that failed on a PF. Pure.
 *
 * What a careful administrator wants of a failure is that nothing is left in a worse state than it
 * was in, and that no guest loses what it has got:
 *
 * - An attribute that the driver refuses takes nothing else with it. The VFs are there, the other
 *   attributes are set, drivers are bound, and none of that is put back.
 * - A VF that has let go of its driver and does not get the other one is bound to the old one
 *   again, with its old driver_override and name. It has had nothing before if this run created it:
 *   it then stays without a driver, and pinned, so that no driver of the host takes a guest's VF.
 * - VFs that do not come, or too few of them, go again; those that had to go for them come back,
 *   with all that was known of them; autoprobe and the mode of the embedded switch are as they
 *   were. Other settings of the PF are like attributes.
 * - The PF's interface stays up, modules stay loaded, generated files stay: others may rely on them
 *   by then, and none of them does harm.
 *
 * It is no list of inverted steps, for a step that failed may be half done, and a bind needs a pin
 * while autoprobe is off: what was before is a wanted state, and the planner finds the steps from
 * the host as it is now. They are run, read back and recorded like any others.
 */
#pragma once

#include "core/plan.h"

/* How far a run got with a step. */
enum progress {
	STEP_NOT_BEGUN,
	STEP_REFUSED, /* as far as is known: it may be half done, or still under way */
	STEP_TAKEN,   /* the kernel took it, but it does not read back (-EIO) */
	STEP_DONE
};

/* A run that failed on a PF. */
struct rollback {
	const struct plan_pf *pf;
	const enum progress *progress; /* one per step of it */
	bool recounted; /* the number of VFs has been put back, or could not be: the rest is next */
};

/* Whether anything of R was begun that has to be finished or put back. */
bool rollback_needed(const struct rollback *r);

/*
 * What is to be put back on the host as it is NOW, as a wanted state that plan_make() takes. If the
 * number of VFs is wrong, it is all that is wanted at first (`counted` is set then, and `recounted`
 * is for the caller to set): which attributes the new VFs lack can only be seen when they are
 * there. No PF is in it when it has gone. The result points into R's inventory and is freed with
 * want_free().
 */
struct want *rollback_make(const struct rollback *r, const struct inventory *now) _must_check_;

/*
 * What the caller may agree to on R's way back. None in use is taken, and VFs go only if this run
 * made them: where a creation was refused, those that are there are somebody else's.
 */
struct consent rollback_consent(const struct rollback *r);

/* How many VFs this run has removed, all that was set on them with them. */
size_t rollback_removed(const struct rollback *r);
