/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of physical functions: capability, driver, link. */
#include <string.h>

#include "core/check-rows.h"

/* --- capability ------------------------------------------------------------------------------- */

/* Drivers all of whose PFs can have VFs; what switches them on when the capability is missing. */
static const struct {
	const char *driver, *next;
} able[] = {
	{ "mlx5_core", "run mlxconfig -d %s set SRIOV_EN=1 NUM_OF_VFS=8, then shut the host down "
		       "and start it again" },
	{ "mlx4_core", "run mlxconfig -d %s set SRIOV_EN=1 NUM_OF_VFS=8, then shut the host down "
		       "and start it again" },
	{ "bnxt_en", "switch SR-IOV on for the card in the firmware's setup (Device Settings), or "
		     "with Broadcom's niccli for %s; then reboot" },
	{ "i40e",
		"switch SR-IOV on for %s in the firmware's setup (device settings of the card, and "
		"\"SR-IOV support\" of the board); then reboot" },
	{ "ice",
		"switch SR-IOV on for %s in the firmware's setup (device settings of the card, and "
		"\"SR-IOV support\" of the board); then reboot" },
};

static const char *way_to_enable(const struct dev *d)
{
	for (size_t i = 0; d->driver && i < ARRAY_SIZE(able); i++)
		if (strcmp(d->driver, able[i].driver) == 0)
			return able[i].next;
	return NULL;
}

static void add_incapable(struct checker *c, size_t i)
{
	const struct dev *d = &c->inv->devs[i];
	const struct pcicfg *cfg = &d->facts.cfg;
	const struct pciaddr_text addr = pciaddr_text(d->addr);
	const char *next = way_to_enable(d), *at = next ? strstr(next, "%s") : NULL;

	if (cfg->sriov)
		check_add(c, CHECK_WARN,
			"%s has the capability for %u VFs, but the kernel offers none", addr.s,
			cfg->total_vfs);
	else
		check_add(c, CHECK_WARN,
			"%s (%s) has no SR-IOV capability, though cards of this kind can have it",
			addr.s, d->driver);
	if (cfg->sriov && cfg->total_vfs)
		check_next(c, "boot a kernel that is built with CONFIG_PCI_IOV");
	else if (at)
		check_next(c, "%.*s%s%s", (int)(at - next), next, addr.s, at + 2);
	else
		check_next(
			c, "switch SR-IOV on for %s in the card's firmware; then reboot", addr.s);
}

/* Names the PFs that are PCI functions, or the others, by the FILE that all of these have. */
static void tell_capable(struct checker *c, bool pci, const char *file)
{
	_cleanup_free_ size_t *which = mem_new(c->inv->n_pfs, sizeof(*which));
	_cleanup_(buf_done) struct buf names = { 0 };
	size_t n = 0;

	for (size_t p = 0; p < c->inv->n_pfs; p++)
		if (inventory_is_pci(c->inv, &c->inv->pfs[p]) == pci)
			which[n++] = p;
	inventory_pf_names(c->inv, which, n, &names);
	if (n)
		check_add(c, CHECK_PASS, "%s is there: %s", file, buf_text(&names));
}

void check_capability(struct checker *c)
{
	const struct inventory *inv = c->inv;

	for (size_t i = 0; i < inv->n_devs; i++)
		if (inv->devs[i].pf < 0 &&
			(inv->devs[i].facts.cfg.sriov || way_to_enable(&inv->devs[i])))
			add_incapable(c, i);
	if (!inv->n_pfs) {
		check_add(c, CHECK_FAIL,
			"no device has a file sriov_totalvfs: none has SR-IOV, or it is off");
		check_next(c, "switch \"SR-IOV support\" on in the firmware's setup, for the board "
			      "and in the card's own settings, and see whether the card has "
			      "SR-IOV at all (lspci -vs ADDRESS, as root)");
		return;
	}
	tell_capable(c, true, "sriov_totalvfs");
	tell_capable(c, false, "sriov_numvfs");
}

/* --- drivers ---------------------------------------------------------------------------------- */

static bool is_vfio(const struct dev *d)
{
	return d->driver && strstr(d->driver, "vfio");
}

static enum check_look look_at_driver(struct checker *c, size_t p)
{
	const struct dev *d = inventory_pf_dev(c->inv, &c->inv->pfs[p]);

	if (d->driver)
		return CHECK_LOOK_GOOD;
	check_add(c, CHECK_FAIL, "%s has no driver: the kernel refuses to create VFs",
		pciaddr_text(d->addr).s);
	check_about_pf(c, p);
	if (d->override)
		check_next(c,
			"load the driver that its driver_override names (%s), or clear that: echo "
			"> /sys/bus/pci/devices/%s/driver_override",
			d->override, pciaddr_text(d->addr).s);
	else if (d->addr.kind == PCIADDR_PCI)
		check_next(c,
			"give it its driver: modprobe $(cat /sys/bus/pci/devices/%s/modalias); "
			"echo %s > /sys/bus/pci/drivers_probe",
			pciaddr_text(d->addr).s, pciaddr_text(d->addr).s);
	else
		check_next(c, "give it its driver: echo %s > /sys/bus/%s/drivers_probe",
			pciaddr_text(d->addr).s, pciaddr_bus(d->addr));
	return CHECK_LOOK_TOLD;
}

void check_pf_driver(struct checker *c)
{
	check_each_pf(c, look_at_driver, "has a driver", "");
}

static const struct facts_line *driverctl_line(const struct checker *c, struct pciaddr a)
{
	for (size_t i = 0; i < c->facts->n_lines; i++) {
		const struct facts_line *l = &c->facts->lines[i];

		if (l->who == WRITER_DRIVERCTL && strstr(l->file, pciaddr_text(a).s))
			return l;
	}
	return NULL;
}

static enum check_look look_at_vfio(struct checker *c, size_t p)
{
	const struct dev *d = inventory_pf_dev(c->inv, &c->inv->pfs[p]);
	const struct pciaddr_text a = pciaddr_text(d->addr);
	const char *sriov = facts_param(c->facts, "vfio_pci", "enable_sriov");

	if (!is_vfio(d))
		return CHECK_LOOK_GOOD;
	check_add(c, CHECK_FAIL, "%s, a PF, is held by %s%s: %s", a.s, d->driver,
		d->vfio_open ? ", and a guest has it open" : "",
		sriov && strchr("Yy1", *sriov) && *sriov
			? "with enable_sriov its VFs are vfio-pci's as well, and each guest that "
			  "gets one needs the VF token of the PF's user"
			: "the kernel refuses to create VFs");
	check_about_pf(c, p);
	if (driverctl_line(c, d->addr))
		check_next(c, "give it back to the host: driverctl unset-override %s", a.s);
	else
		check_next(c,
			"give it back to the host, as root: echo > "
			"/sys/bus/pci/devices/%s/driver_override; echo %s > "
			"/sys/bus/pci/drivers/%s/unbind; echo %s > /sys/bus/pci/drivers_probe",
			a.s, a.s, d->driver, a.s);
	return CHECK_LOOK_TOLD;
}

void check_pf_vfio(struct checker *c)
{
	check_each_pf(c, look_at_vfio, "not held by VFIO", "");
}

/* --- link ------------------------------------------------------------------------------------- */

static enum check_look tell_link(struct checker *c, size_t p, const char *what, const char *next)
{
	check_add(c, CHECK_WARN, "%s", what);
	check_about_pf(c, p);
	check_next(c, "%s", next);
	return CHECK_LOOK_TOLD;
}

static enum check_look look_at_link(struct checker *c, size_t p)
{
	const struct pf *pf = &c->inv->pfs[p];
	const struct dev *d = inventory_pf_dev(c->inv, pf);
	const struct netdev *n = inventory_pf_netdev(c->inv, pf);
	const struct want_pf *w = check_want(c, p);
	const struct pciaddr_text a = pciaddr_text(d->addr);
	_cleanup_(buf_done) struct buf what = { 0 }, next = { 0 };

	if (d->class_code >> 16 != PCI_CLASS_NETWORK || !d->driver || is_vfio(d) ||
		(n && n->carrier))
		return CHECK_LOOK_GOOD;
	if (!n) {
		buf_addf(&what, "%s has no interface here%s: attributes of its VFs cannot be set",
			a.s, d->netdev_away ? ", it is in another network namespace" : "");
		buf_addf(&next, "%s",
			d->netdev_away ? "move it back: ip -n NAMESPACE link set INTERFACE netns 1"
				       : "see what its driver says: dmesg | grep ");
		if (!d->netdev_away)
			buf_add(&next, a.s);
	} else if (!n->up && (!w || w->up != TRI_ON)) {
		buf_addf(&what,
			"%s (%s) is down: VFs of many cards do not work then, or make up a MAC "
			"address",
			a.s, n->name);
		buf_addf(&next,
			"ip link set %s up; apply does it for a PF that can be as the policy says, "
			"unless that has \"up\": false",
			n->name);
	} else {
		buf_addf(&what, "%s (%s) has no link%s", a.s, n->name,
			n->up ? ": some drivers refuse transmit rates, and guests reach only each "
				"other"
			      : " while it is down; apply sets it up");
		buf_addf(&next, "%splug the cable in, or see to the switch's port",
			n->up ? "" : "look again after apply; if it has none then, ");
	}
	return tell_link(c, p, buf_text(&what), buf_text(&next));
}

void check_pf_link(struct checker *c)
{
	check_each_pf(c, look_at_link, "up with link, or no network card", "");
}

/* --- VFs that a driver creates when it is loaded ---------------------------------------------- */

void check_max_vfs(struct checker *c)
{
	static const char *const names[] = { "max_vfs", "num_vfs" };
	bool told = false;

	for (size_t i = 0; i < c->facts->n_lines; i++) {
		const struct facts_line *l = &c->facts->lines[i];

		if (l->who != WRITER_MAX_VFS)
			continue;
		told = true;
		check_add(c, CHECK_WARN,
			"%s: VFs are there before the policy is applied, with drivers of the host",
			l->text);
		check_about_line(c, l->file, l->line);
		if (strcmp(l->file, "/proc/cmdline") == 0)
			check_next_boot(c, "", false, l->text);
		else
			check_next(c, "take it out, run update-initramfs -u, reboot");
	}
	for (size_t i = 0; !told && i < c->facts->n_params; i++) {
		const struct facts_param *p = &c->facts->params[i];

		if ((strcmp(p->name, names[0]) != 0 && strcmp(p->name, names[1]) != 0) ||
			!p->value[strspn(p->value, "0,")])
			continue;
		told = true;
		check_add(c, CHECK_WARN,
			"%s was loaded with %s=%s: it made VFs before the policy was applied",
			p->module, p->name, p->value);
		check_next(c, "find who loads it so, and load it without");
	}
	if (!told)
		check_add(c, CHECK_PASS, "no parameter of a PF's driver creates any");
}
