/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOMMU groups: the judgement (kernel-facts §2.3). */
#include <string.h>

#include "core/group.h"

#define CLASS_PCI_BRIDGE 0x0604 /* without the programming interface */
#define NAMED_MAX        3      /* devices that a text names */

static bool is_bridge(const struct dev *d)
{
	return d->class_code >> 16 == PCI_CLASS_BRIDGE;
}

bool group_is_left(const struct dev *d)
{
	return strstr(d->driver, "vfio") || strcmp(d->driver, "pci-stub") == 0;
}

/*
 * PCI bridges keep the kernel's own driver, which does no DMA, whoever has the devices behind them.
 * Any other driver counts, and so do other bridges (LPC, …): what the kernel asks is whether the
 * driver manages DMA by itself.
 */
bool group_is_port(const struct dev *d)
{
	return d->class_code >> 8 == CLASS_PCI_BRIDGE &&
	       (!d->driver || group_is_left(d) || strcmp(d->driver, "pcieport") == 0);
}

static enum group_kind kind_of(const struct dev *d)
{
	if (group_is_port(d))
		return GROUP_PORT;
	return d->driver && !group_is_left(d) ? GROUP_HELD : GROUP_FREE;
}

size_t group_others(const struct inventory *inv, const struct dev *d, enum group_kind kind,
	const struct dev **out)
{
	const int *members;
	size_t n_members, n = 0;

	if (d->iommu_group < 0)
		return 0;
	n_members = inventory_group(inv, d->iommu_group, &members);
	for (size_t i = 0; i < n_members; i++) {
		const struct dev *o = &inv->devs[members[i]];

		if (o == d || kind_of(o) != kind)
			continue;
		if (out)
			out[n] = o;
		n++;
	}
	return n;
}

enum group_verdict group_judge(const struct inventory *inv, const struct dev *d)
{
	if (is_bridge(d))
		return GROUP_BRIDGE;
	if (d->iommu_group < 0)
		return GROUP_NONE;
	if (group_others(inv, d, GROUP_HELD, NULL))
		return GROUP_BLOCKED;
	if (kind_of(d) == GROUP_HELD)
		return GROUP_DRIVER;
	return group_others(inv, d, GROUP_FREE, NULL) ? GROUP_TOGETHER : GROUP_ALONE;
}

/* The verdicts of a group's devices differ: that on the only one that is held is the milder one. */
enum group_verdict group_judge_all(const struct inventory *inv, const struct dev *d)
{
	enum group_verdict worst = group_judge(inv, d);
	const int *members;
	size_t n;

	if (d->iommu_group < 0)
		return worst;
	n = inventory_group(inv, d->iommu_group, &members);
	for (size_t i = 0; i < n; i++) {
		const struct dev *o = &inv->devs[members[i]];
		enum group_verdict v;

		if (is_bridge(o))
			continue;
		v = group_judge(inv, o);
		if (worst == GROUP_BRIDGE || v > worst)
			worst = v;
	}
	return worst;
}

bool group_is_assignable(enum group_verdict v)
{
	return v == GROUP_ALONE || v == GROUP_TOGETHER;
}

const char *group_word(enum group_verdict v)
{
	static const char *const words[] = {
		[GROUP_ALONE] = "alone",
		[GROUP_TOGETHER] = "together",
		[GROUP_DRIVER] = "host-driver",
		[GROUP_BLOCKED] = "blocked",
		[GROUP_BRIDGE] = "bridge",
		[GROUP_NONE] = "no-group",
	};

	return words[v];
}

/* Appends the first few of the other devices of D's group. */
static void add_others(
	struct buf *b, const struct inventory *inv, const struct dev *d, enum group_kind kind)
{
	_cleanup_free_ const struct dev **list = mem_new(inv->n_devs, sizeof(*list));
	size_t n = group_others(inv, d, kind, list);

	for (size_t i = 0; i < n && i < NAMED_MAX; i++) {
		buf_addf(b, "%s%s", i ? ", " : "", pciaddr_text(list[i]->addr).s);
		if (kind == GROUP_HELD)
			buf_addf(b, " (%s)", list[i]->driver);
	}
	if (n > NAMED_MAX)
		buf_addf(b, " and %zu more", n - NAMED_MAX);
}

void group_text(struct buf *b, const struct inventory *inv, const struct dev *d)
{
	switch (group_judge(inv, d)) {
	case GROUP_ALONE:
		buf_add(b, "yes, alone");
		break;
	case GROUP_TOGETHER:
		buf_add(b, "yes, together with ");
		add_others(b, inv, d, GROUP_FREE);
		break;
	case GROUP_DRIVER:
		buf_addf(b, "no, %s has it", d->driver);
		break;
	case GROUP_BLOCKED:
		buf_add(b, "no, because of ");
		add_others(b, inv, d, GROUP_HELD);
		break;
	case GROUP_BRIDGE:
		buf_add(b, "-");
		break;
	case GROUP_NONE:
		buf_add(b, "no, not behind the IOMMU");
		break;
	}
}

/* Whether all devices of D's group are functions of D's slot. */
static bool is_one_slot(const struct inventory *inv, const struct dev *d)
{
	const int *members;
	size_t n = inventory_group(inv, d->iommu_group, &members);

	for (size_t i = 0; i < n; i++) {
		struct pciaddr a = inv->devs[members[i]].addr;

		a.devfn = (uint8_t)((a.devfn & 0xf8) | (d->addr.devfn & 0x07));
		if (pciaddr_cmp(a, d->addr) != 0)
			return false;
	}
	return true;
}

/* Whether D's group has a PF of the host and VFs of it. */
static bool is_pf_with_vfs(const struct inventory *inv, const struct dev *d)
{
	const int *members;
	size_t n = inventory_group(inv, d->iommu_group, &members);

	for (size_t i = 0; i < n; i++) {
		const struct dev *o = &inv->devs[members[i]];

		if (o->vf >= 0 &&
			inventory_pf_dev(inv, &inv->pfs[o->pf])->iommu_group == d->iommu_group)
			return true;
	}
	return false;
}

/* What joins the group is what has no ACS: bridges are in it themselves then. */
static void add_separation(struct buf *b, const struct inventory *inv, const struct dev *d)
{
	size_t ports = group_others(inv, d, GROUP_PORT, NULL);

	if (ports) {
		buf_add(b, ports > 1 ? "the bridges " : "the bridge ");
		add_others(b, inv, d, GROUP_PORT);
		buf_addf(b,
			" without ACS join%s all that is behind: a slot whose root port has ACS "
			"keeps devices apart",
			ports > 1 ? "" : "s");
	} else if (is_pf_with_vfs(inv, d)) {
		buf_add(b, "VFs have no ACS between them and their PF: as long as the host has "
			   "the PF, no guest can have one; another slot may keep them apart");
	} else if (is_one_slot(inv, d)) {
		struct pciaddr_text slot = pciaddr_text(d->addr);

		slot.s[strlen(slot.s) - 2] = '\0';
		buf_addf(b,
			"the functions of %s have no ACS between them: one guest gets all of them, "
			"or none does",
			slot.s);
	} else {
		buf_add(b, "these devices have no ACS between them: another slot may keep them "
			   "apart");
	}
}

/* D's driver is all that stands between it and a guest. */
static void add_binding(struct buf *b, const struct dev *d)
{
	if (d->vf >= 0)
		buf_add(b, "a policy with \"driver\": \"vfio-pci\" for this VF gives it to guests");
	else
		buf_add(b, "a guest can have it once it is bound to vfio-pci, if the host can do "
			   "without it");
}

bool group_advice(struct buf *b, const struct inventory *inv, const struct dev *d)
{
	switch (group_judge(inv, d)) {
	case GROUP_ALONE:
	case GROUP_BRIDGE:
		return false;
	case GROUP_DRIVER:
		if (group_others(inv, d, GROUP_FREE, NULL))
			add_separation(b, inv, d);
		else
			add_binding(b, d);
		return true;
	case GROUP_TOGETHER:
	case GROUP_BLOCKED:
		add_separation(b, inv, d);
		return true;
	case GROUP_NONE:
		if (d->addr.kind != PCIADDR_PCI)
			return false;
		buf_add(b, "the IOMMU in use does not cover it: look for VT-d or AMD-Vi in the "
			   "settings of the firmware, and for iommu options on the kernel's "
			   "command line");
		return true;
	}
	return false;
}
