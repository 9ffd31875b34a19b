/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks in child processes: what they tell, what they may touch, and that none is left behind. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "host/bounded.h"

#define LONG_MS 60000

/* No child process is left, neither running nor as a zombie. */
static int no_child(void **state _unused_)
{
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD ? 0 : -1;
}

static void says(int fd, int rootfd _unused_, void *arg)
{
	(void)file_write_all(fd, arg, strlen(arg));
}

static void says_and_stays(int fd, int rootfd, void *arg)
{
	says(fd, rootfd, arg);
	for (;;)
		pause();
}

/* More than a pipe holds: unless somebody reads, it never ends. */
static void says_much(int fd, int rootfd _unused_, void *arg _unused_)
{
	char block[4096];

	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 64; i++)
		(void)file_write_all(fd, block, sizeof(block));
}

static void shorter(void **state _unused_)
{
	char buf[4] = "....", text[] = "abc", none[] = "";

	assert_int_equal(bounded_run(says, -1, none, buf, sizeof(buf), LONG_MS), 0);
	assert_memory_equal(buf, "....", 4);
	assert_int_equal(bounded_run(says, -1, text, buf, sizeof(buf), LONG_MS), 3);
	assert_memory_equal(buf, "abc.", 4);
}

static void exactly_as_long(void **state _unused_)
{
	char buf[5] = "....", text[] = "abcd", none[] = "";

	assert_int_equal(bounded_run(says, -1, text, buf, 4, LONG_MS), 4);
	assert_string_equal(buf, "abcd");
	assert_int_equal(bounded_run(says, -1, none, buf, 0, LONG_MS), 0);
	assert_string_equal(buf, "abcd");
}

static void longer(void **state _unused_)
{
	char buf[5] = "....", text[] = "abcde", c = '.';

	assert_int_equal(bounded_run(says, -1, text, buf, 4, LONG_MS), -EFBIG);
	assert_string_equal(buf, "abcd");
	assert_int_equal(bounded_run(says_much, -1, NULL, buf, 4, LONG_MS), -EFBIG);
	assert_string_equal(buf, "xxxx");
	assert_int_equal(bounded_run(says, -1, text, &c, 0, LONG_MS), -EFBIG);
	assert_int_equal(c, '.');
}

/* Also when all that there is room for has come: there may be more. */
static void too_slow(void **state _unused_)
{
	char buf[5] = "....", some[] = "ab", all[] = "abcd";

	assert_int_equal(bounded_run(says_and_stays, -1, some, buf, 4, 100), -ETIMEDOUT);
	assert_string_equal(buf, "ab..");
	assert_int_equal(bounded_run(says_and_stays, -1, all, buf, 4, 100), -ETIMEDOUT);
	assert_string_equal(buf, "abcd");
}

static void sees_nothing(int fd, int rootfd, void *arg)
{
	char answer = fcntl(*(int *)arg, F_GETFD) < 0 && fcntl(0, F_GETFD) < 0 &&
				      fcntl(rootfd, F_GETFD) >= 0
			      ? 'y'
			      : 'n';

	(void)file_write_all(fd, &answer, 1);
}

static void others_are_closed(void **state _unused_)
{
	int root = open("/", O_PATH | O_CLOEXEC), other = dup(root);
	char answer = 0;

	assert_int_equal(bounded_run(sees_nothing, root, &other, &answer, 1, LONG_MS), 1);
	assert_int_equal(answer, 'y');
	close(other);
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(shorter, no_child),
		cmocka_unit_test_teardown(exactly_as_long, no_child),
		cmocka_unit_test_teardown(longer, no_child),
		cmocka_unit_test_teardown(too_slow, no_child),
		cmocka_unit_test_teardown(others_are_closed, no_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
