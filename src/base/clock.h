/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time for deadlines. */
#pragma once

#include <stdint.h>

/* Milliseconds of the monotonic clock. */
int64_t clock_ms(void);
