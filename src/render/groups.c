/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `groups` shows. */
#include <string.h>

#include "core/group.h"
#include "render/groups.h"
#include "render/jsonout.h"
#include "render/list.h"
#include "render/table.h"
#include "render/users.h"

/* Devices that share a group, as indices in the inventory's `devs`. */
struct group {
	const struct inventory *inv;
	const size_t *members;
	size_t n;
	int number; /* -1: each is on its own, without any group */
};

static void add_verdict(struct table *t, const struct inventory *inv, const struct dev *d)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	enum group_verdict v = group_judge(inv, d);

	group_text(&b, inv, d);
	table_add(t, buf_text(&b));
	if (v == GROUP_ALONE)
		table_mark(t, TABLE_GOOD);
	else if (v == GROUP_BLOCKED || v == GROUP_NONE)
		table_mark(t, TABLE_BAD);
}

static void add_kind(struct table *t, const struct inventory *inv, const struct dev *d)
{
	const struct dev *pf = d->pf < 0 ? NULL : inventory_pf_dev(inv, &inv->pfs[d->pf]);

	if (pf && d->vf >= 0)
		table_addf(t, "vf %d of %s", d->vf, pciaddr_text(pf->addr).s);
	else
		table_addf(t, "%s%s", inventory_class_name(d->class_code), pf ? " PF" : "");
}

static void add_row(struct table *t, const struct group *g, const struct dev *d)
{
	if (g->number < 0)
		table_add(t, NULL);
	else
		table_addf(t, "%d", g->number);
	table_add(t, pciaddr_text(d->addr).s);
	if (d->addr.kind == PCIADDR_PCI)
		table_addf(t, "%04x:%04x", d->vendor, d->device);
	else
		table_add(t, NULL);
	add_kind(t, g->inv, d);
	table_add(t, d->driver);
	users_cell(t, g->inv, d);
	add_verdict(t, g->inv, d);
}

/* Adds the other devices of D's group that are of KIND, none unless WANTED. */
static void others_json(struct jsonout *j, const char *key, const struct inventory *inv,
	const struct dev *d, enum group_kind kind, bool wanted)
{
	_cleanup_free_ const struct dev **list = mem_new(inv->n_devs, sizeof(*list));
	size_t n = wanted ? group_others(inv, d, kind, list) : 0;

	jsonout_array(j, key);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j, NULL);
		jsonout_text(j, "address", pciaddr_text(list[i]->addr).s);
		jsonout_text(j, "driver", list[i]->driver);
		jsonout_end(j);
	}
	jsonout_end(j);
}

static void verdict_json(struct jsonout *j, const struct inventory *inv, const struct dev *d)
{
	_cleanup_(buf_done) struct buf advice = { 0 };
	enum group_verdict v = group_judge(inv, d);

	jsonout_bool(j, "assignable", group_is_assignable(v));
	jsonout_text(j, "verdict", group_word(v));
	others_json(j, "together_with", inv, d, GROUP_FREE, v == GROUP_TOGETHER);
	others_json(j, "blocked_by", inv, d, GROUP_HELD, v == GROUP_BLOCKED);
	jsonout_text(j, "advice", group_advice(&advice, inv, d) ? buf_text(&advice) : NULL);
}

static void device_json(struct jsonout *j, const struct inventory *inv, const struct dev *d)
{
	const struct dev *pf = d->pf < 0 ? NULL : inventory_pf_dev(inv, &inv->pfs[d->pf]);

	jsonout_object(j, NULL);
	jsonout_text(j, "address", pciaddr_text(d->addr).s);
	list_ids_json(j, d);
	jsonout_text(j, "class", inventory_class_name(d->class_code));
	jsonout_text(j, "pf", pf ? pciaddr_text(pf->addr).s : NULL);
	jsonout_index(j, "vf", d->vf);
	jsonout_text(j, "driver", d->driver);
	verdict_json(j, inv, d);
	users_json(j, inv, d);
	jsonout_end(j);
}

static void group_json(const struct group *g, void *arg)
{
	struct jsonout *j = arg;

	jsonout_object(j, NULL);
	jsonout_index(j, "group", g->number);
	jsonout_text(
		j, "verdict", group_word(group_judge_all(g->inv, &g->inv->devs[g->members[0]])));
	jsonout_array(j, "devices");
	for (size_t i = 0; i < g->n; i++)
		device_json(j, g->inv, &g->inv->devs[g->members[i]]);
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

/*
 * Calls FN for each group that O asks for, by number, devices without a group last. What is no PCI
 * function is not in any, and has to be asked for.
 */
static void each_group(const struct inventory *inv, const struct groups_options *o,
	void (*fn)(const struct group *g, void *arg), void *arg)
{
	_cleanup_free_ size_t *members = mem_new(inv->n_devs, sizeof(*members));
	struct group g = { .inv = inv };
	size_t n = 0;

	for (size_t i = 0; i < inv->n_devs; i++)
		if (inv->devs[i].addr.kind == PCIADDR_PCI || (o->devs && o->devs[i]))
			members[n++] = i;
	qsort_r(members, n, sizeof(*members), cmp_members, (void *)inv);
	for (size_t i = 0; i < n; i += g.n) {
		g.members = members + i;
		g.number = inv->devs[members[i]].iommu_group;
		g.n = 1;
		while (g.number >= 0 && i + g.n < n &&
			inv->devs[members[i + g.n]].iommu_group == g.number)
			g.n++;
		if (is_chosen(&g, o))
			fn(&g, arg);
	}
}

/* What the table's callbacks share. */
struct text {
	const struct groups_options *options;
	struct table rows;
	struct buf notes;
	size_t last_note; /* where it begins */
};

/*
 * Whether the advice on the device belongs below the table: that the chipset's devices share groups
 * is so on all hosts, and that a driver of the host has something is mostly meant.
 */
static bool is_noted(
	const struct groups_options *o, const struct dev *d, enum group_verdict v, size_t index)
{
	return (o->devs && o->devs[index]) || (d->pf >= 0 && v != GROUP_DRIVER);
}

/* Adds the advice on D in a line of its own, but not what the line before says already. */
static void add_note(struct text *t, const struct group *g, const struct dev *d)
{
	_cleanup_(buf_done) struct buf advice = { 0 }, line = { 0 };

	if (!group_advice(&advice, g->inv, d))
		return;
	if (g->n > 1)
		buf_addf(&line, "group %d: %s\n", g->number, buf_text(&advice));
	else
		buf_addf(&line, "%s: %s\n", g->number < 0 ? "no group" : pciaddr_text(d->addr).s,
			buf_text(&advice));
	if (strcmp(buf_text(&t->notes) + t->last_note, buf_text(&line)) == 0)
		return;
	t->last_note = t->notes.len;
	buf_add(&t->notes, buf_text(&line));
}

static void group_rows(const struct group *g, void *arg)
{
	struct text *t = arg;

	for (size_t i = 0; i < g->n; i++) {
		const struct dev *d = &g->inv->devs[g->members[i]];

		add_row(&t->rows, g, d);
		if (is_noted(t->options, d, group_judge(g->inv, d), g->members[i]))
			add_note(t, g, d);
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
		{ "IN USE", TABLE_LEFT, true },
		{ "ASSIGNABLE", TABLE_LEFT, false },
	};
	struct text t = { .options = o,
		.rows = { .columns = columns, .n_columns = ARRAY_SIZE(columns) } };

	if (!inv->has_iommu) {
		buf_add(b, "This host has no IOMMU in use: no device can be given to a guest.\n"
			   "Switch VT-d (Intel) or AMD-Vi on in the firmware; some kernels also "
			   "need intel_iommu=on.\n");
		return;
	}
	each_group(inv, o, group_rows, &t);
	table_render(&t.rows, o->screen, b);
	if (t.notes.len)
		buf_addf(b, "\n%s", buf_text(&t.notes));
	table_done(&t.rows);
	buf_done(&t.notes);
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
