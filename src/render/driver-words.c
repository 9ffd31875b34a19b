/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of drivers in words. */
#include <string.h>

#include "render/driver-words.h"

#define NAME_WIDTH 11

static void add_limits(const struct driver_cell *cell, enum vf_attr_id id, struct buf *b)
{
	const struct vf_attr *row = vf_attr(id);
	uint64_t most = cell->most ? cell->most : row->max;

	if (cell->least > 1)
		buf_addf(b, "0, %llu to ", (unsigned long long)cell->least);
	else
		buf_addf(b, "%llu to ", (unsigned long long)row->min);
	if (most < UINT32_MAX)
		buf_addf(b, "%llu", (unsigned long long)most);
	else
		buf_add(b, cell->link_speed ? "the link's speed" : "any");
}

static void add_words(const struct driver_cell *cell, enum vf_attr_id id, struct buf *b)
{
	for (unsigned i = 0; i < vf_attr_words(id); i++)
		if (!(cell->no_words & 1u << i)) {
			buf_add(b, b->len ? ", " : "");
			vf_value_text(b, id, (union vf_value){ .n = i });
		}
}

void driver_values(
	const struct driver *d, const struct driver_cell *cell, enum vf_attr_id id, struct buf *b)
{
	static const char *const ad[_DRIVER_TAKES_MAX] = { [DRIVER_NO] = "not 802.1ad",
		[DRIVER_YES] = "802.1ad, too",
		[DRIVER_MAYBE] = "802.1ad perhaps" };

	if (cell->takes == DRIVER_UNKNOWN)
		return;
	if (cell->takes == DRIVER_NO) {
		if (driver_is_rest(d, id, (union vf_value){ .n = 0 })) {
			buf_add(b, "only ");
			vf_value_text(b, id, (union vf_value){ .n = 0 });
		}
		return;
	}
	if (vf_attr(id)->type == VF_TYPE_NUMBER)
		add_limits(cell, id, b);
	else if (vf_attr(id)->type == VF_TYPE_WORD)
		add_words(cell, id, b);
	else if (vf_attr(id)->type == VF_TYPE_VLAN)
		buf_addf(b, "%s%s", cell->no_qos ? "no qos, " : "",
			ad[cell->ad] ? ad[cell->ad] : "");
}

/* What NVMe controllers take, they tell themselves, whatever their driver. */
static bool is_asked(enum vf_attr_id id)
{
	return vf_attr_is_on_host(id) && vf_attr(id)->way != VF_BY_NVME;
}

static void add_titles(struct buf *b)
{
	buf_add(b, "PF driver  ");
	for (unsigned id = 0; id < _VF_ATTR_MAX; id++)
		if (is_asked((enum vf_attr_id)id))
			buf_addf(b, "  %s", vf_attr((enum vf_attr_id)id)->key);
	buf_add(b, "\n");
}

static void add_row(const struct driver *d, struct buf *b)
{
	static const char *const marks[_DRIVER_TAKES_MAX] = { "?", "\\-", "x", "(x)", "(x)" };
	size_t start = b->len;

	buf_add(b, d->name);
	buf_pad(b, start, NAME_WIDTH, ' ');
	for (unsigned id = 0; id < _VF_ATTR_MAX; id++) {
		enum driver_takes takes = driver_cell(d, 0, (enum vf_attr_id)id).takes;

		if (!is_asked((enum vf_attr_id)id))
			continue;
		start = b->len;
		buf_addf(b, "  %s", marks[takes]);
		/* The backslash before a dash takes no column. */
		buf_pad(b, start,
			strlen(vf_attr((enum vf_attr_id)id)->key) + 2 + (takes == DRIVER_NO), ' ');
	}
	while (b->len && b->s[b->len - 1] == ' ')
		b->s[--b->len] = '\0';
	buf_add(b, "\n");
}

/* Appends text in which a dash is no hyphen and no line begins with a dot. */
static void add_escaped(struct buf *b, const char *text)
{
	for (; *text; text++)
		if (*text == '-')
			buf_add(b, "\\-");
		else if (*text == '\'')
			buf_add(b, "\\(aq");
		else
			buf_addn(b, text, 1);
}

/* A sentence on what is particular about an attribute, if there is anything. */
static void add_note(const struct driver *d, enum vf_attr_id id, struct buf *b)
{
	struct driver_cell cell = driver_cell(d, 0, id);
	_cleanup_(buf_done) struct buf values = { 0 }, conditions = { 0 };

	if (cell.takes == DRIVER_NO || cell.takes == DRIVER_UNKNOWN)
		return;
	driver_values(d, &cell, id, &values);
	driver_conditions(&cell, &conditions);
	if (cell.resets)
		buf_addf(&conditions, "%sresets the VF", conditions.len ? "; " : "");
	if (!values.len && !conditions.len)
		return;
	buf_addf(b, ".br\n.BR %s :\n", vf_attr(id)->key);
	add_escaped(b, buf_text(&values));
	buf_add(b, values.len && conditions.len ? "; " : "");
	add_escaped(b, buf_text(&conditions));
	buf_add(b, ".\n");
}

static void add_notes(const struct driver *d, struct buf *b)
{
	buf_addf(b, ".TP\n.I %s\n", d->name);
	add_escaped(b, d->what);
	buf_add(b, ".\n");
	if (d->count_note) {
		buf_add(b, ".br\n.BR vfs :\n");
		add_escaped(b, d->count_note);
		buf_add(b, ".\n");
	}
	for (unsigned id = 0; id < _VF_ATTR_MAX; id++)
		if (is_asked((enum vf_attr_id)id))
			add_note(d, (enum vf_attr_id)id, b);
}

void drivers_roff(struct buf *b)
{
	const struct driver *d;

	buf_add(b, ".nf\n");
	add_titles(b);
	for (size_t i = 0; (d = driver_row(i)); i++)
		if (d->kind == DRIVER_NIC)
			add_row(d, b);
	buf_add(b, ".fi\n");
	for (size_t i = 0; (d = driver_row(i)); i++)
		add_notes(d, b);
}
