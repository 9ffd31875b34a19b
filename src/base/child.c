/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/child.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/util.h"

static bool has_ended(pid_t pid)
{
	pid_t r = waitpid(pid, NULL, WNOHANG);

	return r == pid || (r < 0 && errno == ECHILD);
}

void child_reap(pid_t pid, int ms)
{
	int64_t deadline = clock_ms() + ms;
	struct pollfd p = { .fd = ms ? pidfd_open(pid, 0) : -1, .events = POLLIN };
	/* Where there is no such descriptor (Linux before 5.3, valgrind 3.19), time passes. */
	int wait = p.fd < 0 ? 1 : ms;

	while (!has_ended(pid) && clock_ms() < deadline)
		(void)poll(&p, 1, wait);
	util_closep(&p.fd);
}
