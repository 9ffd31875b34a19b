/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stand-ins in a snapshot: nothing of what they stand for is left, what was the same still is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/snapshot.h"
#include "fixture.h"
#include "render/snapshot.h"

/* Two VFs of a PF with an interface, and three more. */
static struct inventory *crowd(void)
{
	struct inventory *inv = fixture_new("secret");
	int pf = fixture_pf(inv, "0000:01:00.0", 0x808610c9, 0x020000, "igb", 14, 7, 0x10ca);

	fixture_netdev(inv, 0, "enx001b21aabbcc", 0x001b21aabbcc);
	fixture_igb_attrs(fixture_vf(inv, pf, "0000:01:10.0", "vfio-pci", 15), 0x020000000001);
	fixture_igb_attrs(fixture_vf(inv, pf, "0000:01:10.2", "igbvf", 16), 0);
	inv->pfs[pf].has_vf_attrs = true;
	inv->pfs[pf].settings.fdb = mem_new(1, sizeof(struct fdb_entry));
	inv->pfs[pf].settings.fdb[0] = (struct fdb_entry){ true, 0x020000000001 };
	inv->pfs[pf].settings.n_fdb = 1;
	fixture_netdev(inv, 2, "eth7", 0x020000000001)->perm_mac = 0x020000000002;
	fixture_netdev(inv, -1, "secretbr0", 0x010000000009)->has_perm_mac = false;
	fixture_netdev(inv, -1, "br0", 0)->has_perm_mac = false;
	return inv;
}

static void test_macs(void **state)
{
	struct inventory *inv = crowd();
	const struct netdev *n = inv->netdevs;

	(void)state;
	snapshot_anonymise(inv);
	assert_true(n[0].mac == n[0].perm_mac && n[0].mac != 0x001b21aabbcc);
	assert_true(n[1].mac != n[1].perm_mac && n[1].mac != n[0].mac);
	/* what was equal still is, and so is what an address is said to be */
	assert_true(n[1].mac == inv->pfs[0].vfs[0].attrs.v[VF_MAC].n);
	assert_true(n[1].mac == inv->pfs[0].settings.fdb[0].mac);
	assert_int_equal(n[0].mac >> 40, 0);
	assert_int_equal(n[1].mac >> 40, 2);
	assert_int_equal(n[2].mac >> 40, 1);
	assert_true(n[3].has_mac && n[3].mac == 0);
	assert_true(vf_has(&inv->pfs[0].vfs[1].attrs, VF_MAC));
	assert_int_equal(inv->pfs[0].vfs[1].attrs.v[VF_MAC].n, 0);
	assert_int_equal(n[0].mac & ~UINT64_C(0xff), 0);
	inventory_free(inv);
}

/* What was equal still is; nothing of it is left. */
static void test_guids(void **state)
{
	struct inventory *inv = crowd();
	struct vf_attrs *a = &inv->pfs[0].vfs[0].attrs, *b = &inv->pfs[0].vfs[1].attrs;

	(void)state;
	vf_set_n(a, VF_NODE_GUID, UINT64_C(0xfedcba9876543210));
	vf_set_n(a, VF_PORT_GUID, UINT64_C(0xfedcba9876543210));
	vf_set_n(b, VF_PORT_GUID, UINT64_C(0x0123456789abcdef));
	snapshot_anonymise(inv);
	assert_true(a->v[VF_NODE_GUID].n == 2 && a->v[VF_PORT_GUID].n == 2);
	assert_true(b->v[VF_PORT_GUID].n == 1 && !vf_has(b, VF_NODE_GUID));
	inventory_free(inv);
}

/* A name that is made from an address gets the stand-in of that address; others stay. */
static void test_names(void **state)
{
	struct inventory *inv = crowd();
	const struct netdev *n = inv->netdevs;
	char name[16];

	(void)state;
	inv->devs[2].users.master = "enx001b21aabbcc";
	inv->devs[2].users.upper = "wlx0623456789ab"; /* of which no interface tells */
	inv->files[GENFILE_NETWORKMANAGER].text = GENFILE_MARK
		"\n=enx001b21aabbccv0,enx001b21aabbcx,lan\n";
	snapshot_anonymise(inv);
	snprintf(name, sizeof(name), "enx%012llx", (unsigned long long)n[0].mac);
	assert_string_equal(n[0].name, name);
	assert_string_equal(inv->devs[2].users.master, name);
	assert_string_not_equal(inv->devs[2].users.upper, "wlx0623456789ab");
	assert_memory_equal(inv->devs[2].users.upper, "wlx0200000000", 13);
	assert_string_equal(n[1].name, "eth7");
	assert_non_null(strstr(inv->files[GENFILE_NETWORKMANAGER].text, name));
	assert_non_null(
		strstr(inv->files[GENFILE_NETWORKMANAGER].text, "v0,enx001b21aabbcx,lan\n"));
	assert_null(strstr(inv->files[GENFILE_NETWORKMANAGER].text, "aabbccv0"));
	inventory_free(inv);
}

static void test_users(void **state)
{
	struct inventory *inv = crowd();
	struct vf_users *a = &inv->devs[1].users, *b = &inv->devs[2].users;

	(void)state;
	a->vfio = (struct usage_holder){ 7, "secret-kvm", "VM 9 \"secret\"" };
	a->reserved = "VM 5";
	a->address = "192.0.2.7/25";
	b->netns = (struct usage_holder){ 8, "bash", "VM 5" };
	b->rdma = (struct usage_holder){ 9, "secret-kvm", NULL };
	b->netns_name = "secret-ns";
	b->assigned = "VM 9 \"secret\"";
	b->address = "fd00::5ec3:e7/64";
	snapshot_anonymise(inv);
	assert_string_equal(inv->hostname, "host");
	assert_string_equal(a->reserved, "guest 1"); /* by their names: VM 5, VM 9 */
	assert_string_equal(a->vfio.guest, "guest 2");
	assert_string_equal(b->netns.guest, "guest 1");
	assert_string_equal(b->assigned, "guest 2");
	assert_string_equal(a->vfio.process, "process2");
	assert_string_equal(b->netns.process, "process1");
	assert_string_equal(b->rdma.process, "process2");
	assert_true(a->vfio.pid == 7 && b->netns.pid == 8 && !b->rdma.guest);
	assert_string_equal(b->netns_name, "netns1");
	assert_string_equal(a->address, "198.18.0.1/25");
	assert_string_equal(b->address, "2001:db8::2/64");
	inventory_free(inv);
}

/* It can be read like any other, and has none of it in another spelling. */
static void test_again(void **state)
{
	struct inventory *inv = crowd(), *again;
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf b = { 0 }, b2 = { 0 };

	(void)state;
	snapshot_anonymise(inv);
	snapshot_text(&b, inv, "1");
	assert_null(strstr(buf_text(&b), "1b:21"));
	assert_null(strstr(buf_text(&b), "1b21"));
	assert_null(strstr(buf_text(&b), "\"secret\""));
	assert_int_equal(snapshot_read("s", buf_text(&b), b.len, &again, &d), 0);
	snapshot_text(&b2, again, "1");
	assert_string_equal(buf_text(&b), buf_text(&b2));
	inventory_free(inv);
	inventory_free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_macs),
		cmocka_unit_test(test_guids),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
