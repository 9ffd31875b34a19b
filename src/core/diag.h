/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems of a policy, collected so that all of them are told at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/util.h"

/* Where something stands in a policy; `file` and `pointer` are interned, never NULL. */
struct place {
	const char *file;
	const char *pointer;   /* JSON pointer: /pfs/0/vf/3/vlan; "" is the whole document */
	unsigned line, column; /* from 1; 0: not known */
};

struct problem {
	struct place place;
	char *text;
	int entry;     /* index of the policy's PF entry that it concerns alone, or -1 */
	size_t number; /* in the order of finding: equals stay in that order */
};

/* Zero-initialise. In the order in which they were found; diag_sort() orders by file and line. */
struct diag {
	struct problem *problems;
	size_t n;
};

/* Adds a problem at PLACE (copied; its strings must outlive D). ENTRY: see struct problem. */
void diag_add(struct diag *d, struct place place, int entry, const char *fmt, ...) _printf_(4, 5);

/* Orders by file, line and column, keeping the order of equals. */
void diag_sort(struct diag *d);

/* Takes those out of D for which KEEP says no. */
void diag_filter(
	struct diag *d, bool (*keep)(const struct problem *p, const void *arg), const void *arg);

/* Frees all problems and makes D empty. */
void diag_done(struct diag *d);
