/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy's JSON Schema, and that of one PF's entry. */
#include "render/schema.h"
#include "render/schema-part.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"

/* The objects that others refer to; of two for one kind, the first. */
static const struct definition {
	const char *name;
	enum policy_object object;
	bool shared; /* of VFs: what several of them can have */
} definitions[] = {
	{ "pf", OBJECT_PF, false },
	{ "device", OBJECT_DEVICE, false },
	{ "match", OBJECT_MATCH, false },
	{ "vfs", OBJECT_VF, true },
	{ "vf", OBJECT_VF, false },
};

static void add_properties(const struct schema *s, enum policy_object object, bool shared);

static void add_ref(const struct schema *s, enum policy_object object, bool shared)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	size_t i = 0;

	while (definitions[i].object != object || definitions[i].shared != shared)
		i++;
	buf_addf(&b, "#/$defs/%s", definitions[i].name);
	jsonout_text(s->j, "$ref", buf_text(&b));
}

/* `match`: at least one of the keys by which a PF can be known. */
static void add_either(const struct schema *s)
{
	struct policy_key_row row;

	jsonout_array(s->j, "anyOf");
	for (unsigned i = 0; policy_key_row(i, &row); i++) {
		if (row.object != OBJECT_MATCH || !policy_key_narrows(row.key))
			continue;
		jsonout_object(s->j, NULL);
		jsonout_array(s->j, "required");
		jsonout_text(s->j, NULL, row.name);
		jsonout_end(s->j);
		jsonout_end(s->j);
	}
	jsonout_end(s->j);
}

/* What holds of several keys of one object together. */
static void add_together(const struct schema *s, enum policy_object object)
{
	if (object == OBJECT_TOP)
		jsonout_value(s->j, "anyOf",
			"[{\"required\": [\"pfs\"]}, {\"required\": [\"devices\"]}]");
	if (object == OBJECT_MATCH) {
		add_either(s);
		jsonout_value(s->j, "dependentSchemas",
			"{\"follow\": {\"required\": [\"mac\"], \"anyOf\": [{\"required\": "
			"[\"address\"]}, {\"required\": [\"path\"]}, {\"required\": "
			"[\"slot\"]}]}}");
	}
	if (object == OBJECT_VLAN) { /* no VLAN has neither priority nor protocol */
		jsonout_value(s->j, "if", "{\"properties\": {\"id\": {\"const\": 0}}}");
		jsonout_value(s->j, "then", "{\"properties\": {\"qos\": false, \"proto\": false}}");
	}
	if (object == OBJECT_PF) { /* of many PFs, no VF has what only one can have */
		jsonout_value(s->j, "if",
			"{\"required\": [\"match\"], \"properties\": {\"match\": {\"required\": "
			"[\"many\"], \"properties\": {\"many\": {\"const\": true}}}}}");
		jsonout_value(s->j, "then",
			"{\"properties\": {\"vf\": {\"patternProperties\": {\"^[0-9]\": {\"$ref\": "
			"\"#/$defs/vfs\"}}}}}");
	}
}

/* The keys of an object of that kind. */
static void add_members(const struct schema *s, enum policy_object object, bool shared)
{
	static const char *const required[_OBJECT_MAX] = {
		[OBJECT_TOP] = "[\"version\"]",
		[OBJECT_PF] = "[\"match\"]",
		[OBJECT_DEVICE] = "[\"match\"]",
		[OBJECT_VLAN] = "[\"id\"]",
	};

	if (object < _OBJECT_MAX && required[object])
		jsonout_value(s->j, "required", required[object]);
	add_properties(s, object, shared);
	jsonout_bool(s->j, "additionalProperties", false);
	add_together(s, object);
}

static void add_ranges(const struct schema *s)
{
	jsonout_object(s->j, "patternProperties");
	jsonout_object(s->j, POLICY_PATTERN_VF);
	add_ref(s, OBJECT_VF, false);
	jsonout_end(s->j);
	jsonout_object(s->j, POLICY_PATTERN_RANGE);
	add_ref(s, OBJECT_VF, true);
	jsonout_end(s->j);
	jsonout_end(s->j);
	add_members(s, _OBJECT_MAX, false); /* those that any object has */
}

/* A key that any object has is no switch. */
static void add_switches(const struct schema *s, const struct schema_value *v)
{
	add_properties(s, _OBJECT_MAX, false);
	jsonout_object(s->j, "propertyNames");
	jsonout_text(s->j, "pattern", v->shape.pattern);
	jsonout_end(s->j);
	jsonout_object(s->j, "additionalProperties");
	jsonout_text(s->j, "type", "boolean");
	jsonout_end(s->j);
}

/* The keywords of a value, whatever it is. */
static void add_value(const struct schema *s, const struct schema_value *v)
{
	enum policy_object object = v->shape.object;

	if (v->shape.kind == SHAPE_VLAN) {
		jsonout_value(s->j, "type", "[\"integer\", \"object\"]");
		schema_add_number(s, v);
		add_members(s, object, false);
	} else if (v->shape.kind == SHAPE_OBJECT) {
		add_ref(s, object, object == OBJECT_VF);
	} else if (v->shape.kind == SHAPE_LIST) {
		jsonout_text(s->j, "type", "array");
		jsonout_object(s->j, "items");
		add_ref(s, object, false);
		jsonout_end(s->j);
	} else if (v->shape.kind == SHAPE_SWITCHES) {
		jsonout_text(s->j, "type", "object");
		add_switches(s, v);
	} else if (v->shape.kind == SHAPE_RANGES) {
		jsonout_text(s->j, "type", "object");
		add_ranges(s);
	} else {
		schema_add_plain(s, v);
	}
}

static void add_property(const struct schema *s, const struct policy_key_row *row, bool shared)
{
	_cleanup_(schema_value_done) struct schema_value v;

	if (!schema_value(s, row, shared, &v)) {
		jsonout_bool(s->j, row->name, false);
		return;
	}
	jsonout_object(s->j, row->name);
	if (v.shape.help)
		jsonout_text(s->j, "description", v.shape.help);
	if (v.comment.len)
		jsonout_text(s->j, "$comment", buf_text(&v.comment));
	add_value(s, &v);
	jsonout_end(s->j);
}

static void add_properties(const struct schema *s, enum policy_object object, bool shared)
{
	struct policy_key_row row;

	jsonout_object(s->j, "properties");
	for (unsigned i = 0; policy_key_row(i, &row); i++)
		if (policy_key_is_in(&row, object))
			add_property(s, &row, shared);
	jsonout_end(s->j);
}

/* The document: an object of that kind, and all that it refers to. */
static void add_document(const struct schema *s, enum policy_object object)
{
	jsonout_text(s->j, "type", "object");
	add_members(s, object, false);
	jsonout_object(s->j, "$defs");
	for (size_t i = 0; i < ARRAY_SIZE(definitions); i++) {
		if (definitions[i].object == object ||
			(object == OBJECT_PF && definitions[i].object == OBJECT_DEVICE))
			continue;
		jsonout_object(s->j, definitions[i].name);
		jsonout_text(s->j, "type", "object");
		add_members(s, definitions[i].object, definitions[i].shared);
		jsonout_end(s->j);
	}
	jsonout_end(s->j);
}

static struct jsonout *begin(const char *title)
{
	struct jsonout *j = jsonout_new();

	jsonout_text(j, "$schema", DIALECT);
	jsonout_text(j, "title", title);
	return j;
}

void schema_json(struct buf *b)
{
	struct schema s = { .j = begin("sriovctl policy") };

	add_document(&s, OBJECT_TOP);
	jsonout_finish(s.j, b);
}

void schema_pf_json(struct buf *b, const struct inventory *inv, size_t pf)
{
	const struct dev *d = inventory_pf_dev(inv, &inv->pfs[pf]);
	_cleanup_(buf_done) struct buf title = { 0 };
	struct schema s = { .inv = inv, .pf = &inv->pfs[pf] };

	if (!s.pf->driver_foreign) /* one from elsewhere may take more */
		s.driver = driver_find(d->driver);
	buf_addf(&title, "entry of \"pfs\" for %s", pciaddr_text(d->addr).s);
	if (d->driver)
		buf_addf(&title, " (%s)", d->driver);
	s.j = begin(buf_text(&title));
	add_document(&s, OBJECT_PF);
	jsonout_finish(s.j, b);
}
