/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One error on its way to a person. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static const char cut_mark[] = "…";

/* Ends a text that did not fit with a mark, without leaving half a UTF-8 character before it. */
static void mark_cut(char *text, size_t size)
{
	size_t end = size - sizeof(cut_mark);

	while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	memcpy(text + end, cut_mark, sizeof(cut_mark));
}

int err_set(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (!e)
		return code;
	va_start(ap, fmt);
	n = vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(e->text))
		mark_cut(e->text, sizeof(e->text));
	return code;
}

int err_prefix(struct err *e, int code, const char *fmt, ...)
{
	struct err inner;
	char outer[200];
	va_list ap;
	int n;

	if (!e)
		return code;
	inner = *e;
	va_start(ap, fmt);
	n = vsnprintf(outer, sizeof(outer), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(outer))
		mark_cut(outer, sizeof(outer));
	return err_set(e, code, "%s: %s", outer, inner.text);
}

const char *err_name(int code)
{
	static char text[96];
	int n = code < 0 ? -code : code;
	const char *name = strerrorname_np(n);

	snprintf(text, sizeof(text), "%s (%s)", strerror(n), name ? name : "unknown errno");
	return text;
}
