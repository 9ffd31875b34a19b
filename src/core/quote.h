/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside made fit for a message: on one line, short, and unable to steer a terminal. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

/* A text as messages show it; see quote_text(). */
struct quote {
	char s[72];
};

/*
 * Whether a control character (U+0000 to U+001F, U+007F to U+009F) begins the LEN bytes at S, which
 * are UTF-8: returns how many bytes it has, 0 when it is none, and sets *RET to its code point.
 */
size_t quote_control(const char *s, size_t len, unsigned *ret);

/*
 * Appends the LEN bytes at S with control characters as \u001b. What would be longer than MAX bytes
 * is cut between characters and ends in "…".
 */
void quote_add(struct buf *b, const char *s, size_t len, size_t max);

/* The string S in double quotes, made safe as quote_add() does and at most 60 bytes long. */
struct quote quote_text(const char *s);
