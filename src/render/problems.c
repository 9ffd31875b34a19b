/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems of a policy as text and as JSON. */
#include "render/problems.h"
#include "render/jsonout.h"
#include "render/text.h"

void problem_text(struct buf *b, const struct problem *p)
{
	const struct place *at = &p->place;

	text_escape(b, at->file);
	if (at->line)
		buf_addf(b, ":%u:%u", at->line, at->column);
	if (*at->file)
		buf_add(b, ": ");
	if (*at->pointer) {
		text_escape(b, at->pointer);
		buf_add(b, ": ");
	}
	text_escape(b, p->text);
}

static void number_or_null(struct jsonout *j, const char *key, unsigned n)
{
	if (n)
		jsonout_number(j, key, n);
	else
		jsonout_null(j, key);
}

static void add_list(struct jsonout *j, const char *key, const struct diag *d)
{
	jsonout_array(j, key);
	for (size_t i = 0; i < d->n; i++) {
		const struct place *at = &d->problems[i].place;

		jsonout_object(j, NULL);
		jsonout_text(j, "file", at->file);
		number_or_null(j, "line", at->line);
		number_or_null(j, "column", at->column);
		jsonout_text(j, "pointer", at->pointer);
		jsonout_text(j, "message", d->problems[i].text);
		jsonout_end(j);
	}
	jsonout_end(j);
}

void problems_json(struct buf *b, const struct diag *d, const struct diag *notes)
{
	struct jsonout *j = jsonout_new();

	jsonout_bool(j, "valid", d->n == 0);
	add_list(j, "problems", d);
	if (notes)
		add_list(j, "warnings", notes);
	jsonout_finish(j, b);
}
