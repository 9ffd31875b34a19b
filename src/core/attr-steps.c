/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which attributes change, and in which order. */
#include "core/attr-steps.h"

/* What the functions below share. */
struct finder {
	const struct vf_attrs *now, *want;
	int vf;
	struct step *steps;
	size_t n;
};

/* The value that the VF reports for the attribute; NULL: none. */
static const union vf_value *value_now(const struct finder *f, enum vf_attr_id id)
{
	return f->now && vf_has(f->now, id) ? &f->now->v[id] : NULL;
}

/* Adds the step for attribute ID unless the VF already is so; returns it, or NULL. */
static struct step *add(struct finder *f, enum vf_attr_id id)
{
	const union vf_value *have = value_now(f, id);
	struct step *s = &f->steps[f->n];

	if (!vf_attr_is_on_host(id) || !vf_has(f->want, id) ||
		(have && vf_value_equal(id, *have, f->want->v[id])))
		return NULL;
	*s = step_attr(id, f->vf, f->want->v[id].n);
	s->fresh = !f->now;
	if (have) {
		s->before_known = true;
		s->before = *have;
	}
	f->n++;
	return s;
}

/*
 * Both rates travel in one structure and the kernel wants min <= max after each message, so where
 * both change, the one that makes room goes first.
 */
static void add_rates(struct finder *f)
{
	const union vf_value *min_now = value_now(f, VF_MIN_TX_RATE);
	const union vf_value *max_now = value_now(f, VF_MAX_TX_RATE);
	const struct vf_attrs *want = f->want;
	uint64_t min_before = min_now ? min_now->n : 0, max_before = max_now ? max_now->n : 0;
	uint64_t min_after = vf_has(want, VF_MIN_TX_RATE) ? want->v[VF_MIN_TX_RATE].n : min_before;
	uint64_t max_after = vf_has(want, VF_MAX_TX_RATE) ? want->v[VF_MAX_TX_RATE].n : max_before;
	bool max_first = max_after == 0 || max_after >= min_before;
	struct step *s;

	s = add(f, VF_MIN_TX_RATE);
	if (s)
		s->pair = max_first ? max_after : max_before;
	s = add(f, VF_MAX_TX_RATE);
	if (s) {
		s->pair = max_first ? min_before : min_after;
		s->order = max_first ? 2 * VF_MIN_TX_RATE - 1 : s->order;
	}
}

/* A step for ID to AFTER, whatever it is now: one before that makes it necessary. */
static struct step *force(struct finder *f, enum vf_attr_id id, uint64_t after)
{
	const union vf_value *have = value_now(f, id);
	struct step *s = &f->steps[f->n++];

	*s = step_attr(id, f->vf, after);
	s->fresh = !f->now;
	if (have) {
		s->before_known = true;
		s->before = *have;
	}
	return s;
}

static bool is_wanted(const struct finder *f, enum vf_attr_id id, uint64_t n)
{
	return vf_has(f->want, id) && f->want->v[id].n == n;
}

/* Whether the step for ID is there, because the VF is not yet so. */
static bool changes(const struct finder *f, enum vf_attr_id id)
{
	const union vf_value *have = value_now(f, id);

	return vf_has(f->want, id) && !(have && have->n == f->want->v[id].n);
}

/* Gives the VF, whose controller has just lost them, what it is to have of ID, or else had. */
static void assign_again(struct finder *f, enum vf_attr_id id, bool keep)
{
	const union vf_value *have = value_now(f, id);

	if (vf_has(f->want, id) && f->want->v[id].n)
		force(f, id, f->want->v[id].n);
	else if (!vf_has(f->want, id) && keep && have && have->n)
		force(f, id, have->n);
}

/*
 * Resources can only be changed while the VF's controller is offline, and going offline takes all
 * of them (NVMe: Secondary Controller Offline).
 */
static void add_nvme(struct finder *f)
{
	const union vf_value *online = value_now(f, VF_ONLINE);
	bool moves = changes(f, VF_VQ_RESOURCES) || changes(f, VF_VI_RESOURCES);
	bool off = is_wanted(f, VF_ONLINE, 0);

	if (!moves && !changes(f, VF_ONLINE))
		return;
	if (online ? !online->n : !off) {
		add(f, VF_VQ_RESOURCES);
		add(f, VF_VI_RESOURCES);
		add(f, VF_ONLINE);
		return;
	}
	step_release(force(f, VF_ONLINE, 0));
	assign_again(f, VF_VQ_RESOURCES, !off);
	assign_again(f, VF_VI_RESOURCES, !off);
	if (!off)
		force(f, VF_ONLINE, 1);
}

size_t attr_steps(const struct vf_attrs *now, const struct vf_attrs *want, int vf,
	struct step steps[static ATTR_STEPS_MAX])
{
	struct finder f = { now, want, vf, steps, 0 };

	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
		if (id != VF_MIN_TX_RATE && id != VF_MAX_TX_RATE && vf_attr(id)->way != VF_BY_NVME)
			add(&f, id);
	add_rates(&f);
	add_nvme(&f);
	return f.n;
}
