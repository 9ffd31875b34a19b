/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of one entry of a policy against each other. */
#include "core/policy-entry.h"

static int compare_ranges(const void *a, const void *b)
{
	const struct vf_policy *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	return (x->place.column > y->place.column) - (x->place.column < y->place.column);
}

static bool stands_before(const struct place *a, const struct place *b)
{
	return a->line < b->line || (a->line == b->line && a->column < b->column);
}

/* Each range against the one that reaches furthest of those that begin before it. */
static void check_overlap(const struct pf_policy *pf, struct diag *d)
{
	const struct vf_policy *widest = pf->vf;

	for (size_t i = 1; i < pf->n_vf; i++) {
		const struct vf_policy *range = &pf->vf[i];

		if (range->first <= widest->last) {
			bool swap = stands_before(&range->place, &widest->place);
			const struct place *later = swap ? &widest->place : &range->place;
			const struct place *earlier = swap ? &range->place : &widest->place;

			diag_add(d, *later, -1, "VF %u is already in the range at %s:%u:%u",
				range->first, earlier->file, earlier->line, earlier->column);
		}
		if (range->last > widest->last)
			widest = range;
	}
}

static void check_count(const struct pf_policy *pf, struct diag *d)
{
	for (size_t i = 0; pf->vfs_kind == VFS_COUNT && i < pf->n_vf; i++) {
		const struct vf_policy *range = &pf->vf[i];

		if (range->last < pf->vfs)
			continue;
		diag_add(d, range->place, -1, "there is no VF %u: \"vfs\" is %u%s", range->last,
			pf->vfs, pf->vfs > 0 ? ", and the first is VF 0" : "");
	}
}

/* Where the attribute that holds for RANGE was given: there, in `defaults`, or nowhere (NULL). */
static const struct vf_policy *giver(
	const struct pf_policy *pf, const struct vf_policy *range, enum vf_attr_id id)
{
	if (vf_has(&range->attrs, id))
		return range;
	return vf_has(&pf->defaults.attrs, id) ? &pf->defaults : NULL;
}

/* RANGE may be the defaults themselves. A maximum of 0 is none. */
static void check_rates(const struct pf_policy *pf, const struct vf_policy *range, struct diag *d)
{
	const struct vf_policy *min = giver(pf, range, VF_MIN_TX_RATE);
	const struct vf_policy *max = giver(pf, range, VF_MAX_TX_RATE);
	const struct place *other;
	uint64_t low, high;

	if (!min || !max || (min != range && max != range))
		return;
	low = min->attrs.v[VF_MIN_TX_RATE].n;
	high = max->attrs.v[VF_MAX_TX_RATE].n;
	if (high == 0 || low <= high)
		return;
	other = min == range ? &max->at[VF_MAX_TX_RATE] : &min->at[VF_MIN_TX_RATE];
	if (min == range)
		diag_add(d, min->at[VF_MIN_TX_RATE], -1,
			"%llu is more than max_tx_rate, which is %llu at %s:%u:%u",
			(unsigned long long)low, (unsigned long long)high, other->file, other->line,
			other->column);
	else
		diag_add(d, max->at[VF_MAX_TX_RATE], -1,
			"%llu is less than min_tx_rate, which is %llu at %s:%u:%u",
			(unsigned long long)high, (unsigned long long)low, other->file, other->line,
			other->column);
}

/* Whether RANGE has an address of that kind that only one VF can have. */
static bool has_own(const struct vf_policy *range, enum vf_attr_id id)
{
	return vf_has(&range->attrs, id) && (id != VF_MAC || range->attrs.v[id].n < VF_MAC_AUTO);
}

/* A fixed address, ID, is for one VF of one PF; OTHERWISE says what one for all may be. */
static void check_own(
	const struct pf_policy *pf, enum vf_attr_id id, const char *otherwise, struct diag *d)
{
	if (has_own(&pf->defaults, id))
		diag_add(d, pf->defaults.at[id], -1,
			"a fixed address in \"defaults\" would be given to every VF: %sgive each "
			"VF its own in \"vf\"",
			otherwise);
	for (size_t i = 0; i < pf->n_vf; i++) {
		const struct vf_policy *range = &pf->vf[i];

		if (!has_own(range, id))
			continue;
		if (range->first < range->last)
			diag_add(d, range->at[id], -1,
				"one address for VFs %u to %u: %sgive each VF its own",
				range->first, range->last, otherwise);
		else if (pf->many)
			diag_add(d, range->at[id], -1,
				"a fixed address would be given to VF %u of every PF that matches "
				"(\"many\"): %san entry per PF",
				range->first, *otherwise ? otherwise : "use ");
	}
}

/* As is a name; policy-parse-vf.c sees to ranges and defaults. */
static void check_names(const struct pf_policy *pf, struct diag *d)
{
	for (size_t i = 0; pf->many && i < pf->n_vf; i++)
		if (vf_has(&pf->vf[i].attrs, VF_NAME))
			diag_add(d, pf->vf[i].at[VF_NAME], -1,
				"would be the name of VF %u of every PF that matches (\"many\"): "
				"use an entry per PF",
				pf->vf[i].first);
}

void policy_check_entry(struct pf_policy *pf, struct diag *d)
{
	if (pf->n_vf > 0)
		qsort(pf->vf, pf->n_vf, sizeof(*pf->vf), compare_ranges);
	check_overlap(pf, d);
	check_count(pf, d);
	check_rates(pf, &pf->defaults, d);
	for (size_t i = 0; i < pf->n_vf; i++)
		check_rates(pf, &pf->vf[i], d);
	check_own(pf, VF_MAC, "use \"auto\", or ", d);
	check_own(pf, VF_NODE_GUID, "", d);
	check_own(pf, VF_PORT_GUID, "", d);
	check_names(pf, d);
}
