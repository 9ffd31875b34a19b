/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `list` and `show` print for hosts built in C. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "golden.h"
#include "render/list.h"
#include "render/show.h"

static const struct list_options plain;

static void check_list(
	struct inventory *inv, const struct list_options *o, const char *text, const char *json)
{
	_cleanup_(buf_done) struct buf t = { 0 }, j = { 0 };

	list_text(&t, inv, o);
	golden_check(text, buf_text(&t));
	list_json(&j, inv, o);
	golden_check(json, buf_text(&j));
	inventory_free(inv);
}

static void test_host(void **state)
{
	(void)state;
	check_list(fixture_host(), &plain, "list.txt", "list.json");
}

static void test_colour(void **state)
{
	const struct list_options o = { .screen.colour = true };
	_cleanup_(buf_done) struct buf b = { 0 };
	struct inventory *inv = fixture_host();

	(void)state;
	list_text(&b, inv, &o);
	golden_check("list-colour.txt", buf_text(&b));
	inventory_free(inv);
}

static void test_some_pfs(void **state)
{
	const bool pfs[] = { false, true, false };
	const struct list_options o = { .pfs = pfs };

	(void)state;
	check_list(fixture_host(), &o, "list-one.txt", "list-one.json");
}

static void test_no_pf(void **state)
{
	(void)state;
	check_list(fixture_new("bare"), &plain, "list-none.txt", "list-none.json");
}

/* Columns that no PF here has anything for are gone; the PF's interface is down. */
static void test_no_iommu(void **state)
{
	(void)state;
	check_list(fixture_no_iommu(), &plain, "list-no-iommu.txt", "list-no-iommu.json");
}

/* The kernel allows nearly every byte in a name; 15 of them, but a label or a driver has no limit.
 */
static void test_odd_names(void **state)
{
	struct inventory *inv = fixture_no_iommu();
	char longest[301];

	(void)state;
	memset(longest, 'd', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	inv->netdevs[0].name = "\033[31m\xff\xc3\xa9";
	inv->devs[0].driver = mem_intern(inv->strings, longest);
	inv->hostname = "h\xff";
	check_list(inv, &plain, "list-odd.txt", "list-odd.json");
}

/* While a disable is stuck, there are gaps; indices beyond nine widen their column. */
static void test_gap(void **state)
{
	struct inventory *inv = fixture_host();

	(void)state;
	inv->pfs[2].vfs[1].index = 126;
	inv->devs[inv->pfs[2].vfs[1].dev].vf = 126;
	check_list(inv, &plain, "list-gap.txt", "list-gap.json");
}

static void check_show(
	const char *addr, const struct show_names *names, const char *text, const char *json)
{
	_cleanup_(buf_done) struct buf t = { 0 }, j = { 0 };
	struct inventory *inv = fixture_host();
	struct pciaddr a = { 0 };
	int dev;

	assert_int_equal(pciaddr_parse(addr, &a), 0);
	dev = inventory_dev(inv, a);
	assert_true(dev >= 0);
	show_text(&t, inv, (size_t)dev, names, (struct screen){ 0 });
	golden_check(text, buf_text(&t));
	show_json(&j, inv, (size_t)dev, names);
	golden_check(json, buf_text(&j));
	inventory_free(inv);
}

static void test_show(void **state)
{
	static const struct show_names none;
	static const struct show_names igb = {
		.device = "Intel Corporation 82576 Gigabit Network Connection",
		.class = "Ethernet controller",
	};

	(void)state;
	check_show("01:00.0", &igb, "show-pf.txt", "show-pf.json");
	check_show("01:10.0", &none, "show-vf.txt", "show-vf.json");
	check_show("01:10.4", &none, "show-vf-host.txt", "show-vf-host.json");
	check_show("03:00.1", &none, "show-vf-nvme.txt", "show-vf-nvme.json");
	check_show("00:1c.0", &none, "show-device.txt", "show-device.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_some_pfs),
		cmocka_unit_test(test_no_pf),
		cmocka_unit_test(test_no_iommu),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
