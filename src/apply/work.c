/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running the steps of one PF, and putting back what cannot be finished. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/record.h"
#include "apply/work.h"
#include "core/rollback.h"

/*
 * The longest run of neighbouring steps handed to the host at once: three attributes of each of 256
 * VFs are one message, and a driver that takes milliseconds for each is still within the limit for
 * a step.
 */
#define SPAN_MAX 1024

_Static_assert(sizeof(struct worker_report) <= PIPE_BUF, "reports of a worker would be torn");

/* What a failed step means for the later ones of the same PF. */
enum consequence {
	GOES_ON, /* an attribute that the driver refuses leaves the others applied */
	ENDS_VF, /* this VF, or the whole device, gets no driver, so no name either */
	ENDS_PF, /* without VFs, or with a host driver free to take them, the rest would do harm */
};

static enum consequence consequence(enum step_kind kind)
{
	static const enum consequence of[_STEP_KIND_MAX] = {
		[STEP_LOAD_DRIVER] = GOES_ON, /* `bind` then says for which VFs it matters */
		[STEP_PF_RA] = ENDS_PF,       /* once it is raised, it is too late */
		[STEP_PF_UP] = ENDS_PF,
		[STEP_PF_ESWITCH] = ENDS_PF, /* VFs in the wrong mode are no use */
		[STEP_PF_MTU] = GOES_ON,
		[STEP_PF_FEATURE] = GOES_ON,
		[STEP_PF_FDB] = GOES_ON,
		[STEP_AUTOPROBE] = ENDS_PF,
		[STEP_VFS_REMOVE] = ENDS_PF,
		[STEP_VFS_CREATE] = ENDS_PF,
		[STEP_VF_UNBIND] = ENDS_VF,
		[STEP_VF_ATTR] = GOES_ON,
		[STEP_VF_OVERRIDE] = ENDS_VF,
		[STEP_VF_BIND] = ENDS_VF,
		[STEP_VF_NAME] = GOES_ON,
		[STEP_FILE] = GOES_ON, /* a guest VF has no interface that a daemon could take */
	};

	return of[kind];
}

/* The state of a worker process, or of its way back. */
struct work {
	struct host *host;
	const struct plan_pf *pf;
	int record; /* its record, locked; -1: the host, whose files tell whose they are */
	int fd;     /* where reports go */
	bool back;  /* these steps put back what a run began */
	size_t at;  /* `back`: the step of that run that comes next */
	bool ended;
	bool settled;       /* what cannot be finished has been put back */
	bool torn;          /* or could not be */
	bool autoprobe_off; /* by this run */
	/* What the driver failed at, _STEP_KIND_MAX: nothing; of the whole device, then per VF. */
	enum step_kind *failed;
	enum progress *progress; /* per step */
};

struct step worker_step(const struct worker_report *r)
{
	struct step s = r->what;

	if (step_kind_is_text(s.kind)) {
		s.before.s = r->before[0] ? r->before : NULL;
		s.after.s = r->after[0] ? r->after : NULL;
	}
	return s;
}

static void send(const struct work *w, const struct worker_report *r)
{
	/* A parent that is gone reads nothing; the record on disk is what counts then. */
	if (write(w->fd, r, sizeof(*r)) < 0)
		return;
}

/* Adds the step itself, which no plan of the reader's has. */
static void add_step(struct worker_report *r, const struct step *s)
{
	r->what = *s;
	r->what.used = NULL;
	if (!step_kind_is_text(s->kind))
		return;
	r->what.before.s = r->what.after.s = NULL;
	snprintf(r->before, sizeof(r->before), "%s", s->before.s ? s->before.s : "");
	snprintf(r->after, sizeof(r->after), "%s", s->after.s ? s->after.s : "");
}

static void report(
	const struct work *w, size_t step, enum outcome outcome, const struct step_result *result)
{
	struct worker_report r;

	memset(&r, 0, sizeof(r));
	r.step = w->back ? w->at : step;
	r.back = w->back;
	r.outcome = outcome;
	if (result)
		r.result = *result;
	if (w->back)
		add_step(&r, &w->pf->steps[step]);
	send(w, &r);
}

/*
 * Whether nobody waits for this worker any more: it was given up while the kernel held it, and the
 * run may have told so and ended. What it has not begun then is not done behind everybody's back.
 */
static bool is_abandoned(const struct work *w)
{
	struct pollfd p = { .fd = w->fd };

	return poll(&p, 1, 0) > 0 && (p.revents & POLLERR);
}

/* Whether S puts autoprobe back as this run found it. */
static bool is_restoring(const struct work *w, const struct step *s)
{
	return s->kind == STEP_AUTOPROBE && s->after.n && w->autoprobe_off;
}

static bool is_skipped(const struct work *w, const struct step *s)
{
	/* Whatever happened, autoprobe does not stay off: that would break Proxmox's own VF
	 * hand-over. */
	if (w->ended)
		return !is_restoring(w, s);
	/* Kinds are in the order in which a VF changes its driver; what an override is to be in
	 * the end does not depend on the driver. */
	return s->kind > w->failed[s->vf + 1] && s->kind != STEP_VF_ATTR;
}

/* How many steps from FIRST on can go to the host together. */
static size_t span(const struct work *w, size_t first)
{
	const struct step *s = w->pf->steps;
	size_t n = 1;

	while (n < SPAN_MAX && first + n < w->pf->n_steps && step_joins(&s[first], &s[first + n]))
		n++;
	return n;
}

static int record_span(
	const struct work *w, const struct step *steps, size_t n, struct step_result *res)
{
	for (size_t i = 0; i < n && !w->pf->host; i++) {
		struct err e = { "" };
		int r = record_add(w->record, &steps[i], &e);

		for (size_t j = 0; r < 0 && j < n; j++)
			res[j] = (struct step_result){ r, e };
		if (r < 0)
			return r;
	}
	return 0;
}

static void note_failure(struct work *w, const struct step *s)
{
	switch (consequence(s->kind)) {
	case ENDS_PF:
		w->ended = true;
		break;
	case ENDS_VF:
		if (s->kind < w->failed[s->vf + 1])
			w->failed[s->vf + 1] = s->kind;
		break;
	case GOES_ON:
		break;
	}
}

static void set_progress(struct work *w, size_t first, size_t n, enum progress progress)
{
	for (size_t i = first; i < first + n; i++)
		w->progress[i] = progress;
}

/*
 * Records the steps and runs them. That autoprobe is back is recorded when it is: as long as the
 * last entry says that it was switched off, the next run puts it back. It matters more than being
 * recorded, too; and so does all that puts back, which leads to what the record has as before.
 */
static void record_and_run(struct work *w, size_t first, size_t n, struct step_result *res)
{
	const struct step *steps = &w->pf->steps[first];
	bool restoring = is_restoring(w, steps);

	if (!restoring && record_span(w, steps, n, res) < 0 && !w->back) {
		w->ended = true;
		return;
	}
	memset(res, 0, n * sizeof(*res));
	set_progress(w, first, n, STEP_REFUSED);
	w->host->ops->run(w->host, w->pf, steps, n, res);
	if (restoring && res[0].code == 0)
		(void)record_add(w->record, steps, NULL);
}

static void run_span(struct work *w, size_t first, size_t n)
{
	const struct step *steps = &w->pf->steps[first];
	struct step_result *res = mem_new(n, sizeof(*res));

	for (size_t i = 0; w->back && i < n; i++)
		report(w, first + i, OUTCOME_PENDING, NULL);
	record_and_run(w, first, n, res);
	if (steps[0].kind == STEP_AUTOPROBE)
		w->autoprobe_off = !steps[0].after.n;
	for (size_t i = 0; i < n; i++) {
		if (res[i].code < 0)
			note_failure(w, &steps[i]);
		if (res[i].code == 0 || res[i].code == -EIO)
			set_progress(w, first + i, 1, res[i].code ? STEP_TAKEN : STEP_DONE);
		report(w, first + i, res[i].code < 0 ? OUTCOME_FAILED : OUTCOME_DONE, &res[i]);
	}
	free(res);
}

/* One more than the highest VF index in the steps. */
static size_t vf_limit(const struct plan_pf *pf)
{
	size_t limit = 0;

	for (size_t i = 0; i < pf->n_steps; i++)
		if (pf->steps[i].vf >= (int)limit)
			limit = (size_t)pf->steps[i].vf + 1;
	return limit;
}

static void begin(struct work *w)
{
	size_t vfs = vf_limit(w->pf) + 1;

	w->progress = mem_new(w->pf->n_steps, sizeof(*w->progress));
	w->failed = mem_new(vfs, sizeof(*w->failed));
	for (size_t i = 0; i < vfs; i++)
		w->failed[i] = _STEP_KIND_MAX;
}

static void end(struct work *w)
{
	free(w->progress);
	free(w->failed);
}

static void settle(struct work *w, size_t next);

static void run_all(struct work *w)
{
	size_t n;

	for (size_t i = 0; i < w->pf->n_steps; i += n) {
		n = 1;
		w->ended = w->ended || is_abandoned(w);
		if (w->ended || step_is_late(&w->pf->steps[i]))
			settle(w, i);
		if (is_skipped(w, &w->pf->steps[i])) {
			report(w, i, OUTCOME_SKIPPED, NULL);
			continue;
		}
		n = span(w, i);
		run_span(w, i, n);
	}
	settle(w, w->pf->n_steps);
}

/* Tells that something is not as it was, and why; it is about the first step that is to blame. */
static void tell_lost(const struct work *w, size_t next, const char *text)
{
	struct worker_report r;
	size_t i = 0;

	while (i + 1 < w->pf->n_steps &&
		(w->progress[i] == STEP_DONE || step_unit(&w->pf->steps[i]) == UNIT_NONE))
		i++;
	memset(&r, 0, sizeof(r));
	r.step = next;
	r.back = true;
	r.outcome = OUTCOME_LOST;
	err_set(&r.result.err, 0, "%s", text);
	add_step(&r, &w->pf->steps[i]);
	send(w, &r);
}

/* The same of what stays half done. */
static void tell_torn(struct work *w, size_t next, const char *text)
{
	tell_lost(w, next, text);
	w->torn = true;
}

/* Runs the plan PF, which puts back what W began. */
static void run_back(struct work *w, const struct plan_pf *pf, size_t next)
{
	struct work back = { .host = w->host,
		.pf = pf,
		.record = w->record,
		.fd = w->fd,
		.back = true,
		.at = next,
		.settled = true, /* there is no way back from the way back */
		.autoprobe_off = w->autoprobe_off };

	begin(&back);
	run_all(&back);
	w->autoprobe_off = back.autoprobe_off;
	for (size_t i = 0; i < pf->n_steps; i++)
		w->torn |= back.progress[i] != STEP_DONE;
	end(&back);
}

/* What came of one look at the host. */
enum way_back { BACK_ENDS, BACK_DONE, BACK_RECOUNTED };

/* Puts back what R still finds to be put back on the host as it is NOW. */
static enum way_back put_back(
	struct work *w, const struct rollback *r, const struct inventory *now, size_t next)
{
	_cleanup_(buf_done) struct buf why = { 0 };
	struct want *want = rollback_make(r, now);
	struct plan *p = plan_make(want, now);
	bool recounts = want->n_pfs && want->pfs[0].counted;

	if (!p->n_pfs)
		tell_torn(w, next, w->pf->whole ? "the device has gone" : "the PF has gone");
	else if (plan_refusal(&p->pfs[0], rollback_consent(r), &why))
		tell_torn(w, next, buf_text(&why));
	else
		run_back(w, &p->pfs[0], next);
	plan_free(p);
	want_free(want);
	return recounts ? BACK_RECOUNTED : BACK_DONE;
}

/* What of the host the way back from PF's steps depends on. */
static unsigned scan_for_back(const struct plan_pf *pf)
{
	unsigned what = SCAN_VF_ATTRS | SCAN_NVME | SCAN_USERS | SCAN_MSIX;

	for (size_t i = 0; i < pf->n_steps; i++)
		if (pf->steps[i].kind == STEP_PF_ESWITCH)
			what |= SCAN_SETTING(PFSET_ESWITCH);
	return what;
}

static enum way_back look_and_put_back(struct work *w, const struct rollback *r, size_t next)
{
	struct inventory *now = NULL;
	struct err e = { "" };
	enum way_back way;

	if (is_abandoned(w)) {
		w->torn = true;
		return BACK_ENDS;
	}
	if (w->host->ops->scan(w->host, scan_for_back(w->pf), &now, &e) < 0) {
		err_prefix(&e, 0, "cannot read this host");
		tell_torn(w, next, e.text);
		return BACK_ENDS;
	}
	way = put_back(w, r, now, next);
	inventory_free(now);
	return way;
}

/* VFs that were made anew have what could be read of the old ones, and nothing else. */
static void tell_removed(const struct work *w, const struct rollback *r, size_t next)
{
	char text[300];

	if (!rollback_removed(r))
		return;
	snprintf(text, sizeof(text),
		"the %zu VFs that were there had gone; what cannot be read of a VF, or be set once "
		"more, is lost: addresses, bridges and namespaces of their interfaces, and what "
		"their users had set",
		rollback_removed(r));
	tell_lost(w, next, text);
}

/*
 * Puts back what was begun and cannot be finished, before the step NEXT. Once, and in two looks at
 * most: a way back that fails is told, and that is that.
 */
static void settle(struct work *w, size_t next)
{
	struct rollback r = { w->pf, w->progress, false };

	if (w->settled || w->pf->host)
		return;
	w->settled = true;
	if (!rollback_needed(&r) || look_and_put_back(w, &r, next) != BACK_RECOUNTED)
		return;
	r.recounted = true;
	look_and_put_back(w, &r, next);
	tell_removed(w, &r, next);
}

void work_run(struct host *h, const struct plan_pf *pf, int record, int fd)
{
	struct work w = { .host = h, .pf = pf, .record = record, .fd = fd };

	begin(&w);
	run_all(&w);
	if (record >= 0 && !w.torn)
		record_end(record);
	end(&w);
}
