/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the JSON Schema share: values, and what a PF's driver makes of them. */
#pragma once

#include "core/drivers.h"
#include "core/inventory.h"
#include "core/policy-shape.h"
#include "render/jsonout.h"

/* A schema under way. */
struct schema {
	struct jsonout *j;
	const struct inventory *inv; /* NULL: for no PF in particular */
	const struct pf *pf;
	const struct driver *driver; /* NULL: not known */
};

/* A value as the policy may have it there. */
struct schema_value {
	struct policy_shape shape;
	uint64_t least;    /* of a number that is not 0 */
	unsigned no_words; /* a bit for each of the shape's words that is not allowed */
	bool only_ends;    /* of a number: the least and the most of it, nothing between */
	struct buf comment;
};

/*
 * The value of the key ROW, narrowed to what the PF's driver accepts; SHARED: several VFs have it.
 * Returns false where there can be none. V is freed with schema_value_done() in any case.
 */
bool schema_value(const struct schema *s, const struct policy_key_row *row, bool shared,
	struct schema_value *v) _must_check_;

/* Frees what V holds. */
void schema_value_done(struct schema_value *v);

/* Adds the keywords of a value that is neither an object nor an array of them. */
void schema_add_plain(const struct schema *s, const struct schema_value *v);

/* Adds the keywords of a number. */
void schema_add_number(const struct schema *s, const struct schema_value *v);
