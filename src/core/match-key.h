/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of `match` and one device: a row per key that says which one it is. Pure. */
#pragma once

#include "core/inventory.h"
#include "core/policy.h"

/* A device and its interface, or NULL. */
struct candidate {
	const struct dev *dev;
	const struct netdev *net;
};

/* Whether C has all that M asks for; without PLACE, wherever it is. */
bool match_is_alike(const struct pf_match *m, struct candidate c, bool place);

/* Whether C, which may have neither driver nor interface yet, can turn out to be what M means. */
bool match_could_be(const struct pf_match *m, struct candidate c);

/* Appends what M asks for: "address 0000:01:00.0, driver igb". */
void match_add_wanted(struct buf *b, const struct pf_match *m);

/*
 * Appends C by address, name and MAC, and by what M asks for besides: "0000:01:00.0 (enp1s0, mac
 * 52:54:00:01:00:01, driver igb)".
 */
void match_add_candidate(struct buf *b, const struct pf_match *m, struct candidate c);

/*
 * Appends that what M's `mac` names, a WHAT ("PF"), is not where M says but at C: "the PF with mac
 * 52:54:00:01:00:01 has moved from 0000:01:00.0, slot 3 to 0000:02:00.0 (enp2s0), slot 4".
 */
void match_add_move(struct buf *b, const char *what, const struct pf_match *m, struct candidate c);

/* Adds MOVE, the text of match_add_move(), to D as the problem of ENTRY, number NUMBER. */
void match_complain_move(
	const struct pf_policy *entry, int number, const char *move, struct diag *d);

/* The same to NOTES, as no problem: it was FOUND all the same, or does not have to be. */
void match_note_move(const struct pf_policy *entry, int number, const char *move, bool found,
	struct diag *notes);
