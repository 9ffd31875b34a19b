/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `status` shows. */
#include <string.h>

#include "render/jsonout.h"
#include "render/plan.h"
#include "render/status.h"
#include "render/table.h"

/* A field that differs, and the first and the last step that change it. */
struct difference {
	int vf;
	const char *field;
	const struct step *first, *last; /* of the same item, if the field has several */
};

struct differences {
	struct difference *list;
	size_t n;
};

static void differences_done(struct differences *d)
{
	free(d->list);
}

/* By VF and field, then in the plan's order: what belongs together becomes neighbours. */
static int cmp_fields(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int r = (x->vf > y->vf) - (x->vf < y->vf);

	if (r == 0)
		r = strcmp(x->field, y->field);
	if (r == 0)
		r = strcmp(x->first->item, y->first->item);
	return r ? r : (x->first > y->first) - (x->first < y->first);
}

/* By VF, then in the plan's order. */
static int cmp_rows(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int r = (x->vf > y->vf) - (x->vf < y->vf);

	return r ? r : (x->first > y->first) - (x->first < y->first);
}

static void value_text(struct buf *b, const struct difference *d, bool want)
{
	step_value_text(b, want ? d->last : d->first, want);
}

/* A pause of autoprobe, or a driver bound again, ends where it began. */
static bool is_change(const struct difference *d)
{
	_cleanup_(buf_done) struct buf want = { 0 }, have = { 0 };

	value_text(&want, d, true);
	value_text(&have, d, false);
	return strcmp(buf_text(&want), buf_text(&have)) != 0;
}

/* Joins neighbours that are about the same field and drops what does not change. */
static void merge(struct differences *d)
{
	size_t kept = 0, end;

	for (size_t i = 0; i < d->n; i = end) {
		struct difference one = d->list[i];

		for (end = i + 1; end < d->n; end++) {
			const struct difference *next = &d->list[end];

			if (next->vf != one.vf || strcmp(next->field, one.field) != 0 ||
				strcmp(next->first->item, one.first->item) != 0)
				break;
			one.last = next->last;
		}
		if (is_change(&one))
			d->list[kept++] = one;
	}
	d->n = kept;
}

/* Whether all VFs go, and with them what they have now. */
static bool makes_anew(const struct plan_pf *pf)
{
	for (size_t i = 0; i < pf->n_steps; i++)
		if (pf->steps[i].kind == STEP_VFS_REMOVE)
			return true;
	return false;
}

/* Of VFs that are made anew, steps know only what the new ones will not have. */
static struct differences find_differences(const struct plan_pf *pf)
{
	bool anew = makes_anew(pf);
	struct differences d = { 0 };

	d.list = mem_new(pf->n_steps, sizeof(*d.list));
	for (size_t i = 0; i < pf->n_steps; i++) {
		const struct step *s = &pf->steps[i];
		const char *field = step_field(s);

		if (field && !(anew && s->vf >= 0))
			d.list[d.n++] = (struct difference){ s->vf, field, s, s };
	}
	qsort(d.list, d.n, sizeof(*d.list), cmp_fields);
	merge(&d);
	qsort(d.list, d.n, sizeof(*d.list), cmp_rows);
	return d;
}

bool status_in_sync(const struct plan *p)
{
	return !p->incomplete && plan_size(p) == 0;
}

static void add_row(struct table *t, const struct plan_pf *pf, const struct difference *d)
{
	_cleanup_(buf_done) struct buf want = { 0 }, have = { 0 };

	value_text(&want, d, true);
	value_text(&have, d, false);
	table_add(t, plan_pf_label(pf).s);
	if (d->vf < 0)
		table_add(t, NULL);
	else
		table_addf(t, "%d", d->vf);
	table_addf(t, "%s%s%s", d->field, *d->first->item ? " " : "", d->first->item);
	table_add(t, buf_text(&want));
	table_add(t, buf_text(&have));
	table_mark(t, TABLE_BAD);
}

/* Adds the PF's rows to T, or a line about it to LINES when it has none. */
static void add_pf(struct table *t, struct buf *lines, const struct plan_pf *pf)
{
	_cleanup_(differences_done) struct differences d = find_differences(pf);

	for (size_t i = 0; i < d.n; i++)
		add_row(t, pf, &d.list[i]);
	if (d.n)
		return;
	plan_pf_name(lines, pf);
	if (pf->n_steps)
		buf_addf(lines, ": no field differs, but %zu steps to do\n", pf->n_steps);
	else
		buf_add(lines, ": in sync\n");
}

void status_text(struct buf *b, const struct plan *p, struct screen s)
{
	static const struct table_column columns[] = {
		{ "PF", TABLE_LEFT, false },
		{ "VF", TABLE_RIGHT, false },
		{ "FIELD", TABLE_LEFT, false },
		{ "WANT", TABLE_LEFT, false },
		{ "HAVE", TABLE_LEFT, false },
	};
	_cleanup_(table_done) struct table t = { .columns = columns,
		.n_columns = ARRAY_SIZE(columns) };
	_cleanup_(buf_done) struct buf lines = { 0 };

	if (p->n_pfs == 0 && !p->incomplete)
		buf_add(b, "In sync: the policy is about no PF of this host.\n");
	for (size_t i = 0; i < p->n_pfs; i++)
		add_pf(&t, &lines, &p->pfs[i]);
	if (t.n_cells)
		table_render(&t, s, b);
	buf_add(b, buf_text(&lines));
}

static void pf_json(struct jsonout *j, const struct plan_pf *pf)
{
	_cleanup_(differences_done) struct differences list = find_differences(pf);

	for (size_t i = 0; i < list.n; i++) {
		const struct difference *d = &list.list[i];

		jsonout_object(j, NULL);
		jsonout_text(j, "pf", pf->host ? NULL : pciaddr_text(pf->addr).s);
		jsonout_index(j, "vf", d->vf);
		jsonout_text(j, "field", d->field);
		jsonout_text(j, "item", *d->first->item ? d->first->item : NULL);
		plan_value_json(j, "want", d->last, true);
		plan_value_json(j, "have", d->first, false);
		jsonout_end(j);
	}
}

void status_json(struct buf *b, const struct plan *p, const char *snapshot)
{
	struct jsonout *j = jsonout_new();

	if (snapshot) {
		jsonout_text(j, "snapshot", snapshot);
		jsonout_bool(j, "complete", !p->incomplete);
	}
	jsonout_bool(j, "in_sync", status_in_sync(p));
	jsonout_array(j, "differences");
	for (size_t i = 0; i < p->n_pfs; i++)
		pf_json(j, &p->pfs[i]);
	jsonout_end(j);
	jsonout_finish(j, b);
}
