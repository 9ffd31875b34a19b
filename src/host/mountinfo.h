/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading of /proc/PID/mountinfo: text in, values out, no file. The text may be anything. */
#pragma once

#include <stdbool.h>

/* One line: what is mounted where. The texts are parts of the line. */
struct mountinfo {
	unsigned major, minor; /* of the block device; major 0: it has no number of its own */
	char *at;              /* where: an absolute path */
	char *type;            /* of the file system */
	char *source;          /* what the file system calls what it is on */
};

/* Reads LINE, without its newline, and changes it. Returns whether it tells of a mount. */
bool mountinfo_parse(char *line, struct mountinfo *ret);

/* Undoes in place what the kernel makes of blanks and the like in a path: \040. */
void mountinfo_unescape(char *s);
