/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A last look before a VF is taken from whoever has it (kernel-facts §3.3). */
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "host/busy.h"

#define PATH_SIZE 160

static int busy(struct err *e, const char *address, const char *why)
{
	return err_set(e, -EBUSY,
		"%s has come into use since the plan was made: %s; see `sriovctl list`, --force "
		"does it all the same",
		address, why);
}

/* A VFIO driver counts those who have the device open. */
static bool is_open(int rootfd, const char *address)
{
	char path[PATH_SIZE];
	uint64_t n;

	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/enable", address);
	return file_read_number(rootfd, path, 10, UINT32_MAX, &n) == 0 && n > 0;
}

/* 1 for an interface that is up, 2 for one that is not. */
static int look_at_netdev(int dirfd, const char *name, void *arg _unused_)
{
	char path[PATH_SIZE];
	uint64_t flags;

	snprintf(path, sizeof(path), "%.64s/flags", name);
	if (file_read_number(dirfd, path, 16, UINT32_MAX, &flags) < 0)
		return 2;
	return flags & IFF_UP ? 1 : 2;
}

int busy_check(int rootfd, const char *address, struct err *e)
{
	char path[PATH_SIZE], driver[64];
	int r;

	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/driver", address);
	if (file_link_name(rootfd, path, driver, sizeof(driver)) < 0)
		return 0;
	if (strstr(driver, "vfio"))
		return is_open(rootfd, address) ? busy(e, address, "open in a VFIO user") : 0;
	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/net", address);
	r = file_each(rootfd, path, look_at_netdev, NULL);
	if (r == 1)
		return busy(e, address, "its interface is up");
	/* The directory is there, and empty, while the interface is away. */
	return r == 0 ? busy(e, address, "its interface is in another network namespace") : 0;
}
