/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of `emit` that hand VFs over to those who start guests. */
#pragma once

#include "cli/session.h"
#include "core/handoff.h"

/* The kind that `emit` calls NAME, or _HANDOFF_MAX. */
enum handoff_kind handoff_by_name(const char *name);

/* What `emit` calls KIND. */
const char *handoff_name(enum handoff_kind kind);

/* What --part may be for KIND: number I, or NULL behind the last. */
const char *handoff_part(enum handoff_kind kind, size_t i);

/* Prints the VFs that the arguments behind the first choose for KIND. Returns a status. */
int handoff_emit(struct session *s, enum handoff_kind kind);
