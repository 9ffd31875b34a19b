/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host as a text, to be read where the host is not: the whole inventory, serialised. What its
 * fields are is in core/snapshot-fields.h; render/snapshot.h writes it.
 */
#pragma once

#include "core/diag.h"
#include "core/inventory.h"

#define SNAPSHOT_VERSION  1
#define SNAPSHOT_SIZE_MAX (16 * 1024 * 1024) /* bytes; 4,096 VFs and their files need about 6 MiB */

/* More than so many problems are not looked for. */
#define SNAPSHOT_PROBLEMS_MAX 1000

/*
 * Reads the LEN bytes at TEXT, called NAME in messages, into *RET, and adds every problem to D.
 * Returns 0, or -EINVAL when there are any. *RET is set in either case, is freed with
 * inventory_free() and owns the places in D. It holds together as one that was scanned: indices,
 * order and references are checked, as is every value. Pure.
 */
int snapshot_read(
	const char *name, const char *text, size_t len, struct inventory **ret, struct diag *d);

/*
 * Puts stand-ins in the place of what tells of people: the names of the host, of guests, processes
 * and network namespaces, MAC and IP addresses, the names of other programs' files, and lines in
 * these, unless all there can be in one is a module and its parameters. The same gets the same one;
 * of a MAC address it is kept whether it is zero, multicast, or locally administered.
 */
void snapshot_anonymise(struct inventory *inv);
