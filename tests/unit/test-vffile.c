/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VF attributes that are files: written where they belong; what the VF then says is believed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "host/vffile.h"
#include "sysfstree.h"

#define PF "0000:01:00.0"
#define VF "sys/bus/pci/devices/0000:01:10."

/* Two VFs; what they say of their tables does not follow what is written. */
static const char tree[] = "pf " PF " id=15b3:101d class=020000 driver=mlx5_core total=8\n"
			   "vf " PF " 0 0000:01:10.0 id=15b3:101e\n"
			   "vf " PF " 1 0000:01:10.2 id=15b3:101e\n"
			   "config 0000:01:10.0 msix=6\n"
			   "config 0000:01:10.2 msix=6\n"
			   "file " VF "0/sriov_vf_msix_count\n"
			   "file " VF "2/sriov_vf_msix_count\n";

static void expect(int root, const char *file, const char *text)
{
	char now[64];

	assert_true(file_read(root, file, now, sizeof(now)) >= 0);
	assert_string_equal(now, text);
}

static void test_msix(void **state)
{
	const struct plan_pf pf = { .addr = { 0, 1, 0 }, .driver = "mlx5_core" };
	struct step steps[] = { step_attr(VF_MSIX, 0, 6), step_attr(VF_MSIX, 1, 7),
		step_attr(VF_MSIX, 2, 8) };
	struct step_result res[3] = { { 0 } };
	int root = sysfstree_build(tree);

	(void)state;
	assert_int_equal(vffile_set(root, &pf, steps, 3, res), -EIO);
	assert_int_equal(res[0].code, 0);
	expect(root, VF "0/sriov_vf_msix_count", "6");
	assert_int_equal(res[1].code, -EIO);
	assert_string_equal(res[1].err.text, "accepted but not applied, still 6");
	expect(root, VF "2/sriov_vf_msix_count", "7");
	assert_int_equal(res[2].code, -ENOENT);
	assert_string_equal(
		res[2].err.text, "the PF has no such VF: No such file or directory (ENOENT)");
	sysfstree_remove(root);
}

/* Others than root see no capabilities; kernels before 5.13 have no such file. */
static void test_unknown(void **state)
{
	const struct plan_pf pf = { .addr = { 0, 1, 0 }, .driver = "mlx5_core" };
	struct step steps[] = { step_attr(VF_MSIX, 0, 6), step_attr(VF_MSIX, 1, 6) };
	_cleanup_(buf_done) struct buf text = { 0 };
	struct step_result res[2] = { { 0 } };
	int root;

	(void)state;
	buf_add(&text, tree);
	buf_add(&text, "config 0000:01:10.0 msix=6 size=64\nrm " VF "2/sriov_vf_msix_count\n");
	root = sysfstree_build(buf_text(&text));
	assert_int_equal(vffile_set(root, &pf, steps, 2, res), -EIO);
	assert_string_equal(res[0].err.text,
		"accepted, but the VF's configuration space cannot be read, so nobody can tell "
		"whether it is so");
	assert_int_equal(res[1].code, -ENOENT);
	assert_string_equal(
		res[1].err.text, "No such file or directory (ENOENT): the kernel has no such file");
	sysfstree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_msix),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
