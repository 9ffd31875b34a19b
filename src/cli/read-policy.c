/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the command line's idea of a policy to the policy. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/trusted.h"
#include "cli/names.h"
#include "cli/read-policy.h"
#include "config.h"

#define MAIN_NAME "policy.json"
#define MAIN_FILE POLICY_DIR "/" MAIN_NAME
#define MORE_DIR  POLICY_DIR "/policy.d"

struct reader {
	int rootfd;    /* negative: paths are as usual */
	bool optional; /* there may be no policy */
	struct policy *policy;
	struct diag *d;
};

static void complain(const struct reader *r, const char *name, const char *text)
{
	struct place place = { mem_intern(r->policy->strings, name), "", 0, 0 };

	diag_add(r->d, place, -1, "%s", text);
}

static void complain_errno(const struct reader *r, const char *name, int error)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (error == -ENOENT)
		buf_add(&b, "does not exist");
	else if (error == -EISDIR)
		buf_add(&b, "is a directory");
	else if (error == -EINVAL)
		buf_add(&b, "is not a regular file (\"-\" reads standard input)");
	else
		buf_addf(&b, "cannot be read: %s", err_name(error));
	complain(r, name, buf_text(&b));
}

/* Opens PATH for reading. Returns a descriptor or, having told why, a negative errno. */
static int open_path(const struct reader *r, const char *path, bool optional)
{
	_cleanup_(buf_done) struct buf at = { 0 }, why = { 0 };
	struct err e = { "" };
	int fd = trusted_open(r->rootfd, path, &at, &e);

	if (fd == -EPERM) {
		buf_addf(&why, "refused: %s", e.text);
		complain(r, buf_text(&at), buf_text(&why));
	} else if (fd < 0 && !(fd == -ENOENT && optional)) {
		complain_errno(r, path, fd);
	}
	return fd;
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

static void read_file(const struct reader *r, const char *path)
{
	_cleanup_close_ int fd = open_path(r, path, false);

	if (fd >= 0)
		read_text(r, fd, path);
}

/* Reads the files in the directory of further ones. Returns whether there are any. */
static bool read_more(const struct reader *r)
{
	_cleanup_(names_done) struct names names = { 0 };
	int fd = open_path(r, MORE_DIR, true);

	int error = fd < 0 ? 0 : names_read(fd, &names);

	if (error < 0)
		complain_errno(r, MORE_DIR, error);
	for (size_t i = 0; i < names.n; i++) {
		_cleanup_(buf_done) struct buf path = { 0 };

		buf_addf(&path, MORE_DIR "/%s", names.list[i]);
		read_file(r, buf_text(&path));
	}
	return names.n > 0;
}

static void read_default(const struct reader *r)
{
	_cleanup_close_ int fd = open_path(r, POLICY_DIR, true);
	bool found = false;

	/* Even a link that leads nowhere is no file left out. */
	if (fd >= 0 && faccessat(fd, MAIN_NAME, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		read_file(r, MAIN_FILE);
		found = true;
	}
	if (fd >= 0)
		found |= read_more(r);
	if (!found && !r->optional && r->d->n == 0)
		complain(r, MAIN_FILE,
			"there is no policy: neither this file nor any *.json in " MORE_DIR
			"; there are examples in " EXAMPLES_DIR);
}

/* Reads by R, whose `policy` is new and goes to *RET. Returns as policy_read(). */
static int read_and_check(const struct reader *r, const char *path, struct policy **ret)
{
	size_t before = r->d->n;

	if (!path)
		read_default(r);
	else if (strcmp(path, "-") == 0)
		read_text(r, STDIN_FILENO, "stdin");
	else
		read_file(r, path);
	policy_check(r->policy, r->d);
	diag_sort(r->d);
	*ret = r->policy;
	return r->d->n > before ? -EINVAL : 0;
}

int policy_read(int rootfd, const char *path, struct policy **ret, struct diag *d)
{
	const struct reader r = { .rootfd = path ? -1 : rootfd, .policy = policy_new(), .d = d };

	return read_and_check(&r, path, ret);
}

int policy_read_any(int rootfd, struct policy **ret, struct diag *d)
{
	const struct reader r = {
		.rootfd = rootfd, .optional = true, .policy = policy_new(), .d = d
	};

	return read_and_check(&r, NULL, ret);
}
