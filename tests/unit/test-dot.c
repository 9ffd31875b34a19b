/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture of a host: its text, and that names cannot get out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "golden.h"
#include "render/dot.h"

static void check(struct inventory *inv, const bool *pfs, const char *name)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	dot_text(&b, inv, pfs);
	golden_check(name, buf_text(&b));
	inventory_free(inv);
}

static void expect_line(const struct inventory *inv, const char *line)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	dot_text(&b, inv, NULL);
	if (!strstr(buf_text(&b), line))
		fail_msg("no line: %s\n%s", line, buf_text(&b));
}

static struct dev *vf_dev(struct inventory *inv, size_t pf, size_t vf)
{
	return &inv->devs[inv->pfs[pf].vfs[vf].dev];
}

static void host(void **state _unused_)
{
	check(fixture_host(), NULL, "dot.gv");
}

static void some_pfs(void **state _unused_)
{
	const bool pfs[] = { false, true, false };

	check(fixture_host(), pfs, "dot-one.gv");
}

static void no_pf(void **state _unused_)
{
	check(fixture_new("bare"), NULL, "dot-none.gv");
}

static void no_iommu(void **state _unused_)
{
	check(fixture_no_iommu(), NULL, "dot-no-iommu.gv");
}

static void shared_groups(void **state _unused_)
{
	struct inventory *inv = fixture_bad_group();

	fixture_dev(inv, "0000:02:00.0", 0x80861533, 0x020000, "igc", 1);
	check(inv, NULL, "dot-bad.gv");
	inv = fixture_bad_group();
	inv->devs[1].driver = inv->devs[4].driver = NULL;
	check(inv, NULL, "dot-together.gv");
}

/* Of a group across cards all is in the box, what was not asked for as a device like any other. */
static void shared_with_unshown(void **state _unused_)
{
	const bool pfs[] = { false, true, false };
	struct inventory *inv = fixture_host();

	vf_dev(inv, 0, 0)->iommu_group = vf_dev(inv, 1, 0)->iommu_group;
	inventory_index(inv);
	check(inv, pfs, "dot-across.gv");
}

/* Four cards of seven VFs, as the lab has them, and every kind of user. */
static struct inventory *four_cards(void)
{
	struct inventory *inv = fixture_new("pve1");
	char name[32], addr[16];

	for (int i = 0; i < 4; i++) {
		int pf;

		snprintf(addr, sizeof(addr), "0000:%02x:00.0", i + 1);
		pf = fixture_pf(inv, addr, 0x808610c9, 0x020000, "igb", 10 + i, 7, 0x10ca);
		snprintf(name, sizeof(name), "enp%ds0", i + 1);
		fixture_netdev(inv, inv->pfs[pf].dev, name, 0x525400010001 + (unsigned)i);
		for (int k = 0; k < 7; k++) {
			struct vf *vf;

			snprintf(addr, sizeof(addr), "0000:%02x:%02x.%d", i + 1, 16 + k / 4,
				k % 4 * 2);
			vf = fixture_vf(
				inv, pf, addr, k < 5 ? "vfio-pci" : "igbvf", 14 + 7 * i + k);
			fixture_igb_attrs(vf, 0x020000000100 + (unsigned)(i << 8 | k));
			if (k == 1)
				vf_set_n(&vf->attrs, VF_VLAN, vlan_pack(100, 0, VLAN_PROTO_8021Q));
			if (k < 5)
				continue;
			snprintf(name, sizeof(name), "enp%ds0v%d", i + 1, k);
			fixture_netdev(inv, vf->dev, name, vf->attrs.v[VF_MAC].n)->up = k == 5;
		}
	}
	return inv;
}

static void opened_by(struct dev *d, int pid, const char *process, const char *guest)
{
	d->vfio_open = true;
	d->users.vfio = (struct usage_holder){ .pid = pid, .process = process, .guest = guest };
}

static struct inventory *busy_host(void)
{
	struct inventory *inv = four_cards();
	struct dev *d;

	/* A guest with VFs of two cards, one of which only its number is known, one by its name. */
	opened_by(vf_dev(inv, 0, 0), 2211, "kvm", "VM 104 \"firewall\"");
	opened_by(vf_dev(inv, 0, 1), 2211, "kvm", "VM 104 \"firewall\"");
	opened_by(vf_dev(inv, 1, 0), 2211, "kvm", "VM 104 \"firewall\"");
	vf_dev(inv, 1, 1)->users.assigned = "VM 104";
	vf_dev(inv, 1, 2)->users.reserved = "VM 105";
	opened_by(vf_dev(inv, 1, 3), 7, "qemu-system-x86", "VM \"web\"");
	opened_by(vf_dev(inv, 1, 4), 8, "qemu-system-x86", "VM \"web\"");
	opened_by(vf_dev(inv, 2, 0), 9, "dpdk-testpmd", NULL);
	opened_by(vf_dev(inv, 2, 1), 0, NULL, NULL);
	opened_by(vf_dev(inv, 2, 2), 0, NULL, NULL);
	d = vf_dev(inv, 2, 5);
	d->netdev_away = true;
	d->netdev = -1;
	d->users.netns = (struct usage_holder){ 100, "systemd", "container 200" };
	d = vf_dev(inv, 2, 6);
	d->netdev_away = true;
	d->netdev = -1;
	d->users.netns_name = "blue";
	d = vf_dev(inv, 3, 6);
	d->netdev_away = true;
	d->netdev = -1;
	d = vf_dev(inv, 0, 5);
	d->users.master = "vmbr0";
	inv->netdevs[d->netdev].master = 99;
	d = vf_dev(inv, 1, 5);
	d->users.master = "vmbr0";
	inv->netdevs[d->netdev].master = 99;
	return inv;
}

static void users(void **state _unused_)
{
	check(busy_host(), NULL, "dot-users.gv");
}

/* The same guest is one node, by whatever it is known; guests that only share a name are two. */
static void one_node_each(void **state _unused_)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct inventory *inv = busy_host();
	const char *text;

	dot_text(&b, inv, NULL);
	text = buf_text(&b);
	assert_non_null(strstr(text, "\"user 0\" [label=\"VM 104 \\\"firewall\\\"\""));
	assert_null(strstr(text, "label=\"VM 104\""));
	assert_non_null(strstr(text, "\"0000:01:10.0\" -> \"user 0\" [color="));
	assert_non_null(strstr(text, "\"0000:02:10.0\" -> \"user 0\" [color="));
	assert_non_null(
		strstr(text, "\"0000:02:10.2\" -> \"user 0\" [label=\"assigned\", style=dashed"));
	text = strstr(text, "[label=\"VM \\\"web\\\"\"");
	assert_non_null(text);
	assert_non_null(strstr(text + 1, "[label=\"VM \\\"web\\\"\""));
	inventory_free(inv);
}

/* A name is text and nothing else: no end of a string, no escape of Graphviz, no entity. */
static void hostile_names(void **state _unused_)
{
	struct inventory *inv = fixture_host();

	inv->hostname = "h\"];\nevil";
	inv->netdevs[0].name = "\\N\\\"\\";
	inv->netdevs[1].name = "\033[31m\xff\n";
	vf_dev(inv, 0, 1)->driver = "a&lt;b&#60;";
	opened_by(vf_dev(inv, 0, 0), 7, "kvm", "VM \"x\" -> \\l \xef\xbf\xbf\"");
	expect_line(inv, "label=\"h\\\"];\\\\x0aevil\\n");
	expect_line(inv, "[label=\"\\\\N\\\\\\\"\\\\\\n0000:01:00.0  igb\\n");
	expect_line(inv, "[label=\"\\\\x1b[31m\\\\xff\\\\x0a\\n0000:01:00.1");
	expect_line(inv, "  a&amp;lt;b&amp;#60;\\n");
	expect_line(inv, "[label=\"VM \\\"x\\\" -> \\\\l \\\\uffff\\\"\"");
	check(inv, NULL, "dot-odd.gv");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host),
		cmocka_unit_test(some_pfs),
		cmocka_unit_test(no_pf),
		cmocka_unit_test(no_iommu),
		cmocka_unit_test(shared_groups),
		cmocka_unit_test(shared_with_unshown),
		cmocka_unit_test(users),
		cmocka_unit_test(one_node_each),
		cmocka_unit_test(hostile_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
