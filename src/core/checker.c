/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What checks share. */
#include <string.h>

#include "core/boot.h"
#include "core/checker.h"
#include "core/match.h"

static const char *keep(struct checker *c, const struct buf *b)
{
	return mem_intern(c->out->strings, buf_text(b));
}

static struct check_result *last(struct checker *c)
{
	return &c->out->results[c->out->n - 1];
}

void check_add(struct checker *c, enum check_verdict v, const char *fmt, ...)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct check_report *r = c->out;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	r->results = mem_grow(r->results, r->n, sizeof(*r->results));
	r->results[r->n++] = (struct check_result){
		.row = c->row, .verdict = v, .text = keep(c, &b)
	};
}

void check_about_dev(struct checker *c, size_t dev)
{
	const struct dev *d = &c->inv->devs[dev];

	last(c)->device = mem_intern(c->out->strings, pciaddr_text(d->addr).s);
}

void check_about_pf(struct checker *c, size_t p)
{
	check_about_dev(c, (size_t)c->inv->pfs[p].dev);
}

void check_about_line(struct checker *c, const char *file, unsigned line)
{
	last(c)->file = mem_intern(c->out->strings, file);
	last(c)->line = line;
}

void check_next(struct checker *c, const char *fmt, ...)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	last(c)->next = keep(c, &b);
}

void check_next_boot(struct checker *c, const char *head, bool add, const char *word)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	buf_add(&b, head);
	boot_advice(&b, c->facts, add, word);
	last(c)->next = keep(c, &b);
}

const struct want_pf *check_want(const struct checker *c, size_t p)
{
	for (size_t i = 0; c->in->want && i < c->in->want->n_pfs; i++)
		if (c->in->want->pfs[i].pf == p)
			return &c->in->want->pfs[i];
	return NULL;
}

/* The policy's entry for PF number P, also where the host cannot be as that says, or NULL. */
static const struct pf_policy *find_entry(const struct checker *c, size_t p)
{
	const struct policy *policy = c->in->policy;

	for (size_t i = 0; policy && i < policy->n_pfs; i++)
		if (policy_for_host(&policy->pfs[i], c->inv->hostname) &&
			match_fits(&policy->pfs[i], c->inv, p))
			return &policy->pfs[i];
	return NULL;
}

unsigned check_wanted_vfs(const struct checker *c, size_t p)
{
	const struct want_pf *w = check_want(c, p);
	const struct pf_policy *entry = find_entry(c, p);
	unsigned total = c->inv->pfs[p].total_vfs;

	if (w)
		return w->n_vfs;
	/* More than there can be is told by another check. */
	return entry && entry->vfs_kind == VFS_COUNT && entry->vfs < total ? entry->vfs : total;
}

static bool is_vfio(const char *driver)
{
	return driver && strstr(driver, "vfio");
}

static bool wants_vfio(const struct vf_attrs *a)
{
	return vf_has(a, VF_DRIVER) && is_vfio(a->v[VF_DRIVER].s);
}

static bool entry_wants_vfio(const struct pf_policy *entry)
{
	for (size_t i = 0; i < entry->n_vf; i++)
		if (wants_vfio(&entry->vf[i].attrs))
			return true;
	return wants_vfio(&entry->defaults.attrs);
}

bool check_wants_vfio(const struct checker *c, size_t p)
{
	const struct want_pf *w = check_want(c, p);
	const struct pf_policy *entry = find_entry(c, p);

	if (!inventory_is_pci(c->inv, &c->inv->pfs[p]))
		return false;
	if (!c->in->policy)
		return true;
	if (!w)
		return entry && entry_wants_vfio(entry);
	for (unsigned i = 0; i < w->n_vfs; i++) {
		const struct vf *vf = inventory_vf(&c->inv->pfs[p], i);

		if (wants_vfio(&w->vfs[i].attrs) || (!vf_has(&w->vfs[i].attrs, VF_DRIVER) && vf &&
							    is_vfio(c->inv->devs[vf->dev].driver)))
			return true;
	}
	return false;
}

bool check_wants_any_vfio(const struct checker *c)
{
	for (size_t p = 0; p < c->inv->n_pfs; p++)
		if (check_wants_vfio(c, p))
			return true;
	return !c->in->policy || c->in->policy->n_devices;
}

/* Adds one result for the N PFs at WHICH. */
static void add_pfs(
	struct checker *c, enum check_verdict v, const size_t *which, size_t n, const char *text)
{
	_cleanup_(buf_done) struct buf names = { 0 };

	if (!n)
		return;
	inventory_pf_names(c->inv, which, n, &names);
	check_add(c, v, "%s: %s", text, buf_text(&names));
}

static void check_each(struct checker *c, enum check_look (*look)(struct checker *c, size_t p),
	const char *good, const char *unknown, bool only_pci)
{
	_cleanup_free_ size_t *passed = mem_new(c->inv->n_pfs, sizeof(*passed));
	_cleanup_free_ size_t *silent = mem_new(c->inv->n_pfs, sizeof(*silent));
	size_t n_passed = 0, n_silent = 0, told = 0;

	for (size_t p = 0; p < c->inv->n_pfs; p++) {
		enum check_look l;

		if ((c->in->policy && !find_entry(c, p)) ||
			(only_pci && !inventory_is_pci(c->inv, &c->inv->pfs[p])))
			continue;
		l = look(c, p);
		told += l == CHECK_LOOK_TOLD;
		if (l == CHECK_LOOK_GOOD)
			passed[n_passed++] = p;
		else if (l == CHECK_LOOK_UNKNOWN)
			silent[n_silent++] = p;
	}
	add_pfs(c, CHECK_PASS, passed, n_passed, good);
	add_pfs(c, CHECK_SKIP, silent, n_silent, unknown);
	if (!n_passed && !n_silent && !told)
		check_add(c, CHECK_SKIP, "no PF that it could be about");
}

void check_each_pf(struct checker *c, enum check_look (*look)(struct checker *c, size_t p),
	const char *good, const char *unknown)
{
	check_each(c, look, good, unknown, false);
}

void check_each_pci(struct checker *c, enum check_look (*look)(struct checker *c, size_t p),
	const char *good, const char *unknown)
{
	check_each(c, look, good, unknown, true);
}
