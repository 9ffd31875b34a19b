/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only shows of a snapshot's parts beside others: order, and who belongs to whom. */
#include <limits.h>
#include <string.h>

#include "core/quote.h"
#include "core/snapshot-read.h"

/* The texts at A and B; one that could not be read is NULL. */
static int compare_texts(const char *const *a, const char *const *b)
{
	return strcmp(*a ? *a : "", *b ? *b : "");
}

static int compare_field(const struct snap_field *f, const void *a, const void *b)
{
	int64_t x, y;

	if (f->type == SNAP_NAME)
		return compare_texts(snap_member(f, a), snap_member(f, b));
	if (f->type == SNAP_ADDRESS)
		return pciaddr_cmp(*(const struct pciaddr *)snap_member(f, a),
			*(const struct pciaddr *)snap_member(f, b));
	x = f->type == SNAP_DEVICE ? *(const int *)snap_member(f, a) : snap_number(f, a);
	y = f->type == SNAP_DEVICE ? *(const int *)snap_member(f, b) : snap_number(f, b);
	return (x > y) - (x < y);
}

/* By what elements of that kind are sorted by. */
static int compare(const struct snap_object *o, const void *a, const void *b)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i <= o->more_keys; i++)
		r = compare_field(&o->fields[i], a, b);
	return r;
}

/* An element has to stand behind the one before it. */
static bool check_order(struct snap_reader *c, const struct doc_value *v,
	const struct snap_object *o, const void *element)
{
	int r = o->order == SNAP_ANYHOW ? -1 : compare(o, (const char *)element - o->size, element);

	if (r < 0 || (r == 0 && o->order == SNAP_LEVEL))
		return true;
	if (r == 0)
		snap_complain(c, v, "%s of the same %s stands before it", o->name,
			o->fields[o->more_keys].key);
	else
		snap_complain(c, v, "stands behind %s of a higher %s: they are sorted by it",
			o->name, o->fields[0].key);
	return false;
}

/*
 * An interface without a number gets the next one: who writes by hand need not count. Returns
 * whether it had one.
 */
static bool check_netdev(
	struct snap_reader *c, const struct doc_value *v, struct netdev *n, bool first)
{
	int before = first ? 0 : n[-1].ifindex;

	if (!n->name)
		c->broken = true;
	else if (strpbrk(n->name, "/: \t\n\v\f\r"))
		snap_complain(c, v,
			"%s is no interface's name: there are no blanks, '/' or ':' in one",
			quote_text(n->name).s);
	if (n->ifindex)
		return true;
	if (before == INT_MAX)
		snap_complain(c, v, "there is no ifindex left for it");
	else
		n->ifindex = before + 1;
	return false;
}

static bool is_claimed(struct snap_reader *c, const struct doc_value *v, int dev)
{
	const struct dev *d = &c->inv->devs[dev];

	if (d->pf < 0)
		return false;
	snap_complain(c, v, "%s is already %s of \"pfs\"", pciaddr_text(d->addr).s,
		d->vf < 0 ? "one" : "a VF");
	return true;
}

static void claim_vf(
	struct snap_reader *c, const struct doc_value *v, const struct vf *vf, const struct pf *pf)
{
	if (vf->dev < 0 || is_claimed(c, v, vf->dev))
		return;
	c->inv->devs[vf->dev].pf = (int)(pf - c->inv->pfs);
	c->inv->devs[vf->dev].vf = (int)vf->index;
}

static void claim_pf(struct snap_reader *c, const struct doc_value *v, const struct pf *pf)
{
	if (pf->dev >= 0 && !is_claimed(c, v, pf->dev))
		c->inv->devs[pf->dev].pf = (int)(pf - c->inv->pfs);
}

/* The own interface of a device is one that sits on it: the first one, unless it is named. */
static void check_device_netdev(struct snap_reader *c, const struct doc_value *v, size_t i)
{
	struct dev *d = &c->inv->devs[i];

	if (d->netdev < 0)
		d->netdev = c->first_netdev[i];
	else if (c->inv->netdevs[d->netdev].dev != (int)i)
		snap_complain(c, v, "its interface %s is not one of this \"device\"",
			quote_text(c->inv->netdevs[d->netdev].name).s);
	if (d->netdev >= 0 && d->netdev_away)
		snap_complain(c, v, "its interface %s is in \"netdevs\", so it is not elsewhere",
			quote_text(c->inv->netdevs[d->netdev].name).s);
}

static void note_netdev(struct snap_reader *c, size_t i)
{
	int dev = c->inv->netdevs[i].dev;

	if (dev >= 0 && c->first_netdev[dev] < 0)
		c->first_netdev[dev] = (int)i;
}

/* Who refers to whom, once that is known. */
static void check_reference(struct snap_reader *c, const struct doc_value *v,
	const struct snap_object *o, const void *element, size_t i, const void *container)
{
	if (o == &snap_netdev)
		note_netdev(c, i);
	else if (o == &snap_device)
		check_device_netdev(c, v, i);
	else if (o == &snap_vf)
		claim_vf(c, v, element, container);
	else if (o == &snap_pf)
		claim_pf(c, v, element);
}

void snap_check_element(struct snap_reader *c, const struct doc_value *v,
	const struct snap_object *o, void *base, size_t i, bool identified, const void *container)
{
	void *element = (char *)base + i * o->size;
	struct dev *d = element;

	if (!c->references && o == &snap_netdev) {
		identified = check_netdev(c, v, element, i == 0);
	} else if (!c->references && o == &snap_device) {
		d->pf = d->vf = -1;
		c->broken |= !identified;
	}
	/* What it is ordered by may be known in one pass only. */
	if (identified && i > 0 && !check_order(c, v, o, element))
		c->broken |= o == &snap_device || o == &snap_netdev || o == &snap_pf;
	else if (c->references)
		check_reference(c, v, o, element, i, container);
}

static int name_cmp(const void *a, const void *b)
{
	const struct snap_name *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r ? r : (x->netdev > y->netdev) - (x->netdev < y->netdev);
}

static void check_names(struct snap_reader *c)
{
	for (size_t i = 1; i < c->inv->n_netdevs; i++)
		if (strcmp(c->names[i - 1].name, c->names[i].name) == 0) {
			snap_complain(c, c->names[i].v, "an interface called %s stands before it",
				quote_text(c->names[i].name).s);
			c->broken = true;
		}
}

void snap_index(struct snap_reader *c, const struct doc_value *netdevs)
{
	const struct doc_value *v = netdevs ? doc_first(c->doc, netdevs) : NULL;

	c->first_netdev = mem_new(c->inv->n_devs, sizeof(*c->first_netdev));
	for (size_t i = 0; i < c->inv->n_devs; i++)
		c->first_netdev[i] = -1;
	c->names = mem_new(c->inv->n_netdevs, sizeof(*c->names));
	if (c->broken)
		return;
	/* Each element of the array has become one. */
	for (size_t i = 0; i < c->inv->n_netdevs; i++, v = doc_next(c->doc, v))
		c->names[i] = (struct snap_name){ c->inv->netdevs[i].name, (int)i, v };
	qsort(c->names, c->inv->n_netdevs, sizeof(*c->names), name_cmp);
	check_names(c);
}

void snap_index_done(struct snap_reader *c)
{
	free(c->first_netdev);
	free(c->names);
}
