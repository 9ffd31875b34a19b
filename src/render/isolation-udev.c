/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udev rules for the VFs of one PF. */
#include <string.h>

#include "render/isolation-block.h"

/*
 * By the PF and not by its own address alone: where a VF will be is a prediction until it is
 * there, and another PF's VF can be at the same place. The kernel's text about the PF has its
 * address in one line.
 */
#define PHYSFN "{physfn/uevent}==\"*PCI_SLOT_NAME=%s*\", "

/*
 * Appends the keys that hold when VF (NULL: any VF of PF) appears as a PCI device. "add" is sent
 * before the link to the PF is there, "change" right after (kernel-facts §1.7:
 * pci_iov_sysfs_link()).
 */
static void match_pci(struct buf *b, const struct isolated_pf *pf, const struct isolated_vf *vf)
{
	buf_add(b, "ACTION==\"add|change\", SUBSYSTEM==\"pci\", ");
	if (vf)
		buf_addf(b, "KERNEL==\"%s\", ", pciaddr_text(vf->addr).s);
	buf_addf(b, "ATTR" PHYSFN, pciaddr_text(pf->addr).s);
}

/* Appends the keys that hold for an event of the interface of VF (NULL: of any VF of PF). */
static void match_net(struct buf *b, const struct isolated_pf *pf, const struct isolated_vf *vf)
{
	buf_add(b, "SUBSYSTEM==\"net\", SUBSYSTEMS==\"pci\", ");
	if (vf)
		buf_addf(b, "KERNELS==\"%s\", ", pciaddr_text(vf->addr).s);
	buf_addf(b, "ATTRS" PHYSFN, pciaddr_text(pf->addr).s);
}

static void add_pin(struct buf *b, const struct isolated_pf *pf, const struct isolated_vf *vf,
	const char *driver)
{
	_cleanup_(buf_done) struct buf rule = { 0 };

	match_pci(&rule, pf, vf);
	buf_add(&rule, "ATTR{driver_override}=\"");
	if (!isolation_value(b, buf_text(&rule), driver, "\"\n"))
		isolation_left_out(b, vf, vf ? "driver" : "driver of each vf");
}

/* The driver of all VFs of PF, NULL when it is not the same one, or there is none. */
static const char *common_driver(const struct isolated_pf *pf)
{
	const char *driver = pf->n_vfs ? pf->vfs[0].driver : NULL;

	for (size_t i = 0; i < pf->n_vfs; i++)
		if (!driver || !pf->vfs[i].driver || strcmp(pf->vfs[i].driver, driver) != 0)
			return NULL;
	return driver;
}

static void add_pins(struct buf *b, const struct isolated_pf *pf)
{
	const char *driver = common_driver(pf);

	if (driver)
		add_pin(b, pf, NULL, driver);
	for (size_t i = 0; !driver && i < pf->n_vfs; i++)
		if (pf->vfs[i].driver)
			add_pin(b, pf, &pf->vfs[i], pf->vfs[i].driver);
}

/*
 * When the interface appears, and only then: what somebody renames later keeps that name. No
 * ":=": the rules that chose a name before us (systemd's 80-net-setup-link, Proxmox's
 * 70-virtual-function-pinning) only assign too, and rules that an administrator has put behind
 * ours are to win.
 */
static void add_name(struct buf *b, const struct isolated_pf *pf, const struct isolated_vf *vf)
{
	_cleanup_(buf_done) struct buf rule = { 0 };

	buf_add(&rule, "ACTION==\"add\", ");
	match_net(&rule, pf, vf);
	buf_add(&rule, "NAME=\"");
	if (!isolation_value(b, buf_text(&rule), vf->name, "\"\n"))
		isolation_left_out(b, vf, "name");
}

/* With every event, because a property that an event does not set is gone after it. */
static void add_properties(struct buf *b, const struct isolated_pf *pf)
{
	for (size_t i = 0; i < pf->n_vfs; i++) {
		if (!pf->vfs[i].managed)
			continue;
		match_net(b, pf, &pf->vfs[i]);
		buf_add(b, "GOTO=\"sriovctl_end\"\n");
	}
	match_net(b, pf, NULL);
	buf_add(b, "ENV{NM_UNMANAGED}=\"1\", ENV{ID_NET_MANAGED_BY}=\"sriovctl\", "
		   "ENV{SRIOVCTL_UNMANAGED}=\"1\"\n");
}

/*
 * The card that is there now, and no other one in its slot, is reserved from its first event on:
 * before udev loads the module of the host's driver for it, and also when the card comes anew.
 */
static void add_reservation(struct buf *b, const struct isolated_pf *pf)
{
	_cleanup_(buf_done) struct buf rule = { 0 };

	former_line(b, &pf->former);
	buf_addf(&rule,
		"\nACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"%s\", ATTR{vendor}==\"0x%04x\", "
		"ATTR{device}==\"0x%04x\", ATTR{driver_override}=\"",
		pciaddr_text(pf->addr).s, pf->vendor, pf->device);
	if (!isolation_value(b, buf_text(&rule), pf->driver, "\"\n"))
		buf_add(b, "\n");
}

/* Whether the host's network managers may have all VFs of PF. */
static bool all_managed(const struct isolated_pf *pf)
{
	for (size_t i = 0; i < pf->n_vfs; i++)
		if (!pf->vfs[i].managed)
			return false;
	return true;
}

void isolation_udev_block(struct buf *b, const struct isolated_pf *pf)
{
	if (pf->driver) {
		add_reservation(b, pf);
		return;
	}
	add_pins(b, pf);
	for (size_t i = 0; pf->nic && i < pf->n_vfs; i++)
		if (pf->vfs[i].name)
			add_name(b, pf, &pf->vfs[i]);
	if (pf->nic && !all_managed(pf))
		add_properties(b, pf);
}
