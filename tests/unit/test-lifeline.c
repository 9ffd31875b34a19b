/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host lives on: found in a directory with a host's files, and judged. The links are as
 * seen on machines with such disks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/vital.h"
#include "fixture.h"
#include "host/host.h"
#include "sysfstree.h"

#define DISK_AT "0000:00:02.0"
#define TWO_AT  "0000:00:03.0"
#define DISK    "dev " DISK_AT " id=8086:2922 class=010601 driver=ahci group=2\n"
#define TWO     "dev " TWO_AT " id=8086:2922 class=010601 driver=ahci group=3\n"

/* A block device called NAME, at WAY below /sys/devices. */
#define BLOCK(name, way, number)                                         \
	"link sys/class/block/" name " ../../devices/" way "/" name "\n" \
	"link sys/dev/block/" number " ../../devices/" way "/" name "\n" \
	"file sys/devices/" way "/" name "/dev " number "\\n\n"
/* One of the first controller's, and a partition of it. */
#define SDA BLOCK("sda", "pci0000:00/" DISK_AT "/ata1/host0/target0:0:0/0:0:0:0/block", "8:0")
#define SDA1                                                                                 \
	SDA BLOCK("sda1", "pci0000:00/" DISK_AT "/ata1/host0/target0:0:0/0:0:0:0/block/sda", \
		"8:1") "file sys/class/block/sda1/partition 1\\n\n"
/* One of the second's. */
#define SDB BLOCK("sdb", "pci0000:00/" TWO_AT "/ata2/host1/target1:0:0/1:0:0:0/block", "8:16")
/* A virtual one. */
#define VIRTUAL(name, number) BLOCK(name, "virtual/block", number)
/* WHOLE is made of PART. */
#define MADE_OF(whole, part)                                              \
	"link sys/class/block/" whole "/slaves/" part " ../../" part "\n" \
	"link sys/class/block/" part "/holders/" whole " ../../" whole "\n"

#define MOUNTS(lines) "file proc/self/mountinfo " lines "\n"
/* A line of it. */
#define MOUNT(number, at, type, source)                                                     \
	"22\\s1\\s" number "\\s/\\s" at "\\srw,noatime\\sshared:1\\s-\\s" type "\\s" source \
	"\\srw\\n"

static struct inventory *scan(int root)
{
	struct inventory *inv = NULL;
	struct err e = { "" };
	struct host *h;

	assert_int_equal(host_open_dir(sysfstree_path(root), &h, &e), 0);
	assert_int_equal(h->ops->scan(h, SCAN_USERS | SCAN_DEVICES, &inv, &e), 0);
	h->ops->close(h);
	return inv;
}

/* Why the function at ADDRESS is vital, and if it is not: why it is in use. */
static void say(struct buf *b, const struct inventory *inv, const char *address)
{
	struct pciaddr a;
	int dev;

	assert_int_equal(pciaddr_parse(address, &a), 0);
	dev = inventory_dev(inv, a);
	assert_true(dev >= 0);
	if (!vital_text(inv, &inv->devs[dev], b) && inventory_whole_used(inv, &inv->devs[dev], b))
		buf_add(b, " (in use)");
}

/* What is said of both controllers of the host that MANIFEST adds to. */
static void expect(const char *manifest, const char *disk, const char *two)
{
	_cleanup_(buf_done) struct buf text = { 0 }, a = { 0 }, b = { 0 };
	struct inventory *inv;
	int root;

	buf_addf(&text, "iommu dmar0\n" DISK TWO "%s", manifest);
	root = sysfstree_build(buf_text(&text));
	inv = scan(root);
	say(&a, inv, DISK_AT);
	say(&b, inv, TWO_AT);
	assert_string_equal(buf_text(&a), disk);
	assert_string_equal(buf_text(&b), two);
	inventory_free(inv);
	sysfstree_remove(root);
}

#define ROOT_ON(disk) "carries the root file system (" disk "): leave it out of \"devices\""
#define SRV_ON(disk) \
	"carries the file system on /srv (" disk "): unmount it, and take it out of /etc/fstab"

static void plain_mounts(void **state _unused_)
{
	expect(SDA1 SDB MOUNTS(""), "", "");
	expect(SDA1 SDB MOUNTS(MOUNT("8:1", "/", "ext4", "/dev/root")), ROOT_ON("sda1"), "");
	expect(SDA1 SDB MOUNTS(MOUNT("8:16", "/srv", "xfs", "/dev/sdb")), "", SRV_ON("sdb"));
	/* The root is what counts, whatever else is there, before or after it. */
	expect(SDA1 SDB MOUNTS(MOUNT("8:0", "/srv", "ext4", "/dev/sda") MOUNT(
		       "8:1", "/", "ext4", "/dev/sda1") MOUNT("8:0", "/boot", "ext4", "/dev/sda")),
		ROOT_ON("sda1"), "");
	/* A name that could be taken for other words. */
	expect(SDA1 MOUNTS(MOUNT("8:1", "/a\\134040b", "ext4", "/dev/sda1")),
		"carries the file system on \"/a\\040b\" (sda1): unmount it, and take it out of "
		"/etc/fstab",
		"");
	/* What makes no sense is left out. */
	expect(SDA1 MOUNTS(
		       "x\\n22\\s1\\s8:1\\s/\\n\\n22\\s1\\s8\\s/\\s/\\srw\\s-\\sext4\\sx\\srw\\n"),
		"", "");
	expect(SDA1 MOUNTS(MOUNT("0:22", "/proc", "proc", "proc")
			       MOUNT("0:23", "/mnt", "nfs", "server:/dev/sda1")),
		"", "");
}

static void swap(void **state _unused_)
{
	expect(SDA1 VIRTUAL("dm-0",
		       "254:0") "file sys/class/block/dm-0/dm/name vg-swap\\n\n" MADE_OF("dm-0",
		       "sda1") "file proc/swaps "
			       "Filename\\sType\\n/dev/mapper/vg-swap\\spartition\\s1\\n\n",
		"carries swap space of the host (sda1): `swapoff` it, and take it out of "
		"/etc/fstab",
		"");
	expect(SDA1 "file proc/swaps Filename\\sType\\n/swapfile\\sfile\\s1\\n\n", "", "");
}

/* An LVM volume on an array of two disks, which is partitioned. */
static void stacked(void **state _unused_)
{
	expect(SDA1 SDB VIRTUAL("md0", "9:0") BLOCK("md0p1", "virtual/block/md0",
		       "259:0") "file "
				"sys/class/block/md0p1/partition "
				"1\\n\n" VIRTUAL("dm-3", "254:3") MADE_OF("dm-3", "md0p1")
					MADE_OF("md0", "sda1") MADE_OF("md0", "sdb") MOUNTS(
						MOUNT("254:3", "/", "ext4", "/dev/mapper/vg-root")),
		ROOT_ON("sda1"), ROOT_ON("sdb"));
	/* Made of each other, which the kernel does not do: the walk ends. */
	expect(SDA1 VIRTUAL("dm-1", "254:1") VIRTUAL("dm-2", "254:2") MADE_OF("dm-1", "dm-2")
			MADE_OF("dm-2", "dm-1") MADE_OF("dm-1", "sda1")
				MOUNTS(MOUNT("254:2", "/", "ext4", "/dev/dm-2")),
		ROOT_ON("sda1"), "");
	/* Nobody has mounted it. */
	expect(SDA1 VIRTUAL("md0", "9:0") MADE_OF("md0", "sda1"), "sda1 is a part of md0 (in use)",
		"");
}

static void btrfs(void **state _unused_)
{
	expect(SDA1 SDB "link sys/fs/btrfs/1234-5678/devices/sda1 ../../../sda1\n"
			"link sys/fs/btrfs/1234-5678/devices/sdb ../../../sdb\n" MOUNTS(
				MOUNT("0:30", "/", "btrfs", "/dev/sdb")),
		ROOT_ON("sda1"), ROOT_ON("sdb"));
	expect(SDA1 SDB MOUNTS(MOUNT("0:30", "/srv", "bcachefs", "/dev/sda1:/dev/sdb")),
		SRV_ON("sda1"), SRV_ON("sdb"));
}

#define MEMBERS(pool) \
	"file run/udev/data/b8:1 S:x\\nE:ID_FS_LABEL=" pool "\\nE:ID_FS_TYPE=zfs_member\\n\n"

static void zfs(void **state _unused_)
{
	expect(SDA1 MEMBERS("rpool") MOUNTS(MOUNT("0:28", "/srv", "zfs", "rpool/srv")
			       MOUNT("0:29", "/", "zfs", "rpool/ROOT/pve-1")),
		ROOT_ON("sda1"), "");
	expect(SDA1 MEMBERS("rpool") MOUNTS(MOUNT("0:29", "/", "zfs", "rpool2/ROOT")), "", "");
	expect(SDA1 MEMBERS("tank") "file proc/spl/kstat/zfs/tank/state ONLINE\\n\n",
		"carries the ZFS pool tank (sda1): `zpool export` it for good first", "");
	expect(SDA1 MEMBERS("../tank") "file proc/spl/kstat/tank/state ONLINE\\n\n", "", "");
}

#define SUBSYSTEM                                                                    \
	BLOCK("nvme0n1", "virtual/nvme-subsystem/nvme-subsys0", "259:1")             \
	"link sys/class/nvme-subsystem/nvme-subsys0/nvme1 x\n"                       \
	"link sys/class/nvme-subsystem/nvme-subsys0/nvme0n1 x\n"                     \
	"link sys/class/nvme/nvme1 ../../devices/pci0000:00/" TWO_AT "/nvme/nvme1\n" \
	"link sys/class/nvme/nvme0n1 ../../devices/pci0000:00/" DISK_AT "/nvme/x\n"

/* The one way into the subsystem is the second controller. */
static void nvme_multipath(void **state _unused_)
{
	expect(SUBSYSTEM MOUNTS(MOUNT("259:1", "/srv", "ext4", "/dev/nvme0n1")), "",
		SRV_ON("nvme0n1"));
	expect(SUBSYSTEM VIRTUAL("dm-0", "254:0") MADE_OF("dm-0", "nvme0n1"), "",
		"nvme0n1 is a part of dm-0 (in use)");
}

/* A disk behind a USB controller, and one behind a controller that is behind another one. */
static void behind_others(void **state _unused_)
{
	expect(BLOCK("sdc", "pci0000:00/" TWO_AT "/usb1/1-1/1-1:1.0/host2/block", "8:32")
			MOUNTS(MOUNT("8:32", "/srv", "ext4", "/dev/sdc")),
		"", SRV_ON("sdc"));
	expect("dev 10000:01:00.0 id=8086:0953 class=010802\n" BLOCK("nvme0n1",
		       "pci0000:00/" DISK_AT "/pci10000:00/10000:01:00.0/nvme/nvme0", "259:0")
			MOUNTS(MOUNT("259:0", "/srv", "ext4", "/dev/nvme0n1")),
		SRV_ON("nvme0n1"), "");
}

#define ADVICE                                                                                 \
	": give the kernel another console (console= on its command line), or unbind the one " \
	"that it has there (/sys/class/vtconsole/vtcon*/bind)"
#define GPU(address, boot)                                    \
	"dev " address " id=10de:1b80 class=030000 group=9\n" \
	"file sys/bus/pci/devices/" address "/boot_vga " boot "\\n\n"
#define GPUS          GPU("0000:00:04.0", "1") GPU("0000:00:05.0", "0")
#define ACTIVE(names) "file sys/class/tty/console/active " names "\\n\n"
#define VTCON(n, bound, name)                                                              \
	"link sys/class/vtconsole/vtcon" n " ../../devices/virtual/vtconsole/vtcon" n "\n" \
	"file sys/devices/virtual/vtconsole/vtcon" n "/bind " bound "\\n\n"                \
	"file sys/devices/virtual/vtconsole/vtcon" n "/name " name "\\n\n"

static void expect_gpus(const char *manifest, const char *boot, const char *other)
{
	_cleanup_(buf_done) struct buf a = { 0 }, b = { 0 };
	int root = sysfstree_build(manifest);
	struct inventory *inv = scan(root);

	for (size_t i = 0; i < inv->n_devs; i++)
		inv->devs[i].iommu_group = (int)i; /* so that each is for itself */
	say(&a, inv, "0000:00:04.0");
	say(&b, inv, "0000:00:05.0");
	assert_string_equal(buf_text(&a), boot);
	assert_string_equal(buf_text(&b), other);
	inventory_free(inv);
	sysfstree_remove(root);
}

static void consoles(void **state _unused_)
{
	const char *tty0 = "carries the kernel's console tty0" ADVICE;

	/* The firmware's frame buffer, which is no function's: it is the boot display's. */
	expect_gpus(GPUS ACTIVE("tty0") VTCON("0", "0", "(S)\\sdummy\\sdevice")
			    VTCON("1", "1", "(M)\\sframe\\sbuffer\\sdevice"),
		tty0, "");
	/* The other one's driver has made it. */
	expect_gpus(GPUS ACTIVE("tty0 ttyS0") VTCON("1", "1",
			    "(M)\\sframe\\sbuffer\\sdevice") "link sys/class/graphics/fb0 "
							     "../../devices/pci0000:00/"
							     "0000:00:05.0/graphics/fb0\n",
		"", tty0);
	/* Text, as without any frame buffer. */
	expect_gpus(GPUS ACTIVE("tty1") VTCON("0", "1", "(S)\\sVGA+"),
		"carries the kernel's console tty1" ADVICE, "");
	/* Unbound; and the kernel's console is elsewhere. */
	expect_gpus(GPUS ACTIVE("tty0") VTCON("0", "1", "(S)\\sdummy\\sdevice")
			    VTCON("1", "0", "(M)\\sframe\\sbuffer\\sdevice"),
		"", "");
	expect_gpus(GPUS ACTIVE("ttyS0") VTCON("1", "1", "(M)\\sframe\\sbuffer\\sdevice"), "", "");
	/* A serial card. */
	expect_gpus(GPUS ACTIVE("ttyS4") "link sys/class/tty/ttyS4 "
					 "../../devices/pci0000:00/0000:00:05.0/tty/ttyS4\n",
		"", "carries the kernel's console ttyS4" ADVICE);
}

/* --- the judgement alone ---------------------------------------------------------------------- */

static void uplink(void **state _unused_)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct inventory *inv = fixture_host();

	say(&b, inv, "0000:01:00.0");
	assert_string_equal(buf_text(&b), "enp1s0f0 is up (in use)");
	buf_done(&b);
	inv->devs[5].lifeline.uplink = "vmbr0";
	say(&b, inv, "0000:01:00.0");
	assert_string_equal(buf_text(&b),
		"carries the default route (out of vmbr0): give the host another way out first");
	inventory_free(inv);
}

/* What another function of the group has. */
static void neighbour(void **state _unused_)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct inventory *inv = fixture_host();

	inv->devs[3].lifeline = (struct lifeline){ .mount = "/", .disk = "sda2" };
	say(&b, inv, "0000:00:1f.0");
	assert_string_equal(buf_text(&b),
		"is in one IOMMU group (2) with 0000:00:1f.2, which carries the root file system "
		"(sda2) and would have to go with it: leave it out of \"devices\", or put one of "
		"the two into another slot");
	buf_done(&b);
	say(&b, inv, "0000:00:1c.0");
	assert_string_equal(buf_text(&b), "");
	/* Without an IOMMU, none has a group. */
	for (size_t i = 0; i < inv->n_devs; i++)
		inv->devs[i].iommu_group = -1;
	say(&b, inv, "0000:00:1f.0");
	assert_string_equal(buf_text(&b), "");
	inventory_free(inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_mounts),
		cmocka_unit_test(swap),
		cmocka_unit_test(stacked),
		cmocka_unit_test(btrfs),
		cmocka_unit_test(zfs),
		cmocka_unit_test(nvme_multipath),
		cmocka_unit_test(behind_others),
		cmocka_unit_test(consoles),
		cmocka_unit_test(uplink),
		cmocka_unit_test(neighbour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
