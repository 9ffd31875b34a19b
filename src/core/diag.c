/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems of a policy, collected. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "core/diag.h"

void diag_add(struct diag *d, struct place place, int entry, const char *fmt, ...)
{
	struct problem *p;
	va_list ap;

	d->problems = mem_grow(d->problems, d->n, sizeof(*d->problems));
	p = &d->problems[d->n++];
	p->place = place;
	p->entry = entry;
	va_start(ap, fmt);
	if (vasprintf(&p->text, fmt, ap) < 0)
		p->text = mem_strdup(fmt);
	va_end(ap);
}

static int place_cmp(const struct place *a, const struct place *b)
{
	int r = strcmp(a->file, b->file);

	if (r == 0)
		r = (a->line > b->line) - (a->line < b->line);
	if (r == 0)
		r = (a->column > b->column) - (a->column < b->column);
	return r;
}

void diag_sort(struct diag *d)
{
	/* Insertion keeps equals in order, and problems are found nearly in order already. */
	for (size_t i = 1; i < d->n; i++) {
		struct problem p = d->problems[i];
		size_t j = i;

		for (; j > 0 && place_cmp(&d->problems[j - 1].place, &p.place) > 0; j--)
			d->problems[j] = d->problems[j - 1];
		d->problems[j] = p;
	}
}

void diag_done(struct diag *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->problems[i].text);
	free(d->problems);
	*d = (struct diag){ 0 };
}
