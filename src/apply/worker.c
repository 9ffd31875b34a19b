/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One process that runs the steps of one PF. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include "apply/worker.h"
#include "base/child.h"

#define END_MS 1000 /* for a process that does nothing more to be gone */

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

/* Nothing can be done: the first step has failed, and the others were not begun. */
static void refuse(const struct plan_pf *pf, struct worker_report report, int fd)
{
	for (report.step = 0; report.step < pf->n_steps; report.step++) {
		report.outcome = report.step ? OUTCOME_SKIPPED : OUTCOME_FAILED;
		if (write(fd, &report, sizeof(report)) < 0)
			return; /* nobody reads it */
	}
}

/* The life of a worker process. */
static void live(struct host *h, const struct plan_pf *pf, const struct record_dir *dir, int fd)
	__attribute__((noreturn));

static void live(struct host *h, const struct plan_pf *pf, const struct record_dir *dir, int fd)
{
	struct worker_report failure;
	int record = -1;

	detach();
	memset(&failure, 0, sizeof(failure));
	close(dir->lock); /* the run's, which must not outlive it */
	if (!pf->host)
		record = record_begin(dir, pf->addr, &failure.result.err);
	failure.result.code = record;
	if (pf->host || record >= 0)
		work_run(h, pf, record, fd);
	else
		refuse(pf, failure, fd);
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
	*w = (struct worker){ .pid = pid, .fd = fds[0] };
	if (fcntl(w->fd, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

/* Reads what reports there are: whole ones, as each was written at once. Returns likewise. */
static int read_batch(struct worker *w)
{
	ssize_t n = read(w->fd, w->batch, sizeof(w->batch));

	w->next = w->n = 0;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	w->over = n == 0;
	if (n <= 0 || (size_t)n % sizeof(*w->batch))
		return -EPIPE;
	w->n = (size_t)n / sizeof(*w->batch);
	w->empty = w->n < WORKER_BATCH;
	return 1;
}

int worker_read(struct worker *w, const struct worker_report **ret)
{
	int r = 1;

	if (w->next == w->n && w->empty) {
		w->empty = false;
		return 0;
	}
	if (w->next == w->n)
		r = read_batch(w);
	if (r > 0)
		*ret = &w->batch[w->next++];
	return r;
}

void worker_end(struct worker *w)
{
	if (w->fd >= 0)
		close(w->fd);
	/* One that is stuck cannot be waited for, and killing it would not end it (kernel-facts
	 * §3.3). One that is about to end still has the PF's record, which a next run needs. */
	if (w->pid > 0)
		child_reap(w->pid, w->over ? END_MS : 0);
	*w = (struct worker){ .fd = -1 };
}
