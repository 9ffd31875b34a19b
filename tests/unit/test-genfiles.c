/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generated files below a directory, with a reader that notes what there is when it is told. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/mem.h"
#include "host/genfiles.h"
#include "host/units.h"
#include "rmtree.h"

#define VF "sys/devices/pci0000:00/0000:01:10.0"
#define PF "sys/devices/pci0000:00/0000:01:00.0"

static const char *const paths[_GENFILE_MAX] = {
	[GENFILE_UDEV] = "run/udev/rules.d/81-sriovctl.rules",
	[GENFILE_NETWORKMANAGER] = "run/NetworkManager/conf.d/90-sriovctl.conf",
	[GENFILE_NETWORKD] = "run/systemd/network/05-sriovctl.network",
};

/* The temporary root directory, which is the current one meanwhile. */
struct root {
	char dir[32];
	int fd, before;
};

/* Who reads the file FILE: what it answers, and what it saw. */
static struct {
	enum genfile file;
	int code;
	unsigned calls, mode; /* mode: 0 when there was no file */
	char unit[64], text[64];
	bool triggered; /* the VF's interface was, before that */
} reader;

/* The content of PATH, "" when it is not there; valid until the next call. */
static const char *content(const char *path)
{
	static char text[256];
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = '\0';
	if (f)
		fclose(f);
	return text;
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? 0 : st.st_mode & 07777;
}

/* In place of the real one: no daemon of this machine hears of a test. */
int units_reload(const char *unit, unsigned timeout_ms, struct err *e)
{
	assert_in_range(timeout_ms, 1000, 600000);
	reader.calls++;
	snprintf(reader.unit, sizeof(reader.unit), "%s", unit);
	snprintf(reader.text, sizeof(reader.text), "%.63s", content(paths[reader.file]));
	reader.mode = mode_of(paths[reader.file]);
	reader.triggered = content(VF "/net/vf0/uevent")[0];
	return reader.code < 0 ? err_set(e, reader.code, "reload of %s: no", unit) : 0;
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fputs(text, f) >= 0, 1);
	assert_int_equal(fclose(f), 0);
}

/* Makes the directory PATH and what it is in. */
static void make_dirs(const char *path)
{
	_cleanup_free_ char *copy = mem_strdup(path);

	for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(mkdir(copy, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	assert_true(mkdir(copy, 0755) == 0 || errno == EEXIST);
}

/* Makes the directory that F is in. */
static void make_dir_of(enum genfile f)
{
	_cleanup_free_ char *copy = mem_strdup(paths[f]);

	*strrchr(copy, '/') = '\0';
	make_dirs(copy);
}

static int setup(void **state)
{
	struct root *r = mem_new(1, sizeof(*r));

	memset(&reader, 0, sizeof(reader));
	strcpy(r->dir, "/tmp/test-genfiles-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	r->before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	r->fd = open(r->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(fchdir(r->fd), 0);
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct root *r = *state;

	assert_int_equal(fchdir(r->before), 0);
	close(r->fd);
	close(r->before);
	rmtree(AT_FDCWD, r->dir);
	free(r);
	return 0;
}

/* Runs a step that makes F have TEXT (NULL: not be there). Returns its code; ERROR is its text. */
static int run(void **state, enum genfile f, const char *text, const char *error)
{
	const struct root *r = *state;
	struct step s = step_file(f, "whatever was there when it was planned", text);
	struct err e = { "" };
	int code;

	reader.file = f;
	code = genfiles_run(r->fd, &s, &e);
	assert_string_equal(e.text, error);
	return code;
}

/* Scans, and expects of F that it is there (TEXT not NULL) so, and LOADED. */
static void assert_scanned(void **state, enum genfile f, const char *text, bool loaded)
{
	const struct root *r = *state;
	struct inventory *inv = inventory_new();

	genfiles_scan(r->fd, inv);
	if (text)
		assert_string_equal(inv->files[f].text, text);
	else
		assert_null(inv->files[f].text);
	if (text)
		assert_int_equal(inv->files[f].loaded, loaded);
	inventory_free(inv);
}

/* Where there is nothing yet: all of it is made for everybody to read, whatever the umask. */
static void test_write(void **state)
{
	static const char *const units[_GENFILE_MAX] = { "systemd-udevd.service",
		"NetworkManager.service", "systemd-networkd.service" };
	mode_t old = umask(077);

	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		_cleanup_free_ char *dir = mem_strdup(paths[f]);

		assert_scanned(state, f, NULL, false);
		assert_int_equal(run(state, f, "text\n", ""), 0);
		assert_int_equal(reader.calls, f + 1);
		assert_string_equal(reader.unit, units[f]);
		assert_string_equal(reader.text, "text\n");
		assert_int_equal(reader.mode, 01644);
		assert_string_equal(content(paths[f]), "text\n");
		assert_int_equal(mode_of(paths[f]), 0644);
		assert_scanned(state, f, "text\n", true);
		while (strchr(dir, '/')) {
			*strrchr(dir, '/') = '\0';
			assert_int_equal(mode_of(dir), 0755);
		}
	}
	umask(old);
}

static void test_replace(void **state)
{
	make_dir_of(GENFILE_NETWORKD);
	write_file(paths[GENFILE_NETWORKD], "a text that is much longer than the one to come\n");
	assert_int_equal(chmod(paths[GENFILE_NETWORKD], 0600), 0);
	assert_int_equal(run(state, GENFILE_NETWORKD, "new\n", ""), 0);
	assert_string_equal(reader.text, "new\n");
	assert_int_equal(mode_of(paths[GENFILE_NETWORKD]), 0644);
	assert_scanned(state, GENFILE_NETWORKD, "new\n", true);
}

/* Where a run was stopped before the reader knew; where it was done; where others did something. */
static void test_loaded(void **state)
{
	static const struct {
		unsigned mode;
		bool loaded;
	} cases[] = { { 0644, true }, { 01644, false }, { 0600, true }, { 01600, false },
		{ 06755, true } };

	make_dir_of(GENFILE_NETWORKMANAGER);
	write_file(paths[GENFILE_NETWORKMANAGER], "text\n");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(chmod(paths[GENFILE_NETWORKMANAGER], cases[i].mode), 0);
		assert_scanned(state, GENFILE_NETWORKMANAGER, "text\n", cases[i].loaded);
	}
	assert_scanned(state, GENFILE_UDEV, NULL, false);
}

/* A reader that was told in vain is told again by the next run. */
static void test_reload_fails(void **state)
{
	reader.code = -ETIMEDOUT;
	assert_int_equal(run(state, GENFILE_NETWORKMANAGER, "text\n",
				 "reload of NetworkManager.service: no"),
		-ETIMEDOUT);
	assert_string_equal(content(paths[GENFILE_NETWORKMANAGER]), "text\n");
	assert_scanned(state, GENFILE_NETWORKMANAGER, "text\n", false);
	reader.code = 0;
	assert_int_equal(run(state, GENFILE_NETWORKMANAGER, "text\n", ""), 0);
	assert_int_equal(reader.calls, 2);
	assert_scanned(state, GENFILE_NETWORKMANAGER, "text\n", true);
}

static void test_remove(void **state)
{
	assert_int_equal(run(state, GENFILE_UDEV, "text\n", ""), 0);
	assert_int_equal(run(state, GENFILE_NETWORKD, "text\n", ""), 0);
	assert_int_equal(run(state, GENFILE_UDEV, NULL, ""), 0);
	assert_int_equal(reader.calls, 3);
	assert_string_equal(reader.unit, "systemd-udevd.service");
	assert_int_equal(reader.mode, 01644); /* empty, and gone once the reader knows */
	assert_scanned(state, GENFILE_UDEV, NULL, false);
	assert_scanned(state, GENFILE_NETWORKD, "text\n", true);
	/* Gone already, and its directory too. */
	assert_int_equal(run(state, GENFILE_UDEV, NULL, ""), 0);
	assert_int_equal(rmdir("run/udev/rules.d"), 0);
	assert_int_equal(run(state, GENFILE_UDEV, NULL, ""), 0);
	assert_int_equal(mode_of("run/udev/rules.d"), 0);
}

/* A file where a directory should be: nothing is there, and nothing can be. No reader is told. */
static void test_no_directory(void **state)
{
	make_dirs("run/udev");
	write_file("run/udev/rules.d", "x");
	assert_scanned(state, GENFILE_UDEV, NULL, false);
	assert_int_equal(run(state, GENFILE_UDEV, "text\n",
				 "/run/udev/rules.d/81-sriovctl.rules: Not a directory (ENOTDIR)"),
		-ENOTDIR);
	assert_int_equal(reader.calls, 0);
	assert_string_equal(content("run/udev/rules.d"), "x");
}

/* What is there and cannot be read is not ours, and no file that is not there. */
static void test_no_text(void **state)
{
	make_dir_of(GENFILE_UDEV);
	make_dirs(paths[GENFILE_UDEV]);
	assert_scanned(state, GENFILE_UDEV, "", true);
	assert_int_equal(rmdir(paths[GENFILE_UDEV]), 0);
	assert_int_equal(mkfifo(paths[GENFILE_UDEV], 0644), 0);
	assert_scanned(state, GENFILE_UDEV, "", true);
	assert_int_equal(unlink(paths[GENFILE_UDEV]), 0);
	write_file(paths[GENFILE_UDEV], GENFILE_MARK "\n");
	assert_int_equal(truncate(paths[GENFILE_UDEV], 1000), 0); /* NULs */
	assert_scanned(state, GENFILE_UDEV, "", true);
	assert_int_equal(truncate(paths[GENFILE_UDEV], GENFILE_SIZE_MAX + 1), 0);
	assert_scanned(state, GENFILE_UDEV, "", true);
	assert_int_equal(unlink(paths[GENFILE_UDEV]), 0);
	assert_int_equal(symlink("81-sriovctl.rules", paths[GENFILE_UDEV]), 0);
	assert_scanned(state, GENFILE_UDEV, "", true);
}

/* An interface as in /sys, where the class has links. */
static void make_netdev(const char *device, const char *name)
{
	char path[128], target[160];

	snprintf(path, sizeof(path), "%s/net/%s", device, name);
	make_dirs(path);
	snprintf(path, sizeof(path), "%s/net/%s/uevent", device, name);
	write_file(path, "");
	snprintf(path, sizeof(path), "%s/net/%s/device", device, name);
	snprintf(target, sizeof(target), "../../../%s", strrchr(device, '/') + 1);
	assert_int_equal(symlink(target, path), 0);
	make_dirs("sys/class/net");
	snprintf(path, sizeof(path), "sys/class/net/%s", name);
	snprintf(target, sizeof(target), "../../devices/%s/net/%s", device + strlen("sys/devices/"),
		name);
	assert_int_equal(symlink(target, path), 0);
}

/* Two VFs, a PF, the loopback, and a file that the bonding driver puts there. */
static void make_sys(void)
{
	make_netdev(PF, "pf");
	make_netdev(VF, "vf0");
	make_netdev("sys/devices/pci0000:00/0000:01:10.2", "vf1");
	assert_int_equal(symlink("../0000:01:00.0", VF "/physfn"), 0);
	assert_int_equal(
		symlink("../0000:01:00.0", "sys/devices/pci0000:00/0000:01:10.2/physfn"), 0);
	make_dirs("sys/devices/virtual/net/lo");
	write_file("sys/devices/virtual/net/lo/uevent", "");
	assert_int_equal(symlink("../../devices/virtual/net/lo", "sys/class/net/lo"), 0);
	write_file("sys/class/net/bonding_masters", "");
}

/* udev looks again at the interfaces of VFs that are there already, once it has the new rules. */
static void test_trigger(void **state)
{
	make_sys();
	assert_int_equal(run(state, GENFILE_UDEV, "text\n", ""), 0);
	assert_false(reader.triggered);
	assert_string_equal(content(VF "/net/vf0/uevent"), "change");
	assert_string_equal(
		content("sys/devices/pci0000:00/0000:01:10.2/net/vf1/uevent"), "change");
	assert_string_equal(content(PF "/net/pf/uevent"), "");
	assert_string_equal(content("sys/devices/virtual/net/lo/uevent"), "");
	assert_string_equal(content("sys/class/net/bonding_masters"), "");
}

/* Also when the rules go: who was marked by them is to be so no longer. */
static void test_trigger_after_removal(void **state)
{
	make_dir_of(GENFILE_UDEV);
	write_file(paths[GENFILE_UDEV], "text\n");
	make_sys();
	assert_int_equal(run(state, GENFILE_UDEV, NULL, ""), 0);
	assert_false(reader.triggered);
	assert_string_equal(content(VF "/net/vf0/uevent"), "change");
}

static void test_no_trigger(void **state)
{
	make_sys();
	assert_int_equal(run(state, GENFILE_NETWORKMANAGER, "text\n", ""), 0);
	assert_int_equal(run(state, GENFILE_NETWORKD, "text\n", ""), 0);
	reader.code = -EIO;
	assert_int_equal(
		run(state, GENFILE_UDEV, "text\n", "reload of systemd-udevd.service: no"), -EIO);
	assert_string_equal(content(VF "/net/vf0/uevent"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_write, setup, teardown),
		cmocka_unit_test_setup_teardown(test_replace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_loaded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reload_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_remove, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_directory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_trigger, setup, teardown),
		cmocka_unit_test_setup_teardown(test_trigger_after_removal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_trigger, setup, teardown),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
