/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of other programs' files: what counts, what does not, and what of it is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "core/writers.h"

/* "WHO:LINE:TEXT|" for each that was found. */
static void note(enum writer_kind who, unsigned line, const char *text, void *arg)
{
	buf_addf(arg, "%d:%u:%s|", (int)who, line, text);
}

static void expect(enum writer_file kind, const char *text, enum writer_kind who, const char *found)
{
	_cleanup_(buf_done) struct buf b = { 0 }, want = { 0 };

	writers_find(kind, text, note, &b);
	if (*found)
		buf_addf(&want, "%d:%s|", (int)who, found);
	assert_string_equal(buf_text(&b), buf_text(&want));
}

static void expect_none(enum writer_file kind, const char *text)
{
	expect(kind, text, 0, "");
}

static void test_sections(void **state)
{
	(void)state;
	expect(WRITER_FILE_LINK, "[Link]\nSR-IOVVirtualFunctions=4", WRITER_LINK,
		"2:SR-IOVVirtualFunctions=4");
	expect(WRITER_FILE_LINK, "\t[SR-IOV]\r\nTrust=yes\n", WRITER_LINK, "1:[SR-IOV]");
	expect_none(WRITER_FILE_LINK, "[Match]\nSR-IOVVirtualFunctions=4\n");
	expect_none(WRITER_FILE_LINK, "[Link]\nSR-IOVVirtualFunctionsX=4\n;SR-IOVVirtual"
				      "Functions=4\n");
	expect_none(WRITER_FILE_NETWORK, "[Network]\nDescription=[SR-IOV]\n");
	expect(WRITER_FILE_NM, "[device-a]\nsriov-num-vfs = 0", WRITER_NM, "2:sriov-num-vfs = 0");
	expect_none(WRITER_FILE_NM, "[device-a]\n[main]\nsriov-num-vfs=4");
	expect(WRITER_FILE_KEYFILE, "[wifi]\npsk=a\n[sriov]\n# x=y\nvf.0=mac=02::1\n[ipv4]\na=b",
		WRITER_NM, "5:vf.0=mac=02::1");
}

static void test_netplan(void **state)
{
	(void)state;
	expect(WRITER_FILE_NETPLAN,
		"network:\n  ethernets:\n    v:\n      link: pf\n  vlans:\n"
		"    a:\n      link: b\n",
		WRITER_NETPLAN, "4:link: pf");
	expect(WRITER_FILE_NETPLAN, "a: {embedded-switch-mode: switchdev}", WRITER_NETPLAN,
		"1:a: {embedded-switch-mode: switchdev}");
	expect_none(WRITER_FILE_NETPLAN, "#virtual-function-count: 4\nlink: x\n");
}

static void test_modprobe(void **state)
{
	(void)state;
	expect(WRITER_FILE_MODPROBE, "options\tigb  foo=1 max_vfs=2\n", WRITER_MAX_VFS,
		"1:options\tigb  foo=1 max_vfs=2");
	expect(WRITER_FILE_MODPROBE, "\n\noptions mlx4_core num_vfs=4,4,0", WRITER_MAX_VFS,
		"3:options mlx4_core num_vfs=4,4,0");
	expect_none(WRITER_FILE_MODPROBE, "options igb max_vfs\noptions igb max_vfs=\noptions\n"
					  "options igb\nmax_vfs=3\noption igb max_vfs=3\n");
	expect_none(WRITER_FILE_MODPROBE, "options vfio-pci ids=\nblacklist vfio-pci-x\n"
					  "install vfio_pci modprobe -i vfio_pci\n");
	expect(WRITER_FILE_MODPROBE, "options vfio_pci ids=8086:10ca", WRITER_VFIO_IDS,
		"1:options vfio_pci ids=8086:10ca");
	expect_none(WRITER_FILE_MODPROBE, "options vfio_iommu_type1 allow_unsafe_interrupts=0");
	/* Continued lines are one, with the number of the first; a comment is not continued. */
	expect(WRITER_FILE_MODPROBE, "a\\\n\\\nb\noptions igb \\\n\\\n max_vfs=1\nx",
		WRITER_MAX_VFS, "4:options igb    max_vfs=1");
	expect(WRITER_FILE_MODPROBE, "# x \\\noptions igb max_vfs=1", WRITER_MAX_VFS,
		"2:options igb max_vfs=1");
	expect(WRITER_FILE_CMDLINE, "a=b igb.max_vfs=3 c", WRITER_MAX_VFS, "1:igb.max_vfs=3");
	expect_none(WRITER_FILE_CMDLINE, "root=a.max_vfs=3 igb.max_vfs=0 vfio-pci.ids= . = a.");
}

static void test_commands(void **state)
{
	(void)state;
	expect(WRITER_FILE_CRON, "@reboot root ip l; ip link set a vf $i mac $m", WRITER_CRON,
		"1:@reboot root ip l; ip link set a vf $i mac $m");
	expect_none(WRITER_FILE_CRON, "@reboot root ip link set vf up\n @x ip link show vf 0\n");
	expect(WRITER_FILE_SCRIPT, "driverctl set-override a b", WRITER_SCRIPT,
		"1:driverctl set-override a b");
	expect_none(WRITER_FILE_SCRIPT, "driverctl list-overrides\n \t# sriov_numvfs\n");
	expect(WRITER_FILE_UDEV, "A==\"b\", ATTR{sriov_numvfs}==\"0\", ATTR{sriov_numvfs}=\"4\"",
		WRITER_UDEV, "1:A==\"b\", ATTR{sriov_numvfs}==\"0\", ATTR{sriov_numvfs}=\"4\"");
	expect_none(WRITER_FILE_UDEV, "ATTR{sriov_numvfs}!=\"0\", TEST{0200}==\"driver_override\"");
	expect_none(WRITER_FILE_UDEV, "TEST==\"a\", TEST==\"driver_override\", TAG+=\"systemd\"");
	expect(WRITER_FILE_UDEV, "TEST==\"a\", RUN+=\"sh -c 'echo > driver_override'\"",
		WRITER_UDEV, "1:TEST==\"a\", RUN+=\"sh -c 'echo > driver_override'\"");
	expect_none(WRITER_FILE_UNIT, "Description=echo 4 >sriov_numvfs\nDocumentation=x");
}

/* What is shown is short, one line, and without what stands behind "password=" and the like. */
static void test_shown(void **state)
{
	static const char head[] = "echo 4 >sriov_numvfs ";
	_cleanup_(buf_done) struct buf text = { 0 }, found = { 0 };

	(void)state;
	expect(WRITER_FILE_CRON, "x >sriov_numvfs --password geheim more", WRITER_CRON,
		"1:x >sriov_numvfs --password …");
	expect(WRITER_FILE_CRON, "API_TOKEN=geheim x >sriov_numvfs", WRITER_CRON, "1:API_TOKEN=…");
	expect(WRITER_FILE_CRON, "Secret: a >sriov_numvfs", WRITER_CRON, "1:Secret: …");
	expect(WRITER_FILE_CRON, ">sriov_numvfs tokens", WRITER_CRON, "1:>sriov_numvfs tokens");
	buf_add(&text, head);
	buf_pad(&text, 0, WRITERS_LINE_MAX - 1, 'a');
	buf_add(&text, "\xc3\xa4zzz");
	writers_find(WRITER_FILE_CRON, buf_text(&text), note, &found);
	/* The character that does not fit as a whole is left out. */
	assert_int_equal(found.len, strlen("10:1:") + WRITERS_LINE_MAX - 1 + strlen("…|"));
	assert_string_equal(found.s + found.len - strlen("a…|"), "a…|");
}

static void test_module_names(void **state)
{
	(void)state;
	assert_true(writers_same_module("vfio-pci", "vfio_pci"));
	assert_false(writers_same_module("vfio-pci", "vfio_pc"));
	assert_false(writers_same_module("vfio", "vfio_pci"));
}

/* Any kind of file may be empty, or anything. */
static void test_anything(void **state)
{
	static const char *const texts[] = { "", "\n", "\\", "\\\n", "[", "]", "[]\n=", "=", " ",
		"options", "options ", "options a", "blacklist", ".", ",", "a.b", "\xff\xfe",
		"vf 0 link set ", "link set  vf ", "modprobe.blacklist=", "pass", "-pass",
		":pass:" };

	(void)state;
	for (enum writer_file k = 0; k < _WRITER_FILE_MAX; k++)
		for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
			_cleanup_(buf_done) struct buf b = { 0 };

			writers_find(k, texts[i], note, &b);
			/* Only a file whose name says all has nothing else in it. */
			if (k != WRITER_FILE_DRIVERCTL)
				assert_int_equal(b.len, 0);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_netplan),
		cmocka_unit_test(test_modprobe),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_module_names),
		cmocka_unit_test(test_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
