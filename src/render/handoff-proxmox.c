/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs as commands and lines of Proxmox VE (kernel-facts §9). */
#include <string.h>

#include "render/handoff-part.h"
#include "render/handoff.h"

#define LXC_FIRST 32 /* Proxmox VE numbers interfaces of its own from 0 to 31 */

static size_t count_guests(const struct handoff *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++)
		n += !h->vfs[i].host;
	return n;
}

static void add_vm(struct buf *b, unsigned vm)
{
	if (vm)
		buf_addf(b, "%u", vm);
	else
		buf_add(b, "VMID");
}

/* With its function, always: without, these were all functions of the slot, other guests' VFs. */
static void add_qm(struct buf *b, const struct dev *d, unsigned vm, size_t number)
{
	buf_add(b, "qm set ");
	add_vm(b, vm);
	buf_addf(b, " -hostpci%zu host=%s,pcie=1", number, pciaddr_text(d->addr).s);
	/* Another VFIO driver than vfio-pci would have to go otherwise. */
	if (handoff_is_vfio(d) && strcmp(d->driver, VF_DRIVER_VFIO) != 0)
		buf_add(b, ",driver=keep");
	buf_add(b, "\n");
}

static void add_qm_head(struct buf *b, const struct handoff *h, unsigned vm)
{
	buf_add(b, "# A number of hostpci that the VM has already (qm config ");
	add_vm(b, vm);
	buf_addf(b, ") is replaced: take free ones, of 0 to %d.\n", PROXMOX_HOSTPCI_MAX - 1);
	buf_add(b, "# pcie=1 needs the machine type q35; for another one, leave it out.\n");
	handoff_comments(b, h, -1, "# ", "");
}

/* Appends how a guest gets any VF of the pool that VF number I begins, if it has a mapping. */
static void add_pool(struct buf *b, const struct handoff *h, size_t i, unsigned vm)
{
	const char *label = h->vfs[i].label;

	if (!label || !handoff_begins_pool(h, i) || !handoff_is_mapping_id(label))
		return;
	buf_addf(b, "# any VF called \"%s\" (--part=mapping makes the mapping): qm set ", label);
	add_vm(b, vm);
	buf_addf(b, " -hostpci0 mapping=%s,pcie=1\n", label);
}

static size_t add_guests(struct buf *b, const struct handoff *h, unsigned vm)
{
	size_t n = 0;

	add_qm_head(b, h, vm);
	for (int i = 0; i < (int)h->n; i++) {
		if (h->vfs[i].host)
			continue;
		handoff_comments(b, h, i, "# ", "");
		add_qm(b, h->vfs[i].dev, vm, n++ % PROXMOX_HOSTPCI_MAX);
	}
	for (size_t i = 0; i < h->n; i++)
		add_pool(b, h, i, vm);
	return n;
}

size_t handoff_proxmox(struct buf *b, const struct handoff *h, unsigned parts, unsigned vm)
{
	bool both = parts & PROXMOX_QM && parts & PROXMOX_LXC;
	size_t guests = count_guests(h), n = 0;

	if (parts & PROXMOX_QM && (guests || !both))
		n += add_guests(b, h, vm);
	if (parts & PROXMOX_LXC && h->n > guests) {
		buf_add(b, "# For a container, in /etc/pve/lxc/CTID.conf:\n");
		n += handoff_lxc_lines(b, h, LXC_FIRST, ": ", both ? "#   " : "");
	}
	return n;
}
