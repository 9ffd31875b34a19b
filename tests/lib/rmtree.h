/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a test has made goes. */
#pragma once

/*
 * Removes PATH below the directory DIRFD (AT_FDCWD: the current one), a directory with all that is
 * in it; links are not followed. Returns 0, or a negative errno when something of it is left.
 */
int rmtree(int dirfd, const char *path);

/* Removes all that is in the directory PATH below DIRFD, as far as it can be. */
void rmtree_in(int dirfd, const char *path);
