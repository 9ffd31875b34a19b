/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only file that uses libudev. Its names begin with uevent_, because udev_ is the library's. */
#include <errno.h>
#include <libudev.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "host/udev.h"

/* Hundreds of events come within a moment while a machine boots; READY is asked once for a burst.
 */
#define BURST_GAP_MS 10
#define BURST_MS     100

/*
 * The device NAME in the directory DIR below /sys as udev knows it, or NULL. A path is the shortest
 * way: libudev would look for a name in several directories, and open each one on the way.
 */
static struct udev_device *device_in(struct udev *udev, const char *dir, const char *name)
{
	char path[128];

	if (snprintf(path, sizeof(path), "/sys/%s/%s", dir, name) >= (int)sizeof(path))
		return NULL;
	return udev_device_new_from_syspath(udev, path);
}

/* The PCI function at ADDRESS, or NULL. */
static struct udev_device *function_at(struct udev *udev, const char *address)
{
	return device_in(udev, "bus/pci/devices", address);
}

/* The interface, or NULL. */
static struct udev_device *interface_called(struct udev *udev, const char *name)
{
	return device_in(udev, "class/net", name);
}

/* Interned ID_PATH of D, or NULL. Takes D. */
static const char *take_id_path(struct udev_device *d, struct mem_pool *pool)
{
	const char *path = NULL;

	if (d)
		path = mem_intern(pool, udev_device_get_property_value(d, "ID_PATH"));
	udev_device_unref(d);
	return path;
}

const char *uevent_id_path(
	const char *address, const char *netdev, bool live, struct mem_pool *pool)
{
	struct udev *udev = live ? udev_new() : NULL;
	const char *path = NULL;
	char text[64];

	if (udev && address)
		path = take_id_path(function_at(udev, address), pool);
	if (udev && netdev && !path)
		path = take_id_path(interface_called(udev, netdev), pool);
	udev_unref(udev);
	if (path || !address)
		return path;
	snprintf(text, sizeof(text), "pci-%s", address);
	return mem_intern(pool, text);
}

bool uevent_is_settled(const char *address, const char *netdev)
{
	struct udev *udev = udev_new();
	struct udev_device *d = NULL;
	bool settled = !address && !netdev;

	if (udev && netdev)
		d = interface_called(udev, netdev);
	else if (udev && address)
		d = function_at(udev, address);
	if (d)
		settled = udev_device_get_is_initialized(d) > 0;
	udev_device_unref(d);
	udev_unref(udev);
	return settled;
}

/* Whether D is such a device or its interface. */
static bool is_of(enum uevent_of of, struct udev_device *d)
{
	static const struct {
		enum uevent_of of;
		const char *bus, *has;
	} rows[] = {
		{ UEVENT_PFS, "pci", "sriov_totalvfs" },
		{ UEVENT_PFS, "netdevsim", "sriov_numvfs" },
		{ UEVENT_VFS, "pci", "physfn/uevent" },
		{ UEVENT_ALL, "pci", "vendor" },
		{ UEVENT_ALL, "netdevsim", "sriov_numvfs" },
	};
	const char *subsystem = udev_device_get_subsystem(d);
	bool net = subsystem && strcmp(subsystem, "net") == 0, found = false;

	for (size_t i = 0; subsystem && i < ARRAY_SIZE(rows); i++) {
		struct udev_device *on = d;

		if (net)
			on = udev_device_get_parent_with_subsystem_devtype(d, rows[i].bus, NULL);
		else if (strcmp(subsystem, rows[i].bus) != 0)
			continue;
		found |= rows[i].of == of && on && udev_device_get_sysattr_value(on, rows[i].has);
	}
	return found;
}

/*
 * Waits for events until DEADLINE and takes all that are there. Returns whether one was of
 * interest.
 */
static bool take_events(struct udev_monitor *monitor, enum uevent_of of, int64_t deadline)
{
	struct pollfd p = { udev_monitor_get_fd(monitor), POLLIN, 0 };
	int64_t left = deadline - clock_ms();
	struct udev_device *d;
	bool found = false;

	if (left < 0)
		left = 0;
	if (poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left) <= 0)
		return false;
	while ((d = udev_monitor_receive_device(monitor))) {
		found = found || is_of(of, d);
		udev_device_unref(d);
	}
	return found;
}

/* Waits for a burst of events to come and to end. Returns whether there was one before DEADLINE. */
static bool take_burst(struct udev_monitor *monitor, enum uevent_of of, int64_t deadline)
{
	int64_t end, now;

	while (!take_events(monitor, of, deadline))
		if (clock_ms() >= deadline)
			return false;
	end = clock_ms() + BURST_MS;
	do
		now = clock_ms();
	while (now < end && take_events(monitor, of, now + BURST_GAP_MS));
	return true;
}

static int wait_on(struct udev_monitor *monitor, enum uevent_of of, int (*ready)(void *arg),
	void *arg, unsigned timeout_ms)
{
	int64_t deadline = clock_ms() + timeout_ms;
	int r = ready(arg);

	while (r == 0 && take_burst(monitor, of, deadline))
		r = ready(arg);
	return r < 0 ? r : r == 0;
}

/* Events as udev passes them on when its rules are done: names and properties are final then. */
static struct udev_monitor *monitor_new(struct udev *udev)
{
	struct udev_monitor *m = udev_monitor_new_from_netlink(udev, "udev");

	if (!m)
		return NULL;
	if (udev_monitor_filter_add_match_subsystem_devtype(m, "pci", NULL) >= 0 &&
		udev_monitor_filter_add_match_subsystem_devtype(m, "netdevsim", NULL) >= 0 &&
		udev_monitor_filter_add_match_subsystem_devtype(m, "net", NULL) >= 0 &&
		udev_monitor_enable_receiving(m) >= 0)
		return m;
	udev_monitor_unref(m);
	return NULL;
}

int uevent_wait(
	enum uevent_of of, int (*ready)(void *arg), void *arg, unsigned timeout_ms, struct err *e)
{
	struct udev *udev = udev_new();
	struct udev_monitor *monitor = udev ? monitor_new(udev) : NULL;
	int r;

	if (monitor)
		r = wait_on(monitor, of, ready, arg, timeout_ms);
	else
		r = err_set(e, errno ? -errno : -EIO, "cannot listen to udev");
	udev_monitor_unref(monitor);
	udev_unref(udev);
	return r;
}
