/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of strings in many places. */
#pragma once

#include <stdbool.h>

/* Whether A and B are the same text; NULL is the same as NULL only. */
bool str_is(const char *a, const char *b);
