/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of the table of drivers. */
#include <stdio.h>
#include <string.h>

#include "core/drivers-rows.h"
#include "core/drivers.h"

const struct driver *driver_row(size_t i)
{
	const struct {
		const struct driver *rows;
		size_t n;
	} parts[] = { { drivers_intel, n_drivers_intel }, { drivers_mellanox, n_drivers_mellanox },
		{ drivers_nic, n_drivers_nic }, { drivers_other, n_drivers_other } };

	for (size_t p = 0; p < ARRAY_SIZE(parts); p++) {
		if (i < parts[p].n)
			return &parts[p].rows[i];
		i -= parts[p].n;
	}
	return NULL;
}

const struct driver *driver_find(const char *name)
{
	const struct driver *d;

	for (size_t i = 0; name && (d = driver_row(i)); i++)
		if (strcmp(d->name, name) == 0)
			return d;
	return NULL;
}

static bool is_one_of(const struct driver_cards *cards, uint16_t device)
{
	for (size_t i = 0; i < ARRAY_SIZE(cards->devices) && cards->devices[i]; i++)
		if (cards->devices[i] == device)
			return true;
	return false;
}

struct driver_cell driver_cell(const struct driver *d, uint16_t device, enum vf_attr_id id)
{
	struct driver_cell cell = { .takes = DRIVER_UNKNOWN };

	if (!d)
		return cell;
	cell = d->attrs[id];
	if (!cell.source && d->ops && vf_attr(id)->ifla)
		return (struct driver_cell){ .takes = DRIVER_NO, .source = d->ops };
	if (!cell.source && id == VF_MSIX)
		return (struct driver_cell){ .takes = DRIVER_NO,
			.source = "no sriov_set_msix_vec_count()" };
	if (cell.cards && device == 0)
		cell.takes = DRIVER_MAYBE;
	else if (cell.cards && !is_one_of(cell.cards, device))
		cell.takes = DRIVER_NO;
	return cell;
}

bool driver_is_rest(const struct driver *d, enum vf_attr_id id, union vf_value value)
{
	enum vf_attr_type type = vf_attr(id)->type;

	if (!d || !d->reports || !vf_attr(id)->ifla || d->attrs[id].no_rest || value.n != 0)
		return false;
	return type == VF_TYPE_VLAN || type == VF_TYPE_NUMBER || type == VF_TYPE_WORD;
}

/* The driver does not take the attribute at all. */
static void add_never(
	const struct driver *d, const struct driver_cell *cell, enum vf_attr_id id, struct buf *why)
{
	const char *key = vf_attr(id)->key;

	if (cell->cards)
		buf_addf(why, "%s implements %s on the %s only: remove it", d->name, key,
			cell->cards->name);
	else
		buf_addf(why, "%s does not implement %s: remove it", d->name, key);
	if (driver_is_rest(d, id, (union vf_value){ .n = 0 })) {
		buf_add(why, ", or let it be ");
		if (vf_attr(id)->type == VF_TYPE_WORD)
			buf_addf(why, "\"%s\"", vf_attr(id)->words[0]);
		else
			buf_add(why, "0");
	}
}

static enum driver_verdict judge_vlan(
	const struct driver *d, const struct driver_cell *cell, uint64_t vlan, struct buf *why)
{
	if (vlan_qos(vlan) && cell->no_qos) {
		buf_addf(why, "%s gives a VLAN no priority: remove qos", d->name);
		return DRIVER_CANNOT;
	}
	if (vlan_proto(vlan) != VLAN_PROTO_8021AD || cell->ad == DRIVER_YES)
		return DRIVER_FINE;
	if (cell->ad == DRIVER_NO) {
		buf_addf(why, "%s does not implement 802.1ad: remove proto", d->name);
		return DRIVER_CANNOT;
	}
	buf_addf(why, "%s may refuse 802.1ad: %s", d->name,
		cell->note ? cell->note : "not every card has it");
	return DRIVER_UNSURE;
}

static enum driver_verdict judge_number(
	const struct driver *d, const struct driver_cell *cell, uint64_t n, struct buf *why)
{
	if (n && cell->most && n > cell->most)
		buf_addf(
			why, "%s takes no more than %llu", d->name, (unsigned long long)cell->most);
	else if (n && n < cell->least)
		buf_addf(why, "%s takes no less than %llu, or 0 for none", d->name,
			(unsigned long long)cell->least);
	else if (!cell->step || n % cell->step == 0)
		return DRIVER_FINE;
	else {
		buf_addf(why, "%s has the card limit rates in steps of %u, whatever is reported",
			d->name, cell->step);
		return DRIVER_UNSURE;
	}
	return DRIVER_CANNOT;
}

static enum driver_verdict judge_word(const struct driver *d, const struct driver_cell *cell,
	enum vf_attr_id id, union vf_value value, struct buf *why)
{
	if (value.n >= 32 || !(cell->no_words & 1u << value.n))
		return DRIVER_FINE;
	buf_addf(why, "%s says yes to %s ", d->name, vf_attr(id)->key);
	vf_value_text(why, id, value);
	buf_add(why, " and does nothing: remove it");
	return DRIVER_CANNOT;
}

/* What can be said of the value alone, the attribute being taken. */
static enum driver_verdict judge_value(const struct driver *d, const struct driver_cell *cell,
	enum vf_attr_id id, union vf_value value, struct buf *why)
{
	switch (vf_attr(id)->type) {
	case VF_TYPE_VLAN:
		return judge_vlan(d, cell, value.n, why);
	case VF_TYPE_NUMBER:
		return judge_number(d, cell, value.n, why);
	case VF_TYPE_WORD:
		return judge_word(d, cell, id, value, why);
	case VF_TYPE_MAC:
	case VF_TYPE_GUID:
	case VF_TYPE_BOOL:
	case VF_TYPE_DRIVER:
	case VF_TYPE_IFNAME:
	case VF_TYPE_TEXT:
		break;
	}
	return DRIVER_FINE;
}

enum driver_verdict driver_judge(const struct driver *d, uint16_t device, enum vf_attr_id id,
	union vf_value value, struct buf *why)
{
	struct driver_cell cell = driver_cell(d, device, id);
	enum driver_verdict verdict;

	if (cell.takes == DRIVER_UNKNOWN || driver_is_rest(d, id, value))
		return DRIVER_FINE;
	if (cell.takes == DRIVER_NO) {
		add_never(d, &cell, id, why);
		return DRIVER_CANNOT;
	}
	verdict = judge_value(d, &cell, id, value, why);
	if (verdict != DRIVER_FINE || cell.takes == DRIVER_YES)
		return verdict;
	buf_addf(why, "%s may not do %s: ", d->name, vf_attr(id)->key);
	if (cell.cards)
		buf_addf(why, "it implements it on the %s only", cell.cards->name);
	else
		buf_add(why, cell.note);
	return DRIVER_UNSURE;
}

static void add_part(struct buf *b, const char *text)
{
	if (text)
		buf_addf(b, "%s%s", b->len ? "; " : "", text);
}

/* Whether the driver takes it of some cards only, of which this one may be none. */
static void add_cards(struct buf *b, const struct driver_cell *cell)
{
	_cleanup_(buf_done) struct buf only = { 0 };

	if (!cell->cards)
		return;
	buf_addf(&only, "on the %s only", cell->cards->name);
	add_part(b, buf_text(&only));
}

void driver_conditions(const struct driver_cell *cell, struct buf *b)
{
	char step[48];

	add_cards(b, cell);
	if (cell->takes == DRIVER_NO)
		return;
	if (cell->needs & DRIVER_NEEDS_CARRIER)
		add_part(b, "needs link on the PF");
	else if (cell->needs & DRIVER_NEEDS_UP)
		add_part(b, "needs the PF up");
	if (cell->needs & DRIVER_NEEDS_LEGACY)
		add_part(b, "not in switchdev mode");
	if (cell->link_speed)
		add_part(b, "no more than the link's speed");
	snprintf(step, sizeof(step), "in steps of %u", cell->step);
	add_part(b, cell->step ? step : NULL);
	add_part(b, cell->note);
}

bool driver_needs(const char *name, enum vf_attr_id id, enum driver_need need)
{
	const struct driver *d = driver_find(name);

	return d && (d->attrs[id].needs & need);
}

int driver_fdb_slots(const char *name, uint16_t device, unsigned n_vfs)
{
	const struct driver *d = driver_find(name);

	for (size_t i = 0; d && d->cards && d->cards[i]; i++)
		if (is_one_of(d->cards[i], device))
			return d->cards[i]->filters > n_vfs
				       ? (int)(d->cards[i]->filters - n_vfs - 1)
				       : 0;
	return -1;
}

const char *driver_takes_name(enum driver_takes takes)
{
	static const char *const names[_DRIVER_TAKES_MAX] = {
		[DRIVER_UNKNOWN] = "unknown",
		[DRIVER_NO] = "no",
		[DRIVER_YES] = "yes",
		[DRIVER_MAYBE] = "maybe",
		[DRIVER_LOOSE] = "loosely",
	};

	return names[takes];
}
