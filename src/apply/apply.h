/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running a plan. */
#pragma once

#include "apply/worker.h"

struct apply_limits {
	/* How long one step may take before its PF is given up. */
	unsigned step_ms;
	/* How long a PF may be silent before the next one is begun beside it. */
	unsigned overlap_ms;
};

/*
 * Defaults. Creating 256 VFs was seen to take 20 s, and PFs wait for each other in the kernel; a PF
 * is begun when the one before it has ended, so that IOMMU groups are numbered the same way at each
 * boot (kernel-facts §2.3), and beside it only when that one seems stuck.
 */
#define APPLY_STEP_MS    120000
#define APPLY_OVERLAP_MS 30000

/*
 * Called for each step in the order of the plan, once its outcome is known. In between, for each
 * step that puts something back after a failure (R's `back`; S is then in no plan), and with
 * OUTCOME_LOST for what cannot be put back, with the reason; S is then the step that failed.
 */
typedef void (*apply_told)(
	void *arg, const struct plan_pf *pf, const struct step *s, const struct worker_report *r);

/* What became of a plan; zero-initialise, `pf_failed` is freed by the caller. */
struct apply_counts {
	size_t pfs;        /* with at least one step */
	size_t pfs_failed; /* with a step that failed, was skipped, or is stuck; but the host */
	bool host_failed;  /* the same of the host */
	size_t steps_done;
	size_t pfs_changed; /* with at least one step done; the host does not count */
	bool *pf_failed;    /* one per PF of the plan */
};

/*
 * Runs all steps of P on H, one worker process per PF, and records them in DIR. TOLD hears of
 * every step. Returns 0, also when steps failed (see RET), or a negative errno with E when it could
 * not go on at all. Never blocks longer than the limits allow. A signal that asks it to end (INT,
 * TERM, HUP) keeps it from beginning another PF; the one that it is at is finished.
 */
int apply_run(struct host *h, const struct plan *p, const struct record_dir *dir,
	struct apply_limits limits, apply_told told, void *arg, struct apply_counts *ret,
	struct err *e);
