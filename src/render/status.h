/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `status` shows: does the host match the policy? The plan knows: each field that a step
 * changes is one that differs. Several steps may change one field (unbind, bind): what is had is
 * before the first of them, what is wanted after the last.
 */
#pragma once

#include "core/plan.h"
#include "render/text.h"

/* Whether the whole policy could be planned, and there is nothing to do. */
bool status_in_sync(const struct plan *p);

/* Appends a table with a row per field that differs, and a line per PF that is in sync. */
void status_text(struct buf *b, const struct plan *p, struct screen s);

/* Appends the same as a JSON document; SNAPSHOT as in plan_json(). */
void status_json(struct buf *b, const struct plan *p, const char *snapshot);
