/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs for guests: which ones, their names, what is said of them, and how each kind is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "golden.h"
#include "render/handoff.h"

#define XML_PARTS (LIBVIRT_HOSTDEV | LIBVIRT_INTERFACE | LIBVIRT_NETWORK)

/* The first card's VFs are named one by one, those of both ports alike from the second on. */
static const char labels[] =
	"{ \"version\": 1, \"pfs\": ["
	"{ \"match\": { \"address\": \"0000:01:00.0\" }, \"defaults\": { \"label\": \"lan\" },"
	"  \"vf\": { \"0\": { \"label\": \"wan\" } } },"
	"{ \"match\": { \"address\": \"0000:01:00.1\" }, \"vf\": { \"1\": { \"label\": \"lan\" } } "
	"},"
	"{ \"match\": { \"address\": \"0000:05:00.0\" }, \"hosts\": [ \"other\" ],"
	"  \"defaults\": { \"label\": \"elsewhere\" } } ] }";

static struct policy *parse(const char *text)
{
	struct policy *p = policy_new();
	struct diag d = { 0 };

	policy_parse(p, "policy.json", text, strlen(text), &d);
	policy_check(p, &d);
	assert_int_equal(d.n, 0);
	return p;
}

static struct handoff *make_chosen(const struct inventory *inv, const struct policy *p,
	enum handoff_kind kind, enum handoff_use use, const bool *chosen)
{
	const struct handoff_choice c = { .kind = kind, .use = use, .chosen = chosen };
	struct diag d = { 0 };
	struct handoff *h = handoff_make(inv, p, &c, &d);

	assert_int_equal(d.n, 0);
	return h;
}

static struct handoff *make(const struct inventory *inv, const struct policy *p,
	enum handoff_kind kind, enum handoff_use use)
{
	return make_chosen(inv, p, kind, use, NULL);
}

/* Fails unless H is about the VFs at ADDRESSES with these labels ("-": none). */
static void check_vfs(const struct handoff *h, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	for (size_t i = 0; i < h->n; i++)
		buf_addf(&b, "%s%s %s", i ? ", " : "", pciaddr_text(h->vfs[i].dev->addr).s,
			h->vfs[i].label ? h->vfs[i].label : "-");
	assert_string_equal(buf_text(&b), want);
}

/* Fails unless a note about VF number VF of H begins with TEXT. */
static void check_note(const struct handoff *h, int vf, const char *text)
{
	for (size_t i = 0; i < h->n_notes; i++)
		if (h->notes[i].vf == vf && strncmp(h->notes[i].text, text, strlen(text)) == 0)
			return;
	fail_msg("no such note of VF %d: %s", vf, text);
}

static int find_dev(const struct inventory *inv, const char *addr)
{
	struct pciaddr a;

	assert_int_equal(pciaddr_parse(addr, &a), 0);
	return inventory_dev(inv, a);
}

/* The host of most tests: a VLAN that libvirt can say, and one that it cannot. */
static struct inventory *make_host(void)
{
	struct inventory *inv = fixture_host();

	vf_set_n(&inv->pfs[0].vfs[0].attrs, VF_VLAN, vlan_pack(100, 0, VLAN_PROTO_8021Q));
	inv->devs[find_dev(inv, "0000:01:10.3")].driver = "mlx5_vfio_pci";
	return inv;
}

/* --- the choice ------------------------------------------------------------------------------- */

static void test_guests(void **state)
{
	struct inventory *inv = make_host();
	struct policy *p = parse(labels);
	struct handoff *h = make(inv, p, HANDOFF_QEMU, HANDOFF_VM);

	(void)state;
	check_vfs(h, "0000:01:10.0 wan, 0000:01:10.2 lan, 0000:01:10.3 lan, 0000:03:00.1 -");
	assert_true(handoff_begins_pool(h, 0));
	assert_true(handoff_begins_pool(h, 1));
	assert_false(handoff_begins_pool(h, 2));
	assert_true(handoff_same_pool(h, 1, 2));
	assert_false(handoff_same_pool(h, 0, 1));
	assert_true(handoff_begins_pool(h, 3));
	handoff_free(h);
	policy_free(p);
	inventory_free(inv);
}

static void test_containers(void **state)
{
	struct inventory *inv = make_host();
	struct policy *p = parse(labels);
	struct handoff *h = make(inv, p, HANDOFF_LXC, HANDOFF_CONTAINER);

	(void)state;
	check_vfs(h, "0000:01:10.4 lan");
	handoff_free(h);
	h = make(inv, NULL, HANDOFF_PROXMOX, HANDOFF_EITHER);
	check_vfs(h, "0000:01:10.0 -, 0000:01:10.2 -, 0000:01:10.4 -, 0000:01:10.3 -, "
		     "0000:03:00.1 -");
	assert_true(h->vfs[2].host);
	assert_false(h->vfs[1].host);
	assert_false(handoff_begins_pool(h, 2));
	assert_false(handoff_same_pool(h, 1, 2));
	handoff_free(h);
	policy_free(p);
	inventory_free(inv);
}

/* A VF that is named is taken whatever it is, of a PF only what is fit. */
static void test_chosen(void **state)
{
	struct inventory *inv = make_host();
	bool chosen[64] = { false };
	struct handoff *h;

	(void)state;
	chosen[find_dev(inv, "0000:01:00.0")] = true;
	chosen[find_dev(inv, "0000:01:10.6")] = true;
	h = make_chosen(inv, NULL, HANDOFF_QEMU, HANDOFF_VM, chosen);
	check_vfs(h, "0000:01:10.0 -, 0000:01:10.2 -, 0000:01:10.6 -");
	handoff_free(h);
	inventory_free(inv);
}

/* An entry that finds nothing is told; the VFs are there all the same. */
static void test_no_match(void **state)
{
	static const char text[] =
		"{ \"version\": 1, \"pfs\": [ { \"match\": { \"address\": \"0000:77:00.0\" } },"
		"{ \"match\": { \"address\": \"0000:03:00.0\" }, \"defaults\": { \"label\": "
		"\"disk\" } } ] }";
	const struct handoff_choice c = { .kind = HANDOFF_QEMU };
	struct inventory *inv = fixture_host();
	struct policy *p = parse(text);
	struct diag d = { 0 };
	struct handoff *h = handoff_make(inv, p, &c, &d);

	(void)state;
	assert_int_equal(d.n, 1);
	check_vfs(h, "0000:01:10.0 -, 0000:01:10.2 -, 0000:03:00.1 disk");
	diag_done(&d);
	handoff_free(h);
	policy_free(p);
	inventory_free(inv);
}

/* --- what is said of them --------------------------------------------------------------------- */

static void test_quiet(void **state)
{
	struct inventory *inv = fixture_host();
	struct handoff *h = make(inv, NULL, HANDOFF_PROXMOX, HANDOFF_VM);

	(void)state;
	assert_int_equal(h->n, 3);
	assert_int_equal(h->n_notes, 0);
	handoff_free(h);
	inventory_free(inv);
}

static void test_driver_notes(void **state)
{
	struct inventory *inv = fixture_host();
	bool chosen[64] = { false };
	struct handoff *h;

	(void)state;
	chosen[find_dev(inv, "0000:01:10.1")] = true; /* no driver, as a script leaves it */
	chosen[find_dev(inv, "0000:01:10.4")] = true; /* igbvf */
	chosen[find_dev(inv, "0000:01:10.6")] = true; /* no driver, autoprobe off */
	h = make_chosen(inv, NULL, HANDOFF_PROXMOX, HANDOFF_VM, chosen);
	check_note(h, 0,
		"is bound to igbvf, not to vfio-pci: Proxmox VE will write its ID 8086 10ca to "
		"vfio-pci's new_id, and vfio-pci take 0000:01:10.1, 0000:01:10.3 as well; give");
	check_note(h, 1,
		"is bound to no driver: Proxmox VE cannot take it, because sriov_drivers_autoprobe "
		"of its PF is off");
	check_note(h, 2,
		"is bound to no driver: Proxmox VE will write its ID 8086 10ca to vfio-pci's "
		"new_id, "
		"and vfio-pci take 0000:01:10.3 as well");
	check_note(h, 2, "has no MAC address");
	assert_int_equal(h->n_notes, 4);
	handoff_free(h);
	inv->devs[find_dev(inv, "0000:01:10.4")].override = "igbvf";
	inv->devs[find_dev(inv, "0000:01:10.3")].override = "igbvf";
	h = make_chosen(inv, NULL, HANDOFF_PROXMOX, HANDOFF_VM, chosen);
	check_note(h, 0,
		"is bound to igbvf, not to vfio-pci: Proxmox VE cannot take it, because "
		"driver_override pins it to igbvf");
	check_note(h, 2,
		"is bound to no driver: Proxmox VE will write its ID 8086 10ca to vfio-pci's "
		"new_id, "
		"and vfio-pci may take VFs with this ID that come later; give");
	handoff_free(h);
	h = make_chosen(inv, NULL, HANDOFF_LIBVIRT, HANDOFF_VM, chosen);
	check_note(h, 1, "is bound to no driver: no guest starts with it; give it \"driver\"");
	handoff_free(h);
	inventory_free(inv);
}

static void test_group_notes(void **state)
{
	struct inventory *inv = fixture_bad_group();
	struct handoff *h = make(inv, NULL, HANDOFF_PROXMOX, HANDOFF_VM);

	(void)state;
	check_vfs(h, "0000:01:10.0 -, 0000:01:10.2 -");
	check_note(h, 0,
		"shares its IOMMU group 1 with 0000:01:00.0 (igb), 0000:01:10.4 (igbvf), "
		"0000:01:10.2 (vfio-pci): Proxmox VE takes all of them");
	handoff_free(h);
	h = make(inv, NULL, HANDOFF_QEMU, HANDOFF_VM);
	check_note(h, 1,
		"shares its IOMMU group 1 with 0000:01:00.0 (igb), 0000:01:10.4 (igbvf), "
		"0000:01:10.0 (vfio-pci): no guest starts as long as the host has 0000:01:00.0 "
		"(igb), "
		"0000:01:10.4 (igbvf)");
	handoff_free(h);
	inv->devs[1].driver = NULL;
	inv->devs[4].driver = "pci-stub";
	h = make(inv, NULL, HANDOFF_QEMU, HANDOFF_VM);
	check_note(h, 1,
		"shares its IOMMU group 1 with 0000:01:00.0, 0000:01:10.0 (vfio-pci), 0000:01:10.4 "
		"(pci-stub): all of them can only go to the same guest");
	handoff_free(h);
	inventory_free(inv);
}

static void test_host_notes(void **state)
{
	struct inventory *inv = fixture_no_iommu();
	struct handoff *h;

	(void)state;
	inv->devs[1].driver = "vfio-pci";
	h = make(inv, NULL, HANDOFF_QEMU, HANDOFF_VM);
	check_note(h, -1, "this host has no IOMMU in use");
	handoff_free(h);
	inv->devs[1].driver = "igbvf";
	fixture_netdev(inv, 1, "eth1", 0x020000000000)->up = false;
	h = make(inv, NULL, HANDOFF_LXC, HANDOFF_CONTAINER);
	assert_int_equal(h->n, 1);
	assert_int_equal(h->n_notes, 0);
	handoff_free(h);
	inv->netdevs[1].up = true;
	h = make(inv, NULL, HANDOFF_LXC, HANDOFF_CONTAINER);
	check_note(h, 0, "is in use: eth1 is up");
	handoff_free(h);
	inventory_free(inv);
}

static void test_no_interface(void **state)
{
	struct inventory *inv = fixture_host();
	_cleanup_(buf_done) struct buf b = { 0 };
	bool chosen[64] = { false };
	struct handoff *h;

	(void)state;
	chosen[find_dev(inv, "0000:01:10.1")] = chosen[find_dev(inv, "0000:01:10.3")] = true;
	inv->devs[find_dev(inv, "0000:01:10.3")].netdev_away = true;
	h = make_chosen(inv, NULL, HANDOFF_LXC, HANDOFF_CONTAINER, chosen);
	check_note(h, 0, "has no interface here, so no container can have it");
	check_note(h, 1, "has its interface in another network namespace");
	assert_int_equal(handoff_lxc(&b, h), 0);
	assert_null(strstr(buf_text(&b), "lxc.net"));
	handoff_free(h);
	inventory_free(inv);
}

/* --- how each kind is told -------------------------------------------------------------------- */

static void check_libvirt(
	const struct inventory *inv, const struct policy *p, const bool *chosen, const char *golden)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct handoff *h = make_chosen(inv, p, HANDOFF_LIBVIRT, HANDOFF_VM, chosen);

	handoff_libvirt(&b, h, XML_PARTS);
	golden_check(golden, buf_text(&b));
	handoff_free(h);
}

static void test_libvirt(void **state)
{
	struct inventory *inv = make_host();
	struct policy *p = parse(labels);
	bool chosen[64] = { false };

	(void)state;
	chosen[find_dev(inv, "0000:01:10.0")] = true;
	check_libvirt(inv, p, chosen, "handoff-one.xml");
	check_libvirt(inv, p, NULL, "handoff.xml");
	/* Both VFs of "lan" in a VLAN that can be said. */
	for (int i = 0; i < 2; i++) {
		struct vf_attrs *a = &inv->pfs[i].vfs[1].attrs;

		vf_set_n(a, VF_VLAN, vlan_pack(200, 0, VLAN_PROTO_8021Q));
		vf_set_n(a, VF_MAC, 0x020000000001 + (unsigned)i);
	}
	check_libvirt(inv, p, NULL, "handoff-vlan.xml");
	policy_free(p);
	inventory_free(inv);
}

/* libvirt would set the VLAN without its priority. */
static void test_vlan_priority(void **state)
{
	struct inventory *inv = make_host();
	_cleanup_(buf_done) struct buf b = { 0 };
	bool chosen[64] = { false };
	struct handoff *h;

	(void)state;
	chosen[find_dev(inv, "0000:01:10.0")] = true;
	vf_set_n(&inv->pfs[0].vfs[0].attrs, VF_VLAN, vlan_pack(100, 3, VLAN_PROTO_8021Q));
	h = make_chosen(inv, NULL, HANDOFF_LIBVIRT, HANDOFF_VM, chosen);
	assert_int_equal(handoff_libvirt(&b, h, LIBVIRT_INTERFACE | LIBVIRT_NETWORK), 0);
	handoff_free(h);
	inventory_free(inv);
}

/* The number of pieces that each part has. */
static void test_parts(void **state)
{
	struct inventory *inv = make_host();
	struct handoff *h = make(inv, NULL, HANDOFF_LIBVIRT, HANDOFF_VM);
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	assert_int_equal(handoff_libvirt(&b, h, LIBVIRT_HOSTDEV), 4);
	assert_null(strstr(buf_text(&b), "<interface "));
	assert_null(strstr(buf_text(&b), "<network>"));
	buf_done(&b);
	assert_int_equal(handoff_libvirt(&b, h, LIBVIRT_INTERFACE), 1);
	assert_null(strstr(buf_text(&b), "<hostdev "));
	buf_done(&b);
	assert_int_equal(handoff_libvirt(&b, h, LIBVIRT_NETWORK), 1);
	assert_null(strstr(buf_text(&b), "<hostdev "));
	handoff_free(h);
	inventory_free(inv);
}

/* What a policy may have in a label is text in XML, and nothing else; or there is no network. */
static void test_hostile_labels(void **state)
{
	static const char text[] =
		"{ \"version\": 1, \"pfs\": [ { \"match\": { \"address\": \"0000:01:00.0\" }, "
		"\"vf\": {"
		"\"0\": { \"label\": \"<x a='1'>&amp;--><!--\\\"\" },"
		"\"1\": { \"label\": \"../../etc/passwd\" } } },"
		"{ \"match\": { \"address\": \"0000:01:00.1\" }, \"vf\": {"
		"\"0\": { \"label\": \"\\uffff\" }, \"1\": { \"label\": \"--\\u202e--\" } } } ] }";
	struct inventory *inv = make_host();
	struct policy *p = parse(text);

	(void)state;
	inv->devs[find_dev(inv, "0000:01:10.1")].driver = "vfio-pci";
	vf_set_n(&inv->pfs[0].vfs[1].attrs, VF_VLAN, 0);
	check_libvirt(inv, p, NULL, "handoff-hostile.xml");
	policy_free(p);
	inventory_free(inv);
}

/* What Proxmox VE takes as an id (pve_verify_configid()) and as a node (pve_verify_node_name()). */
static void test_proxmox_names(void **state)
{
	static const char *const good[] = { "ab", "Wan-1", "z_", "a0", NULL };
	static const char *const bad[] = { "", "a", "1a", "_a", "-a", "a b", "a.b", "a\n",
		"a\xc3\xbc", "ab;", NULL };
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; good[i]; i++)
		assert_true(handoff_is_mapping_id(good[i]));
	for (size_t i = 0; bad[i]; i++)
		assert_false(handoff_is_mapping_id(bad[i]));
	assert_true(handoff_node(&b, "pve-1.example.com"));
	assert_string_equal(buf_text(&b), "pve-1");
	assert_false(handoff_node(&b, ""));
	assert_false(handoff_node(&b, ".example.com"));
	assert_false(handoff_node(&b, "-pve"));
	assert_false(handoff_node(&b, "pve-.example.com"));
	assert_false(handoff_node(&b, "pve 1"));
	assert_string_equal(buf_text(&b), "pve-1");
}

static void test_qemu(void **state)
{
	struct inventory *inv = make_host();
	struct handoff *h = make(inv, NULL, HANDOFF_QEMU, HANDOFF_VM);
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	assert_int_equal(handoff_qemu(&b, h), 4);
	assert_string_equal(buf_text(&b), "-device vfio-pci,host=0000:01:10.0\n"
					  "-device vfio-pci,host=0000:01:10.2\n"
					  "-device vfio-pci,host=0000:01:10.3\n"
					  "-device vfio-pci,host=0000:03:00.1\n");
	handoff_free(h);
	inventory_free(inv);
}

static void test_lxc(void **state)
{
	struct inventory *inv = make_host();
	struct policy *p = parse(labels);
	struct handoff *h;
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	fixture_netdev(inv, find_dev(inv, "0000:01:10.1"), "$(id)\x1b[2J", 0x020000000009);
	fixture_netdev(inv, find_dev(inv, "0000:01:10.6"), "lxc0", 0x02000000000a)->up = false;
	h = make(inv, p, HANDOFF_LXC, HANDOFF_CONTAINER);
	assert_int_equal(handoff_lxc(&b, h), 2);
	golden_check("handoff-lxc.txt", buf_text(&b));
	handoff_free(h);
	policy_free(p);
	inventory_free(inv);
}

static void test_json(void **state)
{
	struct inventory *inv = make_host();
	struct policy *p = parse(labels);
	struct handoff *h;
	_cleanup_(buf_done) struct buf b = { 0 }, line = { 0 };
	bool chosen[64] = { false };

	(void)state;
	chosen[find_dev(inv, "0000:01:10.0")] = chosen[find_dev(inv, "0000:01:10.1")] = true;
	h = make_chosen(inv, p, HANDOFF_QEMU, HANDOFF_VM, chosen);
	handoff_json(&b, h);
	golden_check("handoff.json", buf_text(&b));
	handoff_note_line(&line, h, &h->notes[0]);
	assert_string_equal(buf_text(&line),
		"0000:01:00.1 vf 0 (0000:01:10.1): is bound to no driver: no guest starts with it; "
		"give it \"driver\": \"vfio-pci\" in the policy");
	handoff_free(h);
	policy_free(p);
	inventory_free(inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guests),
		cmocka_unit_test(test_containers),
		cmocka_unit_test(test_chosen),
		cmocka_unit_test(test_no_match),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_driver_notes),
		cmocka_unit_test(test_group_notes),
		cmocka_unit_test(test_host_notes),
		cmocka_unit_test(test_no_interface),
		cmocka_unit_test(test_libvirt),
		cmocka_unit_test(test_vlan_priority),
		cmocka_unit_test(test_proxmox_names),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_hostile_labels),
		cmocka_unit_test(test_qemu),
		cmocka_unit_test(test_lxc),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
