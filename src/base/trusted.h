/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files whose content decides what root does. Whoever may write to one of the directories above
 * such a file can put another in its place, so all of the way to it has to be trusted.
 *
 * Trusted is what belongs to root or to the caller and neither its group nor everybody may write
 * to. In a directory with the sticky bit (/tmp) all may make files, but nobody can take away those
 * of others: it is trusted if it belongs to root or the caller, and so is what is in it. A link is
 * followed if it belongs to root or the caller; the way on from there has to be trusted likewise.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/*
 * Opens PATH to be read: a regular file or, if PATH leads to one, a directory. ROOTFD is a
 * descriptor of what is the root directory to it; negative: that of the machine, and a relative
 * PATH begins at the current directory, which is then the first that has to be trusted. Neither a
 * FIFO nor a device is ever opened.
 *
 * Returns a descriptor (close-on-exec); -EPERM when a part of the way is not trusted, whose path is
 * then appended to AT and why, and what to do, is in E; -EINVAL when PATH is neither a regular file
 * nor a directory; or another negative errno.
 */
int trusted_open(int rootfd, const char *path, struct buf *at, struct err *e);
