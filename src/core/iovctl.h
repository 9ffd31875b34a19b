/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A configuration of FreeBSD's iovctl(8) as the entry of a policy. What the file says of the PF but
 * its number of VFs is not translated: its name there says nothing about this host. Pure.
 */
#pragma once

#include "core/capture.h"

/* One file: one PF. Strings are in the pool. */
struct iovctl {
	const char *device;     /* FreeBSD's name of the PF: ix0 */
	struct place device_at; /* where that stands */
	struct captured_pf pf;  /* without a PF of this host: `pf` is -1 */
};

/*
 * Translates the LEN bytes at TEXT, called NAME in messages. Problems, for which iovctl(8) would
 * refuse the file, or which no policy can have, are added to D; what has no counterpart, or means
 * something else on Linux, to NOTES. Strings are in STRINGS. Returns 0, or -EINVAL when there are
 * problems. RET is freed with iovctl_done() in any case.
 */
int iovctl_parse(const char *name, const char *text, size_t len, struct mem_pool *strings,
	struct iovctl *ret, struct diag *d, struct diag *notes);

/*
 * Adds to NOTES which PF of INV can be meant, and how to say so; or, when PF (an index in `pfs`)
 * has been said, that it has another driver than the card in the file.
 */
void iovctl_note_pf(
	const struct iovctl *f, const struct inventory *inv, int pf, struct diag *notes);

/* Frees what F holds. */
void iovctl_done(struct iovctl *f);
