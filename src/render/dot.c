/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host as a picture, in Graphviz's language. */
#include <stdarg.h>
#include <string.h>

#include "core/group.h"
#include "render/dot-users.h"
#include "render/dot.h"
#include "render/text.h"

/* One picture while it is made. */
struct picture {
	struct buf *b;
	const struct inventory *inv;
	const bool *pfs; /* NULL: all */
	struct dot_users users;
	struct buf edges;                /* they follow the nodes */
	struct buf column_pf, column_vf; /* nodes outside of boxes, from top to bottom */
};

static const struct colours {
	const char *fill, *line;
} for_guests = { "#dce8f8", "#4a78b5" }, for_host = { "#def1dc", "#4d9a4b" },
  without_driver = { "#ffffff", "#8a8a8a" }, of_guest = { "#fdebcf", "#c98a1b" },
  of_process = { "#eee6f6", "#7d5ba6" };

/*
 * Appends S for a text in double quotes. Graphviz gives backslashes a meaning of its own (\N is the
 * node's name), and turns &lt; and the like into characters.
 */
static void add_escaped(struct buf *b, const char *s)
{
	_cleanup_(buf_done) struct buf text = { 0 };

	text_escape(&text, s);
	for (const char *p = buf_text(&text); *p; p++) {
		if (*p == '"' || *p == '\\')
			buf_addn(b, "\\", 1);
		buf_addn(b, p, 1);
		if (*p == '&')
			buf_add(b, "amp;");
	}
}

/* Begins another line of a label. */
static void add_break(struct buf *b)
{
	buf_add(b, "\\n");
}

/* Puts D's node below the others in COLUMN. */
static void add_below(struct buf *column, const struct dev *d)
{
	buf_addf(column, "%s\"%s\"", column->len ? " -> " : "", pciaddr_text(d->addr).s);
}

/* Ends a column: its nodes stay in their order, which Graphviz would choose by itself. */
static void add_column(struct buf *b, struct buf *column)
{
	if (column->len)
		buf_addf(b, "\t{ rank=same; edge [style=invis]; %s; }\n", buf_text(column));
	buf_done(column);
}

static bool is_shown(const struct picture *p, const struct dev *d)
{
	return d->pf >= 0 && (!p->pfs || p->pfs[d->pf]);
}

static void add_style(struct buf *b, const struct colours *c, const char *more)
{
	buf_addf(b, "fillcolor=\"%s\", color=\"%s\"%s", c->fill, c->line, more);
}

/* Begins the statement of D's node, up to its label. */
static void begin_node(struct picture *p, const struct dev *d)
{
	buf_addf(p->b, "\t\"%s\" [label=\"", pciaddr_text(d->addr).s);
}

static void add_driver(struct buf *b, const struct dev *d)
{
	add_escaped(b, d->driver ? d->driver : "no driver");
}

static const char *link_text(const struct netdev *n)
{
	if (!n)
		return "";
	if (!n->up)
		return ", down";
	return n->carrier ? ", link up" : ", no link";
}

static void add_pf(struct picture *p, const struct dev *d)
{
	const struct pf *pf = &p->inv->pfs[d->pf];
	const struct netdev *n = inventory_pf_netdev(p->inv, pf);

	begin_node(p, d);
	add_escaped(p->b, n ? n->name : inventory_class_name(d->class_code));
	add_break(p->b);
	buf_addf(p->b, "%s  ", pciaddr_text(d->addr).s);
	add_driver(p->b, d);
	if (n && n->has_mac) {
		add_break(p->b);
		buf_add(p->b, macaddr_text(n->mac).s);
	}
	add_break(p->b);
	if (inventory_limit_known(p->inv, pf))
		buf_addf(p->b, "%zu/%u VFs", pf->n_vfs, pf->total_vfs);
	else
		buf_addf(p->b, "%zu/? VFs", pf->n_vfs);
	buf_addf(p->b,
		"%s\", fillcolor=\"%s\", fontcolor=\"#ffffff\", penwidth=0, "
		"margin=\"0.16,0.1\"];\n",
		link_text(n), !n || (n->up && n->carrier) ? "#34495e" : "#85919d");
}

static const struct colours *driver_colours(const struct dev *d)
{
	if (!d->driver)
		return &without_driver;
	return strstr(d->driver, "vfio") ? &for_guests : &for_host;
}

/* Whether D is the only one of its group but for bridges: then it needs no box. */
static bool is_alone(const struct picture *p, const struct dev *d)
{
	return d->iommu_group < 0 || !(group_others(p->inv, d, GROUP_FREE, NULL) ||
					     group_others(p->inv, d, GROUP_HELD, NULL));
}

/* What is between the facts in a line: nothing before the first one. */
static const char *gap(size_t *n)
{
	return (*n)++ ? "  " : "\\n";
}

/* The second line: MAC address, VLAN, and the group if no box says it. */
static void add_vf_facts(struct picture *p, const struct dev *d, const struct vf_attrs *a)
{
	size_t n = 0;

	if (vf_has(a, VF_MAC))
		buf_addf(p->b, "%s%s", gap(&n), macaddr_text(a->v[VF_MAC].n).s);
	if (vf_has(a, VF_VLAN) && vlan_id(a->v[VF_VLAN].n))
		buf_addf(p->b, "%svlan %u", gap(&n), vlan_id(a->v[VF_VLAN].n));
	if (d->iommu_group >= 0 && is_alone(p, d))
		buf_addf(p->b, "%sgroup %d", gap(&n), d->iommu_group);
}

/* An address of zero stands out: the guest will make up another one at each start. */
static void add_vf(struct picture *p, const struct dev *d)
{
	static const struct vf_attrs none;
	const struct vf *vf = inventory_vf(&p->inv->pfs[d->pf], (unsigned)d->vf);
	const struct vf_attrs *a = vf ? &vf->attrs : &none;

	begin_node(p, d);
	buf_addf(p->b, "vf %d  %s  ", d->vf, pciaddr_text(d->addr).s);
	add_driver(p->b, d);
	add_vf_facts(p, d, a);
	buf_add(p->b, "\", width=2.6, ");
	add_style(p->b, driver_colours(d), d->driver ? "" : ", style=\"filled,rounded,dashed\"");
	if (vf_has(a, VF_MAC) && !macaddr_is_usable(a->v[VF_MAC].n))
		buf_add(p->b, ", fontcolor=\"#c0392b\"");
	buf_add(p->b, "];\n");
}

/* What stands in a box with a PF or VF, and is not shown itself. */
static void add_other(struct picture *p, const struct dev *d)
{
	begin_node(p, d);
	buf_addf(p->b, "%s  %s", inventory_class_name(d->class_code), pciaddr_text(d->addr).s);
	add_break(p->b);
	add_driver(p->b, d);
	buf_add(p->b, "\", ");
	add_style(p->b, driver_colours(d), ", style=\"filled\"");
	buf_add(p->b, "];\n");
}

static void add_node(struct picture *p, const struct dev *d)
{
	if (!is_shown(p, d))
		add_other(p, d);
	else if (d->vf < 0)
		add_pf(p, d);
	else
		add_vf(p, d);
}

/* What is to be said of all that is in the box. */
static void add_box_label(struct picture *p, const struct dev *d)
{
	_cleanup_free_ const struct dev **ports = mem_new(p->inv->n_devs, sizeof(*ports));
	size_t n = group_others(p->inv, d, GROUP_PORT, ports);
	bool good = group_is_assignable(group_judge_all(p->inv, d));

	buf_addf(p->b, "\t\tgraph [label=\"IOMMU group %d", d->iommu_group);
	for (size_t i = 0; i < n; i++)
		buf_addf(p->b, "%s%s", i ? ", " : ", joined by ", pciaddr_text(ports[i]->addr).s);
	add_break(p->b);
	buf_addf(p->b, "%s\", color=\"%s\", fontcolor=\"%s\", bgcolor=\"%s\", style=dashed];\n",
		good ? "only as a whole for a guest" : "not for guests: the host has a part of it",
		good ? "#c98a1b" : "#c0392b", good ? "#8a5f10" : "#c0392b",
		good ? "#fffaf1" : "#fdf4f2");
}

/*
 * The functions that share D's group, around them a box. They are DONE then. From the last to the
 * first: Graphviz fills boxes from below when the ranks go from left to right.
 */
static void add_box(struct picture *p, const struct dev *d, bool *done)
{
	buf_addf(p->b, "\tsubgraph \"cluster group %d\" {\n", d->iommu_group);
	add_box_label(p, d);
	for (size_t i = p->inv->n_devs; i-- > 0;) {
		const struct dev *o = &p->inv->devs[i];

		if (o->iommu_group != d->iommu_group || group_is_port(o))
			continue;
		done[i] = true;
		buf_add(p->b, "\t");
		add_node(p, o);
	}
	buf_add(p->b, "\t}\n");
}

static void add_function(struct picture *p, int dev, bool *done)
{
	const struct dev *d = &p->inv->devs[dev];

	if (done[dev])
		return;
	if (!is_alone(p, d)) {
		add_box(p, d, done);
		return;
	}
	add_node(p, d);
	add_below(d->vf < 0 ? &p->column_pf : &p->column_vf, d);
}

/* The lines from PF to VF and on to its user. */
static void add_edges(struct picture *p, const struct pf *pf, const struct dev *d)
{
	struct dot_use use;

	buf_addf(&p->edges, "\t\"%s\" -> \"%s\";\n",
		pciaddr_text(inventory_pf_dev(p->inv, pf)->addr).s, pciaddr_text(d->addr).s);
	if (!dot_users_add(&p->users, p->inv, d, &use))
		return;
	buf_addf(&p->edges, "\t\"%s\" -> \"user %zu\" [", pciaddr_text(d->addr).s, use.user);
	if (use.label) {
		buf_add(&p->edges, "label=\"");
		add_escaped(&p->edges, use.label);
		buf_add(&p->edges, "\", ");
	}
	buf_add(&p->edges,
		use.now ? "color=\"#333333\", penwidth=1.6" : "style=dashed, color=\"#777777\"");
	buf_add(&p->edges, "];\n");
}

static void add_user(struct picture *p, size_t i)
{
	static const struct {
		const char *shape;
		const struct colours *colours;
	} kinds[] = {
		[DOT_GUEST] = { "box3d", &of_guest },
		[DOT_PROCESS] = { "box", &of_process },
		[DOT_HOST] = { "ellipse", &for_host },
	};
	const struct dot_user *u = &p->users.list[i];

	buf_addf(p->b, "\t\"user %zu\" [label=\"", i);
	add_escaped(p->b, u->label);
	buf_addf(p->b, "\", shape=%s, style=filled, ", kinds[u->kind].shape);
	add_style(p->b, kinds[u->kind].colours, "];\n");
}

/* The host's name, and what the colours mean. */
static void add_head(struct picture *p)
{
	buf_add(p->b, "digraph sriov {\n"
		      "\trankdir=LR;\n"
		      "\tranksep=\"0.7\";\n"
		      "\tnodesep=\"0.07\";\n"
		      "\tbgcolor=\"#ffffff\";\n"
		      "\tfontname=\"Helvetica,Arial,sans-serif\";\n"
		      "\tfontsize=10;\n"
		      "\tnode [shape=box, style=\"filled,rounded\", fontsize=10, height=0.1, "
		      "margin=\"0.12,0.05\", fontname=\"Helvetica,Arial,sans-serif\"];\n"
		      "\tedge [arrowhead=none, color=\"#9aa5b1\", fontsize=9, "
		      "fontname=\"Helvetica,Arial,sans-serif\"];\n"
		      "\tlabelloc=t;\n"
		      "\tlabel=\"");
	add_escaped(p->b, p->inv->hostname);
	if (!p->inv->has_iommu)
		buf_add(p->b, ": no IOMMU in use, no device can be given to a guest");
	add_break(p->b);
	buf_add(p->b, "VFs: blue for guests (VFIO), green for the host, dashed without a driver");
	add_break(p->b);
	buf_add(p->b, "\";\n");
}

void dot_text(struct buf *b, const struct inventory *inv, const bool *pfs)
{
	struct mem_pool *strings = mem_pool_new();
	_cleanup_free_ bool *done = mem_new(inv->n_devs, sizeof(*done));
	struct picture p = { .b = b, .inv = inv, .pfs = pfs, .users = { .strings = strings } };

	add_head(&p);
	if (!inv->n_pfs)
		buf_add(b, "\t\"none\" [label=\"no PF with the SR-IOV capability\", "
			   "fillcolor=\"#ffffff\"];\n");
	for (size_t i = 0; i < inv->n_pfs; i++) {
		const struct pf *pf = &inv->pfs[i];

		if (pfs && !pfs[i])
			continue;
		add_function(&p, pf->dev, done);
		for (size_t k = 0; k < pf->n_vfs; k++) {
			add_function(&p, pf->vfs[k].dev, done);
			add_edges(&p, pf, &inv->devs[pf->vfs[k].dev]);
		}
	}
	add_column(b, &p.column_pf);
	add_column(b, &p.column_vf);
	for (size_t i = 0; i < p.users.n; i++)
		add_user(&p, i);
	buf_addf(b, "\tedge [tailport=e, headport=w];\n%s}\n", buf_text(&p.edges));
	dot_users_done(&p.users);
	buf_done(&p.edges);
	mem_pool_free(strings);
}
