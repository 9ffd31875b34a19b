/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inventories built in C, for tests of what reads them. Functions have to be added by rising
 * address, as a scan does; the indices that these functions return are those of the inventory.
 */
#pragma once

#include "core/inventory.h"

/* An empty inventory of the host NAME with an IOMMU. */
struct inventory *fixture_new(const char *name);

/* Adds a PCI function; DRIVER may be NULL, GROUP -1. ID is vendor << 16 | device. */
struct dev *fixture_dev(struct inventory *inv, const char *addr, uint32_t id, uint32_t class_code,
	const char *driver, int group);

/* Adds a function that is a PF for up to TOTAL VFs with the device id VF_DEVICE. */
int fixture_pf(struct inventory *inv, const char *addr, uint32_t id, uint32_t class_code,
	const char *driver, int group, unsigned total, uint16_t vf_device);

/* Adds the function of the PF's next VF. The result is valid until the next VF of that PF. */
struct vf *fixture_vf(
	struct inventory *inv, int pf, const char *addr, const char *driver, int group);

/* Adds an Ethernet interface of the device DEV, up and with carrier. */
struct netdev *fixture_netdev(struct inventory *inv, int dev, const char *name, macaddr mac);

/* Sets what igb reports for a VF that nobody has touched but for its MAC. */
void fixture_igb_attrs(struct vf *vf, macaddr mac);

/*
 * A host with two igb PFs, one NVMe PF and a few other functions. VFs of the first PF: 0 open in a
 * guest, 1 on vfio-pci and idle, 2 on igbvf with its interface up, 3 without driver; all with
 * attributes. Those of the second PF are as a shell script leaves them: no MAC, nothing set.
 */
struct inventory *fixture_host(void);

/* The same card behind a root port without ACS: port, PF and VFs are in one group. */
struct inventory *fixture_bad_group(void);

/* One igb PF with a VF on a host without an IOMMU. */
struct inventory *fixture_no_iommu(void);
