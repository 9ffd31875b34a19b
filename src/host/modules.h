/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules: which one drives a VF, and loading one. */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "core/inventory.h"

struct modules;

/* Opens the running kernel's index of modules, closed with modules_close(). 0, or negative with E.
 */
int modules_open(struct modules **ret, struct err *e);

/* Closes M; NULL is allowed. */
void modules_close(struct modules *m);

/*
 * The driver that the kernel would choose for a VF of PF with device ID VF_DEVICE, interned in
 * POOL, or NULL: by the aliases of the modules, blacklisted ones left out. While the module is not
 * loaded, its name stands for its driver's. ROOT is the descriptor of the root directory.
 */
const char *modules_host_driver(const struct modules *m, int root, const struct dev *pf,
	uint16_t vf_device, struct mem_pool *pool);

/*
 * Whether the module of the driver DRIVER (NULL: none) was built out of the kernel's tree, as the
 * kernel itself notes it; false where that is not told.
 */
bool modules_is_foreign(int root, const char *driver);

/*
 * Whether modules_load_driver() would find a module for DRIVER: MODULE_AVAILABLE (it may be loaded
 * already, or be a part of the kernel) or MODULE_ABSENT; MODULE_UNKNOWN where the index of modules
 * cannot be opened.
 */
enum facts_state modules_find(const char *driver);

/* Loads the module that provides DRIVER, unless it is there. Returns 0, or a negative errno with E.
 */
int modules_load_driver(const char *driver, struct err *e);
