/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether there are bus numbers for the VFs that are wanted (kernel-facts §2.2). */
#include "core/want.h"

static void tell(const struct want_pf *want, const struct policy *p, const struct inventory *inv,
	struct diag *d)
{
	const struct pf *pf = &inv->pfs[want->pf];
	unsigned n = want->n_vfs;

	if (!want->counted || n == pf->n_vfs || inventory_vfs_on_buses(inv, pf, n) == n)
		return;
	diag_add(d, p->pfs[want->entry].vfs_at, (int)want->entry,
		"%s: %u VFs reach to bus %02x, and the last bus number that the port above has is "
		"%02x: the kernel will make none of them; `sriovctl check` tells what to do",
		pciaddr_text(inventory_pf_dev(inv, pf)->addr).s, n,
		inventory_vf_bus(inv, pf, n - 1), pf->bus_last);
}

void want_tell_buses(
	const struct want *w, const struct policy *p, const struct inventory *inv, struct diag *d)
{
	for (size_t i = 0; i < w->n_pfs; i++)
		tell(&w->pfs[i], p, inv, d);
}
