/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way back: the first value recorded for each thing is what it was. */
#include "core/undo.h"

/* Index in `pfs` of the PF at A, or -1. */
static int find_pf(const struct inventory *inv, struct pciaddr a)
{
	for (size_t i = 0; i < inv->n_pfs; i++)
		if (pciaddr_cmp(inventory_pf_dev(inv, &inv->pfs[i])->addr, a) == 0)
			return (int)i;
	return -1;
}

static struct want_pf *get_pf(struct want *w, const struct inventory *inv, size_t pf)
{
	struct want_pf *out;
	const struct pf *now = &inv->pfs[pf];
	unsigned n = now->n_vfs ? now->vfs[now->n_vfs - 1].index + 1 : 0;

	for (size_t i = 0; i < w->n_pfs; i++)
		if (w->pfs[i].pf == pf)
			return &w->pfs[i];
	w->pfs = mem_grow(w->pfs, w->n_pfs, sizeof(*w->pfs));
	out = &w->pfs[w->n_pfs++];
	*out = (struct want_pf){ .pf = pf, .n_vfs = n };
	return out;
}

static enum tri tri_of(uint64_t on)
{
	return on ? TRI_ON : TRI_OFF;
}

/* The wanted VF of PF that S is about, or NULL; NULL too when the VFs themselves were changed. */
static struct want_vf *get_vf(struct want_pf *pf, const struct step *s)
{
	if (pf->counted || s->vf < 0 || (unsigned)s->vf >= pf->n_vfs)
		return NULL;
	if (!pf->vfs)
		pf->vfs = mem_new(pf->n_vfs, sizeof(*pf->vfs));
	return &pf->vfs[s->vf];
}

static void want_count(struct want_pf *pf, const struct step *s)
{
	if (pf->counted)
		return;
	pf->counted = true;
	pf->n_vfs = (unsigned)s->before.n;
	free(pf->vfs);
	pf->vfs = NULL;
}

static void want_driver(struct want_vf *vf, const char *driver)
{
	if (!vf_has(&vf->attrs, VF_DRIVER))
		vf_set_s(&vf->attrs, VF_DRIVER, driver ? driver : VF_DRIVER_NONE);
}

static void want_override(struct want_vf *vf, const char *override)
{
	if (vf->unpinned)
		return;
	vf->unpinned = true;
	vf->override = override;
}

/* Takes over what S says was before, unless an earlier step said it already. */
static void add_pf_step(struct want_pf *pf, const struct step *s)
{
	if (s->kind == STEP_PF_UP && pf->up == TRI_UNSET)
		pf->up = tri_of(s->before.n);
	else if (s->kind == STEP_AUTOPROBE && pf->autoprobe == TRI_UNSET)
		pf->autoprobe = tri_of(s->before.n);
	else if (s->kind == STEP_VFS_REMOVE || s->kind == STEP_VFS_CREATE)
		want_count(pf, s);
}

static void add_vf_step(struct want_pf *pf, const struct step *s)
{
	struct want_vf *vf = get_vf(pf, s);

	if (!vf)
		return;
	if (s->kind == STEP_VF_UNBIND || s->kind == STEP_VF_BIND)
		want_driver(vf, s->before.s);
	else if (s->kind == STEP_VF_OVERRIDE)
		want_override(vf, s->before.s);
	else if (s->kind == STEP_VF_ATTR && s->before_known && !vf_has(&vf->attrs, s->attr))
		vf_set_n(&vf->attrs, s->attr, s->before.n);
}

/* The planner reads as many VFs as there are to be. */
static void finish(struct want *w)
{
	for (size_t i = 0; i < w->n_pfs; i++)
		if (!w->pfs[i].vfs)
			w->pfs[i].vfs = mem_new(w->pfs[i].n_vfs, sizeof(*w->pfs[i].vfs));
}

struct want *undo_make(const struct undo_entry *entries, size_t n, const struct inventory *inv)
{
	struct want *w = mem_new(1, sizeof(*w));

	for (size_t i = 0; i < n; i++) {
		int pf = find_pf(inv, entries[i].pf);

		if (pf < 0)
			continue;
		if (entries[i].step.vf < 0)
			add_pf_step(get_pf(w, inv, (size_t)pf), &entries[i].step);
		else
			add_vf_step(get_pf(w, inv, (size_t)pf), &entries[i].step);
	}
	finish(w);
	return w;
}

void undo_recall(struct want *w, const struct undo_entry *entries, size_t n, const struct inventory *inv)
{
	for (size_t i = 0; i < w->n_pfs; i++) {
		struct pciaddr addr = inventory_pf_dev(inv, &inv->pfs[w->pfs[i].pf])->addr;

		for (size_t j = 0; j < n && w->pfs[i].autoprobe == TRI_UNSET; j++)
			if (entries[j].step.kind == STEP_AUTOPROBE && pciaddr_cmp(entries[j].pf, addr) == 0)
				w->pfs[i].autoprobe = tri_of(entries[j].step.before.n);
	}
}
