/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps on a host whose files do nothing when they are written: each that is not so afterwards
 * fails, and says what is wrong. That they succeed on a real kernel is seen in the lab.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "host/act.h"
#include "sysfstree.h"

#define PF_AT      "0000:01:00.0"
#define DEVICES    "sys/bus/pci/devices/"
#define PF_FILE    DEVICES PF_AT "/"
#define VF_FILE    DEVICES "0000:01:10.0/"
#define DRIVER(d)  "sys/bus/pci/drivers/" d "/"
#define PF         "pf " PF_AT " id=8086:10c9 driver=igb total=7 group=14\n"
#define VF(more)   "vf " PF_AT " 0 0000:01:10.0 id=8086:10ca group=15 " more "\n"
#define FILE_(f)   "file " f "\n"
#define TEXT(f, t) "file " f " " t "\n"
#define NO_FILE    "No such file or directory (ENOENT)"
#define IN_VAIN    "the kernel took the write, but "

static const struct plan_pf igb = { .addr = { 0, 1, 0 }, .driver = "igb", .forced = true };

static struct step text_step(enum step_kind kind, int vf, const char *before, const char *after)
{
	return step_make(kind, vf, (union vf_value){ .s = before }, (union vf_value){ .s = after });
}

static struct step number_step(enum step_kind kind, uint64_t after)
{
	return step_make(kind, -1, (union vf_value){ .n = 0 }, (union vf_value){ .n = after });
}

/* The step, on the host TREE, ends with CODE and TEXT, and FILE (NULL: none) has WRITTEN then. */
static void expect_of(const struct plan_pf *pf, const char *tree, struct step s, int code,
	const char *text, const char *file, const char *written)
{
	struct step_result res = { 0 };
	int root = sysfstree_build(tree);
	char now[256];

	assert_int_equal(act_run(root, pf, &s, 1, &res), code);
	assert_int_equal(res.code, code);
	assert_string_equal(res.err.text, text);
	if (file) {
		assert_true(file_read_head(root, file, now, sizeof(now)) >= 0);
		assert_string_equal(now, written);
	}
	sysfstree_remove(root);
}

static void expect(const char *tree, struct step s, int code, const char *text, const char *file,
	const char *written)
{
	expect_of(&igb, tree, s, code, text, file, written);
}

static void unbind(void **state _unused_)
{
	struct step s = text_step(STEP_VF_UNBIND, 0, "igbvf", NULL);

	expect(PF VF("") FILE_(DRIVER("igbvf") "unbind"), s, 0, "", DRIVER("igbvf") "unbind",
		"0000:01:10.0");
	expect(PF VF("driver=igbvf") FILE_(DRIVER("igbvf") "unbind"), s, -EBUSY,
		"the kernel took the write: it is still bound to igbvf", NULL, NULL);
	expect(PF VF("driver=igbvf"), s, -ENOENT, NO_FILE, NULL, NULL);
	expect(PF, s, -ENOENT, "the PF has no such VF: " NO_FILE, NULL, NULL);
	expect(PF "link " PF_FILE "virtfn0 ../somewhere\n", s, -EINVAL,
		"virtfn0 does not lead to a PCI device", NULL, NULL);
}

/* Who has taken the VF since the plan was made keeps it, unless that was to be expected. */
static void in_use(void **state _unused_)
{
	static const char tree[] = PF VF("driver=vfio-pci enable=1") FILE_(
		DRIVER("vfio-pci") "unbind") TEXT("proc/7/comm",
		"kvm\\n") "link proc/7/fd/3 /dev/vfio/15\n" TEXT(PF_FILE "sriov_numvfs", "1");
	struct plan_pf pf = igb;

	pf.forced = false;
	expect_of(&pf, tree, text_step(STEP_VF_UNBIND, 0, "vfio-pci", NULL), -EBUSY,
		"0000:01:10.0 has come into use since the plan was made: open in process kvm (pid "
		"7); "
		"see `sriovctl list`, --force does it all the same",
		DRIVER("vfio-pci") "unbind", "");
	expect_of(&pf, tree, number_step(STEP_VFS_REMOVE, 0), -EBUSY,
		"0000:01:10.0 has come into use since the plan was made: open in process kvm (pid "
		"7); "
		"see `sriovctl list`, --force does it all the same",
		PF_FILE "sriov_numvfs", "1");
	expect(tree, text_step(STEP_VF_UNBIND, 0, "vfio-pci", NULL), -EBUSY,
		"the kernel took the write: it is still bound to vfio-pci",
		DRIVER("vfio-pci") "unbind", "0000:01:10.0");
}

static void override(void **state _unused_)
{
	struct step s = text_step(STEP_VF_OVERRIDE, 0, NULL, "igbvf");

	expect(PF VF("") TEXT(VF_FILE "driver_override", "none"), s, 0, "",
		VF_FILE "driver_override", "igbvf");
	/* The rest of what was longer is still there. */
	expect(PF VF("") TEXT(VF_FILE "driver_override", "vfio-pci"), s, -EIO,
		"driver_override is still igbvfpci", NULL, NULL);
	expect(PF VF("") TEXT(VF_FILE "driver_override", "\\n(null)"),
		text_step(STEP_VF_OVERRIDE, 0, "x", NULL), -EIO,
		"driver_override is still \n(null)", VF_FILE "driver_override", "\n(null)");
	expect(PF VF("") "rm " VF_FILE "driver_override\n", s, -ENOENT, NO_FILE, NULL, NULL);
}

static void bind(void **state _unused_)
{
	struct step s = text_step(STEP_VF_BIND, 0, NULL, "vfio-pci");

	/* Bound by itself when it was pinned: whatever the write says. */
	expect(PF VF("driver=vfio-pci"), s, 0, "", NULL, NULL);
	expect(PF VF("") FILE_(DRIVER("vfio-pci") "bind"), s, -EIO, IN_VAIN "the driver is none",
		DRIVER("vfio-pci") "bind", "0000:01:10.0");
	expect(PF VF("driver=igbvf") FILE_(DRIVER("vfio-pci") "bind"), s, -EIO,
		IN_VAIN "the driver is igbvf", NULL, NULL);
	expect(PF VF("driver=igbvf"), s, -ENOENT, "the driver igbvf has taken it", NULL, NULL);
	expect(PF VF(""), s, -ENOENT,
		NO_FILE ": no such driver is registered; is its module there?", NULL, NULL);
}

static void autoprobe(void **state _unused_)
{
	static const char file[] = PF_FILE "sriov_drivers_autoprobe";

	expect(PF TEXT(PF_FILE "sriov_drivers_autoprobe", "1"), number_step(STEP_AUTOPROBE, 0), 0,
		"", file, "0");
	expect(PF TEXT(PF_FILE "sriov_drivers_autoprobe", "01"), number_step(STEP_AUTOPROBE, 0),
		-EIO, IN_VAIN "the value did not change", NULL, NULL);
	expect(PF "rm " PF_FILE "sriov_drivers_autoprobe\n", number_step(STEP_AUTOPROBE, 0),
		-ENOENT, NO_FILE, NULL, NULL);
}

static void numvfs(void **state _unused_)
{
	struct plan_pf sim = igb;

	expect(PF VF(""), number_step(STEP_VFS_CREATE, 1), 0, "", NULL, NULL);
	expect(PF VF(""), number_step(STEP_VFS_CREATE, 2), -EIO,
		"the driver reported success, but there are 1 VFs; see dmesg for its reason", NULL,
		NULL);
	expect(PF VF(""), number_step(STEP_VFS_REMOVE, 0), -EIO,
		"the driver reported success, but there are 1 VFs; see dmesg for its reason", NULL,
		NULL);
	expect(PF "rm " PF_FILE "sriov_numvfs\n", number_step(STEP_VFS_CREATE, 1), -ENOENT,
		NO_FILE ": the PF has no driver that can create VFs", NULL, NULL);
	assert_int_equal(pciaddr_parse("netdevsim7", &sim.addr), 0);
	expect_of(&sim, TEXT("sys/bus/netdevsim/devices/netdevsim7/sriov_numvfs", "0"),
		number_step(STEP_VFS_CREATE, 4), 0, "", NULL, NULL);
	expect_of(&sim, TEXT("sys/bus/netdevsim/devices/netdevsim7/sriov_numvfs", "00"),
		number_step(STEP_VFS_CREATE, 4), -EIO,
		"the driver reported success, but there are 40 VFs; see dmesg for its reason", NULL,
		NULL);
}

/* Each step has its own result; the first failure is that of all. */
static void several(void **state _unused_)
{
	const struct step steps[] = { text_step(STEP_VF_BIND, 0, NULL, "vfio-pci"),
		text_step(STEP_VF_BIND, 1, NULL, "vfio-pci"),
		text_step(STEP_VF_BIND, 0, NULL, "igbvf") };
	struct step_result res[3] = { { 0 } };
	int root = sysfstree_build(PF VF("driver=vfio-pci") FILE_(DRIVER("igbvf") "bind"));

	assert_int_equal(act_run(root, &igb, steps, 3, res), -ENOENT);
	assert_int_equal(res[0].code, 0);
	assert_int_equal(res[1].code, -ENOENT);
	assert_int_equal(res[2].code, -EIO);
	assert_string_equal(res[2].err.text, IN_VAIN "the driver is vfio-pci");
	sysfstree_remove(root);
}

/* The controller's device is opened only if it is what sysfs says that it is. */
static void nvme(void **state _unused_)
{
	struct step s = step_attr(VF_VQ_RESOURCES, 0, 2);

	expect(PF VF(""), s, -ENOENT, "its driver has no controller for it: " NO_FILE, NULL, NULL);
	expect(PF VF("") FILE_(PF_FILE "nvme/nvme0n1/dev") FILE_(PF_FILE "nvme/nvme/dev"), s,
		-ENOENT, "its driver has no controller for it: " NO_FILE, NULL, NULL);
	expect(PF VF("") TEXT(PF_FILE "nvme/nvme3/dev", "239"), s, -EBADMSG,
		"/" PF_FILE "nvme/nvme3/dev: Bad message (EBADMSG)", NULL, NULL);
	expect(PF VF("") TEXT(PF_FILE "nvme/nvme3/dev", "239:3\\n"), s, -ENOENT,
		"cannot open /dev/nvme3: " NO_FILE " (a service may not see devices: "
		"sriovctl-policy(5), vq_resources)",
		NULL, NULL);
	expect(PF VF("") TEXT(PF_FILE "nvme/nvme3/dev", "239:3\\n") TEXT("dev/nvme3", "x"), s,
		-ENODEV, "cannot open /dev/nvme3: No such device (ENODEV)", "dev/nvme3", "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unbind),
		cmocka_unit_test(in_use),
		cmocka_unit_test(override),
		cmocka_unit_test(bind),
		cmocka_unit_test(autoprobe),
		cmocka_unit_test(numvfs),
		cmocka_unit_test(several),
		cmocka_unit_test(nvme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
