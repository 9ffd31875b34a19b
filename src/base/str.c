/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of strings in many places. */
#include <string.h>

#include "base/str.h"

bool str_is(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}
