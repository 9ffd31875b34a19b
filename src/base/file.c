/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files, links and directories below a directory descriptor. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "base/file.h"

/* How often an open is repeated that met a concurrent rename on its way through "..". */
#define OPEN_TRIES 64

/*
 * Opens PATH as if DIRFD were the root of the file system. A name without a slash needs no special
 * resolution, only not to be a link; that is the common case and the cheaper call.
 */
static int open_below(int dirfd, const char *path, int flags, unsigned mode)
{
	struct open_how how = { .flags = (unsigned)(flags | O_CLOEXEC), .mode = mode };
	long fd = -1;

	if (!strchr(path, '/') && strcmp(path, "..") != 0) {
		fd = openat(dirfd, path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
		return fd < 0 ? -errno : (int)fd;
	}
	how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
	for (int i = 0; i < OPEN_TRIES; i++) {
		fd = syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	/* Kernels before 5.6, and valgrind: links are then followed as usual. */
	if (fd < 0 && errno == ENOSYS)
		fd = openat(dirfd, path + strspn(path, "/"), flags | O_CLOEXEC, mode);
	return fd < 0 ? -errno : (int)fd;
}

int file_open_dir(int dirfd, const char *path)
{
	return open_below(dirfd, path, O_PATH | O_DIRECTORY, 0);
}

/* O_NONBLOCK: the root may be anybody's directory, and a FIFO in it must not stop us. */
static int open_to_read(int dirfd, const char *path)
{
	return open_below(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
}

static int read_once(int fd, char *buf, size_t size)
{
	ssize_t n;

	do
		n = read(fd, buf, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : (int)n;
}

/* One read: the kernel gives an attribute whole (seq_read_iter()), and there is no more. */
int file_read(int dirfd, const char *path, char *buf, size_t size)
{
	_cleanup_close_ int fd = open_to_read(dirfd, path);
	int len = fd < 0 ? fd : read_once(fd, buf, size);

	if (len < 0)
		return len;
	if ((size_t)len == size)
		return -EFBIG;
	if (len > 0 && buf[len - 1] == '\n')
		len--;
	buf[len] = '\0';
	return len;
}

int file_read_head(int dirfd, const char *path, char *buf, size_t size)
{
	_cleanup_close_ int fd = open_to_read(dirfd, path);
	size_t len = 0;
	int n;

	if (fd < 0)
		return fd;
	do {
		n = read_once(fd, buf + len, size - 1 - len);
		if (n < 0)
			return n;
		len += (size_t)n;
	} while (n > 0 && len < size - 1);
	buf[len] = '\0';
	return (int)len;
}

int file_read_number(int dirfd, const char *path, int base, uint64_t max, uint64_t *ret)
{
	char text[72], *end;
	unsigned long long n;
	int r;

	r = file_read(dirfd, path, text, sizeof(text));
	if (r < 0)
		return r;
	/* strtoull() would take "-1" and leading blanks. */
	if (!text[0] || !strchr("0123456789abcdefABCDEF", text[0]))
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, base);
	if (errno || end == text || end != text + r)
		return -EINVAL;
	if (n > max)
		return -ERANGE;
	*ret = n;
	return 0;
}

int file_write(int dirfd, const char *path, const char *text)
{
	_cleanup_close_ int fd = open_below(dirfd, path, O_WRONLY | O_NOCTTY, 0);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = write(fd, text, len);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

/* readlinkat() follows links on the way to the last component, so that one is reached first. */
int file_link(int dirfd, const char *path, char *buf, size_t size)
{
	_cleanup_close_ int fd = -1;
	ssize_t n;

	if (strchr(path, '/')) {
		fd = open_below(dirfd, path, O_PATH | O_NOFOLLOW, 0);
		if (fd < 0)
			return fd;
		dirfd = fd;
		path = "";
	}
	n = readlinkat(dirfd, path, buf, size);
	/* What is there but no link: ENOENT for an empty path, EINVAL else. */
	if (n < 0)
		return fd >= 0 ? -EINVAL : -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	buf[n] = '\0';
	return (int)n;
}

int file_link_name(int dirfd, const char *path, char *buf, size_t size)
{
	char target[4096];
	int r = file_link(dirfd, path, target, sizeof(target));
	const char *name;
	size_t len;

	if (r < 0)
		return r;
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	len = strlen(name);
	if (len == 0)
		return -EINVAL;
	if (len >= size)
		return -ENAMETOOLONG;
	memcpy(buf, name, len + 1);
	return (int)len;
}

bool file_exists(int dirfd, const char *path)
{
	_cleanup_close_ int fd = -1;

	if (!strchr(path, '/'))
		return faccessat(dirfd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	fd = open_below(dirfd, path, O_PATH | O_NOFOLLOW, 0);
	return fd >= 0;
}

static bool is_dot(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

int file_each(
	int dirfd, const char *path, int (*fn)(int dirfd, const char *name, void *arg), void *arg)
{
	_cleanup_close_ int fd = open_below(dirfd, path, O_RDONLY | O_DIRECTORY, 0);
	_Alignas(struct dirent64) char entries[8192];
	ssize_t n;
	int r;

	if (fd < 0)
		return fd;
	/* Not readdir(): it allocates 32 KiB for each directory, and a scan reads hundreds. */
	while ((n = getdents64(fd, entries, sizeof(entries))) > 0) {
		const struct dirent64 *e;

		for (char *p = entries; p < entries + n; p += e->d_reclen) {
			e = (const void *)p;
			if (is_dot(e->d_name))
				continue;
			r = fn(fd, e->d_name, arg);
			if (r)
				return r;
		}
	}
	return n < 0 ? -errno : 0;
}

bool file_is_name(const char *s)
{
	if (!*s || is_dot(s))
		return false;
	for (; *s; s++)
		if (!isgraph((unsigned char)*s) || *s == '/')
			return false;
	return true;
}

int file_write_all(int fd, const void *data, size_t len)
{
	const char *text = data;

	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Writes and names the new file; the caller removes TEMP when this fails. */
static int fill_and_rename(int dirfd, int fd, const char *temp, const char *name, const char *text,
	size_t len, unsigned mode)
{
	int r = file_write_all(fd, text, len);

	if (r < 0)
		return r;
	/* The mode given to open() was subject to the umask. */
	if (fchmod(fd, mode) < 0 || fsync(fd) < 0 || renameat(dirfd, temp, dirfd, name) < 0)
		return -errno;
	return 0;
}

#define RANDOM_DIGITS 8

/* Removes NAME if it is what a killed file_replace() of the file ARG was writing. */
static int remove_left(int dirfd, const char *name, void *arg)
{
	const char *replaced = arg;
	size_t len = strlen(replaced);

	if (name[0] == '.' && strncmp(name + 1, replaced, len) == 0 && name[len + 1] == '.' &&
		strlen(name + len + 2) == RANDOM_DIGITS &&
		strspn(name + len + 2, "0123456789abcdef") == RANDOM_DIGITS)
		(void)unlinkat(dirfd, name, 0);
	return 0;
}

static int replace_in(int dirfd, const char *name, const char *text, size_t len, unsigned mode)
{
	_cleanup_close_ int fd = -1;
	char temp[NAME_MAX + 1];
	uint32_t random;
	int r;

	/* It is only in the way, and may be so of the room for the new one. */
	(void)file_each(dirfd, ".", remove_left, (void *)(uintptr_t)name);
	do {
		if (getrandom(&random, sizeof(random), 0) != sizeof(random))
			return -errno;
		r = snprintf(temp, sizeof(temp), ".%s.%0*x", name, RANDOM_DIGITS, random);
		if (r >= (int)sizeof(temp))
			return -ENAMETOOLONG;
		fd = open_below(dirfd, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY, 0600);
	} while (fd == -EEXIST);
	if (fd < 0)
		return fd;
	r = fill_and_rename(dirfd, fd, temp, name, text, len, mode);
	if (r < 0)
		unlinkat(dirfd, temp, 0);
	return r;
}

/* Opens the directory above PATH; *RET_NAME is what PATH is called in it. */
static int open_parent(int dirfd, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *parent = slash ? strndup(path, (size_t)(slash - path) + 1) : NULL;

	*ret_name = slash ? slash + 1 : path;
	if (slash && !parent)
		return -ENOMEM;
	return file_open_dir(dirfd, parent ? parent : ".");
}

int file_replace(int dirfd, const char *path, const char *text, size_t len, unsigned mode)
{
	const char *name;
	_cleanup_close_ int fd = open_parent(dirfd, path, &name);

	return fd < 0 ? fd : replace_in(fd, name, text, len, mode);
}

int file_remove(int dirfd, const char *path)
{
	const char *name;
	_cleanup_close_ int fd = open_parent(dirfd, path, &name);

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	return unlinkat(fd, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

int file_open_char(int dirfd, const char *path, unsigned major, unsigned minor)
{
	int fd = open_below(dirfd, path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
	struct stat st;
	int r = fd < 0 ? fd : 0;

	if (r == 0 && fstat(fd, &st) < 0)
		r = -errno;
	if (r == 0 && (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(major, minor)))
		r = -ENODEV;
	if (r < 0 && fd >= 0)
		close(fd);
	return r < 0 ? r : fd;
}

int file_set_mode(int dirfd, const char *path, unsigned mode)
{
	_cleanup_close_ int fd = open_below(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);

	if (fd < 0)
		return fd;
	return fchmod(fd, mode) < 0 ? -errno : 0;
}

/* Makes the directory PATH unless it is there. */
static int make_dir(int dirfd, const char *path, unsigned mode)
{
	const char *name;
	_cleanup_close_ int fd = open_parent(dirfd, path, &name);

	if (fd < 0)
		return fd;
	if (mkdirat(fd, name, mode) < 0)
		return errno == EEXIST ? 0 : -errno;
	/* The mode given to mkdir() was subject to the umask. */
	return fchmodat(fd, name, mode, 0) < 0 ? -errno : 0;
}

int file_make_parents(int dirfd, const char *path, unsigned mode)
{
	_cleanup_free_ char *part = strdup(path);
	int r = part ? 0 : -ENOMEM;

	for (char *slash = part ? strchr(part + 1, '/') : NULL; r == 0 && slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		r = make_dir(dirfd, part, mode);
		*slash = '/';
	}
	return r;
}

/* Reads the LEN bytes of FD as a string. */
static int read_string(int fd, size_t len, char **ret)
{
	_cleanup_free_ char *text = malloc(len + 1);
	size_t done = 0;
	ssize_t n;

	if (!text)
		return -ENOMEM;
	do {
		n = read(fd, text + done, len - done);
		done += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	text[done] = '\0';
	if (n < 0 || strlen(text) != done)
		return n < 0 ? -errno : -EINVAL;
	*ret = text;
	text = NULL;
	return 0;
}

int file_read_text(int dirfd, const char *path, size_t max, char **ret, unsigned *ret_mode)
{
	_cleanup_close_ int fd = open_below(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((uintmax_t)st.st_size > max)
		return -EFBIG;
	*ret_mode = st.st_mode & 07777;
	return read_string(fd, (size_t)st.st_size, ret);
}
