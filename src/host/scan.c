/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a scan put together, and the facts that belong to no device. */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/file.h"
#include "host/genfiles.h"
#include "host/host.h"
#include "host/modules.h"
#include "host/scan.h"
#include "host/udev.h"

bool scan_gone(int r)
{
	return r == -ENOENT || r == -ENODEV || r == -ENXIO;
}

static int stop_at_first(int dirfd _unused_, const char *name _unused_, void *arg _unused_)
{
	return 1;
}

int scan_has_entries(const struct scan *s, const char *path)
{
	return file_each(s->root, path, stop_at_first, NULL);
}

/* Who the host is: from the kernel for this one, from its files for another. */
static void scan_identity(struct scan *s)
{
	struct inventory *inv = s->inv;
	struct utsname name;
	char text[256];

	if (s->live && uname(&name) == 0) {
		inv->hostname = mem_intern(inv->strings, name.nodename);
		inv->kernel = mem_intern(inv->strings, name.release);
	}
	if (!s->live && file_read(s->root, "etc/hostname", text, sizeof(text)) > 0 &&
		file_is_name(text))
		inv->hostname = mem_intern(inv->strings, text);
	inv->has_iommu = scan_has_entries(s, "sys/class/iommu") > 0;
	inv->offline = !s->live;
}

/* PFs of one kind share the answer, so each kind is looked up once. */
static const char *host_driver(struct scan *s, const struct modules *m, size_t p)
{
	const struct inventory *inv = s->inv;
	const struct dev *d = inventory_pf_dev(inv, &inv->pfs[p]), *other;

	for (size_t i = 0; i < p; i++) {
		other = inventory_pf_dev(inv, &inv->pfs[i]);
		if (other->vendor == d->vendor && other->class_code == d->class_code &&
			other->subsystem_vendor == d->subsystem_vendor &&
			other->subsystem_device == d->subsystem_device &&
			inv->pfs[i].vf_device == inv->pfs[p].vf_device)
			return inv->pfs[i].host_driver;
	}
	return modules_host_driver(m, s->root, d, inv->pfs[p].vf_device, inv->strings);
}

static int scan_host_drivers(struct scan *s)
{
	struct modules *m;
	int r;

	if (!(s->what & SCAN_HOST_DRIVER) || !s->inv->n_pfs || !s->live)
		return 0;
	r = modules_open(&m, s->err);
	if (r < 0)
		return r;
	for (size_t p = 0; p < s->inv->n_pfs; p++)
		if (inventory_is_pci(s->inv, &s->inv->pfs[p]))
			s->inv->pfs[p].host_driver = host_driver(s, m, p);
	modules_close(m);
	return 0;
}

/* What udev calls a function by: its address, and the interface on it; NULL: none. */
struct udev_names {
	struct pciaddr_text addr;
	const char *address, *netdev;
};

static void udev_names(const struct inventory *inv, const struct dev *d, struct udev_names *ret)
{
	ret->addr = pciaddr_text(d->addr);
	ret->address = d->addr.kind == PCIADDR_PCI ? ret->addr.s : NULL;
	ret->netdev = d->netdev < 0 ? NULL : inv->netdevs[d->netdev].name;
}

/* udev's ID_PATH of the PFs; of all other functions but VFs and bridges as well, if wanted. */
static void scan_paths(struct scan *s)
{
	struct inventory *inv = s->inv;
	struct udev_names n;

	for (size_t i = 0; s->what & SCAN_PATHS && i < inv->n_devs; i++) {
		struct dev *d = &inv->devs[i];
		bool other = s->what & SCAN_DEVICES && d->class_code >> 16 != PCI_CLASS_BRIDGE;

		if (d->vf >= 0 || (d->pf < 0 && !other))
			continue;
		udev_names(inv, d, &n);
		d->path = uevent_id_path(n.address, n.netdev, s->live, inv->strings);
	}
}

/* Whether udev is done with the PFs. */
static void scan_settled(struct scan *s)
{
	struct inventory *inv = s->inv;
	struct udev_names n;

	for (size_t p = 0; s->what & SCAN_SETTLED && p < inv->n_pfs; p++) {
		udev_names(inv, &inv->devs[inv->pfs[p].dev], &n);
		inv->pfs[p].settled = !s->live || uevent_is_settled(n.address, n.netdev);
	}
}

int scan_host(int root, bool live, unsigned what, struct inventory **ret, struct err *e)
{
	struct scan s = {
		.root = root, .live = live, .what = what, .inv = inventory_new(), .err = e
	};
	int r;

	scan_identity(&s);
	r = scan_pci(&s);
	if (r == 0)
		r = scan_slots(&s);
	if (r == 0)
		r = scan_netdevsim(&s);
	inventory_index(s.inv);
	if (r == 0)
		r = scan_net(&s);
	if (r == 0)
		scan_vf_files(&s);
	if (r == 0)
		scan_nvme(&s);
	if (r == 0)
		scan_msix(&s);
	if (r == 0)
		r = scan_host_drivers(&s);
	if (r == 0)
		scan_paths(&s);
	if (r == 0)
		scan_settled(&s);
	if (r == 0 && what & SCAN_FILES)
		genfiles_scan(root, s.inv);
	if (r == 0 && what & SCAN_SETTINGS)
		scan_settings(&s);
	if (r == 0 && what & SCAN_USERS)
		scan_users(&s);
	if (r == 0 && what & SCAN_USERS && what & SCAN_DEVICES)
		scan_lifelines(&s);
	if (r == 0 && what & SCAN_CHECK)
		scan_facts(&s);
	if (r == 0 && what & SCAN_FIT)
		scan_fit(&s);
	if (r < 0) {
		inventory_free(s.inv);
		return r;
	}
	*ret = s.inv;
	return 0;
}

int scan_device(
	int root, bool live, unsigned what, struct pciaddr a, struct inventory **ret, struct err *e)
{
	struct scan s = { .root = root,
		.live = live,
		.one = true,
		.what = what,
		.inv = inventory_new(),
		.err = e };
	int r = scan_pci_one(&s, a);

	if (r == 0)
		r = scan_net_one(&s, a);
	if (r < 0) {
		inventory_free(s.inv);
		return r;
	}
	inventory_index(s.inv);
	scan_users(&s);
	if (what & SCAN_DEVICES)
		scan_lifelines(&s);
	*ret = s.inv;
	return 0;
}
