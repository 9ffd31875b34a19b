/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at what may not answer, in a child process that is given up then: the memory of a process
 * that is stuck in the kernel, a file system of a daemon (/etc/pve), another network namespace.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/*
 * Runs FN in a child process. It can write to FD (a reader that gave up misses nothing), and use
 * ROOTFD (-1: none), but no other descriptor of this process, which it thus keeps open for nobody.
 * Puts what it writes into BUF until it ends or MS milliseconds have passed. Returns how many bytes
 * came; -EFBIG when there are more than SIZE, -ETIMEDOUT, or another negative errno, and what came
 * by then is there. The child process has gone; one that is stuck is given up.
 */
ssize_t bounded_run(void (*fn)(int fd, int rootfd, void *arg), int rootfd, void *arg, void *buf,
	size_t size, int ms);
