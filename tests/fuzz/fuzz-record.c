/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as the record of a PF: read, undone on a host that has this PF, and what was understood
 * written and read again.
 */
#include <assert.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "apply/record.h"
#include "core/undo.h"
#include "fixture.h"
#include "render/plan.h"
#include "tree.h"

#define FILE_NAME "0000:01:00.0.jsonl"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct pciaddr pf = { 0, 1, 0 };

static void check_step(const struct step *s)
{
	assert(s->kind < _STEP_KIND_MAX && s->vf >= -1 && s->vf <= UINT16_MAX);
	if (s->kind == STEP_VF_ATTR)
		assert(s->attr < _VF_ATTR_MAX && !vf_attr_is_text(s->attr));
	if (step_kind_is_text(s->kind))
		assert(s->before_known);
}

static bool text_is(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_same(const struct step *a, const struct step *b)
{
	assert(a->kind == b->kind && a->vf == b->vf && a->attr == b->attr);
	assert(a->before_known == b->before_known);
	if (step_kind_is_text(a->kind))
		assert(text_is(a->before.s, b->before.s) && text_is(a->after.s, b->after.s));
	else
		assert((!a->before_known || a->before.n == b->before.n) &&
			a->after.n == b->after.n);
}

static void check_undo(const struct record *rec)
{
	static struct inventory *inv;
	_cleanup_(buf_done) struct buf left = { 0 }, text = { 0 };
	struct want *want;
	struct plan *plan;

	inv = inv ? inv : fixture_host();
	want = undo_make(rec->entries, rec->n, inv, &left);
	undo_recall(want, rec->entries, rec->n, inv);
	assert(want->n_pfs <= 1);
	if (want->n_pfs)
		assert(want->pfs[0].n_vfs <= UINT16_MAX);
	plan = plan_make(want, inv);
	plan_text(&text, plan);
	plan_json(&text, plan, NULL);
	plan_free(plan);
	want_free(want);
}

/* Whether all of REC can be written anew; a long line may be too long in our own spelling. */
static bool write_again(const struct record_dir *dir, const struct record *rec)
{
	bool fits = true;
	int fd;

	assert(record_remove(dir, pf, NULL) == 0);
	fd = record_begin(dir, pf, NULL);
	assert(fd >= 0);
	for (size_t i = 0; i < rec->n && fits; i++)
		fits = record_add(fd, &rec->entries[i].step, NULL) == 0;
	close(fd);
	return fits;
}

static void write_input(const struct record_dir *dir, const uint8_t *data, size_t size)
{
	int fd = openat(dir->fd, FILE_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		err(1, FILE_NAME);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct record_dir dir = { -1, -1 };
	static const char *path;
	struct record rec, again;

	path = path ? path : tree_new();
	if (dir.fd < 0 && record_open(path, 0, &dir, NULL) < 0)
		errx(1, "%s: cannot be opened", path);
	write_input(&dir, data, size);
	assert(record_read(path, &rec, NULL) == 0);
	for (size_t i = 0; i < rec.n; i++)
		check_step(&rec.entries[i].step);
	check_undo(&rec);
	if (write_again(&dir, &rec)) {
		assert(record_read(path, &again, NULL) == 0 && again.n == rec.n);
		for (size_t i = 0; i < rec.n; i++)
			check_same(&again.entries[i].step, &rec.entries[i].step);
		record_done(&again);
	}
	record_done(&rec);
	return 0;
}
