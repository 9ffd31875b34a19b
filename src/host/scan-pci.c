/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCI functions, PFs and VFs. What is not read matters as much as what is: while the kernel is
 * stuck in disabling VFs or unbinding one, it holds the device's lock, and a reader of sriov_numvfs
 * or sriov_vf_total_msix would wait with it, unkillable (kernel-facts §1.7). VFs are counted by
 * their virtfnN links, which may have gaps then.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "core/group.h"
#include "host/scan.h"

/* The kernel's own limit of a uevent (UEVENT_BUFFER_SIZE) is half of it. */
#define UEVENT_SIZE 4096
#define NAME_SIZE   64

/* An entry of /sys/bus/pci/devices. */
struct entry {
	struct pciaddr addr;
	int dev;    /* index in the inventory, -1: not read (yet), or gone */
	bool is_vf; /* a PF's link leads to it */
};

struct entries {
	struct entry *e; /* by rising address */
	size_t n;
};

/* One function while it is read. */
struct function {
	struct scan *scan;
	struct entries *all;
	struct entry *entry;
	int fd;
	struct dev dev;
	struct pf pf; /* a PF when total_vfs is not 0 */
};

static int add_entry(int dirfd _unused_, const char *name, void *arg)
{
	struct entries *all = arg;
	struct pciaddr a;

	/*
	 * As the kernel writes it: another spelling of an address would be the same function twice.
	 */
	if (pciaddr_parse(name, &a) < 0 || a.kind != PCIADDR_PCI ||
		strcmp(pciaddr_text(a).s, name) != 0)
		return 0;
	all->e = mem_grow(all->e, all->n, sizeof(*all->e));
	all->e[all->n++] = (struct entry){ .addr = a, .dev = -1 };
	return 0;
}

static int entry_cmp(const void *a, const void *b)
{
	return pciaddr_cmp(((const struct entry *)a)->addr, ((const struct entry *)b)->addr);
}

/* Sets the error for FILE of F. */
static int bad_file(const struct function *f, const char *file, int r)
{
	if (scan_gone(r))
		return r;
	return err_set(
		f->scan->err, r, "/%s/%s: %s", pciaddr_path(f->entry->addr).s, file, err_name(r));
}

/* Reads a number that every kernel with SR-IOV has, or has had since it has the file: absent is 0.
 */
static int read_number(
	const struct function *f, const char *file, int base, uint64_t max, uint64_t *ret)
{
	int r = file_read_number(f->fd, file, base, max, ret);

	if (r == -ENOENT)
		*ret = 0;
	return r == -ENOENT ? 0 : r < 0 ? bad_file(f, file, r) : 0;
}

/* Reads up to eight hex digits that are followed by END. */
static bool parse_hex(const char *s, char end, uint32_t max, uint32_t *ret, const char **rest)
{
	char *stop;
	unsigned long v;

	if (!isxdigit((unsigned char)*s) || strnlen(s, 9) > 9)
		return false;
	v = strtoul(s, &stop, 16);
	if (*stop != end || v > max)
		return false;
	*ret = (uint32_t)v;
	if (rest)
		*rest = stop + 1;
	return true;
}

static bool parse_ids(const char *s, uint16_t *vendor, uint16_t *device)
{
	uint32_t v, d;

	if (!parse_hex(s, ':', UINT16_MAX, &v, &s) || !parse_hex(s, '\0', UINT16_MAX, &d, NULL))
		return false;
	*vendor = (uint16_t)v;
	*device = (uint16_t)d;
	return true;
}

/* Takes one line; false when it is one of ours and makes no sense. */
static bool take_uevent_line(struct function *f, const char *line)
{
	struct dev *d = &f->dev;
	const char *value = strchr(line, '=');
	size_t key;

	if (!value)
		return true;
	key = (size_t)(value++ - line);
	if (key == 6 && memcmp(line, "DRIVER", key) == 0) {
		d->driver = mem_intern(f->scan->inv->strings, value);
		return file_is_name(value) && strlen(value) < NAME_SIZE;
	}
	if (key == 9 && memcmp(line, "PCI_CLASS", key) == 0)
		return parse_hex(value, '\0', 0xffffff, &d->class_code, NULL);
	if (key == 6 && memcmp(line, "PCI_ID", key) == 0)
		return parse_ids(value, &d->vendor, &d->device);
	if (key == 13 && memcmp(line, "PCI_SUBSYS_ID", key) == 0)
		return parse_ids(value, &d->subsystem_vendor, &d->subsystem_device);
	return true;
}

/*
 * IDs, class and driver from one file. The driver is the one that the kernel still counts as bound:
 * the `driver` link goes before a driver that has to wait for its user lets go (§3.3).
 */
static int read_uevent(struct function *f)
{
	char text[UEVENT_SIZE], *rest = text, *line;
	int r = file_read(f->fd, "uevent", text, sizeof(text));
	bool good = true;

	if (r < 0)
		return bad_file(f, "uevent", r);
	while (good && (line = strsep(&rest, "\n")))
		good = take_uevent_line(f, line);
	if (!good || !f->dev.vendor)
		return err_set(f->scan->err, -EBADMSG, "/%s/uevent: not what the kernel writes",
			pciaddr_path(f->entry->addr).s);
	return 0;
}

/*
 * Reading driver_override takes the device's lock up to Linux 6.1 (§3.1), so it is left out where a
 * stuck kernel may hold that: for PFs whose driver may be disabling VFs, which holds it (not for
 * one that is reserved as a whole), and for a function whose driver is being unbound, which shows
 * by a driver without a link.
 */
static int read_override(struct function *f)
{
	char text[UEVENT_SIZE];
	int r;

	if (f->pf.total_vfs && (f->pf.n_vfs || (f->dev.driver && !group_is_left(&f->dev))))
		return 0;
	if (f->dev.driver && !file_exists(f->fd, "driver"))
		return 0;
	r = file_read(f->fd, "driver_override", text, sizeof(text));
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return bad_file(f, "driver_override", r);
	if (r > 0 && strcmp(text, "(null)") != 0)
		f->dev.override = mem_intern(f->scan->inv->strings, text);
	return 0;
}

/* `enable` counts the openers of a VFIO device, and is read without a lock (§3.3). */
static int read_vfio(struct function *f)
{
	uint64_t enabled;
	int r;

	if (!f->dev.driver)
		return 0;
	if (strcmp(f->dev.driver, VF_DRIVER_VFIO) != 0 && !file_exists(f->fd, "vfio-dev"))
		return 0;
	r = read_number(f, "enable", 10, INT32_MAX, &enabled);
	f->dev.vfio_open = r == 0 && enabled > 0;
	return r;
}

static int read_iommu_group(struct function *f)
{
	char name[NAME_SIZE];
	int r = file_link_name(f->fd, "iommu_group", name, sizeof(name));

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return bad_file(f, "iommu_group", r);
	f->dev.iommu_group = str_number(name, "");
	return f->dev.iommu_group < 0 ? bad_file(f, "iommu_group", -EINVAL) : 0;
}

static int read_numa_node(struct function *f)
{
	char text[NAME_SIZE], *end;
	int r = file_read(f->fd, "numa_node", text, sizeof(text));
	long node;

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return bad_file(f, "numa_node", r);
	node = strtol(text, &end, 10);
	if (end == text || *end || node < -1 || node > INT32_MAX)
		return bad_file(f, "numa_node", -EINVAL);
	f->dev.numa_node = (int)node;
	return 0;
}

/* The N of virtfnN, as the kernel writes it, or -1. */
static int virtfn_index(const char *name)
{
	int index = str_number(name, "virtfn");

	return index > UINT16_MAX || (index >= 0 && name[6] == '0' && name[7]) ? -1 : index;
}

/* Notes a VF by its entry's index for now; link_vfs() turns that into a device's. */
static int take_virtfn(int dirfd, const char *name, void *arg)
{
	struct function *f = arg;
	struct pf *pf = &f->pf;
	int index = virtfn_index(name);
	char target[NAME_SIZE];
	struct entry key = { 0 }, *e;

	if (index < 0 || file_link_name(dirfd, name, target, sizeof(target)) < 0 ||
		pciaddr_parse(target, &key.addr) < 0)
		return 0;
	e = bsearch(&key, f->all->e, f->all->n, sizeof(*f->all->e), entry_cmp);
	if (!e || e->is_vf || e == f->entry)
		return 0;
	e->is_vf = true;
	pf->vfs = mem_grow(pf->vfs, pf->n_vfs, sizeof(*pf->vfs));
	pf->vfs[pf->n_vfs++] = (struct vf){ .index = (unsigned)index, .dev = (int)(e - f->all->e) };
	return 0;
}

static int vf_cmp(const void *a, const void *b)
{
	unsigned x = ((const struct vf *)a)->index, y = ((const struct vf *)b)->index;

	return (x > y) - (x < y);
}

/* Reads what only a function with SR-IOV has. */
static int read_pf(struct function *f)
{
	static const struct {
		const char *file;
		int base;
	} files[] = { { "sriov_totalvfs", 10 }, { "sriov_offset", 10 }, { "sriov_stride", 10 },
		{ "sriov_vf_device", 16 }, { "sriov_drivers_autoprobe", 10 } };
	uint64_t n[ARRAY_SIZE(files)];
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		r = read_number(f, files[i].file, files[i].base, UINT16_MAX, &n[i]);
		if (r < 0 || n[0] == 0)
			return r;
	}
	f->pf = (struct pf){ .total_vfs = (unsigned)n[0],
		.offset = (unsigned)n[1],
		.stride = (unsigned)n[2],
		.vf_device = (uint16_t)n[3],
		.autoprobe = n[4] != 0,
		.vf_msix = -1 };
	r = file_each(f->fd, ".", take_virtfn, f);
	if (r < 0)
		return bad_file(f, "", r);
	if (f->pf.n_vfs)
		qsort(f->pf.vfs, f->pf.n_vfs, sizeof(*f->pf.vfs), vf_cmp);
	return 0;
}

/* Adds the function to the inventory. */
static void keep(struct function *f)
{
	struct inventory *inv = f->scan->inv;

	f->entry->dev = (int)inv->n_devs;
	if (f->pf.total_vfs) {
		f->pf.dev = f->entry->dev;
		f->dev.pf = (int)inv->n_pfs;
		inv->pfs = mem_grow(inv->pfs, inv->n_pfs, sizeof(*inv->pfs));
		inv->pfs[inv->n_pfs++] = f->pf;
	}
	inv->devs = mem_grow(inv->devs, inv->n_devs, sizeof(*inv->devs));
	inv->devs[inv->n_devs++] = f->dev;
}

static int read_function(struct function *f)
{
	int r = read_uevent(f);

	if (r == 0 && !f->entry->is_vf)
		r = read_pf(f);
	if (r == 0 && !f->entry->is_vf)
		r = read_numa_node(f);
	if (r == 0)
		r = read_iommu_group(f);
	if (r == 0)
		r = read_vfio(f);
	if (r == 0)
		r = read_override(f);
	return r;
}

static int scan_function(struct scan *s, struct entries *all, struct entry *e)
{
	struct function f = { .scan = s,
		.all = all,
		.entry = e,
		.dev = { .addr = e->addr,
			.iommu_group = -1,
			.numa_node = -1,
			.pf = -1,
			.vf = -1,
			.netdev = -1,
			.facts = FACTS_DEV_NONE } };
	int r;

	f.fd = file_open_dir(s->root, pciaddr_path(e->addr).s);
	if (f.fd < 0)
		return scan_gone(f.fd) ? 0 : bad_file(&f, "", f.fd);
	r = read_function(&f);
	close(f.fd);
	if (r == 0)
		keep(&f);
	else
		free(f.pf.vfs);
	return scan_gone(r) ? 0 : r;
}

/* Connects PF number P with its VFs, once all functions are read; those that went are left out. */
static void link_vfs(struct inventory *inv, int p, const struct entries *all)
{
	struct pf *pf = &inv->pfs[p];
	size_t kept = 0;

	for (size_t i = 0; i < pf->n_vfs; i++) {
		struct vf vf = pf->vfs[i];
		struct dev *d;

		vf.dev = all->e[vf.dev].dev;
		if (vf.dev < 0 || inv->devs[vf.dev].pf >= 0)
			continue;
		d = &inv->devs[vf.dev];
		d->pf = p;
		d->vf = (int)vf.index;
		d->numa_node = inv->devs[pf->dev].numa_node;
		pf->vfs[kept++] = vf;
	}
	pf->n_vfs = kept;
}

static int add_driver(int dirfd _unused_, const char *name, void *arg)
{
	struct inventory *inv = arg;

	if (!file_is_name(name) || strlen(name) >= NAME_SIZE)
		return 0;
	inv->drivers = mem_grow(inv->drivers, inv->n_drivers, sizeof(*inv->drivers));
	inv->drivers[inv->n_drivers++] = mem_intern(inv->strings, name);
	return 0;
}

static int text_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int scan_drivers(struct scan *s)
{
	int r = file_each(s->root, "sys/bus/pci/drivers", add_driver, s->inv);

	if (r < 0 && r != -ENOENT)
		return err_set(s->err, r, "/sys/bus/pci/drivers: %s", err_name(r));
	if (s->inv->n_drivers)
		qsort(s->inv->drivers, s->inv->n_drivers, sizeof(*s->inv->drivers), text_cmp);
	return 0;
}

int scan_pci(struct scan *s)
{
	struct entries all = { 0 };
	int r = file_each(s->root, "sys/bus/pci/devices", add_entry, &all);

	if (r == -ENOENT && s->live) /* a machine without PCI */
		r = 0;
	if (r < 0)
		err_set(s->err, r, "/sys/bus/pci/devices: %s", err_name(r));
	if (all.n)
		qsort(all.e, all.n, sizeof(*all.e), entry_cmp);
	for (size_t i = 0; i < all.n && r == 0; i++)
		r = scan_function(s, &all, &all.e[i]);
	for (size_t p = 0; p < s->inv->n_pfs; p++)
		link_vfs(s->inv, (int)p, &all);
	free(all.e);
	return r < 0 ? r : scan_drivers(s);
}

int scan_pci_one(struct scan *s, struct pciaddr a)
{
	/* Like a VF: what only a PF has is not looked for. */
	struct entry e = { .addr = a, .dev = -1, .is_vf = true };
	struct entries all = { &e, 1 };

	return scan_function(s, &all, &e);
}
