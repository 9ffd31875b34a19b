/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running a plan in front of a person. */
#include <errno.h>
#include <stdio.h>
#include <syslog.h>

#include "base/log.h"
#include "cli/run.h"
#include "config.h"
#include "render/plan.h"

/* How long to wait for another run: the longest that a host with many PFs takes. */
#define LOCK_WAIT_MS 180000

bool run_permitted(void)
{
	if (geteuid() == 0)
		return true;
	cli_error("only root can change VFs; try it with sudo, or see what would be done with "
		  "`sriovctl plan`");
	return false;
}

int run_open_record(struct record_dir *ret)
{
	struct err e = { "" };
	int r = record_open(STATE_DIR, 0, ret, &e);

	if (r == -ETIMEDOUT) {
		cli_error("waiting up to %d s: %s", LOCK_WAIT_MS / 1000, e.text);
		r = record_open(STATE_DIR, LOCK_WAIT_MS, ret, &e);
	}
	if (r < 0)
		cli_error("%s", e.text);
	return r < 0 ? STATUS_FAILED : STATUS_OK;
}

size_t run_refusals(struct plan *p, struct consent c)
{
	size_t refused = 0;

	for (size_t i = 0; i < p->n_pfs; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		p->pfs[i].forced = c.force;
		if (!plan_refusal(&p->pfs[i], c, &b))
			continue;
		cli_error("%s", buf_text(&b));
		p->pfs[i].n_steps = 0;
		p->pfs[i].refused = true;
		refused++;
	}
	return refused;
}

/* Sends TEXT with the step's fields where errors go. */
static void tell_journal(
	int priority, const struct plan_pf *pf, const struct step *s, const char *text)
{
	struct pciaddr_text addr = plan_pf_label(pf);

	log_send(priority,
		&(struct log_fields){ .pf = pf->host ? NULL : addr.s,
			.vf = s->vf,
			.step = step_kind_name(s->kind),
			.attr = s->kind == STEP_VF_ATTR ? vf_attr(s->attr)->key : NULL },
		text);
}

/* "0000:01:00.0 vf 3: max_tx_rate 500 …: <why>" */
static void failure_text(
	struct buf *b, const struct plan_pf *pf, const struct step *s, const char *why)
{
	_cleanup_(buf_done) struct buf step = { 0 };

	step_text(&step, s);
	buf_addf(b, "%s: %s: %s", plan_pf_label(pf).s, buf_text(&step), why);
}

static void tell_done(const struct plan_pf *pf, const struct step *s, bool back, bool journal)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	buf_add(&b, back ? "put back:" : "");
	plan_step_line(&b, pf, s);
	if (journal) {
		b.s[b.len - 1] = '\0'; /* the newline */
		tell_journal(back ? LOG_NOTICE : LOG_INFO, pf, s, b.s);
	} else {
		fputs(buf_text(&b), stdout);
		fflush(stdout);
	}
}

/* Why a step was not done, and what to do if its PF is worse off than it was for that. */
static void add_reason(struct buf *b, const struct worker_report *r)
{
	if (r->outcome == OUTCOME_LOST)
		buf_add(b, "not put back: ");
	if (r->outcome == OUTCOME_SKIPPED)
		buf_add(b, "not done, because of the failure before it");
	else
		buf_add(b, r->result.err.text);
	if (r->back && r->outcome != OUTCOME_LOST)
		buf_add(b,
			"; so this is not as it was; mend the cause, then apply again, or reset");
}

/* ARG: whether it is told to the journal. */
static void told(
	void *arg, const struct plan_pf *pf, const struct step *s, const struct worker_report *r)
{
	_cleanup_(buf_done) struct buf b = { 0 }, why = { 0 };
	const bool *journal = arg;

	if (r->outcome == OUTCOME_DONE) {
		tell_done(pf, s, r->back, *journal);
		return;
	}
	if (r->back && r->outcome != OUTCOME_LOST)
		buf_add(&b, "putting back: ");
	add_reason(&why, r);
	failure_text(&b, pf, s, buf_text(&why));
	if (*journal)
		tell_journal(LOG_ERR, pf, s, buf_text(&b));
	else
		fprintf(stderr, "sriovctl: %s\n", buf_text(&b));
}

int run_plan(const struct cli *cli, struct host *h, const struct plan *p,
	const struct record_dir *dir, struct apply_counts *ret)
{
	struct apply_limits limits = { cli->step_timeout_s * 1000, APPLY_OVERLAP_MS };
	bool journal = log_is_journal();
	struct err e = { "" };

	if (apply_run(h, p, dir, limits, told, &journal, ret, &e) < 0) {
		cli_error("%s", e.text);
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

static bool is_verifiable(const struct step *s)
{
	return s->kind != STEP_VF_ATTR || s->before_known;
}

/* Index in P of the PF at ADDR, or -1. */
static int find_pf(const struct plan *p, struct pciaddr addr)
{
	for (size_t i = 0; i < p->n_pfs; i++)
		if (pciaddr_cmp(p->pfs[i].addr, addr) == 0)
			return (int)i;
	return -1;
}

/* Whether a step on the PF at ADDR failed, or it was refused: that has been told already. */
static bool has_failed(const struct plan *done, const struct apply_counts *c, struct pciaddr addr)
{
	int i = find_pf(done, addr);

	return i >= 0 && (c->pf_failed[i] || done->pfs[i].refused);
}

static bool print_leftovers(const struct plan_pf *pf)
{
	bool left = false;

	for (size_t i = 0; i < pf->n_steps; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		if (!is_verifiable(&pf->steps[i]))
			continue;
		left = true;
		failure_text(&b, pf, &pf->steps[i],
			"was done, but the host is not so: something else has changed it since, or "
			"the driver did not keep it");
		cli_error("%s", buf_text(&b));
	}
	return left;
}

/* PFs that were worked on and are in no plan any more: gone, or unfit, since. */
static size_t print_lost(
	const struct plan *after, const struct plan *done, const struct apply_counts *c)
{
	size_t lost = 0;

	for (size_t i = 0; i < done->n_pfs; i++) {
		if (done->pfs[i].host || find_pf(after, done->pfs[i].addr) >= 0 ||
			has_failed(done, c, done->pfs[i].addr))
			continue;
		cli_error("%s: could not be verified: it has gone, or lost its driver, since",
			pciaddr_text(done->pfs[i].addr).s);
		lost++;
	}
	return lost;
}

size_t run_leftovers(
	const struct plan *after, const struct plan *done, const struct apply_counts *c)
{
	size_t bad = print_lost(after, done, c);

	for (size_t i = 0; i < after->n_pfs; i++)
		if (!has_failed(done, c, after->pfs[i].addr) && after->pfs[i].n_steps)
			bad += print_leftovers(&after->pfs[i]) && !after->pfs[i].host;
	return bad;
}

bool run_files_left(const struct plan *after)
{
	return plan_count_pfs(after) < after->n_pfs;
}

const char *run_noun(bool devices, size_t n)
{
	if (devices)
		return n == 1 ? "PF or device" : "PFs and devices";
	return n == 1 ? "PF" : "PFs";
}

int run_status(size_t total, size_t bad, size_t done)
{
	if (bad == 0)
		return STATUS_OK;
	return bad < total || done ? STATUS_PARTLY : STATUS_FAILED;
}
