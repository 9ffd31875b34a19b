/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the command line's idea of a policy to the policy. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/err.h"
#include "cli/read-policy.h"
#include "config.h"

#define MAIN_FILE POLICY_DIR "/policy.json"
#define MORE_DIR  POLICY_DIR "/policy.d"

struct reader {
	int rootfd; /* negative: paths are as usual */
	struct policy *policy;
	struct diag *d;
};

static void complain(const struct reader *r, const char *name, const char *text)
{
	struct place place = { mem_intern(r->policy->strings, name), "", 0, 0 };

	diag_add(r->d, place, -1, "%s", text);
}

/* Opens PATH; below another root, links stay below it too. Returns a descriptor or a negative
 * errno. */
static int open_path(const struct reader *r, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT };
	long fd;

	if (r->rootfd < 0) {
		fd = open(path, flags | O_CLOEXEC);
		return fd < 0 ? -errno : (int)fd;
	}
	fd = syscall(SYS_openat2, r->rootfd, path, &how, sizeof(how));
	if (fd < 0 && errno == ENOSYS) /* before Linux 5.6, and valgrind */
		fd = openat(r->rootfd, path + strspn(path, "/"), flags | O_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

static void complain_errno(const struct reader *r, const char *name, int error)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (error == -ENOENT)
		buf_add(&b, "does not exist");
	else
		buf_addf(&b, "cannot be read: %s", err_name(error));
	complain(r, name, buf_text(&b));
}

/* Whether nobody but root and the caller could have put a file into the directory NAME. */
static bool check_dir(const struct reader *r, const char *name)
{
	_cleanup_close_ int fd = open_path(r, name, O_PATH | O_DIRECTORY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return true; /* what is in it will not be readable either, and that is told */
	if (!(st.st_mode & S_IWOTH) || (st.st_mode & S_ISVTX))
		return true;
	complain(r, name, "refused: everybody may put files into this directory (chmod o-w)");
	return false;
}

/* check_dir() for the directory that PATH is in. */
static bool check_parent(const struct reader *r, const char *path)
{
	const char *slash = strrchr(path, '/');
	_cleanup_(buf_done) struct buf dir = { 0 };

	if (slash)
		buf_addn(&dir, path, slash > path ? (size_t)(slash - path) : 1);
	else
		buf_add(&dir, ".");
	return check_dir(r, buf_text(&dir));
}

/* Whether ST is a file that nobody but root and the caller could have written. */
static bool check_file(const struct reader *r, const char *name, const struct stat *st)
{
	_cleanup_(buf_done) struct buf why = { 0 };

	if (S_ISDIR(st->st_mode))
		buf_add(&why, "is a directory");
	else if (!S_ISREG(st->st_mode))
		buf_add(&why, "is not a regular file (\"-\" reads standard input)");
	else if (st->st_uid != 0 && st->st_uid != geteuid())
		buf_addf(&why, "refused: it belongs to user %u, not to root (chown root)",
			(unsigned)st->st_uid);
	else if (st->st_mode & (S_IWGRP | S_IWOTH))
		buf_addf(&why, "refused: %s may write to it (mode %04o; chmod go-w)",
			st->st_mode & S_IWOTH ? "everybody" : "its group", st->st_mode & 07777u);
	if (!why.len)
		return true;
	complain(r, name, buf_text(&why));
	return false;
}

/* Reads FD to its end, or one byte more than a policy may have: policy_parse() then says so. */
static void read_text(const struct reader *r, int fd, const char *name)
{
	_cleanup_free_ char *text = mem_new(POLICY_SIZE_MAX + 1, 1);
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len <= POLICY_SIZE_MAX) {
		n = read(fd, text + len, POLICY_SIZE_MAX + 1 - len);
		if (n > 0)
			len += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0)
		complain_errno(r, name, -errno);
	else
		policy_parse(r->policy, name, text, len, r->d);
}

/*
 * Reads the file PATH. A link is followed, for configurations are often linked together, but what
 * it leads to must pass; O_NONBLOCK because a FIFO must not stop us before it is known for one.
 */
static void read_file(const struct reader *r, const char *path)
{
	_cleanup_close_ int fd = open_path(r, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0)
		complain_errno(r, path, fd);
	else if (fstat(fd, &st) < 0)
		complain_errno(r, path, -errno);
	else if (check_file(r, path, &st))
		read_text(r, fd, path);
}

/* Names of files; the array and its strings are owned. */
struct names {
	char **list;
	size_t n;
};

static void names_done(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->list[i]);
	free(names->list);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Those that end in ".json"; a hidden file is what an editor or a package manager left. */
static bool is_policy_name(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && strcmp(name + len - 5, ".json") == 0;
}

/* Lists the directory of further files in NAMES, sorted. */
static void list_more(const struct reader *r, struct names *names)
{
	int fd = open_path(r, MORE_DIR, O_RDONLY | O_DIRECTORY);
	const struct dirent *entry;
	DIR *dir;

	if (fd < 0) {
		if (fd != -ENOENT)
			complain_errno(r, MORE_DIR, fd);
		return;
	}
	dir = fdopendir(fd);
	if (!dir) {
		complain_errno(r, MORE_DIR, -errno);
		close(fd);
		return;
	}
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (is_policy_name(entry->d_name)) {
			names->list = mem_grow(names->list, names->n, sizeof(*names->list));
			names->list[names->n++] = mem_strdup(entry->d_name);
		}
	if (errno)
		complain_errno(r, MORE_DIR, -errno);
	closedir(dir);
	if (names->n > 0)
		qsort(names->list, names->n, sizeof(*names->list), compare_names);
}

/* Whether the main file is there, even as a link that leads nowhere: that is no file left out. */
static bool has_main_file(const struct reader *r)
{
	_cleanup_close_ int fd = open_path(r, MAIN_FILE, O_PATH | O_NOFOLLOW);

	return fd != -ENOENT && fd != -ENOTDIR;
}

static void read_default(const struct reader *r)
{
	_cleanup_(names_done) struct names names = { 0 };
	bool has_main = has_main_file(r);

	list_more(r, &names);
	if (has_main && check_dir(r, POLICY_DIR))
		read_file(r, MAIN_FILE);
	if (names.n > 0 && check_dir(r, MORE_DIR))
		for (size_t i = 0; i < names.n; i++) {
			_cleanup_(buf_done) struct buf path = { 0 };

			buf_addf(&path, MORE_DIR "/%s", names.list[i]);
			read_file(r, buf_text(&path));
		}
	if (!has_main && names.n == 0 && r->d->n == 0)
		complain(r, MAIN_FILE,
			"there is no policy: neither this file nor any *.json in " MORE_DIR);
}

int policy_read(int rootfd, const char *path, struct policy **ret, struct diag *d)
{
	struct reader r = { .rootfd = path ? -1 : rootfd, .policy = policy_new(), .d = d };
	size_t before = d->n;

	if (!path)
		read_default(&r);
	else if (strcmp(path, "-") == 0)
		read_text(&r, STDIN_FILENO, "stdin");
	else if (check_parent(&r, path))
		read_file(&r, path);
	policy_check(r.policy, d);
	diag_sort(d);
	*ret = r.policy;
	return d->n > before ? -EINVAL : 0;
}
