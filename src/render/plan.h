/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `plan` shows, and what `apply` prints while it does the same. */
#pragma once

#include "core/plan.h"
#include "render/jsonout.h"

/*
 * Appends the one line that stands for step S of PF, its newline included: effect, PF, what is done
 * and who is using what it hits. Both verbs print exactly this.
 */
void plan_step_line(struct buf *b, const struct plan_pf *pf, const struct step *s);

/* Appends "0000:01:00.0 (enp1s0, igb)". */
void plan_pf_name(struct buf *b, const struct plan_pf *pf);

/* Appends the plan: per PF a line with its name and the number of steps, then the steps. */
void plan_text(struct buf *b, const struct plan *p);

/*
 * Appends the plan as a JSON document. Where there are many hosts, SNAPSHOT is the name of this
 * one, which is then in it, as is whether the policy fits the host; else NULL.
 */
void plan_json(struct buf *b, const struct plan *p, const char *snapshot);

/* Adds the value before (AFTER false) or after S as a typed value; null when there is none. */
void plan_value_json(struct jsonout *j, const char *key, const struct step *s, bool after);
