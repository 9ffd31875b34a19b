/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which PFs an entry of the policy means. */
#include "core/match.h"
#include "core/match-key.h"

static struct candidate pf_at(const struct inventory *inv, size_t pf)
{
	const struct pf *p = &inv->pfs[pf];

	return (struct candidate){ inventory_pf_dev(inv, p), inventory_pf_netdev(inv, p) };
}

/* All PFs that there are, with what M asks for. */
static void describe_all(const struct pf_match *m, const struct inventory *inv, struct buf *b)
{
	for (size_t i = 0; i < inv->n_pfs; i++) {
		buf_add(b, i ? ", " : "");
		match_add_candidate(b, m, pf_at(inv, i));
	}
}

static bool is_anywhere(const struct pf_match *m, const struct inventory *inv)
{
	for (size_t i = 0; i < inv->n_pfs; i++)
		if (match_is_alike(m, pf_at(inv, i), true))
			return true;
	return false;
}

/* The MAC says that it is the one, and it is alone with that: nothing is where it should be. */
static bool has_moved(const struct pf_match *m, const struct inventory *inv, size_t pf)
{
	return m->has_mac && match_is_alike(m, pf_at(inv, pf), false) && !is_anywhere(m, inv);
}

/* Index of the PF that has moved, -1: none has. */
static int moved_to(const struct pf_match *m, const struct inventory *inv)
{
	for (size_t i = 0; i < inv->n_pfs; i++)
		if (has_moved(m, inv, i))
			return (int)i;
	return -1;
}

/* Appends from where to where the PF has moved that M names; false: it has not. */
static bool tell_move(const struct pf_match *m, const struct inventory *inv, struct buf *b)
{
	int pf = moved_to(m, inv);

	if (pf < 0)
		return false;
	match_add_move(b, "PF", m, pf_at(inv, (size_t)pf));
	return true;
}

/* Says why nothing matches, with what was found instead. */
static void complain_none(
	const struct pf_policy *entry, const struct inventory *inv, int number, struct diag *d)
{
	const struct pf_match *m = &entry->match;
	int at = m->has_address ? inventory_dev(inv, m->address) : -1;
	_cleanup_(buf_done) struct buf move = { 0 }, what = { 0 }, pfs = { 0 };

	match_add_wanted(&what, m);
	describe_all(m, inv, &pfs);
	if (tell_move(m, inv, &move))
		match_complain_move(entry, number, buf_text(&move), d);
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
	const struct pf_match *m = &entry->match;

	return match_is_alike(m, pf_at(inv, pf), true) || (m->follow && has_moved(m, inv, pf));
}

bool match_concerns(const struct pf_policy *entry, const struct inventory *inv, size_t pf)
{
	return match_fits(entry, inv, pf) || has_moved(&entry->match, inv, pf);
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
	size_t *found, struct diag *d, struct diag *notes)
{
	size_t n = find(entry, inv, found);
	_cleanup_(buf_done) struct buf move = { 0 }, what = { 0 }, pfs = { 0 };

	if (n == 0 && !entry->optional)
		complain_none(entry, inv, number, d);
	else if (notes && tell_move(&entry->match, inv, &move))
		match_note_move(entry, number, buf_text(&move), n > 0, notes);
	if (n <= 1 || entry->many)
		return n;
	match_add_wanted(&what, &entry->match);
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

/* Whether the PF is ready whose MAC the entry names, where it should be or elsewhere. */
static bool found_by_mac(const struct pf_policy *entry, const struct inventory *inv)
{
	for (size_t i = 0; entry->match.has_mac && i < inv->n_pfs; i++)
		if (match_concerns(entry, inv, i) && match_is_ready(inv, &inv->pfs[i]))
			return true;
	return false;
}

/* Whether ENTRY has what it names, and nothing is on its way that it could name as well. */
static bool entry_present(const struct pf_policy *entry, const struct inventory *inv)
{
	size_t ready = 0;

	if (found_by_mac(entry, inv))
		return true; /* no other has it */
	for (size_t i = 0; i < inv->n_pfs; i++) {
		bool hit = match_fits(entry, inv, i);

		if (hit && match_is_ready(inv, &inv->pfs[i]))
			ready++;
		else if (hit || (!match_is_ready(inv, &inv->pfs[i]) &&
					match_could_be(&entry->match, pf_at(inv, i))))
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
