/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is planned, in which order, and what needs consent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "attempt.h"
#include "fakehost.h"

#define PF1 "\"match\": {\"address\": \"0000:01:00.0\"}"

static void expect(struct fakehost *f, const char *policy, const char *steps)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct attempt a;

	attempt_plan(&a, policy, &f->host);
	assert_string_equal(attempt_problems(&a, &b), "");
	assert_string_equal(attempt_text(a.plan, &b), steps);
	attempt_done(&a);
}

/* The whole order of DESIGN §1 on a fresh PF. */
static void test_order(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"driver\": \"vfio-pci\","
		"\"trust\": true}, \"vf\": {\"1\": {\"driver\": \"host\", \"mac\": "
		"\"02:00:00:00:00:01\","
		"\"vlan\": {\"id\": 100, \"qos\": 3}, \"max_tx_rate\": 500}}}]}",
		"0000:01:00.0 accept_ra 0 (was 1)\n"
		"0000:01:00.0 set the interface up\n"
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 load the module of driver vfio-pci\n"
		"0000:01:00.0 load the module of driver igbvf\n"
		"0000:01:00.0 create 2 VFs\n"
		"0000:01:00.0 vf 0 mac ba:46:d9:12:a2:18\n"
		"0000:01:00.0 vf 0 trust on\n"
		"0000:01:00.0 vf 1 mac 02:00:00:00:00:01\n"
		"0000:01:00.0 vf 1 vlan 100 qos 3\n"
		"0000:01:00.0 vf 1 trust on\n"
		"0000:01:00.0 vf 0 driver_override vfio-pci\n"
		"0000:01:00.0 vf 0 bind to vfio-pci\n"
		"0000:01:00.0 vf 1 driver_override igbvf\n"
		"0000:01:00.0 vf 1 bind to igbvf\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n"
		"0000:01:00.0 vf 1 max_tx_rate 500 Mbit/s\n");
	fake_free(f);
}

/* Two VFs on vfio-pci, as an earlier run left them, VF 1 held by a guest. */
static struct fakehost *provisioned(void)
{
	struct fakehost *f = fake_new(1);

	f->has_vfio = true;
	f->pf[0].up = true;
	f->pf[0].n = 2;
	for (int i = 0; i < 2; i++) {
		struct fake_vf *vf = &f->pf[0].vf[i];

		strcpy(vf->driver, "vfio-pci");
		strcpy(vf->override, "vfio-pci");
		vf->attr[VF_MAC] = 0x020000000000 + (uint64_t)i;
		vf->attr[VF_SPOOFCHK] = 1;
	}
	f->pf[0].vf[1].held = true;
	return f;
}

#define KEEP "\"defaults\": {\"driver\": \"vfio-pci\", \"mac\": \"keep\"}"

static void test_nothing_to_do(void **state)
{
	struct fakehost *f = provisioned();

	(void)state;
	expect(f, "{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, " KEEP "}]}", "");
	expect(f, "{\"version\": 1, \"pfs\": [{" PF1 "," KEEP "}]}", "");
	fake_free(f);
}

/* Raising both rates sets max first, lowering both min first: the kernel wants min <= max each
 * time. */
static void test_rates(void **state)
{
	struct fakehost *f = provisioned();
	struct fake_vf *vf = &f->pf[0].vf[0];

	(void)state;
	f->driver = "netdevsim"; /* igb has no minimum */
	vf->attr[VF_MIN_TX_RATE] = 100;
	vf->attr[VF_MAX_TX_RATE] = 200;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"defaults\": {\"mac\": \"keep\"}, \"vf\": {\"0\":"
		"{\"min_tx_rate\": 300, \"max_tx_rate\": 400}}}]}",
		"0000:01:00.0 vf 0 max_tx_rate 400 Mbit/s (was 200)\n"
		"0000:01:00.0 vf 0 min_tx_rate 300 Mbit/s (was 100)\n");
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"defaults\": {\"mac\": \"keep\"}, \"vf\": {\"0\":"
		"{\"min_tx_rate\": 10, \"max_tx_rate\": 20}}}]}",
		"0000:01:00.0 vf 0 min_tx_rate 10 Mbit/s (was 100)\n"
		"0000:01:00.0 vf 0 max_tx_rate 20 Mbit/s (was 200)\n");
	fake_free(f);
}

/* A host driver keeps the old MAC until it is bound again; vfio-pci's next user sees the new one.
 */
static void test_mac_under_host_driver(void **state)
{
	struct fakehost *f = provisioned();

	(void)state;
	strcpy(f->pf[0].vf[0].driver, "igbvf");
	strcpy(f->pf[0].vf[0].override, "igbvf");
	f->has_igbvf = true;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"defaults\": {\"mac\": \"keep\"}, \"vf\": {\"0\":"
		"{\"mac\": \"02:00:00:00:00:99\"}}}]}",
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 vf 0 unbind from igbvf\n"
		"0000:01:00.0 vf 0 mac 02:00:00:00:00:99 (was 02:00:00:00:00:00)\n"
		"0000:01:00.0 vf 0 bind to igbvf\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n");
	fake_free(f);
}

/* Vectors come before all that the PF's interface sets, and only to a VF without a driver. */
static void test_msix(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	f->pf[0].msix = 8;
	f->pf[0].up = f->has_vfio = true;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 1, \"autoprobe\": false,"
		"\"vf\": {\"0\": {\"driver\": \"vfio-pci\", \"mac\": \"02:00:00:00:00:01\","
		"\"msix\": 6}}}]}",
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 create 1 VFs\n"
		"0000:01:00.0 vf 0 msix 6\n"
		"0000:01:00.0 vf 0 mac 02:00:00:00:00:01\n"
		"0000:01:00.0 vf 0 driver_override vfio-pci\n"
		"0000:01:00.0 vf 0 bind to vfio-pci\n");
	fake_free(f);
	f = provisioned();
	f->pf[0].msix = 8;
	f->pf[0].vf[0].attr[VF_MSIX] = f->pf[0].vf[1].attr[VF_MSIX] = 4;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", " KEEP ", \"vf\": {\"0\": {\"msix\": 2},"
		"\"1\": {\"msix\": 4}}}]}",
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 vf 0 unbind from vfio-pci\n"
		"0000:01:00.0 vf 0 msix 2 (was 4)\n"
		"0000:01:00.0 vf 0 bind to vfio-pci\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n");
	fake_free(f);
}

/* A VF's controller goes offline for other queues, and has all that it had when it is back. */
static void test_nvme(void **state)
{
	static const char policy[] =
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"driver\": \"host\","
		"\"vq_resources\": 2, \"vi_resources\": 1, \"online\": true}}]}";
	struct fakehost *f = fake_new(1);

	(void)state;
	f->pf[0].nic = false;
	f->pf[0].flexible = 8;
	expect(f, policy,
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 create 2 VFs\n"
		"0000:01:00.0 vf 0 vq_resources 2\n"
		"0000:01:00.0 vf 0 vi_resources 1\n"
		"0000:01:00.0 vf 0 online on\n"
		"0000:01:00.0 vf 1 vq_resources 2\n"
		"0000:01:00.0 vf 1 vi_resources 1\n"
		"0000:01:00.0 vf 1 online on\n"
		"0000:01:00.0 vf 0 driver_override nvme\n"
		"0000:01:00.0 vf 0 bind to nvme\n"
		"0000:01:00.0 vf 1 driver_override nvme\n"
		"0000:01:00.0 vf 1 bind to nvme\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n");
	f->pf[0].n = 2;
	f->pf[0].vf[0] = f->pf[0].vf[1] = (struct fake_vf){ .driver = "nvme",
		.override = "nvme",
		.attr = { [VF_VQ_RESOURCES] = 2, [VF_VI_RESOURCES] = 1, [VF_ONLINE] = 1 } };
	expect(f, policy, "");
	f->pf[0].vf[1].attr[VF_VQ_RESOURCES] = 4;
	expect(f, policy,
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 vf 1 unbind from nvme\n"
		"0000:01:00.0 vf 1 online off (was on)\n"
		"0000:01:00.0 vf 1 vq_resources 2 (was 4)\n"
		"0000:01:00.0 vf 1 vi_resources 1 (was 1)\n"
		"0000:01:00.0 vf 1 online on (was on)\n"
		"0000:01:00.0 vf 1 bind to nvme\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n");
	fake_free(f);
}

/* Queues that go from one VF to another are given back before they are taken. */
static void test_nvme_moves(void **state)
{
	static const char policy[] = "{\"version\": 1, \"pfs\": [{" PF1
				     ", \"vfs\": 2, \"vf\": {\"0\": {\"vq_resources\": 4}, \"1\": "
				     "{\"vq_resources\": 2}}}]}";
	struct fakehost *f = fake_new(1);

	(void)state;
	f->pf[0].nic = false;
	f->pf[0].flexible = 6;
	f->pf[0].n = 2;
	f->pf[0].vf[0].attr[VF_VQ_RESOURCES] = 2;
	f->pf[0].vf[1].attr[VF_VQ_RESOURCES] = 4;
	f->pf[0].vf[0].attr[VF_VI_RESOURCES] = f->pf[0].vf[1].attr[VF_VI_RESOURCES] = 1;
	f->pf[0].vf[0].attr[VF_ONLINE] = f->pf[0].vf[1].attr[VF_ONLINE] = 1;
	expect(f, policy,
		"0000:01:00.0 vf 0 online off (was on)\n"
		"0000:01:00.0 vf 1 online off (was on)\n"
		"0000:01:00.0 vf 0 vq_resources 4 (was 2)\n"
		"0000:01:00.0 vf 0 vi_resources 1 (was 1)\n"
		"0000:01:00.0 vf 0 online on (was on)\n"
		"0000:01:00.0 vf 1 vq_resources 2 (was 4)\n"
		"0000:01:00.0 vf 1 vi_resources 1 (was 1)\n"
		"0000:01:00.0 vf 1 online on (was on)\n");
	fake_free(f);
}

/* "none" lets go and clears the pin, so that Proxmox's own way finds the VF free. */
static void test_driver_none(void **state)
{
	struct fakehost *f = provisioned();

	(void)state;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"defaults\": {\"mac\": \"keep\"}, \"vf\": {\"0\":"
		"{\"driver\": \"none\"}}}]}",
		"0000:01:00.0 vf 0 unbind from vfio-pci\n"
		"0000:01:00.0 vf 0 clear driver_override (was vfio-pci)\n");
	fake_free(f);
}

#define HOST_NAMED(vf, name)                                                                   \
	"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"defaults\": {\"mac\": \"keep\"}, " \
	"\"vf\": {\"" vf "\": {\"driver\": \"host\", \"name\": \"" name "\"}}}]}"

/* Two VFs on igbvf, as an earlier run left them, VF 0 with a name of the policy. */
static struct fakehost *with_interfaces(void)
{
	struct fakehost *f = provisioned();

	f->has_igbvf = true;
	for (int i = 0; i < 2; i++) {
		strcpy(f->pf[0].vf[i].driver, "igbvf");
		strcpy(f->pf[0].vf[i].override, "igbvf");
		f->pf[0].vf[i].held = false;
	}
	strcpy(f->pf[0].vf[0].name, "lxc0");
	return f;
}

/* A VF that is created has its name behind all that gives it an interface, and before autoprobe. */
static void test_name_of_new_vf(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 3, \"defaults\": {\"mac\": "
		"\"keep\", \"driver\": \"host\"}, \"vf\": {\"0\": {\"name\": \"lxc0\"}, "
		"\"2\": {\"name\": \"lxc2\", \"max_tx_rate\": 500, \"managed\": true}}}]}",
		"0000:01:00.0 accept_ra 0 (was 1)\n"
		"0000:01:00.0 set the interface up\n"
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 load the module of driver igbvf\n"
		"0000:01:00.0 create 3 VFs\n"
		"0000:01:00.0 vf 0 driver_override igbvf\n"
		"0000:01:00.0 vf 0 bind to igbvf\n"
		"0000:01:00.0 vf 1 driver_override igbvf\n"
		"0000:01:00.0 vf 1 bind to igbvf\n"
		"0000:01:00.0 vf 2 driver_override igbvf\n"
		"0000:01:00.0 vf 2 bind to igbvf\n"
		"0000:01:00.0 vf 0 name its interface lxc0\n"
		"0000:01:00.0 vf 2 name its interface lxc2\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n"
		"0000:01:00.0 vf 2 max_tx_rate 500 Mbit/s\n");
	fake_free(f);
}

/* Re-created VFs have lost what they were called, also where it was the right name. */
static void test_name_of_recreated_vf(void **state)
{
	struct fakehost *f = with_interfaces();

	(void)state;
	f->pf[0].autoprobe = false;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 1, \"defaults\": {\"mac\": "
		"\"keep\"}, \"vf\": {\"0\": {\"driver\": \"host\", \"name\": \"lxc0\"}}}]}",
		"0000:01:00.0 remove all 2 VFs\n"
		"0000:01:00.0 create 1 VFs\n"
		"0000:01:00.0 vf 0 driver_override igbvf\n"
		"0000:01:00.0 vf 0 bind to igbvf\n"
		"0000:01:00.0 vf 0 name its interface lxc0\n");
	fake_free(f);
}

#define HOST_MANAGED(managed)                                                     \
	"{\"version\": 1, \"pfs\": [{" PF1 ", \"defaults\": {\"mac\": \"keep\", " \
	"\"driver\": \"host\", \"managed\": " managed "}}]}"

/* A VF that stays bound is renamed if it is called something else. */
static void test_name_of_bound_vf(void **state)
{
	struct fakehost *f = with_interfaces();

	(void)state;
	expect(f, HOST_NAMED("0", "lxc0"), "");
	expect(f, HOST_NAMED("1", "lxc1"),
		"0000:01:00.0 vf 1 name its interface lxc1 (was p1v1)\n");
	expect(f, HOST_NAMED("0", "lxc00"),
		"0000:01:00.0 vf 0 name its interface lxc00 (was lxc0)\n");
	/* Its name is nobody's business without the key, as is "managed" to a plan. */
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"defaults\": {\"mac\": \"keep\", "
		"\"driver\": \"host\", \"managed\": true}}]}",
		"");
	fake_free(f);
}

/* What is the host's altogether stays as the kernel made it; any other gets its pin. */
static void test_pin_of_bound_vf(void **state)
{
	struct fakehost *f = with_interfaces();

	(void)state;
	f->pf[0].vf[0].override[0] = f->pf[0].vf[1].override[0] = '\0';
	expect(f, HOST_MANAGED("true"), "");
	expect(f, HOST_MANAGED("false"),
		"0000:01:00.0 vf 0 driver_override igbvf\n"
		"0000:01:00.0 vf 1 driver_override igbvf\n");
	strcpy(f->pf[0].vf[0].override, "vfio-pci");
	expect(f, HOST_MANAGED("true"), "0000:01:00.0 vf 0 driver_override igbvf (was vfio-pci)\n");
	fake_free(f);
}

/* A VF that is bound anew, to get its MAC or from another driver, has a new interface. */
static void test_name_after_rebinding(void **state)
{
	struct fakehost *f = with_interfaces();

	(void)state;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"defaults\": {\"mac\": \"keep\"}, \"vf\": "
		"{\"0\": {\"driver\": \"host\", \"name\": \"lxc0\", "
		"\"mac\": \"02:00:00:00:00:99\"}}}]}",
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 vf 0 unbind from igbvf\n"
		"0000:01:00.0 vf 0 mac 02:00:00:00:00:99 (was 02:00:00:00:00:00)\n"
		"0000:01:00.0 vf 0 bind to igbvf\n"
		"0000:01:00.0 vf 0 name its interface lxc0\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n");
	/* Its neighbour, which stays bound and has the right name, is left alone. */
	strcpy(f->pf[0].vf[1].name, "lxc1");
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"defaults\": {\"mac\": \"keep\", "
		"\"driver\": \"host\"}, \"vf\": {\"0\": {\"mac\": \"02:00:00:00:00:99\"}, "
		"\"1\": {\"name\": \"lxc1\"}}}]}",
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 vf 0 unbind from igbvf\n"
		"0000:01:00.0 vf 0 mac 02:00:00:00:00:99 (was 02:00:00:00:00:00)\n"
		"0000:01:00.0 vf 0 bind to igbvf\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n");
	strcpy(f->pf[0].vf[0].driver, "vfio-pci");
	strcpy(f->pf[0].vf[0].override, "vfio-pci");
	strcpy(f->pf[0].vf[0].name, "");
	expect(f, HOST_NAMED("0", "lxc0"),
		"0000:01:00.0 sriov_drivers_autoprobe 0\n"
		"0000:01:00.0 vf 0 unbind from vfio-pci\n"
		"0000:01:00.0 vf 0 driver_override igbvf (was vfio-pci)\n"
		"0000:01:00.0 vf 0 bind to igbvf\n"
		"0000:01:00.0 vf 0 name its interface lxc0\n"
		"0000:01:00.0 sriov_drivers_autoprobe 1\n");
	fake_free(f);
}

/* Plans anew for the host of A, which the caller has changed. */
static void expect_anew(struct attempt *a, const char *steps)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	plan_free(a->plan);
	a->plan = plan_make(a->want, a->inv);
	assert_string_equal(attempt_text(a->plan, &b), steps);
}

/* Where its interface is not here: in a container it has the name that it was given there. */
static void test_name_of_interface_elsewhere(void **state)
{
	struct fakehost *f = with_interfaces();
	struct attempt a;
	struct dev *vf;

	(void)state;
	attempt_plan(&a, HOST_NAMED("0", "lxc00"), &f->host);
	vf = &a.inv->devs[a.inv->pfs[0].vfs[0].dev];
	vf->netdev = -1;
	expect_anew(&a, "0000:01:00.0 vf 0 name its interface lxc00\n");
	vf->netdev_away = true;
	expect_anew(&a, "");
	attempt_done(&a);
	fake_free(f);
}

static void expect_refusal(
	struct fakehost *f, const char *policy, struct consent c, const char *text)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct attempt a;

	attempt_plan(&a, policy, &f->host);
	assert_int_equal(a.problems.n, 0);
	if (!text)
		assert_null(plan_refusal(&a.plan->pfs[0], c, &b));
	else
		assert_non_null(plan_refusal(&a.plan->pfs[0], c, &b));
	assert_string_equal(buf_text(&b), text ? text : "");
	attempt_done(&a);
}

static const struct consent nothing, recreate = { true, false }, force = { false, true },
				     both = { true, true };

static void test_count_needs_consent(void **state)
{
	static const char three[] = "{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 3, " KEEP "}]}";
	static const char zero[] = "{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 0}]}";
#define USED                                                                                      \
	"0000:01:00.0: refused: remove all 2 VFs: vf 1 (0000:01:10.2) is in use: open in a VFIO " \
	"user; "
	static const char used[] = USED "--recreate and --force together do it all the same";
	static const char idle[] = "0000:01:00.0: refused: remove all 2 VFs: that destroys VFs "
				   "that exist, with all their "
				   "settings; no one uses them now; --recreate does it";
	struct fakehost *f = provisioned();

	(void)state;
	expect_refusal(f, three, nothing, used);
	/* What has been said already, as `reset` says --recreate, is not asked for again. */
	expect_refusal(f, three, recreate, USED "--force does it all the same");
	expect_refusal(f, zero, recreate, USED "--force does it all the same");
	expect_refusal(f, three, force, USED "--recreate does it all the same");
#undef USED
	expect_refusal(f, three, both, NULL);
	f->pf[0].vf[1].held = false;
	expect_refusal(f, three, nothing, idle);
	expect_refusal(f, zero, nothing, idle);
	expect_refusal(f, zero, force, idle);
	expect_refusal(f, three, recreate, NULL);
	fake_free(f);
}

static void test_reset_of_used_needs_force(void **state)
{
	static const char mac[] = "{\"version\": 1, \"pfs\": [{" PF1
				  ", \"defaults\": {\"mac\": \"keep\"}, "
				  "\"vf\": {\"1\": {\"mac\": \"02:00:00:00:00:99\"}}}]}";
	static const char spoofchk[] = "{\"version\": 1, \"pfs\": [{" PF1
				       ", \"defaults\": {\"mac\": "
				       "\"keep\", \"spoofchk\": false}}]}";
	struct fakehost *f = provisioned();

	(void)state;
	expect_refusal(f, mac, recreate,
		"0000:01:00.0: refused: vf 1 mac 02:00:00:00:00:99 (was 02:00:00:00:00:01): vf 1 "
		"(0000:01:10.2) is in use: open in a VFIO user; --force does it all the "
		"same");
	expect_refusal(f, mac, force, NULL);
	expect_refusal(f, spoofchk, nothing, NULL);
	fake_free(f);
}

/* A new name takes the interface down for a moment: whoever uses it is asked. */
static void test_rename_of_used_needs_force(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = with_interfaces();
	const struct step *s;
	struct attempt a;

	(void)state;
	expect_refusal(f, HOST_NAMED("0", "lxc00"), nothing, NULL);
	attempt_plan(&a, HOST_NAMED("0", "lxc00"), &f->host);
	s = &a.plan->pfs[0].steps[0];
	assert_int_equal(s->effect, STEP_RESETS_VF);
	assert_null(s->used);
	a.inv->netdevs[a.inv->devs[a.inv->pfs[0].vfs[0].dev].netdev].up = true;
	expect_anew(&a, "0000:01:00.0 vf 0 name its interface lxc00 (was lxc0)\n");
	assert_ptr_equal(plan_refusal(&a.plan->pfs[0], recreate, &b), &a.plan->pfs[0].steps[0]);
	assert_string_equal(buf_text(&b),
		"0000:01:00.0: refused: vf 0 name its interface lxc00 (was lxc0): vf 0 "
		"(0000:01:10.0) is in use: lxc0 is up; --force does it all the same");
	assert_null(plan_refusal(&a.plan->pfs[0], force, &b));
	attempt_done(&a);
	fake_free(f);
}

/* The same inputs give the same plan, whatever the order of the policy's entries. */
static void test_order_free(void **state)
{
	static const char one[] = "{\"version\": 1, \"pfs\": [{" PF1
				  ", \"vfs\": 3}, {\"match\": {\"address\":"
				  "\"0000:02:00.0\"}, \"vfs\": 2}]}";
	static const char two[] =
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:02:00.0\"}, "
		"\"vfs\": 2}, {" PF1 ", \"vfs\": 3}]}";
	_cleanup_(buf_done) struct buf b = { 0 }, c = { 0 };
	struct fakehost *f = fake_new(2);
	struct attempt a, d;

	(void)state;
	attempt_plan(&a, one, &f->host);
	attempt_plan(&d, two, &f->host);
	assert_string_equal(attempt_text(a.plan, &b), attempt_text(d.plan, &c));
	assert_int_equal(plan_size(a.plan), 2 * 6 + 5);
	attempt_done(&a);
	attempt_done(&d);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_nothing_to_do),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_mac_under_host_driver),
		cmocka_unit_test(test_msix),
		cmocka_unit_test(test_nvme),
		cmocka_unit_test(test_nvme_moves),
		cmocka_unit_test(test_driver_none),
		cmocka_unit_test(test_name_of_new_vf),
		cmocka_unit_test(test_name_of_recreated_vf),
		cmocka_unit_test(test_name_of_bound_vf),
		cmocka_unit_test(test_pin_of_bound_vf),
		cmocka_unit_test(test_name_after_rebinding),
		cmocka_unit_test(test_name_of_interface_elsewhere),
		cmocka_unit_test(test_count_needs_consent),
		cmocka_unit_test(test_reset_of_used_needs_force),
		cmocka_unit_test(test_rename_of_used_needs_force),
		cmocka_unit_test(test_order_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
