/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files, links and directories below a directory descriptor, which is like the root directory
 * to the paths: neither ".." nor a link leads out of it (needs openat2(), Linux 5.6). All
 * descriptors are close-on-exec. Errors are negative errno.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/util.h"

/* Opens the directory PATH below DIRFD for use as another function's DIRFD. Returns a descriptor.
 */
int file_open_dir(int dirfd, const char *path);

/*
 * Reads PATH, which is an attribute of the kernel or as short as one, at most SIZE - 1 bytes, into
 * BUF, NUL-terminated, without the newline at its end. Returns the length; -EFBIG when there is
 * more.
 */
int file_read(int dirfd, const char *path, char *buf, size_t size);

/* The same of a file that may be longer: its beginning, with all newlines. Returns its length. */
int file_read_head(int dirfd, const char *path, char *buf, size_t size);

/* Reads an unsigned number (BASE as strtoull()) that is the whole content of PATH, up to MAX. */
int file_read_number(int dirfd, const char *path, int base, uint64_t max, uint64_t *ret);

/* Writes TEXT (not empty) in one write() to the existing PATH. The errno is the kernel's answer. */
int file_write(int dirfd, const char *path, const char *text);

/* Puts the link PATH's target into BUF, NUL-terminated. Returns its length. */
int file_link(int dirfd, const char *path, char *buf, size_t size);

/* Puts the last component of the link PATH's target into BUF. Returns its length. */
int file_link_name(int dirfd, const char *path, char *buf, size_t size);

/* Whether PATH exists (a dangling link does). */
bool file_exists(int dirfd, const char *path);

/*
 * Calls FN for each entry of the directory PATH but "." and "..", in no order, until it returns
 * nonzero. Returns that, 0, or a negative errno of the directory itself.
 */
int file_each(
	int dirfd, const char *path, int (*fn)(int dirfd, const char *name, void *arg), void *arg);

/* Whether S can be an entry's name in /sys: printable, without blanks and slashes, not empty. */
bool file_is_name(const char *s);

/*
 * Reads the regular file PATH, at most MAX bytes, into a string that the caller frees, and its mode
 * into *RET_MODE. Returns 0; -EFBIG when there is more; -EINVAL when it is no regular file, or has
 * NUL bytes.
 */
int file_read_text(int dirfd, const char *path, size_t max, char **ret, unsigned *ret_mode);

/* Opens the character device PATH, which must have these numbers. Returns a descriptor. */
int file_open_char(int dirfd, const char *path, unsigned major, unsigned minor);

/* Makes the directories above PATH that are missing, each with MODE. */
int file_make_parents(int dirfd, const char *path, unsigned mode);

/* Sets the mode of the file PATH. */
int file_set_mode(int dirfd, const char *path, unsigned mode);

/* Removes the file (or link) PATH; there being none is fine. */
int file_remove(int dirfd, const char *path);

/* Writes all LEN bytes at DATA to FD. */
int file_write_all(int fd, const void *data, size_t len);

/*
 * Replaces PATH by the LEN bytes at TEXT with MODE, atomically (a new file renamed over it). What
 * an earlier call for PATH left that was killed goes; so two must not be under way at once.
 */
int file_replace(int dirfd, const char *path, const char *text, size_t len, unsigned mode);
