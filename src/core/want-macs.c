/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No two parties with the same MAC: drivers do not look (kernel-facts §5.2), so this does. */
#include <stdio.h>

#include "core/want.h"

/* Somebody who has or is to have an address. */
struct claim {
	macaddr mac;
	int dev;     /* PCI function (VFs: their own, once they exist), -1: none */
	int netdev;  /* index of an interface, -1: a VF */
	int want;    /* index in want->pfs when the address is wanted there, else -1 */
	unsigned pf; /* index in inv->pfs of a VF */
	unsigned vf;
};

struct claims {
	struct claim *c;
	size_t n;
};

static void add(struct claims *all, struct claim c)
{
	if (c.mac == 0)
		return; /* a VF that has none, an interface without an address */
	all->c = mem_grow(all->c, all->n, sizeof(*all->c));
	all->c[all->n++] = c;
}

static const struct want_pf *wanted_pf(const struct want *w, size_t pf)
{
	for (size_t i = 0; i < w->n_pfs; i++)
		if (w->pfs[i].pf == pf)
			return &w->pfs[i];
	return NULL;
}

/* Whether VF keeps the address that it has: it is not to get another, nor to be re-created. */
static bool keeps_mac(const struct want_pf *want, const struct pf *pf, const struct vf *vf)
{
	if (!want)
		return true;
	return want->n_vfs == pf->n_vfs && vf->index < want->n_vfs &&
	       !vf_has(&want->vfs[vf->index].attrs, VF_MAC);
}

static void add_wanted(struct claims *all, const struct want *w, const struct inventory *inv)
{
	for (size_t i = 0; i < w->n_pfs; i++)
		for (unsigned v = 0; v < w->pfs[i].n_vfs; v++) {
			const struct pf *pf = &inv->pfs[w->pfs[i].pf];
			const struct vf *vf = inventory_vf(pf, v);
			const struct vf_attrs *a = &w->pfs[i].vfs[v].attrs;

			if (vf_has(a, VF_MAC))
				add(all, (struct claim){ a->v[VF_MAC].n, vf ? vf->dev : -1, -1,
						 (int)i, (unsigned)w->pfs[i].pf, v });
		}
}

/* Whether N is the interface of a VF that is to get another address, or to be re-created. */
static bool gives_up_mac(const struct want *w, const struct inventory *inv, const struct netdev *n)
{
	const struct dev *d = n->dev < 0 ? NULL : &inv->devs[n->dev];
	const struct vf *vf;

	if (!d || d->vf < 0 || d->pf < 0)
		return false;
	vf = inventory_vf(&inv->pfs[d->pf], (unsigned)d->vf);
	return vf && !keeps_mac(wanted_pf(w, (size_t)d->pf), &inv->pfs[d->pf], vf);
}

static void add_present(struct claims *all, const struct want *w, const struct inventory *inv)
{
	for (size_t p = 0; p < inv->n_pfs; p++) {
		const struct want_pf *want = wanted_pf(w, p);

		for (size_t v = 0; v < inv->pfs[p].n_vfs; v++) {
			const struct vf *vf = &inv->pfs[p].vfs[v];

			if (vf_has(&vf->attrs, VF_MAC) && keeps_mac(want, &inv->pfs[p], vf))
				add(all, (struct claim){ vf->attrs.v[VF_MAC].n, vf->dev, -1, -1,
						 (unsigned)p, vf->index });
		}
	}
	for (size_t i = 0; i < inv->n_netdevs; i++) {
		const struct netdev *n = &inv->netdevs[i];

		if (gives_up_mac(w, inv, n))
			continue;
		if (n->has_mac && n->ethernet)
			add(all, (struct claim){ n->mac, n->dev, (int)i, -1, 0, 0 });
		if (n->has_perm_mac && n->ethernet && n->perm_mac != n->mac)
			add(all, (struct claim){ n->perm_mac, n->dev, (int)i, -1, 0, 0 });
	}
}

/* By address; the wanted ones first, in the order of the host. */
static int claim_cmp(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	if ((x->want < 0) != (y->want < 0))
		return x->want < 0 ? 1 : -1;
	if (x->want != y->want)
		return x->want < y->want ? -1 : 1;
	return (x->vf > y->vf) - (x->vf < y->vf);
}

static bool has_mac_now(const struct inventory *inv, const struct claim *c)
{
	const struct vf *vf = inventory_vf(&inv->pfs[c->pf], c->vf);

	return vf && vf_has(&vf->attrs, VF_MAC) && vf->attrs.v[VF_MAC].n == c->mac;
}

/*
 * Whether OTHER having the address that MINE wants is as it should be: the VF's own interface, or a
 * bridge, bond or VLAN that took the address over from it.
 */
static bool is_same_party(
	const struct inventory *inv, const struct claim *mine, const struct claim *other)
{
	if (mine->dev >= 0 && mine->dev == other->dev)
		return true;
	return other->netdev >= 0 && other->dev < 0 && has_mac_now(inv, mine);
}

static void describe(struct buf *b, const struct inventory *inv, const struct claim *c)
{
	if (c->netdev >= 0)
		buf_addf(b, "the host's interface %s", inv->netdevs[c->netdev].name);
	else
		buf_addf(b, "%s vf %u", pciaddr_text(inv->devs[inv->pfs[c->pf].dev].addr).s, c->vf);
}

static void complain(const struct want *w, const struct policy *p, const struct inventory *inv,
	const struct claim *mine, const struct claim *other, struct diag *d)
{
	const struct want_pf *pf = &w->pfs[mine->want];
	const struct vf_policy *from = pf->vfs[mine->vf].from[VF_MAC];
	_cleanup_(buf_done) struct buf a = { 0 }, b = { 0 };

	describe(&a, inv, mine);
	describe(&b, inv, other);
	diag_add(d, from ? from->at[VF_MAC] : p->pfs[pf->entry].place, (int)pf->entry,
		"%s: mac %s is also that of %s", buf_text(&a), macaddr_text(mine->mac).s,
		buf_text(&b));
}

/* Takes the PFs marked in BAD out of W. */
static void drop(struct want *w, const bool *bad)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n_pfs; i++) {
		if (bad[i])
			free(w->pfs[i].vfs);
		else
			w->pfs[kept++] = w->pfs[i];
	}
	w->n_pfs = kept;
}

void want_check_macs(
	struct want *w, const struct policy *p, const struct inventory *inv, struct diag *d)
{
	_cleanup_free_ bool *bad = mem_new(w->n_pfs, sizeof(*bad));
	struct claims all = { 0 };

	add_wanted(&all, w, inv);
	add_present(&all, w, inv);
	if (all.n)
		qsort(all.c, all.n, sizeof(*all.c), claim_cmp);
	for (size_t i = 0; i < all.n; i++)
		for (size_t j = i + 1; j < all.n && all.c[j].mac == all.c[i].mac; j++) {
			if (all.c[i].want < 0 || is_same_party(inv, &all.c[i], &all.c[j]))
				continue;
			complain(w, p, inv, &all.c[i], &all.c[j], d);
			bad[all.c[i].want] = true;
			break;
		}
	drop(w, bad);
	free(all.c);
}
