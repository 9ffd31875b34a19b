/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one PF accepts, for people. */
#include "core/accepts.h"
#include "render/driver-words.h"
#include "render/schema.h"
#include "render/table.h"
#include "render/text.h"

#define KEY_WIDTH 17

/* The PF and where what is known of it goes. */
struct view {
	struct buf *b;
	const struct inventory *inv;
	const struct pf *pf;
	const struct dev *dev;
	const struct driver *driver; /* NULL: not in the table */
};

static void put(const struct view *v, const char *key, const char *text)
{
	size_t start = v->b->len;

	buf_add(v->b, key);
	buf_pad(v->b, start, KEY_WIDTH, ' ');
	text_escape(v->b, text);
	buf_add(v->b, "\n");
}

static void put_address(const struct view *v)
{
	const struct netdev *n = inventory_pf_netdev(v->inv, v->pf);
	_cleanup_(buf_done) struct buf b = { 0 };

	buf_add(&b, pciaddr_text(v->dev->addr).s);
	if (n)
		buf_addf(&b, " (%s)", n->name);
	put(v, "PF", buf_text(&b));
}

static void put_driver(const struct view *v)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	buf_add(&b, v->dev->driver ? v->dev->driver : "none");
	if (v->driver)
		buf_addf(&b, ": %s", v->driver->what);
	else if (v->dev->driver)
		buf_add(&b, ": not in the table of drivers; what it accepts is not known");
	if (v->pf->driver_foreign)
		buf_add(&b, "; not the kernel's own, of which the following is told");
	put(v, "driver", buf_text(&b));
}

static void put_room(const struct view *v)
{
	const struct pcicfg_bars *bars = &v->dev->facts.vf_bars;
	_cleanup_(buf_done) struct buf b = { 0 };

	if (!inventory_is_pci(v->inv, v->pf))
		return;
	if (!v->pf->offset || !v->pf->bus_last)
		buf_add(&b, "not known yet");
	else
		buf_addf(&b, "for %u VFs", inventory_vfs_on_buses(v->inv, v->pf, v->pf->total_vfs));
	put(v, "bus numbers", buf_text(&b));
	if (!bars->known)
		put(v, "address space", "not known: no file resource");
	else if (!inventory_has_vf_memory(v->inv, v->pf))
		put(v, "address space", "VF BARs without an address: none can be made");
	else
		put(v, "address space", "all VF BARs have addresses");
}

static void add_most(const struct view *v, struct buf *b)
{
	unsigned possible = inventory_possible_vfs(v->inv, v->pf);

	if (!inventory_limit_known(v->inv, v->pf)) {
		buf_add(b, "as many as the driver makes");
		return;
	}
	buf_addf(b, "0 to %u (%s)", v->pf->total_vfs, inventory_limit_source(v->inv, v->pf));
	if (possible < v->pf->total_vfs)
		buf_addf(b, ", but there is room for %u only", possible);
}

static void put_count(const struct view *v)
{
	static const char *const counts[] = { [DRIVER_COUNT_ANY] = "",
		[DRIVER_COUNT_ALL] = "; all or none",
		[DRIVER_COUNT_FIXED] = "; not by sriovctl" };
	_cleanup_(buf_done) struct buf b = { 0 };

	add_most(v, &b);
	buf_addf(&b, ", %zu now%s", v->pf->n_vfs, v->driver ? counts[v->driver->count] : "");
	if (v->driver && v->driver->count_needs_up)
		buf_add(&b, "; only while the PF's interface is up");
	put(v, "VFs", buf_text(&b));
	if (v->driver && v->driver->count_note)
		put(v, "  limit", v->driver->count_note);
	put_room(v);
}

static void put_filters(const struct view *v)
{
	int without = driver_fdb_slots(v->dev->driver, v->dev->device, 0);
	_cleanup_(buf_done) struct buf b = { 0 };

	if (without < 0)
		return;
	buf_addf(&b, "%d addresses behind the host, %d with %u VFs (driver table)", without,
		driver_fdb_slots(v->dev->driver, v->dev->device, v->pf->total_vfs),
		v->pf->total_vfs);
	put(v, "address filters", buf_text(&b));
}

static void put_resets(const struct view *v)
{
	const struct vf *vf = v->pf->n_vfs ? &v->pf->vfs[0] : NULL;

	if (v->dev->facts.resets)
		put(v, "reset of the PF", v->dev->facts.resets);
	if (vf && v->inv->devs[vf->dev].facts.resets)
		put(v, "reset of a VF", v->inv->devs[vf->dev].facts.resets);
}

static void put_vectors(const struct view *v)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (v->pf->vf_msix < 0)
		return;
	if (v->pf->vf_msix == 0)
		buf_add(&b, "the driver shares none out (sriov_vf_total_msix)");
	else
		buf_addf(&b, "%d for all VFs together (sriov_vf_total_msix)", v->pf->vf_msix);
	put(v, "MSI-X vectors", buf_text(&b));
}

static void put_eswitch(const struct view *v)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	const struct driver *d = v->driver && v->driver->kind == DRIVER_NIC ? v->driver : NULL;
	uint64_t mode;

	if (d)
		buf_addf(&b, "%s (%s)", d->eswitch ? d->eswitch : "no modes",
			d->eswitch ? d->eswitch_source : "driver table");
	if (pf_settings_get(&v->pf->settings, PFSET_ESWITCH, "", &mode)) {
		buf_add(&b, b.len ? ", now " : "now ");
		pfset_value_text(&b, PFSET_ESWITCH, mode);
	}
	if (b.len)
		put(v, "eswitch", buf_text(&b));
}

static void put_rest(const struct view *v)
{
	const struct driver *d = v->driver;

	if (v->pf->host_driver)
		put(v, "drivers of VFs", v->pf->host_driver);
	else if (d)
		put(v, "drivers of VFs", d->vf_driver ? d->vf_driver : "none in Linux");
	put_vectors(v);
	put_filters(v);
	put_eswitch(v);
	put_resets(v);
}

/* Whether the kernel reports it of the VFs that there are; NULL: there are none. */
static const char *reported(const struct view *v, enum vf_attr_id id)
{
	if (!v->pf->n_vfs || v->inv->offline)
		return NULL;
	for (size_t i = 0; i < v->pf->n_vfs; i++)
		if (vf_has(&v->pf->vfs[i].attrs, id))
			return "yes";
	return "no";
}

static void add_attr(const struct view *v, struct table *t, enum vf_attr_id id)
{
	static const enum table_style styles[_DRIVER_TAKES_MAX] = {
		[DRIVER_NO] = TABLE_BAD, [DRIVER_YES] = TABLE_GOOD
	};
	struct driver_cell cell = accepts_cell(v->inv, v->pf, id);
	_cleanup_(buf_done) struct buf values = { 0 }, conditions = { 0 };
	bool taken = cell.takes != DRIVER_NO && cell.takes != DRIVER_UNKNOWN;

	table_add(t, vf_attr(id)->key);
	table_add(t, driver_takes_name(cell.takes));
	table_mark(t, styles[cell.takes]);
	driver_values(v->driver, &cell, id, &values);
	table_add(t, values.len ? buf_text(&values) : NULL);
	table_add(t, vf_attr_is_on_host(id) && taken ? cell.resets ? "yes" : "no" : NULL);
	table_add(t, vf_attr_is_on_host(id) ? reported(v, id) : NULL);
	driver_conditions(&cell, &conditions);
	table_add(t, conditions.len ? buf_text(&conditions) : NULL);
	table_add(t, cell.source);
}

void schema_pf_text(struct buf *b, const struct inventory *inv, size_t pf, struct screen s)
{
	static const struct table_column columns[] = { { "ATTRIBUTE", TABLE_LEFT, false },
		{ "TAKEN", TABLE_LEFT, false }, { "VALUES", TABLE_LEFT, true },
		{ "RESETS VF", TABLE_LEFT, true }, { "REPORTED", TABLE_LEFT, true },
		{ "CONDITIONS", TABLE_LEFT, true }, { "SOURCE", TABLE_LEFT, false } };
	_cleanup_(table_done) struct table t = { .columns = columns,
		.n_columns = ARRAY_SIZE(columns) };
	const struct dev *d = inventory_pf_dev(inv, &inv->pfs[pf]);
	struct view v = { b, inv, &inv->pfs[pf], d, driver_find(d->driver) };

	put_address(&v);
	put_driver(&v);
	put_count(&v);
	put_rest(&v);
	buf_add(b, "\n");
	for (unsigned id = 0; id < _VF_ATTR_MAX; id++)
		add_attr(&v, &t, (enum vf_attr_id)id);
	table_render(&t, s, b);
}
