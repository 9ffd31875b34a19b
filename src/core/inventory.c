/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host as one scan found it: look-ups. */
#include <string.h>

#include "core/inventory.h"

struct inventory *inventory_new(void)
{
	struct inventory *inv = mem_new(1, sizeof(*inv));

	inv->strings = mem_pool_new();
	inv->hostname = inv->kernel = mem_intern(inv->strings, "");
	return inv;
}

void inventory_free(struct inventory *inv)
{
	if (!inv)
		return;
	for (size_t i = 0; i < inv->n_pfs; i++) {
		free(inv->pfs[i].vfs);
		pf_settings_done(&inv->pfs[i].settings);
		free(inv->pfs[i].vf_files);
	}
	free(inv->pfs);
	free(inv->by_group);
	free(inv->devs);
	free(inv->netdevs);
	free(inv->drivers);
	facts_done(&inv->facts);
	mem_pool_free(inv->strings);
	free(inv);
}

static int addr_cmp(const void *key, const void *member)
{
	const struct pciaddr *a = key;
	const struct dev *d = member;

	return pciaddr_cmp(*a, d->addr);
}

/* A function on its way to its place among those of its group. */
struct member {
	int group, dev;
};

static int member_cmp(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->group != y->group)
		return (x->group > y->group) - (x->group < y->group);
	return (x->dev > y->dev) - (x->dev < y->dev);
}

void inventory_index(struct inventory *inv)
{
	_cleanup_free_ struct member *members = mem_new(inv->n_devs, sizeof(*members));

	for (size_t i = 0; i < inv->n_devs; i++)
		members[i] = (struct member){ inv->devs[i].iommu_group, (int)i };
	qsort(members, inv->n_devs, sizeof(*members), member_cmp);
	free(inv->by_group);
	inv->by_group = mem_new(inv->n_devs, sizeof(*inv->by_group));
	for (size_t i = 0; i < inv->n_devs; i++)
		inv->by_group[i] = members[i].dev;
}

/* The first place in `by_group` of a group that is not below GROUP. */
static size_t first_of(const struct inventory *inv, int64_t group)
{
	size_t low = 0, high = inv->by_group ? inv->n_devs : 0, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (inv->devs[inv->by_group[middle]].iommu_group < group)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t inventory_group(const struct inventory *inv, int group, const int **members)
{
	size_t first = first_of(inv, group), end = first_of(inv, (int64_t)group + 1);

	*members = inv->by_group ? &inv->by_group[first] : NULL;
	return end - first;
}

int inventory_dev(const struct inventory *inv, struct pciaddr a)
{
	const struct dev *d = NULL;

	if (inv->n_devs)
		d = bsearch(&a, inv->devs, inv->n_devs, sizeof(*inv->devs), addr_cmp);
	return d ? (int)(d - inv->devs) : -1;
}

int inventory_find_pf(const struct inventory *inv, struct pciaddr a)
{
	int dev = inventory_dev(inv, a);

	return dev >= 0 && inv->devs[dev].vf < 0 ? inv->devs[dev].pf : -1;
}

static int vf_cmp(const void *key, const void *member)
{
	const unsigned *index = key;
	const struct vf *vf = member;

	return (*index > vf->index) - (*index < vf->index);
}

const struct vf *inventory_vf(const struct pf *pf, unsigned index)
{
	if (!pf->n_vfs)
		return NULL;
	return bsearch(&index, pf->vfs, pf->n_vfs, sizeof(*pf->vfs), vf_cmp);
}

unsigned inventory_vf_bus(const struct inventory *inv, const struct pf *pf, unsigned i)
{
	const struct pciaddr *a = &inventory_pf_dev(inv, pf)->addr;

	return a->bus + ((a->devfn + pf->offset + pf->stride * i) >> 8);
}

unsigned inventory_vfs_on_buses(const struct inventory *inv, const struct pf *pf, unsigned wanted)
{
	unsigned n = 0;

	if (!pf->offset || !pf->bus_last)
		return wanted;
	while (n < wanted && inventory_vf_bus(inv, pf, n) <= pf->bus_last)
		n++;
	return n;
}

bool inventory_has_vf_memory(const struct inventory *inv, const struct pf *pf)
{
	const struct pcicfg_bars *bars = &inventory_pf_dev(inv, pf)->facts.vf_bars;

	return !bars->known || (!bars->lost && bars->assigned);
}

unsigned inventory_possible_vfs(const struct inventory *inv, const struct pf *pf)
{
	if (!inventory_has_vf_memory(inv, pf))
		return 0;
	return inventory_vfs_on_buses(inv, pf, pf->total_vfs);
}

const struct dev *inventory_pf_dev(const struct inventory *inv, const struct pf *pf)
{
	return &inv->devs[pf->dev];
}

bool inventory_is_pci(const struct inventory *inv, const struct pf *pf)
{
	return inventory_pf_dev(inv, pf)->addr.kind == PCIADDR_PCI;
}

bool inventory_limit_known(const struct inventory *inv, const struct pf *pf)
{
	return inventory_is_pci(inv, pf) || pf->total_vfs < INVENTORY_VFS_MAX;
}

const char *inventory_limit_source(const struct inventory *inv, const struct pf *pf)
{
	return inventory_is_pci(inv, pf) ? "sriov_totalvfs" : "max_vfs in debugfs";
}

const struct netdev *inventory_pf_netdev(const struct inventory *inv, const struct pf *pf)
{
	int i = inv->devs[pf->dev].netdev;

	return i < 0 ? NULL : &inv->netdevs[i];
}

bool inventory_setting(const struct inventory *inv, const struct pf *pf, enum pfset_id id,
	const char *item, uint64_t *ret)
{
	const struct netdev *n = inventory_pf_netdev(inv, pf);

	if (id != PFSET_MTU)
		return pf_settings_get(&pf->settings, id, item, ret);
	*ret = n ? n->mtu : 0;
	return n && n->mtu;
}

void inventory_pf_names(const struct inventory *inv, const size_t *which, size_t n, struct buf *b)
{
	for (size_t i = 0; i < n; i++) {
		const struct pf *pf = &inv->pfs[which ? which[i] : i];
		const struct netdev *net = inventory_pf_netdev(inv, pf);

		buf_addf(b, "%s%s", i ? ", " : "", pciaddr_text(inventory_pf_dev(inv, pf)->addr).s);
		if (net)
			buf_addf(b, " (%s)", net->name);
	}
}

static int name_cmp(const void *key, const void *member)
{
	return strcmp(key, *(const char *const *)member);
}

bool inventory_has_driver(const struct inventory *inv, const char *name)
{
	return inv->n_drivers &&
	       bsearch(name, inv->drivers, inv->n_drivers, sizeof(*inv->drivers), name_cmp);
}

bool inventory_lacks_driver(const struct inventory *inv, const char *name)
{
	return !inv->offline && !inventory_has_driver(inv, name) &&
	       facts_module(&inv->facts, name) == MODULE_ABSENT;
}

static const char *netdev_name(const struct inventory *inv, int ifindex)
{
	for (size_t i = 0; i < inv->n_netdevs; i++)
		if (inv->netdevs[i].ifindex == ifindex)
			return inv->netdevs[i].name;
	return "another interface";
}

const struct netdev *inventory_used_netdev(const struct inventory *inv, const struct dev *d)
{
	const struct netdev *own = d->netdev < 0 ? NULL : &inv->netdevs[d->netdev];

	if (!own || own->up || own->master)
		return own;
	for (size_t i = 0; i < inv->n_netdevs; i++) {
		const struct netdev *n = &inv->netdevs[i];

		if (n->dev == own->dev && n->dev >= 0 && (n->up || n->master))
			return n;
	}
	return own;
}

struct vf_usage inventory_usage(const struct inventory *inv, const struct dev *d)
{
	const struct netdev *n = inventory_used_netdev(inv, d);
	struct vf_usage u = { .driver = d->driver,
		.network = d->class_code >> 16 == PCI_CLASS_NETWORK,
		.vfio_open = d->vfio_open,
		.part = d->lifeline.part,
		.holder = d->lifeline.holder,
		.netdev_away = d->netdev_away,
		.users = d->users };

	if (!n)
		return u;
	u.netdev = n->name;
	u.up = n->up;
	if (n->master)
		u.master = d->users.master ? d->users.master : netdev_name(inv, n->master);
	return u;
}

bool inventory_vf_used(const struct inventory *inv, const struct vf *vf, struct buf *b)
{
	return inventory_dev_used(inv, &inv->devs[vf->dev], b);
}

bool inventory_dev_used(const struct inventory *inv, const struct dev *d, struct buf *b)
{
	const struct vf_usage u = inventory_usage(inv, d);

	return (d->vf >= 0 || d->vfio_open || d->users.reserved) && usage_text(&u, b);
}

bool inventory_has_file(const struct pf *pf, enum vf_attr_id id)
{
	for (size_t i = 0; i < pf->n_vf_files; i++)
		if (strcmp(pf->vf_files[i], vf_attr(id)->key) == 0)
			return true;
	return false;
}

enum vf_kind inventory_pf_kind(const struct inventory *inv, const struct pf *pf)
{
	uint32_t class_code = inventory_pf_dev(inv, pf)->class_code;
	const struct netdev *n = inventory_pf_netdev(inv, pf);

	if (class_code >> 16 == PCI_CLASS_NETWORK) {
		if (n && (n->ethernet || n->infiniband))
			return n->ethernet ? VF_OF_ETHERNET : VF_OF_INFINIBAND;
		return class_code >> 8 == PCI_CLASS_INFINIBAND ? VF_OF_INFINIBAND : VF_OF_ETHERNET;
	}
	if (class_code == PCI_CLASS_NVME)
		return VF_OF_NVME;
	return class_code >> 16 == PCI_CLASS_DISPLAY ? VF_OF_GPU : VF_OF_OTHER;
}

bool inventory_whole_used(const struct inventory *inv, const struct dev *d, struct buf *b)
{
	struct vf_usage u = inventory_usage(inv, d);

	u.whole = true;
	return usage_text(&u, b);
}

const char *inventory_class_name(uint32_t class_code)
{
	static const struct {
		uint32_t class_code, mask;
		const char *name;
	} names[] = {
		{ 0x010802, 0xffffff, "nvme" },
		{ 0x020000, 0xffff00, "ethernet" },
		{ 0x020700, 0xffff00, "infiniband" },
		{ 0x010000, 0xff0000, "storage" },
		{ 0x020000, 0xff0000, "network" },
		{ 0x030000, 0xff0000, "gpu" },
		{ 0x060000, 0xff0000, "bridge" },
		{ 0x0b4000, 0xffff00, "co-processor" },
		{ 0x100000, 0xff0000, "crypto" },
		{ 0x120000, 0xff0000, "accelerator" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if ((class_code & names[i].mask) == names[i].class_code)
			return names[i].name;
	return "device";
}
