/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other programs' files that may say what sriovctl says, too. Where a program has several
 * directories, the first one that has a file of a name counts, as for systemd; a link to /dev/null
 * there means that there is none. Bounded: so many files, so many bytes of each, so many lines.
 */
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "core/genfile.h"
#include "host/scan.h"

#define FILES_MAX 8192
#define DIRS_MAX  6

static const struct writer_place {
	enum writer_file kind;
	const char *pattern; /* of the names, or NULL: `dirs` are the files themselves */
	const char *dirs[DIRS_MAX];
} places[] = {
	{ WRITER_FILE_LINK, "*.link",
		{ "etc/systemd/network", "run/systemd/network", "usr/local/lib/systemd/network",
			"usr/lib/systemd/network", "lib/systemd/network" } },
	{ WRITER_FILE_NETWORK, "*.network",
		{ "etc/systemd/network", "run/systemd/network", "usr/local/lib/systemd/network",
			"usr/lib/systemd/network", "lib/systemd/network" } },
	{ WRITER_FILE_NM, NULL, { "etc/NetworkManager/NetworkManager.conf" } },
	{ WRITER_FILE_NM, "*.conf",
		{ "etc/NetworkManager/conf.d", "run/NetworkManager/conf.d",
			"usr/lib/NetworkManager/conf.d" } },
	{ WRITER_FILE_KEYFILE, "*",
		{ "etc/NetworkManager/system-connections", "run/NetworkManager/system-connections",
			"usr/lib/NetworkManager/system-connections" } },
	{ WRITER_FILE_NETPLAN, "*.yaml",
		{ "run/netplan", "etc/netplan", "usr/lib/netplan", "lib/netplan" } },
	{ WRITER_FILE_SYSFS, NULL, { "etc/sysfs.conf" } },
	{ WRITER_FILE_SYSFS, "*.conf", { "etc/sysfs.d" } },
	{ WRITER_FILE_MODPROBE, "*.conf",
		{ "etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d",
			"usr/lib/modprobe.d", "lib/modprobe.d" } },
	{ WRITER_FILE_CMDLINE, NULL, { "proc/cmdline" } },
	{ WRITER_FILE_MODULES, NULL, { "etc/modules" } },
	{ WRITER_FILE_MODULES, "*.conf",
		{ "etc/modules-load.d", "run/modules-load.d", "usr/local/lib/modules-load.d",
			"usr/lib/modules-load.d", "lib/modules-load.d" } },
	{ WRITER_FILE_DRIVERCTL, "*", { "etc/driverctl.d" } },
	{ WRITER_FILE_INTERFACES, NULL, { "etc/network/interfaces" } },
	{ WRITER_FILE_INTERFACES, "*", { "etc/network/interfaces.d" } },
	{ WRITER_FILE_UDEV, "*.rules",
		{ "etc/udev/rules.d", "run/udev/rules.d", "usr/local/lib/udev/rules.d",
			"usr/lib/udev/rules.d", "lib/udev/rules.d" } },
	{ WRITER_FILE_CRON, NULL, { "etc/crontab" } },
	{ WRITER_FILE_CRON, "*", { "etc/cron.d" } },
	{ WRITER_FILE_CRON, "*", { "var/spool/cron/crontabs" } },
	{ WRITER_FILE_RC_LOCAL, NULL, { "etc/rc.local" } },
	{ WRITER_FILE_RC_LOCAL, NULL, { "etc/rc.d/rc.local" } },
	{ WRITER_FILE_UNIT, "*.service",
		{ "etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system",
			"usr/lib/systemd/system", "lib/systemd/system" } },
	{ WRITER_FILE_SCRIPT, "*", { "usr/local/bin" } },
	{ WRITER_FILE_SCRIPT, "*", { "usr/local/sbin" } },
	{ WRITER_FILE_SCRIPT, "*", { "etc/network/if-pre-up.d" } },
	{ WRITER_FILE_SCRIPT, "*", { "etc/network/if-up.d" } },
	{ WRITER_FILE_SCRIPT, "*", { "etc/NetworkManager/dispatcher.d" } },
	{ WRITER_FILE_SCRIPT, "*", { "etc/cron.hourly" } },
	{ WRITER_FILE_SCRIPT, "*", { "etc/cron.daily" } },
};

/* A place being read. */
struct look {
	struct scan *scan;
	const struct writer_place *place;
	const char *dir; /* which of its directories, "" before a drop-in's own */
	char **seen;     /* names that an earlier directory has had, too */
	size_t n_seen;
	size_t n_files;   /* of all places */
	const char *file; /* being read */
};

static void add_unread(const struct look *k, int error)
{
	struct facts *f = &k->scan->inv->facts;

	if (f->n_unread >= FACTS_UNREAD_MAX)
		return;
	f->unread = mem_grow(f->unread, f->n_unread, sizeof(*f->unread));
	f->unread[f->n_unread++] = (struct facts_unread){ k->file, -error };
}

static void add_line(enum writer_kind who, unsigned line, const char *text, void *arg)
{
	const struct look *k = arg;
	struct facts *f = &k->scan->inv->facts;
	struct mem_pool *strings = k->scan->inv->strings;

	if (f->n_lines == FACTS_LINES_MAX) {
		add_unread(k, -E2BIG);
		return;
	}
	f->lines = mem_grow(f->lines, f->n_lines, sizeof(*f->lines));
	f->lines[f->n_lines++] = (struct facts_line){ who, k->file, line,
		mem_intern(strings, text) };
}

/* Of the other files in directories for programs only those with "#!" are texts. */
static bool is_script(const struct look *k, const char *path)
{
	char head[3];

	return file_read_head(k->scan->root, path, head, sizeof(head)) == 2 &&
	       strcmp(head, "#!") == 0;
}

static bool is_directory(const struct look *k, const char *path)
{
	_cleanup_close_ int fd = file_open_dir(k->scan->root, path);

	return fd >= 0;
}

/* Whether NAME is a link to /dev/null, by which an administrator says that there is no such file.
 */
static bool is_masked(int dirfd, const char *name)
{
	char target[32];

	return file_link(dirfd, name, target, sizeof(target)) > 0 &&
	       strcmp(target, "/dev/null") == 0;
}

/*
 * Whether only the beginning of such a file is read: files of proc have no size that could be asked
 * for, and what is behind the text of a long script may be anything.
 */
static bool is_head(enum writer_file kind)
{
	return kind == WRITER_FILE_CMDLINE || kind == WRITER_FILE_SCRIPT;
}

/* Reads PATH. Returns a text that the caller frees, or NULL with *RET_ERROR, negative. */
static char *load(const struct look *k, const char *path, int *ret_error)
{
	char *text = NULL;
	unsigned mode;

	if (!is_head(k->place->kind)) {
		*ret_error = file_read_text(k->scan->root, path, WRITERS_FILE_MAX, &text, &mode);
		return *ret_error < 0 ? NULL : text;
	}
	text = mem_new(WRITERS_FILE_MAX, 1);
	*ret_error = file_read_head(k->scan->root, path, text, WRITERS_FILE_MAX);
	if (*ret_error >= 0)
		return text;
	free(text);
	return NULL;
}

/* Reads PATH, from the root directory. Links are followed as far as that. */
static void read_file(struct look *k, const char *path)
{
	char shown[PATH_MAX], *text;
	int r = 0;

	snprintf(shown, sizeof(shown), "/%s", path);
	k->file = mem_intern(k->scan->inv->strings, shown);
	if (k->n_files == FILES_MAX) {
		add_unread(k, -E2BIG);
		return;
	}
	k->n_files++;
	text = load(k, path, &r);
	if (text && !genfile_is_ours(text))
		writers_find(k->place->kind, text, add_line, k);
	if (!text && !scan_gone(r) && r != -ENOTDIR && !is_directory(k, path))
		add_unread(k, r);
	free(text);
}

/* Whether the name is new; it is noted then. */
static bool note(struct look *k, const char *name)
{
	for (size_t i = 0; i < k->n_seen; i++)
		if (strcmp(k->seen[i], name) == 0)
			return false;
	k->seen = mem_grow(k->seen, k->n_seen, sizeof(*k->seen));
	k->seen[k->n_seen++] = mem_strdup(name);
	return true;
}

static void take_file(struct look *k, int dirfd, const char *sub, const char *name)
{
	char path[PATH_MAX], key[2 * NAME_MAX + 3];

	snprintf(key, sizeof(key), "%s%s%s", sub, *sub ? "/" : "", name);
	if (!note(k, key) || is_masked(dirfd, name) ||
		snprintf(path, sizeof(path), "%s/%s", k->dir, key) >= (int)sizeof(path))
		return;
	if (k->place->kind != WRITER_FILE_SCRIPT || is_script(k, path))
		read_file(k, path);
}

/* A drop-in's directory being read. */
struct drop_ins {
	struct look *look;
	const char *sub;
};

static int take_drop_in(int dirfd, const char *name, void *arg)
{
	const struct drop_ins *d = arg;

	if (file_is_name(name) && fnmatch("*.conf", name, 0) == 0)
		take_file(d->look, dirfd, d->sub, name);
	return 0;
}

/* Directories with drop-ins are called like the files of systemd that they are for, and ".d". */
static bool has_drop_ins(const struct writer_place *p)
{
	return p->kind == WRITER_FILE_LINK || p->kind == WRITER_FILE_NETWORK ||
	       p->kind == WRITER_FILE_UNIT;
}

static int take_name(int dirfd, const char *name, void *arg)
{
	struct look *k = arg;
	struct drop_ins d = { k, name };
	char pattern[24];

	if (name[0] == '.')
		return 0;
	snprintf(pattern, sizeof(pattern), "%s.d", k->place->pattern);
	if (fnmatch(k->place->pattern, name, 0) == 0)
		take_file(k, dirfd, "", name);
	else if (has_drop_ins(k->place) && fnmatch(pattern, name, 0) == 0)
		file_each(dirfd, name, take_drop_in, &d);
	return 0;
}

static void read_place(struct look *k)
{
	const struct writer_place *p = k->place;
	char shown[PATH_MAX];

	for (size_t i = 0; i < DIRS_MAX && p->dirs[i]; i++) {
		int r;

		k->dir = p->dirs[i];
		if (!p->pattern) {
			read_file(k, p->dirs[i]);
			continue;
		}
		r = file_each(k->scan->root, p->dirs[i], take_name, k);
		if (r == -EACCES) {
			snprintf(shown, sizeof(shown), "/%s", p->dirs[i]);
			k->file = mem_intern(k->scan->inv->strings, shown);
			add_unread(k, r);
		}
	}
	for (size_t i = 0; i < k->n_seen; i++)
		free(k->seen[i]);
	free(k->seen);
	k->seen = NULL;
	k->n_seen = 0;
}

static int line_cmp(const void *a, const void *b)
{
	const struct facts_line *x = a, *y = b;
	int r = strcmp(x->file, y->file);

	if (r == 0)
		r = (x->line > y->line) - (x->line < y->line);
	return r ? r : (x->who > y->who) - (x->who < y->who);
}

static int unread_cmp(const void *a, const void *b)
{
	const struct facts_unread *x = a, *y = b;

	return strcmp(x->file, y->file);
}

/* Directories have no order. */
static void sort(struct facts *f)
{
	if (f->n_lines)
		qsort(f->lines, f->n_lines, sizeof(*f->lines), line_cmp);
	if (f->n_unread)
		qsort(f->unread, f->n_unread, sizeof(*f->unread), unread_cmp);
}

void scan_writers(struct scan *s)
{
	struct look k = { .scan = s };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		k.place = &places[i];
		read_place(&k);
	}
	sort(&s->inv->facts);
}
