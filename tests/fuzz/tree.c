/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small file system from any bytes. */
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "core/genfile.h"
#include "rmtree.h"
#include "tree.h"

#define STATEMENTS_MAX 256

/* What there always is; all that is made is in one of these. */
static const char *const base[] = { "etc", "run/NetworkManager/conf.d", "run/systemd/network",
	"run/udev/rules.d", "sys/bus/pci/devices", "sys/bus/pci/drivers", "sys/class/iommu",
	"sys/class/net", "sys/devices", "sys/bus/netdevsim/devices" };

/* A tree being built. */
struct tree {
	int root, at; /* the directory that statements are about, -1: none yet */
};

/* A statement: name and argument are strings of their own. */
struct statement {
	char verb;
	char name[NAME_MAX + 1];
	const uint8_t *arg;
	size_t len;
	char *text; /* the argument, up to its first NUL byte */
};

/* What cannot be made is left out: names may be too long, or there twice. */
static void put_file(int dirfd, const char *path, const uint8_t *data, size_t len)
{
	_cleanup_close_ int fd = openat(
		dirfd, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd >= 0 && write(fd, data, len) < 0)
		err(1, "%s", path);
}

/* Makes PATH below root and begins it as the one that statements are about. */
static void enter(struct tree *t, const char *path)
{
	if (t->at >= 0)
		close(t->at);
	mkdirat(t->root, path, 0755);
	t->at = file_open_dir(t->root, path);
}

static void add_netdev(struct tree *t, const struct statement *s)
{
	char path[PATH_MAX], target[PATH_MAX], link[PATH_MAX];

	if (strstr(s->text, "..") || strlen(s->text) > 256)
		return;
	snprintf(path, sizeof(path), "sys/devices/%s/net/%s", s->text, s->name);
	file_make_parents(t->root, path, 0755);
	snprintf(target, sizeof(target), "../../%s", path + strlen("sys/"));
	snprintf(link, sizeof(link), "sys/class/net/%s", s->name);
	enter(t, path);
	if (symlinkat(target, t->root, link) < 0)
		return;
}

static void add_dir(struct tree *t, const char *parent, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", parent, name);
	mkdirat(t->root, path, 0755);
}

static void add_genfile(struct tree *t, const struct statement *s)
{
	put_file(t->root, genfile((enum genfile)(s->verb - '0'))->path, s->arg, s->len);
}

static void do_statement(struct tree *t, const struct statement *s)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s", s->name);
	if (s->verb == 's')
		snprintf(path, sizeof(path), "sys/bus/netdevsim/devices/%s", s->name);
	if (s->verb == 'd' || s->verb == 's')
		enter(t, path);
	else if (s->verb == 'n')
		add_netdev(t, s);
	else if (s->verb == 'p')
		add_dir(t, "sys/bus/pci/drivers", s->name);
	else if (s->verb == 'i')
		add_dir(t, "sys/class/iommu", s->name);
	else if (s->verb == 'h')
		put_file(t->root, "etc/hostname", (const uint8_t *)s->name, strlen(s->name));
	else if (s->verb >= '0' && s->verb < '0' + _GENFILE_MAX)
		add_genfile(t, s);
	else if (s->verb == 'f' && t->at >= 0)
		put_file(t->at, s->name, s->arg, s->len);
	else if (s->verb == 'm' && t->at >= 0)
		mkdirat(t->at, s->name, 0755);
	else if (s->verb == 'l' && t->at >= 0 && symlinkat(s->text, t->at, s->name) < 0)
		return;
}

/* Splits the statement at DATA; false when it has no name that a file could have. */
static bool read_statement(struct statement *s, const uint8_t *data, size_t len)
{
	const uint8_t *equals = memchr(data, '=', len);
	size_t name;

	if (len > 0 && *data >= '0' && *data < '0' + _GENFILE_MAX) {
		*s = (struct statement){ .verb = (char)*data, .arg = data + 1, .len = len - 1 };
		return true;
	}
	name = len == 0 ? 0 : (equals ? (size_t)(equals - data) : len) - 1;
	if (name == 0 || name > NAME_MAX)
		return false;
	*s = (struct statement){ .verb = (char)*data, .arg = data + len };
	memcpy(s->name, data + 1, name);
	if (equals) {
		s->arg = equals + 1;
		s->len = len - name - 2;
	}
	return s->name[0] && !strchr(s->name, '/') && strcmp(s->name, ".") != 0 &&
	       strcmp(s->name, "..") != 0;
}

void tree_build(const char *dir, const uint8_t *data, size_t len)
{
	struct tree t = { open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC), -1 };
	const uint8_t *end = data + len, *next;

	if (t.root < 0)
		err(1, "%s", dir);
	for (size_t i = 0; i < ARRAY_SIZE(base); i++)
		rmtree_in(t.root, base[i]);
	for (unsigned i = 0; i < STATEMENTS_MAX && data < end; i++, data = next + 1) {
		struct statement s;

		next = memchr(data, TREE_END, (size_t)(end - data));
		next = next ? next : end;
		if (!read_statement(&s, data, (size_t)(next - data)))
			continue;
		s.text = strndup((const char *)s.arg, s.len);
		if (s.text)
			do_statement(&t, &s);
		free(s.text);
	}
	if (t.at >= 0)
		close(t.at);
	close(t.root);
}

static char place[] = "/dev/shm/fuzz-tree.XXXXXX", other_place[] = "/tmp/fuzz-tree.XXXXXX";
static const char *made;

static void make_base(int root)
{
	for (size_t i = 0; i < ARRAY_SIZE(base); i++)
		if (file_make_parents(root, base[i], 0755) < 0 || mkdirat(root, base[i], 0755) < 0)
			err(1, "%s", base[i]);
}

static void remove_made(void)
{
	int root = open(made, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return;
	rmtree_in(root, ".");
	close(root);
	rmdir(made);
}

const char *tree_new(void)
{
	_cleanup_close_ int root = -1;

	made = mkdtemp(place);
	if (!made)
		made = mkdtemp(other_place);
	root = made ? open(made, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	if (root < 0)
		err(1, "mkdtemp");
	make_base(root);
	atexit(remove_made);
	return made;
}
