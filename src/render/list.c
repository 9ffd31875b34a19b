/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `list` shows. */
#include "render/list.h"
#include "core/group.h"
#include "render/attrs.h"
#include "render/table.h"
#include "render/users.h"

static const struct table_column columns[] = {
	{ "ADDRESS", TABLE_LEFT, false },
	{ "NETDEV", TABLE_LEFT, true },
	{ "DRIVER", TABLE_LEFT, false },
	{ "MAC", TABLE_LEFT, true },
	{ "VLAN", TABLE_LEFT, true },
	{ "STATE", TABLE_LEFT, false },
	{ "NUMA", TABLE_RIGHT, true },
	{ "GROUP", TABLE_RIGHT, true },
	{ "IN USE", TABLE_LEFT, true },
};

static bool is_chosen(const struct list_options *o, size_t pf)
{
	return !o->pfs || o->pfs[pf];
}

static const struct netdev *dev_netdev(const struct inventory *inv, const struct dev *d)
{
	return d->netdev < 0 ? NULL : &inv->netdevs[d->netdev];
}

/* A number of which the model says "none" by being negative. */
static void add_index(struct table *t, int n)
{
	if (n < 0)
		table_add(t, NULL);
	else
		table_addf(t, "%d", n);
}

/* Whether D, no VF, is held for guests as a whole. */
static bool is_reserved(const struct dev *d)
{
	return d->vf < 0 && d->class_code >> 16 != PCI_CLASS_BRIDGE && d->driver &&
	       group_is_left(d);
}

static void add_pf_state(struct table *t, const struct inventory *inv, const struct pf *pf)
{
	const struct dev *d = inventory_pf_dev(inv, pf);
	const struct netdev *n = inventory_pf_netdev(inv, pf);
	const char *link = !n ? "" : !n->up ? ", down" : n->carrier ? ", up" : ", no link";

	if (is_reserved(d))
		table_addf(t, "%s, reserved", inventory_class_name(d->class_code));
	else if (inventory_limit_known(inv, pf))
		table_addf(t, "%s %zu/%u VFs%s", inventory_class_name(d->class_code), pf->n_vfs,
			pf->total_vfs, link);
	else
		table_addf(
			t, "%s %zu/? VFs%s", inventory_class_name(d->class_code), pf->n_vfs, link);
}

static void add_pf(struct table *t, const struct inventory *inv, const struct pf *pf)
{
	const struct dev *d = inventory_pf_dev(inv, pf);
	const struct netdev *n = inventory_pf_netdev(inv, pf);

	table_add(t, pciaddr_text(d->addr).s);
	table_mark(t, TABLE_STRONG);
	table_add(t, n ? n->name : NULL);
	table_add(t, d->driver);
	table_add(t, n && n->has_mac ? macaddr_text(n->mac).s : NULL);
	table_add(t, "");
	add_pf_state(t, inv, pf);
	add_index(t, d->numa_node);
	add_index(t, d->iommu_group);
	users_cell(t, inv, d);
}

/* A function without SR-IOV, which is only of interest because it is reserved. */
static void add_device(struct table *t, const struct inventory *inv, const struct dev *d)
{
	table_add(t, pciaddr_text(d->addr).s);
	table_mark(t, TABLE_STRONG);
	table_add(t, NULL);
	table_add(t, d->driver);
	table_add(t, NULL);
	table_add(t, "");
	table_addf(t, "%s, reserved", inventory_class_name(d->class_code));
	add_index(t, d->numa_node);
	add_index(t, d->iommu_group);
	users_cell(t, inv, d);
}

static void add_vf_mac(struct table *t, const struct vf *vf)
{
	macaddr mac = vf->attrs.v[VF_MAC].n;

	if (!vf_has(&vf->attrs, VF_MAC)) {
		table_add(t, NULL);
		return;
	}
	table_add(t, macaddr_text(mac).s);
	if (!macaddr_is_usable(mac)) /* its guest will make up another one at each start */
		table_mark(t, TABLE_BAD);
}

/* Shorter than vf_value_text(): the column is narrow, and everybody knows 802.1Q. */
static void add_vf_vlan(struct table *t, const struct vf *vf)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	uint64_t vlan = vf_has(&vf->attrs, VF_VLAN) ? vf->attrs.v[VF_VLAN].n : 0;

	if (vlan_id(vlan) == 0) {
		table_add(t, NULL);
		return;
	}
	buf_addf(&text, "%u", vlan_id(vlan));
	if (vlan_qos(vlan))
		buf_addf(&text, " qos %u", vlan_qos(vlan));
	if (vlan_proto(vlan) == VLAN_PROTO_8021AD)
		buf_add(&text, " 802.1ad");
	table_add(t, buf_text(&text));
}

/* Columns that the VF's index needs, so that addresses stand below each other. */
static int index_width(const struct pf *pf)
{
	unsigned last = pf->n_vfs ? pf->vfs[pf->n_vfs - 1].index : 0;
	int width = 1;

	for (; last > 9; last /= 10)
		width++;
	return width;
}

static void add_vf(
	struct table *t, const struct inventory *inv, const struct pf *pf, const struct vf *vf)
{
	_cleanup_(buf_done) struct buf flags = { 0 };
	const struct dev *d = &inv->devs[vf->dev];
	const struct netdev *n = dev_netdev(inv, d);

	table_addf(t, "  vf %-*u  %s", index_width(pf), vf->index, pciaddr_text(d->addr).s);
	table_add(t, n ? n->name : NULL);
	table_add(t, d->driver);
	add_vf_mac(t, vf);
	add_vf_vlan(t, vf);
	attrs_flags(&flags, &vf->attrs);
	table_add(t, flags.len ? buf_text(&flags) : NULL);
	table_add(t, ""); /* always the PF's */
	add_index(t, d->iommu_group);
	users_cell(t, inv, d);
}

void list_text(struct buf *b, const struct inventory *inv, const struct list_options *o)
{
	_cleanup_(table_done) struct table t = { .columns = columns,
		.n_columns = ARRAY_SIZE(columns) };

	for (size_t i = 0; i < inv->n_pfs; i++) {
		const struct pf *pf = &inv->pfs[i];

		if (!is_chosen(o, i))
			continue;
		add_pf(&t, inv, pf);
		for (size_t k = 0; k < pf->n_vfs; k++)
			add_vf(&t, inv, pf, &pf->vfs[k]);
	}
	for (size_t i = 0; !o->pfs && i < inv->n_devs; i++)
		if (inv->devs[i].pf < 0 && is_reserved(&inv->devs[i]))
			add_device(&t, inv, &inv->devs[i]);
	if (t.n_cells > 0)
		table_render(&t, o->screen, b);
	else
		buf_add(b, "No PF with the SR-IOV capability.\n"
			   "If there should be one, look for SR-IOV in the settings of the "
			   "firmware and of the card.\n");
}

void list_ids_json(struct jsonout *j, const struct dev *d)
{
	if (d->addr.kind == PCIADDR_PCI) {
		jsonout_hex(j, "vendor", 4, d->vendor);
		jsonout_hex(j, "device", 4, d->device);
	} else {
		jsonout_null(j, "vendor");
		jsonout_null(j, "device");
	}
}

static void vf_keys(struct jsonout *j, const struct inventory *inv, const struct vf *vf)
{
	const struct dev *d = &inv->devs[vf->dev];
	const struct netdev *n = dev_netdev(inv, d);

	jsonout_number(j, "index", vf->index);
	jsonout_text(j, "address", pciaddr_text(d->addr).s);
	jsonout_text(j, "netdev", n ? n->name : NULL);
	jsonout_text(j, "driver", d->driver);
	jsonout_text(j, "driver_override", d->override);
	attrs_json(j, &vf->attrs);
	jsonout_index(j, "iommu_group", d->iommu_group);
	users_json(j, inv, d);
}

/* A state that only an interface has. */
static void netdev_bool(struct jsonout *j, const char *key, const struct netdev *n, bool v)
{
	if (n)
		jsonout_bool(j, key, v);
	else
		jsonout_null(j, key);
}

static void pf_keys(struct jsonout *j, const struct inventory *inv, const struct pf *pf)
{
	const struct dev *d = inventory_pf_dev(inv, pf);
	const struct netdev *n = inventory_pf_netdev(inv, pf);

	jsonout_text(j, "address", pciaddr_text(d->addr).s);
	jsonout_text(j, "netdev", n ? n->name : NULL);
	jsonout_text(j, "mac", n && n->has_mac ? macaddr_text(n->mac).s : NULL);
	jsonout_text(j, "driver", d->driver);
	list_ids_json(j, d);
	jsonout_text(j, "class", inventory_class_name(d->class_code));
	if (inventory_limit_known(inv, pf))
		jsonout_number(j, "total_vfs", pf->total_vfs);
	else
		jsonout_null(j, "total_vfs");
	jsonout_number(j, "num_vfs", (int64_t)pf->n_vfs);
	jsonout_bool(j, "autoprobe", pf->autoprobe);
	jsonout_bool(j, "reserved", is_reserved(d));
	jsonout_index(j, "numa_node", d->numa_node);
	jsonout_index(j, "iommu_group", d->iommu_group);
	netdev_bool(j, "up", n, n && n->up);
	netdev_bool(j, "carrier", n, n && n->carrier);
	users_json(j, inv, d);
}

static void devices_json(struct jsonout *j, const struct inventory *inv)
{
	jsonout_array(j, "devices");
	for (size_t i = 0; i < inv->n_devs; i++) {
		const struct dev *d = &inv->devs[i];

		if (d->pf >= 0 || !is_reserved(d))
			continue;
		jsonout_object(j, NULL);
		jsonout_text(j, "address", pciaddr_text(d->addr).s);
		jsonout_text(j, "driver", d->driver);
		jsonout_text(j, "driver_override", d->override);
		list_ids_json(j, d);
		jsonout_text(j, "class", inventory_class_name(d->class_code));
		jsonout_index(j, "numa_node", d->numa_node);
		jsonout_index(j, "iommu_group", d->iommu_group);
		users_json(j, inv, d);
		jsonout_end(j);
	}
	jsonout_end(j);
}

void list_vfs_json(struct jsonout *j, const struct inventory *inv, const struct pf *pf)
{
	jsonout_array(j, "vfs");
	for (size_t i = 0; i < pf->n_vfs; i++) {
		jsonout_object(j, NULL);
		vf_keys(j, inv, &pf->vfs[i]);
		jsonout_end(j);
	}
	jsonout_end(j);
}

void list_json(struct buf *b, const struct inventory *inv, const struct list_options *o)
{
	struct jsonout *j = jsonout_new();

	jsonout_text(j, "host", inv->hostname);
	jsonout_array(j, "pfs");
	for (size_t i = 0; i < inv->n_pfs; i++) {
		if (!is_chosen(o, i))
			continue;
		jsonout_object(j, NULL);
		pf_keys(j, inv, &inv->pfs[i]);
		list_vfs_json(j, inv, &inv->pfs[i]);
		jsonout_end(j);
	}
	jsonout_end(j);
	if (!o->pfs)
		devices_json(j, inv);
	jsonout_finish(j, b);
}
