/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record: what was changed, written before it is changed, one JSON object a line and one file
 * per PF, in a directory that lives until the next boot, as VFs do. `reset` undoes what stands in
 * it.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "core/plan.h"
#include "core/undo.h"

/* The record's directory and the lock of a run on it; -1: none. */
struct record_dir {
	int fd, lock;
};

/*
 * Opens the record's directory DIR, making it if it is not there (root's, mode 0700), and takes its
 * lock: two runs never interleave. Waits up to WAIT_MS for another run; -ETIMEDOUT then, with E
 * naming its process. Returns 0 and fills RET for record_close(), or a negative errno with E.
 */
int record_open(const char *dir, unsigned wait_ms, struct record_dir *ret, struct err *e);

/* Gives the lock back (once workers have closed theirs) and closes the directory. */
void record_close(struct record_dir *d);

/*
 * Makes the directory by which the udev rule knows that PFs which appear are to be provisioned (it
 * is the service's to remove). Returns 0 also when it is there, or a negative errno with E.
 */
int record_allow_hotplug(const struct record_dir *d, struct err *e);

/*
 * Opens the record of the PF at ADDR to add to it, and locks it for as long as the descriptor is
 * open: a worker that is stuck with a PF keeps later runs off this PF, and off this one only.
 * Returns the descriptor, or a negative errno with E.
 */
int record_begin(const struct record_dir *d, struct pciaddr addr, struct err *e);

/* Appends S to the record FD of its PF. Returns 0 once it is there, or a negative errno with E. */
int record_add(int fd, const struct step *s, struct err *e);

/* Notes in the record FD that the run came to its end: nothing of the steps above is half done.
 * Failing is no harm, the next run then only looks once more. */
void record_end(int fd);

/* All that was recorded. */
struct record {
	struct undo_entry *entries; /* per PF in the order in which they were done */
	size_t n;
	struct mem_pool *strings;
};

/*
 * Reads the record in the directory DIR; one that does not exist is empty. A last line that is cut
 * short (the machine or the run was stopped) is left out: its step was not begun. Returns 0, or a
 * negative errno with E: to take what cannot be read for not done would leave it undone for good.
 */
int record_read(const char *dir, struct record *ret, struct err *e);

/* Frees what R holds. */
void record_done(struct record *r);

/* Removes the record of the PF at ADDR; there being none is fine. */
int record_remove(const struct record_dir *d, struct pciaddr addr, struct err *e);
