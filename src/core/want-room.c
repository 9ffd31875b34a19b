/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether there are bus numbers and addresses for the VFs that are wanted (kernel-facts §2.2). */
#include "core/want.h"

#define NEXT "the kernel will make none of them; `sriovctl check` tells what to do"

struct teller {
	const struct want_pf *want;
	const struct policy *policy;
	const struct inventory *inv;
	const struct pf *pf;
	struct diag *d;
};

static void tell(const struct teller *t, const char *text)
{
	const struct dev *d = inventory_pf_dev(t->inv, t->pf);

	diag_add(t->d, t->policy->pfs[t->want->entry].vfs_at, (int)t->want->entry, "%s: %s",
		pciaddr_text(d->addr).s, text);
}

static void tell_buses(const struct teller *t)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	unsigned n = t->want->n_vfs;

	if (inventory_vfs_on_buses(t->inv, t->pf, n) == n)
		return;
	buf_addf(&b,
		"%u VFs reach to bus %02x, and the last bus number that the port above has is "
		"%02x: " NEXT,
		n, inventory_vf_bus(t->inv, t->pf, n - 1), t->pf->bus_last);
	tell(t, buf_text(&b));
}

static void tell_memory(const struct teller *t)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (!t->want->n_vfs || inventory_has_vf_memory(t->inv, t->pf))
		return;
	pcicfg_bars_lost(&inventory_pf_dev(t->inv, t->pf)->facts.vf_bars, &b);
	buf_add(&b, " no address, as firmware and kernel have found no room: " NEXT);
	tell(t, buf_text(&b));
}

void want_tell_room(
	const struct want *w, const struct policy *p, const struct inventory *inv, struct diag *d)
{
	for (size_t i = 0; i < w->n_pfs; i++) {
		const struct teller t = { &w->pfs[i], p, inv, &inv->pfs[w->pfs[i].pf], d };

		if (!t.want->counted || t.want->n_vfs == t.pf->n_vfs)
			continue;
		tell_buses(&t);
		tell_memory(&t);
	}
}
