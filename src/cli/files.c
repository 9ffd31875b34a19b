/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The generated files as a part of what is wanted. */
#include <string.h>

#include "cli/files.h"
#include "render/isolation.h"

/* Texts under construction, one per file. */
struct texts {
	struct buf b[_GENFILE_MAX];
};

static void texts_done(struct texts *t)
{
	for (enum genfile f = 0; f < _GENFILE_MAX; f++)
		buf_done(&t->b[f]);
}

static bool is_foreign(const struct inventory *inv, enum genfile f)
{
	return inv->files[f].text && !genfile_is_ours(inv->files[f].text);
}

static void plan_texts(
	struct plan *plan, const struct inventory *inv, const struct texts *t, bool first)
{
	const char *after[_GENFILE_MAX];

	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		const char *text = buf_text(&t->b[f]);

		after[f] = genfile_has_blocks(text) ? text : NULL;
		if (is_foreign(inv, f)) /* none of ours to undo */
			after[f] = inv->files[f].text;
	}
	plan_add_files(plan, inv, after, first);
}

void files_text(const struct want *want, const struct inventory *inv, enum genfile f, struct buf *b)
{
	struct isolation *i = isolation_make(want, inv);

	isolation_text(b, f, i);
	isolation_free(i);
}

/* Adds what stands in the present file OLD about PFs that WANT is not about. */
static void keep_others(
	const struct want *want, const struct inventory *inv, const char *old, struct buf *fresh)
{
	_cleanup_free_ struct pciaddr *pfs = mem_new(want->n_pfs + want->n_devs, sizeof(*pfs));
	_cleanup_(buf_done) struct buf others = { 0 };
	struct buf all = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < want->n_pfs; i++)
		pfs[n++] = inventory_pf_dev(inv, &inv->pfs[want->pfs[i].pf])->addr;
	for (size_t i = 0; i < want->n_devs; i++)
		pfs[n++] = inv->devs[want->devs[i].dev].addr;
	genfile_without(&others, old, pfs, n);
	genfile_merge(&all, buf_text(&others), buf_text(fresh));
	buf_done(fresh);
	*fresh = all;
}

static void complain_foreign(struct plan *plan, const struct inventory *inv, struct diag *d)
{
	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		_cleanup_(buf_done) struct buf path = { 0 };

		if (!is_foreign(inv, f))
			continue;
		buf_addf(&path, "/%s", genfile(f)->path);
		diag_add(d,
			(struct place){
				.file = mem_intern(plan->strings, buf_text(&path)), .pointer = "" },
			-1,
			"is not sriovctl's, which has to write a file of this name; move it away");
	}
}

void files_plan(struct plan *plan, const struct want *want, const struct inventory *inv,
	bool partly, struct diag *d)
{
	_cleanup_(texts_done) struct texts t = { 0 };

	complain_foreign(plan, inv, d);
	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		files_text(want, inv, f, &t.b[f]);
		if (partly && inv->files[f].text)
			keep_others(want, inv, inv->files[f].text, &t.b[f]);
	}
	plan_texts(plan, inv, &t, true);
}

bool files_tell_of(const struct inventory *inv, struct pciaddr addr)
{
	bool told = false;

	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		const char *text = inv->files[f].text;
		_cleanup_(buf_done) struct buf without = { 0 };

		if (!text || is_foreign(inv, f))
			continue;
		genfile_without(&without, text, &addr, 1);
		told |= strcmp(buf_text(&without), text) != 0;
	}
	return told;
}

void files_plan_reset(
	struct plan *plan, const struct inventory *inv, const struct pciaddr *pfs, size_t n)
{
	_cleanup_(texts_done) struct texts t = { 0 };

	for (enum genfile f = 0; pfs && f < _GENFILE_MAX; f++)
		if (inv->files[f].text)
			genfile_without(&t.b[f], inv->files[f].text, pfs, n);
	plan_texts(plan, inv, &t, false);
}
