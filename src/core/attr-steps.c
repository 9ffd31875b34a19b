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

size_t attr_steps(const struct vf_attrs *now, const struct vf_attrs *want, int vf,
	struct step steps[static ATTR_STEPS_MAX])
{
	struct finder f = { now, want, vf, steps, 0 };

	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
		if (id != VF_MIN_TX_RATE && id != VF_MAX_TX_RATE)
			add(&f, id);
	add_rates(&f);
	return f.n;
}
