/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network namespaces: which one has the interface of a PCI function. */
#pragma once

#include <stddef.h>

#include "core/types.h"
#include "host/procs.h"

/* The function whose interface is looked for, and where it was found. */
struct netns_search {
	struct pciaddr addr;
	int pid;       /* of a process in its namespace, 0: none, or not found */
	char name[64]; /* of the namespace below /run/netns, "" when it has none */
};

/*
 * Looks for the interfaces of N functions in all network namespaces of this machine but the own
 * one, as processes (P) and /run/netns tell of them; for as long as two seconds, after which what
 * was not found stays so. This process does not leave its namespace.
 */
void netns_find(int root, const struct procs *p, struct netns_search *search, size_t n);
