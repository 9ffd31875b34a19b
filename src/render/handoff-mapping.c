/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resource mappings of Proxmox VE, as a script that asks for what there is (kernel-facts §9). */
#include "render/handoff-part.h"
#include "render/handoff.h"

static const char head[] =
	"#!/bin/sh\n"
	"# Printed by `sriovctl emit proxmox --part=mapping`, for root on node %s alone.\n"
	"#\n"
	"# Creates or refreshes a resource mapping (pvesh get /cluster/mapping/pci) for each label "
	"that "
	"the policy\n"
	"# gives to VFs for guests: a guest with hostpci0 mapping=LABEL gets any free one of them. "
	"It can "
	"be run\n"
	"# again at any time, and changes nothing when all is as it should be. What is somebody "
	"else's is "
	"left\n"
	"# alone: mappings that do not say \"sriovctl\", and in ours what others have put there.\n"
	"#\n"
	"# It is wrong as soon as VFs are made anew or the policy changes: then print it again.\n";

static bool is_mapped(const struct handoff_vf *vf)
{
	return !vf->host && vf->label && handoff_is_mapping_id(vf->label);
}

/*
 * Which VF it is, wherever it and its card may be at the time: the next run knows by that what has
 * moved. Proxmox VE shows it.
 */
static void add_mark(struct buf *b, const struct handoff *h, const struct handoff_vf *vf)
{
	const struct netdev *n = inventory_pf_netdev(h->inv, vf->pf);

	buf_add(b, "sriovctl ");
	if (n && n->has_perm_mac)
		buf_add(b, macaddr_text(n->perm_mac).s);
	else
		buf_add(b, pciaddr_text(inventory_pf_dev(h->inv, vf->pf)->addr).s);
	buf_addf(b, " vf %u", vf->vf->index);
}

/*
 * Everything that Proxmox VE compares before it starts a guest, with the keys in the order in which
 * it prints them. An entry for each VF: several paths in one would all go to the same guest, and of
 * these only the first one's group would be looked at.
 */
static void add_entry(
	struct buf *b, const struct handoff *h, const struct handoff_vf *vf, const char *node)
{
	const struct dev *d = vf->dev;

	buf_addf(b, "%s\tdescription=", vf->label);
	add_mark(b, h, vf);
	buf_addf(b, ",id=%04x:%04x", d->vendor, d->device);
	if (d->iommu_group >= 0)
		buf_addf(b, ",iommugroup=%d", d->iommu_group);
	buf_addf(b, ",node=%s,path=%s,subsystem-id=%04x:%04x\n", node, pciaddr_text(d->addr).s,
		d->subsystem_vendor, d->subsystem_device);
}

/* A function that prints the entries; none of them can hold the word that ends them. */
static void add_wanted(struct buf *b, const struct handoff *h, const char *node)
{
	buf_add(b, "wanted() {\n\tcat <<'END'\n");
	for (size_t i = 0; i < h->n; i++)
		if (is_mapped(&h->vfs[i]))
			add_entry(b, h, &h->vfs[i], node);
	buf_add(b, "END\n}\n");
}

void handoff_mapping(struct buf *b, const struct handoff *h, const char *node)
{
	buf_addf(b, head, node);
	buf_add(b, "#\n");
	handoff_comments(b, h, -1, "# ", "");
	for (size_t i = 0; i < h->n; i++)
		if (h->vfs[i].label)
			handoff_comments(b, h, (int)i, "# ", "");
	buf_addf(b, "\nnode=%s\n", node);
	add_wanted(b, h, node);
	buf_add(b, handoff_mapping_script);
}
