/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses each VF, as a scan of a directory with a host's files finds out, and the last look. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "host/busy.h"
#include "host/host.h"
#include "host/netns.h"
#include "host/procs.h"
#include "sysfstree.h"

/* A card whose VFs have addresses 01:10.0, 01:10.2, … and groups 15, 16, … */
#define PF "iommu dmar0\npf 0000:01:00.0 id=8086:10c9 driver=igb group=14 total=7 vf_device=10ca\n"
#define VF(index, address, more) \
	"vf 0000:01:00.0 " index " 0000:01:" address " id=8086:10ca " more "\n"
#define OPEN0 VF("0", "10.0", "driver=vfio-pci enable=1 group=15")

/* A process: "file"s and a link per open node. */
#define PROC(pid, comm)     "file proc/" pid "/comm " comm "\\n\n"
#define FD(pid, fd, target) "link proc/" pid "/fd/" fd " " target "\n"

static struct inventory *scan(int root)
{
	struct inventory *inv = NULL;
	struct err e = { "" };
	struct host *h;

	assert_int_equal(host_open_dir(sysfstree_path(root), &h, &e), 0);
	assert_int_equal(h->ops->scan(h, SCAN_USERS, &inv, &e), 0);
	h->ops->close(h);
	return inv;
}

/* The last look must say the same as the plan. */
static void expect_busy(int root, const char *address, const char *want)
{
	struct err e = { "" };
	int r = busy_check(root, false, address, &e);

	assert_int_equal(r, want ? -EBUSY : 0);
	if (want)
		assert_non_null(strstr(e.text, want));
}

static void expect_in(int root, unsigned index, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct inventory *inv = scan(root);
	const struct vf *vf = inventory_vf(&inv->pfs[0], index);

	assert_non_null(vf);
	assert_int_equal(inventory_vf_used(inv, vf, &b), want != NULL);
	assert_string_equal(buf_text(&b), want ? want : "");
	expect_busy(root, pciaddr_text(inv->devs[vf->dev].addr).s, want);
	inventory_free(inv);
}

/* What VF 0 of the host that MANIFEST describes is used by; NULL: nothing. */
static void expect(const char *manifest, const char *want)
{
	int root = sysfstree_build(manifest);

	expect_in(root, 0, want);
	sysfstree_remove(root);
}

/* Puts a process's command line, whose arguments end in "|" here, into the tree. */
static void add_cmdline(int root, const char *pid, const char *line)
{
	_cleanup_free_ char *text = mem_strdup(line);
	_cleanup_close_ int fd = -1;
	char path[64];

	for (char *p = text; *p; p++)
		if (*p == '|')
			*p = '\0';
	snprintf(path, sizeof(path), "proc/%s/cmdline", pid);
	fd = openat(root, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(line)), strlen(line));
}

static void open_without_processes(void **state _unused_)
{
	expect(PF OPEN0, "open in a VFIO user");
	expect(PF VF("0", "10.0", "driver=vfio-pci enable=0 group=15"), NULL);
	expect(PF OPEN0 PROC("7", "other") FD("7", "3", "/dev/vfio/16"), "open in a VFIO user");
	expect(PF OPEN0 PROC("7", "testpmd") FD("7", "3", "/dev/vfio/15"),
		"open in process testpmd (pid 7)");
	expect(PF OPEN0 PROC("7", "testpmd") FD("7", "3", "/dev/vfio/noiommu-15"),
		"open in process testpmd (pid 7)");
}

static void open_by_cdev(void **state _unused_)
{
	expect(PF VF("0", "10.0",
		       "driver=vfio-pci enable=1") "file "
						   "sys/bus/pci/devices/0000:01:10.0/vfio-dev/"
						   "vfio3/dev 511:3\\n\n" PROC("7", "vmm")
							   FD("7", "9", "/dev/vfio/devices/vfio3"),
		"open in process vmm (pid 7)");
}

static void virtual_machine(void **state _unused_)
{
	int root = sysfstree_build(PF OPEN0 PROC("7", "helper") FD("7", "3", "/dev/vfio/15") PROC(
		"2211", "kvm") FD("2211", "0", "/dev/null") FD("2211", "30", "/dev/vfio/vfio")
			FD("2211", "31", "/dev/vfio/15"));

	add_cmdline(root, "7", "helper|-name|x|");
	add_cmdline(root, "2211", "/usr/bin/kvm|-id|104|-name|fw,debug-threads=on|");
	expect_in(root, 0, "open in VM 104 \"fw\" (kvm, pid 2211)");
	sysfstree_remove(root);
}

static void in_a_container(void **state _unused_)
{
	expect(PF OPEN0 PROC("7", "testpmd")
			FD("7", "3", "/dev/vfio/15") "file proc/7/cgroup 0::/lxc/100/ns\\n\n",
		"open in container 100 (testpmd, pid 7)");
}

/* What others write, or leave half-way, neither stops the scan nor steers the terminal. */
static void hostile_processes(void **state _unused_)
{
	int root = sysfstree_build(PF OPEN0
		"file proc/3 x\nlink proc/4 /nowhere\nfile proc/5/fd x\nfile proc/6/comm gone\n"
		"link proc/0/fd/1 /dev/vfio/15\nlink proc/7x/fd/1 /dev/vfio/15\n"
		"link proc/99999999999/fd/1 /dev/vfio/15\n" FD(
			"8", "1", "/dev/vfio/15") /* vanished: no name any more */
		FD("9", "1", "/dev/vfio/15x") FD("9", "2", "/dev/vfio/-15") FD("9", "3", "15") FD(
			"9", "4", "/dev/vfio/") FD("9", "5", "/dev/vfio/99999999999999999999")
			FD("9", "6", "/dev/vfio/devices/vfio") PROC("9", "nobody") PROC(
				"10", "a\033[2Jb")
				FD("10", "1", "/dev/vfio/15") "link proc/10/cmdline /nowhere\nlink "
							      "proc/10/cgroup cgroup\n");

	expect_in(root, 0, "open in process \"a\\u001b[2Jb\" (pid 10)");
	sysfstree_remove(root);
}

/* A truncated command line, and one that is larger than what is read of it. */
static void odd_command_lines(void **state _unused_)
{
	int root = sysfstree_build(PF OPEN0 PROC("7", "kvm") FD("7", "3", "/dev/vfio/15"));
	_cleanup_(buf_done) struct buf b = { 0 };

	add_cmdline(root, "7", "kvm|-id|10");
	expect_in(root, 0, "open in VM 10 (kvm, pid 7)");
	buf_add(&b, "kvm|-name|big|");
	for (int i = 0; i < 3000; i++)
		buf_add(&b, "-device|x|");
	add_cmdline(root, "7", buf_text(&b));
	expect_in(root, 0, "open in VM \"big\" (kvm, pid 7)");
	sysfstree_remove(root);
}

static void thousands_of_processes(void **state _unused_)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	int root;

	buf_add(&b, PF OPEN0);
	for (int i = 1; i <= 3000; i++)
		buf_addf(&b, "link proc/%d/fd/1 /dev/vfio/%d\nlink proc/%d/ns/net net:[%d]\n", i,
			i == 2900 ? 15 : 100 + i, i, 1 + i % 7);
	buf_add(&b, PROC("2900", "testpmd"));
	root = sysfstree_build(buf_text(&b));
	expect_in(root, 0, "open in process testpmd (pid 2900)");
	sysfstree_remove(root);
}

static void namespaces(void **state _unused_)
{
	int root = sysfstree_build("link proc/1/ns/net net:[77]\nlink proc/2/ns/net net:[77]\n"
				   "link proc/3/ns/net net:[78]\nlink proc/4/ns/net net:[x]\n"
				   "link proc/5/ns/net net:[79\nlink proc/6/ns/net net:[80]x\n"
				   "link proc/7/ns/net mnt:[81]\n");
	struct procs *p = procs_scan(root);
	const struct procs_netns *ns;
	size_t n;

	ns = procs_namespaces(p, &n);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		assert_true(ns[i].inode == 78 ? ns[i].pid == 3 : ns[i].inode == 77);
	procs_free(p);
	sysfstree_remove(root);
}

#define RESERVED "run/qemu-server/pci-id-reservations"
#define IDLE0    VF("0", "10.0", "driver=vfio-pci enable=0 group=15")

static void reservations(void **state _unused_)
{
	char text[512];

	expect(PF IDLE0 "file " RESERVED " 0000:01:10.0 104 pid:7\\n\n" PROC("7", "kvm"),
		"reserved for VM 104 (Proxmox)");
	expect(PF IDLE0 "file " RESERVED " 0000:01:10.0 104 pid:8\\n\n" PROC("7", "kvm"), NULL);
	/* A copy without processes: there is no telling. */
	expect(PF IDLE0 "file " RESERVED " 0000:01:10.0 104 pid:8\\n\n",
		"reserved for VM 104 (Proxmox)");
	expect(PF IDLE0 "file " RESERVED " 0000:01:10.2 104 pid:7\\n\n" PROC("7", "kvm"), NULL);
	expect(PF IDLE0 "file " RESERVED " 0000:01:10.0 104 time:1\\n\n", NULL);
	snprintf(text, sizeof(text),
		PF IDLE0 "file " RESERVED " garbage\\n\\n0000:01:10.0 105 time:%lld\\n0000:01\n",
		(long long)time(NULL) + 60);
	expect(text, "reserved for VM 105 (Proxmox)");
	expect(PF IDLE0 "link " RESERVED " /nowhere\n", NULL);
	expect(PF IDLE0 "link " RESERVED " pci-id-reservations\n", NULL);
	expect(PF OPEN0 "file " RESERVED " 0000:01:10.0 104 pid:7\\n\n" PROC("7", "kvm"),
		"open in a VFIO user, reserved for VM 104 (Proxmox)");
}

static void interfaces(void **state _unused_)
{
#define HOST0 VF("0", "10.0", "driver=igbvf group=15")
	expect(PF HOST0 "net 0000:01:10.0 vf0 ifindex=4 flags=0x1002\n", NULL);
	expect(PF HOST0 "net 0000:01:10.0 vf0 ifindex=4 flags=0x1003\n", "vf0 is up");
	expect(PF HOST0 "net - br0 ifindex=3 flags=0x1002\n"
			"net 0000:01:10.0 vf0 ifindex=4 flags=0x1002 master=br0\n",
		"vf0 is a member of br0");
	expect(PF HOST0 "net 0000:01:10.0 vf0 ifindex=4 flags=0x1002\n"
			"link sys/class/net/vf0/upper_vf0.5 ../vf0.5\n",
		"vf0.5 is on top of vf0");
	expect(PF HOST0 "away 0000:01:10.0\n", "its interface is in another network namespace");
	/* A function may have one per port; any of them counts. */
	expect(PF HOST0 "net 0000:01:10.0 vf0 ifindex=4 flags=0x1002\n"
			"net 0000:01:10.0 vf0b ifindex=5 flags=0x1003 dev_port=1\n",
		"vf0b is up");
	expect(PF VF("0", "10.0", "driver=nvme class=010802"), "the host's driver nvme has it");
	expect(PF VF("0", "10.0", ""), NULL);
}

static void rdma(void **state _unused_)
{
#define VERBS                                                \
	"file sys/class/infiniband_verbs/abi_version 6\\n\n" \
	"file sys/bus/pci/devices/0000:01:10.0/infiniband_verbs/uverbs2/dev 231:194\\n\n"
	expect(PF HOST0 VERBS, NULL);
	expect(PF HOST0 VERBS PROC("7", "perf") FD("7", "3", "/dev/infiniband/uverbs1"), NULL);
	expect(PF HOST0 VERBS PROC("7", "perf") FD("7", "3", "/dev/infiniband/uverbs2"),
		"its RDMA device is open in process perf (pid 7)");
}

static const char *assigned(const struct inventory *inv, unsigned index)
{
	const char *s = inv->devs[inventory_vf(&inv->pfs[0], index)->dev].users.assigned;

	return s ? s : "-";
}

static void configurations(void **state _unused_)
{
	int root = sysfstree_build(PF IDLE0 VF("1", "10.2", "driver=vfio-pci enable=0") VF(
		"2", "11.0", "") VF("3", "11.2",
		"") "file etc/pve/nodes/pve1/qemu-server/104.conf hostpci0: "
		    "host=01:10.2,pcie=1\\n\n"
		    "file etc/pve/nodes/pve1/qemu-server/105.conf.tmp hostpci0: 01:10.0\\n\n"
		    "file etc/pve/nodes/pve1/qemu-server/x.conf hostpci0: 01:10.0\\n\n"
		    "file etc/pve/nodes/pve1/qemu-server/106.conf hostpci0: 0000:01:11\\n\n"
		    "link etc/pve/nodes/pve1/qemu-server/107.conf /nowhere\n"
		    "link etc/pve/qemu-server nodes/pve1/qemu-server\n");
	struct inventory *inv = scan(root);

	assert_string_equal(assigned(inv, 0), "-");
	assert_string_equal(assigned(inv, 1), "VM 104");
	assert_string_equal(assigned(inv, 2), "VM 106");
	assert_string_equal(assigned(inv, 3), "VM 106");
	inventory_free(inv);
	expect_in(root, 1, NULL);
	sysfstree_remove(root);
}

static void last_look(void **state _unused_)
{
	int root = sysfstree_build(PF IDLE0);
	struct err e = { "" };

	expect_busy(root, "0000:01:10.2", NULL); /* gone */
	assert_int_equal(busy_check(root, false, "nonsense", &e), -EINVAL);
	sysfstree_remove(root);
	root = sysfstree_build(PF IDLE0 "file sys/bus/pci/devices/0000:01:10.0/uevent x\\n");
	assert_int_equal(busy_check(root, false, "0000:01:10.0", &e), -EBADMSG);
	sysfstree_remove(root);
}

/* More than are looked at, 1,440 times the same VF: those that come first count all the same. */
static void too_many_configured(void **state _unused_)
{
	_cleanup_(buf_done) struct buf tree = { 0 };
	struct inventory *inv;
	int root;

	buf_add(&tree, PF IDLE0);
	for (int vm = 100; vm < 115; vm++) {
		buf_addf(&tree, "file etc/pve/qemu-server/%d.conf hostpci0: ", vm);
		for (int i = 0; i < 96; i++)
			buf_add(&tree, "01:10.0;");
		buf_add(&tree, "\\n\n");
	}
	root = sysfstree_build(buf_text(&tree));
	inv = scan(root);
	assert_memory_equal(assigned(inv, 0), "VM 1", 4);
	inventory_free(inv);
	sysfstree_remove(root);
}

/* On this machine no namespace has the interface of a function that there cannot be. */
static void this_machine(void **state _unused_)
{
	struct netns_search search = { .addr = { 0xfffe, 0xff, 0xff } };
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct procs *p = procs_scan(root);
	struct mem_pool *strings = mem_pool_new();
	struct usage_holder self = procs_holder(p, getpid(), strings);

	assert_int_equal(self.pid, getpid());
	assert_non_null(self.process);
	assert_int_equal(procs_holder(p, INT32_MAX, strings).pid, 0);
	netns_find(root, p, &search, 1);
	assert_true(search.pid == 0 && !search.name[0]);
	mem_pool_free(strings);
	procs_free(p);
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_without_processes),
		cmocka_unit_test(open_by_cdev),
		cmocka_unit_test(virtual_machine),
		cmocka_unit_test(in_a_container),
		cmocka_unit_test(hostile_processes),
		cmocka_unit_test(odd_command_lines),
		cmocka_unit_test(thousands_of_processes),
		cmocka_unit_test(namespaces),
		cmocka_unit_test(reservations),
		cmocka_unit_test(interfaces),
		cmocka_unit_test(rdma),
		cmocka_unit_test(configurations),
		cmocka_unit_test(too_many_configured),
		cmocka_unit_test(last_look),
		cmocka_unit_test(this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
