/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way back of functions that were reserved as a whole. */
#include "base/str.h"
#include "core/undo.h"

/* What the entries say of one thing of a function: its driver, or its driver_override. */
struct course {
	const struct step *first, *last; /* NULL: nothing */
	bool as_left; /* it is now as an entry left it, or as it was before all of them */
};

/* Whether E is about a whole function; of PFs and VFs these kinds always have a VF. */
static bool is_whole(const struct undo_entry *e)
{
	return step_unit(&e->step) == UNIT_DRIVER && e->step.vf < 0;
}

/* Follows the entries about the function's override, or its driver, which is NOW. */
static struct course follow(const struct undo_entry *entries, size_t n, struct pciaddr addr,
	bool override, const char *now)
{
	struct course c = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct undo_entry *e = &entries[i];

		if (!is_whole(e) || pciaddr_cmp(e->pf, addr) != 0 ||
			(e->step.kind == STEP_VF_OVERRIDE) != override)
			continue;
		if (!c.first)
			c.first = &e->step;
		c.last = &e->step;
		/* A run that came to no end may have left what it was to go through. */
		c.as_left |= e->open && str_is(now, e->step.after.s);
	}
	if (c.last)
		c.as_left |= str_is(now, c.last->after.s) || str_is(now, c.last->before.s) ||
			     str_is(now, c.first->before.s);
	return c;
}

static void tell_left(struct buf *left, struct pciaddr addr, const struct step *s)
{
	_cleanup_(buf_done) struct buf what = { 0 };

	step_text(&what, s);
	buf_addf(left, "%s: left as it is: after sriovctl's \"%s\" something else has changed it\n",
		pciaddr_text(addr).s, buf_text(&what));
}

/* Wants the function with the index DEV as it was before the entries. */
static void want_before(struct want *w, const struct undo_entry *entries, size_t n,
	const struct inventory *inv, size_t dev, struct buf *left)
{
	const struct dev *d = &inv->devs[dev];
	struct course driver = follow(entries, n, d->addr, false, d->driver);
	struct course pin = follow(entries, n, d->addr, true, d->override);
	struct want_dev out = { .dev = dev, .driver = d->driver, .override = d->override };

	if (driver.first && driver.as_left)
		out.driver = driver.first->before.s;
	else if (driver.first)
		tell_left(left, d->addr, driver.last);
	if (pin.first && pin.as_left)
		out.override = pin.first->before.s;
	w->devs = mem_grow(w->devs, w->n_devs, sizeof(*w->devs));
	w->devs[w->n_devs++] = out;
}

void undo_devices(struct want *w, const struct undo_entry *entries, size_t n,
	const struct inventory *inv, struct buf *left)
{
	for (size_t i = 0; i < n; i++) {
		int dev = inventory_dev(inv, entries[i].pf);
		bool told = false;

		for (size_t k = 0; k < w->n_devs; k++)
			told |= (int)w->devs[k].dev == dev;
		if (dev >= 0 && is_whole(&entries[i]) && !told)
			want_before(w, entries, n, inv, (size_t)dev, left);
	}
	want_sort_devices(w);
}
