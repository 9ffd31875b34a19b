/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values in the policy's JSON Schema. */
#include <string.h>

#include "core/accepts.h"
#include "core/policy.h"
#include "render/schema-part.h"

static const struct dev *pf_dev(const struct schema *s)
{
	return inventory_pf_dev(s->inv, s->pf);
}

/* What is to be known about the cell, and where it is from. */
static void comment(const struct driver_cell *cell, struct buf *b)
{
	if (cell->takes == DRIVER_UNKNOWN)
		return;
	driver_conditions(cell, b);
	buf_addf(b, "%s(%s)", b->len ? " " : "", cell->source);
}

/* The driver does not take it: what is left is what it reports anyway. Returns whether there is
 * such a value. */
static bool narrow_to_rest(const struct schema *s, enum vf_attr_id id, struct schema_value *v)
{
	if (id == VF_MAC) {
		v->shape.pattern = "^keep$";
		return true;
	}
	if (!driver_is_rest(s->driver, id, (union vf_value){ .n = 0 }))
		return false;
	if (vf_attr(id)->type != VF_TYPE_WORD)
		v->shape.kind = SHAPE_NUMBER;
	v->shape.max = 0;
	v->no_words = ~1u;
	return true;
}

static bool narrow_attr(const struct schema *s, enum vf_attr_id id, struct schema_value *v)
{
	struct driver_cell cell = accepts_cell(s->inv, s->pf, id);

	if (!vf_attr_is_of(id, inventory_pf_kind(s->inv, s->pf)))
		return false;
	if (!vf_attr_is_on_host(id) || (!s->driver && id != VF_MSIX))
		return true;
	comment(&cell, &v->comment);
	if (cell.takes == DRIVER_NO)
		return narrow_to_rest(s, id, v);
	if (v->shape.kind == SHAPE_NUMBER) {
		v->least = cell.least;
		if (cell.most)
			v->shape.max = cell.most;
	}
	v->no_words = cell.no_words;
	return true;
}

static bool narrow_count(const struct schema *s, struct schema_value *v)
{
	v->shape.max = inventory_possible_vfs(s->inv, s->pf);
	if (!s->driver)
		return true;
	v->only_ends = s->driver->count == DRIVER_COUNT_ALL;
	if (s->driver->count == DRIVER_COUNT_FIXED)
		v->shape = (struct policy_shape){ .kind = SHAPE_NUMBER,
			.help = v->shape.help,
			.min = s->pf->n_vfs,
			.max = s->pf->n_vfs };
	if (s->driver->count_note)
		buf_add(&v->comment, s->driver->count_note);
	return true;
}

static bool narrow(const struct schema *s, const struct policy_key_row *row, struct schema_value *v)
{
	struct driver_cell vlan = driver_cell(s->driver, pf_dev(s)->device, VF_VLAN);

	if (row->key == KEY_ATTR)
		return narrow_attr(s, vf_attr_by_key(row->name), v);
	if (row->key == KEY_VFS)
		return narrow_count(s, v);
	if (row->key == KEY_QOS && vlan.no_qos)
		v->shape.max = 0;
	if (row->key == KEY_PROTO && vlan.ad == DRIVER_NO)
		v->no_words = ~1u; /* the first is 802.1Q */
	return true;
}

/* Several VFs have neither one name nor one address, be it of Ethernet or of InfiniBand. */
static bool share(const struct policy_key_row *row, struct schema_value *v)
{
	enum vf_attr_id id = row->key == KEY_ATTR ? vf_attr_by_key(row->name) : _VF_ATTR_MAX;

	if (id == VF_MAC)
		v->shape.pattern = POLICY_PATTERN_ANY_MAC;
	return id != VF_NAME && id != VF_NODE_GUID && id != VF_PORT_GUID;
}

bool schema_value(const struct schema *s, const struct policy_key_row *row, bool shared,
	struct schema_value *v)
{
	*v = (struct schema_value){ .shape = policy_shape(row) };
	if (shared && !share(row, v))
		return false;
	return !s->inv || narrow(s, row, v);
}

void schema_value_done(struct schema_value *v)
{
	buf_done(&v->comment);
}

static void add_words(const struct schema *s, const struct schema_value *v)
{
	jsonout_array(s->j, "enum");
	for (unsigned i = 0; v->shape.words[i]; i++)
		if (!(v->no_words & 1u << i))
			jsonout_text(s->j, NULL, v->shape.words[i]);
	jsonout_end(s->j);
}

void schema_add_number(const struct schema *s, const struct schema_value *v)
{
	jsonout_number(s->j, "minimum", (int64_t)v->shape.min);
	jsonout_number(s->j, "maximum", (int64_t)v->shape.max);
	if (v->least <= 1)
		return;
	jsonout_object(s->j, "not");
	jsonout_number(s->j, "minimum", 1);
	jsonout_number(s->j, "maximum", (int64_t)v->least - 1);
	jsonout_end(s->j);
}

/* A number, or a word that stands for one. */
static void add_count(const struct schema *s, const struct schema_value *v)
{
	if (v->only_ends) {
		jsonout_array(s->j, "enum");
		jsonout_number(s->j, NULL, (int64_t)v->shape.min);
		jsonout_number(s->j, NULL, (int64_t)v->shape.max);
		for (unsigned i = 0; v->shape.words[i]; i++)
			jsonout_text(s->j, NULL, v->shape.words[i]);
		jsonout_end(s->j);
		return;
	}
	jsonout_value(s->j, "type", "[\"integer\", \"string\"]");
	schema_add_number(s, v);
	jsonout_text(s->j, "pattern", "^max$");
}

static void add_text(const struct schema *s, const struct schema_value *v)
{
	jsonout_text(s->j, "type", "string");
	jsonout_text(s->j, "pattern", POLICY_PATTERN_TEXT);
	if (v->shape.max)
		jsonout_number(s->j, "maxLength", (int64_t)v->shape.max);
}

static void add_texts(const struct schema *s, const struct schema_value *v)
{
	jsonout_text(s->j, "type", "array");
	if (v->shape.kind == SHAPE_GLOBS)
		jsonout_number(s->j, "minItems", 1);
	else
		jsonout_bool(s->j, "uniqueItems", true);
	jsonout_object(s->j, "items");
	jsonout_text(s->j, "type", "string");
	jsonout_text(s->j, "pattern", v->shape.pattern);
	jsonout_end(s->j);
}

void schema_add_plain(const struct schema *s, const struct schema_value *v)
{
	switch (v->shape.kind) {
	case SHAPE_VERSION:
		jsonout_number(s->j, "const", POLICY_VERSION);
		break;
	case SHAPE_BOOL:
		jsonout_text(s->j, "type", "boolean");
		break;
	case SHAPE_NUMBER:
		jsonout_text(s->j, "type", "integer");
		schema_add_number(s, v);
		break;
	case SHAPE_COUNT:
		add_count(s, v);
		break;
	case SHAPE_WORDS:
		add_words(s, v);
		break;
	case SHAPE_PATTERN:
		jsonout_text(s->j, "type", "string");
		jsonout_text(s->j, "pattern", v->shape.pattern);
		break;
	case SHAPE_TEXT:
		add_text(s, v);
		break;
	case SHAPE_GLOBS:
	case SHAPE_SET:
		add_texts(s, v);
		break;
	case SHAPE_NONE:
	case SHAPE_VLAN:
	case SHAPE_SWITCHES:
	case SHAPE_OBJECT:
	case SHAPE_LIST:
	case SHAPE_RANGES:
		break;
	}
}
