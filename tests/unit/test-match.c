/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which PF an entry of a policy fits, and when a PF is complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/match.h"
#include "fixture.h"

#define PF_MAX 3 /* of fixture_host(): two ports of one card, and a disk */

/* The policy whose entry's `match` has the members MATCH. */
static struct policy *policy_of(const char *match)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf text = { 0 };
	struct policy *p = policy_new();

	buf_addf(&text, "{\"version\": 1, \"pfs\": [{\"match\": {%s}}]}", match);
	policy_parse(p, "p.json", buf_text(&text), text.len, &d);
	assert_int_equal(d.n, 0);
	return p;
}

/* The disk is in a slot, the card's second port has a path, and each has other subsystem IDs. */
static void place_pfs(struct inventory *inv)
{
	for (size_t i = 0; i < inv->n_pfs; i++) {
		struct dev *d = &inv->devs[inv->pfs[i].dev];

		d->path = i == 1 ? "pci-0000:01:00.1" : NULL;
		d->slot = i == 2 ? "UIO Slot1" : NULL;
		d->subsystem_vendor = (uint16_t)(0x1000 + i);
		d->subsystem_device = (uint16_t)(0x2000 + i);
	}
}

/* FITS has a letter for each PF: 'x' where the entry with these members fits it. */
static void assert_fits(const char *match, const char *fits)
{
	struct inventory *inv = fixture_host();
	struct policy *p = policy_of(match);
	char have[PF_MAX + 1] = "";

	assert_int_equal(inv->n_pfs, PF_MAX);
	place_pfs(inv);
	for (size_t i = 0; i < PF_MAX; i++)
		have[i] = match_fits(&p->pfs[0], inv, i) ? 'x' : '-';
	assert_string_equal(have, fits);
	policy_free(p);
	inventory_free(inv);
}

static void test_fits(void **state)
{
	(void)state;
	assert_fits("\"address\": \"0000:01:00.0\"", "x--");
	assert_fits("\"address\": \"0000:03:00.0\"", "--x");
	assert_fits("\"address\": \"0000:04:00.0\"", "---");
	assert_fits("\"mac\": \"52:54:00:11:22:34\"", "-x-");
	assert_fits("\"path\": \"pci-0000:01:00.1\"", "-x-");
	assert_fits("\"interface\": \"enp1s0f?\"", "xx-");
	assert_fits("\"interface\": \"*\"", "xx-");
	assert_fits("\"vendor\": \"8086\"", "xx-");
	assert_fits("\"device\": \"0010\"", "--x");
	assert_fits("\"driver\": \"nvme\"", "--x");
	assert_fits("\"driver\": \"nvm\"", "---");
	assert_fits("\"slot\": \"UIO Slot1\"", "--x");
	assert_fits("\"slot\": \"UIO Slot\"", "---");
	assert_fits("\"subsystem_vendor\": \"1001\"", "-x-");
	assert_fits("\"subsystem_device\": \"2000\"", "x--");
	assert_fits("\"subsystem_device\": \"1000\"", "---");
}

/* All keys count, and nothing else: neither how many it fits, nor whether there has to be one. */
static void test_fits_by_all_keys(void **state)
{
	(void)state;
	assert_fits("\"address\": \"0000:01:00.0\", \"mac\": \"52:54:00:11:22:33\"", "x--");
	assert_fits("\"address\": \"0000:01:00.0\", \"mac\": \"52:54:00:11:22:34\"", "---");
	assert_fits("\"vendor\": \"8086\", \"interface\": \"*f1\"", "-x-");
	assert_fits("\"vendor\": \"8086\", \"driver\": \"nvme\"", "---");
	assert_fits("\"driver\": \"igb\", \"many\": true, \"optional\": true", "xx-");
}

#define MAC_0  "\"mac\": \"52:54:00:11:22:33\""
#define MAC_1  "\"mac\": \"52:54:00:11:22:34\""
#define MAC_9  "\"mac\": \"52:54:00:11:22:99\""
#define FOLLOW ", \"follow\": \"mac\""

/* The MAC is followed away from whatever names a place, and from nothing else. */
static void test_follows(void **state)
{
	(void)state;
	assert_fits(MAC_0 ", \"address\": \"0000:01:00.0\"" FOLLOW, "x--");
	assert_fits(MAC_0 ", \"address\": \"0000:05:00.0\"", "---");
	assert_fits(MAC_0 ", \"address\": \"0000:05:00.0\"" FOLLOW, "x--");
	assert_fits(MAC_0 ", \"address\": \"0000:01:00.1\"" FOLLOW, "x--");
	assert_fits(MAC_0 ", \"path\": \"pci-0000:05:00.0\"" FOLLOW, "x--");
	assert_fits(MAC_0 ", \"slot\": \"UIO Slot1\"" FOLLOW, "x--");
	assert_fits(MAC_0 ", \"slot\": \"7\", \"address\": \"0000:01:00.0\"" FOLLOW, "x--");
	assert_fits(MAC_0 ", \"slot\": \"7\", \"driver\": \"nvme\"" FOLLOW, "---");
	assert_fits("\"mac\": \"52:54:00:11:22:99\", \"address\": \"0000:01:00.0\"" FOLLOW, "---");
}

/* Two with one MAC: the one that is where it should be is meant. */
static void test_place_before_mac(void **state)
{
	struct inventory *inv = fixture_host();
	struct policy *p = policy_of(MAC_0 ", \"address\": \"0000:01:00.1\"" FOLLOW);

	(void)state;
	assert_true(match_fits(&p->pfs[0], inv, 0) && !match_fits(&p->pfs[0], inv, 1));
	inv->netdevs[inv->devs[inv->pfs[1].dev].netdev].perm_mac = 0x525400112233;
	assert_true(!match_fits(&p->pfs[0], inv, 0) && match_fits(&p->pfs[0], inv, 1));
	policy_free(p);
	inventory_free(inv);
}

/* What a run limited to a PF is told of: also that it has moved there and is not followed. */
static void test_concerns(void **state)
{
	struct inventory *inv = fixture_host();
	struct policy *p = policy_of(MAC_0 ", \"address\": \"0000:05:00.0\"");

	(void)state;
	assert_true(match_concerns(&p->pfs[0], inv, 0));
	assert_false(match_concerns(&p->pfs[0], inv, 1) || match_concerns(&p->pfs[0], inv, 2));
	policy_free(p);
	inventory_free(inv);
}

static void test_is_ready(void **state)
{
	struct inventory *inv = fixture_host();
	struct pf *nic = &inv->pfs[0], *disk = &inv->pfs[2];
	struct dev *nic_dev = &inv->devs[nic->dev], *disk_dev = &inv->devs[disk->dev];
	int netdev = nic_dev->netdev;

	(void)state;
	assert_false(match_is_ready(inv, nic) || match_is_ready(inv, disk));
	nic->settled = disk->settled = true;
	assert_true(match_is_ready(inv, nic) && match_is_ready(inv, disk));
	nic_dev->netdev = -1;
	assert_false(match_is_ready(inv, nic));
	nic_dev->netdev = netdev;
	nic_dev->driver = disk_dev->driver = NULL;
	assert_false(match_is_ready(inv, nic) || match_is_ready(inv, disk));
	inventory_free(inv);
}

/* Whether the wait for that entry's PFs is over while the first PF, or none, is not ready. */
static bool present(const char *match, bool first_ready)
{
	struct inventory *inv = fixture_host();
	struct policy *p = policy_of(match);
	bool r;

	place_pfs(inv);
	for (size_t i = 0; i < inv->n_pfs; i++)
		inv->pfs[i].settled = i > 0 || first_ready;
	r = match_all_present(p, inv);
	policy_free(p);
	inventory_free(inv);
	return r;
}

/* Waiting is for what an entry names, and for what it could still turn out to name. */
static void test_present(void **state)
{
	(void)state;
	assert_true(present("\"address\": \"0000:01:00.0\"", true));
	assert_false(present("\"address\": \"0000:01:00.0\"", false));
	assert_true(present("\"address\": \"0000:01:00.1\"", false));
	assert_false(present("\"interface\": \"enp1s0f1\"", false));
	assert_true(present("\"driver\": \"nvme\"", false));
	assert_false(present("\"address\": \"0000:04:00.0\"", true));
	assert_true(present("\"address\": \"0000:04:00.0\", \"optional\": true", true));
	/* The MAC has been found, here or elsewhere; or the one that is not ready may have it. */
	assert_true(present(MAC_0 ", \"address\": \"0000:04:00.0\"" FOLLOW, true));
	assert_true(present(MAC_0 ", \"address\": \"0000:04:00.0\"", true));
	assert_false(present(MAC_0 ", \"address\": \"0000:04:00.0\"", false));
	assert_true(present(MAC_1 ", \"address\": \"0000:01:00.1\"" FOLLOW, false));
	assert_false(present(MAC_9 ", \"address\": \"0000:01:00.1\"" FOLLOW, false));
	assert_false(present(MAC_9 ", \"address\": \"0000:01:00.1\"" FOLLOW, true));
	assert_false(
		present(MAC_9 ", \"address\": \"0000:04:00.0\", \"optional\": true" FOLLOW, false));
	assert_true(present("\"subsystem_device\": \"2001\", \"interface\": \"*\"", false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_fits_by_all_keys),
		cmocka_unit_test(test_follows),
		cmocka_unit_test(test_place_before_mac),
		cmocka_unit_test(test_concerns),
		cmocka_unit_test(test_is_ready),
		cmocka_unit_test(test_present),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
