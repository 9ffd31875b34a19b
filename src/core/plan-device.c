/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a plan that is about whole functions: they change their driver, and no more. */
#include "base/str.h"
#include "core/plan.h"

static union vf_value text(const char *s)
{
	return (union vf_value){ .s = s };
}

static struct step *emit(
	struct plan_pf *out, enum step_kind kind, const char *before, const char *after)
{
	out->steps = mem_grow(out->steps, out->n_steps, sizeof(*out->steps));
	out->steps[out->n_steps] = step_make(kind, -1, text(before), text(after));
	return &out->steps[out->n_steps++];
}

/* "0000:05:00.0 is in use: enp5s0 is up", or NULL when the function is idle. */
static const char *used_text(struct plan *p, const struct inventory *inv, const struct dev *d)
{
	_cleanup_(buf_done) struct buf b = { 0 }, why = { 0 };

	if (!inventory_whole_used(inv, d, &why))
		return NULL;
	buf_addf(&b, "%s is in use: %s", pciaddr_text(d->addr).s, buf_text(&why));
	return mem_intern(p->strings, buf_text(&b));
}

/*
 * Pinned before it is bound, and whether it is bound already or not: what the pin says holds when
 * the host's driver is loaded later.
 */
static void plan_driver(
	struct plan *p, struct plan_pf *out, const struct want_dev *w, const struct dev *d)
{
	bool change = !str_is(d->driver, w->driver);
	struct step *s;

	if (change && w->driver && !inventory_has_driver(out->inv, w->driver))
		emit(out, STEP_LOAD_DRIVER, NULL, w->driver);
	if (change && d->driver) {
		s = emit(out, STEP_VF_UNBIND, d->driver, NULL);
		s->effect = STEP_TAKES_DEVICE;
		s->used = used_text(p, out->inv, d);
	}
	if (!str_is(d->override, w->override))
		emit(out, STEP_VF_OVERRIDE, d->override, w->override);
	if (change && w->driver)
		emit(out, STEP_VF_BIND, NULL, w->driver);
}

static int cmp_steps(const void *a, const void *b)
{
	return step_cmp(a, b);
}

void plan_devices(struct plan *p, const struct want *want, const struct inventory *inv)
{
	p->pfs = mem_resize(p->pfs, p->n_pfs + want->n_devs, sizeof(*p->pfs));
	for (size_t i = 0; i < want->n_devs; i++) {
		const struct want_dev *w = &want->devs[i];
		const struct dev *d = &inv->devs[w->dev];
		const struct netdev *n = d->netdev < 0 ? NULL : &inv->netdevs[d->netdev];
		struct plan_pf *out = &p->pfs[p->n_pfs++];

		*out = (struct plan_pf){ .addr = d->addr,
			.ifindex = n ? n->ifindex : 0,
			.netdev = n ? n->name : NULL,
			.driver = d->driver,
			.entry = w->entry,
			.inv = inv,
			.whole = true,
			.dev = w->dev };
		plan_driver(p, out, w, d);
		if (out->n_steps)
			qsort(out->steps, out->n_steps, sizeof(*out->steps), cmp_steps);
	}
}
