/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of strings in many places. */
#pragma once

#include <stdbool.h>

/* Whether A and B are the same text; NULL is the same as NULL only. */
bool str_is(const char *a, const char *b);

/*
 * The number N of the name S, which is HEAD N: nothing but decimal digits behind HEAD, up to
 * INT32_MAX; -1 if it is no such name.
 */
int str_number(const char *s, const char *head);
