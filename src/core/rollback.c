/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way back from a run that failed: units that were begun and not finished. */
#include "core/rollback.h"

/* The PF as it was when the plan was made. */
static const struct pf *pf_before(const struct rollback *r)
{
	return &r->pf->inv->pfs[r->pf->pf];
}

/* Whether a step of KIND got so far as PROGRESS, or farther. */
static bool got_to(const struct rollback *r, enum step_kind kind, enum progress progress)
{
	for (size_t i = 0; i < r->pf->n_steps; i++)
		if (r->pf->steps[i].kind == kind && r->progress[i] >= progress)
			return true;
	return false;
}

static bool is_begun(const struct rollback *r, enum step_kind kind)
{
	return got_to(r, kind, STEP_REFUSED);
}

/* Whether UNIT of VF (-1: of the PF) was begun, and not finished. */
static bool is_broken(const struct rollback *r, enum step_unit unit, int vf)
{
	bool begun = false, open = false;

	for (size_t i = 0; i < r->pf->n_steps; i++) {
		const struct step *s = &r->pf->steps[i];

		if (step_unit(s) != unit || s->vf != vf)
			continue;
		begun |= r->progress[i] != STEP_NOT_BEGUN;
		open |= r->progress[i] != STEP_DONE;
	}
	return begun && open;
}

/*
 * Whether the VF was there before this run, has been there since, and its driver is half changed.
 */
static bool is_driver_broken(const struct rollback *r, const struct vf *before)
{
	return !is_begun(r, STEP_VFS_CREATE) && is_broken(r, UNIT_DRIVER, (int)before->index);
}

bool rollback_needed(const struct rollback *r)
{
	const struct pf *before;

	if (r->pf->whole)
		return is_broken(r, UNIT_DRIVER, -1);
	before = pf_before(r);
	if (is_broken(r, UNIT_VFS, -1))
		return true;
	for (size_t i = 0; i < before->n_vfs; i++)
		if (is_driver_broken(r, &before->vfs[i]))
			return true;
	return false;
}

/* Wants the driver that the VF had, the same override, and the interface called the same. */
static void want_driver(struct want_vf *want, const struct inventory *inv, const struct vf *vf)
{
	const struct dev *d = &inv->devs[vf->dev];

	vf_set_s(&want->attrs, VF_DRIVER, d->driver ? d->driver : VF_DRIVER_NONE);
	want->unpinned = true;
	want->override = d->override;
	if (d->netdev >= 0 && !d->netdev_away)
		vf_set_s(&want->attrs, VF_NAME, inv->netdevs[d->netdev].name);
}

static void want_attrs(struct want_vf *want, const struct vf *vf)
{
	for (unsigned id = 0; id < _VF_ATTR_MAX; id++)
		if (vf_attr_is_on_host(id) && vf_has(&vf->attrs, id))
			vf_set_n(&want->attrs, id, vf->attrs.v[id].n);
}

/* The mode of the switch belongs to the VFs that lived in it. */
static void want_eswitch(const struct rollback *r, struct want_pf *want)
{
	uint64_t n;

	if (is_begun(r, STEP_PF_ESWITCH) &&
		pf_settings_get(&pf_before(r)->settings, PFSET_ESWITCH, "", &n))
		pfset_add(&want->settings, PFSET_ESWITCH, "", n);
}

/* Fills WANT with what of the VFs is to be put back, their number being right. */
static void want_vfs(const struct rollback *r, const struct pf *now, bool all, struct want_pf *want)
{
	const struct pf *before = pf_before(r);

	want->n_vfs = now->n_vfs ? now->vfs[now->n_vfs - 1].index + 1 : 0;
	want->vfs = mem_new(want->n_vfs, sizeof(*want->vfs));
	for (size_t i = 0; i < before->n_vfs; i++) {
		const struct vf *vf = &before->vfs[i];

		if (vf->index >= want->n_vfs)
			continue;
		if (all)
			want_attrs(&want->vfs[vf->index], vf);
		if (all || is_driver_broken(r, vf))
			want_driver(&want->vfs[vf->index], r->pf->inv, vf);
	}
}

static void want_back(const struct rollback *r, const struct pf *now, struct want_pf *want)
{
	const struct pf *before = pf_before(r);
	bool vfs = is_broken(r, UNIT_VFS, -1), same = now->n_vfs == before->n_vfs;

	/* Not for its sake do VFs go that stay. */
	if (vfs && !r->recounted && !(same && now->n_vfs))
		want_eswitch(r, want);
	if (vfs && !same && !r->recounted) {
		want->counted = true;
		want->n_vfs = (unsigned)before->n_vfs;
		want->vfs = mem_new(want->n_vfs, sizeof(*want->vfs));
		return;
	}
	if (vfs && is_begun(r, STEP_AUTOPROBE))
		want->autoprobe = before->autoprobe ? TRI_ON : TRI_OFF;
	want_vfs(r, now, vfs && same && r->recounted, want);
}

/* Wants for the whole device what it had. */
static void want_device_back(const struct rollback *r, const struct inventory *now, struct want *w)
{
	const struct dev *before = &r->pf->inv->devs[r->pf->dev];
	int dev = inventory_dev(now, r->pf->addr);

	if (dev < 0)
		return;
	w->devs = mem_new(1, sizeof(*w->devs));
	w->devs[w->n_devs++] = (struct want_dev){
		.dev = (size_t)dev, .driver = before->driver, .override = before->override
	};
}

struct want *rollback_make(const struct rollback *r, const struct inventory *now)
{
	struct want *w = mem_new(1, sizeof(*w));
	int pf = r->pf->whole ? -1 : inventory_find_pf(now, r->pf->addr);

	if (r->pf->whole)
		want_device_back(r, now, w);
	if (pf < 0)
		return w;
	w->pfs = mem_new(1, sizeof(*w->pfs));
	w->n_pfs = 1;
	w->pfs[0].pf = (size_t)pf;
	want_back(r, &now->pfs[pf], &w->pfs[0]);
	return w;
}

struct consent rollback_consent(const struct rollback *r)
{
	return (struct consent){ .recreate = got_to(r, STEP_VFS_CREATE, STEP_TAKEN) };
}

size_t rollback_removed(const struct rollback *r)
{
	return !r->pf->whole && is_begun(r, STEP_VFS_REMOVE) ? pf_before(r)->n_vfs : 0;
}
