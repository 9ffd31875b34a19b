/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Simulated network devices that can have VFs: on a bus of their own, without the files that the
 * PCI core makes (kernel-facts §10). Their VFs are numbers and attributes, and no devices.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "host/scan.h"

#define BUS         "sys/bus/netdevsim/devices"
#define CLASS_CODE  0x020000 /* as an Ethernet card's: their interface is one */
#define DRIVER_SIZE 64
#define PATH_SIZE   96

struct addrs {
	struct pciaddr *a;
	size_t n;
};

static int add_addr(int dirfd _unused_, const char *name, void *arg)
{
	struct addrs *all = arg;
	struct pciaddr a;

	if (pciaddr_parse(name, &a) < 0 || a.kind != PCIADDR_NETDEVSIM ||
		strcmp(pciaddr_text(a).s, name) != 0)
		return 0;
	all->a = mem_grow(all->a, all->n, sizeof(*all->a));
	all->a[all->n++] = a;
	return 0;
}

static int addr_cmp(const void *a, const void *b)
{
	return pciaddr_cmp(*(const struct pciaddr *)a, *(const struct pciaddr *)b);
}

/* How many VFs the device can have; where debugfs is not there to tell, as many as any PF can. */
static unsigned read_limit(const struct scan *s, struct pciaddr a)
{
	char path[PATH_SIZE];
	uint64_t n;

	snprintf(path, sizeof(path), "sys/kernel/debug/netdevsim/%s/max_vfs", pciaddr_text(a).s);
	if (file_read_number(s->root, path, 10, UINT32_MAX, &n) < 0 || n > INVENTORY_VFS_MAX)
		n = INVENTORY_VFS_MAX;
	return (unsigned)n;
}

static struct dev *add_dev(struct inventory *inv, struct pciaddr a)
{
	struct dev *d;

	inv->devs = mem_grow(inv->devs, inv->n_devs, sizeof(*inv->devs));
	d = &inv->devs[inv->n_devs++];
	*d = (struct dev){ .addr = a,
		.class_code = CLASS_CODE,
		.iommu_group = -1,
		.numa_node = -1,
		.pf = (int)inv->n_pfs,
		.vf = -1,
		.netdev = -1,
		.facts = FACTS_DEV_NONE };
	return d;
}

static void add_vfs(struct inventory *inv, struct pf *pf, struct pciaddr a, unsigned n)
{
	pf->vfs = mem_new(n, sizeof(*pf->vfs));
	for (; pf->n_vfs < n; pf->n_vfs++) {
		unsigned i = (unsigned)pf->n_vfs;

		pf->vfs[i] = (struct vf){ .index = i, .dev = (int)inv->n_devs };
		add_dev(inv, pciaddr_behind(a, pf->offset + i * pf->stride))->vf = (int)i;
	}
}

static void add_pf(struct scan *s, struct pciaddr a, const char *driver, unsigned n)
{
	struct inventory *inv = s->inv;
	struct pf pf = { .dev = (int)inv->n_devs,
		.total_vfs = read_limit(s, a),
		.vf_msix = -1,
		.offset = 1, /* as VFs have no places, theirs are right behind */
		.stride = 1 };

	if (pf.total_vfs == 0) /* it can have none, like a card whose SR-IOV is off */
		return;
	add_dev(inv, a)->driver = driver[0] ? mem_intern(inv->strings, driver) : NULL;
	add_vfs(inv, &pf, a, n);
	inv->pfs = mem_grow(inv->pfs, inv->n_pfs, sizeof(*inv->pfs));
	inv->pfs[inv->n_pfs++] = pf;
}

/* The name of its driver, "" for none. */
static int read_driver(int fd, char *name, size_t size)
{
	int r = file_link_name(fd, "driver", name, size);

	if (r == -ENOENT)
		return 0;
	return r < 0 ? r : file_is_name(name) ? 0 : -EINVAL;
}

/* Its number of VFs is read without a lock that a stuck writer could hold. */
static int scan_one(struct scan *s, struct pciaddr a)
{
	char driver[DRIVER_SIZE] = "";
	const char *what = "sriov_numvfs";
	uint64_t n = 0;
	int r, fd = file_open_dir(s->root, pciaddr_path(a).s);

	if (fd < 0)
		return scan_gone(fd)
			       ? 0
			       : err_set(s->err, fd, "/%s: %s", pciaddr_path(a).s, err_name(fd));
	r = file_read_number(fd, what, 10, INVENTORY_VFS_MAX, &n);
	if (r >= 0) {
		what = "driver";
		r = read_driver(fd, driver, sizeof(driver));
	}
	close(fd);
	if (r < 0)
		return scan_gone(r) ? 0
				    : err_set(s->err, r, "/%s/%s: %s", pciaddr_path(a).s, what,
					      err_name(r));
	add_pf(s, a, driver, (unsigned)n);
	return 0;
}

int scan_netdevsim(struct scan *s)
{
	struct addrs all = { 0 };
	int r = file_each(s->root, BUS, add_addr, &all);

	if (r == -ENOENT) /* the module is not loaded */
		r = 0;
	if (r < 0)
		err_set(s->err, r, "/" BUS ": %s", err_name(r));
	if (all.n)
		qsort(all.a, all.n, sizeof(*all.a), addr_cmp);
	for (size_t i = 0; i < all.n && r == 0; i++)
		r = scan_one(s, all.a[i]);
	free(all.a);
	return r;
}
