/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a policy is read from, and which files are refused. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cmocka.h>

#include "base/err.h"
#include "cli/read-policy.h"
#include "config.h"
#include "render/problems.h"
#include "rmtree.h"

/* A path in the directory of the configuration, relative to the root directory. */
#define BELOW(path) (&POLICY_DIR path[1])

static const char good[] = "{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"01:00.0\"}}]}";
static const char other[] = "{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"02:00.0\"}}]}";

/* A temporary directory that is the root directory, the current one, and removed in the end. */
struct place_to_be {
	char dir[32];
	int rootfd, before;
};

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fputs(text, f) >= 0, 1);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

/* Makes the directory PATH and what it is in. */
static void make_dirs(const char *path)
{
	_cleanup_free_ char *copy = mem_strdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(mkdir(copy, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	assert_true(mkdir(copy, 0755) == 0 || errno == EEXIST);
}

static int setup(void **state)
{
	struct place_to_be *p = mem_new(1, sizeof(*p));

	strcpy(p->dir, "/tmp/read-policy-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	p->before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	p->rootfd = open(p->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(fchdir(p->rootfd), 0);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place_to_be *p = *state;

	assert_int_equal(fchdir(p->before), 0);
	close(p->rootfd);
	close(p->before);
	rmtree(AT_FDCWD, p->dir);
	free(p);
	return 0;
}

/* Reads PATH (NULL: the default below ROOTFD) and expects the lines TOLD; with none, N entries. */
static void assert_read(int rootfd, const char *path, const char *told, size_t n)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf b = { 0 };
	struct policy *p = NULL;

	assert_int_equal(policy_read(rootfd, path, &p, &d), *told ? -EINVAL : 0);
	assert_non_null(p);
	for (size_t i = 0; i < d.n; i++) {
		problem_text(&b, &d.problems[i]);
		buf_add(&b, "\n");
	}
	assert_string_equal(buf_text(&b), told);
	if (!*told)
		assert_int_equal(p->n_pfs, n);
	policy_free(p);
}

/* The default files of the root directory, with `%` in TOLD for the directory's name. */
static void assert_default(void **state, const char *told, size_t n)
{
	const struct place_to_be *p = *state;
	_cleanup_(buf_done) struct buf b = { 0 };

	for (; *told; told++) {
		if (*told == '%')
			buf_add(&b, POLICY_DIR);
		else
			buf_addn(&b, told, 1);
	}
	assert_read(p->rootfd, NULL, buf_text(&b), n);
}

static void test_explicit(void **state)
{
	const struct place_to_be *p = *state;

	write_file("p.json", good);
	assert_read(-1, "p.json", "", 1);
	/* Another root is for what is not named. */
	assert_read(p->rootfd, "./p.json", "", 1);
}

static void test_missing(void **state)
{
	assert_read(-1, "p.json", "p.json: does not exist\n", 0);
	assert_read(-1, "no/p.json", "no/p.json: does not exist\n", 0);
	assert_read(-1, "", "does not exist\n", 0);
	(void)state;
}

static void test_not_a_file(void **state)
{
	make_dirs("dir");
	assert_int_equal(mkfifo("fifo", 0644), 0);
	assert_read(-1, "dir", "dir: is a directory\n", 0);
	assert_read(-1, "dir/", "dir/: is a directory\n", 0);
	assert_read(-1, "fifo", "fifo: is not a regular file (\"-\" reads standard input)\n", 0);
	assert_read(-1, "/dev/null",
		"/dev/null: is not a regular file (\"-\" reads standard input)\n", 0);
	(void)state;
}

static void test_unreadable(void **state)
{
	write_file("p.json", good);
	assert_int_equal(chmod("p.json", 0), 0);
	if (geteuid() == 0)
		assert_read(-1, "p.json", "", 1);
	else
		assert_read(
			-1, "p.json", "p.json: cannot be read: Permission denied (EACCES)\n", 0);
	(void)state;
}

static void test_writable_by_others(void **state)
{
	write_file("p.json", good);
	assert_int_equal(chmod("p.json", 0664), 0);
	assert_read(-1, "p.json",
		"p.json: refused: its group may write to it (mode 0664; chmod go-w)\n", 0);
	assert_int_equal(chmod("p.json", 0646), 0);
	assert_read(-1, "p.json",
		"p.json: refused: everybody may write to it (mode 0646; chmod go-w)\n", 0);
	(void)state;
}

static void test_directory_writable_by_others(void **state)
{
	make_dirs("dir");
	write_file("dir/p.json", good);
	assert_int_equal(chmod("dir", 0777), 0);
	assert_read(-1, "dir/p.json",
		"dir: refused: everybody may put files into this directory (chmod go-w)\n", 0);
	assert_int_equal(chmod("dir", 0775), 0);
	assert_read(-1, "./dir/p.json",
		"dir: refused: its group may put files into this directory (chmod g-w)\n", 0);
	assert_int_equal(chmod("dir", 01777), 0);
	assert_read(-1, "dir/p.json", "", 1);
	(void)state;
}

static void test_owner(void **state)
{
	if (geteuid() != 0)
		skip();
	write_file("p.json", good);
	assert_int_equal(chown("p.json", 1000, 0), 0);
	assert_read(-1, "p.json",
		"p.json: refused: it belongs to user 1000, not to root (chown root)\n", 0);
	(void)state;
}

static void test_link(void **state)
{
	make_dirs("dir");
	write_file("dir/p.json", good);
	assert_int_equal(symlink("dir/p.json", "good"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_read(-1, "good", "", 1);
	assert_read(-1, "dangling", "dangling: does not exist\n", 0);
	assert_read(
		-1, "loop", "loop: cannot be read: Too many levels of symbolic links (ELOOP)\n", 0);
	assert_int_equal(chmod("dir/p.json", 0666), 0);
	assert_read(-1, "good",
		"dir/p.json: refused: everybody may write to it (mode 0666; chmod go-w)\n", 0);
	(void)state;
}

static void test_too_large(void **state)
{
	write_file("p.json", "");
	assert_int_equal(truncate("p.json", POLICY_SIZE_MAX + 1), 0);
	assert_read(-1, "p.json", "p.json: larger than 1024 KiB: this is no policy\n", 0);
	(void)state;
}

static void test_bad_content(void **state)
{
	write_file("p.json", "{\"version\": 1, \"pfs\": 5}");
	assert_read(-1, "p.json",
		"p.json:1:23: /pfs: must be an array with one object for each PF, not 5\n", 0);
	(void)state;
}

static void test_stdin(void **state)
{
	int before = dup(STDIN_FILENO), fd;

	write_file("p.json", good);
	/* Nothing is asked of standard input: a pipe has neither owner nor mode. */
	assert_int_equal(chmod("p.json", 0666), 0);
	fd = open("p.json", O_RDONLY | O_CLOEXEC);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	assert_read(-1, "-", "", 1);
	assert_read(
		-1, "-", "stdin: empty: the smallest policy is {\"version\": 1, \"pfs\": []}\n", 0);
	close(fd);
	fd = open(".", O_RDONLY | O_CLOEXEC);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	assert_read(-1, "-", "stdin: is a directory\n", 0);
	close(fd);
	assert_int_equal(dup2(before, STDIN_FILENO), STDIN_FILENO);
	close(before);
	(void)state;
}

static void test_default_nothing(void **state)
{
	static const char none[] = "%/policy.json: there is no policy: neither this file nor any "
				   "*.json in %/policy.d; there are examples in " EXAMPLES_DIR "\n";

	assert_default(state, none, 0);
	make_dirs(BELOW(""));
	assert_default(state, none, 0);
	make_dirs(BELOW("/policy.d"));
	write_file(BELOW("/policy.d/readme.txt"), "x");
	write_file(BELOW("/policy.d/.hidden.json"), "x");
	write_file(BELOW("/policy.d/old.json~"), "x");
	write_file(BELOW("/policy.d/json"), "x");
	assert_default(state, none, 0);
}

static void test_default_one(void **state)
{
	make_dirs(BELOW(""));
	write_file(BELOW("/policy.json"), good);
	assert_default(state, "", 1);
}

static void test_default_many(void **state)
{
	make_dirs(BELOW("/policy.d"));
	write_file(BELOW("/policy.d/20.json"), good);
	write_file(BELOW("/policy.d/10.json"), other);
	assert_default(state, "", 2);
	/* In order: what comes later is what is at fault. */
	write_file(BELOW("/policy.json"), good);
	assert_default(state,
		"%/policy.d/20.json:1:34: /pfs/0/match: 0000:01:00.0 already has an "
		"entry "
		"at %/policy.json:1:34\n",
		0);
}

static void test_default_refused(void **state)
{
	make_dirs(BELOW("/policy.d"));
	write_file(BELOW("/policy.json"), good);
	write_file(BELOW("/policy.d/a.json"), other);
	assert_int_equal(chmod(BELOW("/policy.d"), 0757), 0);
	assert_default(state,
		"%/policy.d: refused: everybody may put files into this directory (chmod o-w)\n",
		0);
	assert_int_equal(chmod(BELOW("/policy.d"), 0755), 0);
	assert_int_equal(chmod(BELOW("/policy.d/a.json"), 0666), 0);
	assert_default(state,
		"%/policy.d/a.json: refused: everybody may write to it (mode 0666; chmod go-w)\n",
		0);
}

static void test_default_dangling(void **state)
{
	make_dirs(BELOW("/policy.d"));
	write_file(BELOW("/policy.d/a.json"), good);
	assert_int_equal(symlink("nowhere", BELOW("/policy.json")), 0);
	assert_default(state, "%/policy.json: does not exist\n", 0);
}

static void test_default_not_a_directory(void **state)
{
	make_dirs(BELOW(""));
	write_file(BELOW("/policy.json"), good);
	write_file(BELOW("/policy.d"), "");
	assert_default(state, "%/policy.d: cannot be read: Not a directory (ENOTDIR)\n", 0);
}

/* Whoever may write above the directory can put another one in its place; it is told once. */
static void test_default_above(void **state)
{
	make_dirs(BELOW("/policy.d"));
	write_file(BELOW("/policy.json"), good);
	write_file(BELOW("/policy.d/a.json"), other);
	assert_int_equal(chmod(".", 0775), 0);
	assert_default(
		state, "/: refused: its group may put files into this directory (chmod g-w)\n", 0);
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(chmod(BELOW(""), 0757), 0);
	assert_default(
		state, "%: refused: everybody may put files into this directory (chmod o-w)\n", 0);
}

/* An absolute link below another root leads to what is below that root. */
static void test_link_in_root(void **state)
{
	make_dirs(BELOW(""));
	make_dirs("srv");
	write_file("srv/p.json", good);
	assert_int_equal(symlink("/srv/p.json", BELOW("/policy.json")), 0);
	assert_default(state, "", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_explicit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_a_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unreadable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_writable_by_others, setup, teardown),
		cmocka_unit_test_setup_teardown(test_directory_writable_by_others, setup, teardown),
		cmocka_unit_test_setup_teardown(test_owner, setup, teardown),
		cmocka_unit_test_setup_teardown(test_link, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_large, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_content, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stdin, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_one, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_above, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_dangling, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_not_a_directory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_link_in_root, setup, teardown),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
