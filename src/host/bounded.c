/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A look with a deadline, in a child process. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/util.h"
#include "host/bounded.h"

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

/* Reads from FD to its end. */
static ssize_t collect(int fd, char *buf, size_t size, int64_t deadline)
{
	size_t len = 0;

	while (len < size) {
		struct pollfd p = { fd, POLLIN, 0 };
		int64_t left = deadline - clock_ms();
		ssize_t n;

		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, buf + len, size - len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		len += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)len;
}

/* One that is stuck in the kernel cannot be waited for; it is init's when this process ends. */
static void end_child(pid_t pid, bool ended)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, ended ? 0 : WNOHANG) < 0 && errno == EINTR)
		;
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
	end_child(pid, r >= 0 && (size_t)r < size);
	return r;
}
