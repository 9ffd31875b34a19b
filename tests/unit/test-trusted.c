/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which ways to a file are trusted, and that nothing else is ever opened. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/trusted.h"
#include "rmtree.h"

#define SOMEBODY 4321

/*
 * The current directory, removed in the end:
 *     etc/app/file   holds "file"
 *     srv/file       holds "srv"
 *     tmp/           with the sticky bit, as /tmp has
 */
struct fixture {
	char top[32];
	int before, root;
};

static void put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(dprintf(fd, "%s", path), strlen(path));
	close(fd);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->top, "/tmp/test-trusted.XXXXXX");
	assert_non_null(mkdtemp(f->top));
	assert_int_equal(chmod(f->top, 0755), 0);
	f->before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	f->root = open(f->top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(fchdir(f->root), 0);
	assert_int_equal(mkdir("etc", 0755), 0);
	assert_int_equal(mkdir("etc/app", 0755), 0);
	assert_int_equal(mkdir("srv", 0755), 0);
	assert_int_equal(mkdir("tmp", 0755), 0);
	assert_int_equal(chmod("tmp", 01777), 0);
	put("etc/app/file");
	put("srv/file");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(fchdir(f->before), 0);
	rmtree(AT_FDCWD, f->top);
	close(f->before);
	close(f->root);
	free(f);
	return 0;
}

static size_t count_fds(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* PATH is opened, and is the file that was made as CONTENT. */
static void assert_opens(int root, const char *path, const char *content)
{
	_cleanup_(buf_done) struct buf at = { 0 };
	size_t fds = count_fds();
	struct err e = { "" };
	char text[64] = "";
	int fd = trusted_open(root, path, &at, &e);

	assert_string_equal(e.text, "");
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	assert_string_equal(text, content);
	close(fd);
	assert_int_equal(count_fds(), fds);
}

static void assert_fails(int root, const char *path, int code)
{
	_cleanup_(buf_done) struct buf at = { 0 };
	size_t fds = count_fds();

	assert_int_equal(trusted_open(root, path, &at, NULL), code);
	assert_int_equal(at.len, 0);
	assert_int_equal(count_fds(), fds);
}

/* PATH is refused because of AT, whose fault is told as WHY. */
static void assert_refused(int root, const char *path, const char *at, const char *why)
{
	_cleanup_(buf_done) struct buf place = { 0 };
	size_t fds = count_fds();
	struct err e = { "" };

	assert_int_equal(trusted_open(root, path, &place, &e), -EPERM);
	assert_string_equal(buf_text(&place), at);
	assert_string_equal(e.text, why);
	assert_int_equal(count_fds(), fds);
}

static void test_paths(void **state)
{
	const struct fixture *f = *state;
	char path[96];

	assert_opens(-1, "etc/app/file", "etc/app/file");
	assert_opens(-1, "./etc//app/./file", "etc/app/file");
	assert_opens(-1, "etc/app/../../srv/file", "srv/file");
	snprintf(path, sizeof(path), "%s/etc/app/file", f->top);
	assert_opens(-1, path, "etc/app/file");
	snprintf(path, sizeof(path), "/../..%s/srv/../etc/app/file", f->top);
	assert_opens(-1, path, "etc/app/file");
	assert_int_equal(chdir("etc/app"), 0);
	assert_opens(-1, "file", "etc/app/file");
	assert_opens(-1, "../../srv/file", "srv/file");
	/* Another root: the current directory is nothing to it, and nothing leads out. */
	assert_opens(f->root, "srv/file", "srv/file");
	assert_opens(f->root, "/srv/file", "srv/file");
	assert_opens(f->root, "../../srv/../../etc/app/file", "etc/app/file");
	assert_fails(f->root, "file", -ENOENT);
}

static void test_errors(void **state)
{
	const struct fixture *f = *state;
	char name[NAME_MAX + 2];

	assert_fails(-1, "", -ENOENT);
	assert_fails(-1, "none", -ENOENT);
	assert_fails(-1, "none/file", -ENOENT);
	assert_fails(-1, "srv/file/more", -ENOTDIR);
	assert_fails(-1, "srv/file/", -ENOTDIR);
	assert_fails(-1, "srv/file/..", -ENOTDIR);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_fails(-1, name, -ENAMETOOLONG);
	assert_fails(f->root, f->top, -ENOENT);
}

static void test_directory(void **state)
{
	const struct fixture *f = *state;
	static const char *const paths[] = { "etc/app", "etc/app/", "etc/app/..", "/", "." };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		_cleanup_close_ int fd = trusted_open(f->root, paths[i], NULL, NULL);
		struct stat st;

		assert_true(fd >= 0);
		assert_int_equal(fstat(fd, &st), 0);
		assert_true(S_ISDIR(st.st_mode));
		assert_int_equal(file_exists(fd, "app"), strstr(paths[i], "..") != NULL);
		assert_int_equal(file_exists(fd, "file"),
			strstr(paths[i], "app") && !strstr(paths[i], ".."));
		assert_int_equal(file_exists(fd, "srv"), strlen(paths[i]) == 1);
	}
}

/* Opening a FIFO would wait for a writer, opening a device may do something. */
static void test_no_regular_file(void **state)
{
	int ends[2];
	char path[32];

	(void)state;
	assert_int_equal(mkfifo("fifo", 0644), 0);
	assert_int_equal(symlink("fifo", "link"), 0);
	assert_fails(-1, "fifo", -EINVAL);
	assert_fails(-1, "link", -EINVAL);
	assert_fails(-1, "/dev/null", -EINVAL);
	assert_fails(-1, "fifo/", -ENOTDIR);
	/* As the shell's <(…) and /dev/stdin lead to. */
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	assert_fails(-1, path, -EINVAL);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(symlink("pipe:[1]", "magic"), 0); /* somewhere else it is only a name */
	assert_fails(-1, "magic", -ENOENT);
}

static void test_writable_file(void **state)
{
	(void)state;
	assert_int_equal(chmod("srv/file", 0664), 0);
	assert_refused(
		-1, "srv/file", "srv/file", "its group may write to it (mode 0664; chmod go-w)");
	assert_int_equal(chmod("srv/file", 0602), 0);
	assert_refused(
		-1, "srv/file", "srv/file", "everybody may write to it (mode 0602; chmod go-w)");
	/* What the sticky bit means for directories it does not for files. */
	assert_int_equal(chmod("srv/file", 01622), 0);
	assert_refused(
		-1, "srv/file", "srv/file", "everybody may write to it (mode 1622; chmod go-w)");
}

/* Every directory on the way counts, the first, the last and one that is only passed. */
static void test_writable_directory(void **state)
{
	const struct fixture *f = *state;
	static const char group[] = "its group may put files into this directory (chmod g-w)";
	static const char all[] = "everybody may put files into this directory (chmod go-w)";
	char path[96], at[64];

	assert_int_equal(chmod("etc/app", 0775), 0);
	assert_refused(-1, "etc/app/file", "etc/app", group);
	assert_refused(f->root, "/etc/app/file", "/etc/app", group);
	assert_refused(-1, "etc/app/../../srv/file", "etc/app", group);
	assert_opens(-1, "etc/../srv/file", "srv/file");
	assert_int_equal(chmod("etc/app", 0755), 0);

	assert_int_equal(chmod("etc", 0777), 0);
	assert_refused(-1, "etc/app/file", "etc", all);
	snprintf(path, sizeof(path), "%s/etc/app/file", f->top);
	snprintf(at, sizeof(at), "%s/etc", f->top);
	assert_refused(-1, path, at, all);
	assert_int_equal(chmod("etc", 0757), 0);
	assert_refused(-1, "etc/app/file", "etc",
		"everybody may put files into this directory (chmod o-w)");
	assert_int_equal(chmod("etc", 0755), 0);

	assert_int_equal(chmod(".", 0775), 0);
	assert_refused(-1, "srv/file", ".", group);
	assert_refused(f->root, "srv/file", "/", group);
	assert_refused(-1, "srv", ".", group);
}

static void test_links(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(symlink("srv", "dir"), 0);
	assert_int_equal(symlink("../srv/file", "etc/relative"), 0);
	assert_int_equal(symlink("/srv/file", "etc/absolute"), 0);
	assert_int_equal(symlink("relative", "etc/again"), 0);
	assert_int_equal(symlink("../../../../srv/file", "etc/up"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_opens(-1, "dir/file", "srv/file");
	assert_opens(-1, "etc/relative", "srv/file");
	assert_opens(-1, "etc/again", "srv/file");
	assert_opens(-1, "dir/../etc/again", "srv/file");
	assert_opens(f->root, "etc/absolute", "srv/file");
	assert_opens(f->root, "etc/up", "srv/file");
	assert_fails(-1, "etc/absolute", -ENOENT);
	assert_fails(-1, "dangling", -ENOENT);
	assert_fails(-1, "etc/relative/", -ENOTDIR);
	assert_fails(-1, "etc/relative/more", -ENOTDIR);
	/* The way on from a link is looked at like any other. */
	assert_int_equal(chmod("srv", 0777), 0);
	assert_refused(-1, "etc/relative", "etc/../srv",
		"everybody may put files into this directory (chmod go-w)");
	assert_refused(f->root, "etc/absolute", "/srv",
		"everybody may put files into this directory (chmod go-w)");
}

static void test_many_links(void **state)
{
	char name[16], to[16];

	(void)state;
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_int_equal(symlink("b/x", "a"), 0);
	assert_int_equal(symlink("a/x", "b"), 0);
	assert_fails(-1, "loop", -ELOOP);
	assert_fails(-1, "a", -ELOOP);
	assert_int_equal(symlink("srv/file", "1"), 0);
	for (unsigned i = 2; i <= 41; i++) {
		snprintf(name, sizeof(name), "%u", i);
		snprintf(to, sizeof(to), "%u", i - 1);
		assert_int_equal(symlink(to, name), 0);
	}
	assert_opens(-1, "40", "srv/file"); /* as the kernel does */
	assert_fails(-1, "41", -ELOOP);
}

/* In /tmp, what is root's or ours is nobody else's to replace. */
static void test_sticky(void **state)
{
	(void)state;
	put("tmp/file");
	assert_int_equal(mkdir("tmp/dir", 0755), 0);
	put("tmp/dir/file");
	assert_int_equal(symlink("dir/file", "tmp/link"), 0);
	assert_opens(-1, "tmp/file", "tmp/file");
	assert_opens(-1, "tmp/dir/file", "tmp/dir/file");
	assert_opens(-1, "tmp/link", "tmp/dir/file");
	assert_int_equal(chmod("tmp", 01775), 0);
	assert_opens(-1, "tmp/file", "tmp/file");
	assert_int_equal(chmod("tmp", 0777), 0);
	assert_refused(
		-1, "tmp/file", "tmp", "everybody may put files into this directory (chmod go-w)");
}

static void test_of_somebody_else(void **state)
{
	static const char of_file[] = "it belongs to user 4321, not to root (chown root)";
	static const char of_link[] = "it belongs to user 4321, not to root (chown -h root)";
	static const char of_dir[] = "it belongs to user 4321, who may put files into this "
				     "directory; keep the file where only root may";
	const struct fixture *f = *state;

	if (geteuid() != 0)
		skip();
	put("tmp/file");
	assert_int_equal(symlink("../srv/file", "tmp/link"), 0);
	assert_int_equal(symlink("../srv", "tmp/dir"), 0);
	assert_int_equal(lchown("tmp/file", SOMEBODY, 0), 0);
	assert_int_equal(lchown("tmp/link", SOMEBODY, 0), 0);
	assert_int_equal(lchown("tmp/dir", SOMEBODY, 0), 0);
	assert_refused(-1, "tmp/file", "tmp/file", of_file);
	/* What it leads to is root's; who made the link chose it. */
	assert_refused(
		-1, "tmp/link", "tmp/link", "it belongs to user 4321, not to root (chown -h root)");
	assert_refused(f->root, "/tmp/dir/file", "/tmp/dir", of_link);
	assert_int_equal(lchown("etc", SOMEBODY, 0), 0);
	assert_refused(-1, "etc/app/file", "etc", of_dir);
	/* The owner of a directory with the sticky bit may take away what is in it. */
	assert_int_equal(lchown("etc", 0, 0), 0);
	assert_int_equal(lchown("tmp/file", 0, 0), 0);
	assert_opens(-1, "tmp/file", "tmp/file");
	assert_int_equal(lchown("tmp", SOMEBODY, 0), 0);
	assert_refused(-1, "tmp/file", "tmp", of_dir);
}

/* Who is not root trusts root and himself. */
static void test_not_root(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(lchown("srv/file", SOMEBODY, 0), 0);
	assert_int_equal(seteuid(SOMEBODY), 0);
	assert_opens(-1, "srv/file", "srv/file");
	assert_opens(-1, "etc/app/file", "etc/app/file");
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(lchown("srv/file", SOMEBODY + 1, 0), 0);
	assert_int_equal(seteuid(SOMEBODY), 0);
	assert_refused(
		-1, "srv/file", "srv/file", "it belongs to user 4322, not to root (chown root)");
	assert_int_equal(seteuid(0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_directory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_regular_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_writable_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_writable_directory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_links, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_links, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sticky, setup, teardown),
		cmocka_unit_test_setup_teardown(test_of_somebody_else, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_root, setup, teardown),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
