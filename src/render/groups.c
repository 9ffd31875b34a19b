/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `groups` shows. */
#include <string.h>

#include "render/groups.h"
#include "render/jsonout.h"
#include "render/table.h"

#define CLASS_PCI_BRIDGE 0x0604 /* without the programming interface */
#define NAMED_MAX        3      /* devices that a verdict names; the table shows all of them */

/* Whether a device can go to a guest as things are now (kernel-facts §2.3). */
enum verdict {
	VERDICT_ALONE,    /* nothing else is in its group */
	VERDICT_TOGETHER, /* only with the rest of its group, or while that has no driver */
	VERDICT_DRIVER,   /* its own driver has it, nothing else stands in the way */
	VERDICT_BLOCKED,  /* a driver of the host has another device of its group */
	VERDICT_BRIDGE,   /* never */
	VERDICT_NO_GROUP, /* the IOMMU does not reach it */
};

/* Devices that share a group, as indices in the inventory's `devs`. */
struct group {
	const struct inventory *inv;
	const size_t *members;
	size_t n;
	int number; /* -1: each is on its own, without any group */
};

static bool is_bridge(const struct dev *d)
{
	return d->class_code >> 16 == PCI_CLASS_BRIDGE;
}

/* PCI bridges keep their driver whoever has the devices behind them. Others (LPC, …) are devices.
 */
static bool is_ignored(const struct dev *d)
{
	return d->class_code >> 8 == CLASS_PCI_BRIDGE;
}

/* Whether a driver of the host holds the device. The names of all VFIO drivers have "vfio" in them.
 */
static bool is_held(const struct dev *d)
{
	return d->driver && !strstr(d->driver, "vfio") && strcmp(d->driver, "pci-stub") != 0;
}

/* Devices of G other than D that a guest would get too (HELD false) or that keep it out (HELD
 * true). */
static size_t others(const struct group *g, const struct dev *d, bool held, const struct dev **out)
{
	size_t n = 0;

	if (g->number < 0)
		return 0;
	for (size_t i = 0; i < g->n; i++) {
		const struct dev *o = &g->inv->devs[g->members[i]];

		if (o == d || is_ignored(o) || is_held(o) != held)
			continue;
		if (out)
			out[n] = o;
		n++;
	}
	return n;
}

static enum verdict judge(const struct group *g, const struct dev *d)
{
	if (is_bridge(d))
		return VERDICT_BRIDGE;
	if (g->number < 0)
		return VERDICT_NO_GROUP;
	if (others(g, d, true, NULL))
		return VERDICT_BLOCKED;
	if (is_held(d))
		return VERDICT_DRIVER;
	return others(g, d, false, NULL) ? VERDICT_TOGETHER : VERDICT_ALONE;
}

/* Appends the first few of the other devices of D's group. */
static void add_others(struct buf *b, const struct group *g, const struct dev *d, bool held)
{
	_cleanup_free_ const struct dev **list = mem_new(g->n, sizeof(*list));
	size_t n = others(g, d, held, list);

	for (size_t i = 0; i < n && i < NAMED_MAX; i++) {
		buf_addf(b, "%s%s", i ? ", " : "", pciaddr_text(list[i]->addr).s);
		if (held)
			buf_addf(b, " (%s)", list[i]->driver);
	}
	if (n > NAMED_MAX)
		buf_addf(b, " and %zu more", n - NAMED_MAX);
}

static void add_verdict(struct table *t, const struct group *g, const struct dev *d)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	enum table_style style = TABLE_PLAIN;

	switch (judge(g, d)) {
	case VERDICT_ALONE:
		buf_add(&b, "yes, alone");
		style = TABLE_GOOD;
		break;
	case VERDICT_TOGETHER:
		buf_add(&b, "yes, together with ");
		add_others(&b, g, d, false);
		break;
	case VERDICT_DRIVER:
		buf_addf(&b, "no, %s has it", d->driver);
		break;
	case VERDICT_BLOCKED:
		buf_add(&b, "no, because of ");
		add_others(&b, g, d, true);
		style = TABLE_BAD;
		break;
	case VERDICT_BRIDGE:
		buf_add(&b, "-");
		break;
	case VERDICT_NO_GROUP:
		buf_add(&b, "no, not behind the IOMMU");
		style = TABLE_BAD;
		break;
	}
	table_add(t, buf_text(&b));
	table_mark(t, style);
}

static void add_kind(struct table *t, const struct inventory *inv, const struct dev *d)
{
	const struct dev *pf = d->pf < 0 ? NULL : inventory_pf_dev(inv, &inv->pfs[d->pf]);

	if (pf && d->vf >= 0)
		table_addf(t, "vf %d of %s", d->vf, pciaddr_text(pf->addr).s);
	else
		table_addf(t, "%s%s", inventory_class_name(d->class_code), pf ? " PF" : "");
}

static void group_rows(const struct group *g, void *arg)
{
	struct table *t = arg;

	for (size_t i = 0; i < g->n; i++) {
		const struct dev *d = &g->inv->devs[g->members[i]];

		if (g->number < 0)
			table_add(t, NULL);
		else
			table_addf(t, "%d", g->number);
		table_add(t, pciaddr_text(d->addr).s);
		table_addf(t, "%04x:%04x", d->vendor, d->device);
		add_kind(t, g->inv, d);
		table_add(t, d->driver);
		add_verdict(t, g, d);
	}
}

/* Adds the other devices of D's group that are held or not, none unless WANTED. */
static void others_json(struct jsonout *j, const char *key, const struct group *g,
	const struct dev *d, bool held, bool wanted)
{
	_cleanup_free_ const struct dev **list = mem_new(g->n, sizeof(*list));
	size_t n = wanted ? others(g, d, held, list) : 0;

	jsonout_array(j, key);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j, NULL);
		jsonout_text(j, "address", pciaddr_text(list[i]->addr).s);
		jsonout_text(j, "driver", list[i]->driver);
		jsonout_end(j);
	}
	jsonout_end(j);
}

static void device_json(struct jsonout *j, const struct group *g, const struct dev *d)
{
	static const char *const names[] = {
		[VERDICT_ALONE] = "alone",
		[VERDICT_TOGETHER] = "together",
		[VERDICT_DRIVER] = "host-driver",
		[VERDICT_BLOCKED] = "blocked",
		[VERDICT_BRIDGE] = "bridge",
		[VERDICT_NO_GROUP] = "no-group",
	};
	const struct inventory *inv = g->inv;
	const struct dev *pf = d->pf < 0 ? NULL : inventory_pf_dev(inv, &inv->pfs[d->pf]);
	enum verdict v = judge(g, d);

	jsonout_object(j, NULL);
	jsonout_text(j, "address", pciaddr_text(d->addr).s);
	jsonout_hex(j, "vendor", 4, d->vendor);
	jsonout_hex(j, "device", 4, d->device);
	jsonout_text(j, "class", inventory_class_name(d->class_code));
	jsonout_text(j, "pf", pf ? pciaddr_text(pf->addr).s : NULL);
	jsonout_index(j, "vf", d->vf);
	jsonout_text(j, "driver", d->driver);
	jsonout_bool(j, "assignable", v == VERDICT_ALONE || v == VERDICT_TOGETHER);
	jsonout_text(j, "verdict", names[v]);
	others_json(j, "together_with", g, d, false, v == VERDICT_TOGETHER);
	others_json(j, "blocked_by", g, d, true, v == VERDICT_BLOCKED);
	jsonout_end(j);
}

static void group_json(const struct group *g, void *arg)
{
	struct jsonout *j = arg;

	jsonout_object(j, NULL);
	jsonout_index(j, "group", g->number);
	jsonout_array(j, "devices");
	for (size_t i = 0; i < g->n; i++)
		device_json(j, g, &g->inv->devs[g->members[i]]);
	jsonout_end(j);
	jsonout_end(j);
}

/* By group, those without one last, then by address as in the inventory. */
static int cmp_members(const void *a, const void *b, void *arg)
{
	const struct inventory *inv = arg;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	unsigned x = (unsigned)inv->devs[i].iommu_group, y = (unsigned)inv->devs[k].iommu_group;

	return x != y ? (x > y) - (x < y) : (i > k) - (i < k);
}

static bool is_chosen(const struct group *g, const struct groups_options *o)
{
	for (size_t i = 0; o->devs && i < g->n; i++)
		if (o->devs[g->members[i]])
			return true;
	return !o->devs;
}

/* Calls FN for each group that O asks for, by number, devices without a group last. */
static void each_group(const struct inventory *inv, const struct groups_options *o,
	void (*fn)(const struct group *g, void *arg), void *arg)
{
	_cleanup_free_ size_t *members = mem_new(inv->n_devs, sizeof(*members));
	struct group g = { .inv = inv };

	for (size_t i = 0; i < inv->n_devs; i++)
		members[i] = i;
	qsort_r(members, inv->n_devs, sizeof(*members), cmp_members, (void *)inv);
	for (size_t i = 0; i < inv->n_devs; i += g.n) {
		g.members = members + i;
		g.number = inv->devs[members[i]].iommu_group;
		g.n = 1;
		while (g.number >= 0 && i + g.n < inv->n_devs &&
			inv->devs[members[i + g.n]].iommu_group == g.number)
			g.n++;
		if (is_chosen(&g, o))
			fn(&g, arg);
	}
}

void groups_text(struct buf *b, const struct inventory *inv, const struct groups_options *o)
{
	static const struct table_column columns[] = {
		{ "GROUP", TABLE_RIGHT, false },
		{ "ADDRESS", TABLE_LEFT, false },
		{ "ID", TABLE_LEFT, false },
		{ "WHAT", TABLE_LEFT, false },
		{ "DRIVER", TABLE_LEFT, false },
		{ "ASSIGNABLE", TABLE_LEFT, false },
	};
	_cleanup_(table_done) struct table t = { .columns = columns,
		.n_columns = ARRAY_SIZE(columns) };

	if (!inv->has_iommu) {
		buf_add(b, "This host has no IOMMU in use: no device can be given to a guest.\n"
			   "Switch VT-d (Intel) or AMD-Vi on in the firmware; some kernels also "
			   "need intel_iommu=on.\n");
		return;
	}
	each_group(inv, o, group_rows, &t);
	table_render(&t, o->colour, b);
}

void groups_json(struct buf *b, const struct inventory *inv, const struct groups_options *o)
{
	struct jsonout *j = jsonout_new();

	jsonout_text(j, "host", inv->hostname);
	jsonout_bool(j, "iommu", inv->has_iommu);
	jsonout_array(j, "groups");
	if (inv->has_iommu)
		each_group(inv, o, group_json, j);
	jsonout_end(j);
	jsonout_finish(j, b);
}
