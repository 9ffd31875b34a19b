/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl reset`: undoes what apply did, and nothing else. */
#include <stdio.h>

#include "apply/record.h"
#include "cli/files.h"
#include "cli/run.h"
#include "cli/session.h"
#include "config.h"
#include "core/undo.h"

/* What a reset works with. */
struct reset {
	struct session s;
	struct record record;
	struct buf left;     /* what is not undone, and why */
	struct pciaddr *pfs; /* that the arguments name; NULL: all */
	struct record_dir dir;
};

static bool is_recorded(const struct record *record, struct pciaddr addr)
{
	for (size_t i = 0; i < record->n; i++)
		if (pciaddr_cmp(record->entries[i].pf, addr) == 0)
			return true;
	return false;
}

/*
 * Whether NAME is the address of a PF that has gone, as with a card that was pulled out, and left
 * traces: nothing on the host is to be undone, but the record and the files need not wait for a
 * reset of all PFs.
 */
static bool find_gone(const struct reset *r, const char *name, struct pciaddr *ret)
{
	const struct inventory *inv = r->s.inv;

	return pciaddr_parse(name, ret) == 0 && inventory_find_pf(inv, *ret) < 0 &&
	       (is_recorded(&r->record, *ret) || files_tell_of(inv, *ret));
}

/* Finds the address of the PF that an argument calls NAME. Returns a status. */
static int find_pf(const struct reset *r, const char *name, struct pciaddr *ret)
{
	const struct inventory *inv = r->s.inv;
	int pf;

	if (find_gone(r, name, ret))
		return STATUS_OK;
	pf = session_find_pf(inv, name);
	if (pf < 0)
		return STATUS_FAILED;
	*ret = inventory_pf_dev(inv, &inv->pfs[pf])->addr;
	return STATUS_OK;
}

/* Keeps only the entries of the PFs that the arguments name. Returns a status. */
static int limit(struct reset *r)
{
	const struct cli *cli = r->s.cli;
	_cleanup_free_ bool *keep = mem_new(r->record.n, sizeof(*keep));
	size_t kept = 0;

	for (size_t a = 0; a < cli->n_args; a++) {
		r->pfs = mem_grow(r->pfs, a, sizeof(*r->pfs));
		if (find_pf(r, cli->args[a], &r->pfs[a]) != STATUS_OK)
			return STATUS_FAILED;
		for (size_t i = 0; i < r->record.n; i++)
			if (pciaddr_cmp(r->record.entries[i].pf, r->pfs[a]) == 0)
				keep[i] = true;
	}
	for (size_t i = 0; i < r->record.n; i++)
		if (keep[i] || !cli->n_args)
			r->record.entries[kept++] = r->record.entries[i];
	r->record.n = kept;
	return STATUS_OK;
}

/* Scans, and plans the way back. Returns a status. */
static int plan_back(struct reset *r)
{
	int status = session_scan(
		&r->s, SCAN_VF_ATTRS | SCAN_NVME | SCAN_FILES | SCAN_USERS | SCAN_MSIX |
			       SCAN_SETTINGS_OF(undo_settings(r->record.entries, r->record.n)));

	if (status != STATUS_OK)
		return status;
	plan_free(r->s.plan);
	want_free(r->s.want);
	buf_done(&r->left);
	r->s.want = undo_make(r->record.entries, r->record.n, r->s.inv, &r->left);
	r->s.plan = plan_make(r->s.want, r->s.inv);
	files_plan_reset(r->s.plan, r->s.inv, r->pfs, r->s.cli->n_args);
	return STATUS_OK;
}

/* Forgets the record of each PF that is as it was, and of those that are gone. Returns a status. */
static int forget(struct reset *r)
{
	int status = STATUS_OK;

	for (size_t i = 0; i < r->record.n; i++) {
		struct pciaddr addr = r->record.entries[i].pf;
		struct err e = { "" };
		bool left = false;

		for (size_t p = 0; p < r->s.plan->n_pfs; p++)
			left |= pciaddr_cmp(r->s.plan->pfs[p].addr, addr) == 0 &&
				r->s.plan->pfs[p].n_steps;
		if (left || record_remove(&r->dir, addr, &e) == 0)
			continue;
		cli_error("%s", e.text);
		status = STATUS_FAILED;
	}
	return status;
}

/*
 * VFs that are made anew have to wait until the rules about those that go are no more, for these
 * would pin them to a driver. Takes that out of the plan; returns whether there was any.
 */
static bool hold_back(struct plan *p)
{
	bool held = false;

	for (size_t i = 0; i < p->n_pfs && plan_count_pfs(p) < p->n_pfs; i++) {
		struct plan_pf *pf = &p->pfs[i];
		size_t kept = 0;

		for (size_t s = 0; s < pf->n_steps; s++)
			if (pf->steps[s].kind != STEP_VFS_CREATE)
				pf->steps[kept++] = pf->steps[s];
		held |= kept < pf->n_steps;
		pf->n_steps = kept;
	}
	return held;
}

/* What came of a reset, in PFs and in steps. */
struct back {
	struct apply_counts last; /* of the last plan that was run */
	size_t steps_done, pfs_changed, refused;
	bool devices; /* whole devices are among the PFs */
};

/* To ask for a reset is to agree that the idle VFs that apply created go. */
static size_t refusals(const struct reset *r)
{
	return run_refusals(r->s.plan, (struct consent){ true, r->s.cli->force });
}

/* Runs the plan, and looks again. Returns a status. */
static int run_back(struct reset *r, struct back *b)
{
	int status;

	free(b->last.pf_failed);
	b->last = (struct apply_counts){ 0 };
	status = run_plan(r->s.cli, r->s.host, r->s.plan, &r->dir, &b->last);
	if (status != STATUS_OK)
		return status;
	b->steps_done += b->last.steps_done;
	if (b->pfs_changed < b->last.pfs_changed)
		b->pfs_changed = b->last.pfs_changed;
	session_plan_done(&r->s);
	return plan_back(r);
}

/* The same in two turns, if something is held back: the second one has all that is left. */
static int run_turns(struct reset *r, struct back *b)
{
	bool held = hold_back(r->s.plan);
	int status = run_back(r, b);

	if (status != STATUS_OK || !held)
		return status;
	b->refused = refusals(r);
	return run_back(r, b);
}

/* Judges by the last look, says what was done, and forgets the record of it. Returns a status. */
static int conclude(struct reset *r, const struct back *b, size_t total)
{
	size_t left = b->last.pfs_failed + b->refused +
		      run_leftovers(r->s.plan, r->s.done, &b->last);
	size_t files = b->last.host_failed || run_files_left(r->s.plan);
	int status = forget(r);

	printf("%zu step%s undone on %zu %s\n", b->steps_done, b->steps_done == 1 ? "" : "s",
		b->pfs_changed, run_noun(b->devices, b->pfs_changed));
	return left + files ? run_status(total + files, left + files, b->steps_done) : status;
}

static int go_back(struct reset *r)
{
	size_t total = plan_count_pfs(r->s.plan);
	struct back b = { .devices = r->s.want->n_devs };
	int status;

	if (refusals(r)) {
		cli_error("nothing was changed");
		return STATUS_REFUSED;
	}
	printf("%s", buf_text(&r->left));
	status = run_turns(r, &b);
	if (status == STATUS_OK)
		status = conclude(r, &b, total);
	free(b.last.pf_failed);
	return status;
}

static int run(struct reset *r)
{
	struct err e = { "" };
	int status;

	if (!run_permitted())
		return STATUS_FAILED;
	status = session_open_host(&r->s);
	if (status != STATUS_OK)
		return status;
	status = run_open_record(&r->dir);
	if (status != STATUS_OK)
		return status;
	if (record_read(STATE_DIR, &r->record, &e) < 0) {
		cli_error("%s", e.text);
		return STATUS_FAILED;
	}
	status = session_scan(&r->s, SCAN_FILES);
	if (status == STATUS_OK)
		status = limit(r);
	if (status == STATUS_OK)
		status = plan_back(r);
	if (status == STATUS_OK && r->record.n == 0 && plan_size(r->s.plan) == 0) {
		printf("nothing to undo: no change by sriovctl is recorded%s\n",
			r->s.cli->n_args ? " for these PFs" : "");
		return STATUS_OK;
	}
	return status == STATUS_OK ? go_back(r) : status;
}

static int reset_main(const struct cli *cli)
{
	struct reset r = { .s = { .cli = cli }, .dir = { -1, -1 } };
	int status = run(&r);

	session_done(&r.s);
	record_done(&r.record);
	buf_done(&r.left);
	free(r.pfs);
	record_close(&r.dir);
	return status;
}

const struct verb verb_reset = {
	.name = "reset",
	.args = "[PF…]",
	.help = "undo what apply did",
	.description = "Puts the PFs (all, or the named ones) back as they were before the first "
		       "apply since boot: VFs\n"
		       "that it created go, drivers and attributes of others return. What apply "
		       "did not do is left\n"
		       "alone, and an interface that it set up stays up, with accept_ra 0. VFs in "
		       "use are refused,\n"
		       "unless --force says otherwise.",
	.options = OPT_FORCE | OPT_STEP_TIMEOUT,
	.max_args = 64,
	.run = reset_main,
};
