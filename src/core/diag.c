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
	p->number = d->n;
	va_start(ap, fmt);
	if (vasprintf(&p->text, fmt, ap) < 0)
		p->text = mem_strdup(fmt);
	va_end(ap);
}

static int problem_cmp(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	int r = strcmp(x->place.file, y->place.file);

	if (r == 0)
		r = (x->place.line > y->place.line) - (x->place.line < y->place.line);
	if (r == 0)
		r = (x->place.column > y->place.column) - (x->place.column < y->place.column);
	return r ? r : (x->number > y->number) - (x->number < y->number);
}

void diag_sort(struct diag *d)
{
	if (d->n)
		qsort(d->problems, d->n, sizeof(*d->problems), problem_cmp);
}

void diag_filter(
	struct diag *d, bool (*keep)(const struct problem *p, const void *arg), const void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->n; i++) {
		if (keep(&d->problems[i], arg)) {
			d->problems[kept] = d->problems[i];
			d->problems[kept].number = kept + 1; /* that of the next one is higher */
			kept++;
		} else {
			free(d->problems[i].text);
		}
	}
	d->n = kept;
}

void diag_done(struct diag *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->problems[i].text);
	free(d->problems);
	*d = (struct diag){ 0 };
}
