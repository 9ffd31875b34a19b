/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of strings in many places. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define DIGITS_MAX 10 /* of INT32_MAX: more are not read */

bool str_is(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

int str_number(const char *s, const char *head)
{
	size_t len = strlen(head), digits;
	unsigned long long n;

	if (strncmp(s, head, len) != 0)
		return -1;
	digits = strspn(s + len, "0123456789");
	if (digits == 0 || digits > DIGITS_MAX || s[len + digits])
		return -1;
	n = strtoull(s + len, NULL, 10);
	return n <= INT32_MAX ? (int)n : -1;
}
