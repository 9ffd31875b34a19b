/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables for people: columns as wide as their widest cell, two blanks apart, nothing cut off. What
 * is too wide for the screen is folded.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "render/text.h"

enum table_align { TABLE_LEFT, TABLE_RIGHT };

/* How a cell stands out where there is colour. A cell "-" is always dim. */
enum table_style { TABLE_PLAIN, TABLE_STRONG, TABLE_GOOD, TABLE_BAD, _TABLE_STYLE_MAX };

struct table_column {
	const char *title;
	enum table_align align;
	bool optional; /* left out when no row has anything but "" and "-" in it */
};

struct table_cell {
	size_t start, len; /* in the table's text */
	size_t width;
	enum table_style style;
};

/* Initialise with the columns alone: { .columns = …, .n_columns = … }. */
struct table {
	const struct table_column *columns; /* not owned */
	size_t n_columns;
	struct table_cell *cells; /* row by row */
	size_t n_cells;
	struct buf text;
};

/* Appends the next cell of the row, or the first of the next one. TEXT is escaped; NULL is "-". */
void table_add(struct table *t, const char *text);

/* The same with formatted text. */
void table_addf(struct table *t, const char *fmt, ...) _printf_(2, 3);

/* Makes the last cell stand out. */
void table_mark(struct table *t, enum table_style style);

/*
 * Appends the whole table with its titles to B, fit for S. Columns that have no room side by side
 * follow below each row, with their titles and without cells that hold nothing; the first column,
 * and a cell that is wider than S by itself, stay whole.
 */
void table_render(const struct table *t, struct screen s, struct buf *b);

/* Frees the cells and makes T empty; its columns stay. */
void table_done(struct table *t);
