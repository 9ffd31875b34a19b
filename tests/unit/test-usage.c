/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a VF: the judgement and its words, and guests in the texts that tell of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/guest.h"
#include "core/usage.h"

/* TEXT is NULL for a VF that is idle. */
static void expect(const struct vf_usage *u, const char *text)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	assert_int_equal(usage_text(u, &b), text != NULL);
	assert_string_equal(buf_text(&b), text ? text : "");
}

static void idle(void **state _unused_)
{
	struct vf_usage u = { .network = true };

	expect(&u, NULL);
	u.driver = "vfio-pci";
	expect(&u, NULL);
	u.driver = "igbvf";
	u.netdev = "eth1";
	expect(&u, NULL);
	u.users.assigned = "VM 104";
	expect(&u, NULL);
	u.network = false;
	u.driver = "vfio-pci";
	u.netdev = NULL;
	expect(&u, NULL);
	u.driver = "nvme";
	expect(&u, "the host's driver nvme has it");
	assert_null(usage_holder(&u).guest);
}

static void open_in_vfio(void **state _unused_)
{
	struct vf_usage u = { .network = true, .driver = "vfio-pci", .vfio_open = true };

	expect(&u, "open in a VFIO user");
	u.users.reserved = "VM 104";
	expect(&u, "open in a VFIO user, reserved for VM 104 (Proxmox)");
	assert_string_equal(usage_holder(&u).guest, "VM 104");
	u.users.vfio = (struct usage_holder){ 12, "dpdk-testpmd", NULL };
	expect(&u, "open in process dpdk-testpmd (pid 12), reserved for VM 104 (Proxmox)");
	u.users.reserved = NULL;
	expect(&u, "open in process dpdk-testpmd (pid 12)");
	u.users.vfio = (struct usage_holder){ 2211, "qemu-system-x86", "VM 104 \"fw\"" };
	expect(&u, "open in VM 104 \"fw\" (qemu-system-x86, pid 2211)");
	u.users.reserved = "VM 104";
	expect(&u, "open in VM 104 \"fw\" (qemu-system-x86, pid 2211)");
	assert_int_equal(usage_holder(&u).pid, 2211);
	u.vfio_open = false;
	expect(&u, "reserved for VM 104 (Proxmox)");
	assert_int_equal(usage_holder(&u).pid, 0);
	assert_string_equal(usage_holder(&u).guest, "VM 104");
}

static void hostile_names(void **state _unused_)
{
	struct vf_usage u = { .driver = "vfio-pci", .vfio_open = true };

	u.users.vfio = (struct usage_holder){ 7, "x) is idle", NULL };
	expect(&u, "open in process \"x) is idle\" (pid 7)");
	u.users.vfio.process = "\033[2Jx\n";
	expect(&u, "open in process \"\\u001b[2Jx\\u000a\" (pid 7)");
	u.users.vfio.process = "";
	expect(&u, "open in process \"\" (pid 7)");
	u.vfio_open = false;
	u.network = u.netdev_away = true;
	u.users.netns_name = "blue\033";
	expect(&u, "its interface is in the network namespace \"blue\\u001b\"");
}

static void away(void **state _unused_)
{
	struct vf_usage u = { .network = true, .driver = "igbvf", .netdev_away = true };

	expect(&u, "its interface is in another network namespace");
	u.users.netns = (struct usage_holder){ 31, "sleep", NULL };
	expect(&u, "its interface is in the network namespace of process sleep (pid 31)");
	u.users.netns_name = "blue";
	expect(&u, "its interface is in the network namespace blue");
	u.users.netns = (struct usage_holder){ 31, "init", "container 100" };
	expect(&u, "its interface is in container 100 (init, pid 31)");
	assert_int_equal(usage_holder(&u).pid, 31);
}

static void interface(void **state _unused_)
{
	struct vf_usage u = { .network = true, .driver = "igbvf", .netdev = "eth1", .up = true };

	expect(&u, "eth1 is up");
	u.users.address = "192.0.2.1/24";
	expect(&u, "eth1 has the address 192.0.2.1/24");
	u.up = false;
	expect(&u, "eth1 has the address 192.0.2.1/24");
	u.users.upper = "eth1.5";
	expect(&u, "eth1.5 is on top of eth1");
	u.master = "vmbr0";
	expect(&u, "eth1 is a member of vmbr0");
	u.users.default_route = true;
	expect(&u, "the default route leads out of eth1");
	u.users.session = true;
	expect(&u, "this SSH session comes in by eth1");
	u.users.rdma = (struct usage_holder){ 5, "ib_write_bw", NULL };
	expect(&u, "its RDMA device is open in process ib_write_bw (pid 5)");
}

/* Command lines are written with "|" for NUL here. WANT is NULL for what is no virtual machine. */
static void vm(const char *line, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	_cleanup_free_ char *text = mem_strdup(line);
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if (text[i] == '|')
			text[i] = '\0';
	assert_int_equal(guest_from_cmdline(text, len, &b), want != NULL);
	assert_string_equal(buf_text(&b), want ? want : "");
}

static void command_lines(void **state _unused_)
{
	vm("/usr/bin/kvm|-id|104|-name|fw,debug-threads=on|-no-shutdown|", "VM 104 \"fw\"");
	vm("/usr/bin/qemu-system-x86_64|-name|guest=web,debug-threads=on|-S|", "VM \"web\"");
	vm("qemu-system-x86_64|-machine|q35|-name|stays", "VM \"stays\"");
	vm("qemu-kvm|-S|-name|x|", "VM \"x\"");
	vm("qemu-system-x86_64|-nodefaults|-no-reboot|-name|process=p,guest=g", "VM \"g\"");
	vm("kvm|-id|5", "VM 5");
	vm("kvm", "a VM");
	vm("kvm|-id|", "a VM");
	vm("kvm|-id|5x|-name|", "a VM");
	vm("kvm|-name|debug-threads=on", "a VM");
	vm("kvm|-append|-id|-id|7", "VM 7");
	vm("kvm|-append|x|-name|\033[2J\n", "VM \"\\u001b[2J\\u000a\"");
	vm("bash|-name|x|-id|1", NULL);
	vm("/tmp/kvm/x|-name|x", NULL);
	vm("", NULL);
	vm("|||", NULL);
	vm("kvm|-name|0123456789012345678901234567890123456789012345678901234567890123456789",
		"VM \"012345678901234567890123456789012345678901234567890123456789…\"");
}

static void container(const char *text, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	assert_int_equal(guest_from_cgroup(text, &b), want != NULL);
	assert_string_equal(buf_text(&b), want ? want : "");
}

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void control_groups(void **state _unused_)
{
	container("0::/lxc/100/ns/init.scope", "container 100");
	container("12:pids:/\n3:cpuset:/lxc/100/ns\n0::/\n", "container 100");
	container("0::/lxc/web", "container \"web\"");
	container("0::/lxc.payload.db/init.scope", "container \"db\"");
	container("0::/system.slice/docker-" HEX ".scope", "Docker container 0123456789ab");
	container("0::/docker/" HEX, "Docker container 0123456789ab");
	container("0::/machine.slice/libpod-" HEX ".scope/container",
		"Podman container 0123456789ab");
	container("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" HEX ".scope",
		"Kubernetes container 0123456789ab");
	container("0::/machine.slice/systemd-nspawn@my\\x2dbox.service/payload",
		"container \"my-box\"");
	container("0::/machine.slice/machine-qemu\\x2d1\\x2dfw.scope", "machine \"qemu-1-fw\"");
	container("0::/machine.slice/machine-a\\x1b\\x00.scope", "machine \"a\\u001b\\x00\"");
	container("0::/user.slice/user-1000.slice/session-3.scope", NULL);
	container("0::/lxc", NULL);
	container("0::/lxc.payload.", NULL);
	container("0::/docker/short", NULL);
	container("0::/docker/" HEX "/../x\n", "Docker container 0123456789ab");
	container("0::/system.slice/machine-x.scope", NULL);
	container("::::\n:\n\n0", NULL);
	container("", NULL);
}

static void reservations(void **state _unused_)
{
	struct guest_reservation r;

	assert_true(guest_reservation("0000:01:10.2 104 pid:2211", &r));
	assert_string_equal(pciaddr_text(r.addr).s, "0000:01:10.2");
	assert_true(r.vmid == 104 && r.by_pid && r.until == 2211);
	assert_true(guest_reservation("01:10.2 9 time:1700000000", &r));
	assert_true(r.vmid == 9 && !r.by_pid && r.until == 1700000000);
	assert_false(guest_reservation("", &r));
	assert_false(guest_reservation("0000:01:10.2 104", &r));
	assert_false(guest_reservation("0000:01:10.2 104 pid:", &r));
	assert_false(guest_reservation("0000:01:10.2 104 pid:-1", &r));
	assert_false(guest_reservation("0000:01:10.2 -4 pid:1", &r));
	assert_false(guest_reservation("0000:01:10.2 104 pid:1x", &r));
	assert_false(guest_reservation("0000:01:10.2 104 pix:1", &r));
	assert_false(guest_reservation("0000:01:10.9 104 pid:1", &r));
	assert_false(guest_reservation("0000:01:10.2 104 pid:9999999999999999999999", &r));
	assert_false(guest_reservation("0000:01:10.2 99999999999 pid:1", &r));
}

static void add_device(struct pciaddr a, bool all, void *arg)
{
	buf_addf(arg, "%s%s ", pciaddr_text(a).s, all ? "*" : "");
}

static void devices(const char *conf, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	guest_hostpci(conf, add_device, &b);
	assert_string_equal(buf_text(&b), want);
}

static void configurations(void **state _unused_)
{
	devices("cores: 2\nhostpci0: 0000:01:10.2,pcie=1\nhostpci1: host=01:10.4;0000:02:00.0\n",
		"0000:01:10.2 0000:01:10.4 0000:02:00.0 ");
	devices("hostpci15: pcie=1,host=01:10", "0000:01:10.0* ");
	devices("hostpci0: mapping=fw,pcie=1\n", "");
	devices("hostpci0: 01:10.2\n[before]\nhostpci1: 01:10.4\n", "0000:01:10.2 ");
	devices("hostpcix: 01:10.2\nhostpci: 01:10.2\n#hostpci0: 01:10.2\nhostpci0 01:10.2", "");
	devices("hostpci0: ;;,,host=;host=01:10.2x,host=zz:10,host=", "");
	devices("hostpci0: host=0000:01:10.20000000000000000000000000000000", "");
	devices("", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle),
		cmocka_unit_test(open_in_vfio),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(away),
		cmocka_unit_test(interface),
		cmocka_unit_test(command_lines),
		cmocka_unit_test(control_groups),
		cmocka_unit_test(reservations),
		cmocka_unit_test(configurations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
