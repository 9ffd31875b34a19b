/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs on their way to guests: what a person should know before. */
#include <string.h>

#include "core/group.h"
#include "core/handoff.h"
#include "core/quote.h"

#define NAMED_MAX 3 /* devices that a note names */

static void add_note(struct handoff *h, int vf, const struct buf *text)
{
	h->notes = mem_grow(h->notes, h->n_notes, sizeof(*h->notes));
	h->notes[h->n_notes++] = (struct handoff_note){ .vf = vf,
		.text = mem_intern(h->strings, buf_text(text)) };
}

/* --- other functions that would go too -------------------------------------------------------- */

/* Appends the N functions at LIST, the first few by name. */
static void add_devs(struct buf *b, const struct dev *const *list, size_t n)
{
	for (size_t i = 0; i < n && i < NAMED_MAX; i++) {
		buf_addf(b, "%s%s", i ? ", " : "", pciaddr_text(list[i]->addr).s);
		if (list[i]->driver)
			buf_addf(b, " (%s)", list[i]->driver);
	}
	if (n > NAMED_MAX)
		buf_addf(b, " and %zu more", n - NAMED_MAX);
}

/* Those that a driver of the host has stand first. */
static void note_group(struct handoff *h, int i)
{
	const struct dev *d = h->vfs[i].dev;
	_cleanup_free_ const struct dev **list = mem_new(2 * h->inv->n_devs, sizeof(*list));
	size_t held = group_others(h->inv, d, GROUP_HELD, list);
	size_t n = held + group_others(h->inv, d, GROUP_FREE, list + held);
	_cleanup_(buf_done) struct buf b = { 0 };

	if (n == 0)
		return;
	buf_addf(&b, "shares its IOMMU group %d with ", d->iommu_group);
	add_devs(&b, list, n);
	if (h->kind == HANDOFF_PROXMOX)
		buf_add(&b, ": Proxmox VE takes all of them from their drivers when the guest "
			    "starts, and a PF's VFs go with it");
	else if (held) {
		buf_add(&b, ": no guest starts as long as the host has ");
		add_devs(&b, list, held);
	} else {
		buf_add(&b, ": all of them can only go to the same guest");
	}
	add_note(h, i, &b);
}

/*
 * Puts into LIST what vfio-pci takes when the ID of D is written to its new_id: functions of that
 * ID without a driver, of which none is pinned, and whose PFs let drivers probe (kernel-facts §1.5,
 * §3.1). Returns how many.
 */
static size_t find_same_id(
	const struct inventory *inv, const struct dev *d, const struct dev **list)
{
	size_t n = 0;

	for (size_t i = 0; i < inv->n_devs; i++) {
		const struct dev *o = &inv->devs[i];

		if (o == d || o->driver || o->override || o->vendor != d->vendor ||
			o->device != d->device || (o->vf >= 0 && !inv->pfs[o->pf].autoprobe))
			continue;
		list[n++] = o;
	}
	return n;
}

/* --- drivers ---------------------------------------------------------------------------------- */

/* What Proxmox does with a VF that no VFIO driver has (kernel-facts §3.1). */
static void add_proxmox_start(struct buf *b, const struct handoff *h, const struct handoff_vf *vf)
{
	const struct dev *d = vf->dev;
	_cleanup_free_ const struct dev **list = mem_new(h->inv->n_devs, sizeof(*list));
	size_t n = find_same_id(h->inv, d, list);

	if (d->override && strcmp(d->override, VF_DRIVER_VFIO) != 0) {
		buf_addf(b,
			"Proxmox VE cannot take it, because driver_override pins it to %s; the "
			"guest does not start",
			d->override);
		return;
	}
	if (!d->driver && !d->override && !vf->pf->autoprobe) {
		buf_add(b, "Proxmox VE cannot take it, because sriov_drivers_autoprobe of its PF "
			   "is off; the guest does not start");
		return;
	}
	buf_addf(b, "Proxmox VE will write its ID %04x %04x to vfio-pci's new_id", d->vendor,
		d->device);
	if (n == 0) {
		buf_add(b, ", and vfio-pci may take VFs with this ID that come later");
		return;
	}
	buf_add(b, ", and vfio-pci take ");
	add_devs(b, list, n);
	buf_add(b, " as well");
}

static void note_driver(struct handoff *h, int i)
{
	const struct handoff_vf *vf = &h->vfs[i];
	_cleanup_(buf_done) struct buf b = { 0 };

	if (handoff_is_vfio(vf->dev))
		return;
	if (vf->dev->driver)
		buf_addf(&b, "is bound to %s, not to vfio-pci: ", vf->dev->driver);
	else
		buf_add(&b, "is bound to no driver: ");
	if (h->kind == HANDOFF_PROXMOX)
		add_proxmox_start(&b, h, vf);
	else
		buf_add(&b, "no guest starts with it");
	buf_add(&b, "; give it \"driver\": \"vfio-pci\" in the policy");
	add_note(h, i, &b);
}

/* --- the rest --------------------------------------------------------------------------------- */

static void note_mac(struct handoff *h, int i)
{
	const struct vf_attrs *a = &h->vfs[i].vf->attrs;
	_cleanup_(buf_done) struct buf b = { 0 };

	if (!vf_has(a, VF_MAC) || a->v[VF_MAC].n)
		return;
	buf_add(&b,
		"has no MAC address: the guest's driver makes up another one at each start; give "
		"it \"mac\" in the policy (\"auto\" is the default)");
	add_note(h, i, &b);
}

/* A label of which there can be no mapping. */
static void note_label(struct handoff *h, int i)
{
	const char *label = h->vfs[i].label;
	_cleanup_(buf_done) struct buf b = { 0 };

	if (h->kind != HANDOFF_PROXMOX || !label || handoff_is_mapping_id(label))
		return;
	buf_addf(&b,
		"has a label that cannot be the id of a mapping: %s is not a letter and then "
		"letters, "
		"digits, '_' and '-'",
		quote_text(label).s);
	add_note(h, i, &b);
}

/* What has an interface loses it to the container. */
static void note_interface(struct handoff *h, int i)
{
	_cleanup_(buf_done) struct buf b = { 0 }, used = { 0 };

	if (h->vfs[i].dev->netdev_away)
		buf_add(&b, "has its interface in another network namespace: a container has it "
			    "already");
	else if (h->vfs[i].dev->netdev < 0)
		buf_add(&b,
			"has no interface here, so no container can have it; give it \"driver\": "
			"\"host\" in the policy");
	else if (inventory_vf_used(h->inv, h->vfs[i].vf, &used))
		buf_addf(&b, "is in use: %s", buf_text(&used));
	else
		return;
	add_note(h, i, &b);
}

void handoff_add_notes(struct handoff *h)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	bool guests = false;

	for (size_t i = 0; i < h->n; i++)
		guests |= !h->vfs[i].host;
	if (guests && !h->inv->has_iommu) {
		buf_add(&b,
			"this host has no IOMMU in use, so no guest can have a VF: switch VT-d or "
			"AMD-Vi on in the firmware, and intel_iommu=on on the kernel command line "
			"of Intel hosts");
		add_note(h, -1, &b);
	}
	for (int i = 0; i < (int)h->n; i++) {
		if (h->vfs[i].host) {
			note_interface(h, i);
			continue;
		}
		note_driver(h, i);
		note_group(h, i);
		note_mac(h, i);
		note_label(h, i);
	}
}
