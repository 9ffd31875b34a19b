/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scans of directories: what is found, what is not read, and what hostile contents do. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "host/host.h"
#include "sysfstree.h"

#define ALL (SCAN_VF_ATTRS | SCAN_HOST_DRIVER | SCAN_PATHS | SCAN_SLOTS)

static struct inventory *scan_dir(const char *dir, int *ret, struct err *e)
{
	struct inventory *inv = NULL;
	struct host *h;

	assert_int_equal(host_open_dir(dir, &h, e), 0);
	*ret = h->ops->scan(h, ALL, &inv, e);
	h->ops->close(h);
	return inv;
}

/* Scans and removes the directory behind ROOT; it has to succeed. */
static struct inventory *scan_and_remove(int root)
{
	struct err e = { "" };
	int r;
	struct inventory *inv = scan_dir(sysfstree_path(root), &r, &e);

	sysfstree_remove(root);
	assert_string_equal(e.text, "");
	assert_int_equal(r, 0);
	assert_non_null(inv);
	return inv;
}

static struct inventory *scan_text(const char *text)
{
	return scan_and_remove(sysfstree_build(text));
}

static struct inventory *scan_data(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/sysfs/%s.tree", getenv("TEST_DATA"), name);
	return scan_and_remove(sysfstree_load(path));
}

/* The scan of what TEXT says has to fail, with a message that contains WHY. */
static void fails(const char *text, int code, const char *why)
{
	int root = sysfstree_build(text), r;
	struct err e = { "" };
	struct inventory *inv = scan_dir(sysfstree_path(root), &r, &e);

	sysfstree_remove(root);
	assert_null(inv);
	assert_int_equal(r, code);
	if (!strstr(e.text, why))
		fail_msg("\"%s\" does not contain \"%s\"", e.text, why);
}

static const struct dev *dev_at(const struct inventory *inv, const char *address)
{
	struct pciaddr a;
	int i;

	assert_int_equal(pciaddr_parse(address, &a), 0);
	i = inventory_dev(inv, a);
	assert_true(i >= 0);
	return &inv->devs[i];
}

static const struct netdev *netdev_of(const struct inventory *inv, const char *address)
{
	int i = dev_at(inv, address)->netdev;

	assert_true(i >= 0);
	return &inv->netdevs[i];
}

static void igb_functions(void **state _unused_)
{
	struct inventory *inv = scan_data("igb");
	const struct pf *pf = &inv->pfs[0];
	const struct dev *d = dev_at(inv, "0000:01:00.0");

	assert_string_equal(inv->hostname, "lab");
	assert_string_equal(inv->kernel, "");
	assert_true(inv->offline && inv->has_iommu);
	assert_int_equal(inv->n_devs, 10);
	assert_int_equal(inv->n_pfs, 1);
	assert_int_equal(d->vendor, 0x8086);
	assert_int_equal(d->device, 0x10c9);
	assert_int_equal(d->subsystem_vendor, 0x8086);
	assert_int_equal(d->subsystem_device, 0xa03c);
	assert_int_equal(d->class_code, 0x020000);
	assert_string_equal(d->driver, "igb");
	assert_string_equal(d->path, "pci-0000:01:00.0");
	assert_true(d->iommu_group == 14 && d->numa_node == 0 && d->pf == 0 && d->vf == -1);
	assert_true(&inv->devs[pf->dev] == d);
	assert_true(pf->total_vfs == 7 && pf->offset == 128 && pf->stride == 2);
	assert_true(pf->vf_device == 0x10ca && !pf->autoprobe && !pf->has_vf_attrs);
	d = dev_at(inv, "0000:00:02.0");
	assert_true(d->class_code == 0x060400 && d->pf == -1 && d->numa_node == -1);
	inventory_free(inv);
}

static void igb_vfs(void **state _unused_)
{
	static const char *const addresses[] = { "0000:01:10.0", "0000:01:10.2", "0000:01:10.4",
		"0000:01:10.6", "0000:01:11.0", "0000:01:11.2", "0000:01:11.4" };
	struct inventory *inv = scan_data("igb");
	const struct pf *pf = &inv->pfs[0];
	const struct dev *d;

	assert_int_equal(pf->n_vfs, 7);
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		d = dev_at(inv, addresses[i]);
		assert_true(&inv->devs[pf->vfs[i].dev] == d);
		assert_true(pf->vfs[i].index == i && d->vf == (int)i && d->pf == 0);
		assert_true(d->iommu_group == 15 + (int)i && d->numa_node == 0);
		assert_int_equal(pf->vfs[i].attrs.set, 0);
	}
	d = dev_at(inv, "0000:01:10.0");
	assert_true(d->vfio_open && strcmp(d->driver, "vfio-pci") == 0);
	assert_string_equal(d->override, "vfio-pci");
	assert_false(dev_at(inv, "0000:01:10.2")->vfio_open);
	/* `enable` is 1 under any driver; only a VFIO driver's tells of a user. */
	d = dev_at(inv, "0000:01:10.6");
	assert_true(!d->vfio_open && strcmp(d->driver, "igbvf") == 0);
	assert_null(dev_at(inv, "0000:01:11.0")->override);
	assert_null(dev_at(inv, "0000:01:11.4")->driver);
	inventory_free(inv);
}

static void igb_netdevs(void **state _unused_)
{
	struct inventory *inv = scan_data("igb");
	const struct netdev *n = netdev_of(inv, "0000:01:00.0");

	assert_int_equal(inv->n_netdevs, 6);
	for (size_t i = 0; i < inv->n_netdevs; i++)
		assert_int_equal(inv->netdevs[i].ifindex, i + 1);
	assert_string_equal(n->name, "enp1s0");
	assert_true(n->ethernet && n->up && n->carrier && n->mtu == 1500 && n->master == 0);
	assert_true(n->has_mac && n->mac == 0x525400112200);
	assert_true(n->has_perm_mac && n->perm_mac == n->mac);
	assert_true(&inv->devs[n->dev] == dev_at(inv, "0000:01:00.0"));
	n = netdev_of(inv, "0000:01:10.6");
	assert_true(!n->up && !n->carrier && n->has_perm_mac);
	n = netdev_of(inv, "0000:01:11.0");
	assert_true(n->up && n->master == 3 && !n->has_perm_mac);
	assert_false(inv->netdevs[0].ethernet);
	assert_int_equal(inv->netdevs[2].dev, -1);
	inventory_free(inv);
}

static void drivers_are_sorted(void **state _unused_)
{
	static const char *const names[] = { "e1000e", "igb", "igbvf", "pcieport", "vfio-pci" };
	struct inventory *inv = scan_data("igb");

	assert_int_equal(inv->n_drivers, ARRAY_SIZE(names));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(inv->drivers[i], names[i]);
	assert_true(inventory_has_driver(inv, "igbvf"));
	assert_false(inventory_has_driver(inv, "iavf"));
	inventory_free(inv);
}

static void two_ports(void **state _unused_)
{
	struct inventory *inv = scan_data("i40e");

	assert_int_equal(inv->n_pfs, 2);
	assert_int_equal(inv->pfs[0].n_vfs, 2);
	assert_int_equal(inv->pfs[1].n_vfs, 0);
	assert_true(inv->pfs[0].autoprobe);
	assert_int_equal(inv->pfs[1].offset, 79);
	assert_int_equal(dev_at(inv, "81:02.1")->numa_node, 1);
	assert_string_equal(netdev_of(inv, "81:00.1")->name, "enp129s0f1np1");
	assert_false(netdev_of(inv, "81:00.1")->up);
	assert_int_equal(dev_at(inv, "81:02.1")->netdev, -1);
	assert_false(dev_at(inv, "81:02.1")->netdev_away);
	inventory_free(inv);
}

static void no_nic(void **state _unused_)
{
	struct inventory *inv = scan_data("nvme");

	assert_int_equal(inv->n_netdevs, 0);
	assert_int_equal(inv->pfs[0].n_vfs, 4);
	assert_int_equal(inv->pfs[0].total_vfs, 127);
	assert_int_equal(dev_at(inv, "02:00.4")->vf, 3);
	assert_int_equal(dev_at(inv, "02:00.4")->iommu_group, 7);
	assert_false(dev_at(inv, "02:00.4")->vfio_open);
	inventory_free(inv);
}

static void stuck_disable(void **state _unused_)
{
	struct inventory *inv = scan_data("gap");
	const struct pf *pf = &inv->pfs[0];
	const struct dev *d = dev_at(inv, "01:10.2");

	assert_int_equal(pf->n_vfs, 1);
	assert_int_equal(pf->vfs[0].index, 2);
	assert_null(inventory_vf(pf, 1));
	assert_non_null(inventory_vf(pf, 2));
	/* Its driver still holds it, and reading driver_override might have hung. */
	assert_true(d->pf == -1 && d->vf == -1 && d->vfio_open && !d->override);
	assert_string_equal(d->driver, "vfio-pci");
	assert_string_equal(dev_at(inv, "01:10.4")->override, "vfio-pci");
	inventory_free(inv);
}

static void other_namespace(void **state _unused_)
{
	struct inventory *inv = scan_data("away");

	assert_true(dev_at(inv, "01:10.0")->netdev_away);
	assert_false(dev_at(inv, "01:10.2")->netdev_away);
	assert_false(dev_at(inv, "01:10.4")->netdev_away);
	assert_true(dev_at(inv, "01:10.4")->vfio_open);
	assert_false(dev_at(inv, "01:00.0")->netdev_away);
	inventory_free(inv);
}

static void without_iommu(void **state _unused_)
{
	struct inventory *inv = scan_data("no-iommu");

	assert_false(inv->has_iommu);
	assert_int_equal(dev_at(inv, "01:10.0")->iommu_group, -1);
	assert_int_equal(dev_at(inv, "01:10.0")->numa_node, -1);
	inventory_free(inv);
}

static void own_interface_among_several(void **state _unused_)
{
	struct inventory *inv = scan_data("switchdev");

	assert_string_equal(netdev_of(inv, "3b:00.0")->name, "uplink");
	assert_int_equal(inv->n_netdevs, 4);
	for (size_t i = 1; i < 4; i++)
		assert_true(&inv->devs[inv->netdevs[i].dev] == dev_at(inv, "3b:00.0"));
	assert_string_equal(netdev_of(inv, "00:03.0")->name, "eth0");
	inventory_free(inv);
}

static void empty_host(void **state _unused_)
{
	struct inventory *inv = scan_text("");

	assert_true(inv->n_devs == 0 && inv->n_pfs == 0 && inv->n_netdevs == 0);
	assert_string_equal(inv->hostname, "");
	inventory_free(inv);
}

static void no_such_directory(void **state _unused_)
{
	struct host *h = NULL;
	struct err e = { "" };

	assert_int_equal(host_open_dir("/tmp/no such directory", &h, &e), -ENOENT);
	assert_non_null(strstr(e.text, "/tmp/no such directory: "));
	assert_null(h);
}

static void no_sys(void **state _unused_)
{
	char dir[] = "/tmp/test-scan.XXXXXX";
	struct err e = { "" };
	int r;

	assert_non_null(mkdtemp(dir));
	assert_null(scan_dir(dir, &r, &e));
	rmdir(dir);
	assert_int_equal(r, -ENOENT);
	assert_non_null(strstr(e.text, "/sys/bus/pci/devices"));
}

#define DEV "dev 0000:00:01.0 id=8086:1234 driver=x\nfile sys/bus/pci/devices/0000:00:01.0/"
#define PF  "pf 0000:00:01.0 id=8086:1234 driver=x total=7\nfile sys/bus/pci/devices/0000:00:01.0/"

static void hostile_numbers(void **state _unused_)
{
	fails(PF "sriov_totalvfs -1\\n", -EINVAL, "0000:00:01.0/sriov_totalvfs: ");
	fails(PF "sriov_totalvfs 65536\\n", -ERANGE, "sriov_totalvfs: ");
	fails(PF "sriov_offset 99999999999999999999\\n", -EINVAL, "sriov_offset: ");
	fails(PF "sriov_vf_device 0x10000\\n", -ERANGE, "sriov_vf_device: ");
	fails(PF "sriov_drivers_autoprobe \\n", -EINVAL, "sriov_drivers_autoprobe: ");
	fails(DEV "numa_node 1x\\n", -EINVAL, "numa_node: ");
	fails(DEV "numa_node -2\\n", -EINVAL, "numa_node: ");
	fails("dev 0000:00:01.0 id=8086:1234 group=99999999999", -EINVAL, "iommu_group: ");
	fails("dev 0000:00:01.0 id=8086:1234 driver=vfio-pci enable=yes", -EINVAL, "enable: ");
}

static void hostile_uevent(void **state _unused_)
{
	static const char why[] = "0000:00:01.0/uevent: not what the kernel writes";

	fails(DEV "uevent x\\n", -EBADMSG, why);
	fails(DEV "uevent PCI_ID=8086\\n", -EBADMSG, why);
	fails(DEV "uevent PCI_ID=8086:1234x\\n", -EBADMSG, why);
	fails(DEV "uevent PCI_ID=80861:1234\\n", -EBADMSG, why);
	fails(DEV "uevent PCI_ID=8086:1234\\nPCI_CLASS=1000000\\n", -EBADMSG, why);
	fails(DEV "uevent PCI_ID=8086:1234\\nPCI_CLASS=-1\\n", -EBADMSG, why);
	fails(DEV "uevent PCI_ID=8086:1234\\nDRIVER=../x\\n", -EBADMSG, why);
	fails(DEV "uevent PCI_ID=8086:1234\\nDRIVER=\\n", -EBADMSG, why);
	fails(DEV "uevent PCI_ID=8086:1234\\nDRIVER=a\033b\\n", -EBADMSG, why);
	fails(DEV "uevent PCI_ID=8086:1234\\nPCI_SUBSYS_ID=a\\n", -EBADMSG, why);
}

static void huge_file(void **state _unused_)
{
	int root = sysfstree_build(DEV "x x"), fd, r;
	struct err e = { "" };
	char block[8192];

	memset(block, 'x', sizeof(block));
	fd = openat(root, "sys/bus/pci/devices/0000:00:01.0/uevent", O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, block, sizeof(block)), sizeof(block));
	close(fd);
	assert_null(scan_dir(sysfstree_path(root), &r, &e));
	assert_int_equal(r, -EFBIG);
	sysfstree_remove(root);
}

/* Entries that are no devices, links that lead nowhere or to the wrong place: all are passed over.
 */
static void hostile_entries(void **state _unused_)
{
	struct inventory *inv = scan_text(
		"pf 0000:01:00.0 id=8086:10c9 total=7\n"
		"pf 0000:02:00.0 id=8086:10c9 total=7\n"
		"vf 0000:01:00.0 0 0000:01:10.0 id=8086:10ca\n"
		"link sys/bus/pci/devices/0000:05:00.0 nowhere\n"
		"link sys/bus/pci/devices/not-an-address ..\n"
		"link sys/bus/pci/devices/00000:01:10.0 0000:01:10.0\n"
		"link sys/bus/pci/devices/01:10.0 0000:01:10.0\n"
		"link sys/bus/pci/devices/0000:01:00.0/virtfn1 ../0000:01:10.2\n"
		"link sys/bus/pci/devices/0000:01:00.0/virtfn2 ../0000:01:00.0\n"
		"link sys/bus/pci/devices/0000:01:00.0/virtfn3 ../../etc\n"
		"link sys/bus/pci/devices/0000:01:00.0/virtfn04 ../0000:01:10.0\n"
		"link sys/bus/pci/devices/0000:01:00.0/virtfn99999 ../0000:01:10.0\n"
		"link sys/bus/pci/devices/0000:02:00.0/virtfn0 ../0000:01:10.0\n"
		"link sys/bus/pci/devices/0000:02:00.0/virtfn1 ../0000:01:00.0\n"
		"file sys/class/net/bonding_masters x\n"
		"file sys/class/net/no-ifindex/flags 0x1\n"
		"file sys/class/net/a-name-that-is-too-long/ifindex 7\n"
		"file sys/class/net/neg/ifindex -7\n"
		"net - ok ifindex=9 mac=nonsense flags=nonsense mtu=nonsense\n");

	assert_true(inv->n_devs == 3 && inv->n_pfs == 2);
	assert_int_equal(inv->pfs[0].n_vfs, 1);
	assert_int_equal(inv->pfs[1].n_vfs, 0);
	assert_int_equal(dev_at(inv, "01:10.0")->pf, 0);
	assert_int_equal(inv->n_netdevs, 1);
	assert_true(inv->netdevs[0].ifindex == 9 && !inv->netdevs[0].has_mac);
	inventory_free(inv);
}

/* A host's files may be anybody's: a link in them that leads out of the directory must not be
 * followed. */
static void no_way_out(void **state _unused_)
{
	struct inventory *inv;

	if (syscall(SYS_openat2, -1, "", NULL, 0) < 0 && errno == ENOSYS)
		skip();
	inv = scan_text(
		"link sys/class/iommu /tmp\nlink etc/hostname /proc/sys/kernel/hostname\n"
		"link sys/bus/pci/devices/0000:00:00.0 /sys/devices/pci0000:00/0000:00:00.0\n"
		"link sys/bus/pci/drivers/x/up ../../../../../../../../../etc\n");
	assert_false(inv->has_iommu);
	assert_string_equal(inv->hostname, "");
	assert_int_equal(inv->n_devs, 0);
	inventory_free(inv);
}

/* Issue 7: 16 PFs with 256 VFs each. */
static void many(void **state _unused_)
{
	char text[16 * 160], *end = text;
	struct inventory *inv;

	for (unsigned i = 0; i < 16; i++)
		end += sprintf(end,
			"pf 0000:%02x:00.0 id=8086:1 driver=ice numa=1 total=256\n"
			"vfs 0000:%02x:00.0 0-255 0000:%02x:00.0 id=8086:2 driver=vfio-pci "
			"enable=0 group=%u\n",
			0x10 + 8 * i, 0x10 + 8 * i, 0x11 + 8 * i, 256 * i);
	inv = scan_text(text);
	assert_int_equal(inv->n_devs, 16 * 257);
	for (unsigned i = 0; i < 16; i++) {
		const struct pf *pf = &inv->pfs[i];

		assert_int_equal(pf->n_vfs, 256);
		for (unsigned k = 0; k < 256; k++) {
			const struct dev *d = &inv->devs[pf->vfs[k].dev];

			assert_true(pf->vfs[k].index == k && d->pf == (int)i && d->vf == (int)k);
			assert_true(d->numa_node == 1 && d->iommu_group == (int)(256 * i + k));
		}
	}
	inventory_free(inv);
}

static void assert_slot(const struct inventory *inv, const char *addr, const char *slot)
{
	const char *have = dev_at(inv, addr)->slot;

	if (slot)
		assert_string_equal(have ? have : "none", slot);
	else
		assert_null(have);
}

/* A slot has a device with all its functions, or all that is on a bus. */
static void slots(void **state _unused_)
{
	struct inventory *inv = scan_text("dev 0000:00:02.0 id=8086:29c0\n"
					  "dev 0000:01:00.0 id=8086:10c9\n"
					  "dev 0000:01:00.1 id=8086:10c9\n"
					  "dev 0000:01:10.0 id=8086:10ca\n"
					  "dev 0000:02:00.0 id=8086:10c9\n"
					  "dev 0000:02:01.0 id=8086:10c9\n"
					  "dev 10000:01:00.0 id=8086:10c9\n"
					  "file sys/bus/pci/slots/UIO_Slot1/address 0000:01:00\\n\n"
					  "file sys/bus/pci/slots/2/address 0000:02\\n\n"
					  "file sys/bus/pci/slots/2-1/address 0000:02:01\\n\n"
					  "file sys/bus/pci/slots/3/address 0000:03:00\\n\n");

	assert_slot(inv, "0000:00:02.0", NULL);
	assert_slot(inv, "0000:01:00.0", "UIO_Slot1");
	assert_slot(inv, "0000:01:00.1", "UIO_Slot1");
	assert_slot(inv, "0000:01:10.0", NULL);
	assert_slot(inv, "0000:02:00.0", "2");
	assert_slot(inv, "0000:02:01.0", "2-1");
	assert_slot(inv, "10000:01:00.0", NULL);
	inventory_free(inv);
}

/* Whatever the directory's order: the slot of one device is what is meant. */
static void slot_before_bus(void **state _unused_)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	struct inventory *inv;

	for (unsigned bus = 1; bus < 9; bus++)
		buf_addf(&text,
			"dev 0000:0%u:01.0 id=8086:10c9\n"
			"file sys/bus/pci/slots/%u/address 0000:0%u%s\\n\n"
			"file sys/bus/pci/slots/%u-1/address 0000:0%u%s\\n\n",
			bus, bus, bus, bus % 2 ? "" : ":01", bus, bus, bus % 2 ? ":01" : "");
	inv = scan_text(buf_text(&text));
	for (unsigned bus = 1; bus < 9; bus++) {
		char addr[16], slot[8];

		snprintf(addr, sizeof(addr), "0000:0%u:01.0", bus);
		snprintf(slot, sizeof(slot), bus % 2 ? "%u-1" : "%u", bus);
		assert_slot(inv, addr, slot);
	}
	inventory_free(inv);
}

/* What is no slot, or none that a policy could name, is none. */
static void odd_slots(void **state _unused_)
{
	struct inventory *inv = scan_text(
		"dev 0000:01:00.0 id=8086:10c9\n"
		"file sys/bus/pci/slots/a/address \n"
		"file sys/bus/pci/slots/b/address 0\\n\n"
		"file sys/bus/pci/slots/c/address 0000:01:0\\n\n"
		"file sys/bus/pci/slots/d/address 0000:01:00.0\\n\n"
		"file sys/bus/pci/slots/e/address 0000:01:00 0000:01:00 0000:01:00\\n\n"
		"file sys/bus/pci/slots/f/adapter 0\\n\n"
		"file sys/bus/pci/slots/g 0000:01:00\\n\n"
		"file sys/bus/pci/slots/"
		"01234567890123456789012345678901234567890123456789012345678901234/address "
		"0000:01:00\\n\n");

	assert_slot(inv, "0000:01:00.0", NULL);
	inventory_free(inv);
}

static void nothing_is_written_to_a_directory(void **state _unused_)
{
	const struct step step = { .kind = STEP_AUTOPROBE, .vf = -1 };
	struct step_result res = { 0 };
	int root = sysfstree_build("");
	struct plan_pf pf = { 0 };
	struct err e = { "" };
	struct host *h;

	assert_int_equal(host_open_dir(sysfstree_path(root), &h, &e), 0);
	assert_int_equal(h->ops->run(h, &pf, &step, 1, &res), -EROFS);
	assert_int_equal(res.code, -EROFS);
	assert_true(res.err.text[0]);
	h->ops->close(h);
	sysfstree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(igb_functions),
		cmocka_unit_test(igb_vfs),
		cmocka_unit_test(igb_netdevs),
		cmocka_unit_test(drivers_are_sorted),
		cmocka_unit_test(two_ports),
		cmocka_unit_test(no_nic),
		cmocka_unit_test(stuck_disable),
		cmocka_unit_test(other_namespace),
		cmocka_unit_test(without_iommu),
		cmocka_unit_test(own_interface_among_several),
		cmocka_unit_test(empty_host),
		cmocka_unit_test(no_such_directory),
		cmocka_unit_test(no_sys),
		cmocka_unit_test(hostile_numbers),
		cmocka_unit_test(hostile_uevent),
		cmocka_unit_test(huge_file),
		cmocka_unit_test(hostile_entries),
		cmocka_unit_test(no_way_out),
		cmocka_unit_test(many),
		cmocka_unit_test(slots),
		cmocka_unit_test(slot_before_bus),
		cmocka_unit_test(odd_slots),
		cmocka_unit_test(nothing_is_written_to_a_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
