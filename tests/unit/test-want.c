/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host contradicts in a policy: each refusal with its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "attempt.h"
#include "fakehost.h"

#define PF1 "\"match\": {\"address\": \"0000:01:00.0\"}"

static void expect(struct fakehost *f, const char *policy, const char *problems, size_t pfs)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct attempt a;

	attempt_plan(&a, policy, &f->host);
	assert_string_equal(attempt_problems(&a, &b), problems);
	assert_int_equal(a.plan->n_pfs, pfs);
	attempt_done(&a);
	fake_free(f);
}

static void test_no_such_pf(void **state)
{
	(void)state;
	expect(fake_new(2),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:09:00.0\", \"driver\":"
		"\"igb\"}, \"vfs\": 2}]}",
		"no PF matches address 0000:09:00.0, driver igb; this host has 0000:01:00.0 "
		"(enp1s0), "
		"0000:02:00.0 (enp2s0)\n",
		0);
	expect(fake_new(1),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:09:00.0\", "
		"\"optional\": true}, \"vfs\": 2}]}",
		"", 0);
	expect(fake_new(0),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"mac\": \"52:54:00:01:00:01\"}}]}",
		"no PF matches mac 52:54:00:01:00:01; this host has no PF with SR-IOV at all\n", 0);
}

static void test_moved(void **state)
{
	(void)state;
	expect(fake_new(2),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\", \"mac\": "
		"\"52:54:00:01:00:02\"}, \"vfs\": 2}]}",
		"the PF with mac 52:54:00:01:00:02 has moved from 0000:01:00.0 to 0000:02:00.0\n",
		0);
}

static void test_many(void **state)
{
	(void)state;
	expect(fake_new(2),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"driver\": \"igb\"}, \"vfs\": 2}]}",
		"2 PFs match driver igb: 0000:01:00.0 (enp1s0), 0000:02:00.0 (enp2s0); say which "
		"one, or "
		"\"many\": true for all of them\n",
		0);
	expect(fake_new(2),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"driver\": \"igb\", \"many\": true}, "
		"\"vfs\": 2}]}",
		"", 2);
	expect(fake_new(2),
		"{\"version\": 1, \"pfs\": [{" PF1 "}, {\"match\": {\"interface\": \"enp1*\"}}]}",
		"0000:01:00.0: the entry at test.json:1 (/pfs/0) names this PF as well; one PF has "
		"one "
		"entry\n",
		0);
}

static void test_count(void **state)
{
	(void)state;
	expect(fake_new(2),
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 8}, {\"match\": {\"address\": "
		"\"0000:02:00.0\"}, \"vfs\": \"max\"}]}",
		"0000:01:00.0: 8 VFs are wanted, its driver allows 7 (sriov_totalvfs)\n", 1);
	expect(fake_new(1),
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": \"max\", \"vf\": {\"5-9\": {\"trust\": "
		"true}}}]}",
		"0000:01:00.0: VF 9 is configured, but there are to be 7 VFs, counted from 0\n", 0);
}

static void test_no_iommu(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	f->iommu = false;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"driver\": \"vfio-pci\"}}]}",
		"0000:01:00.0: driver \"vfio-pci\" needs an IOMMU and this host has none active: "
		"switch on "
		"VT-d or AMD-Vi in the firmware, and intel_iommu=on on the kernel command line of "
		"Intel "
		"hosts\n",
		0);
}

static void test_not_a_nic(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	f->pf[0].nic = false;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"trust\": true}}]}",
		"0000:01:00.0: trust is for network cards, and this is one of class 010802 "
		"(nvme)\n",
		0);
	f = fake_new(1);
	f->pf[0].nic = false;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"driver\": \"vfio-pci\"}}]}",
		"", 1);
}

/* A MAC that a host interface, or a VF that is not in the policy, has. */
static void test_mac_taken(void **state)
{
	struct fakehost *f = fake_new(2);

	(void)state;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"vf\": {\"1\": {\"mac\": "
		"\"52:54:00:01:00:02\"}}}]}",
		"0000:01:00.0 vf 1: mac 52:54:00:01:00:02 is also that of the host's interface "
		"enp2s0\n",
		0);
	f = fake_new(2);
	f->pf[1].n = 1;
	f->pf[1].vf[0].attr[VF_MAC] = 0x020000000001;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"vf\": {\"1\": {\"mac\": "
		"\"02:00:00:00:00:01\"}}}]}",
		"0000:01:00.0 vf 1: mac 02:00:00:00:00:01 is also that of 0000:02:00.0 vf 0\n", 0);
	/* Two VFs that swap their addresses are fine. */
	f = fake_new(1);
	f->pf[0].n = 2;
	f->pf[0].vf[0].attr[VF_MAC] = 0x020000000001;
	f->pf[0].vf[1].attr[VF_MAC] = 0x020000000002;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vf\": {\"0\": {\"mac\": \"02:00:00:00:00:02\"}, "
		"\"1\": {\"mac\": \"02:00:00:00:00:01\"}}}]}",
		"", 1);
}

static void test_hosts(void **state)
{
	(void)state;
	expect(fake_new(1),
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"hosts\": [\"other*\"], \"vfs\": 99}]}", "",
		0);
	expect(fake_new(1),
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"hosts\": [\"x\", \"fa?e\"], \"vfs\": 1}]}",
		"", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_such_pf),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_no_iommu),
		cmocka_unit_test(test_not_a_nic),
		cmocka_unit_test(test_mac_taken),
		cmocka_unit_test(test_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
