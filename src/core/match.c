/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which PFs an entry of the policy means. */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "core/match.h"

static bool text_is(const char *want, const char *have)
{
	return !want || (have && strcmp(want, have) == 0);
}

static bool interface_is(const char *glob, const struct netdev *n)
{
	return !glob || (n && fnmatch(glob, n->name, 0) == 0);
}

static bool ids_are(const struct pf_match *m, const struct dev *d)
{
	return (!m->has_vendor || m->vendor == d->vendor) &&
	       (!m->has_device || m->device == d->device);
}

/* All keys but the address, which alone tells a moved card from a different one. */
static bool matches_but_address(
	const struct pf_match *m, const struct dev *d, const struct netdev *n)
{
	return (!m->has_mac || (n && n->has_perm_mac && n->perm_mac == m->mac)) &&
	       (!m->has_vendor || m->vendor == d->vendor) &&
	       (!m->has_device || m->device == d->device) && text_is(m->path, d->path) &&
	       text_is(m->driver, d->driver) && interface_is(m->interface, n);
}

static bool address_is(const struct pf_match *m, const struct dev *d)
{
	return !m->has_address || pciaddr_cmp(m->address, d->addr) == 0;
}

static void add_key(struct buf *b, const char *key, const char *value)
{
	if (value)
		buf_addf(b, "%s%s %s", b->len ? ", " : "", key, value);
}

/* What the entry asks for: "address 0000:01:00.0, driver igb". */
static void describe(const struct pf_match *m, struct buf *b)
{
	char id[8];

	add_key(b, "address", m->has_address ? pciaddr_text(m->address).s : NULL);
	add_key(b, "mac", m->has_mac ? macaddr_text(m->mac).s : NULL);
	add_key(b, "path", m->path);
	add_key(b, "interface", m->interface);
	snprintf(id, sizeof(id), "%04x", m->vendor);
	add_key(b, "vendor", m->has_vendor ? id : NULL);
	snprintf(id, sizeof(id), "%04x", m->device);
	add_key(b, "device", m->has_device ? id : NULL);
	add_key(b, "driver", m->driver);
}

/* The card that all other keys, a MAC among them, name at another address; NULL: there is none. */
static const struct dev *moved_to(const struct pf_match *m, const struct inventory *inv)
{
	for (size_t i = 0; m->has_address && m->has_mac && i < inv->n_pfs; i++) {
		const struct dev *d = inventory_pf_dev(inv, &inv->pfs[i]);

		if (matches_but_address(m, d, inventory_pf_netdev(inv, &inv->pfs[i])))
			return d;
	}
	return NULL;
}

/* Says why nothing matches, with what was found instead. */
static void complain_none(
	const struct pf_policy *entry, const struct inventory *inv, int number, struct diag *d)
{
	const struct pf_match *m = &entry->match;
	int at = m->has_address ? inventory_dev(inv, m->address) : -1;
	const struct dev *moved = moved_to(m, inv);
	_cleanup_(buf_done) struct buf what = { 0 }, pfs = { 0 };

	describe(m, &what);
	inventory_pf_names(inv, NULL, inv->n_pfs, &pfs);
	if (moved)
		diag_add(d, entry->match_at, number, "the PF with mac %s has moved from %s to %s",
			macaddr_text(m->mac).s, pciaddr_text(m->address).s,
			pciaddr_text(moved->addr).s);
	else if (at >= 0 && inv->devs[at].vf >= 0)
		diag_add(d, entry->match_at, number, "%s is a VF, not a PF",
			pciaddr_text(m->address).s);
	else if (at >= 0 && inv->devs[at].pf < 0)
		diag_add(d, entry->match_at, number,
			"%s is there but offers no SR-IOV: the device has none, or it is off in "
			"the firmware setup or in the card's own settings",
			pciaddr_text(m->address).s);
	else
		diag_add(d, entry->match_at, number, "no PF matches %s; this host has %s",
			buf_text(&what), inv->n_pfs ? buf_text(&pfs) : "no PF with SR-IOV at all");
}

bool match_fits(const struct pf_policy *entry, const struct inventory *inv, size_t pf)
{
	const struct dev *d = inventory_pf_dev(inv, &inv->pfs[pf]);

	return address_is(&entry->match, d) &&
	       matches_but_address(&entry->match, d, inventory_pf_netdev(inv, &inv->pfs[pf]));
}

static size_t find(const struct pf_policy *entry, const struct inventory *inv, size_t *found)
{
	size_t n = 0;

	for (size_t i = 0; i < inv->n_pfs; i++)
		if (match_fits(entry, inv, i))
			found[n++] = i;
	return n;
}

size_t match_pfs(const struct pf_policy *entry, const struct inventory *inv, int number,
	size_t *found, struct diag *d)
{
	size_t n = find(entry, inv, found);
	_cleanup_(buf_done) struct buf what = { 0 }, pfs = { 0 };

	if (n == 0 && !entry->optional)
		complain_none(entry, inv, number, d);
	if (n <= 1 || entry->many)
		return n;
	describe(&entry->match, &what);
	inventory_pf_names(inv, found, n, &pfs);
	diag_add(d, entry->match_at, number,
		"%zu PFs match %s: %s; say which one, or \"many\": true for all of them", n,
		buf_text(&what), buf_text(&pfs));
	return 0;
}

bool match_is_ready(const struct inventory *inv, const struct pf *pf)
{
	const struct dev *d = inventory_pf_dev(inv, pf);

	return pf->settled && d->driver &&
	       (d->class_code >> 16 != PCI_CLASS_NETWORK || inventory_pf_netdev(inv, pf));
}

/* Whether D is the entry's PF as far as can be told before it has a driver and an interface. */
static bool could_be(const struct pf_match *m, const struct dev *d)
{
	return address_is(m, d) && ids_are(m, d) && (!d->driver || text_is(m->driver, d->driver));
}

/* Whether ENTRY has what it names, and nothing is on its way that it could name as well. */
static bool entry_present(const struct pf_policy *entry, const struct inventory *inv)
{
	const struct pf_match *m = &entry->match;
	size_t ready = 0;

	for (size_t i = 0; i < inv->n_pfs; i++) {
		const struct pf *pf = &inv->pfs[i];
		const struct dev *d = inventory_pf_dev(inv, pf);
		bool hit = match_fits(entry, inv, i);

		if (hit && match_is_ready(inv, pf))
			ready++;
		else if (hit || (!match_is_ready(inv, pf) && could_be(m, d)))
			return false;
	}
	return ready > 0 || entry->optional;
}

bool match_all_present(const struct policy *p, const struct inventory *inv)
{
	for (size_t i = 0; i < p->n_pfs; i++)
		if (policy_for_host(&p->pfs[i], inv->hostname) && !entry_present(&p->pfs[i], inv))
			return false;
	return true;
}
