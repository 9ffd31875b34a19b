/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One process that runs the steps of one PF. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "apply/record.h"
#include "apply/worker.h"

/* The longest run of neighbouring attribute steps handed to the host at once. */
#define SPAN_MAX 512

/* What a failed step means for the later ones of the same PF. */
enum consequence {
	GOES_ON, /* an attribute that the driver refuses leaves the others applied */
	ENDS_VF, /* the driver of this VF is not touched any more */
	ENDS_PF, /* without VFs, or with a host driver free to take them, the rest would do harm */
};

static enum consequence consequence(enum step_kind kind)
{
	static const enum consequence of[_STEP_KIND_MAX] = {
		[STEP_LOAD_DRIVER] = GOES_ON, /* `bind` then says for which VFs it matters */
		[STEP_PF_RA] = ENDS_PF,       /* once it is raised, it is too late */
		[STEP_PF_UP] = ENDS_PF,
		[STEP_AUTOPROBE] = ENDS_PF,
		[STEP_VFS_REMOVE] = ENDS_PF,
		[STEP_VFS_CREATE] = ENDS_PF,
		[STEP_VF_UNBIND] = ENDS_VF,
		[STEP_VF_ATTR] = GOES_ON,
		[STEP_VF_OVERRIDE] = ENDS_VF,
		[STEP_VF_BIND] = GOES_ON,
		[STEP_VF_NAME] = GOES_ON,
		[STEP_FILE] = GOES_ON, /* a guest VF has no interface that a daemon could take */
	};

	return of[kind];
}

/* The state of a worker process. */
struct work {
	struct host *host;
	const struct plan_pf *pf;
	int record; /* its record, locked; -1: the host has none, for its files tell whose they are */
	int fd;     /* where reports go */
	bool pf_ended;
	bool autoprobe_off; /* by this run */
	bool *vf_ended;     /* per VF index: its driver is not touched any more */
};

static void report(
	const struct work *w, size_t step, enum outcome outcome, const struct step_result *result)
{
	struct worker_report r = { .step = step, .outcome = outcome };

	if (result)
		r.result = *result;
	/* A parent that is gone reads nothing; the record on disk is what counts then. */
	if (write(w->fd, &r, sizeof(r)) < 0)
		return;
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
	if (w->pf_ended)
		return !is_restoring(w, s);
	return s->vf >= 0 && w->vf_ended[s->vf] && s->kind != STEP_VF_ATTR;
}

/* How many steps from FIRST on can go to the host together. */
static size_t span(const struct work *w, size_t first)
{
	const struct step *s = w->pf->steps;
	size_t n = 1;

	while (s[first].kind == STEP_VF_ATTR && n < SPAN_MAX && first + n < w->pf->n_steps &&
		s[first + n].kind == STEP_VF_ATTR && s[first + n].rank == s[first].rank)
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
		w->pf_ended = true;
		break;
	case ENDS_VF:
		w->vf_ended[s->vf] = true;
		break;
	case GOES_ON:
		break;
	}
}

/*
 * Records the steps and runs them. That autoprobe is back is recorded when it is: as long as the
 * last entry says that it was switched off, the next run puts it back. It matters more than being
 * recorded, too.
 */
static void record_and_run(
	struct work *w, const struct step *steps, size_t n, struct step_result *res)
{
	bool restoring = is_restoring(w, steps);

	if (!restoring && record_span(w, steps, n, res) < 0) {
		w->pf_ended = true;
		return;
	}
	w->host->ops->run(w->host, w->pf, steps, n, res);
	if (restoring && res[0].code == 0)
		(void)record_add(w->record, steps, NULL);
}

static void run_span(struct work *w, size_t first, size_t n)
{
	const struct step *steps = &w->pf->steps[first];
	struct step_result *res = mem_new(n, sizeof(*res));

	record_and_run(w, steps, n, res);
	if (steps[0].kind == STEP_AUTOPROBE)
		w->autoprobe_off = !steps[0].after.n;
	for (size_t i = 0; i < n; i++) {
		if (res[i].code < 0)
			note_failure(w, &steps[i]);
		report(w, first + i, res[i].code < 0 ? OUTCOME_FAILED : OUTCOME_DONE, &res[i]);
	}
	free(res);
}

static void work(struct work *w)
{
	size_t n;

	for (size_t i = 0; i < w->pf->n_steps; i += n) {
		n = 1;
		w->pf_ended = w->pf_ended || is_abandoned(w);
		if (is_skipped(w, &w->pf->steps[i])) {
			report(w, i, OUTCOME_SKIPPED, NULL);
			continue;
		}
		n = span(w, i);
		run_span(w, i, n);
	}
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

/*
 * A worker is on its own: a terminal's interrupt or a closing session must not end it between two
 * steps, nor may it keep the caller's output open when it is stuck.
 */
static void detach(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (int fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
		(void)dup2(null, fd);
}

/* The life of a worker process. */
static void live(struct host *h, const struct plan_pf *pf, const struct record_dir *dir, int fd)
	__attribute__((noreturn));

static void live(struct host *h, const struct plan_pf *pf, const struct record_dir *dir, int fd)
{
	struct work state = {
		.host = h, .pf = pf, .fd = fd, .vf_ended = mem_new(vf_limit(pf), sizeof(bool))
	};
	struct step_result failure = { 0 };

	detach();
	close(dir->lock); /* the run's, which must not outlive it */
	state.record = pf->host ? -1 : record_begin(dir, pf->addr, &failure.err);
	failure.code = state.record;
	if (pf->host || state.record >= 0)
		work(&state);
	else
		report(&state, 0, OUTCOME_FAILED, &failure);
	_exit(0);
}

int worker_start(
	struct worker *w, struct host *h, const struct plan_pf *pf, const struct record_dir *dir)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		int r = -errno;

		close(fds[0]);
		close(fds[1]);
		return r;
	}
	if (pid == 0) {
		close(fds[0]);
		live(h, pf, dir, fds[1]);
	}
	close(fds[1]);
	*w = (struct worker){ pid, fds[0] };
	if (fcntl(w->fd, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

int worker_read(struct worker *w, struct worker_report *ret)
{
	ssize_t n = read(w->fd, ret, sizeof(*ret));

	if (n == (ssize_t)sizeof(*ret))
		return 1;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return -EPIPE;
}

void worker_end(struct worker *w)
{
	if (w->fd >= 0)
		close(w->fd);
	/* One that is stuck cannot be waited for, and killing it would not end it (kernel-facts
	 * §3.3). */
	if (w->pid > 0)
		waitpid(w->pid, NULL, WNOHANG);
	*w = (struct worker){ 0, -1 };
}
