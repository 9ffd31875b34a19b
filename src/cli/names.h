/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON files of a directory, in the order of their names. */
#pragma once

#include <stddef.h>

/* Zero-initialise; names_done() frees it. */
struct names {
	char **list; /* without the directory */
	size_t n;
};

/*
 * Lists the files of the directory FD, which it takes over, whose names end in ".json"; a hidden
 * one is what an editor or a package manager left. Returns 0 or a negative errno; what was
 * found before is in RET then.
 */
int names_read(int fd, struct names *ret);

/* Frees what N holds. */
void names_done(struct names *n);
