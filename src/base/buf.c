/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text that grows. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

static void reserve(struct buf *b, size_t more)
{
	size_t need = b->len + more + 1;

	if (need <= b->cap)
		return;
	b->cap = need < 2 * b->cap ? 2 * b->cap : need;
	b->s = mem_resize(b->s, b->cap, 1);
}

void buf_addn(struct buf *b, const char *s, size_t n)
{
	reserve(b, n);
	memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void buf_add(struct buf *b, const char *s)
{
	buf_addn(b, s, strlen(s));
}

void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n > 0) {
		reserve(b, (size_t)n);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void buf_pad(struct buf *b, size_t start, size_t column, char c)
{
	while (b->len < start + column)
		buf_addn(b, &c, 1);
}

const char *buf_text(const struct buf *b)
{
	return b->s ? b->s : "";
}

void buf_done(struct buf *b)
{
	free(b->s);
	*b = (struct buf){ 0 };
}
