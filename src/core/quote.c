/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside made fit for a message. */
#include <stdio.h>
#include <string.h>

#include "core/quote.h"

size_t quote_control(const char *s, size_t len, unsigned *ret)
{
	const unsigned char *p = (const unsigned char *)s;

	if (len >= 1 && (p[0] < 0x20 || p[0] == 0x7f)) {
		*ret = p[0];
		return 1;
	}
	if (len >= 2 && p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0) {
		*ret = p[1];
		return 2;
	}
	return 0;
}

/* Bytes of the UTF-8 character at S; 1 for what is none. */
static size_t char_len(const char *s, size_t len)
{
	size_t n = 1;

	while (n < len && n < 4 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

void quote_add(struct buf *b, const char *s, size_t len, size_t max)
{
	size_t start = b->len;

	while (len > 0) {
		unsigned code;
		size_t n = quote_control(s, len, &code);
		size_t shown = n ? 6 : char_len(s, len);

		if (b->len - start + shown > max) {
			buf_add(b, "…");
			return;
		}
		if (n)
			buf_addf(b, "\\u%04x", code);
		else
			buf_addn(b, s, n = shown);
		s += n;
		len -= n;
	}
}

struct quote quote_text(const char *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct quote q;

	quote_add(&b, s, strlen(s), 60);
	snprintf(q.s, sizeof(q.s), "\"%s\"", buf_text(&b));
	return q;
}
