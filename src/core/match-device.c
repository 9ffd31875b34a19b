/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions an entry of `devices` means. */
#include <string.h>

#include "core/former.h"
#include "core/group.h"
#include "core/match-device.h"
#include "core/match-key.h"

#define NAMED_MAX 6 /* functions that a message names */

/* Whether D can be reserved at all. */
static bool is_whole(const struct dev *d)
{
	return d->addr.kind == PCIADDR_PCI && d->vf < 0 && d->class_code >> 16 != PCI_CLASS_BRIDGE;
}

/* A function as the host sees it, or did before it was reserved. */
struct shown {
	struct dev dev;
	struct netdev netdev;
	struct former was;
};

static struct candidate show(struct shown *s, const struct inventory *inv, const struct dev *d)
{
	former_find(inv, d, &s->was);
	s->dev = *d;
	if (s->was.driver[0])
		s->dev.driver = s->was.driver;
	s->netdev = (struct netdev){
		.name = s->was.netdev, .has_perm_mac = s->was.has_mac, .perm_mac = s->was.mac
	};
	return (struct candidate){ &s->dev, s->was.netdev[0] ? &s->netdev : NULL };
}

/* Whether M fits D; without PLACE, wherever it is. */
static bool is_alike(
	const struct pf_match *m, const struct inventory *inv, const struct dev *d, bool place)
{
	struct shown s;

	return is_whole(d) && match_is_alike(m, show(&s, inv, d), place);
}

static bool is_anywhere(const struct pf_match *m, const struct inventory *inv)
{
	for (size_t i = 0; i < inv->n_devs; i++)
		if (is_alike(m, inv, &inv->devs[i], true))
			return true;
	return false;
}

/* Whether D is where nothing is that M says is elsewhere: its MAC tells. */
static bool has_moved(const struct pf_match *m, const struct inventory *inv, const struct dev *d)
{
	return m->has_mac && is_alike(m, inv, d, false) && !is_anywhere(m, inv);
}

bool match_fits_device(const struct pf_policy *entry, const struct inventory *inv, size_t dev)
{
	const struct pf_match *m = &entry->match;
	const struct dev *d = &inv->devs[dev];

	return is_alike(m, inv, d, true) || (m->follow && has_moved(m, inv, d));
}

bool match_concerns_device(const struct pf_policy *entry, const struct inventory *inv, size_t dev)
{
	return match_fits_device(entry, inv, dev) || has_moved(&entry->match, inv, &inv->devs[dev]);
}

/* Appends from where to where the device has moved that M names; false: it has not. */
static bool tell_move(const struct pf_match *m, const struct inventory *inv, struct buf *b)
{
	struct shown s;

	for (size_t i = 0; i < inv->n_devs; i++) {
		if (!has_moved(m, inv, &inv->devs[i]))
			continue;
		match_add_move(b, "device", m, show(&s, inv, &inv->devs[i]));
		return true;
	}
	return false;
}

/* Whether D is with VFIO, and nobody noted what it was before. */
static bool is_hidden(const struct inventory *inv, const struct dev *d)
{
	struct former was;

	if (!is_whole(d) || !d->driver || !group_is_left(d))
		return false;
	former_find(inv, d, &was);
	return !was.driver[0];
}

/* Whether a function may show nothing of what M asks for, as it is hidden. */
static bool may_be_hidden(const struct pf_match *m, const struct inventory *inv)
{
	if (!m->has_mac && !m->interface && !m->driver)
		return false;
	for (size_t i = 0; i < inv->n_devs; i++)
		if (is_hidden(inv, &inv->devs[i]))
			return true;
	return false;
}

/* Says why nothing matches. */
static void complain_none(
	const struct pf_policy *entry, const struct inventory *inv, int number, struct diag *d)
{
	const struct pf_match *m = &entry->match;
	int at = m->has_address ? inventory_dev(inv, m->address) : -1;
	_cleanup_(buf_done) struct buf what = { 0 }, move = { 0 };

	match_add_wanted(&what, m);
	if (tell_move(m, inv, &move))
		match_complain_move(entry, number, buf_text(&move), d);
	else if (at >= 0 && inv->devs[at].vf >= 0)
		diag_add(d, entry->match_at, number,
			"%s is a VF: what VFs are for says \"vf\" in their PF's entry of \"pfs\"",
			pciaddr_text(m->address).s);
	else if (at >= 0 && inv->devs[at].addr.kind != PCIADDR_PCI)
		diag_add(d, entry->match_at, number,
			"%s is no PCI function, so no guest can have it",
			pciaddr_text(m->address).s);
	else if (at >= 0 && !is_whole(&inv->devs[at]))
		diag_add(d, entry->match_at, number, "%s is a bridge, which no guest can have",
			pciaddr_text(m->address).s);
	else
		diag_add(d, entry->match_at, number, "no device matches %s%s", buf_text(&what),
			may_be_hidden(m, inv)
				? "; one that VFIO has already shows neither driver nor interface "
				  "nor MAC of the host: match it by address or path"
				: "; `lspci -Dnn` lists all that there are");
}

/* Says that there are too many, with the first few of the N functions at WHICH. */
static void complain_many(const struct pf_policy *entry, const struct inventory *inv, int number,
	const size_t *which, size_t n, struct diag *d)
{
	_cleanup_(buf_done) struct buf what = { 0 }, names = { 0 };

	match_add_wanted(&what, &entry->match);
	for (size_t i = 0; i < n && i < NAMED_MAX; i++)
		buf_addf(&names, "%s%s", i ? ", " : "", pciaddr_text(inv->devs[which[i]].addr).s);
	diag_add(d, entry->match_at, number,
		"%zu devices match %s: %s%s; say which one, or \"many\": true for all of them", n,
		buf_text(&what), buf_text(&names), n > NAMED_MAX ? ", …" : "");
}

size_t match_devices(const struct pf_policy *entry, const struct inventory *inv, int number,
	size_t *found, struct diag *d, struct diag *notes)
{
	_cleanup_(buf_done) struct buf move = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < inv->n_devs; i++)
		if (match_fits_device(entry, inv, i))
			found[n++] = i;
	if (n == 0 && !entry->optional)
		complain_none(entry, inv, number, d);
	else if (notes && tell_move(&entry->match, inv, &move))
		match_note_move(entry, number, buf_text(&move), n > 0, notes);
	if (n <= 1 || entry->many)
		return n;
	complain_many(entry, inv, number, found, n, d);
	return 0;
}

/* Whether D, without a driver so far, may turn out to be what M names by one. */
static bool could_be(const struct pf_match *m, const struct inventory *inv, const struct dev *d)
{
	struct shown s;

	return is_whole(d) && !d->driver && (m->driver || m->interface || m->has_mac) &&
	       (m->has_address || m->has_vendor || m->path || m->slot) &&
	       match_could_be(m, show(&s, inv, d));
}

/* Whether ENTRY has what it names, and nothing is on its way that it could name as well. */
static bool entry_present(const struct pf_policy *entry, const struct inventory *inv)
{
	bool present = entry->optional;

	for (size_t i = 0; i < inv->n_devs; i++) {
		if (entry->match.has_mac && match_concerns_device(entry, inv, i))
			return true; /* no other has it */
		if (match_fits_device(entry, inv, i))
			present = true;
		else if (could_be(&entry->match, inv, &inv->devs[i]))
			return false;
	}
	return present;
}

bool match_devices_present(const struct policy *p, const struct inventory *inv)
{
	for (size_t i = 0; i < p->n_devices; i++)
		if (policy_for_host(&p->devices[i], inv->hostname) &&
			!entry_present(&p->devices[i], inv))
			return false;
	return true;
}
