/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a generated file may consist of, written down independently of what renders it: root's
 * programs act on each line. A text that is anything else ends the program.
 */
#pragma once

#include <stdlib.h>

#include "render/isolation.h"

/* Lines that are counted. */
enum line {
	LINE_OTHER,
	LINE_PIN,      /* udev: a driver_override */
	LINE_NAME,     /* udev: an interface's name */
	LINE_MANAGED,  /* udev: a VF that is left alone */
	LINE_MARK,     /* udev: the properties of all others */
	LINE_SECTION,  /* NetworkManager: of a PF */
	LINE_LEFT_OUT, /* a comment in place of something that is not safe */
	_LINE_MAX
};

/* A text being read. */
struct grammar {
	const struct isolation *i;
	size_t pf; /* lines are in the block of PF number pf - 1; 0: in the head */
	bool tail;
	size_t step; /* the next of lines that have to follow each other */
	unsigned count[_LINE_MAX];
};

/* Ends the program unless HOLDS. */
static inline void must(bool holds)
{
	if (!holds)
		abort();
}

/* Bytes at the beginning of S that a name in a file may have. */
size_t grammar_safe(const char *s);

/* Reads TEXT, which is to be F for g->i; G is zero but for that. */
void grammar_read(struct grammar *g, enum genfile f, const char *text);
