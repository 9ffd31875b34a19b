/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host cannot do without. */
#include <string.h>

#include "core/quote.h"
#include "core/vital.h"

/* Appends a name that others chose, so that it cannot be taken for other words. */
static void add_name(struct buf *b, const char *name)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-_.:@+/!";

	if (*name && strlen(name) <= 60 && !name[strspn(name, safe)])
		buf_add(b, name);
	else
		buf_add(b, quote_text(name).s);
}

/* Appends what is on the disk, as what D carries. */
static void add_mount(struct buf *b, const struct lifeline *l)
{
	const char *pool = LIFELINE_POOL;

	if (strcmp(l->mount, LIFELINE_ROOT) == 0) {
		buf_add(b, "the root file system");
	} else if (strcmp(l->mount, LIFELINE_SWAP) == 0) {
		buf_add(b, "swap space of the host");
	} else if (strncmp(l->mount, pool, strlen(pool)) == 0) {
		buf_add(b, "the ZFS pool ");
		add_name(b, l->mount + strlen(pool));
	} else {
		buf_add(b, "the file system on ");
		add_name(b, l->mount);
	}
	if (l->disk) {
		buf_add(b, " (");
		add_name(b, l->disk);
		buf_add(b, ")");
	}
}

/* Appends what the host has of L as what its function carries; the worst loss comes first. */
static bool add_own(struct buf *b, const struct lifeline *l)
{
	if (l->mount) {
		add_mount(b, l);
	} else if (l->uplink) {
		buf_add(b, "the default route (out of ");
		add_name(b, l->uplink);
		buf_add(b, ")");
	} else if (l->console) {
		buf_add(b, "the kernel's console ");
		add_name(b, l->console);
	} else {
		return false;
	}
	return true;
}

/* What to do before the function can go: nothing helps with the disk that the host booted from. */
static const char *advice(const struct lifeline *l)
{
	if (l->mount && strcmp(l->mount, LIFELINE_ROOT) == 0)
		return "leave it out of \"devices\"";
	if (l->mount && strcmp(l->mount, LIFELINE_SWAP) == 0)
		return "`swapoff` it, and take it out of /etc/fstab";
	if (l->mount && *l->mount != '/')
		return "`zpool export` it for good first";
	if (l->mount)
		return "unmount it, and take it out of /etc/fstab";
	if (l->uplink)
		return "give the host another way out first";
	return "give the kernel another console (console= on its command line), or unbind the "
	       "one that it has there (/sys/class/vtconsole/vtcon*/bind)";
}

/* The first other device of D's group that the host lives on, or NULL. */
static const struct dev *vital_neighbour(const struct inventory *inv, const struct dev *d)
{
	const int *members;
	size_t n = d->iommu_group < 0 ? 0 : inventory_group(inv, d->iommu_group, &members);

	for (size_t i = 0; i < n; i++) {
		const struct dev *o = &inv->devs[members[i]];
		const struct lifeline *l = &o->lifeline;

		if (o != d && (l->mount || l->uplink || l->console))
			return o;
	}
	return NULL;
}

bool vital_text(const struct inventory *inv, const struct dev *d, struct buf *b)
{
	_cleanup_(buf_done) struct buf what = { 0 };
	const struct dev *other;

	if (add_own(&what, &d->lifeline)) {
		buf_addf(b, "carries %s: %s", buf_text(&what), advice(&d->lifeline));
		return true;
	}
	other = vital_neighbour(inv, d);
	if (!other)
		return false;
	add_own(&what, &other->lifeline);
	buf_addf(b,
		"is in one IOMMU group (%d) with %s, which carries %s and would have to go with "
		"it: leave it out of \"devices\", or put one of the two into another slot",
		d->iommu_group, pciaddr_text(other->addr).s, buf_text(&what));
	return true;
}
