/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PCI configuration space; offsets from the kernel's pci_regs.h. */
#include <linux/pci_regs.h>
#include <string.h>

#include "pciconfig.h"

#define EXPRESS 0x40 /* where the capability is */
#define MSIX    0x70
#define FIRST   0x100

static void put16(uint8_t *data, unsigned at, unsigned v)
{
	data[at] = (uint8_t)v;
	data[at + 1] = (uint8_t)(v >> 8);
}

static void put32(uint8_t *data, unsigned at, uint32_t v)
{
	put16(data, at, v & 0xffff);
	put16(data, at + 2, v >> 16);
}

void pciconfig_make(const struct pciconfig *c, uint8_t data[static PCICONFIG_SIZE])
{
	unsigned at = FIRST;

	memset(data, 0, PCICONFIG_SIZE);
	put16(data, PCI_STATUS, PCI_STATUS_CAP_LIST);
	data[PCI_CAPABILITY_LIST] = EXPRESS;
	data[EXPRESS] = PCI_CAP_ID_EXP;
	put32(data, EXPRESS + PCI_EXP_DEVCAP2, c->ari_can ? PCI_EXP_DEVCAP2_ARI : 0);
	put16(data, EXPRESS + PCI_EXP_DEVCTL2, c->ari_on ? PCI_EXP_DEVCTL2_ARI : 0);
	if (c->msix) {
		data[EXPRESS + PCI_CAP_LIST_NEXT] = MSIX;
		data[MSIX] = PCI_CAP_ID_MSIX;
		put16(data, MSIX + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_ENABLE | (c->msix - 1));
	}
	/* Something that nobody looks for comes first. */
	put32(data, at, PCI_EXT_CAP_ID_ERR | 1 << 16 | 0x140u << 20);
	at = 0x140;
	if (c->acs) {
		put32(data, at, PCI_EXT_CAP_ID_ACS | 1 << 16 | (c->sriov ? 0x180u << 20 : 0));
		put16(data, at + PCI_ACS_CAP, 0x5f);
		put16(data, at + PCI_ACS_CTRL, c->acs_on);
		at = 0x180;
	}
	if (!c->sriov)
		return;
	put32(data, at, PCI_EXT_CAP_ID_SRIOV | 1 << 16);
	put16(data, at + PCI_SRIOV_TOTAL_VF, c->total_vfs);
	for (unsigned i = 0; i < PCI_SRIOV_NUM_BARS; i++)
		if (c->vf_bars & 1u << i)
			put32(data, at + PCI_SRIOV_BAR + 4 * i, 0xc);
}
