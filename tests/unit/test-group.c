/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The judgement on devices that share IOMMU groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/group.h"
#include "fixture.h"

#define ETH  0x020000
#define PORT 0x060400
#define LPC  0x060100
#define NIC  0x80861533

static const struct dev *find(const struct inventory *inv, const char *addr)
{
	struct pciaddr a = { 0 };

	assert_int_equal(pciaddr_parse(addr, &a), 0);
	assert_true(inventory_dev(inv, a) >= 0);
	return &inv->devs[inventory_dev(inv, a)];
}

/* What is said of ADDR: the word, the text, and the advice (NULL: none). */
static void expect(const struct inventory *inv, const char *addr, const char *word,
	const char *text, const char *advice)
{
	_cleanup_(buf_done) struct buf b = { 0 }, next = { 0 };
	const struct dev *d = find(inv, addr);
	enum group_verdict v = group_judge(inv, d);

	assert_string_equal(group_word(v), word);
	assert_int_equal(group_is_assignable(v), strncmp(text, "yes, ", 5) == 0);
	group_text(&b, inv, d);
	assert_string_equal(buf_text(&b), text);
	assert_int_equal(group_advice(&next, inv, d), advice != NULL);
	assert_string_equal(buf_text(&next), advice ? advice : "");
}

/* A card at 01:00.0, in the group of a device with this class and driver. */
static void expect_beside(uint32_t class_code, const char *driver, const char *word)
{
	struct inventory *inv = fixture_new("beside");

	fixture_dev(inv, "0000:00:02.0", NIC, class_code, driver, 7);
	fixture_dev(inv, "0000:00:03.0", NIC, ETH, "igc", 8);
	fixture_dev(inv, "0000:01:00.0", NIC, ETH, "vfio-pci", 7);
	assert_string_equal(group_word(group_judge(inv, find(inv, "0000:01:00.0"))), word);
	inventory_free(inv);
}

/* VFIO's rule: what the kernel lets be in the group of a device that a guest has. */
static void viability(void **state _unused_)
{
	expect_beside(ETH, NULL, "together");
	expect_beside(ETH, "vfio-pci", "together");
	expect_beside(ETH, "mlx5_vfio_pci", "together");
	expect_beside(ETH, "pci-stub", "together");
	expect_beside(ETH, "pcieport", "blocked");
	expect_beside(ETH, "uio_pci_generic", "blocked");
	expect_beside(ETH, "igc", "blocked");
	expect_beside(PORT, NULL, "alone");
	expect_beside(PORT, "pcieport", "alone");
	expect_beside(PORT, "vfio-pci", "alone");
	expect_beside(PORT, "shpchp", "blocked");
	expect_beside(PORT + 1, "pcieport", "alone");
	expect_beside(LPC, NULL, "together");
	expect_beside(LPC, "lpc_ich", "blocked");
}

static void by_itself(void **state _unused_)
{
	struct inventory *inv = fixture_host();

	expect(inv, "0000:01:10.0", "alone", "yes, alone", NULL);
	expect(inv, "0000:00:1c.0", "bridge", "-", NULL);
	expect(inv, "0000:01:10.4", "host-driver", "no, igbvf has it",
		"a policy with \"driver\": \"vfio-pci\" for this VF gives it to guests");
	expect(inv, "0000:01:00.0", "host-driver", "no, igb has it",
		"a guest can have it once it is bound to vfio-pci, if the host can do without it");
	inventory_free(inv);
	inv = fixture_no_iommu();
	expect(inv, "0000:01:10.0", "no-group", "no, not behind the IOMMU",
		"the IOMMU in use does not cover it: look for VT-d or AMD-Vi in the settings of "
		"the firmware, and for iommu options on the kernel's command line");
	inventory_free(inv);
}

/* Two functions of one card. */
static void functions(void **state _unused_)
{
	static const char advice[] = "the functions of 0000:02:00 have no ACS between them: one "
				     "guest gets all of them, or none does";
	struct inventory *inv = fixture_new("functions");

	fixture_dev(inv, "0000:02:00.0", NIC, ETH, "igc", 7);
	fixture_dev(inv, "0000:02:00.1", NIC, ETH, NULL, 7);
	expect(inv, "0000:02:00.0", "host-driver", "no, igc has it", advice);
	expect(inv, "0000:02:00.1", "blocked", "no, because of 0000:02:00.0 (igc)", advice);
	inv->devs[0].driver = NULL;
	expect(inv, "0000:02:00.0", "together", "yes, together with 0000:02:00.1", advice);
	fixture_dev(inv, "0000:02:01.0", NIC, ETH, NULL, 7);
	expect(inv, "0000:02:01.0", "together", "yes, together with 0000:02:00.0, 0000:02:00.1",
		"these devices have no ACS between them: another slot may keep them apart");
	inventory_free(inv);
}

/* Bridges in the group are what joins it; at most three devices are named. */
static void bridges(void **state _unused_)
{
	struct inventory *inv = fixture_bad_group();

	expect(inv, "0000:01:10.0", "blocked",
		"no, because of 0000:01:00.0 (igb), 0000:01:10.4 (igbvf)",
		"the bridge 0000:00:1c.0 without ACS joins all that is behind: a slot whose root "
		"port has ACS keeps devices apart");
	fixture_dev(inv, "0000:02:00.0", NIC, PORT, "pcieport", 1);
	fixture_dev(inv, "0000:03:00.0", NIC, ETH, "igc", 1);
	fixture_dev(inv, "0000:03:00.1", NIC, ETH, "igc", 1);
	expect(inv, "0000:01:10.0", "blocked",
		"no, because of 0000:01:00.0 (igb), 0000:01:10.4 (igbvf), 0000:03:00.0 (igc) and 1 "
		"more",
		"the bridges 0000:00:1c.0, 0000:02:00.0 without ACS join all that is behind: a "
		"slot whose root port has ACS keeps devices apart");
	inventory_free(inv);
}

/* Without a bridge in the group, the card keeps nothing apart; a guest cannot get both. */
static void pf_with_vfs(void **state _unused_)
{
	static const char advice[] = "VFs have no ACS between them and their PF: as long as the "
				     "host has the PF, no guest can have one; another slot may "
				     "keep them apart";
	struct inventory *inv = fixture_bad_group();

	inv->devs[0].iommu_group = 0;
	inventory_index(inv);
	expect(inv, "0000:01:10.0", "blocked",
		"no, because of 0000:01:00.0 (igb), 0000:01:10.4 (igbvf)", advice);
	expect(inv, "0000:01:00.0", "blocked", "no, because of 0000:01:10.4 (igbvf)", advice);
	inventory_free(inv);
}

static void expect_all(const struct inventory *inv, const char *addr, const char *word)
{
	assert_string_equal(group_word(group_judge_all(inv, find(inv, addr))), word);
}

/* Whichever of its devices is asked about, a group has one verdict. */
static void whole_groups(void **state _unused_)
{
	struct inventory *inv = fixture_host();

	expect_all(inv, "0000:00:00.0", "bridge");
	expect_all(inv, "0000:00:1f.0", "blocked");
	expect_all(inv, "0000:00:1f.3", "blocked");
	expect_all(inv, "0000:01:00.0", "host-driver");
	expect_all(inv, "0000:01:10.0", "alone");
	inv->devs[3].driver = inv->devs[2].driver = NULL; /* 00:1f.2, 00:1f.0 */
	expect_all(inv, "0000:00:1f.0", "together");
	inv->devs[3].driver = "ahci"; /* the only one that is held */
	expect_all(inv, "0000:00:1f.0", "blocked");
	expect_all(inv, "0000:00:1f.2", "blocked");
	inventory_free(inv);
	inv = fixture_no_iommu();
	expect_all(inv, "0000:01:10.0", "no-group");
	inventory_free(inv);
}

static void others(void **state _unused_)
{
	struct inventory *inv = fixture_bad_group();
	const struct dev *pf = find(inv, "0000:01:00.0"), *list[8];

	assert_int_equal(group_others(inv, pf, GROUP_FREE, list), 2);
	assert_ptr_equal(list[0], find(inv, "0000:01:10.0"));
	assert_ptr_equal(list[1], find(inv, "0000:01:10.2"));
	assert_int_equal(group_others(inv, pf, GROUP_HELD, list), 1);
	assert_ptr_equal(list[0], find(inv, "0000:01:10.4"));
	assert_int_equal(group_others(inv, pf, GROUP_PORT, list), 1);
	assert_ptr_equal(list[0], find(inv, "0000:00:1c.0"));
	inventory_free(inv);
	/* Devices without a group have nothing in common. */
	inv = fixture_no_iommu();
	assert_int_equal(group_others(inv, find(inv, "0000:01:10.0"), GROUP_HELD, NULL), 0);
	inventory_free(inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(viability),
		cmocka_unit_test(by_itself),
		cmocka_unit_test(functions),
		cmocka_unit_test(bridges),
		cmocka_unit_test(pf_with_vfs),
		cmocka_unit_test(whole_groups),
		cmocka_unit_test(others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
