/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text that grows: what renderers write to. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/util.h"

/* Zero-initialise. `s` is NULL or NUL-terminated, `len` long. */
struct buf {
	char *s;
	size_t len, cap;
};

/* Appends the N bytes at S. */
void buf_addn(struct buf *b, const char *s, size_t n);

/* Appends the string S. */
void buf_add(struct buf *b, const char *s);

/* Appends formatted text. */
void buf_addf(struct buf *b, const char *fmt, ...) _printf_(2, 3);

/* The same with the arguments in AP. */
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) _printf_(2, 0);

/* Appends C until the text is COLUMN bytes beyond START. */
void buf_pad(struct buf *b, size_t start, size_t column, char c);

/* The text, "" when nothing was added; valid until the next change. */
const char *buf_text(const struct buf *b);

/* Frees the text and makes B empty again. */
void buf_done(struct buf *b);
