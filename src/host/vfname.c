/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name of a VF's interface. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "host/udev.h"
#include "host/vfname.h"
#include "host/vfnl.h"

/* udev names an interface within a second, later on a machine that is still booting. */
#define UDEV_MS 15000

struct vfname {
	int rootfd;
	const char *address, *want;
	char now[IFNAMSIZ]; /* "": it has no interface */
};

static int take_name(int dirfd _unused_, const char *name, void *arg)
{
	struct vfname *v = arg;

	snprintf(v->now, sizeof(v->now), "%.*s", IFNAMSIZ - 1, name);
	return 1;
}

static bool is_named(struct vfname *v)
{
	char path[128];

	v->now[0] = '\0';
	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/net", v->address);
	(void)file_each(v->rootfd, path, take_name, v);
	return strcmp(v->now, v->want) == 0;
}

/* Whether it has its name, or udev is done with it and has left it another. */
static int is_decided(void *arg)
{
	struct vfname *v = arg;

	return is_named(v) || (v->now[0] && uevent_is_settled(v->address, v->now));
}

static const char *hint(int code)
{
	switch (-code) {
	case EEXIST:
		return "another interface has that name";
	case EBUSY:
		return "this kernel renames only interfaces that are down";
	default:
		return "see dmesg";
	}
}

int vfname_set(int rootfd, const char *address, const char *name, struct err *e)
{
	struct vfname v = { .rootfd = rootfd, .address = address, .want = name };
	int r;

	/* Without udev, or with one that is stuck, the name is given all the same. */
	(void)uevent_wait(UEVENT_VFS, is_decided, &v, UDEV_MS, NULL);
	if (is_named(&v))
		return 0;
	if (!v.now[0])
		return err_set(
			e, -ENODEV, "its driver has made no interface in this network namespace");
	r = vfnl_rename((int)if_nametoindex(v.now), name);
	if (r < 0)
		return err_set(e, r, "interface %s: %s: %s", v.now, err_name(r), hint(r));
	if (!is_named(&v))
		return err_set(
			e, -EIO, "the kernel took the name, but the interface is called %s", v.now);
	return 0;
}
