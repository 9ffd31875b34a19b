/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a PF's driver about its VFs: one per VF and part of the device (a GPU may have several).
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "host/vffile.h"

#define TEXT_MAX 8192 /* the kernel says 4096 of each file in /sys, however short it is */

/* What is done with each file that a pattern names. */
struct walk {
	int root;
	unsigned vf;
	int (*fn)(int root, const char *path, void *arg);
	void *arg;
};

/* A directory in which entries are looked for. */
struct level {
	const struct walk *walk;
	const char *dir, *prefix; /* of the entries' names; behind it are digits */
	const char *rest;         /* of the pattern */
};

static int visit(const struct walk *w, const char *path, const char *rest);

static int visit_entry(int dirfd _unused_, const char *name, void *arg)
{
	const struct level *l = arg;
	_cleanup_(buf_done) struct buf path = { 0 };
	size_t len = strlen(l->prefix);

	if (strncmp(name, l->prefix, len) != 0 || name[len + strspn(name + len, "0123456789")])
		return 0;
	buf_addf(&path, "%s/%s", l->dir, name);
	return visit(l->walk, buf_text(&path), l->rest);
}

/* Goes on with the pattern REST behind PATH. A directory that is not there has no entries. */
static int visit(const struct walk *w, const char *path, const char *rest)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct level l = { .walk = w };
	char *slash;
	int r;

	buf_add(&b, path);
	for (; *rest && *rest != '*'; rest++)
		if (*rest == '#')
			buf_addf(&b, "%u", w->vf + 1);
		else
			buf_addn(&b, rest, 1);
	if (!*rest)
		return w->fn(w->root, buf_text(&b), w->arg);
	slash = strrchr(b.s, '/');
	*slash = '\0';
	l.dir = b.s;
	l.prefix = slash + 1;
	l.rest = rest + 1;
	r = file_each(w->root, l.dir, visit_entry, &l);
	return r == -ENOENT || r == -ENOTDIR ? 0 : r;
}

static int visit_pattern(const struct walk *w, struct pciaddr a, const char *pattern)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	buf_addf(&b, "%s/", pciaddr_path(a).s);
	return visit(w, buf_text(&b), pattern);
}

/* The files as far as they were read. */
struct reading {
	enum vf_attr_id id;
	size_t n;
	uint64_t value; /* of all of them */
	bool writable;
};

/* "7"; or "normal", or with the other choices "low [normal]". */
static bool parse(enum vf_attr_id id, const char *s, uint64_t *ret)
{
	const char *open = strchr(s, '[');
	const struct vf_attr *row = vf_attr(id);
	size_t len;
	char *end;

	if (row->type == VF_TYPE_NUMBER) {
		errno = 0;
		*ret = strtoull(s, &end, 10);
		return isdigit((unsigned char)*s) && !errno && *end == '\n' && *ret <= row->max;
	}
	s = open ? open + 1 : s;
	len = strcspn(s, open ? "]" : "\n");
	for (size_t i = 0; i < vf_attr_words(id); i++)
		if (strlen(row->words[i]) == len && strncmp(row->words[i], s, len) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

static int read_one(int root, const char *path, void *arg)
{
	struct reading *r = arg;
	_cleanup_free_ char *text = NULL;
	uint64_t value;
	unsigned mode;
	int e = file_read_text(root, path, TEXT_MAX, &text, &mode);

	if (e < 0)
		return e == -ENOENT ? 0 : e;
	if (!parse(r->id, text, &value))
		return -EBADMSG;
	if (r->n++ && value != r->value)
		return -EUCLEAN;
	r->value = value;
	r->writable &= (mode & 0200) != 0;
	return 0;
}

int vffile_read(int root, struct pciaddr a, enum vf_attr_id id, unsigned vf, uint64_t *ret,
	bool *ret_writable)
{
	struct reading reading = { .id = id, .writable = true };
	struct walk w = { root, vf, read_one, &reading };
	const char *const *files = vf_attr(id)->pf_files;
	int r = 0;

	for (size_t i = 0; i < VF_FILES_MAX && files[i] && !reading.n && r == 0; i++)
		r = visit_pattern(&w, a, files[i]);
	if (r == 0 && !reading.n)
		r = -ENOENT;
	if (r < 0)
		return r;
	*ret = reading.value;
	if (ret_writable)
		*ret_writable = reading.writable;
	return 0;
}

/* What is written, and to how many files it was. */
struct writing {
	const char *text;
	size_t n;
};

static int write_one(int root, const char *path, void *arg)
{
	struct writing *w = arg;
	int r = file_write(root, path, w->text);

	w->n += r != -ENOENT;
	return r == -ENOENT ? 0 : r;
}

int vffile_write(int root, struct pciaddr a, enum vf_attr_id id, unsigned vf, const char *text)
{
	struct writing writing = { .text = text };
	struct walk w = { root, vf, write_one, &writing };
	const char *const *files = vf_attr(id)->pf_files;
	int r = 0;

	for (size_t i = 0; i < VF_FILES_MAX && files[i] && !writing.n && r == 0; i++)
		r = visit_pattern(&w, a, files[i]);
	return r == 0 && !writing.n ? -ENOENT : r;
}
