/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host as a text that core/snapshot.h reads. */
#pragma once

#include "base/buf.h"
#include "core/inventory.h"

/*
 * Appends the snapshot of INV, written by VERSION of the program. The same inventory gives the same
 * text. What is not known is left out; of a generated file that is somebody else's it is only told
 * that it is there.
 */
void snapshot_text(struct buf *b, const struct inventory *inv, const char *version);
