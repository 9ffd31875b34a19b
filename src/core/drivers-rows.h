/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the table of drivers, in the files that they take; and how a cell is written. */
#pragma once

#include "core/driver-row.h"

/* Taken, not taken: as FROM, a function or a table of the kernel, has it. More may follow. */
#define TAKES(from, ...)                                           \
	{                                                          \
		.takes = DRIVER_YES, .source = from, ##__VA_ARGS__ \
	}
#define MAYBE(from, why, ...)                                                     \
	{                                                                         \
		.takes = DRIVER_MAYBE, .source = from, .note = why, ##__VA_ARGS__ \
	}
#define LOOSE(from, why, ...)                                                     \
	{                                                                         \
		.takes = DRIVER_LOOSE, .source = from, .note = why, ##__VA_ARGS__ \
	}
#define NEVER(from, ...)                                          \
	{                                                         \
		.takes = DRIVER_NO, .source = from, ##__VA_ARGS__ \
	}

extern const struct driver drivers_intel[], drivers_mellanox[], drivers_nic[], drivers_other[];
extern const size_t n_drivers_intel, n_drivers_mellanox, n_drivers_nic, n_drivers_other;
