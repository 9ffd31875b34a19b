/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `show` shows. */
#include <assert.h>
#include <limits.h>
#include <stdio.h>

#include "render/attrs.h"
#include "render/list.h"
#include "render/show.h"
#include "render/text.h"
#include "render/users.h"

#define KEY_WIDTH 23

/* Where facts go: lines for people, or JSON when `json` is set. One walk serves both. */
struct sink {
	struct buf *lines;
	struct jsonout *json;
};

/* A line "key words    value"; the key is that of the JSON document. */
static void put_line(const struct sink *o, const char *key, const char *value)
{
	size_t start;

	assert(o->lines);
	start = o->lines->len;
	for (; *key; key++)
		buf_addn(o->lines, *key == '_' ? " " : key, 1);
	buf_pad(o->lines, start, KEY_WIDTH, ' ');
	text_escape(o->lines, value ? value : "-");
	buf_add(o->lines, "\n");
}

static void put_text(const struct sink *o, const char *key, const char *s)
{
	if (o->json)
		jsonout_text(o->json, key, s);
	else
		put_line(o, key, s);
}

static void put_bool(const struct sink *o, const char *key, bool v)
{
	if (o->json)
		jsonout_bool(o->json, key, v);
	else
		put_line(o, key, v ? "yes" : "no");
}

/* A number, or none when it is negative. */
static void put_number(const struct sink *o, const char *key, int n)
{
	char text[16];

	if (o->json) {
		jsonout_index(o->json, key, n);
		return;
	}
	snprintf(text, sizeof(text), "%d", n);
	put_line(o, key, n < 0 ? NULL : text);
}

/* An ID of DIGITS hexadecimal digits. */
static void put_hex(const struct sink *o, const char *key, int digits, unsigned id)
{
	char text[16];

	snprintf(text, sizeof(text), "%0*x", digits, id);
	put_text(o, key, text);
}

/* An ID that only PCI functions have. */
static void put_id(const struct sink *o, const char *key, const struct dev *d, unsigned id)
{
	if (d->addr.kind == PCIADDR_PCI)
		put_hex(o, key, 4, id);
	else
		put_text(o, key, NULL);
}

static void put_ids(const struct sink *o, const struct dev *d, const struct show_names *names)
{
	put_text(o, "name", d->addr.kind == PCIADDR_PCI ? names->device : NULL);
	put_id(o, "vendor", d, d->vendor);
	put_id(o, "device", d, d->device);
	put_id(o, "subsystem_vendor", d, d->subsystem_vendor);
	put_id(o, "subsystem_device", d, d->subsystem_device);
	put_text(o, "class", inventory_class_name(d->class_code));
	put_text(o, "class_name", names->class);
	put_hex(o, "class_code", 6, d->class_code);
}

static const char *master_name(const struct inventory *inv, const struct netdev *n)
{
	for (size_t i = 0; n->master && i < inv->n_netdevs; i++)
		if (inv->netdevs[i].ifindex == n->master)
			return inv->netdevs[i].name;
	return NULL;
}

static void put_netdev(const struct sink *o, const struct inventory *inv, const struct dev *d)
{
	const struct netdev *n = d->netdev < 0 ? NULL : &inv->netdevs[d->netdev];

	put_text(o, "netdev", n ? n->name : NULL);
	put_bool(o, "netdev_elsewhere", d->netdev_away);
	if (!n)
		return;
	put_number(o, "ifindex", n->ifindex);
	put_text(o, "netdev_mac", n->has_mac ? macaddr_text(n->mac).s : NULL);
	put_text(o, "permanent_mac", n->has_perm_mac ? macaddr_text(n->perm_mac).s : NULL);
	put_bool(o, "up", n->up);
	put_bool(o, "carrier", n->carrier);
	put_number(o, "mtu", (int)n->mtu);
	put_text(o, "member_of", master_name(inv, n));
}

/* N names: a line with all of them, or an array. Not KNOWN: nobody could be asked. */
static void put_names(
	const struct sink *o, const char *key, const char *const *names, size_t n, bool known)
{
	_cleanup_(buf_done) struct buf line = { 0 };

	if (o->json && !known)
		jsonout_null(o->json, key);
	else if (o->json)
		jsonout_array(o->json, key);
	for (size_t i = 0; known && i < n; i++) {
		buf_addf(&line, "%s%s", i ? ", " : "", names[i]);
		if (o->json)
			jsonout_text(o->json, NULL, names[i]);
	}
	if (o->json && known)
		jsonout_end(o->json);
	else if (!o->json)
		put_line(o, key, n && known ? buf_text(&line) : NULL);
}

/* Features; for people only those that can be changed. */
static void put_features(const struct sink *o, const char *key, const struct pf_settings *s,
	const char *const *names, size_t n)
{
	_cleanup_free_ const char **some = mem_new(n, sizeof(*some));
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (o->json || !pf_settings_is_fixed(s, names[i]))
			some[kept++] = names[i];
	put_names(o, key, some, kept, pf_settings_has_features(s));
}

/* The interfaces that stand for VFs in switchdev mode: all but the PF's own. */
static void put_representors(const struct sink *o, const struct inventory *inv, const struct pf *pf)
{
	_cleanup_free_ const char **names = mem_new(inv->n_netdevs, sizeof(*names));
	const struct netdev *own = inventory_pf_netdev(inv, pf);
	size_t n = 0;

	for (size_t i = 0; i < inv->n_netdevs; i++)
		if (inv->netdevs[i].dev == pf->dev && &inv->netdevs[i] != own)
			names[n++] = inv->netdevs[i].name;
	put_names(o, "representors", names, n, true);
}

static void put_fdb(const struct sink *o, const struct pf_settings *s)
{
	_cleanup_free_ struct macaddr_text *texts = mem_new(s->n_fdb, sizeof(*texts));
	_cleanup_free_ const char **macs = mem_new(s->n_fdb, sizeof(*macs));

	for (size_t i = 0; i < s->n_fdb; i++) {
		texts[i] = macaddr_text(s->fdb[i].mac);
		macs[i] = texts[i].s;
	}
	put_names(o, "fdb", macs, s->n_fdb, s->fdb_read);
}

static void put_settings(const struct sink *o, const struct inventory *inv, const struct pf *pf)
{
	const struct pf_settings *s = &pf->settings;
	_cleanup_(buf_done) struct buf mode = { 0 };
	uint64_t n;

	if (pf_settings_get(s, PFSET_ESWITCH, "", &n))
		pfset_value_text(&mode, PFSET_ESWITCH, n);
	put_text(o, "eswitch", mode.len ? buf_text(&mode) : NULL);
	if (s->eswitch == ESWITCH_SWITCHDEV)
		put_representors(o, inv, pf);
	put_features(o, "features_on", s, s->on, s->n_on);
	put_features(o, "features_off", s, s->off, s->n_off);
	if (o->json)
		put_features(o, "features_fixed", s, s->fixed, s->n_fixed);
	put_fdb(o, s);
}

/* A number, or none unless it is KNOWN. */
static void put_known(const struct sink *o, const char *key, bool known, unsigned n)
{
	put_number(o, key, known && n <= INT_MAX ? (int)n : -1);
}

/* What the PF's controller can give to those of its VFs. */
static void put_nvme(const struct sink *o, const struct nvme_caps *c)
{
	put_known(o, "vq_total", c->known, c->vq.total);
	put_known(o, "vq_primary", c->known, c->vq.primary);
	put_known(o, "vq_most_per_vf", c->known, c->vq.most);
	put_known(o, "vi_total", c->known, c->vi.total);
	put_known(o, "vi_primary", c->known, c->vi.primary);
	put_known(o, "vi_most_per_vf", c->known, c->vi.most);
}

static void put_pf(const struct sink *o, const struct inventory *inv, const struct pf *pf)
{
	put_number(o, "total_vfs", inventory_limit_known(inv, pf) ? (int)pf->total_vfs : -1);
	put_number(o, "num_vfs", (int)pf->n_vfs);
	put_bool(o, "autoprobe", pf->autoprobe);
	put_id(o, "vf_device", inventory_pf_dev(inv, pf), pf->vf_device);
	put_number(o, "vf_offset", (int)pf->offset);
	put_number(o, "vf_stride", (int)pf->stride);
	put_text(o, "vf_host_driver", pf->host_driver);
	put_bool(o, "reports_vf_attributes", pf->has_vf_attrs);
	put_number(o, "vf_total_msix", pf->vf_msix);
	if (inventory_pf_kind(inv, pf) == VF_OF_NVME)
		put_nvme(o, &pf->nvme);
	put_settings(o, inv, pf);
}

/* What devices of KIND have for their VFs, be it known or not. */
static void put_attrs(const struct sink *o, const struct vf_attrs *a, enum vf_kind kind)
{
	if (o->json) {
		attrs_json(o->json, a);
		return;
	}
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++) {
		_cleanup_(buf_done) struct buf text = { 0 };
		const struct vf_attr *row = vf_attr(id);

		if (!vf_attr_is_on_host(id) || !vf_attr_is_of(id, kind))
			continue;
		if (vf_has(a, id)) {
			vf_value_text(&text, id, a->v[id]);
			if (row->unit && a->v[id].n)
				buf_addf(&text, " %s", row->unit);
		}
		put_line(o, row->key, text.len ? buf_text(&text) : NULL);
	}
}

static void put_vf(
	const struct sink *o, const struct inventory *inv, const struct pf *pf, const struct vf *vf)
{
	_cleanup_(buf_done) struct buf used = { 0 };

	put_attrs(o, &vf->attrs, inventory_pf_kind(inv, pf));
	if (o->json) {
		users_json(o->json, inv, &inv->devs[vf->dev]);
		return;
	}
	put_text(o, "used", inventory_vf_used(inv, vf, &used) ? buf_text(&used) : NULL);
	put_text(o, "assigned_to", inv->devs[vf->dev].users.assigned);
}

/* Everything but a PF's VFs. */
static void put_all(const struct sink *o, const struct inventory *inv, const struct dev *d,
	const struct show_names *names)
{
	const struct pf *pf = d->pf < 0 ? NULL : &inv->pfs[d->pf];
	const struct vf *vf = pf && d->vf >= 0 ? inventory_vf(pf, (unsigned)d->vf) : NULL;

	put_text(o, "address", pciaddr_text(d->addr).s);
	put_text(o, "kind", d->vf >= 0 ? "vf" : pf ? "pf" : "device");
	if (d->vf >= 0) {
		put_text(o, "pf", pf ? pciaddr_text(inventory_pf_dev(inv, pf)->addr).s : NULL);
		put_number(o, "index", d->vf);
	}
	put_ids(o, d, names);
	put_text(o, "driver", d->driver);
	put_text(o, "driver_override", d->override);
	put_text(o, "path", d->path);
	put_text(o, "slot", d->slot);
	put_number(o, "numa_node", d->numa_node);
	put_number(o, "iommu_group", d->iommu_group);
	put_netdev(o, inv, d);
	if (pf && d->vf < 0)
		put_pf(o, inv, pf);
	if (vf)
		put_vf(o, inv, pf, vf);
}

void show_text(struct buf *b, const struct inventory *inv, size_t dev,
	const struct show_names *names, struct screen s)
{
	_cleanup_free_ bool *only = mem_new(inv->n_pfs, sizeof(*only));
	const struct list_options list = { .pfs = only, .screen = s };
	const struct dev *d = &inv->devs[dev];
	const struct sink o = { .lines = b };

	put_all(&o, inv, d, names);
	if (d->pf < 0 || d->vf >= 0 || inv->pfs[d->pf].n_vfs == 0)
		return;
	only[d->pf] = true;
	buf_add(b, "\n");
	list_text(b, inv, &list);
}

void show_json(
	struct buf *b, const struct inventory *inv, size_t dev, const struct show_names *names)
{
	const struct dev *d = &inv->devs[dev];
	const struct sink o = { .json = jsonout_new() };

	jsonout_text(o.json, "host", inv->hostname);
	put_all(&o, inv, d, names);
	if (d->pf >= 0 && d->vf < 0)
		list_vfs_json(o.json, inv, &inv->pfs[d->pf]);
	jsonout_finish(o.json, b);
}
