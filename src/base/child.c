/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/child.h"

#include <errno.h>
#include <poll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

#include "base/util.h"

void child_reap(pid_t pid, int ms)
{
	struct pollfd p = { .fd = ms ? pidfd_open(pid, 0) : -1, .events = POLLIN };

	while (p.fd >= 0 && poll(&p, 1, ms) < 0 && errno == EINTR)
		;
	while (waitpid(pid, NULL, WNOHANG) < 0 && errno == EINTR)
		;
	util_closep(&p.fd);
}
