/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the policy reserves as a whole, matched with a host. */
#include <string.h>

#include "core/group.h"
#include "core/match-device.h"
#include "core/match.h"
#include "core/vital.h"
#include "core/want.h"

#define NAMED_MAX 3 /* devices of a group that a message names */

/* What the functions below share. */
struct maker {
	const struct policy *policy;
	const struct inventory *inv;
	struct diag *diag;
	struct want *want;
	int *claims; /* per function: 1 + the entry that it is for, 0: none */
};

static const struct pf_policy *entry_of(const struct maker *m, const struct want_dev *w)
{
	return &m->policy->devices[w->entry - m->policy->n_pfs];
}

/* Adds a problem of the function with the index DEV for the entry with the index E of `devices`. */
static void complain(const struct maker *m, struct place at, size_t e, size_t dev, const char *text)
{
	diag_add(m->diag, at, (int)(m->policy->n_pfs + e), "%s: %s",
		pciaddr_text(m->inv->devs[dev].addr).s, text);
}

/* The first entry of `pfs` that is for this host and fits the function, or NULL. */
static const struct pf_policy *pf_entry(const struct maker *m, size_t dev)
{
	const struct dev *d = &m->inv->devs[dev];

	for (size_t i = 0; d->pf >= 0 && i < m->policy->n_pfs; i++)
		if (policy_for_host(&m->policy->pfs[i], m->inv->hostname) &&
			match_fits(&m->policy->pfs[i], m->inv, (size_t)d->pf))
			return &m->policy->pfs[i];
	return NULL;
}

static void drop(struct want *w, size_t dev)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n_devs; i++)
		if (w->devs[i].dev != dev)
			w->devs[kept++] = w->devs[i];
	w->n_devs = kept;
}

/* Whether no other entry is about the function; if one is, neither of the two counts. */
static bool claim(const struct maker *m, size_t e, size_t dev)
{
	const struct pf_policy *entry = &m->policy->devices[e], *other = pf_entry(m, dev);
	_cleanup_(buf_done) struct buf b = { 0 };

	if (m->claims[dev]) {
		other = &m->policy->devices[m->claims[dev] - 1];
		buf_addf(&b,
			"the entry at %s:%u (%s) names this device as well; one device has "
			"one entry",
			other->place.file, other->place.line, other->place.pointer);
		drop(m->want, dev);
	} else if (other) {
		buf_addf(&b,
			"the entry at %s:%u (%s) is about this PF's VFs: it has VFs, or it is "
			"reserved as a whole",
			other->place.file, other->place.line, other->place.pointer);
		want_drop_pf(m->want, (size_t)m->inv->devs[dev].pf);
	} else {
		m->claims[dev] = 1 + (int)e;
		return true;
	}
	complain(m, entry->match_at, e, dev, buf_text(&b));
	return false;
}

static void add_entry(const struct maker *m, size_t e)
{
	const struct pf_policy *entry = &m->policy->devices[e];
	_cleanup_free_ size_t *found = mem_new(m->inv->n_devs, sizeof(*found));
	size_t n = match_devices(
		entry, m->inv, (int)(m->policy->n_pfs + e), found, m->diag, &m->want->notes);
	struct want *w = m->want;

	for (size_t i = 0; i < n; i++) {
		if (!claim(m, e, found[i]))
			continue;
		w->devs = mem_grow(w->devs, w->n_devs, sizeof(*w->devs));
		w->devs[w->n_devs++] = (struct want_dev){ .dev = found[i],
			.entry = m->policy->n_pfs + e,
			.driver = entry->defaults.attrs.v[VF_DRIVER].s,
			.override = entry->defaults.attrs.v[VF_DRIVER].s };
	}
}

/* Appends why the function cannot have its driver. */
static bool lacks_iommu(const struct maker *m, const struct want_dev *w, struct buf *b)
{
	if (!want_driver_problem(m->inv, w->driver, b) && m->inv->devs[w->dev].iommu_group < 0 &&
		strstr(w->driver, "vfio"))
		group_advice(b, m->inv, &m->inv->devs[w->dev]);
	return b->len;
}

/* Appends that its VFs would go. */
static bool has_vfs(const struct maker *m, const struct want_dev *w, struct buf *b)
{
	const struct dev *d = &m->inv->devs[w->dev];

	if (d->pf < 0 || m->inv->pfs[d->pf].n_vfs == 0)
		return false;
	buf_addf(b,
		"it has %zu VFs, which would go with it: remove them first (`sriovctl reset "
		"%s`, if sriovctl made them)",
		m->inv->pfs[d->pf].n_vfs, pciaddr_text(d->addr).s);
	return true;
}

/* Appends which other devices of the group the host would keep, so that no guest could have W. */
static bool group_is_torn(const struct maker *m, const struct want_dev *w, struct buf *b)
{
	const struct dev *d = &m->inv->devs[w->dev];
	_cleanup_free_ const struct dev **list = mem_new(m->inv->n_devs, sizeof(*list));
	_cleanup_(buf_done) struct buf names = { 0 };
	size_t n = group_others(m->inv, d, GROUP_HELD, list), kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (m->claims[list[i] - m->inv->devs])
			continue;
		if (kept++ < NAMED_MAX)
			buf_addf(&names, "%s%s (%s)", kept > 1 ? ", " : "",
				pciaddr_text(list[i]->addr).s, list[i]->driver);
	}
	if (!kept)
		return false;
	if (kept > NAMED_MAX)
		buf_addf(&names, " and %zu more", kept - NAMED_MAX);
	buf_addf(b,
		"a guest gets IOMMU group %d as a whole, and the host keeps %s: give %s an "
		"entry in \"devices\" as well, or leave this one; ",
		d->iommu_group, buf_text(&names), kept > 1 ? "them" : "it");
	group_advice(b, m->inv, d);
	return true;
}

/* Whether the host can give up W's function; says why not. */
static bool check(const struct maker *m, const struct want_dev *w)
{
	const struct pf_policy *entry = entry_of(m, w);
	_cleanup_(buf_done) struct buf b = { 0 };
	struct place at = entry->match_at;

	if (lacks_iommu(m, w, &b))
		at = entry->defaults.at[VF_DRIVER];
	else if (!vital_text(m->inv, &m->inv->devs[w->dev], &b) && !has_vfs(m, w, &b) &&
		 !group_is_torn(m, w, &b))
		return true;
	complain(m, at, w->entry - m->policy->n_pfs, w->dev, buf_text(&b));
	return false;
}

static int dev_cmp(const void *a, const void *b)
{
	const struct want_dev *x = a, *y = b;

	return (x->dev > y->dev) - (x->dev < y->dev);
}

void want_sort_devices(struct want *w)
{
	if (w->n_devs)
		qsort(w->devs, w->n_devs, sizeof(*w->devs), dev_cmp);
}

void want_devices(
	struct want *w, const struct policy *p, const struct inventory *inv, struct diag *d)
{
	_cleanup_free_ int *claims = mem_new(inv->n_devs, sizeof(*claims));
	const struct maker m = { p, inv, d, w, claims };
	size_t kept = 0;

	for (size_t e = 0; e < p->n_devices; e++)
		if (policy_for_host(&p->devices[e], inv->hostname))
			add_entry(&m, e);
	want_sort_devices(w);
	for (size_t i = 0; i < w->n_devs; i++)
		if (check(&m, &w->devs[i]))
			w->devs[kept++] = w->devs[i];
	w->n_devs = kept;
}

bool want_keep_device(struct want *w, int dev)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n_devs; i++)
		if ((int)w->devs[i].dev == dev)
			w->devs[kept++] = w->devs[i];
	w->n_devs = kept;
	return kept;
}
