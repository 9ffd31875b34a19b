/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host lives on, but for its disks: the way out, and the console. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "host/scan.h"
#include "host/vfnl.h"

#define PATH_SIZE  160
#define NAME_SIZE  64
#define LINK_SIZE  4096
#define DEPTH_MAX  8 /* of interfaces on top of each other */
#define VISITS_MAX 4096
#define CLASS_VGA  0x03 /* high byte of the class code of displays */

/* --- the way out ------------------------------------------------------------------------------ */

struct climb {
	struct scan *scan;
	struct vfnl *nl;
	struct dev *dev;
	unsigned visits;
	int depth;
};

static void climb(struct climb *c, const char *name);

static int climb_upper(int dirfd _unused_, const char *name, void *arg)
{
	struct climb *c = arg;

	if (strncmp(name, "upper_", 6) != 0)
		return 0;
	c->depth++;
	climb(c, name + 6);
	c->depth--;
	return c->dev->lifeline.uplink != NULL;
}

/* Notes NAME, or what is on top of it, if the default route leads out of that. */
static void climb(struct climb *c, const char *name)
{
	char path[PATH_SIZE];
	uint64_t ifindex;

	if (c->depth > DEPTH_MAX || c->visits++ > VISITS_MAX || strlen(name) >= NAME_SIZE)
		return;
	snprintf(path, sizeof(path), "sys/class/net/%s/ifindex", name);
	if (file_read_number(c->scan->root, path, 10, INT32_MAX, &ifindex) < 0)
		return;
	if (vfnl_has_default_route(c->nl, (int)ifindex) == 1) {
		c->dev->lifeline.uplink = mem_intern(c->scan->inv->strings, name);
		return;
	}
	snprintf(path, sizeof(path), "sys/class/net/%s", name);
	file_each(c->scan->root, path, climb_upper, c);
}

static void scan_uplinks(struct scan *s)
{
	struct climb c = { .scan = s };

	if (!s->live || vfnl_open(&c.nl, NULL) < 0)
		return;
	for (size_t i = 0; i < s->inv->n_netdevs; i++) {
		const struct netdev *n = &s->inv->netdevs[i];

		c.dev = n->dev < 0 ? NULL : &s->inv->devs[n->dev];
		if (c.dev && n->up && !c.dev->lifeline.uplink)
			climb(&c, n->name);
	}
	vfnl_close(c.nl);
}

/* --- the console ------------------------------------------------------------------------------ */

/* The last function in the target of the link PATH, or -1. */
static int function_of(const struct scan *s, const char *path)
{
	char link[LINK_SIZE], *rest = link, *name;
	int dev = -1;

	if (file_link(s->root, path, link, sizeof(link)) < 0)
		return -1;
	while ((name = strsep(&rest, "/"))) {
		struct pciaddr a;

		if (pciaddr_parse(name, &a) == 0 && inventory_dev(s->inv, a) >= 0)
			dev = inventory_dev(s->inv, a);
	}
	return dev;
}

/* What the virtual terminals are shown by, if that is a function. */
static int boot_display(const struct scan *s)
{
	for (size_t i = 0; i < s->inv->n_devs; i++) {
		const struct dev *d = &s->inv->devs[i];
		char path[PATH_SIZE];
		uint64_t n;

		if (d->class_code >> 16 != CLASS_VGA)
			continue;
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/boot_vga",
			pciaddr_text(d->addr).s);
		if (file_read_number(s->root, path, 10, 1, &n) == 0 && n)
			return (int)i;
	}
	return -1;
}

enum shown { SHOWN_NOWHERE, SHOWN_AS_TEXT, SHOWN_IN_FRAMES };

/* What shows the virtual terminals. */
struct screen {
	const struct scan *scan;
	enum shown shown;
};

/* Takes one of the back ends that there are, if the terminals are bound to it. */
static int take_backend(int dirfd _unused_, const char *name, void *arg)
{
	struct screen *screen = arg;
	char path[PATH_SIZE], text[NAME_SIZE];
	uint64_t bound;

	snprintf(path, sizeof(path), "sys/class/vtconsole/%.32s/bind", name);
	if (file_read_number(screen->scan->root, path, 10, 1, &bound) < 0 || !bound)
		return 0;
	snprintf(path, sizeof(path), "sys/class/vtconsole/%.32s/name", name);
	if (file_read(screen->scan->root, path, text, sizeof(text)) < 0 || strstr(text, "dummy"))
		return 0;
	screen->shown = strstr(text, "frame buffer") ? SHOWN_IN_FRAMES : SHOWN_AS_TEXT;
	return 0;
}

/*
 * The console on the screen: on the display that the first frame buffer is of; on the one that the
 * firmware booted with where the frame buffer is the firmware's, or there is none.
 */
static int screen_function(const struct scan *s)
{
	struct screen screen = { s, SHOWN_NOWHERE };
	int dev = -1;

	file_each(s->root, "sys/class/vtconsole", take_backend, &screen);
	if (screen.shown == SHOWN_IN_FRAMES)
		dev = function_of(s, "sys/class/graphics/fb0");
	return dev < 0 && screen.shown != SHOWN_NOWHERE ? boot_display(s) : dev;
}

static bool is_terminal(const char *name)
{
	return strncmp(name, "tty", 3) == 0 && name[3 + strspn(name + 3, "0123456789")] == '\0';
}

static void scan_consoles(struct scan *s)
{
	char text[256], path[PATH_SIZE], *rest = text, *name;

	if (file_read(s->root, "sys/class/tty/console/active", text, sizeof(text)) < 0)
		return;
	while ((name = strsep(&rest, " "))) {
		int dev;

		if (!file_is_name(name) || strlen(name) >= NAME_SIZE)
			continue;
		snprintf(path, sizeof(path), "sys/class/tty/%s", name);
		dev = is_terminal(name) ? screen_function(s) : function_of(s, path);
		if (dev >= 0)
			s->inv->devs[dev].lifeline.console = mem_intern(s->inv->strings, name);
	}
}

void scan_lifelines(struct scan *s)
{
	scan_disks(s);
	scan_uplinks(s);
	scan_consoles(s);
}
