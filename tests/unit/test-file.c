/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files below a directory descriptor: what is read, written, refused, and that no path leads out.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "base/file.h"
#include "rmtree.h"

/* A directory "in" to work in, beside a file "secret" that nothing may reach. */
struct fixture {
	char top[32];
	int top_fd, fd;
};

static void put(int dirfd, const char *path, const char *text, size_t len)
{
	int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static void put_text(const struct fixture *f, const char *path, const char *text)
{
	put(f->fd, path, text, strlen(text));
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->top, "/tmp/test-file.XXXXXX");
	assert_non_null(mkdtemp(f->top));
	f->top_fd = open(f->top, O_RDONLY | O_DIRECTORY);
	put(f->top_fd, "secret", "secret", 6);
	assert_int_equal(mkdirat(f->top_fd, "in", 0755), 0);
	f->fd = openat(f->top_fd, "in", O_PATH | O_DIRECTORY);
	assert_true(f->fd >= 0);
	assert_int_equal(mkdirat(f->fd, "d", 0755), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	rmtree(AT_FDCWD, f->top);
	close(f->fd);
	close(f->top_fd);
	free(f);
	return 0;
}

static void read_strips_one_newline(void **state)
{
	const struct fixture *f = *state;
	char buf[16];

	put_text(f, "a", "text\n\n");
	assert_int_equal(file_read(f->fd, "a", buf, sizeof(buf)), 5);
	assert_string_equal(buf, "text\n");
	put_text(f, "a", "");
	assert_int_equal(file_read(f->fd, "a", buf, sizeof(buf)), 0);
	assert_string_equal(buf, "");
	put_text(f, "d/b", "below");
	assert_int_equal(file_read(f->fd, "d/b", buf, sizeof(buf)), 5);
}

static void read_is_bounded(void **state)
{
	const struct fixture *f = *state;
	char buf[8];

	put_text(f, "a", "1234567");
	assert_int_equal(file_read(f->fd, "a", buf, sizeof(buf)), 7);
	put_text(f, "a", "12345678");
	assert_int_equal(file_read(f->fd, "a", buf, sizeof(buf)), -EFBIG);
	put_text(f, "a", "1234567\n");
	assert_int_equal(file_read(f->fd, "a", buf, sizeof(buf)), -EFBIG);
}

static void read_refuses_what_is_no_file(void **state)
{
	const struct fixture *f = *state;
	char buf[8];

	assert_int_equal(file_read(f->fd, "none", buf, sizeof(buf)), -ENOENT);
	assert_int_equal(file_read(f->fd, "d", buf, sizeof(buf)), -EISDIR);
	assert_int_equal(mkfifoat(f->fd, "fifo", 0600), 0);
	/* Nobody writes to it: must end at once, whatever the answer. */
	assert_true(file_read(f->fd, "fifo", buf, sizeof(buf)) <= 0);
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		int base, ret;
		uint64_t n;
	} cases[] = {
		{ "7\n", 10, 0, 7 },
		{ "0", 10, 0, 0 },
		{ "10ca\n", 16, 0, 0x10ca },
		{ "0x8086\n", 16, 0, 0x8086 },
		{ "0x8086\n", 0, 0, 0x8086 },
		{ "65535", 10, 0, 65535 },
		{ "65536", 10, -ERANGE, 0 },
		{ "99999999999999999999999", 10, -EINVAL, 0 },
		{ "-1\n", 10, -EINVAL, 0 },
		{ "+1\n", 10, -EINVAL, 0 },
		{ " 1\n", 10, -EINVAL, 0 },
		{ "1 \n", 10, -EINVAL, 0 },
		{ "1\n2\n", 10, -EINVAL, 0 },
		{ "ca", 10, -EINVAL, 0 },
		{ "", 10, -EINVAL, 0 },
		{ "\n", 10, -EINVAL, 0 },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t n = 0;

		put_text(f, "n", cases[i].text);
		assert_int_equal(
			file_read_number(f->fd, "n", cases[i].base, 65535, &n), cases[i].ret);
		assert_int_equal(n, cases[i].n);
	}
}

static void number_with_nul_is_refused(void **state)
{
	const struct fixture *f = *state;
	uint64_t n = 3;

	put(f->fd, "n", "1\0002", 3);
	assert_int_equal(file_read_number(f->fd, "n", 10, 9, &n), -EINVAL);
	assert_int_equal(n, 3);
}

static void write_needs_an_existing_file(void **state)
{
	const struct fixture *f = *state;
	char buf[8];

	assert_int_equal(file_write(f->fd, "a", "1"), -ENOENT);
	assert_false(file_exists(f->fd, "a"));
	put_text(f, "a", "0");
	assert_int_equal(file_write(f->fd, "a", "1"), 0);
	file_read(f->fd, "a", buf, sizeof(buf));
	assert_string_equal(buf, "1");
	assert_int_equal(file_write(f->fd, "d", "1"), -EISDIR);
}

static void links(void **state)
{
	const struct fixture *f = *state;
	char buf[8];

	assert_int_equal(symlinkat("../../bus/pci/drivers/igb", f->fd, "driver"), 0);
	assert_int_equal(file_link_name(f->fd, "driver", buf, sizeof(buf)), 3);
	assert_string_equal(buf, "igb");
	assert_int_equal(file_link_name(f->fd, "driver", buf, 4), 3);
	assert_int_equal(file_link_name(f->fd, "driver", buf, 3), -ENAMETOOLONG);
	assert_true(file_exists(f->fd, "driver"));
	assert_int_equal(symlinkat("plain", f->fd, "d/link"), 0);
	assert_int_equal(file_link_name(f->fd, "d/link", buf, sizeof(buf)), 5);
	assert_true(file_exists(f->fd, "d/link"));
	assert_int_equal(symlinkat("end/", f->fd, "slash"), 0);
	assert_int_equal(file_link_name(f->fd, "slash", buf, sizeof(buf)), -EINVAL);
	assert_int_equal(file_link_name(f->fd, "d", buf, sizeof(buf)), -EINVAL);
	assert_int_equal(file_link_name(f->fd, "./d", buf, sizeof(buf)), -EINVAL);
	assert_int_equal(file_link_name(f->fd, "none", buf, sizeof(buf)), -ENOENT);
	assert_int_equal(file_link_name(f->fd, "d/none", buf, sizeof(buf)), -ENOENT);
}

static void entry_names(void **state)
{
	(void)state;
	assert_true(file_is_name("vfio-pci") && file_is_name("..a"));
	assert_false(file_is_name("") || file_is_name(".") || file_is_name(".."));
	assert_false(file_is_name("a/b") || file_is_name("a b") || file_is_name("a\033[m"));
	assert_false(file_is_name("a\n") || file_is_name("\xc3\xa4"));
}

static void no_path_leads_out(void **state)
{
	const struct fixture *f = *state;
	char buf[16];

	if (syscall(SYS_openat2, -1, "", NULL, 0) < 0 && errno == ENOSYS)
		skip();
	assert_int_equal(symlinkat("../secret", f->fd, "out"), 0);
	assert_int_equal(symlinkat("..", f->fd, "up"), 0);
	assert_true(file_read(f->fd, "out", buf, sizeof(buf)) < 0);
	assert_true(file_read(f->fd, "../secret", buf, sizeof(buf)) < 0);
	assert_true(file_read(f->fd, "up/secret", buf, sizeof(buf)) < 0);
	assert_true(file_read(f->fd, "d/../../secret", buf, sizeof(buf)) < 0);
	assert_true(file_write(f->fd, "out", "x") < 0);
	assert_false(file_exists(f->fd, "up/secret"));
	assert_true(file_replace(f->fd, "../secret2", "x", 1, 0600) == 0);
	/* The directory is its own parent, as "/" is. */
	assert_true(file_exists(f->fd, "secret2"));
	assert_int_equal(symlinkat("/d", f->fd, "abs"), 0);
	put_text(f, "d/a", "in");
	assert_int_equal(file_read(f->fd, "abs/a", buf, sizeof(buf)), 2);
}

static int count(int dirfd, const char *name, void *arg)
{
	int *n = arg;

	assert_true(file_exists(dirfd, name));
	return ++*n == 300 ? 7 : 0;
}

static void each_entry_once(void **state)
{
	const struct fixture *f = *state;
	int n = 0;

	for (int i = 0; i < 299; i++) {
		char name[64];

		snprintf(name, sizeof(name), "d/a-name-long-enough-to-fill-a-buffer-%03d", i);
		put_text(f, name, "");
	}
	assert_int_equal(file_each(f->fd, "d", count, &n), 0);
	assert_int_equal(n, 299);
	put_text(f, "d/one-more", "");
	put_text(f, "d/and-one-too-many", "");
	n = 0;
	assert_int_equal(file_each(f->fd, "d", count, &n), 7);
	assert_int_equal(n, 300);
	assert_int_equal(file_each(f->fd, "none", count, &n), -ENOENT);
}

static void replace_is_complete(void **state)
{
	const struct fixture *f = *state;
	char buf[16];
	struct stat st;
	int n = 0;
	mode_t old = umask(077);

	assert_int_equal(file_replace(f->fd, "d/f", "first\n", 6, 0644), 0);
	assert_int_equal(file_replace(f->fd, "d/f", "second", 6, 0640), 0);
	umask(old);
	assert_int_equal(file_read(f->fd, "d/f", buf, sizeof(buf)), 6);
	assert_string_equal(buf, "second");
	assert_int_equal(fstatat(f->fd, "d/f", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(file_each(f->fd, "d", count, &n), 0);
	assert_int_equal(n, 1);
}

static void failed_replace_leaves_nothing(void **state)
{
	const struct fixture *f = *state;
	int n = 0;

	assert_int_equal(mkdirat(f->fd, "d/f", 0755), 0);
	put_text(f, "d/f/x", "");
	assert_int_equal(file_replace(f->fd, "d/f", "x", 1, 0644), -EISDIR);
	assert_int_equal(file_each(f->fd, "d", count, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(file_replace(f->fd, "none/f", "x", 1, 0644), -ENOENT);
}

static void replace_clears_up_after_a_killed_one(void **state)
{
	static const char *const others[] = { ".f.1234abc", ".f.1234abcde", ".f.1234abcx",
		".g.1234abcd", "f.1234abcd", ".f1234abcd" };
	const struct fixture *f = *state;
	char path[64];

	put_text(f, "d/.f.1234abcd", "half of i");
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		snprintf(path, sizeof(path), "d/%s", others[i]);
		put_text(f, path, "");
	}
	assert_int_equal(file_replace(f->fd, "d/f", "text", 4, 0644), 0);
	assert_false(file_exists(f->fd, "d/.f.1234abcd"));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		snprintf(path, sizeof(path), "d/%s", others[i]);
		assert_true(file_exists(f->fd, path));
	}
	assert_true(file_exists(f->fd, "d/f"));
}

/* What a failed read leaves where its result would be. */
static char nothing[] = "nothing";

/* Reads PATH, at most MAX bytes, and expects CODE; with 0, TEXT and MODE. */
static void assert_text(const struct fixture *f, const char *path, size_t max, int code,
	const char *text, unsigned mode)
{
	char *got = nothing;
	unsigned got_mode = 07777;

	assert_int_equal(file_read_text(f->fd, path, max, &got, &got_mode), code);
	if (code < 0) {
		assert_ptr_equal(got, nothing);
		return;
	}
	assert_string_equal(got, text);
	assert_int_equal(got_mode, mode);
	free(got);
}

static void text_is_whole(void **state)
{
	_cleanup_free_ char *large = malloc(1 << 20);
	const struct fixture *f = *state;

	put_text(f, "d/a", "text\n\n");
	assert_text(f, "d/a", 100, 0, "text\n\n", 0644);
	assert_text(f, "d/a", 6, 0, "text\n\n", 0644);
	assert_text(f, "d/a", 5, -EFBIG, NULL, 0);
	assert_text(f, "d/a", 0, -EFBIG, NULL, 0);
	put_text(f, "d/a", "");
	assert_text(f, "d/a", 0, 0, "", 0644);
	memset(large, 'x', (1 << 20) - 1);
	large[(1 << 20) - 1] = '\0';
	put_text(f, "d/a", large);
	assert_text(f, "d/a", SIZE_MAX, 0, large, 0644);
}

static void text_has_no_nul(void **state)
{
	const struct fixture *f = *state;

	put(f->fd, "d/a", "a\0b", 3);
	assert_text(f, "d/a", 100, -EINVAL, NULL, 0);
	put(f->fd, "d/a", "a\0", 2);
	assert_text(f, "d/a", 100, -EINVAL, NULL, 0);
	put(f->fd, "d/a", "\0", 1);
	assert_text(f, "d/a", 100, -EINVAL, NULL, 0);
}

static void text_is_of_a_regular_file(void **state)
{
	const struct fixture *f = *state;

	assert_text(f, "d/none", 100, -ENOENT, NULL, 0);
	assert_text(f, "none/a", 100, -ENOENT, NULL, 0);
	put_text(f, "d/a", "x");
	assert_text(f, "d/a/b", 100, -ENOTDIR, NULL, 0);
	assert_text(f, "d", 100, -EINVAL, NULL, 0);
	assert_text(f, "d/", 100, -EINVAL, NULL, 0);
	/* Nobody writes to it: must end at once. */
	assert_int_equal(mkfifoat(f->fd, "d/fifo", 0600), 0);
	assert_text(f, "d/fifo", 100, -EINVAL, NULL, 0);
	if (geteuid() == 0)
		return;
	assert_int_equal(fchmodat(f->fd, "d/a", 0, 0), 0);
	assert_text(f, "d/a", 100, -EACCES, NULL, 0);
}

static void text_has_a_mode(void **state)
{
	static const unsigned modes[] = { 0600, 0444, 0644, 01644, 04755, 0777, 07777 };
	const struct fixture *f = *state;

	put_text(f, "d/a", "x");
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		assert_int_equal(file_set_mode(f->fd, "d/a", modes[i]), 0);
		assert_text(f, "d/a", 100, 0, "x", modes[i]);
	}
	assert_int_equal(file_set_mode(f->fd, "d/none", 0644), -ENOENT);
	assert_int_equal(file_set_mode(f->fd, "d/a/b", 0644), -ENOTDIR);
}

/* Text, mode and removal: what a link names is looked for below the directory, or not at all. */
static void text_does_not_lead_out(void **state)
{
	const struct fixture *f = *state;
	struct stat st;

	if (syscall(SYS_openat2, -1, "", NULL, 0) < 0 && errno == ENOSYS)
		skip();
	assert_int_equal(symlinkat("../../secret", f->fd, "d/out"), 0);
	assert_int_equal(symlinkat("..", f->fd, "up"), 0);
	assert_text(f, "d/out", 100, -ENOENT, NULL, 0);
	assert_text(f, "up/secret", 100, -ENOENT, NULL, 0);
	assert_text(f, "../secret", 100, -ENOENT, NULL, 0);
	assert_int_equal(file_set_mode(f->fd, "d/out", 0600), -ENOENT);
	assert_int_equal(file_set_mode(f->fd, "up/secret", 0600), -ENOENT);
	assert_int_equal(file_remove(f->fd, "up/secret"), 0);
	assert_int_equal(file_make_parents(f->fd, "up/new/a", 0755), 0);
	assert_int_equal(fstatat(f->top_fd, "secret", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(faccessat(f->top_fd, "new", F_OK, 0), -1);
	assert_int_equal(faccessat(f->fd, "new", F_OK, 0), 0);
	/* An absolute one, as in an /etc that was copied, is taken to begin here. */
	put_text(f, "d/a", "in");
	assert_int_equal(symlinkat("/d/a", f->fd, "d/abs"), 0);
	assert_text(f, "d/abs", 100, 0, "in", 0644);
}

static void assert_dir(const struct fixture *f, const char *path, unsigned mode)
{
	struct stat st;

	assert_int_equal(fstatat(f->fd, path, &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 07777, mode);
}

/* Each directory that is missing, whatever the umask; those that are there stay as they are. */
static void parents_are_made(void **state)
{
	const struct fixture *f = *state;
	mode_t old = umask(077);
	int n = 0;

	assert_int_equal(mkdirat(f->fd, "d/own", 0700), 0);
	assert_int_equal(file_make_parents(f->fd, "d/own/x/y/z/file", 0755), 0);
	assert_int_equal(file_make_parents(f->fd, "d/own/x/y/other", 0750), 0);
	assert_int_equal(file_make_parents(f->fd, "file", 0755), 0);
	umask(old);
	assert_dir(f, "d/own", 0700);
	assert_dir(f, "d/own/x", 0755);
	assert_dir(f, "d/own/x/y", 0755);
	assert_dir(f, "d/own/x/y/z", 0755);
	assert_int_equal(file_each(f->fd, "d/own/x/y/z", count, &n), 0);
	assert_int_equal(file_each(f->fd, "d/own/x/y", count, &n), 0);
	assert_int_equal(n, 1);
	assert_false(file_exists(f->fd, "file"));
}

static void parents_that_are_no_directories(void **state)
{
	const struct fixture *f = *state;

	put_text(f, "d/a", "x");
	assert_int_equal(file_make_parents(f->fd, "d/a/b/c", 0755), -ENOTDIR);
	assert_int_equal(symlinkat("nowhere", f->fd, "d/dangling"), 0);
	assert_int_equal(file_make_parents(f->fd, "d/dangling/b/c", 0755), -ENOENT);
	assert_text(f, "d/a", 100, 0, "x", 0644);
	assert_false(file_exists(f->fd, "d/nowhere"));
}

static void remove_is_of_one_entry(void **state)
{
	const struct fixture *f = *state;

	put_text(f, "d/a", "x");
	put_text(f, "a", "x");
	assert_int_equal(symlinkat("a", f->fd, "d/link"), 0);
	assert_int_equal(file_remove(f->fd, "d/link"), 0);
	assert_false(file_exists(f->fd, "d/link"));
	assert_true(file_exists(f->fd, "d/a"));
	assert_int_equal(file_remove(f->fd, "d/a"), 0);
	assert_false(file_exists(f->fd, "d/a"));
	assert_int_equal(file_remove(f->fd, "d/a"), 0);
	assert_int_equal(file_remove(f->fd, "none/a"), 0);
	assert_int_equal(file_remove(f->fd, "a"), 0);
	assert_false(file_exists(f->fd, "a"));
	assert_int_equal(file_remove(f->fd, "d"), -EISDIR);
	assert_true(file_exists(f->fd, "d"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(read_strips_one_newline, setup, teardown),
		cmocka_unit_test_setup_teardown(read_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(read_refuses_what_is_no_file, setup, teardown),
		cmocka_unit_test_setup_teardown(numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(number_with_nul_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(write_needs_an_existing_file, setup, teardown),
		cmocka_unit_test_setup_teardown(links, setup, teardown),
		cmocka_unit_test(entry_names),
		cmocka_unit_test_setup_teardown(no_path_leads_out, setup, teardown),
		cmocka_unit_test_setup_teardown(each_entry_once, setup, teardown),
		cmocka_unit_test_setup_teardown(replace_is_complete, setup, teardown),
		cmocka_unit_test_setup_teardown(failed_replace_leaves_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			replace_clears_up_after_a_killed_one, setup, teardown),
		cmocka_unit_test_setup_teardown(text_is_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(text_has_no_nul, setup, teardown),
		cmocka_unit_test_setup_teardown(text_is_of_a_regular_file, setup, teardown),
		cmocka_unit_test_setup_teardown(text_has_a_mode, setup, teardown),
		cmocka_unit_test_setup_teardown(text_does_not_lead_out, setup, teardown),
		cmocka_unit_test_setup_teardown(parents_are_made, setup, teardown),
		cmocka_unit_test_setup_teardown(parents_that_are_no_directories, setup, teardown),
		cmocka_unit_test_setup_teardown(remove_is_of_one_entry, setup, teardown),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
