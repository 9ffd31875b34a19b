/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of PFs: what is planned and in which order, what is refused, what is done and undone. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/driver-pf.h"
#include "trial.h"

#define ONE_PF(rest) \
	"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, " rest "}]}"
#define KEEP "\"defaults\": {\"mac\": \"keep\"}"

static void expect(struct fakehost *f, const char *policy, const char *problems, const char *steps)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct attempt a;

	attempt_plan(&a, policy, &f->host);
	assert_string_equal(attempt_problems(&a, &b), problems);
	assert_string_equal(attempt_text(a.plan, &b), steps);
	attempt_done(&a);
}

/* Idle ones on vfio-pci. */
static struct fakehost *with_vfs(unsigned n)
{
	struct fakehost *f = fake_new(1);

	f->has_vfio = true;
	f->pf[0].up = true;
	f->pf[0].n = n;
	for (unsigned i = 0; i < n; i++) {
		strcpy(f->pf[0].vf[i].driver, "vfio-pci");
		f->pf[0].vf[i].attr[VF_MAC] = 0x020000000000 + i;
	}
	return f;
}

/* Switch, MTU and offloads before the VFs, addresses when these have theirs. */
static void test_order(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	expect(f,
		ONE_PF("\"fdb\": [\"02:00:00:00:01:01\", \"02-00-00-00-01-00\"], \"vfs\": 1, "
		       "\"features\": {\"rx-gro\": true, \"rx-checksumming\": false, "
		       "\"tx-checksum-ip-generic\": false}, \"mtu\": 9000, "
		       "\"eswitch\": \"switchdev\", \"defaults\": {\"driver\": \"vfio-pci\"}"),
		"",
		"0000:01:00.0 accept_ra 0 (was 1)\n"
		"0000:01:00.0 set the interface up\n"
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 load the module of driver vfio-pci\n"
		"0000:01:00.0 eswitch switchdev (was legacy)\n"
		"0000:01:00.0 mtu 9000 (was 1500)\n"
		"0000:01:00.0 feature rx-checksum off (was on)\n"
		"0000:01:00.0 feature rx-gro on (was off)\n"
		"0000:01:00.0 create 1 VFs\n"
		"0000:01:00.0 vf 0 mac ba:46:d9:12:a2:18\n"
		"0000:01:00.0 fdb add 02:00:00:00:01:00\n"
		"0000:01:00.0 fdb add 02:00:00:00:01:01\n"
		"0000:01:00.0 vf 0 driver_override vfio-pci\n"
		"0000:01:00.0 vf 0 bind to vfio-pci\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n");
	fake_free(f);
}

/* A PF without VFs, and none wanted. */
static void test_alone(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	expect(f, ONE_PF("\"mtu\": 1500, \"features\": {\"rx-vlan-filter\": false}"), "", "");
	expect(f, ONE_PF("\"mtu\": 1501"), "", "0000:01:00.0 mtu 1501 (was 1500)\n");
	fake_free(f);
}

static void expect_effect(struct fakehost *f, const char *policy, enum step_kind kind,
	enum step_effect effect, const char *used)
{
	struct attempt a;
	bool found = false;

	attempt_plan(&a, policy, &f->host);
	for (size_t i = 0; i < a.plan->pfs[0].n_steps; i++) {
		const struct step *s = &a.plan->pfs[0].steps[i];

		if (s->kind != kind)
			continue;
		found = true;
		assert_int_equal(s->effect, effect);
		assert_string_equal(s->used ? s->used : "", used);
	}
	assert_true(found);
	attempt_done(&a);
}

/* igb is reset for another MTU, and its VFs with it. */
static void test_effects(void **state)
{
	struct fakehost *f = with_vfs(2);

	(void)state;
	expect_effect(f, ONE_PF(KEEP ", \"mtu\": 9000"), STEP_PF_MTU, STEP_RESETS_VF, "");
	f->pf[0].vf[1].held = true;
	expect_effect(f, ONE_PF(KEEP ", \"mtu\": 9000"), STEP_PF_MTU, STEP_RESETS_VF,
		"vf 1 (0000:01:10.2) is in use: open in a VFIO user");
	expect_effect(f, ONE_PF(KEEP ", \"features\": {\"rx-gro\": true}"), STEP_PF_FEATURE,
		STEP_SAFE, "");
	expect_effect(
		f, ONE_PF(KEEP ", \"fdb\": [\"02:00:00:00:01:00\"]"), STEP_PF_FDB, STEP_SAFE, "");
	/* VFs that go anyhow, with consent, are not reset before. */
	expect_effect(f, ONE_PF("\"vfs\": 1, \"mtu\": 9000"), STEP_PF_MTU, STEP_SAFE, "");
	fake_free(f);
}

static void test_drivers(void **state)
{
	(void)state;
	assert_true(driver_set_resets("igb", PFSET_MTU, ""));
	assert_true(driver_set_resets("igb", PFSET_FEATURES, "rx-all"));
	assert_false(driver_set_resets("igb", PFSET_FEATURES, "rx-checksum"));
	assert_false(driver_set_resets("i40e", PFSET_MTU, ""));
	assert_true(driver_set_resets("yet-to-come", PFSET_FEATURES, "rx-gro"));
	assert_true(driver_set_resets(NULL, PFSET_MTU, ""));
	assert_false(driver_set_resets("yet-to-come", PFSET_FDB, "02:00:00:00:01:00"));
}

/* Another mode makes the VFs anew, as many as there are. */
static void test_eswitch_takes_vfs(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = with_vfs(2);
	struct attempt a;

	(void)state;
	expect(f, ONE_PF("\"eswitch\": \"switchdev\", " KEEP),
		"0000:01:00.0: eswitch: its 2 VFs go when the mode changes; say with \"vfs\" how "
		"many are to come\n",
		"");
	attempt_plan(&a, ONE_PF("\"vfs\": 2, \"eswitch\": \"switchdev\", " KEEP), &f->host);
	assert_string_equal(attempt_text(a.plan, &b),
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 load the module of driver igbvf\n"
		"0000:01:00.0 remove all 2 VFs\n"
		"0000:01:00.0 eswitch switchdev (was legacy)\n"
		"0000:01:00.0 create 2 VFs\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n");
	buf_done(&b);
	assert_non_null(plan_refusal(&a.plan->pfs[0], (struct consent){ false, false }, &b));
	assert_non_null(strstr(buf_text(&b), "--recreate does it"));
	assert_null(plan_refusal(&a.plan->pfs[0], (struct consent){ true, false }, &b));
	attempt_done(&a);
	expect(f, ONE_PF("\"eswitch\": \"legacy\", " KEEP), "", "");
	fake_free(f);
}

/* What the host contradicts: nothing of the PF is planned then. */
static void test_refused(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	expect(f, ONE_PF("\"mtu\": 9217"),
		"0000:01:00.0: mtu: 9217 is more than enp1s0 can have, which is 9216\n", "");
	expect(f, ONE_PF("\"features\": {\"rx-vlan-filter\": true}"),
		"0000:01:00.0: features: rx-vlan-filter is off, and igb cannot change that "
		"([fixed] in `ethtool -k`)\n",
		"");
	expect(f, ONE_PF("\"features\": {\"rx-chekcsum\": true, \"checksum\": true, \"x\": true}"),
		"0000:01:00.0: features: the kernel knows no \"rx-chekcsum\"; similar ones: "
		"rx-checksum\n"
		"0000:01:00.0: features: the kernel knows no \"checksum\"; similar ones: "
		"rx-checksum, tx-checksum-ip-generic\n"
		"0000:01:00.0: features: the kernel knows no \"x\"; `ethtool -k enp1s0` lists what "
		"there is\n",
		"");
	expect(f,
		ONE_PF("\"vfs\": 1, \"vf\": {\"0\": {\"mac\": \"02:00:00:00:01:00\"}}, "
		       "\"fdb\": [\"02:00:00:00:01:00\"]"),
		"0000:01:00.0: fdb: 02:00:00:00:01:00 is the address of its VF 0, so it is not "
		"behind the bridge\n",
		"");
	f->pf[0].eswitch = ESWITCH_UNKNOWN;
	expect(f, ONE_PF("\"eswitch\": \"legacy\""),
		"0000:01:00.0: eswitch: its driver (igb) has no embedded switch whose mode devlink "
		"can set\n",
		"");
	f->pf[0].nic = false;
	expect(f, ONE_PF("\"mtu\": 1500"),
		"0000:01:00.0: mtu is for network cards, and this is one of class 010802 (nvme)\n",
		"");
	fake_free(f);
}

/* An 82576 has 24 filters: its own, and one for each VF. */
static void expect_slots(unsigned vfs, unsigned others, unsigned wanted, const char *problem)
{
	_cleanup_(buf_done) struct buf policy = { 0 }, b = { 0 };
	struct fakehost *f = fake_new(1);
	struct attempt a;

	f->pf[0].n_fdb = others;
	for (unsigned i = 0; i < others; i++)
		f->pf[0].fdb[i] = 0x020000000100 + i; /* the first of them are wanted as well */
	buf_addf(&policy,
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, \"vfs\": "
		"%u, \"fdb\": [",
		vfs);
	for (unsigned i = 0; i < wanted; i++)
		buf_addf(&policy, "%s\"%s\"", i ? ", " : "",
			macaddr_text(i ? 0x020000000200 + i : 0x020000000100).s);
	buf_add(&policy, "]}]}");
	attempt_plan(&a, buf_text(&policy), &f->host);
	assert_string_equal(attempt_problems(&a, &b), problem);
	attempt_done(&a);
	fake_free(f);
}

static void test_slots(void **state)
{
	(void)state;
	expect_slots(3, 0, 20, "");
	expect_slots(3, 0, 21,
		"0000:01:00.0: fdb: 21 addresses are wanted, and with 3 VFs there are 20 slots: "
		"one filter has its own address, and each VF takes another\n");
	expect_slots(7, 0, 16, "");
	expect_slots(3, 1, 20, ""); /* it is one of them */
	expect_slots(3, 2, 20,
		"0000:01:00.0: fdb: 20 addresses are wanted, and with 3 VFs there are 20 slots: "
		"one filter has its own address, and each VF takes another; 1 slot is taken by "
		"others (`bridge fdb show dev enp1s0`)\n");
}

#define ALL                                                                                    \
	ONE_PF("\"vfs\": 2, \"mtu\": 9000, \"eswitch\": \"switchdev\", \"features\": "         \
	       "{\"rx-gro\": true, \"rx-checksum\": false}, \"fdb\": [\"02:00:00:00:01:00\", " \
	       "\"02:00:00:00:01:01\"], \"defaults\": {\"driver\": \"vfio-pci\"}")

static void test_apply_and_undo(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct fakehost *f = fake_new(1), *start = fake_new(1);
	struct place_for_record rec;
	unsigned writes;

	(void)state;
	f->pf[0].fdb[0] = start->pf[0].fdb[0] = 0x020000000100; /* there before us */
	f->pf[0].n_fdb = start->pf[0].n_fdb = 1;
	place_begin(&rec);
	assert_int_equal(go(f, ALL, &rec, &b).pfs_failed, 0);
	assert_int_equal(f->pf[0].mtu, 9000);
	assert_int_equal(f->pf[0].eswitch, ESWITCH_SWITCHDEV);
	assert_int_equal(f->pf[0].features, 2);
	assert_int_equal(f->pf[0].n_fdb, 2);
	assert_in_sync(f, ALL, &rec);
	writes = f->writes;
	go(f, ALL, &rec, &b);
	assert_int_equal(f->writes, writes);

	undo(f, &rec, &left);
	assert_string_equal(buf_text(&left), "");
	start->pf[0].up = start->pf[0].no_ra = true;
	buf_done(&b);
	fake_diff(f, start, &b);
	assert_string_equal(buf_text(&b), "");
	assert_int_equal(f->pf[0].fdb[0], 0x020000000100);
	place_end(&rec, 1);
	fake_free(f);
	fake_free(start);
}

/* What somebody else has changed since is theirs, and told. */
static void test_undo_leaves(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct fakehost *f = fake_new(1);
	struct place_for_record rec;

	(void)state;
	place_begin(&rec);
	assert_int_equal(go(f, ALL, &rec, &b).pfs_failed, 0);
	f->pf[0].mtu = 4000;
	undo(f, &rec, &left);
	assert_int_equal(f->pf[0].mtu, 4000);
	assert_int_equal(f->pf[0].features, 1);
	assert_int_equal(f->pf[0].n_fdb, 0);
	assert_string_equal(buf_text(&left),
		"0000:01:00.0: left as it is: after sriovctl's \"mtu 9000 (was 1500)\" something "
		"else has changed it\n");
	place_end(&rec, 1);
	fake_free(f);
}

/* One that is refused keeps nothing else from being done. */
static void test_one_refused(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = with_vfs(1);
	struct place_for_record rec;
	struct apply_counts c;

	(void)state;
	place_begin(&rec);
	go(f, ONE_PF(KEEP), &rec, &b); /* the files about its VFs */
	buf_done(&b);
	f->fail_at = f->writes + 1;
	f->fail_errno = -EINVAL;
	c = go(f, ONE_PF(KEEP ", \"mtu\": 9000, \"fdb\": [\"02:00:00:00:01:00\"]"), &rec, &b);
	assert_int_equal(c.pfs_failed, 1);
	assert_string_equal(buf_text(&b), "0000:01:00.0 mtu 9000 (was 1500): failed\n"
					  "0000:01:00.0 fdb add 02:00:00:00:01:00\n");
	place_end(&rec, 1);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_effects),
		cmocka_unit_test(test_drivers),
		cmocka_unit_test(test_eswitch_takes_vfs),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_apply_and_undo),
		cmocka_unit_test(test_undo_leaves),
		cmocka_unit_test(test_one_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
