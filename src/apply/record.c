/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of what was changed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "apply/record.h"

#define LOCK_FILE       "lock"
#define HOTPLUG_DIR     "service" /* as in 80-sriovctl.rules */
#define SUFFIX          ".jsonl"
#define END_KEY         "end" /* of the line that record_end() writes */
#define LOCK_POLL_MS    50
#define PF_LOCK_WAIT_MS 2000
#define LINE_MAX_LEN    1024

/* The directory decides what root undoes: nobody else may write to it. */
static int check_owner(int fd, const char *dir, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_set(e, -errno, "%s: %s", dir, err_name(errno));
	if (st.st_uid != geteuid() || (st.st_mode & 022))
		return err_set(e, -EPERM, "%s can be written by others than root; remove it", dir);
	return 0;
}

static int open_dir(const char *dir, struct err *e)
{
	int fd, r;

	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return err_set(e, -errno, "cannot make %s, where changes are recorded: %s", dir,
			err_name(errno));
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, -errno, "%s: %s", dir, err_name(errno));
	r = check_owner(fd, dir, e);
	if (r < 0) {
		close(fd);
		return r;
	}
	return fd;
}

/* The process that holds the lock, as it wrote itself into the file; 0: not known. */
static int lock_holder(int lock)
{
	char text[16] = "";
	ssize_t n = pread(lock, text, sizeof(text) - 1, 0);

	return n > 0 ? atoi(text) : 0;
}

static void sleep_ms(unsigned ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

/*
 * The kernel has no lock that waits for a limited time, and a run that has to wait at all is rare.
 * Returns 0, -ETIMEDOUT, or what else went wrong.
 */
static int wait_lock(int lock, unsigned wait_ms)
{
	for (unsigned waited = 0;; waited += LOCK_POLL_MS) {
		if (flock(lock, LOCK_EX | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK)
			return -errno;
		if (waited >= wait_ms)
			return -ETIMEDOUT;
		sleep_ms(LOCK_POLL_MS);
	}
}

/* Takes the lock of a run. */
static int lock_run(int lock, unsigned wait_ms, struct err *e)
{
	int r = wait_lock(lock, wait_ms);

	if (r == -ETIMEDOUT && wait_ms == 0)
		return err_set(e, r, "another run (pid %d) is at work", lock_holder(lock));
	if (r == -ETIMEDOUT)
		return err_set(e, r,
			"another run (pid %d) is at work and did not end within %u s; wait for it, "
			"or see what it waits for",
			lock_holder(lock), wait_ms / 1000);
	return r < 0 ? err_set(e, r, "cannot lock the record: %s", err_name(r)) : 0;
}

static void write_holder(int lock)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d\n", (int)getpid());

	/* Only a courtesy to whoever waits. */
	if (ftruncate(lock, 0) < 0 || pwrite(lock, text, (size_t)n, 0) < 0)
		return;
}

int record_open(const char *dir, unsigned wait_ms, struct record_dir *ret, struct err *e)
{
	struct record_dir d = { open_dir(dir, e), -1 };
	int r;

	if (d.fd < 0)
		return d.fd;
	d.lock = openat(d.fd, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (d.lock < 0)
		r = err_set(e, -errno, "%s/" LOCK_FILE ": %s", dir, err_name(errno));
	else
		r = lock_run(d.lock, wait_ms, e);
	if (r < 0) {
		record_close(&d);
		return r;
	}
	write_holder(d.lock);
	*ret = d;
	return 0;
}

int record_allow_hotplug(const struct record_dir *d, struct err *e)
{
	if (mkdirat(d->fd, HOTPLUG_DIR, 0700) < 0 && errno != EEXIST)
		return err_set(e, -errno,
			"cannot make " HOTPLUG_DIR ", by which udev knows that "
			"hot-plugged PFs are wanted: %s",
			err_name(errno));
	return 0;
}

void record_close(struct record_dir *d)
{
	if (d->lock >= 0)
		close(d->lock);
	if (d->fd >= 0)
		close(d->fd);
	*d = (struct record_dir){ -1, -1 };
}

static void file_name(struct pciaddr addr, char name[static 64])
{
	snprintf(name, 64, "%s" SUFFIX, pciaddr_text(addr).s);
}

static json_t *value_json(const struct step *s, union vf_value v, bool known)
{
	if (step_kind_is_text(s->kind))
		return v.s ? json_string(v.s) : json_null();
	return known ? json_integer((json_int_t)v.n) : json_null();
}

/* The line for S without its end, or NULL when it has a text that JSON cannot hold: no UTF-8. */
static char *step_line(const struct step *s)
{
	json_t *o = json_object();
	char *line = NULL;
	int r;

	r = json_object_set_new(o, "step", json_string(step_kind_name(s->kind)));
	r |= json_object_set_new(o, "vf", json_integer(s->vf));
	if (s->kind == STEP_VF_ATTR)
		r |= json_object_set_new(o, "attr", json_string(vf_attr(s->attr)->key));
	if (*s->item)
		r |= json_object_set_new(o, "item", json_string(s->item));
	r |= json_object_set_new(o, "before", value_json(s, s->before, s->before_known));
	r |= json_object_set_new(o, "after", value_json(s, s->after, true));
	if (r == 0)
		line = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return line;
}

int record_begin(const struct record_dir *d, struct pciaddr addr, struct err *e)
{
	char name[64];
	int fd;

	file_name(addr, name);
	fd = openat(d->fd, name, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, -errno,
			"cannot record what is about to be changed, so `reset` could not undo it: "
			"%s",
			err_name(errno));
	/* A worker that has just ended may hold it for a moment. */
	if (wait_lock(fd, PF_LOCK_WAIT_MS) == 0)
		return fd;
	close(fd);
	return err_set(e, -EBUSY,
		"a worker of an earlier run is still stuck in the kernel with this PF, most likely "
		"because a guest holds a VF; it ends when the guest lets go");
}

int record_add(int fd, const struct step *s, struct err *e)
{
	_cleanup_free_ char *line = step_line(s);
	char text[LINE_MAX_LEN];
	int n;

	/* The newline before it ends a line that a full file system once cut short. */
	n = snprintf(text, sizeof(text), "\n%s\n", line ? line : "");
	if (!line || n >= (int)sizeof(text))
		return err_set(e, -EINVAL,
			"cannot record what is about to be changed, so `reset` could not undo it: "
			"a name in it is too long, or no UTF-8");
	errno = EIO; /* of a short write */
	if (write(fd, text, (size_t)n) == n)
		return 0;
	return err_set(e, -errno,
		"cannot record what is about to be changed, so `reset` could not undo it: %s",
		err_name(errno));
}

void record_end(int fd)
{
	static const char text[] = "\n{\"" END_KEY "\":true}\n";

	if (write(fd, text, sizeof(text) - 1) < 0)
		return;
}

static union vf_value parse_value(struct record *rec, enum step_kind kind, const json_t *o)
{
	union vf_value v = { 0 };

	if (step_kind_is_text(kind))
		v.s = mem_intern(rec->strings, json_string_value(o));
	else
		v.n = (uint64_t)json_integer_value(o);
	return v;
}

/* Whether O is a number up to MAX. */
static bool is_number(const json_t *o, json_int_t max)
{
	return json_is_integer(o) && json_integer_value(o) >= 0 && json_integer_value(o) <= max;
}

/* Whether O can be the value of the step S; only an attribute before it may be unknown. */
static bool is_value(const struct step *s, const json_t *o, bool before)
{
	if (step_kind_is_text(s->kind))
		return json_is_string(o) || json_is_null(o);
	if (before && json_is_null(o) &&
		(s->kind == STEP_VF_ATTR || step_kind_setting(s->kind) != _PFSET_MAX))
		return true;
	if (s->kind != STEP_VF_ATTR)
		return is_number(o, UINT16_MAX);
	/* All 64 bits are used, so half of them are negative here. */
	if (vf_attr(s->attr)->type == VF_TYPE_GUID)
		return json_is_integer(o);
	return is_number(o, INT64_MAX);
}

/* Sets what S's setting is about; false when it cannot have an item of that name. */
static bool parse_item(const json_t *o, struct step *s)
{
	const char *item = json_string_value(json_object_get(o, "item"));
	enum pfset_id id = step_kind_setting(s->kind);

	if (id == _PFSET_MAX)
		return true;
	if (s->vf >= 0 || !pfset_is_item(id, item ? item : "") || !pfset_is_value(id, s->after.n) ||
		!pfset_is_value(id, s->before.n))
		return false;
	snprintf(s->item, sizeof(s->item), "%s", item ? item : "");
	return true;
}

/* Fills S from the object O; false when it is not one that record_add() wrote. */
static bool parse_step(struct record *rec, const json_t *o, struct step *s)
{
	const char *kind = json_string_value(json_object_get(o, "step"));
	const char *attr = json_string_value(json_object_get(o, "attr"));
	const json_t *before = json_object_get(o, "before"), *after = json_object_get(o, "after");
	const json_t *vf = json_object_get(o, "vf");
	enum step_kind k = kind ? step_kind_by_name(kind) : _STEP_KIND_MAX;

	if (k == _STEP_KIND_MAX)
		return false;
	if (!is_number(vf, UINT16_MAX) && !(json_is_integer(vf) && json_integer_value(vf) == -1))
		return false;
	*s = step_make(k, (int)json_integer_value(vf), parse_value(rec, k, before),
		parse_value(rec, k, after));
	s->before_known = step_kind_is_text(k) || json_is_integer(before);
	if (!parse_item(o, s))
		return false;
	if (k == STEP_VF_ATTR) {
		s->attr = attr ? vf_attr_by_key(attr) : _VF_ATTR_MAX;
		if (s->attr == _VF_ATTR_MAX || !vf_attr_is_on_host(s->attr))
			return false;
	}
	return is_value(s, before, true) && is_value(s, after, false);
}

/* Adds what the LINE of the record of the PF at ADDR says; its entries begin with number FIRST. */
static void read_line(struct record *rec, const char *line, struct pciaddr addr, size_t first)
{
	json_t *o = strchr(line, '\n') ? json_loads(line, 0, NULL) : NULL;
	struct step s;

	if (o && json_is_true(json_object_get(o, END_KEY))) {
		for (size_t i = first; i < rec->n; i++)
			rec->entries[i].open = false;
	} else if (o && parse_step(rec, o, &s)) {
		rec->entries = mem_grow(rec->entries, rec->n, sizeof(*rec->entries));
		rec->entries[rec->n++] = (struct undo_entry){ addr, s, true };
	}
	json_decref(o);
}

static int read_file(
	struct record *rec, int dirfd, const char *name, struct pciaddr addr, struct err *e)
{
	int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[LINE_MAX_LEN];
	size_t first = rec->n;
	int r;

	if (!f)
		return err_set(e, -errno, "%s: %s", name, err_name(errno));
	while (fgets(line, sizeof(line), f))
		read_line(rec, line, addr, first);
	r = ferror(f) ? -errno : 0;
	fclose(f);
	return r < 0 ? err_set(e, r, "%s: %s", name, err_name(r)) : 0;
}

static int read_dir(struct record *rec, int dirfd, DIR *d, struct err *e)
{
	const struct dirent *entry;

	for (errno = 0; (entry = readdir(d)); errno = 0) {
		char name[64], *end;
		struct pciaddr addr;
		int r;

		snprintf(name, sizeof(name), "%.63s", entry->d_name);
		end = strstr(name, SUFFIX);
		if (!end || end[sizeof(SUFFIX) - 1])
			continue;
		*end = '\0';
		if (pciaddr_parse(name, &addr) < 0 || strcmp(pciaddr_text(addr).s, name) != 0)
			continue;
		r = read_file(rec, dirfd, entry->d_name, addr, e);
		if (r < 0)
			return r;
	}
	return errno ? err_set(e, -errno, "the record: %s", err_name(errno)) : 0;
}

int record_read(const char *dir, struct record *ret, struct err *e)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r;
	DIR *d;

	*ret = (struct record){ .strings = mem_pool_new() };
	if (fd < 0)
		return errno == ENOENT ? 0 : err_set(e, -errno, "%s: %s", dir, err_name(errno));
	r = check_owner(fd, dir, e);
	d = r < 0 ? NULL : fdopendir(fd);
	if (!d) {
		close(fd);
		return r < 0 ? r : err_set(e, -errno, "%s: %s", dir, err_name(errno));
	}
	r = read_dir(ret, fd, d, e);
	closedir(d);
	return r;
}

void record_done(struct record *r)
{
	free(r->entries);
	mem_pool_free(r->strings);
	*r = (struct record){ 0 };
}

int record_remove(const struct record_dir *d, struct pciaddr addr, struct err *e)
{
	char name[64];

	file_name(addr, name);
	if (unlinkat(d->fd, name, 0) < 0 && errno != ENOENT)
		return err_set(e, -errno, "%s: %s", name, err_name(errno));
	return 0;
}
