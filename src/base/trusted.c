/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A path is walked by descriptors: it goes on from what was checked, whatever is renamed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/mem.h"
#include "base/trusted.h"

#define LINKS_MAX 40 /* as in the kernel */

struct walk {
	int root, dir; /* the directory that is the root, and the one that the walk has come to */
	struct buf at; /* the path of `dir`, for messages */
	char *rest;    /* of the path */
	unsigned links;
	int file; /* that the walk ends at, -1: it goes on */
	struct err *err;
};

static void walk_done(struct walk *w)
{
	util_closep(&w->root);
	util_closep(&w->dir);
	util_closep(&w->file);
	buf_done(&w->at);
	free(w->rest);
}

static bool is_ours(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid();
}

/* Which of the group and everybody may write, for chmod. */
static const char *writers(mode_t mode)
{
	if ((mode & S_IWGRP) && (mode & S_IWOTH))
		return "go";
	return mode & S_IWOTH ? "o" : "g";
}

/* Returns 0, or -EPERM with E. */
static int check(const struct stat *st, struct err *e)
{
	const char *who = st->st_mode & S_IWOTH ? "everybody" : "its group";
	bool writable = st->st_mode & (S_IWGRP | S_IWOTH);

	if (!is_ours(st) && S_ISDIR(st->st_mode))
		return err_set(e, -EPERM,
			"it belongs to user %u, who may put files into this directory; keep the "
			"file where only root may",
			(unsigned)st->st_uid);
	if (!is_ours(st))
		return err_set(e, -EPERM, "it belongs to user %u, not to root (chown %sroot)",
			(unsigned)st->st_uid, S_ISLNK(st->st_mode) ? "-h " : "");
	if (S_ISREG(st->st_mode) && writable)
		return err_set(e, -EPERM, "%s may write to it (mode %04o; chmod go-w)", who,
			st->st_mode & 07777u);
	if (S_ISDIR(st->st_mode) && writable && !(st->st_mode & S_ISVTX))
		return err_set(e, -EPERM, "%s may put files into this directory (chmod %s-w)", who,
			writers(st->st_mode));
	return 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Takes the walk to the directory FD, which it then owns, called NAME in the one before. */
static void enter(struct walk *w, int fd, const char *name)
{
	util_closep(&w->dir);
	w->dir = fd;
	if (w->at.len && w->at.s[w->at.len - 1] != '/')
		buf_add(&w->at, "/");
	buf_add(&w->at, name);
}

/*
 * Opens NAME in the directory DIR and checks what was opened. With -EPERM, the walk's path is that
 * of the untrusted one.
 */
static int open_checked(struct walk *w, int dir, const char *name, int flags, struct stat *ret)
{
	int fd = openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC), r;

	if (fd < 0)
		return errno == EPERM ? -EACCES : -errno;
	r = fstat(fd, ret) < 0 ? -errno : check(ret, w->err);
	if (r == 0)
		return fd;
	close(fd);
	if (r == -EPERM)
		enter(w, -1, name);
	return r;
}

/* Begins at the root directory, anew or at first, or at the current one. */
static int begin(struct walk *w, bool at_root)
{
	struct stat st;
	int fd;

	fd = open_checked(w, at_root ? w->root : AT_FDCWD, ".", O_PATH | O_DIRECTORY, &st);
	buf_done(&w->at);
	if (at_root || fd < 0)
		buf_add(&w->at, at_root ? "/" : ".");
	if (fd < 0)
		return fd;
	enter(w, fd, "");
	return 0;
}

/* Cuts the next component off the rest into NAME, "" at the end. Returns its length. */
static int next_name(struct walk *w, char name[static NAME_MAX + 1])
{
	const char *from = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(from, "/");

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, from, len);
	name[len] = '\0';
	from += len;
	memmove(w->rest, from, strlen(from) + 1);
	return (int)len;
}

/* Whether LINK with this TARGET stands for a pipe or the like in /proc, as /dev/stdin leads to. */
static bool is_no_path(int link, const char *target)
{
	struct statfs fs;

	return target[0] != '/' && strchr(target, ':') && fstatfs(link, &fs) == 0 &&
	       fs.f_type == PROC_SUPER_MAGIC;
}

/* Puts the target of the link LINK before the rest of the path. */
static int follow(struct walk *w, int link)
{
	_cleanup_(buf_done) struct buf path = { 0 };
	char target[PATH_MAX];
	ssize_t n = readlinkat(link, "", target, sizeof(target));

	if (n < 0)
		return -errno;
	if (++w->links > LINKS_MAX)
		return -ELOOP;
	buf_addn(&path, target, (size_t)n);
	if (is_no_path(link, buf_text(&path)))
		return -EINVAL;
	buf_add(&path, w->rest);
	free(w->rest);
	w->rest = mem_strdup(buf_text(&path));
	if (path.len >= PATH_MAX)
		return -ENAMETOOLONG;
	return path.len && path.s[0] == '/' ? begin(w, true) : 0;
}

/* Whether the walk stands in the root directory, where ".." leads nowhere else. */
static bool is_at_root(const struct walk *w)
{
	struct stat root, dir;

	return fstat(w->root, &root) == 0 && fstat(w->dir, &dir) == 0 && is_same(&root, &dir);
}

/* Ends the walk at the file NAME, which was seen as SEEN. */
static int open_file(struct walk *w, const char *name, const struct stat *seen)
{
	struct stat st = { 0 };
	int fd;

	if (w->rest[0])
		return -ENOTDIR;
	if (!S_ISREG(seen->st_mode))
		return -EINVAL;
	fd = open_checked(w, w->dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, &st);
	if (fd < 0)
		return fd;
	w->file = fd;
	return is_same(&st, seen) ? 0 : -ESTALE;
}

/* Ends the walk at the directory that it has come to. */
static int open_dir(struct walk *w)
{
	w->file = openat(w->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return w->file < 0 ? -errno : 0;
}

/* Goes on by the component NAME. */
static int step(struct walk *w, const char *name)
{
	struct stat st = { 0 };
	int fd, r;

	if (strcmp(name, ".") == 0 || (strcmp(name, "..") == 0 && is_at_root(w)))
		return 0;
	fd = open_checked(w, w->dir, name, O_PATH, &st);
	if (fd < 0)
		return fd;
	if (S_ISDIR(st.st_mode)) {
		enter(w, fd, name);
		return 0;
	}
	r = S_ISLNK(st.st_mode) ? follow(w, fd) : open_file(w, name, &st);
	close(fd);
	return r;
}

static int walk(struct walk *w)
{
	char name[NAME_MAX + 1];
	int r = 0;

	while (r == 0 && w->file < 0) {
		r = next_name(w, name);
		if (r >= 0)
			r = r > 0 ? step(w, name) : open_dir(w);
	}
	return r;
}

int trusted_open(int rootfd, const char *path, struct buf *at, struct err *e)
{
	_cleanup_(walk_done) struct walk w = {
		.dir = -1, .file = -1, .rest = mem_strdup(path), .err = e
	};
	int r, fd;

	w.root = openat(rootfd, rootfd < 0 ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (w.root < 0)
		return -errno;
	if (!path[0])
		return -ENOENT;
	r = begin(&w, rootfd >= 0 || path[0] == '/');
	if (r == 0)
		r = walk(&w);
	if (r == -EPERM)
		buf_add(at, buf_text(&w.at));
	if (r < 0)
		return r;
	fd = w.file;
	w.file = -1;
	return fd;
}
