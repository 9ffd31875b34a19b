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

#define ADMIN "sys/bus/pci/devices/" PF "/sriov_admin/vf"
#define DRM   "sys/bus/pci/devices/" PF "/drm/"

static const char gpu[] = "pf " PF " id=8086:e211 class=030000 driver=xe total=8\n";

/* A tree with LINES more, and what is read of VF 0 there. */
static int read_back(const char *lines, enum vf_attr_id id, uint64_t *ret, bool *ret_writable)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	int root, r;

	buf_addf(&text, "%s%s", gpu, lines);
	root = sysfstree_build(buf_text(&text));
	r = vffile_read(root, (struct pciaddr){ .bus = 1 }, id, 0, ret, ret_writable);
	sysfstree_remove(root);
	return r;
}

static void test_read(void **state)
{
	static const struct {
		const char *lines;
		enum vf_attr_id id;
		int code;
		uint64_t value;
		bool fixed;
	} rows[] = {
		{ "file " ADMIN "1/profile/exec_quantum_ms 20\\n\n", VF_EXEC_QUANTUM, 0, 20,
			false },
		{ "file " ADMIN "1/profile/exec_quantum_ms 20\\n\nmode " ADMIN
		  "1/profile/exec_quantum_ms 444\n",
			VF_EXEC_QUANTUM, 0, 20, true },
		{ "file " ADMIN "1/profile/exec_quantum_ms 4294967295\\n\n", VF_EXEC_QUANTUM, 0,
			4294967295, false },
		{ "file " ADMIN "1/profile/sched_priority low [normal] high\\n\n",
			VF_SCHED_PRIORITY, 0, 1, false },
		{ "file " ADMIN "1/profile/sched_priority high\\n\n", VF_SCHED_PRIORITY, 0, 2,
			false },
		/* Numbers from 1; of the parts of a device all count. */
		{ "file " ADMIN "0/profile/exec_quantum_ms 20\\n\n", VF_EXEC_QUANTUM, -ENOENT, 0,
			false },
		{ "file " DRM "card0/iov/vf1/gt/exec_quantum_ms 5\\n\n", VF_EXEC_QUANTUM, 0, 5,
			false },
		{ "file " DRM "card0/prelim_iov/vf1/gt0/exec_quantum_ms 5\\n\nfile " DRM
		  "card0/prelim_iov/vf1/gt1/exec_quantum_ms 5\\n\n",
			VF_EXEC_QUANTUM, 0, 5, false },
		{ "file " DRM "card0/iov/vf1/gt0/exec_quantum_ms 5\\n\nfile " DRM
		  "card0/iov/vf1/gt1/exec_quantum_ms 6\\n\n",
			VF_EXEC_QUANTUM, -EUCLEAN, 0, false },
		{ "file " DRM "card0x/iov/vf1/gt0/exec_quantum_ms 5\\n\nfile " DRM
		  "renderD128/iov/vf1/gt0/exec_quantum_ms 5\\n\n",
			VF_EXEC_QUANTUM, -ENOENT, 0, false },
		/* What the kernel does not write. */
		{ "file " ADMIN "1/profile/exec_quantum_ms 4294967296\\n\n", VF_EXEC_QUANTUM,
			-EBADMSG, 0, false },
		{ "file " ADMIN "1/profile/exec_quantum_ms -1\\n\n", VF_EXEC_QUANTUM, -EBADMSG, 0,
			false },
		{ "file " ADMIN "1/profile/exec_quantum_ms\n", VF_EXEC_QUANTUM, -EBADMSG, 0,
			false },
		{ "file " ADMIN "1/profile/exec_quantum_ms 20\\sms\\n\n", VF_EXEC_QUANTUM, -EBADMSG,
			0, false },
		{ "file " ADMIN "1/profile/sched_priority [low\\n\n", VF_SCHED_PRIORITY, -EBADMSG,
			0, false },
		{ "file " ADMIN "1/profile/sched_priority [lo]\\n\n", VF_SCHED_PRIORITY, -EBADMSG,
			0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool writable = false;
		uint64_t value = 0;
		int r = read_back(rows[i].lines, rows[i].id, &value, &writable);

		if (r != rows[i].code || value != rows[i].value)
			fail_msg("%s: %d, %llu", rows[i].lines, r, (unsigned long long)value);
		assert_true(r < 0 || writable != rows[i].fixed);
	}
}

/* All parts get it, each VF for itself; what the kernel then says is another matter. */
static void test_gpu(void **state)
{
	const struct plan_pf pf = { .addr = { .bus = 1 }, .driver = "i915" };
	struct step steps[] = { step_attr(VF_EXEC_QUANTUM, 1, 30),
		step_attr(VF_PREEMPT_TIMEOUT, 1, 5), step_attr(VF_EXEC_QUANTUM, 2, 30) };
	_cleanup_(buf_done) struct buf text = { 0 };
	struct step_result res[3] = { { 0 } };
	int root;

	(void)state;
	buf_add(&text, gpu);
	for (int vf = 1; vf <= 2; vf++)
		for (int gt = 0; gt < 2; gt++)
			buf_addf(&text, "file " DRM "card0/iov/vf%d/gt%d/exec_quantum_ms 7\\n\n",
				vf, gt);
	root = sysfstree_build(buf_text(&text));
	/* A file keeps what is behind the text that is written; the kernel's do not. */
	assert_int_equal(vffile_set(root, &pf, steps, 3, res), -EIO);
	assert_int_equal(res[0].code, -EIO);
	assert_string_equal(
		res[0].err.text, "accepted, but it cannot be read back: Bad message (EBADMSG)");
	expect(root, DRM "card0/iov/vf1/gt0/exec_quantum_ms", "7");
	expect(root, DRM "card0/iov/vf2/gt0/exec_quantum_ms", "30");
	expect(root, DRM "card0/iov/vf2/gt1/exec_quantum_ms", "30");
	assert_int_equal(res[1].code, -ENOENT);
	assert_int_equal(res[2].code, -ENOENT);
	sysfstree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_msix),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_gpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
