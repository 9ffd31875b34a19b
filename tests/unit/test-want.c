/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host contradicts in a policy: each refusal with its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
		"(enp1s0, mac 52:54:00:01:00:01, driver igb), 0000:02:00.0 (enp2s0, mac "
		"52:54:00:01:00:02, driver igb)\n",
		0);
	expect(fake_new(1),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:09:00.0\", "
		"\"optional\": true}, \"vfs\": 2}]}",
		"", 0);
	expect(fake_new(0),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"mac\": \"52:54:00:01:00:01\"}}]}",
		"no PF matches mac 52:54:00:01:00:01; this host has no PF with SR-IOV at all\n", 0);
}

#define MOVED "\"address\": \"0000:01:00.0\", \"mac\": \"52:54:00:01:00:02\""
#define TELLS \
	"the PF with mac 52:54:00:01:00:02 has moved from 0000:01:00.0 to 0000:02:00.0 (enp2s0)"

static void test_moved(void **state)
{
	(void)state;
	expect(fake_new(2), "{\"version\": 1, \"pfs\": [{\"match\": {" MOVED "}, \"vfs\": 2}]}",
		TELLS ": write where it is now, or add \"follow\": \"mac\" to have it found "
		      "wherever it is\n",
		0);
	expect(fake_new(2),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"slot\": \"3\", " MOVED "}}]}",
		"the PF with mac 52:54:00:01:00:02 has moved from 0000:01:00.0, slot 3 to "
		"0000:02:00.0 (enp2s0), slot unknown: write where it is now, or add \"follow\": "
		"\"mac\" to have it found wherever it is\n",
		0);
}

/* The PFs that POLICY leads to are those at PFS, and NOTES is told beside them. */
static void expect_notes(const char *policy, const char *pfs, const char *notes)
{
	_cleanup_(buf_done) struct buf have = { 0 }, told = { 0 };
	struct fakehost *f = fake_new(2);
	struct attempt a;

	attempt_plan(&a, policy, &f->host);
	assert_int_equal(a.problems.n, 0);
	for (size_t i = 0; i < a.want->n_pfs; i++)
		buf_addf(&have, "%s ",
			pciaddr_text(inventory_pf_dev(a.inv, &a.inv->pfs[a.want->pfs[i].pf])->addr)
				.s);
	for (size_t i = 0; i < a.want->notes.n; i++)
		buf_addf(&told, "%s: %s\n", a.want->notes.problems[i].place.pointer,
			a.want->notes.problems[i].text);
	assert_string_equal(buf_text(&have), pfs);
	assert_string_equal(buf_text(&told), notes);
	attempt_done(&a);
	fake_free(f);
}

static void test_followed(void **state)
{
	(void)state;
	expect_notes("{\"version\": 1, \"pfs\": [{\"match\": {" MOVED
		     ", \"follow\": \"mac\"}, \"vfs\": 2}]}",
		"0000:02:00.0 ",
		"/pfs/0/match: " TELLS "; it was found there by its MAC (\"follow\")\n");
	/* Two that have changed places. */
	expect_notes("{\"version\": 1, \"pfs\": [{\"match\": {" MOVED
		     ", \"follow\": \"mac\"}}, {\"match\": {\"address\": \"0000:02:00.0\", "
		     "\"mac\": \"52:54:00:01:00:01\", \"follow\": \"mac\"}}]}",
		"0000:01:00.0 0000:02:00.0 ",
		"/pfs/0/match: " TELLS "; it was found there by its MAC (\"follow\")\n"
		"/pfs/1/match: the PF with mac 52:54:00:01:00:01 has moved from 0000:02:00.0 to "
		"0000:01:00.0 (enp1s0); it was found there by its MAC (\"follow\")\n");
	expect_notes("{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:02:00.0\", "
		     "\"mac\": \"52:54:00:01:00:02\", \"follow\": \"mac\"}}]}",
		"0000:02:00.0 ", "");
	expect_notes("{\"version\": 1, \"pfs\": [{\"match\": {" MOVED ", \"optional\": true}}]}",
		"",
		"/pfs/0/match: " TELLS "; nothing is done there, as this entry is optional and "
		"does not say \"follow\": \"mac\"\n");
}

/* A PF that one entry follows and another names by its place is that of two. */
static void test_followed_to_anothers(void **state)
{
	(void)state;
	expect(fake_new(2),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:02:00.0\"}}, "
		"{\"match\": {" MOVED ", \"follow\": \"mac\"}}]}",
		"0000:02:00.0: the entry at test.json:1 (/pfs/0) names this PF as well; one PF has "
		"one entry\n",
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
		"0000:01:00.0: 8 VFs are wanted, its driver allows 7 (sriov_totalvfs): at most 7 "
		"of the card's 8 (igb_probe())\n",
		1);
	expect(fake_new(1),
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": \"max\", \"vf\": {\"5-9\": {\"trust\": "
		"true}}}]}",
		"0000:01:00.0: VF 9 is configured, but there are to be 7 VFs, counted from 0\n", 0);
}

/* What is told of a PF with the keys MORE that is like PF, and has the VF BARs BARS. */
static void expect_room(
	const char *more, const struct pf *pf, struct pcicfg_bars bars, const char *text)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf policy = { 0 };
	struct fakehost *f = fake_new(1);
	struct attempt a;
	struct pf *have;

	buf_addf(&policy, "{\"version\": 1, \"pfs\": [{" PF1 "%s}]}", more);
	attempt_plan(&a, buf_text(&policy), &f->host);
	have = &a.inv->pfs[0];
	have->offset = pf->offset;
	have->stride = pf->stride;
	have->bus_last = pf->bus_last;
	a.inv->devs[have->dev].facts.vf_bars = bars;
	want_tell_room(a.want, a.policy, a.inv, &d);
	assert_int_equal(d.n, *text != '\0');
	if (d.n) {
		assert_string_equal(d.problems[0].text, text);
		assert_string_equal(d.problems[0].place.pointer, "/pfs/0/vfs");
	}
	attempt_done(&a);
	fake_free(f);
}

/* The same of one whose VFs are OFFSET behind it, below a port with buses up to LAST. */
static void expect_buses(const char *more, unsigned offset, unsigned last, const char *text)
{
	const struct pf pf = { .offset = offset, .stride = 2, .bus_last = last };

	expect_room(more, &pf, (struct pcicfg_bars){ 0 }, text);
}

/* The same of one with these VF BARs, and nothing known of buses. */
static void expect_bars(const char *more, struct pcicfg_bars bars, const char *text)
{
	expect_room(more, &(const struct pf){ 0 }, bars, text);
}

static void test_memory(void **state)
{
	const struct pcicfg_bars good = { true, 0x09, 0 }, lost = { true, 0x01, 0x08 };

	(void)state;
	expect_bars(", \"vfs\": 4", good, "");
	expect_bars(", \"vfs\": 4", (struct pcicfg_bars){ 0 }, "");
	expect_bars(", \"vfs\": 0", lost, "");
	expect_bars(", \"vfs\": 4", lost,
		"0000:01:00.0: VF BAR 3 has no address, as firmware and kernel have found "
		"no room: the kernel will make none of them; `sriovctl check` tells what to do");
	expect_bars(", \"vfs\": 4", (struct pcicfg_bars){ true, 0, 0 },
		"0000:01:00.0: VF BARs have no address, as firmware and kernel have found "
		"no room: the kernel will make none of them; `sriovctl check` tells what to do");
}

static void test_buses(void **state)
{
	(void)state;
	expect_buses(", \"vfs\": 4", 128, 1, "");
	expect_buses(", \"vfs\": 4", 384, 2, "");
	expect_buses(", \"vfs\": 4", 250, 1,
		"0000:01:00.0: 4 VFs reach to bus 02, and the last bus number that the port above "
		"has is 01: the kernel will make none of them; `sriovctl check` tells what to do");
	/* VF 2 is the last one on the bus. */
	expect_buses(", \"vfs\": 3", 250, 1, "");
	/* Nobody tells where they will be, or there is nothing to make. */
	expect_buses(", \"vfs\": 4", 0, 1, "");
	expect_buses(", \"vfs\": 4", 384, 0, "");
	expect_buses(", \"vfs\": 0", 384, 1, "");
	expect_buses("", 384, 1, "");
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

#define LACKS(driver) "0000:01:00.0: this host has no driver and no module \"" driver "\""

static void expect_driver(const char *driver, const char *problem, size_t pfs)
{
	char policy[256];

	snprintf(policy, sizeof(policy),
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"driver\": \"%s\"}}]}",
		driver);
	expect(fake_new(1), policy, problem, pfs);
}

/* A name that nothing on the host has is refused: it is no step that fails. */
static void test_no_such_driver(void **state _unused_)
{
	expect_driver("vfoi-pci", LACKS("vfoi-pci") "; did you mean \"vfio-pci\"?\n", 0);
	expect_driver("igbfv", LACKS("igbfv") "; did you mean \"igbvf\"?\n", 0);
	expect_driver("hosst", LACKS("hosst") "; did you mean \"host\"?\n", 0);
	expect_driver("uio_pci_generic",
		LACKS("uio_pci_generic") ": name one that `lspci -k` shows, or \"host\"\n", 0);
	/* That is its name: not another one is meant, its module is missing. */
	expect_driver("mlx5_vfio_pci",
		LACKS("mlx5_vfio_pci") ": install the package with the modules of kernel 6.1-fake "
				       "that has it, or reboot if the kernel was updated\n",
		0);
	/* Registered, or a module that is not loaded. */
	expect_driver("nvme", "", 1);
	expect_driver("igbvf", "", 1);
	expect_driver("vfio-pci", "", 1);
}

/* Where it stands in the policy is told; and only what is for this host is asked for. */
static void test_no_such_driver_there(void **state _unused_)
{
	struct fakehost *f = fake_new(2);
	struct attempt a;

	attempt_plan(&a,
		"{\"version\": 1, \"pfs\": [\n"
		"{" PF1 ", \"vfs\": 2, \"vf\": {\n"
		"\"1\": {\"driver\": \"vfoi-pci\"}}},\n"
		"{\"hosts\": [\"other\"], \"match\": {\"address\": \"0000:02:00.0\"},"
		" \"defaults\": {\"driver\": \"foreign\"}}]}",
		&f->host);
	assert_int_equal(a.problems.n, 1);
	assert_int_equal(a.problems.problems[0].entry, 0);
	assert_string_equal(a.problems.problems[0].place.pointer, "/pfs/0/vf/1/driver");
	assert_int_equal(a.problems.problems[0].place.line, 3);
	assert_int_equal(facts_module(&a.inv->facts, "foreign"), MODULE_UNKNOWN);
	attempt_done(&a);
	fake_free(f);
}

static void test_not_a_nic(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	f->pf[0].nic = false;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"trust\": true}}]}",
		"0000:01:00.0: trust is for Ethernet cards, and this is one of class 010802 "
		"(nvme)\n",
		0);
	f = fake_new(1);
	f->pf[0].nic = false;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"driver\": \"vfio-pci\"}}]}",
		"", 1);
}

#define GUIDS \
	"\"node_guid\": \"00:11:22:33:44:55:66:77\", \"port_guid\": \"00:11:22:33:44:55:66:78\""

/* InfiniBand has GUIDs, and no MAC address, VLAN, …; Ethernet the other way round. */
static void test_infiniband(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"vf\": {\"1\": {" GUIDS "}}}]}",
		"0000:01:00.0: node_guid is for InfiniBand cards, and this is one of class 020000 "
		"(ethernet)\n"
		"0000:01:00.0: port_guid is for InfiniBand cards, and this is one of class 020000 "
		"(ethernet)\n",
		0);
	f = fake_new(1);
	f->pf[0].infiniband = true;
	f->driver = "mlx5_core";
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"defaults\": {\"link_state\": "
		"\"enable\"}, \"vf\": {\"1\": {" GUIDS "}}}]}",
		"", 1);
	f = fake_new(1);
	f->pf[0].infiniband = true;
	f->driver = "mlx5_core";
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"vf\": {\"1\": {\"mac\": "
		"\"02:00:00:00:00:01\"}}}]}",
		"0000:01:00.0: mac is for Ethernet cards, and this is one of class 020700 "
		"(infiniband)\n",
		0);
}

#define RESOURCES(n, m)                                                                        \
	"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"defaults\": {\"vq_resources\": " n \
	"}, \"vf\": {\"1\": {\"vi_resources\": " m "}}}]}"

static struct fakehost *nvme(unsigned flexible)
{
	struct fakehost *f = fake_new(1);

	f->pf[0].nic = false;
	f->pf[0].flexible = flexible;
	return f;
}

/* What a controller can give away is known beforehand, if it can be asked. */
static void test_nvme(void **state)
{
	struct fakehost *f;

	(void)state;
	expect(nvme(8), RESOURCES("4", "4"), "", 1);
	expect(nvme(0), RESOURCES("4", "65535"), "", 1);
	expect(nvme(8), RESOURCES("5", "4"),
		"0000:01:00.0: vq_resources: 5: more than one VF can have (4 for each VF, by 1)\n",
		0);
	expect(nvme(6), RESOURCES("4", "4"),
		"0000:01:00.0: vq_resources: its VFs would have 8 together, and there are 6 for "
		"them: of 6 that can be moved, the PF itself has 0\n",
		0);
	f = nvme(6);
	f->pf[0].kept = 9;
	expect(f, RESOURCES("3", "7"),
		"0000:01:00.0: vi_resources: 7: more than one VF can have (4 for each VF, by 1)\n",
		0);
	f = nvme(1);
	f->pf[0].kept = 2;
	expect(f, RESOURCES("0", "2"),
		"0000:01:00.0: vi_resources: its VFs would have 2 together, and there are 1 for "
		"them: "
		"of 3 that can be moved, the PF itself has 2; \"nvme virt-mgmt /dev/nvme… -c 0 -r "
		"1 "
		"-a 1 -n 0\" and a reset of the PF make it give them up, see sriovctl-policy(5)\n",
		0);
	expect(fake_new(1), RESOURCES("1", "1"),
		"0000:01:00.0: vq_resources is for NVMe controllers, and this is one of class "
		"020000 (ethernet)\n",
		0);
}

#define MSIX(defaults, vf)                                                          \
	"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"defaults\": {" defaults \
	"\"mac\": \"keep\"}, \"vf\": {" vf "}}]}"

/* How many vectors there are to share out is the PF's to say: of igb's VFs nobody can. */
static void test_msix(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	expect(f, MSIX("\"msix\": 3,", ""),
		"0000:01:00.0: msix: its driver cannot give VFs a number of MSI-X vectors "
		"(sriov_vf_total_msix is 0)\n",
		0);
	f = fake_new(1);
	f->pf[0].msix = 8;
	expect(f, MSIX("\"msix\": 4,", ""), "", 1);
	f = fake_new(1);
	f->pf[0].msix = 8;
	expect(f, MSIX("\"msix\": 4,", "\"1\": {\"msix\": 5}"),
		"0000:01:00.0: msix: its VFs would have 9 MSI-X vectors together, and it has 8 for "
		"them (sriov_vf_total_msix)\n",
		0);
	/* A VF that is not to change keeps what it has; one that is yet to come has nothing. */
	f = fake_new(1);
	f->pf[0].msix = 8;
	expect(f, MSIX("", "\"1\": {\"msix\": 8}"), "", 1);
	f = fake_new(1);
	f->pf[0].msix = 8;
	f->pf[0].n = 2;
	f->pf[0].vf[0].attr[VF_MSIX] = f->pf[0].vf[1].attr[VF_MSIX] = 4;
	expect(f, MSIX("", "\"1\": {\"msix\": 5}"),
		"0000:01:00.0: msix: its VFs would have 9 MSI-X vectors together, and it has 8 for "
		"them (sriov_vf_total_msix)\n",
		0);
	/* What cannot be asked is left to the kernel, unless its driver is known to have none. */
	f = fake_new(1);
	f->pf[0].msix = -1;
	f->driver = "ice";
	expect(f, MSIX("\"msix\": 4,", ""), "", 1);
	f = fake_new(1);
	f->pf[0].msix = -1;
	expect(f, MSIX("\"msix\": 4,", ""),
		"0000:01:00.0: vf 0: igb does not implement msix: remove it\n", 0);
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

#define NAMED(attrs) "\"vf\": {\"1\": {" attrs "}}}]}"
#define NAME(name)                         \
	"{\"version\": 1, \"pfs\": [{" PF1 \
	", \"vfs\": 2, " NAMED("\"driver\": \"host\", \"name\": \"" name "\"")

/* Only a driver of the host makes an interface that could be named. */
static void test_name_needs_driver(void **state)
{
	(void)state;
	expect(fake_new(1), NAME("lxc0"), "", 1);
	expect(fake_new(1),
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"defaults\": {\"driver\": "
		"\"igbvf\"}, " NAMED("\"name\": \"lxc0\""),
		"", 1);
	expect(fake_new(1),
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, " NAMED("\"name\": \"lxc0\""),
		"0000:01:00.0: vf 1 is to have a name, but with driver \"none\" it has no "
		"interface; "
		"give it \"driver\": \"host\"\n",
		0);
	expect(fake_new(1),
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"defaults\": {\"driver\": "
		"\"host\"}, " NAMED("\"driver\": \"none\", \"name\": \"lxc0\""),
		"0000:01:00.0: vf 1 is to have a name, but with driver \"none\" it has no "
		"interface; "
		"give it \"driver\": \"host\"\n",
		0);
	expect(fake_new(2),
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:02:00.0\"}, \"vfs\": "
		"1}, "
		"{" PF1 ", \"vfs\": 2, \"defaults\": {\"driver\": \"vfio-pci\"}, " NAMED(
			"\"name\": \"lxc0\""),
		"0000:01:00.0: vf 1 is to have a name, but with driver \"vfio-pci\" it has no "
		"interface; give it \"driver\": \"host\"\n",
		1);
}

/* The name of another interface of the host, whatever it belongs to. */
static void test_name_taken(void **state)
{
	struct fakehost *f = fake_new(2);

	(void)state;
	expect(f, NAME("enp2s0"),
		"0000:01:00.0: vf 1: name enp2s0 is that of another interface of this host, that "
		"of 0000:02:00.0\n",
		0);
	expect(fake_new(1), NAME("enp1s0"),
		"0000:01:00.0: vf 1: name enp1s0 is that of another interface of this host, that "
		"of 0000:01:00.0\n",
		0);
	f = fake_new(1);
	strcpy(f->bridge, "vmbr0");
	expect(f, NAME("vmbr0"),
		"0000:01:00.0: vf 1: name vmbr0 is that of another interface of this host\n", 0);
	f = fake_new(2);
	f->pf[1].n = 1;
	strcpy(f->pf[1].vf[0].driver, "igbvf");
	strcpy(f->pf[1].vf[0].name, "lxc0");
	expect(f, NAME("lxc0"),
		"0000:01:00.0: vf 1: name lxc0 is that of another interface of this host, that of "
		"0000:02:10.0\n",
		0);
	/* A part of a name, or the same in capitals, is another one. */
	f = fake_new(1);
	strcpy(f->bridge, "vmbr0");
	expect(f, NAME("vmbr"), "", 1);
	f = fake_new(1);
	strcpy(f->bridge, "vmbr0");
	expect(f, NAME("VMBR0"), "", 1);
}

/* Two VFs of one PF; NAMES are those of their interfaces now. */
static struct fakehost *two_named(const char *const names[2])
{
	struct fakehost *f = fake_new(1);

	f->pf[0].n = 2;
	for (int i = 0; i < 2; i++) {
		strcpy(f->pf[0].vf[i].driver, "igbvf");
		strcpy(f->pf[0].vf[i].name, names[i]);
	}
	return f;
}

/*
 * Two VFs of one PF that stay: names would have to be given in turn. Where the VFs are made anew,
 * all names are free.
 */
static void test_name_of_neighbour(void **state)
{
	static const char *const names[] = { "lxc0", "lxc1" };

	(void)state;
	expect(two_named(names), NAME("lxc1"), "", 1);
	expect(two_named(names), NAME("lxc0"),
		"0000:01:00.0: vf 1: name lxc0 is that of another interface of this host, that of "
		"0000:01:10.0\n",
		0);
	expect(two_named(names),
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"defaults\": {\"driver\": \"host\"}, "
		"\"vf\": {\"0\": {\"name\": \"lxc1\"}, \"1\": {\"name\": \"lxc0\"}}}]}",
		"0000:01:00.0: vf 0: name lxc1 is that of another interface of this host, that of "
		"0000:01:10.2\n",
		0);
	expect(two_named(names),
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 3, \"defaults\": {\"driver\": "
		"\"host\"}, \"vf\": {\"0\": {\"name\": \"lxc1\"}, \"1\": {\"name\": "
		"\"lxc0\"}}}]}",
		"", 1);
}

/* The VFs of one PF are made anew, those of the other one keep their names. */
static void test_name_of_other_pf(void **state)
{
	static const char *const names[] = { "lxc0", "lxc1" };
	struct fakehost *f = two_named(names);

	(void)state;
	f->n_pfs = 2;
	f->pf[1] = f->pf[0];
	f->pf[1].addr.bus = 2;
	f->pf[1].mac++;
	strcpy(f->pf[1].vf[0].name, "lxc2");
	strcpy(f->pf[1].vf[1].name, "lxc3");
	expect(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 3, \"defaults\": {\"driver\": "
		"\"host\", \"mac\": \"keep\"}, \"vf\": {\"0\": {\"name\": \"lxc1\"}, "
		"\"1\": {\"name\": \"lxc2\"}}}]}",
		"0000:01:00.0: vf 1: name lxc2 is that of another interface of this host, that of "
		"0000:02:10.0\n",
		0);
}

static void test_names_are_for_nics(void **state)
{
	static const char policy[] = "{\"version\": 1, \"pfs\": [{" PF1
				     ", \"vfs\": 2, \"defaults\": "
				     "{\"driver\": \"host\", \"managed\": false}, " NAMED(
					     "\"name\": \"lxc0\"");
	struct fakehost *f = fake_new(1);

	(void)state;
	expect(fake_new(1), policy, "", 1);
	f->pf[0].nic = false;
	expect(f, policy,
		"0000:01:00.0: managed is for network cards, and this is one of class 010802 "
		"(nvme)\n",
		0);
	f = fake_new(1);
	f->pf[0].nic = false;
	expect(f, NAME("lxc0"),
		"0000:01:00.0: name is for network cards, and this is one of class 010802 "
		"(nvme)\n",
		0);
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

/* The same, with the warnings. */
static void expect_both(struct fakehost *f, const char *policy, const char *problems,
	const char *warnings, size_t pfs)
{
	_cleanup_(buf_done) struct buf b = { 0 }, w = { 0 };
	struct attempt a;

	attempt_plan(&a, policy, &f->host);
	for (size_t i = 0; i < a.want->notes.n; i++)
		buf_addf(&w, "%s\n", a.want->notes.problems[i].text);
	assert_string_equal(attempt_problems(&a, &b), problems);
	assert_string_equal(buf_text(&w), warnings);
	assert_int_equal(a.plan->n_pfs, pfs);
	attempt_done(&a);
	fake_free(f);
}

/* Each attribute, once for all VFs that have it from the same place; the other PF is planned. */
static void test_driver_refuses(void **state)
{
	struct fakehost *f = fake_new(2);

	(void)state;
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 4, \"defaults\": {\"link_state\": "
		"\"enable\", \"trust\": true}, \"vf\": {\"1\": {\"link_state\": \"disable\"}, "
		"\"2-3\": {\"query_rss\": false, \"max_tx_rate\": 2500}}}, "
		"{\"match\": {\"address\": \"0000:02:00.0\"}, \"vfs\": 1}]}",
		"0000:01:00.0: vf 0: igb does not implement link_state: remove it, or let it be "
		"\"auto\"\n"
		"0000:01:00.0: vf 1: igb does not implement link_state: remove it, or let it be "
		"\"auto\"\n"
		"0000:01:00.0: vf 2: igb takes no more than 1000\n"
		"0000:01:00.0: vf 2: igb does not implement query_rss: remove it\n",
		"", 1);
	/* What it reports anyway is no matter, set or not. */
	expect_both(fake_new(1),
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 1, \"defaults\": {\"link_state\": "
		"\"auto\", \"min_tx_rate\": 0}}]}",
		"", "", 1);
	/* Nor is what there is already: somehow it can be. */
	f = fake_new(1);
	f->pf[0].n = 1;
	f->pf[0].vf[0].attr[VF_LINK_STATE] = 2;
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 1, \"defaults\": {\"link_state\": \"disable\"}}]}",
		"", "", 1);
	/* If the VFs stay. */
	f = fake_new(1);
	f->pf[0].n = 1;
	f->pf[0].vf[0].attr[VF_LINK_STATE] = 2;
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"vf\": {\"0\": {\"link_state\": \"disable\"}}}]}",
		"0000:01:00.0: vf 0: igb does not implement link_state: remove it, or let it be "
		"\"auto\"\n",
		"", 0);
}

static void test_driver_warns(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	f->driver = "bnxt_en";
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2, \"up\": false, \"defaults\": "
		"{\"trust\": true, \"max_tx_rate\": 0}}]}",
		"",
		"0000:01:00.0: bnxt_en makes VFs only while the PF's interface is up, which it is "
		"not, and \"up\": false leaves it so\n"
		"0000:01:00.0: vf 0: bnxt_en may not do trust: firmware that does not know it is "
		"not asked, and the answer is yes all the same\n",
		1);
	f = fake_new(1);
	f->driver = "unheard-of";
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"trust\": true, \"query_rss\": true}}]}",
		"",
		"0000:01:00.0: it is not known what the driver unheard-of accepts, so all is tried "
		"that the policy asks of it\n",
		1);
	/* Nothing asked, nothing told. */
	f = fake_new(1);
	f->driver = "unheard-of";
	expect_both(f, "{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2}]}", "", "", 1);
	f = fake_new(1);
	f->driver = "virtio-pci";
	expect_both(f, "{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2}]}", "",
		"0000:01:00.0: virtio-pci does not implement mac: its VFs keep the addresses that "
		"they come with\n",
		1);
	f = fake_new(1);
	f->driver = "virtio-pci";
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"mac\": \"auto\"}}]}",
		"0000:01:00.0: vf 0: virtio-pci does not implement mac: remove it\n", "", 0);
	f = fake_new(1);
	f->driver = "virtio-pci";
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"mac\": \"keep\"}}]}",
		"", "", 1);
}

/* A driver from elsewhere may have more: what is known of the kernel's own is a warning. */
static void test_foreign_driver(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	f->foreign = true;
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 1, \"defaults\": {\"query_rss\": true}}]}",
		"",
		"0000:01:00.0: vf 0: igb does not implement query_rss: remove it (so it is with "
		"the "
		"kernel's own igb; this one is from elsewhere)\n",
		1);
}

/* In switchdev mode, some of it is the representors' business. */
static void test_switchdev(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	f->driver = "mlx5_core";
	f->pf[0].eswitch = ESWITCH_SWITCHDEV;
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 1, \"defaults\": {\"trust\": true, "
		"\"vlan\": 0, \"link_state\": \"auto\"}}]}",
		"0000:01:00.0: vf 0: mlx5_core does not do trust in switchdev mode: remove it\n",
		"", 0);
	f = fake_new(1);
	f->driver = "mlx5_core";
	f->pf[0].eswitch = ESWITCH_LEGACY;
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 1, \"eswitch\": \"switchdev\", \"defaults\": {\"vlan\": 5}}]}",
		"0000:01:00.0: vf 0: mlx5_core does not do vlan in switchdev mode: remove it\n", "",
		0);
	f = fake_new(1);
	f->driver = "mlx5_core";
	f->pf[0].eswitch = ESWITCH_SWITCHDEV;
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 1, \"eswitch\": \"legacy\", \"defaults\": {\"vlan\": 5}}]}",
		"", "", 1);
}

/* Rates want the interface up and link. */
static void test_driver_needs(void **state)
{
	static const char policy[] = "{\"version\": 1, \"pfs\": [{" PF1
				     ", \"vfs\": 2, \"up\": false, \"defaults\": "
				     "{\"max_tx_rate\": 500}}]}";
	struct fakehost *f = fake_new(1);

	(void)state;
	expect_both(f, policy, "",
		"0000:01:00.0: vf 0: for max_tx_rate, igb needs the PF's interface up, which it is "
		"not, and \"up\": false leaves it so\n",
		1);
	f = fake_new(1);
	f->pf[0].up = true;
	expect_both(f, policy, "", "", 1);
}

/* Drivers that make VFs as they are loaded, or all at once. */
static void test_driver_count(void **state)
{
	struct fakehost *f = fake_new(1);

	(void)state;
	f->driver = "mlx4_core";
	expect_both(f, "{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2}]}",
		"0000:01:00.0: mlx4_core makes no VFs on demand; how many there are is up to the "
		"module parameter num_vfs of mlx4_core, as it is loaded: remove vfs\n",
		"", 0);
	f = fake_new(1);
	f->driver = "mlx4_core";
	f->pf[0].n = 2;
	expect_both(f, "{\"version\": 1, \"pfs\": [{" PF1 ", \"vfs\": 2}]}", "", "", 1);
	f = fake_new(1);
	f->driver = "c6xx";
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": 2, \"defaults\": {\"mac\": \"keep\"}}]}",
		"0000:01:00.0: c6xx makes all its 7 VFs or none: let vfs be \"max\"\n", "", 0);
	f = fake_new(1);
	f->driver = "c6xx";
	expect_both(f,
		"{\"version\": 1, \"pfs\": [{" PF1
		", \"vfs\": \"max\", \"defaults\": {\"mac\": \"keep\"}}]}",
		"", "", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_such_pf),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_followed),
		cmocka_unit_test(test_followed_to_anothers),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_buses),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_no_iommu),
		cmocka_unit_test(test_no_such_driver),
		cmocka_unit_test(test_no_such_driver_there),
		cmocka_unit_test(test_not_a_nic),
		cmocka_unit_test(test_infiniband),
		cmocka_unit_test(test_nvme),
		cmocka_unit_test(test_msix),
		cmocka_unit_test(test_mac_taken),
		cmocka_unit_test(test_name_needs_driver),
		cmocka_unit_test(test_name_taken),
		cmocka_unit_test(test_name_of_neighbour),
		cmocka_unit_test(test_name_of_other_pf),
		cmocka_unit_test(test_names_are_for_nics),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_driver_refuses),
		cmocka_unit_test(test_driver_warns),
		cmocka_unit_test(test_foreign_driver),
		cmocka_unit_test(test_driver_needs),
		cmocka_unit_test(test_switchdev),
		cmocka_unit_test(test_driver_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
