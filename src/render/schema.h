/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy's JSON Schema, from the tables that its parser reads. */
#pragma once

#include "base/buf.h"
#include "core/inventory.h"
#include "render/text.h"

/*
 * Appends the JSON Schema (draft 2020-12) of a policy. An editor that has it marks what `validate`
 * does, but for what takes more than one key to see: VFs beyond `vfs`, ranges that overlap, …
 */
void schema_json(struct buf *b);

/*
 * Appends for people what PF number PF of INV accepts and with which limits, and where each answer
 * comes from.
 */
void schema_pf_text(struct buf *b, const struct inventory *inv, size_t pf, struct screen s);

/*
 * Appends that of an entry of `pfs` for PF number PF of INV: the same, narrowed to what its driver
 * accepts. A key that it does not take has the schema `false`, and where a driver is not known,
 * nothing is narrowed.
 */
void schema_pf_json(struct buf *b, const struct inventory *inv, size_t pf);
