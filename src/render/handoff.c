/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs for guests: what all kinds share, and JSON. */
#include "render/handoff.h"
#include "render/attrs.h"
#include "render/handoff-part.h"
#include "render/text.h"
#include "render/users.h"

static void add_attr(struct buf *b, const struct vf_attrs *a, enum vf_attr_id id)
{
	if (!vf_has(a, id) || (id == VF_VLAN && !vlan_id(a->v[id].n)))
		return;
	buf_addf(b, ", %s ", vf_attr(id)->key);
	vf_value_text(b, id, a->v[id]);
}

/* The same, of bytes that nobody has looked at yet. */
static void raw_title(struct buf *b, const struct inventory *inv, const struct handoff_vf *vf)
{
	_cleanup_(buf_done) struct buf used = { 0 };
	const struct netdev *pf = inventory_pf_netdev(inv, vf->pf);

	buf_addf(b, "vf %u of %s", vf->vf->index,
		pciaddr_text(inventory_pf_dev(inv, vf->pf)->addr).s);
	if (pf)
		buf_addf(b, " (%s)", pf->name);
	if (vf->label)
		buf_addf(b, ", \"%s\"", vf->label);
	buf_addf(b, ", %s", pciaddr_text(vf->dev->addr).s);
	add_attr(b, &vf->vf->attrs, VF_MAC);
	add_attr(b, &vf->vf->attrs, VF_VLAN);
	if (!vf->host && inventory_vf_used(inv, vf->vf, &used))
		buf_addf(b, ", in use: %s", buf_text(&used));
}

void handoff_title(struct buf *b, const struct inventory *inv, const struct handoff_vf *vf)
{
	_cleanup_(buf_done) struct buf raw = { 0 };

	raw_title(&raw, inv, vf);
	text_escape(b, buf_text(&raw));
}

void handoff_comments(
	struct buf *b, const struct handoff *h, int i, const char *before, const char *after)
{
	if (i >= 0) {
		buf_add(b, before);
		handoff_title(b, h->inv, &h->vfs[i]);
		buf_addf(b, "%s\n", after);
	}
	for (size_t n = 0; n < h->n_notes; n++) {
		if (h->notes[n].vf != i)
			continue;
		buf_addf(b, "%swarning: ", before);
		text_escape(b, h->notes[n].text);
		buf_addf(b, "%s\n", after);
	}
}

void handoff_note_line(struct buf *b, const struct handoff *h, const struct handoff_note *n)
{
	if (n->vf >= 0) {
		const struct handoff_vf *vf = &h->vfs[n->vf];

		buf_addf(b,
			"%s vf %u (%s): ", pciaddr_text(inventory_pf_dev(h->inv, vf->pf)->addr).s,
			vf->vf->index, pciaddr_text(vf->dev->addr).s);
	}
	text_escape(b, n->text);
}

/* Adds the notes about VF number I, -1: the host. */
static void notes_json(struct jsonout *j, const struct handoff *h, int i)
{
	jsonout_array(j, "warnings");
	for (size_t n = 0; n < h->n_notes; n++)
		if (h->notes[n].vf == i)
			jsonout_text(j, NULL, h->notes[n].text);
	jsonout_end(j);
}

static void vf_json(struct jsonout *j, const struct handoff *h, int i)
{
	const struct handoff_vf *vf = &h->vfs[i];
	const struct dev *d = vf->dev;

	jsonout_object(j, NULL);
	jsonout_text(j, "address", pciaddr_text(d->addr).s);
	jsonout_text(j, "pf", pciaddr_text(inventory_pf_dev(h->inv, vf->pf)->addr).s);
	jsonout_number(j, "vf", vf->vf->index);
	jsonout_text(j, "label", vf->label);
	jsonout_text(j, "for", vf->host ? "container" : "vm");
	jsonout_text(j, "netdev", d->netdev < 0 ? NULL : h->inv->netdevs[d->netdev].name);
	jsonout_text(j, "driver", d->driver);
	jsonout_hex(j, "vendor", 4, d->vendor);
	jsonout_hex(j, "device", 4, d->device);
	attrs_json(j, &vf->vf->attrs);
	jsonout_index(j, "iommu_group", d->iommu_group);
	users_json(j, h->inv, d);
	notes_json(j, h, i);
	jsonout_end(j);
}

void handoff_json(struct buf *b, const struct handoff *h)
{
	struct jsonout *j = jsonout_new();

	jsonout_text(j, "host", h->inv->hostname);
	notes_json(j, h, -1);
	jsonout_array(j, "vfs");
	for (size_t i = 0; i < h->n; i++)
		vf_json(j, h, (int)i);
	jsonout_end(j);
	jsonout_finish(j, b);
}
