/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A look with a deadline, in a child process. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/util.h"
#include "host/bounded.h"

#define END_MS 200 /* for a process that was killed to be gone */

/* A lock, or the pipe of whoever reads our output, must not stay open in a child that is stuck. */
static void close_others(int a, int b)
{
	unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);

	if (a < 0 || b < 0)
		low = high;
	if (low > 0)
		(void)close_range(0, low - 1, 0);
	if (high > low + 1)
		(void)close_range(low + 1, high - 1, 0);
	(void)close_range(high + 1, ~0U, 0);
}

/* Reads up to SIZE bytes from FD, when there are some. Returns how many, 0 at its end. */
static ssize_t read_some(int fd, char *buf, size_t size, int64_t deadline)
{
	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		int64_t left = deadline - clock_ms();
		ssize_t n;

		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, buf, size);
		if (n >= 0)
			return n;
		if (errno != EINTR)
			return -errno;
	}
}

/* Reads from FD to its end, which is seen behind a full buffer only by asking for more. */
static ssize_t collect(int fd, char *buf, size_t size, int64_t deadline)
{
	size_t len = 0;
	ssize_t n;
	char more;

	while (len < size) {
		n = read_some(fd, buf + len, size - len, deadline);
		if (n <= 0)
			return n < 0 ? n : (ssize_t)len;
		len += (size_t)n;
	}
	n = read_some(fd, &more, 1, deadline);
	if (n < 0)
		return n;
	return n == 0 ? (ssize_t)len : -EFBIG;
}

ssize_t bounded_run(void (*fn)(int fd, int rootfd, void *arg), int rootfd, void *arg, void *buf,
	size_t size, int ms)
{
	int64_t deadline = clock_ms() + ms;
	int fds[2];
	ssize_t r;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		r = -errno;
		close(fds[0]);
		close(fds[1]);
		return r;
	}
	if (pid == 0) {
		signal(SIGPIPE, SIG_IGN);
		close_others(fds[1], rootfd);
		fn(fds[1], rootfd, arg);
		_exit(0);
	}
	close(fds[1]);
	r = collect(fds[0], buf, size, deadline);
	close(fds[0]);
	kill(pid, SIGKILL);
	child_reap(pid, END_MS);
	return r;
}
