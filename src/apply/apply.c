/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running a plan: workers one after another, deadlines, and what became of each step. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "apply/apply.h"
#include "base/clock.h"
#include "base/mem.h"

/* One PF while the plan runs. */
struct job {
	const struct plan_pf *pf;
	struct worker worker;
	struct worker_report *reports; /* one per step */
	size_t told;                   /* how many of them the caller has heard of */
	struct worker_report *backs;   /* of what was put back, as it came */
	size_t n_backs, backs_told;
	int64_t active_ms; /* when it last gave a sign of life */
	bool begun, ended;
};

struct run {
	struct host *host;
	struct job *jobs;
	size_t n;
	const struct record_dir *dir;
	struct apply_limits limits;
	apply_told told;
	void *arg;
};

/* Tells of the next step that puts something back, if it comes before the plan's next one. */
static bool tell_back(const struct run *r, struct job *job)
{
	const struct worker_report *b;
	struct step s;

	if (job->backs_told == job->n_backs)
		return false;
	b = &job->backs[job->backs_told];
	if (b->step > job->told || b->outcome == OUTCOME_PENDING)
		return false;
	s = worker_step(b);
	r->told(r->arg, job->pf, &s, b);
	job->backs_told++;
	return true;
}

/* Tells of the plan's next step. */
static bool tell_step(const struct run *r, struct job *job)
{
	if (job->told == job->pf->n_steps || job->reports[job->told].outcome == OUTCOME_PENDING)
		return false;
	if (job->backs_told < job->n_backs && job->backs[job->backs_told].step <= job->told)
		return false;
	r->told(r->arg, job->pf, &job->pf->steps[job->told], &job->reports[job->told]);
	job->told++;
	return true;
}

/* Tells what is known, in the order of the plan: nothing of a PF before all of the one before it.
 */
static void tell(const struct run *r)
{
	for (size_t j = 0; j < r->n; j++) {
		struct job *job = &r->jobs[j];

		while (tell_back(r, job) || tell_step(r, job))
			continue;
		if (!job->ended)
			return;
	}
}

/*
 * Gives REP an outcome if it has none: OUTCOME with TEXT if it is the FIRST, which it then is not
 * any more for the next one.
 */
static void close_report(
	struct worker_report *rep, bool *first, enum outcome outcome, int code, const char *text)
{
	if (rep->outcome != OUTCOME_PENDING)
		return;
	rep->outcome = *first ? outcome : OUTCOME_SKIPPED;
	rep->result.code = *first ? code : 0;
	if (*first)
		err_set(&rep->result.err, code, "%s", text);
	*first = false;
}

/* Gives every step that has no outcome one: the first OUTCOME with TEXT, the rest skipped. What the
 * worker was putting back is the first. */
static void close_job(struct job *job, enum outcome outcome, int code, const char *text)
{
	bool first = true;

	for (size_t i = 0; i < job->n_backs; i++)
		close_report(&job->backs[i], &first, outcome, code, text);
	for (size_t i = 0; i < job->pf->n_steps; i++)
		close_report(&job->reports[i], &first, outcome, code, text);
	worker_end(&job->worker);
	job->ended = true;
}

/*
 * Whether the udev rules that come before JOB are written, or none do. They note what a whole
 * device is to the host: without that, the next run might not know it by what the policy says.
 */
static bool is_noted(const struct run *r, const struct job *job)
{
	const struct job *host = r->jobs;

	for (size_t i = 0; host != job && host->pf->host && i < host->pf->n_steps; i++)
		if (host->pf->steps[i].file == GENFILE_UDEV &&
			host->reports[i].outcome != OUTCOME_DONE)
			return false;
	return true;
}

static void begin(const struct run *r, struct job *job)
{
	int code = 0;

	job->begun = true;
	job->active_ms = clock_ms();
	if (job->pf->n_steps && job->pf->whole && !is_noted(r, job)) {
		close_job(job, OUTCOME_FAILED, -EIO,
			"not begun: the udev rules could not be written, in which it is noted what "
			"the device is to the host");
		return;
	}
	if (job->pf->n_steps)
		code = worker_start(&job->worker, r->host, job->pf, r->dir);
	if (job->pf->n_steps == 0 || code < 0)
		close_job(job, OUTCOME_FAILED, code, err_name(code));
}

/* The first of the steps that put something back which has no outcome yet, or NULL. */
static struct worker_report *pending_back(const struct job *job)
{
	for (size_t i = 0; i < job->n_backs; i++)
		if (job->backs[i].outcome == OUTCOME_PENDING)
			return &job->backs[i];
	return NULL;
}

/*
 * Steps that put something back are announced, several at once if they run together, and end in
 * turn.
 */
static void note_back(struct job *job, const struct worker_report *rep)
{
	struct worker_report *pending = rep->outcome == OUTCOME_PENDING ? NULL : pending_back(job);

	if (!pending) {
		job->backs = mem_grow(job->backs, job->n_backs, sizeof(*job->backs));
		pending = &job->backs[job->n_backs++];
	}
	*pending = *rep;
}

static void read_reports(struct job *job)
{
	const struct worker_report *rep;
	int r;

	while ((r = worker_read(&job->worker, &rep)) > 0) {
		job->active_ms = clock_ms();
		if (rep->back)
			note_back(job, rep);
		else if (rep->step < job->pf->n_steps)
			job->reports[rep->step] = *rep;
	}
	if (r < 0)
		close_job(job, OUTCOME_FAILED, -EPIPE,
			"the worker process ended before this step was done");
}

/*
 * Appends who has to let go before a step like S comes back: the one who used a VF when the plan
 * was made, or whoever it is (kernel-facts §3.3).
 */
static void add_holder(struct buf *b, const struct step *s)
{
	if (s && s->used)
		buf_addf(b, "; %s, which has to let go of it", s->used);
	else if (s && (s->kind == STEP_VF_UNBIND || s->kind == STEP_VFS_REMOVE))
		buf_addf(b, "; whoever holds the %s, most likely a guest, has to let go of it",
			s->vf < 0 && s->kind == STEP_VF_UNBIND ? "device" : "VF");
}

/* The step that the worker is at, or NULL. */
static const struct step *step_at(const struct job *job)
{
	const struct worker_report *back = pending_back(job);
	size_t at = 0;

	if (back)
		return &back->what;
	while (at < job->pf->n_steps && job->reports[at].outcome != OUTCOME_PENDING)
		at++;
	return at < job->pf->n_steps ? &job->pf->steps[at] : NULL;
}

static void give_up(struct job *job, unsigned limit_ms)
{
	_cleanup_(buf_done) struct buf text = { 0 };

	buf_addf(&text, "stuck in the kernel: process %d did not come back within %u s",
		(int)job->worker.pid, limit_ms / 1000);
	add_holder(&text, step_at(job));
	buf_add(&text, "; see dmesg, and run apply again when it has ended");
	close_job(job, OUTCOME_STUCK, -ETIMEDOUT, buf_text(&text));
}

/* Set by a signal that asks this process to end; handlers can reach nothing else. */
static volatile sig_atomic_t asked_to_end;

static void ask_to_end(int signal_number)
{
	asked_to_end = signal_number;
}

/* Has (INSTALL) signals noted, so that a run is not ended between two steps, or restores OLD. */
static void catch_signals(bool install, struct sigaction old[static 3])
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	const struct sigaction note = { .sa_handler = ask_to_end };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], install ? &note : &old[i], install ? &old[i] : NULL);
}

/* Begins the next PF with steps once all that were begun have ended or been silent for long. */
static void begin_next(const struct run *r)
{
	int64_t now = clock_ms();

	for (size_t j = 0; j < r->n; j++) {
		struct job *job = &r->jobs[j];

		if (!job->begun && asked_to_end && job->pf->n_steps) {
			job->begun = true;
			close_job(
				job, OUTCOME_FAILED, -EINTR, "not begun: the run was asked to end");
		} else if (!job->begun) {
			begin(r, job);
		}
		if (!job->ended && now < job->active_ms + r->limits.overlap_ms)
			return;
	}
}

static void check_deadlines(const struct run *r)
{
	int64_t now = clock_ms();

	for (size_t j = 0; j < r->n; j++) {
		struct job *job = &r->jobs[j];

		if (job->begun && !job->ended && now - job->active_ms >= r->limits.step_ms)
			give_up(job, r->limits.step_ms);
	}
}

/* How long poll() may sleep until a limit is reached that something has to be done about. */
static int next_wait(const struct run *r)
{
	int64_t now = clock_ms(), wait = r->limits.step_ms;
	bool more = r->n && !r->jobs[r->n - 1].begun;

	for (size_t j = 0; j < r->n; j++) {
		const struct job *job = &r->jobs[j];
		int64_t silent = now - job->active_ms;
		int64_t limit = more && silent < r->limits.overlap_ms ? r->limits.overlap_ms
								      : r->limits.step_ms;

		if (job->begun && !job->ended && limit > silent && limit - silent < wait)
			wait = limit - silent;
	}
	return (int)wait + 1;
}

static int wait_for_reports(const struct run *r)
{
	struct pollfd *fds = mem_new(r->n, sizeof(*fds));
	int code;

	for (size_t j = 0; j < r->n; j++) {
		bool live = r->jobs[j].begun && !r->jobs[j].ended;

		fds[j] = (struct pollfd){ .fd = live ? r->jobs[j].worker.fd : -1,
			.events = POLLIN };
	}
	code = poll(fds, r->n, next_wait(r)) < 0 && errno != EINTR ? -errno : 0;
	for (size_t j = 0; code == 0 && j < r->n; j++)
		if (fds[j].fd >= 0 && fds[j].revents)
			read_reports(&r->jobs[j]);
	free(fds);
	return code;
}

static bool all_ended(const struct run *r)
{
	for (size_t j = 0; j < r->n; j++)
		if (!r->jobs[j].ended)
			return false;
	return true;
}

static int run_jobs(const struct run *r)
{
	while (!all_ended(r)) {
		int code = 0;

		begin_next(r);
		tell(r);
		if (!all_ended(r))
			code = wait_for_reports(r);
		if (code < 0)
			return code;
		check_deadlines(r);
		tell(r);
	}
	return 0;
}

static struct apply_counts count(const struct run *r)
{
	struct apply_counts c = { .pf_failed = mem_new(r->n, sizeof(bool)) };

	for (size_t j = 0; j < r->n; j++) {
		size_t done = 0, n = r->jobs[j].pf->n_steps;

		for (size_t i = 0; i < n; i++)
			done += r->jobs[j].reports[i].outcome == OUTCOME_DONE;
		c.steps_done += done;
		c.pfs += n > 0;
		c.pfs_failed += done < n && !r->jobs[j].pf->host;
		c.host_failed |= done < n && r->jobs[j].pf->host;
		c.pf_failed[j] = done < n;
		c.pfs_changed += done > 0 && !r->jobs[j].pf->host;
	}
	return c;
}

int apply_run(struct host *h, const struct plan *p, const struct record_dir *dir,
	struct apply_limits limits, apply_told told, void *arg, struct apply_counts *ret,
	struct err *e)
{
	struct run r = { h, mem_new(p->n_pfs, sizeof(*r.jobs)), p->n_pfs, dir, limits, told, arg };
	struct sigaction old[3];
	int code;

	for (size_t j = 0; j < r.n; j++) {
		r.jobs[j].pf = &p->pfs[j];
		r.jobs[j].worker.fd = -1;
		r.jobs[j].reports = mem_new(p->pfs[j].n_steps, sizeof(*r.jobs[j].reports));
	}
	catch_signals(true, old);
	code = run_jobs(&r);
	catch_signals(false, old);
	if (code < 0)
		err_set(e, code, "cannot wait for the workers: %s", err_name(code));
	*ret = count(&r);
	for (size_t j = 0; j < r.n; j++) {
		worker_end(&r.jobs[j].worker);
		free(r.jobs[j].reports);
		free(r.jobs[j].backs);
	}
	free(r.jobs);
	return code;
}
