/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keeps the host's own network configuration off the VFs. */
#include <string.h>

#include "core/isolation.h"

/*
 * Where VF number INDEX is, or will be. What the PF says of offset and stride may change with the
 * number of VFs (kernel-facts §2.1), so this is a prediction; who relies on it looks again.
 */
static struct pciaddr vf_addr(const struct inventory *inv, const struct pf *pf, unsigned index)
{
	const struct vf *vf = inventory_vf(pf, index);

	if (vf)
		return inv->devs[vf->dev].addr;
	return pciaddr_behind(inventory_pf_dev(inv, pf)->addr, pf->offset + index * pf->stride);
}

static const char *pinned(const struct vf_attrs *a, const struct pf *pf)
{
	if (!vf_has(a, VF_DRIVER) || strcmp(a->v[VF_DRIVER].s, VF_DRIVER_NONE) == 0 ||
		want_is_hosts(a, pf))
		return NULL;
	return a->v[VF_DRIVER].s;
}

/* Whether a file has anything to say about PF: not if all of its VFs are the host's. */
static bool has_needs(const struct isolated_pf *pf)
{
	for (size_t i = 0; i < pf->n_vfs; i++) {
		const struct isolated_vf *vf = &pf->vfs[i];

		if ((pf->nic && !vf->managed) || vf->name || vf->driver)
			return true;
	}
	return false;
}

static void add_pf(struct isolation *out, const struct want_pf *want, const struct inventory *inv)
{
	const struct pf *pf = &inv->pfs[want->pf];
	const struct dev *d = inventory_pf_dev(inv, pf);
	const struct netdev *n = inventory_pf_netdev(inv, pf);
	struct isolated_pf *to = &out->pfs[out->n_pfs];

	*to = (struct isolated_pf){ .addr = d->addr,
		.netdev = n ? n->name : NULL,
		.nic = d->class_code >> 16 == PCI_CLASS_NETWORK && inventory_is_pci(inv, pf),
		.vfs = mem_new(want->n_vfs, sizeof(*to->vfs)),
		.n_vfs = want->n_vfs };
	for (unsigned i = 0; i < want->n_vfs; i++) {
		const struct vf_attrs *a = &want->vfs[i].attrs;

		to->vfs[i] = (struct isolated_vf){ .index = i,
			.addr = vf_addr(inv, pf, i),
			.managed = vf_has(a, VF_MANAGED) && a->v[VF_MANAGED].n,
			.name = vf_has(a, VF_NAME) ? a->v[VF_NAME].s : NULL,
			.driver = pinned(a, pf) };
	}
	if (has_needs(to))
		out->n_pfs++;
	else
		free(to->vfs);
}

static void add_device(
	struct isolation *out, const struct want_dev *want, const struct inventory *inv)
{
	const struct dev *d = &inv->devs[want->dev];
	struct isolated_pf *to = &out->pfs[out->n_pfs];

	if (!want->driver)
		return;
	*to = (struct isolated_pf){
		.addr = d->addr, .driver = want->driver, .vendor = d->vendor, .device = d->device
	};
	former_find(inv, d, &to->former);
	out->n_pfs++;
}

static int cmp_pfs(const void *a, const void *b)
{
	return pciaddr_cmp(
		((const struct isolated_pf *)a)->addr, ((const struct isolated_pf *)b)->addr);
}

struct isolation *isolation_make(const struct want *want, const struct inventory *inv)
{
	struct isolation *i = mem_new(1, sizeof(*i));

	i->pfs = mem_new(want->n_pfs + want->n_devs, sizeof(*i->pfs));
	for (size_t p = 0; p < want->n_pfs; p++)
		if (want->pfs[p].n_vfs)
			add_pf(i, &want->pfs[p], inv);
	for (size_t d = 0; d < want->n_devs; d++)
		add_device(i, &want->devs[d], inv);
	if (i->n_pfs)
		qsort(i->pfs, i->n_pfs, sizeof(*i->pfs), cmp_pfs);
	return i;
}

void isolation_free(struct isolation *i)
{
	if (!i)
		return;
	for (size_t p = 0; p < i->n_pfs; p++)
		free(i->pfs[p].vfs);
	free(i->pfs);
	free(i);
}
