/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record on disk: who may write to it, one run at a time, and what is read back from it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "apply/record.h"
#include "rmtree.h"

#define PF1_FILE "0000:01:00.0.jsonl"

static const struct pciaddr pf1 = { 0, 1, 0 }, pf2 = { 0x10002, 0xff, 0xff };

/* --- a directory per test --------------------------------------------------------------------- */

struct folder {
	char top[32], dir[40]; /* the record's directory, which is not there yet */
	size_t fds;
};

static size_t count_fds(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static struct folder begin(void)
{
	struct folder p = { .fds = count_fds() };

	strcpy(p.top, "/tmp/test-record.XXXXXX");
	assert_non_null(mkdtemp(p.top));
	snprintf(p.dir, sizeof(p.dir), "%s/record", p.top);
	return p;
}

/* Whatever happened, no descriptor is left behind: a lock would be held with it. */
static void end(const struct folder *p)
{
	assert_int_equal(count_fds(), p->fds);
	assert_int_equal(rmtree(AT_FDCWD, p->top), 0);
}

static const char *path_of(const struct folder *p, const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", p->dir, name);
	return path;
}

static void put(const struct folder *p, const char *name, const char *text, size_t len)
{
	_cleanup_close_ int fd = open(path_of(p, name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_int_equal(write(fd, text, len), len);
}

static bool is_there(const struct folder *p, const char *name)
{
	struct stat st;

	return lstat(path_of(p, name), &st) == 0;
}

static unsigned mode_of(const struct folder *p, const char *name)
{
	struct stat st;

	assert_int_equal(lstat(path_of(p, name), &st), 0);
	return st.st_mode & 07777;
}

static struct record_dir open_record(const struct folder *p)
{
	struct record_dir d = { -1, -1 };
	struct err e = { "" };

	assert_int_equal(record_open(p->dir, 0, &d, &e), 0);
	assert_true(d.fd >= 0 && d.lock >= 0);
	return d;
}

/* What opening the record fails with; the message has to have all of its path. */
static int open_fails(const struct folder *p, const char *text)
{
	struct record_dir d = { -1, -1 };
	struct err e = { "" };
	int r = record_open(p->dir, 0, &d, &e);

	assert_true(r < 0 && d.fd == -1 && d.lock == -1);
	assert_non_null(strstr(e.text, p->dir));
	assert_non_null(strstr(e.text, text));
	return r;
}

static int read_fails(const struct folder *p, const char *text)
{
	struct err e = { "" };
	struct record rec;
	int r = record_read(p->dir, &rec, &e);

	assert_true(r < 0 && rec.n == 0);
	assert_non_null(strstr(e.text, text));
	record_done(&rec);
	return r;
}

/* --- steps ------------------------------------------------------------------------------------ */

static struct step numbers(enum step_kind kind, uint64_t before, uint64_t after)
{
	return step_make(kind, -1, (union vf_value){ .n = before }, (union vf_value){ .n = after });
}

static struct step texts(enum step_kind kind, int vf, const char *before, const char *after)
{
	return step_make(kind, vf, (union vf_value){ .s = before }, (union vf_value){ .s = after });
}

static struct step vlan_before(unsigned before)
{
	struct step s = step_attr(VF_VLAN, 6, vlan_pack(100, 3, VLAN_PROTO_8021AD));

	s.before_known = true;
	s.before.n = before;
	return s;
}

static void add(const struct record_dir *d, struct pciaddr pf, const struct step *s)
{
	struct err e = { "" };
	int fd = record_begin(d, pf, &e);

	assert_true(fd >= 0);
	assert_int_equal(record_add(fd, s, &e), 0);
	close(fd);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void assert_same(const struct step *have, const struct step *want)
{
	assert_int_equal(have->kind, want->kind);
	assert_int_equal(have->vf, want->vf);
	assert_string_equal(have->item, want->item);
	assert_int_equal(have->attr, want->attr);
	assert_int_equal(have->before_known, want->before_known);
	if (step_kind_is_text(want->kind)) {
		assert_true(same_text(have->before.s, want->before.s));
		assert_true(same_text(have->after.s, want->after.s));
	} else {
		assert_true(!want->before_known || have->before.n == want->before.n);
		assert_true(have->after.n == want->after.n);
	}
}

/* What is in the record: "ADDRESS STEP", a line each. */
static const char *contents(const struct folder *p, struct buf *b)
{
	struct err e = { "" };
	struct record rec;

	buf_done(b);
	assert_int_equal(record_read(p->dir, &rec, &e), 0);
	for (size_t i = 0; i < rec.n; i++) {
		buf_addf(b, "%s ", pciaddr_text(rec.entries[i].pf).s);
		step_text(b, &rec.entries[i].step);
		buf_add(b, "\n");
	}
	record_done(&rec);
	return buf_text(b);
}

static void assert_contents(const struct folder *p, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	assert_string_equal(contents(p, &b), want);
}

/* --- what is recorded comes back -------------------------------------------------------------- */

/* In the order in which it was done, over several openings; PFs apart from each other. */
static void test_round_trip(void **state _unused_)
{
	const struct step steps[] = {
		texts(STEP_LOAD_DRIVER, -1, NULL, "vfio-pci"),
		numbers(STEP_PF_UP, 0, 1),
		numbers(STEP_AUTOPROBE, 1, 0),
		numbers(STEP_VFS_REMOVE, 3, 0),
		numbers(STEP_VFS_CREATE, 0, 255),
		texts(STEP_VF_UNBIND, 254, "igbvf", NULL),
		step_attr(VF_MAC, 0, 0xfeffffffffff),
		vlan_before(0),
		step_attr(VF_NODE_GUID, 3, UINT64_MAX),
		texts(STEP_VF_OVERRIDE, 7, "x\"\\\n\x01ä", NULL),
		texts(STEP_VF_BIND, 7, NULL, "vfio-pci"),
		texts(STEP_VF_NAME, 1, "enp1s0v1", "lxc0"),
		step_setting(PFSET_ESWITCH, "", 1),
		step_setting(PFSET_MTU, "", 65535),
		step_setting(PFSET_FEATURES, "a-name-of-31-bytes-and-not-more", 0),
		step_setting(PFSET_FDB, "02:00:00:00:00:01", 1),
	};
	struct folder p = begin();
	struct record_dir d = open_record(&p);
	struct record rec;
	size_t found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		add(&d, pf1, &steps[i]);
		add(&d, pf2, &steps[ARRAY_SIZE(steps) - 1 - i]);
	}
	assert_int_equal(record_read(p.dir, &rec, NULL), 0);
	assert_int_equal(rec.n, 2 * ARRAY_SIZE(steps));
	for (size_t i = 0; i < rec.n; i++) {
		size_t n = i % ARRAY_SIZE(steps);
		bool first = pciaddr_cmp(rec.entries[i].pf, pf1) == 0;

		assert_true(first || pciaddr_cmp(rec.entries[i].pf, pf2) == 0);
		assert_same(&rec.entries[i].step, &steps[first ? n : ARRAY_SIZE(steps) - 1 - n]);
		found += first;
	}
	assert_int_equal(found, ARRAY_SIZE(steps));
	record_done(&rec);
	record_close(&d);
	end(&p);
}

static void test_remove(void **state _unused_)
{
	const struct step s = numbers(STEP_VFS_CREATE, 0, 2);
	struct folder p = begin();
	struct record_dir d = open_record(&p);
	struct err e = { "" };

	add(&d, pf1, &s);
	add(&d, pf2, &s);
	assert_int_equal(record_remove(&d, pf1, &e), 0);
	assert_contents(&p, "10002:ff:1f.7 create 2 VFs\n");
	assert_int_equal(record_remove(&d, pf1, &e), 0);
	assert_int_equal(mkdir(path_of(&p, PF1_FILE), 0700), 0);
	assert_true(record_remove(&d, pf1, &e) < 0);
	assert_non_null(strstr(e.text, PF1_FILE));
	record_close(&d);
	end(&p);
}

static void test_none(void **state _unused_)
{
	struct folder p = begin();

	assert_contents(&p, "");
	assert_false(is_there(&p, ""));
	end(&p);
}

/* --- whose directory it is -------------------------------------------------------------------- */

static void test_is_private(void **state _unused_)
{
	struct folder p = begin();
	mode_t mask = umask(0);
	struct record_dir d = open_record(&p);
	const struct step s = numbers(STEP_PF_UP, 0, 1);

	add(&d, pf1, &s);
	umask(mask);
	assert_int_equal(mode_of(&p, ""), 0700);
	assert_int_equal(mode_of(&p, "lock"), 0600);
	assert_int_equal(mode_of(&p, PF1_FILE), 0600);
	record_close(&d);
	end(&p);
}

static void refuse(const struct folder *p)
{
	assert_int_equal(open_fails(p, "can be written by others than root"), -EPERM);
	assert_int_equal(read_fails(p, "can be written by others than root"), -EPERM);
	assert_false(is_there(p, "lock"));
}

static void test_writable_by_others(void **state _unused_)
{
	static const mode_t modes[] = { 0720, 0702, 0777, 01777 };
	struct folder p = begin();

	assert_int_equal(mkdir(p.dir, 0700), 0);
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		assert_int_equal(chmod(p.dir, modes[i]), 0);
		refuse(&p);
	}
	/* Reading is no danger. */
	assert_int_equal(chmod(p.dir, 0755), 0);
	assert_contents(&p, "");
	end(&p);
}

static void test_of_somebody_else(void **state _unused_)
{
	struct folder p;

	if (geteuid() != 0)
		skip();
	p = begin();
	assert_int_equal(mkdir(p.dir, 0700), 0);
	assert_int_equal(chown(p.dir, 65534, 0), 0);
	refuse(&p);
	end(&p);
}

/* A link in place of the directory, of the lock or of a PF's record is not followed. */
static void test_links(void **state _unused_)
{
	struct folder p = begin();
	struct record_dir d;
	struct err e = { "" };

	assert_int_equal(symlink(p.top, p.dir), 0);
	assert_int_equal(open_fails(&p, ""), -ENOTDIR);
	assert_int_equal(read_fails(&p, p.dir), -ENOTDIR);
	assert_false(is_there(&p, "lock"));
	assert_int_equal(unlink(p.dir), 0);

	assert_int_equal(mkdir(p.dir, 0700), 0);
	assert_int_equal(symlink("../victim", path_of(&p, "lock")), 0);
	assert_int_equal(open_fails(&p, "/lock"), -ELOOP);
	assert_int_equal(unlink(path_of(&p, "lock")), 0);

	d = open_record(&p);
	assert_int_equal(symlink("../victim", path_of(&p, PF1_FILE)), 0);
	assert_int_equal(record_begin(&d, pf1, &e), -ELOOP);
	assert_non_null(strstr(e.text, "could not undo it"));
	assert_int_equal(read_fails(&p, PF1_FILE), -ELOOP);
	assert_false(is_there(&p, "../victim"));
	record_close(&d);
	end(&p);
}

static void test_cannot_be_made(void **state _unused_)
{
	struct folder p = begin(), deep = p;

	snprintf(deep.dir, sizeof(deep.dir), "%s/a/b", p.top);
	assert_int_equal(open_fails(&deep, "cannot make"), -ENOENT);
	end(&p);
}

static void test_is_a_file(void **state _unused_)
{
	struct folder p = begin();
	int fd = open(p.dir, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(open_fails(&p, ""), -ENOTDIR);
	assert_int_equal(read_fails(&p, p.dir), -ENOTDIR);
	end(&p);
}

static void test_lock_is_a_directory(void **state _unused_)
{
	struct folder p = begin();

	assert_int_equal(mkdir(p.dir, 0700), 0);
	assert_int_equal(mkdir(path_of(&p, "lock"), 0700), 0);
	assert_int_equal(open_fails(&p, "/lock"), -EISDIR);
	end(&p);
}

static void test_hotplug(void **state _unused_)
{
	struct folder p = begin();
	struct record_dir d = open_record(&p);
	struct err e = { "" };

	assert_int_equal(record_allow_hotplug(&d, &e), 0);
	assert_int_equal(record_allow_hotplug(&d, &e), 0);
	assert_int_equal(mode_of(&p, "service"), 0700);
	assert_contents(&p, "");
	record_close(&d);
	end(&p);
}

/* Somebody has removed the directory of a run under way. */
static void test_removed(void **state _unused_)
{
	struct folder p = begin();
	struct record_dir d = open_record(&p);
	struct err e = { "" };

	assert_int_equal(unlink(path_of(&p, "lock")), 0);
	assert_int_equal(rmdir(p.dir), 0);
	assert_int_equal(record_allow_hotplug(&d, &e), -ENOENT);
	assert_non_null(strstr(e.text, "service"));
	assert_int_equal(record_begin(&d, pf1, &e), -ENOENT);
	assert_non_null(strstr(e.text, "could not undo it"));
	record_close(&d);
	end(&p);
}

/* --- one at a time ---------------------------------------------------------------------------- */

static unsigned now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

/* Another process that holds the lock of a run (PF false) or of PF 1, for MS milliseconds. */
static pid_t hold(const struct folder *p, bool pf, unsigned ms)
{
	int ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct record_dir d = { -1, -1 };
		bool has = record_open(p->dir, 0, &d, NULL) == 0;

		if (pf && has) {
			has = record_begin(&d, pf1, NULL) >= 0;
			close(d.lock);
		}
		if (!has || write(ready[1], "x", 1) != 1)
			_exit(1);
		usleep(ms * 1000);
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return pid;
}

static void let_go(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_second_run(void **state _unused_)
{
	struct folder p = begin();
	pid_t pid = hold(&p, false, 60000);
	struct record_dir d = { -1, -1 };
	unsigned start = now_ms(), took;
	struct err e = { "" };
	char who[32];

	snprintf(who, sizeof(who), "(pid %d)", (int)pid);
	assert_int_equal(record_open(p.dir, 0, &d, &e), -ETIMEDOUT);
	assert_non_null(strstr(e.text, who));
	assert_true(now_ms() - start < 1000);

	start = now_ms();
	assert_int_equal(record_open(p.dir, 300, &d, &e), -ETIMEDOUT);
	took = now_ms() - start;
	assert_true(took >= 300 && took < 10000);

	/* Reading never waits, and a run that was killed is in nobody's way. */
	assert_contents(&p, "");
	let_go(pid);
	d = open_record(&p);
	record_close(&d);
	end(&p);
}

static void test_second_run_waits(void **state _unused_)
{
	struct folder p = begin();
	pid_t pid = hold(&p, false, 200);
	struct record_dir d = { -1, -1 };
	unsigned start = now_ms();
	struct err e = { "" };
	char text[16] = "";

	assert_int_equal(record_open(p.dir, 30000, &d, &e), 0);
	assert_true(now_ms() - start < 15000);
	/* The next one is told that it is us now. */
	assert_true(pread(d.lock, text, sizeof(text) - 1, 0) > 0);
	assert_int_equal(atoi(text), getpid());
	record_close(&d);
	waitpid(pid, NULL, 0);
	end(&p);
}

/* A holder that has not written who it is, or something else than that. */
static void test_unknown_holder(void **state _unused_)
{
	static const char *const said[] = { "", "x\n" };
	struct folder p = begin();
	int fd;

	assert_int_equal(mkdir(p.dir, 0700), 0);
	for (size_t i = 0; i < ARRAY_SIZE(said); i++) {
		struct record_dir d;
		struct err e = { "" };

		put(&p, "lock", said[i], strlen(said[i]));
		fd = open(path_of(&p, "lock"), O_RDWR | O_CLOEXEC);
		assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
		assert_int_equal(record_open(p.dir, 0, &d, &e), -ETIMEDOUT);
		assert_non_null(strstr(e.text, "another run (pid 0) is at work"));
		close(fd);
	}
	end(&p);
}

/* A worker that is stuck keeps later runs off its PF, and off no other. */
static void test_stuck_worker(void **state _unused_)
{
	const struct step s = numbers(STEP_PF_UP, 0, 1);
	struct folder p = begin();
	pid_t pid = hold(&p, true, 60000);
	struct record_dir d = open_record(&p);
	struct err e = { "" };

	assert_int_equal(record_begin(&d, pf1, &e), -EBUSY);
	assert_non_null(strstr(e.text, "stuck in the kernel"));
	add(&d, pf2, &s);
	let_go(pid);
	add(&d, pf1, &s);
	record_close(&d);
	end(&p);
}

static void test_worker_about_to_end(void **state _unused_)
{
	const struct step s = numbers(STEP_PF_UP, 0, 1);
	struct folder p = begin();
	pid_t pid = hold(&p, true, 150);
	struct record_dir d = open_record(&p);

	add(&d, pf1, &s);
	assert_contents(&p, "0000:01:00.0 set the interface up\n");
	record_close(&d);
	waitpid(pid, NULL, 0);
	end(&p);
}

/* --- damage ----------------------------------------------------------------------------------- */

#define CREATE "{\"step\":\"create-vfs\",\"vf\":-1,\"before\":0,\"after\":2}"
#define LINE(s)                            \
	{                                  \
		s "\n", sizeof(s "\n") - 1 \
	}

static void test_damaged_lines(void **state _unused_)
{
	static const struct {
		const char *s;
		size_t len;
	} lines[] = {
		LINE(""),
		LINE("x"),
		LINE("{"),
		LINE("[1, 2]"),
		LINE("\"step\""),
		LINE("{}"),
		LINE("{\"step\":\"create-vfs\",\"vf\":-1,\"before\":0}"),
		LINE("{\"step\":\"create-vfs\",\"vf\":-1,\"after\":2}"),
		LINE("{\"step\":\"create-vfs\",\"before\":0,\"after\":2}"),
		LINE("{\"step\":\"create-vfs\",\"vf\":\"0\",\"before\":0,\"after\":2}"),
		LINE("{\"step\":\"create\",\"vf\":-1,\"before\":0,\"after\":2}"),
		LINE("{\"step\":7,\"vf\":-1,\"before\":0,\"after\":2}"),
		LINE("{\"vf\":-1,\"before\":0,\"after\":2}"),
		LINE("{\"step\":\"vf-attr\",\"vf\":0,\"before\":0,\"after\":2}"),
		LINE("{\"step\":\"vf-attr\",\"vf\":0,\"attr\":\"x\",\"before\":0,\"after\":2}"),
		LINE("{\"step\":\"vf-attr\",\"vf\":0,\"attr\":\"driver\",\"before\":0,\"after\":"
		     "2}"),
		LINE("{\"step\":\"vf-attr\",\"vf\":0,\"attr\":\"trust\",\"before\":0,\"after\":-"
		     "1}"),
		LINE("{\"step\":\"create-vfs\",\"vf\":-2,\"before\":0,\"after\":2}"),
		LINE("{\"step\":\"create-vfs\",\"vf\":4294967296,\"before\":0,\"after\":2}"),
		LINE("{\"step\":\"create-vfs\",\"vf\":-1,\"before\":null,\"after\":2}"),
		LINE("{\"step\":\"create-vfs\",\"vf\":-1,\"before\":-1,\"after\":2}"),
		LINE("{\"step\":\"create-vfs\",\"vf\":-1,\"before\":65536,\"after\":2}"),
		LINE("{\"step\":\"create-vfs\",\"vf\":-1,\"before\":0,\"after\":null}"),
		LINE("{\"step\":\"bind\",\"vf\":0,\"before\":null,\"after\":7}"),
		LINE("{\"step\":\"pf-mtu\",\"vf\":0,\"before\":1500,\"after\":9000}"),
		LINE("{\"step\":\"pf-mtu\",\"vf\":-1,\"item\":\"x\",\"before\":1,\"after\":9000}"),
		LINE("{\"step\":\"pf-eswitch\",\"vf\":-1,\"before\":0,\"after\":2}"),
		LINE("{\"step\":\"pf-feature\",\"vf\":-1,\"before\":0,\"after\":1}"),
		LINE("{\"step\":\"pf-feature\",\"vf\":-1,\"item\":\"rx "
		     "gro\",\"before\":0,\"after\":1}"),
		LINE("{\"step\":\"pf-feature\",\"vf\":-1,\"item\":\"rx-gro\",\"before\":2,"
		     "\"after\":1}"),
		LINE("{\"step\":\"pf-feature\",\"vf\":-1,\"item\":\"a-name-of-more-than-32-bytes-"
		     "is-"
		     "none\",\"before\":0,\"after\":1}"),
		LINE("{\"step\":\"pf-fdb\",\"vf\":-1,\"item\":\"01:00:00:00:00:01\",\"before\":0,"
		     "\"after\":1}"),
		LINE("{\"step\":\"pf-fdb\",\"vf\":-1,\"item\":\"02:00:00:00:00:1\",\"before\":0,"
		     "\"after\":1}"),
		LINE(CREATE CREATE),
		LINE("\0" CREATE),
		LINE("{\"step\":\"create-vfs\",\"vf\":-1,\"before\":0,\"after\":3}"),
	};
	struct folder p = begin();

	assert_int_equal(mkdir(p.dir, 0700), 0);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		put(&p, PF1_FILE, lines[i].s, lines[i].len);
	assert_contents(&p, "0000:01:00.0 create 3 VFs\n");
	end(&p);
}

/* The last line without its end was never acted upon; what is added later is a line of its own. */
static void test_cut_off(void **state _unused_)
{
	static const char whole[] = "\n" CREATE;
	const struct step s = numbers(STEP_VFS_REMOVE, 2, 0);

	for (size_t len = 1; len < sizeof(whole); len++) {
		struct folder p = begin();
		struct record_dir d = open_record(&p);

		put(&p, PF1_FILE, whole, len);
		assert_contents(&p, "");
		add(&d, pf1, &s);
		assert_contents(&p, len == sizeof(whole) - 1 ? "0000:01:00.0 create 2 VFs\n"
							       "0000:01:00.0 remove all 2 VFs\n"
							     : "0000:01:00.0 remove all 2 VFs\n");
		record_close(&d);
		end(&p);
	}
}

static void test_long_line(void **state _unused_)
{
	struct folder p = begin();
	char line[5000];

	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	assert_int_equal(mkdir(p.dir, 0700), 0);
	put(&p, PF1_FILE, line, sizeof(line));
	put(&p, PF1_FILE, CREATE "\n", sizeof(CREATE));
	assert_contents(&p, "0000:01:00.0 create 2 VFs\n");
	end(&p);
}

/* A disk that fails must not pass for a record that ends there. */
static void test_read_error(void **state _unused_)
{
	struct folder p = begin();

	assert_int_equal(mkdir(p.dir, 0700), 0);
	assert_int_equal(mkdir(path_of(&p, PF1_FILE), 0700), 0); /* opens, but cannot be read */
	assert_int_equal(read_fails(&p, PF1_FILE ": Is a directory (EISDIR)"), -EISDIR);
	end(&p);
}

static void test_other_files(void **state _unused_)
{
	static const char *const names[] = { "notes.jsonl", ".jsonl", "0000:01:00.0",
		"0000:01:00.0.json", "0000:01:00.0.jsonl.old", "0000:01:00.0.jsonl.jsonl",
		"0000:01:00.8.jsonl", "0000:01:00.0 .jsonl", "01:00.0.jsonl", "00000:01:00.0.jsonl",
		"README" };
	struct folder p = begin();
	char longest[256];

	memset(longest, '0', sizeof(longest) - 1);
	strcpy(longest + sizeof(longest) - sizeof(".jsonl"), ".jsonl");
	assert_int_equal(mkdir(p.dir, 0700), 0);
	put(&p, longest, CREATE "\n", sizeof(CREATE));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		put(&p, names[i], CREATE "\n", sizeof(CREATE));
	assert_contents(&p, "");
	end(&p);
}

/* --- what cannot be recorded ------------------------------------------------------------------ */

static void test_no_space(void **state _unused_)
{
	const struct step s = numbers(STEP_VFS_CREATE, 0, 2);
	_cleanup_close_ int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct err e = { "" };

	assert_true(fd >= 0);
	assert_int_equal(record_add(fd, &s, &e), -ENOSPC);
	assert_non_null(strstr(e.text, "could not undo it: No space left"));
}

/* Adds S to PF 1's record when that may grow to SIZE bytes only. */
static int add_limited(const struct record_dir *d, const struct step *s, rlim_t size)
{
	struct rlimit old, limit;
	int fd = record_begin(d, pf1, NULL), r;
	struct err e = { "" };

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = (struct rlimit){ size, old.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	r = record_add(fd, s, &e);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_true(r == 0 || strstr(e.text, "could not undo it"));
	close(fd);
	return r;
}

/* Wherever the file system's end cuts a line: it was not recorded, and does no harm later. */
static void test_full(void **state _unused_)
{
	const struct step steps[] = { numbers(STEP_VFS_REMOVE, 7, 0),
		numbers(STEP_VFS_CREATE, 0, 2), numbers(STEP_PF_UP, 0, 1) };
	static const char want[] = "0000:01:00.0 remove all 7 VFs\n"
				   "0000:01:00.0 set the interface up\n";

	for (unsigned more = 0; more < 40; more += 13) {
		struct folder p = begin();
		struct record_dir d = open_record(&p);
		struct stat st;

		add(&d, pf1, &steps[0]);
		assert_int_equal(stat(path_of(&p, PF1_FILE), &st), 0);
		assert_int_equal(add_limited(&d, &steps[1], (rlim_t)st.st_size + more),
			more ? -EIO : -EFBIG);
		add(&d, pf1, &steps[2]);
		assert_contents(&p, want);
		record_close(&d);
		end(&p);
	}
}

/* What could not be read back is refused: nothing is done that `reset` would not know of. */
static void test_unreadable(void **state _unused_)
{
	struct folder p = begin();
	struct record_dir d = open_record(&p);
	int fd = record_begin(&d, pf1, NULL);
	struct err e = { "" };
	char name[2000];
	struct step s;

	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	s = texts(STEP_VF_BIND, 0, NULL, name);
	assert_int_equal(record_add(fd, &s, &e), -EINVAL);
	assert_non_null(strstr(e.text, "too long, or no UTF-8"));
	s = texts(STEP_VF_NAME, 0, "eth\xff", "lxc0"); /* the kernel takes such names */
	assert_int_equal(record_add(fd, &s, &e), -EINVAL);
	close(fd);
	assert_contents(&p, "");
	record_close(&d);
	end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_is_private),
		cmocka_unit_test(test_writable_by_others),
		cmocka_unit_test(test_of_somebody_else),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_cannot_be_made),
		cmocka_unit_test(test_is_a_file),
		cmocka_unit_test(test_lock_is_a_directory),
		cmocka_unit_test(test_hotplug),
		cmocka_unit_test(test_removed),
		cmocka_unit_test(test_second_run),
		cmocka_unit_test(test_second_run_waits),
		cmocka_unit_test(test_unknown_holder),
		cmocka_unit_test(test_stuck_worker),
		cmocka_unit_test(test_worker_about_to_end),
		cmocka_unit_test(test_damaged_lines),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_read_error),
		cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_no_space),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
