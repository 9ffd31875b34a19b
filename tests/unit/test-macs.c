/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who else has the address that a VF is to get, and who may have it all the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/want.h"
#include "fixture.h"

#define IGB      0x808610c9
#define ETHERNET 0x020000
#define MAC1     0x020000000001
#define MAC1_S   "02:00:00:00:00:01"
#define ENTRY(bus, rest)                         \
	"{\"match\": {\"address\": \"0000:0" bus \
	":00.0\"}, \"defaults\": {\"driver\": \"none\"}" rest "}"
#define VF0_MAC1 ", \"vf\": {\"0\": {\"mac\": \"" MAC1_S "\"}}"

static int igb(struct inventory *inv, const char *addr, macaddr mac)
{
	int pf = fixture_pf(inv, addr, IGB, ETHERNET, "igb", -1, 7, 0x10ca);
	char name[16];

	inv->pfs[pf].has_vf_attrs = true;
	snprintf(name, sizeof(name), "enp%cs0", addr[6]);
	fixture_netdev(inv, inv->pfs[pf].dev, name, mac);
	return pf;
}

static struct vf *vf_with(struct inventory *inv, int pf, const char *addr, macaddr mac)
{
	struct vf *vf = fixture_vf(inv, pf, addr, "igbvf", -1);

	vf_set_n(&vf->attrs, VF_MAC, mac);
	return vf;
}

/* PFs 1 and 2; PF 2 has a VF with MAC1. */
static struct inventory *two_pfs(void)
{
	struct inventory *inv = fixture_new("two");

	igb(inv, "0000:01:00.0", 0x525400000001);
	vf_with(inv, igb(inv, "0000:02:00.0", 0x525400000002), "0000:02:10.0", MAC1);
	return inv;
}

/* PF 1 with a VF that has MAC1. */
static struct inventory *one_pf(void)
{
	struct inventory *inv = fixture_new("one");

	vf_with(inv, igb(inv, "0000:01:00.0", 0x525400000001), "0000:01:10.0", MAC1);
	return inv;
}

/* Wants what ENTRIES say on INV, which is freed: the problems, and how many PFs are left. */
static void expect(struct inventory *inv, const char *entries, const char *problems, size_t pfs)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf text = { 0 }, have = { 0 };
	struct policy *p = policy_new();
	struct want *w;

	buf_addf(&text, "{\"version\": 1, \"pfs\": [%s]}", entries);
	policy_parse(p, "test.json", buf_text(&text), text.len, &d);
	policy_check(p, &d);
	assert_int_equal(d.n, 0);
	w = want_make(p, inv, &d);
	for (size_t i = 0; i < d.n; i++)
		buf_addf(&have, "%s\n", d.problems[i].text);
	assert_string_equal(buf_text(&have), problems);
	assert_int_equal(w->n_pfs, pfs);
	want_free(w);
	policy_free(p);
	inventory_free(inv);
}

/* The VF of a PF that no entry names keeps what it has. */
static void test_vf_of_another_pf(void **state _unused_)
{
	expect(two_pfs(), ENTRY("1", ", \"vfs\": 1" VF0_MAC1),
		"0000:01:00.0 vf 0: mac " MAC1_S " is also that of 0000:02:00.0 vf 0\n", 0);
}

/* So does one that the policy says to leave alone, unless it goes. */
static void test_kept(void **state _unused_)
{
	static const char problem[] = "0000:01:00.0 vf 0: mac " MAC1_S
				      " is also that of 0000:02:00.0 vf 0\n";

	expect(two_pfs(),
		ENTRY("1", ", \"vfs\": 1" VF0_MAC1) ", " ENTRY(
			"2", ", \"vfs\": 1, \"vf\": {\"0\": {\"mac\": \"keep\"}}"),
		problem, 1);
	expect(two_pfs(),
		ENTRY("1", ", \"vfs\": 1" VF0_MAC1) ", " ENTRY(
			"2", ", \"vfs\": 2, \"vf\": {\"0-1\": {\"mac\": \"keep\"}}"),
		"", 2);
	expect(two_pfs(), ENTRY("1", ", \"vfs\": 1" VF0_MAC1) ", " ENTRY("2", ", \"vfs\": 0"), "",
		2);
	/* It gets another one, in the same run. */
	expect(two_pfs(), ENTRY("1", ", \"vfs\": 1" VF0_MAC1) ", " ENTRY("2", ", \"vfs\": 1"), "",
		2);
}

/* Two cards with the same permanent address, from which those of their VFs are made. */
static void test_wanted_twice(void **state _unused_)
{
	struct inventory *inv = fixture_new("twins");

	igb(inv, "0000:01:00.0", 0x525400000001);
	igb(inv, "0000:02:00.0", 0x525400000001);
	expect(inv, ENTRY("1", ", \"vfs\": 1") ", " ENTRY("2", ", \"vfs\": 2"),
		"0000:01:00.0 vf 0: mac aa:18:28:fc:1a:cd is also that of 0000:02:00.0 vf 0\n", 1);
}

/* The VF has its address already: its own interface does, and what took it over from there. */
static void test_own(void **state _unused_)
{
	struct inventory *inv = one_pf();

	fixture_netdev(inv, inv->pfs[0].vfs[0].dev, "enp1s0v0", MAC1);
	fixture_netdev(inv, -1, "vmbr0", MAC1);
	expect(inv, ENTRY("1", ", \"vfs\": 1" VF0_MAC1), "", 1);
}

/* A bridge with the address of a VF that has another one. */
static void test_foreign_bridge(void **state _unused_)
{
	struct inventory *inv = one_pf();

	vf_set_n(&inv->pfs[0].vfs[0].attrs, VF_MAC, 0x020000000009);
	fixture_netdev(inv, -1, "vmbr0", MAC1);
	expect(inv, ENTRY("1", ", \"vfs\": 1" VF0_MAC1),
		"0000:01:00.0 vf 0: mac " MAC1_S " is also that of the host's interface vmbr0\n",
		0);
}

/* A VF that there is not yet has no interface that could have its address. */
static void test_bridge_before_vf(void **state _unused_)
{
	struct inventory *inv = fixture_new("bridge");

	igb(inv, "0000:01:00.0", 0x525400000001);
	fixture_netdev(inv, -1, "vmbr0", MAC1);
	expect(inv, ENTRY("1", ", \"vfs\": 1" VF0_MAC1),
		"0000:01:00.0 vf 0: mac " MAC1_S " is also that of the host's interface vmbr0\n",
		0);
}

/* The interface of a VF that is to get another address gives its own up. */
static void test_given_up(void **state _unused_)
{
	struct inventory *inv = two_pfs();

	fixture_netdev(inv, inv->pfs[1].vfs[0].dev, "enp2s0v0", MAC1);
	expect(inv, ENTRY("1", ", \"vfs\": 1" VF0_MAC1) ", " ENTRY("2", ", \"vfs\": 1"), "", 2);
	inv = two_pfs();
	inv->pfs[1].vfs[0].attrs.set = 0; /* its driver does not say */
	fixture_netdev(inv, inv->pfs[1].vfs[0].dev, "enp2s0v0", MAC1);
	expect(inv, ENTRY("1", ", \"vfs\": 1" VF0_MAC1),
		"0000:01:00.0 vf 0: mac " MAC1_S " is also that of the host's interface enp2s0v0\n",
		0);
}

/* A card whose address somebody has changed will have its own again. */
static void test_permanent(void **state _unused_)
{
	struct inventory *inv = fixture_new("changed");

	igb(inv, "0000:01:00.0", 0x525400000001);
	fixture_netdev(inv, -1, "eth9", 0x525400000009)->perm_mac = MAC1;
	expect(inv, ENTRY("1", ", \"vfs\": 1" VF0_MAC1),
		"0000:01:00.0 vf 0: mac " MAC1_S " is also that of the host's interface eth9\n", 0);
}

/* What looks like a MAC on another kind of link is none. */
static void test_not_ethernet(void **state _unused_)
{
	struct inventory *inv = fixture_new("other");

	igb(inv, "0000:01:00.0", 0x525400000001);
	fixture_netdev(inv, -1, "ib0", MAC1)->ethernet = false;
	expect(inv, ENTRY("1", ", \"vfs\": 1" VF0_MAC1), "", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vf_of_another_pf),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_wanted_twice),
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_foreign_bridge),
		cmocka_unit_test(test_bridge_before_vf),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_permanent),
		cmocka_unit_test(test_not_ethernet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
