/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command without output, and prints wall and CPU seconds, peak memory in KiB, exit status:
 * from a small process, because a child's peak begins with its parent's.
 *
 *     launch PROGRAM ARGUMENT…
 */
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t files;
	double start = now();
	struct rusage u;
	int status;
	pid_t pid;

	if (argc < 2)
		errx(2, "usage: launch PROGRAM ARGUMENT…");
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, argv[1], &files, NULL, argv + 1, environ) != 0 ||
		wait4(pid, &status, 0, &u) < 0)
		err(1, "%s", argv[1]);
	printf("%.6f %.6f %ld %d\n", now() - start, seconds(u.ru_utime) + seconds(u.ru_stime),
		u.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 255);
	return 0;
}
