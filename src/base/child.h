/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of child processes. */
#pragma once

#include <sys/types.h>

/*
 * Waits until the child PID has ended, for MS milliseconds at most, so that it leaves no zombie and
 * holds nothing any more. One that is stuck in the kernel stays; it is init's when this process
 * ends. 0: does not wait.
 */
void child_reap(pid_t pid, int ms);
