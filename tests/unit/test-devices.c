/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is reserved as a whole: which functions an entry means, what is refused, what is done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/match-device.h"
#include "core/plan.h"
#include "core/undo.h"
#include "fixture.h"

#define GPU   "0000:04:00.0"
#define SOUND "0000:04:00.1"

/* fixture_host(), whose PFs have no VFs, and a display with its sound in one group behind it. */
static struct inventory *host(void)
{
	struct inventory *inv = fixture_host();
	const char *nvme;

	for (size_t i = 0; i < inv->n_pfs; i++)
		inv->pfs[i].n_vfs = 0;
	fixture_dev(inv, GPU, 0x10de1b80, 0x030000, "nouveau", 30);
	fixture_dev(inv, SOUND, 0x10de10f0, 0x040300, "snd_hda_intel", 30);
	nvme = inv->devs[inv->pfs[2].dev].driver;
	inv->drivers = mem_new(1, sizeof(*inv->drivers));
	inv->drivers[inv->n_drivers++] = nvme;
	return inv;
}

static struct dev *dev_at(struct inventory *inv, const char *address)
{
	struct pciaddr a;
	int dev;

	assert_int_equal(pciaddr_parse(address, &a), 0);
	dev = inventory_dev(inv, a);
	assert_true(dev >= 0);
	return &inv->devs[dev];
}

static struct policy *parse(const char *members)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf text = { 0 };
	struct policy *p = policy_new();

	buf_addf(&text, "{\"version\": 1, %s}", members);
	policy_parse(p, "p.json", buf_text(&text), text.len, &d);
	assert_int_equal(d.n, 0);
	return p;
}

/* What is said of the policy with the MEMBERS on INV, a problem a line, and then the steps. */
static void say(struct buf *b, const struct inventory *inv, const char *members)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	struct policy *p = parse(members);
	struct want *w = want_make(p, inv, &d);
	struct plan *plan = plan_make(w, inv);

	for (size_t i = 0; i < d.n; i++)
		buf_addf(b, "%d: %s\n", d.problems[i].entry, d.problems[i].text);
	for (size_t i = 0; i < plan->n_pfs; i++)
		for (size_t k = 0; k < plan->pfs[i].n_steps; k++) {
			const struct step *s = &plan->pfs[i].steps[k];

			buf_addf(b, "%s ", plan_pf_label(&plan->pfs[i]).s);
			step_text(b, s);
			buf_addf(b, "%s%s%s\n", s->effect ? " !" : "", s->used ? " " : "",
				s->used ? s->used : "");
		}
	plan_free(plan);
	want_free(w);
	policy_free(p);
}

static void expect(struct inventory *inv, const char *members, const char *text)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	say(&b, inv, members);
	assert_string_equal(buf_text(&b), text);
}

static void expect_once(const char *members, const char *text)
{
	struct inventory *inv = host();

	expect(inv, members, text);
	inventory_free(inv);
}

#define DEVICE(match) "\"devices\": [{\"match\": {" match "}}]"
#define AT(address)   "\"address\": \"" address "\""
#define TWO(a, b)     "\"devices\": [{\"match\": {" a "}}, {\"match\": {" b "}}]"

/* Steps of a function that goes from DRIVER to vfio-pci. */
#define RESERVED(address, driver, used)                                                          \
	address " load the module of driver vfio-pci\n" address " unbind from " driver " !" used \
		"\n" address " driver_override vfio-pci\n" address " bind to vfio-pci\n"

static void steps(void **state _unused_)
{
	struct inventory *inv = host();

	expect(inv, TWO(AT(GPU), AT(SOUND)),
		RESERVED(GPU, "nouveau", "") RESERVED(SOUND, "snd_hda_intel", ""));
	expect(inv, DEVICE("\"vendor\": \"10de\", \"many\": true"),
		RESERVED(GPU, "nouveau", "") RESERVED(SOUND, "snd_hda_intel", ""));
	/* The driver is there, the function has none; and then it is as it is to be. */
	inv->drivers[0] = "vfio-pci";
	dev_at(inv, SOUND)->driver = NULL;
	dev_at(inv, GPU)->driver = dev_at(inv, GPU)->override = "vfio-pci";
	expect(inv, DEVICE(AT(SOUND)),
		SOUND " driver_override vfio-pci\n" SOUND " bind to vfio-pci\n");
	expect(inv, DEVICE(AT(GPU)), "");
	/* Bound, but by an ID alone: the pin is what lasts. */
	dev_at(inv, GPU)->override = NULL;
	expect(inv, DEVICE(AT(GPU)), GPU " driver_override vfio-pci\n");
	/* From one of VFIO's drivers to another one. */
	inv->drivers[0] = "mlx5_vfio_pci";
	dev_at(inv, GPU)->vfio_open = true;
	expect(inv, "\"devices\": [{\"match\": {" AT(GPU) "}, \"driver\": \"mlx5_vfio_pci\"}]",
		GPU " unbind from vfio-pci ! " GPU " is in use: open in a VFIO user\n" GPU
		    " driver_override mlx5_vfio_pci\n" GPU " bind to mlx5_vfio_pci\n");
	inventory_free(inv);
}

/* A PF is a function like any other, as long as it has no VFs. */
static void network_port(void **state _unused_)
{
	struct inventory *inv = host();

	inv->devs[inv->pfs[1].dev].lifeline.part = "x";
	expect(inv, DEVICE("\"interface\": \"*f0\""),
		RESERVED("0000:01:00.0", "igb", " 0000:01:00.0 is in use: enp1s0f0 is up"));
	inv->netdevs[0].up = false;
	expect(inv, DEVICE("\"mac\": \"52:54:00:11:22:33\", \"driver\": \"igb\""),
		RESERVED("0000:01:00.0", "igb", ""));
	inventory_free(inv);
	inv = fixture_host();
	expect(inv, DEVICE(AT("0000:03:00.0")),
		"0: 0000:03:00.0: it has 2 VFs, which would go with it: remove them first "
		"(`sriovctl reset 0000:03:00.0`, if sriovctl made them)\n");
	inventory_free(inv);
}

/* That the host's driver has it is why it is reserved; what is made of its disks is a use. */
static void disks(void **state _unused_)
{
	struct inventory *inv = host();

	expect(inv, DEVICE(AT("0000:03:00.0")), RESERVED("0000:03:00.0", "nvme", ""));
	dev_at(inv, "0000:03:00.0")->lifeline = (struct lifeline){ .part = "nvme0n1",
		.holder = "md0" };
	expect(inv, DEVICE(AT("0000:03:00.0")),
		RESERVED("0000:03:00.0", "nvme",
			" 0000:03:00.0 is in use: nvme0n1 is a part of md0"));
	dev_at(inv, "0000:03:00.0")->lifeline.mount = "/";
	expect(inv, DEVICE(AT("0000:03:00.0")),
		"0: 0000:03:00.0: carries the root file system: leave it out of \"devices\"\n");
	inventory_free(inv);
}

static void no_match(void **state _unused_)
{
	expect_once(DEVICE(AT("0000:09:00.0")),
		"0: no device matches address 0000:09:00.0; `lspci -Dnn` lists all that there "
		"are\n");
	expect_once(DEVICE(AT("0000:09:00.0") ", \"optional\": true"), "");
	expect_once(DEVICE(AT("0000:01:10.0")),
		"0: 0000:01:10.0 is a VF: what VFs are for says \"vf\" in their PF's entry of "
		"\"pfs\"\n");
	expect_once(DEVICE(AT("0000:00:1c.0")),
		"0: 0000:00:1c.0 is a bridge, which no guest can have\n");
	expect_once(DEVICE(AT("0000:00:1f.0")),
		"0: 0000:00:1f.0 is a bridge, which no guest can have\n");
	expect_once(DEVICE("\"driver\": \"pcieport\""),
		"0: no device matches driver pcieport; `lspci -Dnn` lists all that there are\n");
	expect_once(DEVICE(AT("0000:01:00.0") ", \"mac\": \"52:54:00:11:22:34\""),
		"0: the device with mac 52:54:00:11:22:34 has moved from 0000:01:00.0 to "
		"0000:01:00.1 (enp1s0f1): write where it is now, or add \"follow\": \"mac\" to "
		"have "
		"it found wherever it is\n");
	expect_once(DEVICE(AT("0000:01:00.0") ", \"mac\": \"52:54:00:11:22:34\", \"follow\": "
					      "\"mac\""),
		RESERVED("0000:01:00.1", "igb", " 0000:01:00.1 is in use: enp1s0f1 is up"));
	expect_once(DEVICE("\"vendor\": \"10de\""),
		"0: 2 devices match vendor 10de: " GPU ", " SOUND "; say which one, or \"many\": "
		"true for all of them\n");
	expect_once(
		"\"devices\": [{\"match\": {\"driver\": \"nope\"}, \"hosts\": [\"other\"]}]", "");
}

/* Two entries for one function, of either kind: none of them counts. */
static void contradictions(void **state _unused_)
{
	expect_once(TWO(AT(GPU), "\"driver\": \"nouveau\""),
		"1: " GPU ": the entry at p.json:1 (/devices/0) names this device as well; one "
		"device has one entry\n");
	expect_once("\"pfs\": [{\"match\": {\"driver\": \"nvme\"}, \"vfs\": 2}], " DEVICE(
			    AT("0000:03:00.0")),
		"1: 0000:03:00.0: the entry at p.json:1 (/pfs/0) is about this PF's VFs: it has "
		"VFs, or it is reserved as a whole\n");
	expect_once(
		"\"pfs\": [{\"match\": {\"driver\": \"nvme\"}, \"hosts\": [\"other\"]}], " DEVICE(
			AT("0000:03:00.0")),
		RESERVED("0000:03:00.0", "nvme", ""));
}

static void groups(void **state _unused_)
{
	struct inventory *inv = host();

	expect(inv, DEVICE(AT(GPU)),
		"0: " GPU ": a guest gets IOMMU group 30 as a whole, and the host keeps " SOUND
		" (snd_hda_intel): give it an entry in \"devices\" as well, or leave this one; the "
		"functions of 0000:04:00 have no ACS between them: one guest gets all of them, or "
		"none does\n");
	/* Without a driver, or with one of VFIO's, it goes along. */
	dev_at(inv, SOUND)->driver = NULL;
	expect(inv, DEVICE(AT(GPU)), RESERVED(GPU, "nouveau", ""));
	dev_at(inv, SOUND)->driver = "vfio-pci";
	expect(inv, DEVICE(AT(GPU)), RESERVED(GPU, "nouveau", ""));
	/* Among others, a bridge of the host's; only some of them are named. */
	dev_at(inv, SOUND)->driver = "snd_hda_intel";
	for (size_t i = 0; i < 4; i++)
		inv->devs[i].iommu_group = 30;
	dev_at(inv, "0000:01:00.0")->iommu_group = 30;
	inventory_index(inv);
	expect(inv, TWO(AT(GPU), AT(SOUND)),
		"0: " GPU ": a guest gets IOMMU group 30 as a whole, and the host keeps "
		"0000:00:1f.0 (lpc_ich), 0000:00:1f.2 (ahci), 0000:01:00.0 (igb): give them an "
		"entry in \"devices\" as well, or leave this one; the bridge 0000:00:1c.0 without "
		"ACS joins all that is behind: a slot whose root port has ACS keeps devices "
		"apart\n"
		"1: " SOUND ": a guest gets IOMMU group 30 as a whole, and the host keeps "
		"0000:00:1f.0 (lpc_ich), 0000:00:1f.2 (ahci), 0000:01:00.0 (igb): give them an "
		"entry in \"devices\" as well, or leave this one; the bridge 0000:00:1c.0 without "
		"ACS joins all that is behind: a slot whose root port has ACS keeps devices "
		"apart\n");
	dev_at(inv, "0000:00:1f.2")->lifeline.mount = "swap";
	expect(inv, DEVICE(AT(GPU)),
		"0: " GPU ": is in one IOMMU group (30) with 0000:00:1f.2, which carries swap "
		"space of the host and would have to go with it: leave it out of \"devices\", or "
		"put one of the two into another slot\n");
	inventory_free(inv);
}

#define NO_IOMMU                                                                               \
	"driver \"vfio-pci\" needs an IOMMU and this host has none active: switch on VT-d or " \
	"AMD-Vi in the firmware, and intel_iommu=on on the kernel command line of Intel hosts\n"

static void iommu(void **state _unused_)
{
	struct inventory *inv = host();

	dev_at(inv, "0000:03:00.0")->iommu_group = -1;
	inventory_index(inv);
	expect(inv, DEVICE(AT("0000:03:00.0")),
		"0: 0000:03:00.0: the IOMMU in use does not cover it: look for VT-d or AMD-Vi in "
		"the settings of the firmware, and for iommu options on the kernel's command "
		"line\n");
	inv->has_iommu = false;
	expect(inv, DEVICE(AT("0000:03:00.0")), "0: 0000:03:00.0: " NO_IOMMU);
	expect(inv,
		"\"devices\": [{\"match\": {" AT("0000:03:00.0") "}, \"driver\": \"vfio_pci\"}]",
		"0: 0000:03:00.0: vfio_pci is the module; its driver is called \"vfio-pci\"\n");
	inventory_free(inv);
}

/* As for VFs: it is told where the driver stands, and only of the host itself. */
static void no_such_driver(void **state _unused_)
{
	struct inventory *inv = host();
	struct diag d = { 0 };
	struct policy *p = parse(
		"\"devices\": [{\"match\": {" AT("0000:03:00.0") "}, \"driver\": \"vfio-pic\"}]");
	struct want *w;

	facts_set_module(&inv->facts, inv->strings, "vfio-pic", MODULE_ABSENT);
	w = want_make(p, inv, &d);
	assert_int_equal(w->n_devs, 0);
	assert_int_equal(d.n, 1);
	assert_string_equal(d.problems[0].place.pointer, "/devices/0/driver");
	assert_string_equal(d.problems[0].text,
		"0000:03:00.0: this host has no driver and no module \"vfio-pic\"; did you mean "
		"\"vfio-pci\"?");
	want_free(w);
	policy_free(p);
	diag_done(&d);
	/* What is only known from files may be wrong of the machine itself. */
	inv->offline = true;
	expect(inv,
		"\"devices\": [{\"match\": {" AT("0000:03:00.0") "}, \"driver\": \"vfio-pic\"}]",
		"0000:03:00.0 load the module of driver vfio-pic\n0000:03:00.0 unbind from "
		"nvme !\n0000:03:00.0 driver_override vfio-pic\n0000:03:00.0 bind to vfio-pic\n");
	inventory_free(inv);
}

/* --- what it was ------------------------------------------------------------------------------ */

#define NOTE                                                                                 \
	GENFILE_MARK "\n#\n" GENFILE_BLOCK "0000:01:00.0\nx\n" GENFILE_BLOCK                 \
		     "0000:01:00.1\n# was igb enp1s0f1 52:54:00:11:22:34\nx\n" GENFILE_BLOCK \
		     "0000:03:00.0\n# was - - -\n" GENFILE_TAIL "\n"

static void reserve(struct inventory *inv, const char *address)
{
	struct dev *d = dev_at(inv, address);

	d->driver = d->override = "vfio-pci";
	d->netdev = -1;
}

/* Reserved, it is known by what it was, as the rules have noted it. */
static void known_again(void **state _unused_)
{
	struct inventory *inv = host();

	inv->files[GENFILE_UDEV].text = NOTE;
	reserve(inv, "0000:01:00.1");
	reserve(inv, "0000:03:00.0");
	expect(inv, DEVICE("\"mac\": \"52:54:00:11:22:34\""), "");
	expect(inv, DEVICE("\"interface\": \"enp1s0f1\", \"driver\": \"igb\""), "");
	/* What the host has now is what counts, whatever the note says. */
	expect(inv, DEVICE("\"interface\": \"enp1s0f0\", \"driver\": \"igb\""),
		"0000:01:00.0 load the module of driver vfio-pci\n"
		"0000:01:00.0 unbind from igb ! 0000:01:00.0 is in use: enp1s0f0 is up\n"
		"0000:01:00.0 driver_override vfio-pci\n0000:01:00.0 bind to vfio-pci\n");
	expect(inv, DEVICE("\"driver\": \"vfio-pci\""), "");
	expect(inv, DEVICE("\"driver\": \"nvme\""),
		"0: no device matches driver nvme; one that VFIO has already shows neither driver "
		"nor interface nor MAC of the host: match it by address or path\n");
	/* A file of somebody else. */
	inv->files[GENFILE_UDEV].text = "# another\n" NOTE;
	expect(inv, DEVICE("\"mac\": \"52:54:00:11:22:34\""),
		"0: no device matches mac 52:54:00:11:22:34; one that VFIO has already shows "
		"neither driver nor interface nor MAC of the host: match it by address or path\n");
	inventory_free(inv);
}

/* --- waiting ---------------------------------------------------------------------------------- */

static bool present(const struct inventory *inv, const char *members)
{
	struct policy *p = parse(members);
	bool r = match_devices_present(p, inv);

	policy_free(p);
	return r;
}

static void waiting(void **state _unused_)
{
	struct inventory *inv = host();

	assert_true(present(inv, DEVICE(AT(GPU))));
	assert_false(present(inv, DEVICE(AT("0000:09:00.0"))));
	assert_true(present(inv, DEVICE(AT("0000:09:00.0") ", \"optional\": true")));
	assert_true(present(inv, DEVICE("\"mac\": \"52:54:00:11:22:33\"")));
	/* Its driver is not there yet, and it may be what is named. */
	dev_at(inv, GPU)->driver = NULL;
	assert_true(present(inv, DEVICE(AT(GPU))));
	assert_false(present(inv, DEVICE(AT(GPU) ", \"driver\": \"nouveau\"")));
	assert_false(present(inv,
		DEVICE("\"vendor\": \"10de\", \"driver\": \"snd_hda_intel\", \"many\": true")));
	/* Every machine has functions without a driver; these would be waited for at each boot. */
	assert_true(present(inv, DEVICE("\"driver\": \"snd_hda_intel\"")));
	assert_true(present(inv,
		"\"devices\": [{\"match\": {" AT("0000:09:00.0") "}, \"hosts\": [\"other\"]}]"));
	inventory_free(inv);
}

/* --- the way back ----------------------------------------------------------------------------- */

#define ENTRY(k, b, a)                                \
	{                                             \
		{ 0, 4, 0 },                          \
			{ .kind = (k),                \
				.vf = -1,             \
				.attr = _VF_ATTR_MAX, \
				.before_known = true, \
				.before.s = (b),      \
				.after.s = (a) },     \
			false                         \
	}

/* The steps back of the display, which now has DRIVER and OVERRIDE, after all that was done. */
static void expect_back(bool open, const char *driver, const char *override, const char *text)
{
	struct undo_entry entries[] = {
		ENTRY(STEP_LOAD_DRIVER, NULL, "vfio-pci"),
		ENTRY(STEP_VF_UNBIND, "nouveau", NULL),
		ENTRY(STEP_VF_OVERRIDE, "theirs", "vfio-pci"),
		ENTRY(STEP_VF_BIND, NULL, "vfio-pci"),
	};
	_cleanup_(buf_done) struct buf b = { 0 };
	struct inventory *inv = host();
	struct want *w;
	struct plan *p;

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		entries[i].open = open;
	inv->drivers[0] = "nouveau";
	dev_at(inv, GPU)->driver = driver;
	dev_at(inv, GPU)->override = override;
	w = undo_make(entries, ARRAY_SIZE(entries), inv, &b);
	p = plan_make(w, inv);
	assert_int_equal(p->n_pfs, 1);
	for (size_t k = 0; k < p->pfs[0].n_steps; k++) {
		step_text(&b, &p->pfs[0].steps[k]);
		buf_add(&b, "\n");
	}
	assert_string_equal(buf_text(&b), text);
	plan_free(p);
	want_free(w);
	inventory_free(inv);
}

static void way_back(void **state _unused_)
{
	expect_back(false, "vfio-pci", "vfio-pci",
		"unbind from vfio-pci\ndriver_override theirs (was vfio-pci)\nbind to nouveau\n");
	expect_back(false, "nouveau", "theirs", "");
	/* Somebody has taken it since. */
	expect_back(false, "xen-pciback", "vfio-pci",
		GPU ": left as it is: after sriovctl's \"bind to vfio-pci\" something else has "
		    "changed it\ndriver_override theirs (was vfio-pci)\n");
	expect_back(false, "vfio-pci", "else", "unbind from vfio-pci\nbind to nouveau\n");
	/* Stopped between two steps. */
	expect_back(
		true, NULL, "vfio-pci", "driver_override theirs (was vfio-pci)\nbind to nouveau\n");
	expect_back(true, NULL, "theirs", "bind to nouveau\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps),
		cmocka_unit_test(network_port),
		cmocka_unit_test(disks),
		cmocka_unit_test(no_match),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(groups),
		cmocka_unit_test(iommu),
		cmocka_unit_test(no_such_driver),
		cmocka_unit_test(known_again),
		cmocka_unit_test(waiting),
		cmocka_unit_test(way_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
