/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What udev knows about devices, and waiting for its events. */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

/*
 * The ID_PATH of the PCI function at ADDRESS, interned in POOL. Where udev computed none (it does
 * so for interfaces and disks, hardly for PCI functions), that of the interface NETDEV (may be
 * NULL), or else "pci-ADDRESS", which its path_id makes of a PCI function on most machines. udev is
 * asked when LIVE. ADDRESS is NULL for a device on another bus, of which udev keeps nothing: then
 * only NETDEV tells, and the path may be NULL.
 */
const char *uevent_id_path(
	const char *address, const char *netdev, bool live, struct mem_pool *pool);

/*
 * Whether udev is done with the interface NETDEV, and so with the PCI function that it belongs to,
 * whose events it takes before; or where that is NULL, with the function at ADDRESS. Of neither
 * (both NULL) there is nothing to wait for.
 */
bool uevent_is_settled(const char *address, const char *netdev);

/* Whose events are waited for: a machine that boots sends hundreds of others. */
enum uevent_of {
	UEVENT_PFS, /* PFs and their interfaces */
	UEVENT_VFS, /* VFs and theirs */
	UEVENT_ALL, /* those of any PCI function */
};

/*
 * Calls READY(ARG) now and after each burst of udev events of such PCI functions or interfaces,
 * until it returns nonzero or TIMEOUT_MS have passed. Listens before the first call, so that no
 * event is missed. Returns 0 when READY returned a positive number, 1 on timeout, or a negative
 * errno (READY's own too).
 */
int uevent_wait(
	enum uevent_of of, int (*ready)(void *arg), void *arg, unsigned timeout_ms, struct err *e);
