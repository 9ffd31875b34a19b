/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes: what they have open, and who they are. One pass over /proc serves all questions. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "core/usage.h"

/* Device nodes that tell of a VF's user. */
enum procs_node {
	PROCS_VFIO_GROUP,  /* /dev/vfio/N, /dev/vfio/noiommu-N */
	PROCS_VFIO_DEVICE, /* /dev/vfio/devices/vfioN */
	PROCS_UVERBS,      /* /dev/infiniband/uverbsN */
	_PROCS_NODE_MAX
};

/* A network namespace that processes live in. */
struct procs_netns {
	uint64_t inode;
	int pid; /* of the first one */
};

struct procs;

/*
 * Looks through the processes of the host below the directory descriptor ROOT, which must stay
 * open. Those that go meanwhile, and those of others for a caller who is not root, are left out.
 * Never NULL; freed with procs_free().
 */
struct procs *procs_scan(int root) _must_check_;

/* Frees P; NULL is allowed. */
void procs_free(struct procs *p);

/*
 * Who has the node with NUMBER open: a virtual machine or container if there is one, else the first
 * process; all zero when nobody is found. Texts are in STRINGS.
 */
struct usage_holder procs_opener(
	struct procs *p, enum procs_node node, unsigned number, struct mem_pool *strings);

/* Who the process PID is; all zero when it has gone. Texts are in STRINGS. */
struct usage_holder procs_holder(struct procs *p, int pid, struct mem_pool *strings);

/* The network namespaces of all processes, each once: an array of *RET_N that P owns. */
const struct procs_netns *procs_namespaces(const struct procs *p, size_t *ret_n);
