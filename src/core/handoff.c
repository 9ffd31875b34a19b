/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs on their way to guests: the choice. */
#include <string.h>

#include "core/handoff.h"
#include "core/match.h"

bool handoff_is_vfio(const struct dev *d)
{
	return d->driver && strstr(d->driver, "vfio");
}

/* Whether D is one of the host's, with an interface that could go into a container. */
static bool has_interface(const struct dev *d)
{
	return d->netdev >= 0 && !handoff_is_vfio(d);
}

static bool is_fit(const struct dev *d, enum handoff_use use)
{
	return (use != HANDOFF_CONTAINER && handoff_is_vfio(d)) ||
	       (use != HANDOFF_VM && has_interface(d));
}

static bool is_taken(const struct inventory *inv, const struct pf *pf, const struct dev *d,
	const struct handoff_choice *c)
{
	if (d->addr.kind != PCIADDR_PCI)
		return false;
	if (c->chosen && c->chosen[d - inv->devs])
		return true;
	return (!c->chosen || c->chosen[pf->dev]) && is_fit(d, c->use);
}

static void choose_of_pf(struct handoff *h, const struct pf *pf, const struct handoff_choice *c)
{
	for (size_t i = 0; i < pf->n_vfs; i++) {
		const struct dev *d = &h->inv->devs[pf->vfs[i].dev];

		if (!is_taken(h->inv, pf, d, c))
			continue;
		h->vfs = mem_grow(h->vfs, h->n, sizeof(*h->vfs));
		h->vfs[h->n++] = (struct handoff_vf){ .pf = pf,
			.vf = &pf->vfs[i],
			.dev = d,
			.host = c->use == HANDOFF_CONTAINER ||
				(c->use == HANDOFF_EITHER && has_interface(d)) };
	}
}

static void take_label(struct handoff_vf *vf, const struct vf_policy *from)
{
	if (vf_has(&from->attrs, VF_LABEL))
		vf->label = from->attrs.v[VF_LABEL].s;
}

/* The labels that ENTRY gives to the VFs of PF: that of a range before that of all. */
static void label_pf(struct handoff *h, const struct pf_policy *entry, const struct pf *pf)
{
	for (size_t i = 0; i < h->n; i++) {
		struct handoff_vf *vf = &h->vfs[i];

		if (vf->pf != pf)
			continue;
		take_label(vf, &entry->defaults);
		for (size_t r = 0; r < entry->n_vf; r++)
			if (entry->vf[r].first <= vf->vf->index &&
				vf->vf->index <= entry->vf[r].last)
				take_label(vf, &entry->vf[r]);
	}
}

static void add_labels(struct handoff *h, const struct policy *p, struct diag *d)
{
	_cleanup_free_ size_t *found = mem_new(h->inv->n_pfs, sizeof(*found));

	for (size_t i = 0; i < p->n_pfs; i++) {
		size_t n = 0;

		if (policy_for_host(&p->pfs[i], h->inv->hostname))
			n = match_pfs(&p->pfs[i], h->inv, (int)i, found, d, NULL);
		for (size_t k = 0; k < n; k++)
			label_pf(h, &p->pfs[i], &h->inv->pfs[found[k]]);
	}
}

/* Not isalpha(): in some locales there are letters above 127. */
bool handoff_is_mapping_id(const char *label)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "_-0123456789";
	const size_t letters = 52;

	return label[0] && label[1] && strcspn(good, (char[]){ label[0], 0 }) < letters &&
	       !label[strspn(label, good)];
}

bool handoff_node(struct buf *b, const char *hostname)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "0123456789-";
	size_t len = strcspn(hostname, ".");

	if (len == 0 || strspn(hostname, good) < len || hostname[0] == '-' ||
		hostname[len - 1] == '-')
		return false;
	buf_addn(b, hostname, len);
	return true;
}

struct handoff *handoff_make(const struct inventory *inv, const struct policy *p,
	const struct handoff_choice *c, struct diag *d)
{
	struct handoff *h = mem_new(1, sizeof(*h));

	h->inv = inv;
	h->kind = c->kind;
	h->strings = mem_pool_new();
	for (size_t i = 0; i < inv->n_pfs; i++)
		choose_of_pf(h, &inv->pfs[i], c);
	if (p)
		add_labels(h, p, d);
	handoff_add_notes(h);
	return h;
}

void handoff_free(struct handoff *h)
{
	if (!h)
		return;
	free(h->vfs);
	free(h->notes);
	mem_pool_free(h->strings);
	free(h);
}

bool handoff_same_pool(const struct handoff *h, size_t i, size_t k)
{
	const struct handoff_vf *a = &h->vfs[i], *b = &h->vfs[k];

	if (a->host || b->host)
		return false;
	if (!a->label || !b->label)
		return a->label == b->label && a->pf == b->pf;
	return strcmp(a->label, b->label) == 0;
}

bool handoff_begins_pool(const struct handoff *h, size_t i)
{
	if (h->vfs[i].host)
		return false;
	for (size_t k = 0; k < i; k++)
		if (handoff_same_pool(h, k, i))
			return false;
	return true;
}
