/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One process that runs the steps of one PF. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "apply/record.h"
#include "apply/worker.h"

/* The longest run of neighbouring attribute steps handed to the host at once. */
#define SPAN_MAX 512

/* What a failed step means for the later ones of the same PF. */
enum consequence {
	GOES_ON,  /* an attribute that the driver refuses leaves the others applied */
	ENDS_VF,  /* the driver of this VF is not touched any more */
	ENDS_PF,  /* without VFs, or with a host driver free to take them, the rest would do harm */
};

static enum consequence consequence(enum step_kind kind)
{
	static const enum consequence of[_STEP_KIND_MAX] = {
		[STEP_LOAD_DRIVER] = GOES_ON, /* `bind` then says for which VFs it matters */
		[STEP_PF_UP] = ENDS_PF,
		[STEP_AUTOPROBE] = ENDS_PF,
		[STEP_VFS_REMOVE] = ENDS_PF,
		[STEP_VFS_CREATE] = ENDS_PF,
		[STEP_VF_UNBIND] = ENDS_VF,
		[STEP_VF_ATTR] = GOES_ON,
		[STEP_VF_OVERRIDE] = ENDS_VF,
		[STEP_VF_BIND] = GOES_ON,
	};

	return of[kind];
}

/* The state of a worker process. */
struct work {
	struct host *host;
	const struct plan_pf *pf;
	int record_dir, fd;
	bool pf_ended;
	bool autoprobe_off; /* by this run */
	bool *vf_ended; /* per VF index: its driver is not touched any more */
};

static void report(const struct work *w, size_t step, enum outcome outcome,
	const struct step_result *result)
{
	struct worker_report r = { .step = step, .outcome = outcome };

	if (result)
		r.result = *result;
	/* A parent that is gone reads nothing; the record on disk is what counts then. */
	if (write(w->fd, &r, sizeof(r)) < 0)
		return;
}

static bool is_skipped(const struct work *w, const struct step *s)
{
	/* Whatever happened, autoprobe does not stay off: that would break Proxmox's own VF hand-over. */
	if (w->pf_ended)
		return !(s->kind == STEP_AUTOPROBE && s->after.n && w->autoprobe_off);
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

static int record_span(const struct work *w, const struct step *steps, size_t n,
	struct step_result *res)
{
	for (size_t i = 0; i < n; i++) {
		struct err e = { "" };
		int r = record_add(w->record_dir, w->pf->addr, &steps[i], &e);

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

static void run_span(struct work *w, size_t first, size_t n)
{
	const struct step *steps = &w->pf->steps[first];
	struct step_result *res = mem_new(n, sizeof(*res));

	if (record_span(w, steps, n, res) < 0)
		w->pf_ended = true;
	else
		w->host->ops->run(w->host, w->pf, steps, n, res);
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

int worker_start(struct worker *w, struct host *h, const struct plan_pf *pf, int record_dir)
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
		struct work state = { .host = h,
			.pf = pf,
			.record_dir = record_dir,
			.fd = fds[1],
			.vf_ended = mem_new(vf_limit(pf), sizeof(bool)) };

		close(fds[0]);
		signal(SIGPIPE, SIG_IGN);
		work(&state);
		_exit(0);
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
	if (w->pid > 0) {
		kill(w->pid, SIGKILL);
		/* One that is stuck in the kernel cannot be waited for; init inherits it. */
		waitpid(w->pid, NULL, WNOHANG);
	}
	*w = (struct worker){ 0, -1 };
}
