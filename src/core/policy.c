/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy as a whole: its memory, and what only shows when all of its files are read. */
#include <fnmatch.h>
#include <string.h>

#include "core/policy.h"

struct policy *policy_new(void)
{
	struct policy *p = mem_new(1, sizeof(*p));

	p->strings = mem_pool_new();
	return p;
}

static void free_entries(struct pf_policy *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(entries[i].hosts);
		free(entries[i].vf);
		pfset_done(&entries[i].settings);
	}
	free(entries);
}

void policy_free(struct policy *p)
{
	if (!p)
		return;
	free_entries(p->pfs, p->n_pfs);
	free_entries(p->devices, p->n_devices);
	mem_pool_free(p->strings);
	free(p);
}

unsigned policy_settings(const struct policy *p)
{
	unsigned mask = 0;

	for (size_t i = 0; i < p->n_pfs; i++)
		mask |= pfset_mask(&p->pfs[i].settings);
	return mask;
}

bool policy_for_host(const struct pf_policy *entry, const char *name)
{
	for (size_t i = 0; i < entry->n_hosts; i++)
		if (fnmatch(entry->hosts[i], name, 0) == 0)
			return true;
	return entry->n_hosts == 0;
}

bool policy_asks(const struct policy *p, enum vf_attr_id id)
{
	for (size_t i = 0; i < p->n_pfs; i++) {
		bool asks = vf_has(&p->pfs[i].defaults.attrs, id);

		for (size_t r = 0; r < p->pfs[i].n_vf; r++)
			asks |= vf_has(&p->pfs[i].vf[r].attrs, id);
		if (asks)
			return true;
	}
	return false;
}

bool policy_asks_way(const struct policy *p, enum vf_attr_way way)
{
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
		if (vf_attr(id)->way == way && policy_asks(p, id))
			return true;
	return false;
}

/* "none" as well: a VF without a driver stays so only if the host's has been loaded before. */
static bool asks_host_driver(const struct vf_attrs *a)
{
	const char *driver = vf_has(a, VF_DRIVER) ? a->v[VF_DRIVER].s : NULL;

	return (driver && (strcmp(driver, VF_DRIVER_HOST) == 0 ||
				  strcmp(driver, VF_DRIVER_NONE) == 0)) ||
	       (vf_has(a, VF_MANAGED) && a->v[VF_MANAGED].n);
}

bool policy_asks_host_driver(const struct policy *p)
{
	for (size_t i = 0; i < p->n_pfs; i++) {
		bool asks = !vf_has(&p->pfs[i].defaults.attrs, VF_DRIVER) ||
			    asks_host_driver(&p->pfs[i].defaults.attrs);

		for (size_t r = 0; r < p->pfs[i].n_vf; r++)
			asks = asks || asks_host_driver(&p->pfs[i].vf[r].attrs);
		if (asks)
			return true;
	}
	return false;
}

static bool says_path(const struct pf_match *m)
{
	return m->path;
}

static bool says_slot(const struct pf_match *m)
{
	return m->slot;
}

static bool any_says(const struct policy *p, bool (*says)(const struct pf_match *m))
{
	bool any = false;

	for (size_t i = 0; i < p->n_pfs; i++)
		any |= says(&p->pfs[i].match);
	for (size_t i = 0; i < p->n_devices; i++)
		any |= says(&p->devices[i].match);
	return any;
}

bool policy_asks_path(const struct policy *p)
{
	return any_says(p, says_path);
}

bool policy_asks_slot(const struct policy *p)
{
	return any_says(p, says_slot);
}

static void tell_driver(
	const struct vf_attrs *a, void (*fn)(const char *driver, void *arg), void *arg)
{
	const char *driver = vf_has(a, VF_DRIVER) ? a->v[VF_DRIVER].s : VF_DRIVER_NONE;

	if (strcmp(driver, VF_DRIVER_NONE) != 0 && strcmp(driver, VF_DRIVER_HOST) != 0)
		fn(driver, arg);
}

void policy_each_driver(
	const struct pf_policy *entry, void (*fn)(const char *driver, void *arg), void *arg)
{
	tell_driver(&entry->defaults.attrs, fn, arg);
	for (size_t i = 0; i < entry->n_vf; i++)
		tell_driver(&entry->vf[i].attrs, fn, arg);
}

/* Whether one of A's globs can match what one of B's matches, as far as their texts tell. */
static bool share_host(const struct pf_policy *a, const struct pf_policy *b)
{
	if (a->n_hosts == 0 || b->n_hosts == 0)
		return true;
	for (size_t i = 0; i < a->n_hosts; i++)
		for (size_t j = 0; j < b->n_hosts; j++)
			if (strcmp(a->hosts[i], b->hosts[j]) == 0 ||
				fnmatch(a->hosts[i], b->hosts[j], 0) == 0 ||
				fnmatch(b->hosts[j], a->hosts[i], 0) == 0)
				return true;
	return false;
}

/* Something that only one entry, or one VF, of a host can have. */
struct claim {
	uint64_t value;
	size_t order; /* in which the claims were found: that of the files */
	const struct pf_policy *entry;
	struct place place;
	bool vf; /* a VF's address, not what a PF is to be known by */
};

struct claims {
	struct claim *list;
	size_t n;
};

static void add_claim(struct claims *c, uint64_t value, const struct pf_policy *entry,
	struct place place, bool vf)
{
	c->list = mem_grow(c->list, c->n, sizeof(*c->list));
	c->list[c->n] = (struct claim){ value, c->n, entry, place, vf };
	c->n++;
}

/* By value; equals as they stand in the text. */
static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (strcmp(x->place.file, y->place.file) != 0)
		return x->order < y->order ? -1 : 1;
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	return (x->place.column > y->place.column) - (x->place.column < y->place.column);
}

typedef void (*conflict_fn)(const struct claim *earlier, const struct claim *later, struct diag *d);

/* Calls CONFLICT for each claim that an earlier one for the same host has made before; frees C. */
static void find_conflicts(struct claims *c, conflict_fn conflict, struct diag *d)
{
	size_t group = 0;

	if (c->n > 0)
		qsort(c->list, c->n, sizeof(*c->list), compare_claims);
	for (size_t i = 1; i < c->n; i++) {
		if (c->list[i].value != c->list[group].value)
			group = i;
		for (size_t j = group; j < i; j++)
			if (share_host(c->list[j].entry, c->list[i].entry)) {
				conflict(&c->list[j], &c->list[i], d);
				break;
			}
	}
	free(c->list);
}

static void same_address(const struct claim *earlier, const struct claim *later, struct diag *d)
{
	diag_add(d, later->place, -1, "%s already has an entry at %s:%u:%u",
		pciaddr_text(later->entry->match.address).s, earlier->place.file,
		earlier->place.line, earlier->place.column);
}

static void same_mac(const struct claim *earlier, const struct claim *later, struct diag *d)
{
	const char *is = "is already given to another VF at";

	if (!earlier->vf && !later->vf)
		is = "already has an entry at";
	else if (!earlier->vf || !later->vf)
		is = "is both a VF's address and a PF's: the other is at";
	diag_add(d, later->place, -1, "%s %s %s:%u:%u", macaddr_text(later->value).s, is,
		earlier->place.file, earlier->place.line, earlier->place.column);
}

/* A function has one entry: it has VFs, or is reserved as a whole. */
static void claim_addresses(struct claims *c, const struct pf_policy *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct pf_policy *pf = &entries[i];

		if (pf->match.has_address && !pf->match.follow)
			add_claim(c, pciaddr_key(pf->match.address), pf, pf->match_at, false);
	}
}

static void check_addresses(const struct policy *p, struct diag *d)
{
	struct claims c = { 0 };

	claim_addresses(&c, p->pfs, p->n_pfs);
	claim_addresses(&c, p->devices, p->n_devices);
	find_conflicts(&c, same_address, d);
}

static void add_vf_macs(struct claims *c, const struct pf_policy *pf)
{
	for (size_t i = 0; i < pf->n_vf; i++) {
		const struct vf_policy *range = &pf->vf[i];

		if (vf_has(&range->attrs, VF_MAC) && range->attrs.v[VF_MAC].n < VF_MAC_AUTO)
			add_claim(c, range->attrs.v[VF_MAC].n, pf, range->at[VF_MAC], true);
	}
}

static void same_guid(const struct claim *earlier, const struct claim *later, struct diag *d)
{
	diag_add(d, later->place, -1, "%s is already given to another VF at %s:%u:%u",
		guid_text(later->value).s, earlier->place.file, earlier->place.line,
		earlier->place.column);
}

/* A VF's node and its port may have the same one. */
static void check_guids(const struct policy *p, enum vf_attr_id id, struct diag *d)
{
	struct claims c = { 0 };

	for (size_t i = 0; i < p->n_pfs; i++)
		for (size_t k = 0; k < p->pfs[i].n_vf; k++) {
			const struct vf_policy *vf = &p->pfs[i].vf[k];

			if (vf_has(&vf->attrs, id))
				add_claim(&c, vf->attrs.v[id].n, &p->pfs[i], vf->at[id], true);
		}
	find_conflicts(&c, same_guid, d);
}

static void same_name(const struct claim *earlier, const struct claim *later, struct diag *d)
{
	diag_add(d, later->place, -1, "is already the name of another VF at %s:%u:%u",
		earlier->place.file, earlier->place.line, earlier->place.column);
}

/* Equal names are one string: interned, so that their addresses can be compared like numbers. */
static void check_names(const struct policy *p, struct diag *d)
{
	struct claims c = { 0 };

	for (size_t i = 0; i < p->n_pfs; i++)
		for (size_t k = 0; k < p->pfs[i].n_vf; k++) {
			const struct vf_policy *vf = &p->pfs[i].vf[k];

			if (vf_has(&vf->attrs, VF_NAME))
				add_claim(&c, (uintptr_t)vf->attrs.v[VF_NAME].s, &p->pfs[i],
					vf->at[VF_NAME], true);
		}
	find_conflicts(&c, same_name, d);
}

static void check_macs(const struct policy *p, struct diag *d)
{
	struct claims c = { 0 };

	for (size_t i = 0; i < p->n_pfs; i++) {
		const struct pf_policy *pf = &p->pfs[i];

		if (pf->match.has_mac)
			add_claim(&c, pf->match.mac, pf, pf->match_at, false);
		add_vf_macs(&c, pf);
	}
	for (size_t i = 0; i < p->n_devices; i++)
		if (p->devices[i].match.has_mac)
			add_claim(&c, p->devices[i].match.mac, &p->devices[i],
				p->devices[i].match_at, false);
	find_conflicts(&c, same_mac, d);
}

void policy_check(const struct policy *p, struct diag *d)
{
	check_addresses(p, d);
	check_macs(p, d);
	check_guids(p, VF_NODE_GUID, d);
	check_guids(p, VF_PORT_GUID, d);
	check_names(p, d);
}
