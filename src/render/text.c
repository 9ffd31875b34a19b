/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names made fit for a terminal. */
#include <stdint.h>
#include <string.h>

#include "render/text.h"

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Decodes the character at S into *RET. Returns its length, 0 when it is not UTF-8 (RFC 3629). */
static size_t decode(const char *s, uint32_t *ret)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = (unsigned char)s[0];
	size_t len = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	uint32_t code = c < 0x80 ? c : c & (0x7fu >> len);

	if (c >= 0xf8 || (c >= 0x80 && c < 0xc0))
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (!is_continuation(s[i]))
			return 0;
		code = code << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (code < lowest[len] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	*ret = code;
	return len;
}

/* Whether a terminal would act on the character instead of showing it, or it is none (U+FFFE). */
static bool is_active(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },
		{ 0x7f, 0x9f },
		{ 0x061c, 0x061c },
		{ 0x200e, 0x200f },
		{ 0x2028, 0x202e },
		{ 0x2066, 0x2069 },
		{ 0xfffe, 0xffff },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

/* Not isalnum(): in some locales there are letters above 127. */
bool text_is_plain(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789._-";

	return *s && !s[strspn(s, plain)];
}

void text_escape(struct buf *b, const char *s)
{
	while (*s) {
		uint32_t code = 0;
		size_t len = decode(s, &code);

		if (len == 0)
			buf_addf(b, "\\x%02x", (unsigned char)*s);
		else if (is_active(code))
			buf_addf(b, code < 0x100 ? "\\x%02x" : "\\u%04x", code);
		else
			buf_addn(b, s, len);
		s += len ? len : 1;
	}
}

/* JSON allows control characters up to U+001F between values only, as layout. */
void text_escape_json(struct buf *b, const char *json)
{
	while (*json) {
		uint32_t code = 0;
		size_t len = decode(json, &code);

		if (len && code > 0x1f && is_active(code))
			buf_addf(b, "\\u%04X", code);
		else
			buf_addn(b, json, len ? len : 1);
		json += len ? len : 1;
	}
}

void text_encode(struct buf *b, const char *s)
{
	while (*s) {
		uint32_t code = 0;
		size_t len = decode(s, &code);
		bool plain = len && code >= 0x20 && !(code >= 0x7f && code <= 0x9f);

		if (*s == '\\')
			buf_add(b, "\\\\");
		else if (plain)
			buf_addn(b, s, len);
		for (size_t i = 0; !plain && i < (len ? len : 1); i++)
			buf_addf(b, "\\x%02x", (unsigned char)s[i]);
		s += len ? len : 1;
	}
}

size_t text_width(const char *s, size_t n)
{
	size_t width = 0;

	for (size_t i = 0; i < n; i++)
		width += !is_continuation(s[i]);
	return width;
}
