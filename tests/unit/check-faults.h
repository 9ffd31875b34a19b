/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be wrong with the host of check.tree, for test-check.c. */
#pragma once

#include "core/check.h"

#define CHECK_GOOD_POLICY                                                                          \
	"{ \"version\": 1, \"pfs\": [{ \"match\": { \"address\": \"0000:01:00.0\" }, \"vfs\": 2, " \
	"\"defaults\": { \"driver\": \"vfio-pci\" } }] }"

/* A fault in the host of check.tree, by lines that are added to it, and what is to be told. */
struct fault {
	const char *check;
	const char *lines;
	const char *policy; /* NULL: CHECK_GOOD_POLICY */
	enum check_verdict verdict;
	const char *device, *file; /* NULL: none */
	unsigned line;
	const char *text, *next; /* parts of them */
};

extern const struct fault faults[];
extern const size_t n_faults;
