/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inventories built in C. */
#include <assert.h>

#include "fixture.h"

#define ID_IGB     0x808610c9
#define ID_IGBVF   0x10ca
#define ID_NVME    0x1b360010
#define CLASS_ETH  0x020000
#define CLASS_NVME 0x010802
#define MAC_PF0    0x525400112233
#define MAC_PF1    0x525400112234

struct inventory *fixture_new(const char *name)
{
	struct inventory *inv = inventory_new();

	inv->hostname = mem_intern(inv->strings, name);
	inv->kernel = mem_intern(inv->strings, "6.12.0");
	inv->has_iommu = true;
	return inv;
}

struct dev *fixture_dev(struct inventory *inv, const char *addr, uint32_t id, uint32_t class_code,
	const char *driver, int group)
{
	struct dev *d;
	int r;

	inv->devs = mem_grow(inv->devs, inv->n_devs, sizeof(*inv->devs));
	d = &inv->devs[inv->n_devs++];
	*d = (struct dev){ .vendor = (uint16_t)(id >> 16),
		.device = (uint16_t)id,
		.class_code = class_code,
		.driver = mem_intern(inv->strings, driver),
		.iommu_group = group,
		.numa_node = -1,
		.pf = -1,
		.vf = -1,
		.netdev = -1,
		.facts = FACTS_DEV_NONE };
	r = pciaddr_parse(addr, &d->addr);
	assert(r == 0);
	assert(inv->n_devs == 1 || pciaddr_cmp(d[-1].addr, d->addr) < 0);
	inventory_index(inv);
	return d;
}

int fixture_pf(struct inventory *inv, const char *addr, uint32_t id, uint32_t class_code,
	const char *driver, int group, unsigned total, uint16_t vf_device)
{
	struct dev *d = fixture_dev(inv, addr, id, class_code, driver, group);

	d->pf = (int)inv->n_pfs;
	inv->pfs = mem_grow(inv->pfs, inv->n_pfs, sizeof(*inv->pfs));
	inv->pfs[inv->n_pfs] = (struct pf){ .dev = (int)inv->n_devs - 1,
		.total_vfs = total,
		.offset = 0x80,
		.stride = 2,
		.vf_device = vf_device,
		.autoprobe = true,
		.vf_msix = -1 };
	return (int)inv->n_pfs++;
}

struct vf *fixture_vf(
	struct inventory *inv, int pf, const char *addr, const char *driver, int group)
{
	struct pf *p = &inv->pfs[pf];
	const struct dev *parent = &inv->devs[p->dev];
	uint32_t id = (uint32_t)parent->vendor << 16 | p->vf_device;
	uint32_t class_code = parent->class_code;
	int numa = parent->numa_node;
	struct dev *d = fixture_dev(inv, addr, id, class_code, driver, group);

	d->pf = pf;
	d->vf = (int)p->n_vfs;
	d->numa_node = numa;
	d->override = driver && driver[0] == 'v' ? d->driver : NULL; /* vfio-pci got there so */
	p->vfs = mem_grow(p->vfs, p->n_vfs, sizeof(*p->vfs));
	p->vfs[p->n_vfs] = (struct vf){ .index = (unsigned)p->n_vfs, .dev = (int)inv->n_devs - 1 };
	return &p->vfs[p->n_vfs++];
}

struct netdev *fixture_netdev(struct inventory *inv, int dev, const char *name, macaddr mac)
{
	struct netdev *n;

	inv->netdevs = mem_grow(inv->netdevs, inv->n_netdevs, sizeof(*inv->netdevs));
	n = &inv->netdevs[inv->n_netdevs];
	*n = (struct netdev){ .ifindex = (int)inv->n_netdevs + 2,
		.name = mem_intern(inv->strings, name),
		.ethernet = true,
		.has_mac = true,
		.has_perm_mac = true,
		.mac = mac,
		.perm_mac = mac,
		.up = true,
		.carrier = true,
		.mtu = 1500,
		.dev = dev };
	if (dev >= 0)
		inv->devs[dev].netdev = (int)inv->n_netdevs;
	inv->n_netdevs++;
	return n;
}

void fixture_igb_attrs(struct vf *vf, macaddr mac)
{
	struct vf_attrs *a = &vf->attrs;

	vf_set_n(a, VF_MAC, mac);
	vf_set_n(a, VF_VLAN, 0);
	vf_set_n(a, VF_MIN_TX_RATE, 0);
	vf_set_n(a, VF_MAX_TX_RATE, 0);
	vf_set_n(a, VF_SPOOFCHK, 1);
	vf_set_n(a, VF_LINK_STATE, 0);
	vf_set_n(a, VF_TRUST, 0);
}

/* Functions that any machine has, up to bus 0. */
static void add_chipset(struct inventory *inv)
{
	fixture_dev(inv, "0000:00:00.0", 0x808629c0, 0x060000, NULL, 0);
	fixture_dev(inv, "0000:00:1c.0", 0x1b36000c, 0x060400, "pcieport", 1);
	fixture_dev(inv, "0000:00:1f.0", 0x80862918, 0x060100, "lpc_ich", 2);
	fixture_dev(inv, "0000:00:1f.2", 0x80862922, 0x010601, "ahci", 2);
	fixture_dev(inv, "0000:00:1f.3", 0x80862930, 0x0c0500, NULL, 2);
}

/* VFs of both PFs by rising address: the even functions are the first PF's. */
static void add_igb_vfs(struct inventory *inv, int pf0, int pf1)
{
	struct vf *vf = fixture_vf(inv, pf0, "0000:01:10.0", "vfio-pci", 12);

	inv->devs[vf->dev].vfio_open = true;
	fixture_igb_attrs(vf, 0x020000000000);
	vf_set_n(&vf->attrs, VF_VLAN, vlan_pack(100, 3, VLAN_PROTO_8021Q));
	vf_set_n(&vf->attrs, VF_MAX_TX_RATE, 500);
	fixture_igb_attrs(fixture_vf(inv, pf1, "0000:01:10.1", NULL, 13), 0);

	vf = fixture_vf(inv, pf0, "0000:01:10.2", "vfio-pci", 14);
	fixture_igb_attrs(vf, 0x020000000001);
	vf_set_n(&vf->attrs, VF_VLAN, vlan_pack(200, 0, VLAN_PROTO_8021AD));
	vf_set_n(&vf->attrs, VF_TRUST, 1);
	fixture_igb_attrs(fixture_vf(inv, pf1, "0000:01:10.3", NULL, 15), 0);

	vf = fixture_vf(inv, pf0, "0000:01:10.4", "igbvf", 16);
	fixture_igb_attrs(vf, 0x020000000002);
	vf_set_n(&vf->attrs, VF_LINK_STATE, 2);
	fixture_netdev(inv, vf->dev, "enp1s0f0v2", 0x020000000002);

	vf = fixture_vf(inv, pf0, "0000:01:10.6", NULL, 17);
	fixture_igb_attrs(vf, 0x020000000003);
	vf_set_n(&vf->attrs, VF_SPOOFCHK, 0);
}

static void add_nvme(struct inventory *inv)
{
	int pf = fixture_pf(inv, "0000:03:00.0", ID_NVME, CLASS_NVME, "nvme", 20, 127, 0x0010);

	inv->devs[inv->pfs[pf].dev].numa_node = 1;
	inv->pfs[pf].offset = inv->pfs[pf].stride = 1;
	fixture_vf(inv, pf, "0000:03:00.1", "vfio-pci", 21);
	fixture_vf(inv, pf, "0000:03:00.2", NULL, 22);
}

struct inventory *fixture_host(void)
{
	struct inventory *inv = fixture_new("pve1");
	int pf0, pf1;

	add_chipset(inv);
	pf0 = fixture_pf(inv, "0000:01:00.0", ID_IGB, CLASS_ETH, "igb", 10, 7, ID_IGBVF);
	pf1 = fixture_pf(inv, "0000:01:00.1", ID_IGB, CLASS_ETH, "igb", 11, 7, ID_IGBVF);
	inv->devs[inv->pfs[pf0].dev].numa_node = inv->devs[inv->pfs[pf1].dev].numa_node = 0;
	inv->pfs[pf0].has_vf_attrs = inv->pfs[pf1].has_vf_attrs = true;
	inv->pfs[pf0].host_driver = inv->pfs[pf1].host_driver = mem_intern(inv->strings, "igbvf");
	inv->pfs[pf0].autoprobe = false;
	fixture_netdev(inv, inv->pfs[pf0].dev, "enp1s0f0", MAC_PF0);
	fixture_netdev(inv, inv->pfs[pf1].dev, "enp1s0f1", MAC_PF1)->carrier = false;
	add_igb_vfs(inv, pf0, pf1);
	add_nvme(inv);
	return inv;
}

struct inventory *fixture_bad_group(void)
{
	struct inventory *inv = fixture_new("noacs");
	int pf;

	fixture_dev(inv, "0000:00:1c.0", 0x1b36000c, 0x060400, "pcieport", 1);
	pf = fixture_pf(inv, "0000:01:00.0", ID_IGB, CLASS_ETH, "igb", 1, 7, ID_IGBVF);
	fixture_netdev(inv, inv->pfs[pf].dev, "enp1s0", MAC_PF0);
	fixture_vf(inv, pf, "0000:01:10.0", "vfio-pci", 1);
	fixture_vf(inv, pf, "0000:01:10.2", "vfio-pci", 1);
	fixture_vf(inv, pf, "0000:01:10.4", "igbvf", 1);
	return inv;
}

struct inventory *fixture_no_iommu(void)
{
	struct inventory *inv = fixture_new("noiommu");
	int pf = fixture_pf(inv, "0000:01:00.0", ID_IGB, CLASS_ETH, "igb", -1, 7, ID_IGBVF);

	inv->has_iommu = false;
	fixture_netdev(inv, inv->pfs[pf].dev, "enp1s0", MAC_PF0)->up = false;
	fixture_vf(inv, pf, "0000:01:10.0", NULL, -1);
	return inv;
}
