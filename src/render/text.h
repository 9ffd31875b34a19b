/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that the kernel, a device or a policy chose, made fit for a terminal. An interface may be
 * called almost anything, an escape sequence included, and root looks at these lists.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/* Where a text is going to be seen. All zero: in a file, or by another program. */
struct screen {
	bool colour;    /* escape sequences may be used */
	unsigned width; /* in columns, 0: no limit */
};

/*
 * Appends S with control characters, bidirectional overrides, what is no character (U+FFFE, U+FFFF:
 * XML forbids them) and bytes that are no UTF-8 written as \x1b or \u202e. Everything else is
 * appended as it is, so the result is always valid UTF-8.
 */
void text_escape(struct buf *b, const char *s);

/*
 * Appends the JSON document JSON with the same characters in its texts written as \u007F, which
 * stands for the same text. The rest, and line feeds between values, are appended as they are.
 */
void text_escape_json(struct buf *b, const char *json);

/*
 * Appends S so that snapshot_read() gets the same bytes again, whatever they are: control
 * characters and bytes that are no UTF-8 as \x1b, a backslash as two.
 */
void text_encode(struct buf *b, const char *s);

/*
 * Whether S is not empty and made of letters, digits, '.', '_' and '-' alone: those mean nothing
 * but themselves in each of the files that are generated.
 */
bool text_is_plain(const char *s);

/*
 * Columns that the N bytes of valid UTF-8 at S take: one per code point. Combining and double-width
 * characters are therefore counted wrongly; only labels can hold any, and nothing but the alignment
 * of their row depends on it.
 */
size_t text_width(const char *s, size_t n);
