/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of mountinfo: as the kernel writes them, cut, and made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "host/mountinfo.h"

static void expect(const char *line, unsigned major, unsigned minor, const char *at,
	const char *type, const char *source)
{
	struct mountinfo m;
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", line);
	assert_true(mountinfo_parse(copy, &m));
	assert_int_equal(m.major, major);
	assert_int_equal(m.minor, minor);
	assert_string_equal(m.at, at);
	assert_string_equal(m.type, type);
	assert_string_equal(m.source, source);
}

static void mounts(void **state _unused_)
{
	expect("25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro", 8, 1, "/",
		"ext4", "/dev/sda1");
	/* No optional field, several of them, and no options of the file system. */
	expect("36 35 259:3 /a /mnt rw - xfs /dev/nvme0n1p3 rw", 259, 3, "/mnt", "xfs",
		"/dev/nvme0n1p3");
	expect("36 35 0:45 / /mnt rw shared:2 master:1 propagate_from:3 - zfs tank/data", 0, 45,
		"/mnt", "zfs", "tank/data");
	expect("36 35 0:45 / /mnt rw - tmpfs  rw", 0, 45, "/mnt", "tmpfs", "");
	expect("36 35 0:45 / /two\\040words\\011tab rw - nfs server:/a\\134b rw", 0, 45,
		"/two words\ttab", "nfs", "server:/a\\b");
}

static void no_mounts(void **state _unused_)
{
	static const char *const lines[] = { "", " - ", " - ext4 /dev/sda1 rw", "25", "25 1",
		"25 1 8:1", "25 1 8:1 / / rw,relatime shared:1", "25 1 8:1 - ext4 /dev/sda1 rw",
		"25 1 8:1 / - ext4 /dev/sda1 rw", "25 1 8:1 / / rw - ext4", "25 1 8:1 / / rw - ",
		"25 1 8 / / rw - ext4 /dev/sda1 rw", "25 1 8: / / rw - ext4 /dev/sda1 rw",
		"25 1 8:1x / / rw - ext4 /dev/sda1 rw", "25 1 :1 / / rw - ext4 /dev/sda1 rw",
		"25 1 a:1 / / rw - ext4 /dev/sda1 rw", "25 1 8:1 / mnt rw - ext4 /dev/sda1 rw" };
	struct mountinfo m;
	char copy[256];

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(copy, sizeof(copy), "%s", lines[i]);
		if (mountinfo_parse(copy, &m))
			fail_msg("\"%s\" is taken for a mount", lines[i]);
	}
}

/* What does not stand for a byte stays; nothing is read behind the end, where a mark stands. */
static void escapes(void **state _unused_)
{
	static const struct {
		const char *text, *plain;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "\\040", " " },
		{ "a\\134040\\012", "a\\040\n" },
		{ "\\303\\274", "ü" },
		{ "\\0401", " 1" },
		{ "\\", "\\" },
		{ "a\\4", "a\\4" },
		{ "a\\04", "a\\04" },
		{ "\\048", "\\048" },
		{ "\\ 40", "\\ 40" },
		{ "\\+40", "\\+40" },
		{ "\\000", "\\000" },
		{ "\\400", "\\400" },
		{ "\\\\040", "\\ " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[32] = "";
		size_t len = strlen(rows[i].text);

		memcpy(text, rows[i].text, len);
		memcpy(text + len + 1, "mark", 5);
		mountinfo_unescape(text);
		assert_string_equal(text, rows[i].plain);
		assert_string_equal(text + len + 1, "mark");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mounts),
		cmocka_unit_test(no_mounts),
		cmocka_unit_test(escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
