/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Child processes that end at once, later or not at all. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/util.h"

#define LONG_MS 60000

/* A child that sleeps for MS milliseconds. */
static pid_t start(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		nanosleep(&pause, NULL);
		_exit(0);
	}
	return pid;
}

static bool no_child(void)
{
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

static void ends_at_once(void **state _unused_)
{
	for (int i = 0; i < 50; i++) {
		child_reap(start(0), LONG_MS);
		assert_true(no_child());
	}
}

static void ends_later(void **state _unused_)
{
	child_reap(start(100), LONG_MS);
	assert_true(no_child());
}

/* It is not waited for beyond the limit, and is nobody's loss. */
static void stays(void **state _unused_)
{
	int64_t before = clock_ms();
	pid_t pid = start(LONG_MS);

	child_reap(pid, 0);
	child_reap(pid, 50);
	assert_true(clock_ms() - before >= 50);
	assert_true(clock_ms() - before < LONG_MS);
	assert_int_equal(kill(pid, 0), 0);
	assert_false(no_child());
	kill(pid, SIGKILL);
	child_reap(pid, LONG_MS);
	assert_true(no_child());
}

/* One that has been waited for, or was never there. */
static void is_not_there(void **state _unused_)
{
	pid_t pid = start(0);

	child_reap(pid, LONG_MS);
	child_reap(pid, LONG_MS);
	assert_true(no_child());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_at_once),
		cmocka_unit_test(ends_later),
		cmocka_unit_test(stays),
		cmocka_unit_test(is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
