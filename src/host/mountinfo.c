/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading of /proc/PID/mountinfo (proc(5)). */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host/mountinfo.h"

#define OCTAL_DIGITS 3

/* The byte that stands in S as three octal digits, or 0. */
static int octal_byte(const char *s)
{
	int n = 0;

	for (int i = 0; i < OCTAL_DIGITS; i++) {
		if (s[i] < '0' || s[i] > '7')
			return 0;
		n = n * 8 + (s[i] - '0');
	}
	return n <= UINT8_MAX ? n : 0;
}

void mountinfo_unescape(char *s)
{
	char *to = s;

	while (*s) {
		int c = *s == '\\' ? octal_byte(s + 1) : 0;

		*to++ = c ? (char)c : *s;
		s += c ? 1 + OCTAL_DIGITS : 1;
	}
	*to = '\0';
}

static bool parse_numbers(const char *s, struct mountinfo *ret)
{
	char rest;

	return s && sscanf(s, "%9u:%9u%c", &ret->major, &ret->minor, &rest) == 2;
}

bool mountinfo_parse(char *line, struct mountinfo *ret)
{
	char *rest = strstr(line, " - ");

	if (!rest)
		return false;
	*rest = '\0';
	rest += 3;
	ret->type = strsep(&rest, " ");
	ret->source = strsep(&rest, " ");
	strsep(&line, " "); /* its number, and its parent's */
	strsep(&line, " ");
	if (!parse_numbers(strsep(&line, " "), ret))
		return false;
	strsep(&line, " "); /* what of the file system is mounted */
	ret->at = strsep(&line, " ");
	if (!ret->at || !ret->source || *ret->at != '/')
		return false;
	mountinfo_unescape(ret->at);
	mountinfo_unescape(ret->source);
	return true;
}
