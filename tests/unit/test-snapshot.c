/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host as a text: every member of the model is in it, and what is no snapshot is told with its
 * place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/snapshot-fields.h"
#include "core/snapshot.h"
#include "fixture.h"
#include "golden.h"
#include "render/snapshot.h"

/* --- no member is forgotten ------------------------------------------------------------------- */

#ifdef __has_builtin
#if __has_builtin(__builtin_clear_padding)
#define CAN_SEE_PADDING 1
#endif
#endif

#ifdef CAN_SEE_PADDING
static void cover(char *bytes, size_t at, size_t size)
{
	memset(bytes + at, 0, size);
}

static void cover_fields(char *bytes, const struct snap_object *o, size_t at)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct snap_field *f = &o->fields[i];

		if (f->type == SNAP_OBJECT) {
			assert_int_equal(f->size, f->object->size);
			cover_fields(bytes, f->object, at + f->at);
			continue;
		}
		cover(bytes, at + f->at, f->size);
		if (f->type == SNAP_MAC)
			cover(bytes, at + f->beside, sizeof(bool));
		if (f->type == SNAP_ARRAY || f->type == SNAP_NAMES)
			cover(bytes, at + f->beside, sizeof(size_t));
	}
	if (o->attrs)
		cover(bytes, at + o->attrs, sizeof(struct vf_attrs));
}

static void expect_covered(const char *bytes, size_t size, const char *what)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			fail_msg("%s: the member at offset %zu has no row in snapshot-fields.c",
				what, i);
}

/* What is neither padding nor covered by a row, nor told by another part of the snapshot. */
#define EXPECT_ALL(type, object, ...)                                                      \
	do {                                                                               \
		static const size_t told_elsewhere[][2] = { __VA_ARGS__ };                 \
		struct type value;                                                         \
                                                                                           \
		memset(&value, 0xff, sizeof(value));                                       \
		__builtin_clear_padding(&value);                                           \
		assert_int_equal(sizeof(value), (object)->size);                           \
		cover_fields((char *)&value, object, 0);                                   \
		for (size_t k = 0; k < ARRAY_SIZE(told_elsewhere); k++)                    \
			cover((char *)&value, told_elsewhere[k][0], told_elsewhere[k][1]); \
		expect_covered((const char *)&value, sizeof(value), #type);                \
	} while (0)
#define MEMBER(type, member)                                                         \
	{                                                                            \
		offsetof(struct type, member), sizeof(((struct type *)NULL)->member) \
	}

static void test_all_members(void **state)
{
	(void)state;
	EXPECT_ALL(dev, &snap_device, MEMBER(dev, pf), MEMBER(dev, vf)); /* by the PFs */
	EXPECT_ALL(netdev, &snap_netdev, { 0, 0 });
	EXPECT_ALL(pf, &snap_pf, { 0, 0 });
	EXPECT_ALL(vf, &snap_vf, { 0, 0 });
	EXPECT_ALL(genfile_state, &snap_file, { 0, 0 });
	EXPECT_ALL(facts_module, &snap_module, { 0, 0 });
	EXPECT_ALL(facts_param, &snap_param, { 0, 0 });
	EXPECT_ALL(facts_region, &snap_region, { 0, 0 });
	EXPECT_ALL(facts_line, &snap_line, { 0, 0 });
	EXPECT_ALL(facts_unread, &snap_unread, { 0, 0 });
	EXPECT_ALL(inventory, &snap_host, MEMBER(inventory, strings), /* that texts are in */
		MEMBER(inventory, by_group));                         /* inventory_index() */
}
#else
static void test_all_members(void **state)
{
	(void)state;
	skip(); /* gcc can tell padding from members */
}
#endif

/* --- a host with a value of its own in every member ------------------------------------------- */

static const struct vf_users users = {
	.vfio = { 2211, "kvm", "VM 104 \"fw\"" },
	.netns = { 2212, "init", "container 100" },
	.rdma = { 2213, "rping", "VM 105" },
	.netns_name = "blue",
	.reserved = "VM 106",
	.assigned = "VM 107",
	.master = "enx525400aabbcc",
	.upper = "vlan7",
	.address = "192.0.2.1/24",
	.default_route = true,
	.session = true,
};

static void add_functions(struct inventory *inv)
{
	struct dev *d;
	int pf;

	pf = fixture_pf(inv, "0000:01:00.0", 0x808610c9, 0x020000, "igb", 14, 7, 0x10ca);
	d = &inv->devs[inv->pfs[pf].dev];
	d->subsystem_vendor = 0x1028;
	d->subsystem_device = 0xa03c;
	d->path = "pci-0000:01:00.0";
	d->slot = "UIO Slot1";
	d->numa_node = 1;
	inv->pfs[pf].offset = 384;
	inv->pfs[pf].stride = 4;
	inv->pfs[pf].host_driver = "igbvf";
	inv->pfs[pf].autoprobe = false;
	inv->pfs[pf].settled = true;
	inv->pfs[pf].has_vf_attrs = true;
	fixture_vf(inv, pf, "0000:01:10.0", "vfio-pci", 15);
	fixture_vf(inv, pf, "0001:02:1f.7", "igbvf", -1);
	inv->devs[1].override = "vfio-pci";
	inv->devs[1].vfio_open = true;
	inv->devs[1].users = users;
	inv->devs[2].netdev_away = true;
	inv->pfs[pf].vfs[1].index = 5;
	inv->devs[2].vf = 5;
	fixture_pf(inv, "0001:03:00.0", 0x15b31017, 0x020700, NULL, -1, 127, 0x1018);
}

static void add_interfaces(struct inventory *inv)
{
	struct netdev *n = fixture_netdev(inv, 0, "enp1s0f0npf0vf0", 0x525400112233);

	n->carrier = false;
	n->accept_ra = 2;
	n->master = 77; /* which is not there */
	n = fixture_netdev(inv, 0, "enp1s0", 0x525400112233);
	n->perm_mac = 0x525400112244;
	n->mtu = 9000;
	n->master = 9;
	n = fixture_netdev(inv, -1, "enx525400aabbcc", 0);
	n->has_perm_mac = n->up = false;
	n->ifindex = 9;
	n = fixture_netdev(inv, 3, "ib\033\xff\\", 0);
	n->ethernet = n->has_mac = n->has_perm_mac = false;
	n->infiniband = true;
	n->ifindex = 4095;
}

static void add_attrs(struct inventory *inv)
{
	struct vf_attrs *a = &inv->pfs[0].vfs[0].attrs, *b = &inv->pfs[0].vfs[1].attrs;

	vf_set_n(a, VF_MAC, 0x020000000001);
	vf_set_n(a, VF_VLAN, vlan_pack(100, 3, VLAN_PROTO_8021AD));
	vf_set_n(a, VF_MIN_TX_RATE, 10);
	vf_set_n(a, VF_MAX_TX_RATE, 500);
	vf_set_n(a, VF_SPOOFCHK, 1);
	vf_set_n(a, VF_LINK_STATE, 2);
	vf_set_n(a, VF_QUERY_RSS, 0);
	vf_set_n(a, VF_TRUST, 1);
	vf_set_n(a, VF_MSIX, 9);
	vf_set_n(a, VF_NODE_GUID, UINT64_C(0xfedcba9876543210));
	vf_set_n(a, VF_PORT_GUID, 1);
	inv->pfs[0].vf_msix = 64;
	inv->pfs[0].nvme = (struct nvme_caps){ true, 7, { 254, 250, 2, 1 },
		{ UINT32_MAX, UINT16_MAX, 1, 4 } };
	vf_set_n(b, VF_VQ_RESOURCES, 2);
	vf_set_n(b, VF_VI_RESOURCES, 65535);
	vf_set_n(b, VF_ONLINE, 0);
	inv->pfs[0].vf_files = mem_new(2, sizeof(*inv->pfs[0].vf_files));
	inv->pfs[0].vf_files[0] = "exec_quantum_ms";
	inv->pfs[0].vf_files[1] = "preempt_timeout_us";
	inv->pfs[0].n_vf_files = 2;
	vf_set_n(b, VF_EXEC_QUANTUM, 20);
	vf_set_n(b, VF_SCHED_PRIORITY, 2);
	/* What a driver should not say. */
	vf_set_n(b, VF_MAC, 0);
	vf_set_n(b, VF_VLAN, vlan_pack(5000, 9, VLAN_PROTO_8021Q));
	vf_set_n(b, VF_LINK_STATE, 7);
	vf_set_n(b, VF_TRUST, 4000000000);
}

static struct inventory *full_host(void)
{
	struct inventory *inv = fixture_new("pve1");

	inv->kernel = "6.12.1-1-pve";
	inv->offline = false;
	add_functions(inv);
	add_interfaces(inv);
	add_attrs(inv);
	inv->drivers = mem_new(2, sizeof(*inv->drivers));
	inv->drivers[0] = "igb";
	inv->drivers[1] = "vfio-pci";
	inv->n_drivers = 2;
	inv->files[GENFILE_UDEV] = (struct genfile_state){ GENFILE_MARK "\n\n\tx\n", true };
	inv->files[GENFILE_NETWORKMANAGER] = (struct genfile_state){
		GENFILE_MARK "\nenx525400aabbcc, enx525400aabbc", false
	};
	inv->files[GENFILE_NETWORKD] = (struct genfile_state){ "# secret\n", true };
	return inv;
}

static void write_text(struct buf *b, const struct inventory *inv)
{
	snapshot_text(b, inv, "1.2.3");
}

/* Reads TEXT, which has to be good. */
static struct inventory *read_good(const char *text)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	struct inventory *inv;
	int r = snapshot_read("s.json", text, strlen(text), &inv, &d);

	if (d.n)
		fail_msg("%u:%u: %s", d.problems[0].place.line, d.problems[0].place.column,
			d.problems[0].text);
	assert_int_equal(r, 0);
	return inv;
}

/* The golden file is what a person has read; what is read again is compared member by member. */
static void test_full(void **state)
{
	struct inventory *inv = full_host(), *again;
	_cleanup_(buf_done) struct buf b = { 0 }, b2 = { 0 };

	(void)state;
	write_text(&b, inv);
	golden_check("snapshot-full.json", buf_text(&b));
	again = read_good(buf_text(&b));
	write_text(&b2, again);
	assert_string_equal(buf_text(&b), buf_text(&b2));
	inventory_free(inv);
	inventory_free(again);
}

static void expect_holder(
	const struct usage_holder *h, int pid, const char *process, const char *guest)
{
	assert_int_equal(h->pid, pid);
	assert_string_equal(h->process, process);
	assert_string_equal(h->guest, guest);
}

static void expect_users(const struct vf_users *u)
{
	expect_holder(&u->vfio, 2211, "kvm", "VM 104 \"fw\"");
	expect_holder(&u->netns, 2212, "init", "container 100");
	expect_holder(&u->rdma, 2213, "rping", "VM 105");
	assert_string_equal(u->netns_name, "blue");
	assert_string_equal(u->reserved, "VM 106");
	assert_string_equal(u->assigned, "VM 107");
	assert_string_equal(u->master, "enx525400aabbcc");
	assert_string_equal(u->upper, "vlan7");
	assert_string_equal(u->address, "192.0.2.1/24");
	assert_true(u->default_route && u->session);
}

static void expect_devices(const struct inventory *inv)
{
	const struct dev *d = inv->devs;

	assert_int_equal(inv->n_devs, 4);
	assert_string_equal(pciaddr_text(d[2].addr).s, "0001:02:1f.7");
	assert_true(d[0].vendor == 0x8086 && d[0].device == 0x10c9);
	assert_true(d[0].subsystem_vendor == 0x1028 && d[0].subsystem_device == 0xa03c);
	assert_int_equal(d[3].class_code, 0x020700);
	assert_string_equal(d[0].driver, "igb");
	assert_null(d[3].driver);
	assert_string_equal(d[1].override, "vfio-pci");
	assert_string_equal(d[0].path, "pci-0000:01:00.0");
	assert_string_equal(d[0].slot, "UIO Slot1");
	assert_true(d[0].iommu_group == 14 && d[2].iommu_group == -1);
	assert_true(d[0].numa_node == 1 && d[3].numa_node == -1);
	assert_true(d[0].pf == 0 && d[1].pf == 0 && d[2].pf == 0 && d[3].pf == 1);
	assert_true(d[0].vf == -1 && d[1].vf == 0 && d[2].vf == 5 && d[3].vf == -1);
	assert_true(d[0].netdev == 1 && d[1].netdev == -1 && d[3].netdev == 3);
	assert_true(d[1].vfio_open && !d[2].vfio_open && d[2].netdev_away && !d[1].netdev_away);
	expect_users(&d[1].users);
	assert_null(d[2].users.vfio.process);
}

static void expect_interfaces(const struct inventory *inv)
{
	const struct netdev *n = inv->netdevs;

	assert_int_equal(inv->n_netdevs, 4);
	assert_true(n[0].ifindex == 2 && n[1].ifindex == 3 && n[2].ifindex == 9 &&
		    n[3].ifindex == 4095);
	assert_string_equal(n[3].name, "ib\033\xff\\");
	assert_true(n[0].ethernet && !n[0].infiniband && !n[3].ethernet && n[3].infiniband);
	assert_true(n[1].has_mac && n[1].mac == 0x525400112233);
	assert_true(n[1].has_perm_mac && n[1].perm_mac == 0x525400112244);
	assert_true(n[2].has_mac && n[2].mac == 0 && !n[2].has_perm_mac && !n[3].has_mac);
	assert_true(n[1].up && n[1].carrier && !n[0].carrier && !n[2].up);
	assert_true(n[0].mtu == 1500 && n[1].mtu == 9000);
	assert_true(n[0].accept_ra == 2 && n[1].accept_ra == 0);
	assert_true(n[0].master == 77 && n[1].master == 9 && n[2].master == 0);
	assert_true(n[0].dev == 0 && n[2].dev == -1 && n[3].dev == 3);
}

static void expect_pfs(const struct inventory *inv)
{
	const struct pf *pf = inv->pfs;

	assert_int_equal(inv->n_pfs, 2);
	assert_true(pf[0].dev == 0 && pf[1].dev == 3);
	assert_true(pf[0].total_vfs == 7 && pf[0].offset == 384 && pf[0].stride == 4);
	assert_int_equal(pf[0].vf_device, 0x10ca);
	assert_true(!pf[0].autoprobe && pf[1].autoprobe && pf[0].settled && !pf[1].settled);
	assert_true(pf[0].has_vf_attrs && !pf[1].has_vf_attrs);
	assert_string_equal(pf[0].host_driver, "igbvf");
	assert_true(pf[0].n_vfs == 2 && pf[1].n_vfs == 0);
	assert_true(pf[0].vfs[0].index == 0 && pf[0].vfs[0].dev == 1);
	assert_true(pf[0].vfs[1].index == 5 && pf[0].vfs[1].dev == 2);
}

static void expect_attrs(const struct inventory *was, const struct inventory *is)
{
	for (size_t i = 0; i < 2; i++) {
		const struct vf_attrs *a = &was->pfs[0].vfs[i].attrs, *b = &is->pfs[0].vfs[i].attrs;

		assert_int_equal(a->set, b->set);
		for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
			assert_true(!vf_has(a, id) || a->v[id].n == b->v[id].n);
	}
}

static void test_members(void **state)
{
	struct inventory *inv = full_host(), *again;
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	write_text(&b, inv);
	again = read_good(buf_text(&b));
	assert_string_equal(again->hostname, "pve1");
	assert_string_equal(again->kernel, "6.12.1-1-pve");
	assert_true(!again->offline && again->has_iommu);
	expect_devices(again);
	expect_interfaces(again);
	expect_pfs(again);
	expect_attrs(inv, again);
	assert_int_equal(again->n_drivers, 2);
	assert_string_equal(again->drivers[1], "vfio-pci");
	assert_string_equal(again->files[GENFILE_UDEV].text, GENFILE_MARK "\n\n\tx\n");
	assert_true(again->files[GENFILE_UDEV].loaded);
	assert_string_equal(again->files[GENFILE_NETWORKMANAGER].text,
		GENFILE_MARK "\nenx525400aabbcc, enx525400aabbc");
	assert_false(again->files[GENFILE_NETWORKMANAGER].loaded);
	assert_string_equal(again->files[GENFILE_NETWORKD].text, ""); /* it is none of ours */
	inventory_free(inv);
	inventory_free(again);
}

/* Any byte that a name can have comes back. */
static void test_bytes(void **state)
{
	struct inventory *inv = fixture_no_iommu(), *again;
	_cleanup_(buf_done) struct buf b = { 0 };
	char all[800];
	size_t n = 0;

	(void)state;
	for (int i = 1; i < 256; i++)
		all[n++] = (char)i;
	for (int i = 1; i < 256; i++) /* each behind what begins a character of two bytes */
		all[n++] = (char)0xc3, all[n++] = (char)i;
	all[n] = '\0';
	inv->devs[0].override = all;
	inv->devs[1].users.vfio.process = ""; /* is not the same as none */
	write_text(&b, inv);
	again = read_good(buf_text(&b));
	assert_string_equal(again->devs[0].override, all);
	assert_string_equal(again->devs[1].users.vfio.process, "");
	inventory_free(inv);
	inventory_free(again);
}

/* --- a snapshot that a person wrote ----------------------------------------------------------- */

#define DEVICE(address) "{\"address\":\"" address "\",\"vendor\":\"8086\",\"device\":\"10c9\"}"

static void test_by_hand(void **state)
{
	struct inventory *inv = read_good(
		"{\"version\": 1, \"description\": \"a card\", \"host\": null,"
		"\"netdevs\": [{\"name\": \"lo\"}, {\"name\": \"br0\", \"ifindex\": 7},"
		"{\"name\": \"b\", \"member_of\": \"br0\", \"device\": \"01:00.0\"},"
		"{\"name\": \"a\", \"device\": \"01:00.0\"}],"
		"\"pfs\": [{\"vfs\": [{\"address\": \"01:10.0\", \"index\": 0, \"trust\": null}],"
		"\"total_vfs\": 7, \"address\": \"01:00.0\"}],"
		"\"files\": {\"udev\": null, \"networkd\": {\"lines\": [\"x\"]}},"
		"\"devices\": [" DEVICE("0000:01:00.0") "," DEVICE("01:10.0") "]}");

	(void)state;
	assert_string_equal(inv->hostname, "");
	assert_true(inv->offline && !inv->has_iommu);
	assert_true(inv->netdevs[0].ifindex == 1 && inv->netdevs[2].ifindex == 8 &&
		    inv->netdevs[3].ifindex == 9);
	assert_true(inv->netdevs[2].master == 7 && inv->netdevs[0].accept_ra == -1);
	assert_int_equal(inv->devs[0].netdev, 2); /* the first one that sits on it */
	assert_true(inv->devs[1].pf == 0 && inv->devs[1].vf == 0);
	assert_true(inv->pfs[0].autoprobe && inv->pfs[0].settled && !inv->pfs[0].host_driver);
	assert_int_equal(inv->pfs[0].vfs[0].attrs.set, 0);
	assert_null(inv->files[GENFILE_UDEV].text);
	assert_string_equal(inv->files[GENFILE_NETWORKD].text, "x");
	inventory_free(inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_members),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
