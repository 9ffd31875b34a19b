/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of `match` and one device. */
#include <fnmatch.h>
#include <string.h>

#include "core/match-key.h"

/* How a key's value is compared, and written for people. */
enum type { OF_ADDRESS, OF_MAC, OF_TEXT, OF_GLOB, OF_ID };

#define WANT(member)       .want = offsetof(struct pf_match, member)
#define WANT_GIVEN(member) WANT(member), .given = offsetof(struct pf_match, has_##member)
#define DEV(member)        .have = offsetof(struct dev, member)

/* The keys of `match` that say which PF it is. */
static const struct row {
	const char *key;
	enum type type;
	size_t want, given; /* in struct pf_match: the value; whether it is there, unless a text */
	size_t have;        /* in struct dev, unless it is of the interface */
	bool place;         /* where it is, and not which one */
	bool early;         /* known as soon as the device is there, without driver and interface */
} rows[] = {
	{ "address", OF_ADDRESS, WANT_GIVEN(address), DEV(addr), true, true },
	{ "mac", OF_MAC, WANT_GIVEN(mac) },
	{ "path", OF_TEXT, WANT(path), DEV(path), .place = true },
	{ "slot", OF_TEXT, WANT(slot), DEV(slot), .place = true },
	{ "interface", OF_GLOB, WANT(interface) },
	{ "vendor", OF_ID, WANT_GIVEN(vendor), DEV(vendor), .early = true },
	{ "device", OF_ID, WANT_GIVEN(device), DEV(device), .early = true },
	{ "subsystem_vendor", OF_ID, WANT_GIVEN(subsystem_vendor), DEV(subsystem_vendor),
		.early = true },
	{ "subsystem_device", OF_ID, WANT_GIVEN(subsystem_device), DEV(subsystem_device),
		.early = true },
	{ "driver", OF_TEXT, WANT(driver), DEV(driver) },
};

static const void *member(const void *base, size_t at)
{
	return (const char *)base + at;
}

static bool is_text(const struct row *row)
{
	return row->type == OF_TEXT || row->type == OF_GLOB;
}

/* The value that M wants by ROW, or NULL; for texts, a pointer to the pointer. */
static const void *wanted(const struct row *row, const struct pf_match *m)
{
	const void *v = member(m, row->want);
	bool given = is_text(row) ? *(const char *const *)v != NULL
				  : *(const bool *)member(m, row->given);

	return given ? v : NULL;
}

/* The same that C has. */
static const void *had(const struct row *row, struct candidate c)
{
	const void *v = member(c.dev, row->have);

	if (row->type == OF_MAC)
		return c.net && c.net->has_perm_mac ? &c.net->perm_mac : NULL;
	if (row->type == OF_GLOB)
		return c.net ? &c.net->name : NULL;
	return !is_text(row) || *(const char *const *)v ? v : NULL;
}

static bool is_equal(enum type type, const void *want, const void *have)
{
	switch (type) {
	case OF_ADDRESS:
		return pciaddr_cmp(*(const struct pciaddr *)want, *(const struct pciaddr *)have) ==
		       0;
	case OF_MAC:
		return *(const macaddr *)want == *(const macaddr *)have;
	case OF_TEXT:
		return strcmp(*(const char *const *)want, *(const char *const *)have) == 0;
	case OF_GLOB:
		return fnmatch(*(const char *const *)want, *(const char *const *)have, 0) == 0;
	case OF_ID:
		return *(const uint16_t *)want == *(const uint16_t *)have;
	}
	return false;
}

static bool agrees(const struct row *row, const struct pf_match *m, struct candidate c)
{
	const void *want = wanted(row, m), *have = had(row, c);

	return !want || (have && is_equal(row->type, want, have));
}

static void add_value(struct buf *b, enum type type, const void *v)
{
	if (type == OF_ADDRESS)
		buf_add(b, pciaddr_text(*(const struct pciaddr *)v).s);
	else if (type == OF_MAC)
		buf_add(b, macaddr_text(*(const macaddr *)v).s);
	else if (type == OF_ID)
		buf_addf(b, "%04x", *(const uint16_t *)v);
	else
		buf_add(b, *(const char *const *)v);
}

void match_add_wanted(struct buf *b, const struct pf_match *m)
{
	const char *before = "";

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const void *want = wanted(&rows[i], m);

		if (!want)
			continue;
		buf_addf(b, "%s%s ", before, rows[i].key);
		add_value(b, rows[i].type, want);
		before = ", ";
	}
}

/* What C has by ROW, or that it has none, or that nobody knows where it is. */
static void add_had(struct buf *b, const struct row *row, struct candidate c)
{
	const void *have = had(row, c);

	buf_addf(b, "%s ", row->key);
	if (have)
		add_value(b, row->type, have);
	else
		buf_add(b, row->place ? "unknown" : "none");
}

void match_add_candidate(struct buf *b, const struct pf_match *m, struct candidate c)
{
	const char *before = " (";

	buf_add(b, pciaddr_text(c.dev->addr).s);
	if (c.net) {
		buf_addf(b, "%s%s", before, c.net->name);
		before = ", ";
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		bool told = row->type == OF_MAC ? had(row, c) != NULL : wanted(row, m) != NULL;

		if (!told || row->type == OF_ADDRESS || row->type == OF_GLOB)
			continue;
		buf_add(b, before);
		add_had(b, row, c);
		before = ", ";
	}
	buf_add(b, *before == ',' ? ")" : "");
}

/* Where M says that it is: "0000:01:00.0, slot 3". */
static void add_wanted_place(struct buf *b, const struct pf_match *m)
{
	const char *before = "";

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const void *want = rows[i].place ? wanted(&rows[i], m) : NULL;

		if (!want)
			continue;
		buf_add(b, before);
		if (rows[i].type != OF_ADDRESS)
			buf_addf(b, "%s ", rows[i].key);
		add_value(b, rows[i].type, want);
		before = ", ";
	}
}

/* Where C is, by its address and the same keys: "0000:02:00.0 (enp2s0), slot 4". */
static void add_place(struct buf *b, const struct pf_match *m, struct candidate c)
{
	buf_add(b, pciaddr_text(c.dev->addr).s);
	if (c.net)
		buf_addf(b, " (%s)", c.net->name);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].place || rows[i].type == OF_ADDRESS || !wanted(&rows[i], m))
			continue;
		buf_add(b, ", ");
		add_had(b, &rows[i], c);
	}
}

void match_add_move(struct buf *b, const char *what, const struct pf_match *m, struct candidate c)
{
	buf_addf(b, "the %s with mac %s has moved from ", what, macaddr_text(m->mac).s);
	add_wanted_place(b, m);
	buf_add(b, " to ");
	add_place(b, m, c);
}

void match_complain_move(
	const struct pf_policy *entry, int number, const char *move, struct diag *d)
{
	diag_add(d, entry->match_at, number,
		"%s: write where it is now, or add \"follow\": \"mac\" to have it found wherever "
		"it is",
		move);
}

void match_note_move(
	const struct pf_policy *entry, int number, const char *move, bool found, struct diag *notes)
{
	diag_add(notes, entry->match_at, number, "%s%s", move,
		found ? "; it was found there by its MAC (\"follow\")"
		      : "; nothing is done there, as this entry is optional and does not say "
			"\"follow\": \"mac\"");
}

bool match_is_alike(const struct pf_match *m, struct candidate c, bool place)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if ((place || !rows[i].place) && !agrees(&rows[i], m, c))
			return false;
	return true;
}

bool match_could_be(const struct pf_match *m, struct candidate c)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].early && !(m->follow && rows[i].place) && !agrees(&rows[i], m, c))
			return false;
	return !m->driver || !c.dev->driver || strcmp(m->driver, c.dev->driver) == 0;
}
