/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables for people. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "render/table.h"
#include "render/text.h"

#define GAP    2 /* blanks between columns */
#define INDENT 6 /* of what is folded: more than that of a VF's row */

#define SGR_DIM "\033[2m"
#define SGR_OFF "\033[0m"

static const char *const sgr[_TABLE_STYLE_MAX] = {
	[TABLE_STRONG] = "\033[1m",
	[TABLE_GOOD] = "\033[32m",
	[TABLE_BAD] = "\033[31m",
};

void table_add(struct table *t, const char *text)
{
	struct table_cell *cell;

	t->cells = mem_grow(t->cells, t->n_cells, sizeof(*t->cells));
	cell = &t->cells[t->n_cells++];
	cell->start = t->text.len;
	text_escape(&t->text, text ? text : "-");
	cell->len = t->text.len - cell->start;
	cell->width = text_width(buf_text(&t->text) + cell->start, cell->len);
}

void table_addf(struct table *t, const char *fmt, ...)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	table_add(t, buf_text(&text));
}

void table_mark(struct table *t, enum table_style style)
{
	assert(t->n_cells > 0);
	t->cells[t->n_cells - 1].style = style;
}

static bool cell_is_dash(const struct table *t, const struct table_cell *cell)
{
	return cell->len == 1 && buf_text(&t->text)[cell->start] == '-';
}

/* The width of column C, 0 when it is to be left out. */
static size_t column_width(const struct table *t, size_t c)
{
	const struct table_column *column = &t->columns[c];
	size_t width = text_width(column->title, strlen(column->title));
	bool wanted = !column->optional;

	for (size_t i = c; i < t->n_cells; i += t->n_columns) {
		const struct table_cell *cell = &t->cells[i];

		wanted = wanted || (cell->len > 0 && !cell_is_dash(t, cell));
		if (cell->width > width)
			width = cell->width;
	}
	return wanted ? width : 0;
}

/* A line being written. Blanks are held back until something follows them. */
struct line {
	struct buf *b;
	bool colour;
	size_t blanks;
};

static void line_add(struct line *l, const char *s, size_t len, const char *style)
{
	if (len == 0)
		return;
	buf_pad(l->b, l->b->len, l->blanks, ' ');
	l->blanks = 0;
	if (l->colour && style)
		buf_add(l->b, style);
	buf_addn(l->b, s, len);
	if (l->colour && style)
		buf_add(l->b, SGR_OFF);
}

/* Adds a cell of a column of WIDTH. */
static void line_add_cell(struct line *l, const char *s, const struct table_cell *cell,
	size_t width, enum table_align align, const char *style)
{
	size_t space = width - cell->width;

	if (align == TABLE_RIGHT)
		l->blanks += space;
	line_add(l, s, cell->len, style);
	l->blanks += GAP + (align == TABLE_LEFT ? space : 0);
}

/* A table that is being rendered. */
struct view {
	const struct table *t;
	struct screen screen;
	size_t *widths; /* of the columns, 0: left out */
	size_t n_side;  /* the columns that are side by side: the first ones */
};

/* How many columns, of those from the left, have room. */
static size_t columns_that_fit(const struct view *v)
{
	size_t used = 0;

	for (size_t c = 0; c < v->t->n_columns; c++) {
		used += v->widths[c];
		if (v->screen.width && used > v->screen.width && c > 0)
			return c;
		used += v->widths[c] ? GAP : 0;
	}
	return v->t->n_columns;
}

static void render_titles(const struct view *v, struct line *l)
{
	for (size_t c = 0; c < v->n_side; c++) {
		const struct table_column *column = &v->t->columns[c];
		struct table_cell cell = { .len = strlen(column->title) };

		cell.width = text_width(column->title, cell.len);
		if (v->widths[c] > 0)
			line_add_cell(l, column->title, &cell, v->widths[c], column->align,
				sgr[TABLE_STRONG]);
	}
}

static void render_row(const struct view *v, const struct table_cell *row, struct line *l)
{
	for (size_t c = 0; c < v->n_side; c++) {
		const char *style = cell_is_dash(v->t, &row[c]) ? SGR_DIM : sgr[row[c].style];

		if (v->widths[c] > 0)
			line_add_cell(l, buf_text(&v->t->text) + row[c].start, &row[c],
				v->widths[c], v->t->columns[c].align, style);
	}
}

/* The cells that have no room beside the others, each after its title. */
static void render_folded(const struct view *v, const struct table_cell *row, struct line *l)
{
	size_t used = 0;

	for (size_t c = v->n_side; c < v->t->n_columns; c++) {
		const char *title = v->t->columns[c].title;
		size_t width = text_width(title, strlen(title)) + 1 + row[c].width;

		if (!v->widths[c] || !row[c].len || cell_is_dash(v->t, &row[c]))
			continue;
		if (used == 0 || used + GAP + width > v->screen.width) {
			buf_add(l->b, "\n");
			l->blanks = used = INDENT;
		} else {
			l->blanks = GAP;
			used += GAP;
		}
		used += width;
		line_add(l, title, strlen(title), SGR_DIM);
		l->blanks = 1;
		line_add(l, buf_text(&v->t->text) + row[c].start, row[c].len, sgr[row[c].style]);
	}
}

void table_render(const struct table *t, struct screen s, struct buf *b)
{
	_cleanup_free_ size_t *widths = mem_new(t->n_columns, sizeof(*widths));
	struct view v = { .t = t, .screen = s, .widths = widths };
	struct line l = { .b = b, .colour = s.colour };

	assert(t->n_cells % t->n_columns == 0);
	for (size_t c = 0; c < t->n_columns; c++)
		widths[c] = column_width(t, c);
	v.n_side = columns_that_fit(&v);
	render_titles(&v, &l);
	buf_add(b, "\n");
	for (size_t i = 0; i < t->n_cells; i += t->n_columns) {
		l.blanks = 0;
		render_row(&v, &t->cells[i], &l);
		render_folded(&v, &t->cells[i], &l);
		buf_add(b, "\n");
	}
}

void table_done(struct table *t)
{
	free(t->cells);
	buf_done(&t->text);
	t->cells = NULL;
	t->n_cells = 0;
}
