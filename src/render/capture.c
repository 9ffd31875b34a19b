/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy that `capture` writes. */
#include "render/capture.h"
#include "core/policy.h"
#include "render/attrs.h"

/* A VLAN that is nothing but a number is written as one. */
static void add_attr(struct jsonout *j, enum vf_attr_id id, union vf_value v)
{
	const char *key = vf_attr(id)->key;

	if (id == VF_VLAN && v.n == vlan_pack(vlan_id(v.n), 0, VLAN_PROTO_8021Q))
		jsonout_number(j, key, vlan_id(v.n));
	else
		attrs_value_json(j, key, id, v);
}

static void add_attrs(struct jsonout *j, const char *key, const struct vf_attrs *a)
{
	jsonout_object(j, key);
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
		if (vf_has(a, id))
			add_attr(j, id, a->v[id]);
	jsonout_end(j);
}

static void add_ranges(struct jsonout *j, const struct captured_pf *pf)
{
	jsonout_object(j, "vf");
	for (size_t i = 0; i < pf->n_vfs; i++) {
		_cleanup_(buf_done) struct buf range = { 0 };

		buf_addf(&range, "%u", pf->vfs[i].first);
		if (pf->vfs[i].last > pf->vfs[i].first)
			buf_addf(&range, "-%u", pf->vfs[i].last);
		add_attrs(j, buf_text(&range), &pf->vfs[i].attrs);
	}
	jsonout_end(j);
}

/* The address alone, unless there is a MAC that tells when the card has been moved. */
static void add_place(struct jsonout *j, const struct inventory *inv, const struct pf *pf)
{
	const struct netdev *n = inventory_pf_netdev(inv, pf);

	jsonout_text(j, "address", pciaddr_text(inventory_pf_dev(inv, pf)->addr).s);
	if (n && n->has_perm_mac)
		jsonout_text(j, "mac", macaddr_text(n->perm_mac).s);
}

static void add_pf(struct jsonout *j, const struct inventory *inv, const struct captured_pf *c)
{
	jsonout_object(j, NULL);
	if (c->description)
		jsonout_text(j, "description", c->description);
	jsonout_object(j, "match");
	if (c->pf >= 0)
		add_place(j, inv, &inv->pfs[c->pf]);
	jsonout_end(j);
	jsonout_number(j, "vfs", c->n);
	if (c->down)
		jsonout_bool(j, "up", false);
	if (c->no_autoprobe)
		jsonout_bool(j, "autoprobe", false);
	if (c->mtu)
		jsonout_number(j, pfset(PFSET_MTU)->key, c->mtu);
	if (c->defaults.set)
		add_attrs(j, "defaults", &c->defaults);
	if (c->n_vfs)
		add_ranges(j, c);
	jsonout_end(j);
}

void capture_policy(struct buf *b, const struct inventory *inv, const struct capture *c)
{
	struct jsonout *j = jsonout_new();

	jsonout_array(j, "pfs");
	for (size_t i = 0; i < c->n_pfs; i++)
		add_pf(j, inv, &c->pfs[i]);
	jsonout_end(j);
	jsonout_finish(j, b);
}
