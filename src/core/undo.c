/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way back: the first value recorded for each thing is what it was. */
#include <string.h>

#include "base/str.h"
#include "core/undo.h"

/* What the functions below share. */
struct undo {
	const struct undo_entry *entries;
	size_t n;
	const struct inventory *inv;
	struct want *want;
	struct buf *left;
};

static bool is_count(enum step_kind kind)
{
	return kind == STEP_VFS_REMOVE || kind == STEP_VFS_CREATE;
}

static bool is_driver(enum step_kind kind)
{
	return kind == STEP_VF_UNBIND || kind == STEP_VF_BIND;
}

static bool is_setting(const struct step *s)
{
	return step_kind_setting(s->kind) != _PFSET_MAX;
}

/* Whether both are about the same thing of the same PF: its number of VFs, a VF's driver, … */
static bool is_same_thing(const struct undo_entry *a, const struct undo_entry *b)
{
	const struct step *s = &a->step, *t = &b->step;

	if (pciaddr_cmp(a->pf, b->pf) != 0 || s->vf != t->vf || s->attr != t->attr ||
		strcmp(s->item, t->item) != 0)
		return false;
	return s->kind == t->kind || (is_count(s->kind) && is_count(t->kind)) ||
	       (is_driver(s->kind) && is_driver(t->kind));
}

/* The first, or the last, of the entries about the same thing as number I. */
static size_t first_of(const struct undo *u, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (is_same_thing(&u->entries[j], &u->entries[i]))
			return j;
	return i;
}

static size_t last_of(const struct undo *u, size_t i)
{
	for (size_t j = u->n; j-- > i;)
		if (is_same_thing(&u->entries[j], &u->entries[i]))
			return j;
	return i;
}

static bool ra_is(const struct inventory *inv, const struct pf *pf, uint64_t n)
{
	const struct netdev *netdev = inventory_pf_netdev(inv, pf);

	return netdev && netdev->accept_ra >= 0 && (uint64_t)netdev->accept_ra == n;
}

static bool setting_is(
	const struct inventory *inv, const struct pf *pf, const struct step *s, bool after)
{
	uint64_t now;

	return inventory_setting(inv, pf, step_kind_setting(s->kind), s->item, &now) &&
	       (after ? now == s->after.n : s->before_known && now == s->before.n);
}

/* Whether the host has what S made (AFTER), or what was before it. */
static bool has(const struct undo *u, const struct pf *pf, const struct step *s, bool after)
{
	union vf_value v = after ? s->after : s->before;
	const struct vf *vf = s->vf < 0 ? NULL : inventory_vf(pf, (unsigned)s->vf);
	const struct dev *d = vf ? &u->inv->devs[vf->dev] : NULL;

	if (is_count(s->kind))
		return pf->n_vfs == v.n;
	if (s->kind == STEP_AUTOPROBE)
		return pf->autoprobe == (v.n != 0);
	if (s->kind == STEP_PF_RA)
		return ra_is(u->inv, pf, v.n);
	if (is_setting(s))
		return setting_is(u->inv, pf, s, after);
	if (!vf)
		return false;
	if (is_driver(s->kind))
		return str_is(d->driver, v.s);
	if (s->kind == STEP_VF_NAME)
		return d->netdev >= 0 && str_is(u->inv->netdevs[d->netdev].name, v.s);
	if (s->kind == STEP_VF_OVERRIDE)
		return str_is(d->override, v.s);
	return s->kind == STEP_VF_ATTR && vf_has(&vf->attrs, s->attr) &&
	       (after || s->before_known) && vf_value_equal(s->attr, vf->attrs.v[s->attr], v);
}

/*
 * Whether the host still is as the entries about the same thing as number I left it. A step is
 * recorded before it is done, so it may have failed, or never have been begun, and what was before
 * the last one is ours as well; so is all that a run went through which came to no end. Autoprobe
 * is recorded as on when it is: off after that is somebody else's.
 */
static bool is_as_left(const struct undo *u, size_t i, const struct pf *pf)
{
	const struct step *last = &u->entries[last_of(u, i)].step;

	if (has(u, pf, last, true))
		return true;
	if (last->kind == STEP_AUTOPROBE)
		return false;
	for (size_t j = 0; j < u->n; j++)
		if (u->entries[j].open && is_same_thing(&u->entries[j], &u->entries[i]) &&
			has(u, pf, &u->entries[j].step, true))
			return true;
	return has(u, pf, last, false);
}

static struct want_pf *get_pf(struct undo *u, size_t pf)
{
	const struct pf *now = &u->inv->pfs[pf];
	struct want *w = u->want;
	struct want_pf *out;

	for (size_t i = 0; i < w->n_pfs; i++)
		if (w->pfs[i].pf == pf)
			return &w->pfs[i];
	w->pfs = mem_grow(w->pfs, w->n_pfs, sizeof(*w->pfs));
	out = &w->pfs[w->n_pfs++];
	*out = (struct want_pf){ .pf = pf,
		.n_vfs = now->n_vfs ? now->vfs[now->n_vfs - 1].index + 1 : 0 };
	out->vfs = mem_new(out->n_vfs, sizeof(*out->vfs));
	return out;
}

static void want_count(struct want_pf *pf, unsigned n)
{
	free(pf->vfs);
	pf->vfs = mem_new(n, sizeof(*pf->vfs));
	pf->n_vfs = n;
	pf->counted = true;
}

/* Wants for S's VF, whose override is NOW, what was before S. */
static void want_vf_before(struct want_vf *vf, const struct step *s, const char *now)
{
	if (is_driver(s->kind)) {
		vf_set_s(&vf->attrs, VF_DRIVER, s->before.s ? s->before.s : VF_DRIVER_NONE);
		if (!vf->unpinned) /* or else what no entry is about would become a pin */
			vf->override = now;
		vf->unpinned = true;
	} else if (s->kind == STEP_VF_OVERRIDE) {
		vf->unpinned = true;
		vf->override = s->before.s;
	} else if (s->kind == STEP_VF_NAME && s->before.s) {
		vf_set_s(&vf->attrs, VF_NAME, s->before.s);
	} else if (s->kind == STEP_VF_ATTR && s->before_known) {
		vf_set_n(&vf->attrs, s->attr, s->before.n);
	}
}

/* Wants for PF what was before S, the first entry about its thing. */
static void want_before(struct undo *u, size_t pf, const struct step *s)
{
	const struct vf *vf = s->vf < 0 ? NULL : inventory_vf(&u->inv->pfs[pf], (unsigned)s->vf);
	struct want_pf *out = get_pf(u, pf);

	if (is_count(s->kind))
		want_count(out, (unsigned)s->before.n);
	else if (s->kind == STEP_AUTOPROBE)
		out->autoprobe = s->before.n ? TRI_ON : TRI_OFF;
	else if (is_setting(s) && s->before_known)
		pfset_add(&out->settings, step_kind_setting(s->kind), s->item, s->before.n);
	else if (s->kind == STEP_PF_RA)
		out->has_ra = true, out->ra = (unsigned)s->before.n;
	else if (vf && vf->index < out->n_vfs)
		want_vf_before(&out->vfs[vf->index], s, u->inv->devs[vf->dev].override);
}

static void tell_left(const struct undo *u, const struct undo_entry *e)
{
	_cleanup_(buf_done) struct buf what = { 0 };

	step_text(&what, &e->step);
	buf_addf(u->left,
		"%s: left as it is: after sriovctl's \"%s\" something else has changed it\n",
		pciaddr_text(e->pf).s, buf_text(&what));
}

/* It stays up; open to routers, it would give the host an address on the VFs' network. */
static bool keeps_ra(const struct undo *u, const struct pf *pf, const struct step *s)
{
	const struct netdev *n = inventory_pf_netdev(u->inv, pf);

	return s->kind == STEP_PF_RA && s->before.n && n && n->up;
}

/* Whether the PF's VFs are still those that the entries are about: made by them, or never made
 * anew. */
static bool vfs_are_ours(const struct undo *u, size_t i, const struct pf *pf)
{
	for (size_t j = 0; j < u->n; j++)
		if (pciaddr_cmp(u->entries[j].pf, u->entries[i].pf) == 0 &&
			is_count(u->entries[j].step.kind))
			return is_as_left(u, j, pf);
	return true;
}

/* Whether the entries themselves made the PF's VFs: these then go as a whole. */
static bool vfs_were_made(const struct undo *u, size_t i)
{
	for (size_t j = 0; j < u->n; j++)
		if (pciaddr_cmp(u->entries[j].pf, u->entries[i].pf) == 0 &&
			is_count(u->entries[j].step.kind))
			return true;
	return false;
}

/* The entries about the number of VFs, or about all else. */
static void undo_entries(struct undo *u, bool counts)
{
	for (size_t i = 0; i < u->n; i++) {
		const struct undo_entry *e = &u->entries[i];
		int pf = inventory_find_pf(u->inv, e->pf);
		bool as_left;

		if (pf < 0 || is_count(e->step.kind) != counts || first_of(u, i) != i ||
			e->step.kind == STEP_PF_UP || e->step.kind == STEP_LOAD_DRIVER ||
			(e->step.vf >= 0 && vfs_were_made(u, i)) ||
			keeps_ra(u, &u->inv->pfs[pf], &e->step))
			continue;
		/* What is as it was is back, and wants nothing more. */
		as_left = (is_as_left(u, i, &u->inv->pfs[pf]) ||
				  has(u, &u->inv->pfs[pf], &e->step, false)) &&
			  (e->step.vf < 0 || vfs_are_ours(u, i, &u->inv->pfs[pf]));
		if (as_left)
			want_before(u, (size_t)pf, &e->step);
		else if (counts ? u->inv->pfs[pf].n_vfs > 0 : is_setting(&e->step))
			tell_left(u, &u->entries[last_of(u, i)]);
	}
}

struct want *undo_make(
	const struct undo_entry *entries, size_t n, const struct inventory *inv, struct buf *left)
{
	struct undo u = { entries, n, inv, mem_new(1, sizeof(struct want)), left };

	undo_entries(&u, true);
	undo_entries(&u, false);
	undo_devices(u.want, entries, n, inv, left);
	return u.want;
}

unsigned undo_settings(const struct undo_entry *entries, size_t n)
{
	unsigned mask = 0;

	for (size_t i = 0; i < n; i++)
		if (is_setting(&entries[i].step))
			mask |= 1u << step_kind_setting(entries[i].step.kind);
	return mask;
}

/* Whether the last entry about the autoprobe of the PF at ADDR switched it off. */
static bool was_left_off(const struct undo_entry *entries, size_t n, struct pciaddr addr)
{
	bool off = false;

	for (size_t i = 0; i < n; i++)
		if (entries[i].step.kind == STEP_AUTOPROBE && pciaddr_cmp(entries[i].pf, addr) == 0)
			off = !entries[i].step.after.n;
	return off;
}

/* The driver that VF of the PF at ADDR was without when a run was stopped, or NULL. */
static const char *driver_in_flight(
	const struct undo_entry *entries, size_t n, struct pciaddr addr, int vf)
{
	const char *driver = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct step *s = &entries[i].step;

		if (pciaddr_cmp(entries[i].pf, addr) != 0)
			continue;
		if (is_count(s->kind) || (s->vf == vf && is_driver(s->kind)))
			driver = NULL; /* another VF by then, or what was is over */
		if (s->vf == vf && is_driver(s->kind) && entries[i].open)
			driver = s->kind == STEP_VF_UNBIND ? s->before.s : s->after.s;
	}
	return driver;
}

/*
 * The name as INV has it, which lives as long as the wanted state; NULL: no such driver is
 * registered.
 */
static const char *registered(const struct inventory *inv, const char *driver)
{
	for (size_t i = 0; driver && i < inv->n_drivers; i++)
		if (strcmp(inv->drivers[i], driver) == 0)
			return inv->drivers[i];
	return NULL;
}

static void recall_drivers(struct want_pf *w, const struct undo_entry *entries, size_t n,
	const struct inventory *inv, struct pciaddr addr)
{
	const struct pf *pf = &inv->pfs[w->pf];

	for (size_t i = 0; i < pf->n_vfs && !(w->counted && w->n_vfs != pf->n_vfs); i++) {
		unsigned vf = pf->vfs[i].index;

		if (vf < w->n_vfs)
			w->vfs[vf].rebind = registered(
				inv, driver_in_flight(entries, n, addr, (int)vf));
	}
}

void undo_recall(
	struct want *w, const struct undo_entry *entries, size_t n, const struct inventory *inv)
{
	for (size_t i = 0; i < w->n_pfs; i++) {
		struct pciaddr addr = inventory_pf_dev(inv, &inv->pfs[w->pfs[i].pf])->addr;

		if (w->pfs[i].autoprobe == TRI_UNSET && was_left_off(entries, n, addr))
			w->pfs[i].autoprobe = TRI_ON;
		recall_drivers(&w->pfs[i], entries, n, inv, addr);
	}
}
