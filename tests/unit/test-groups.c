/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `groups` says about who can go to a guest, and why not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "golden.h"
#include "render/groups.h"

static void check_some(struct inventory *inv, const bool *devs, const char *text, const char *json)
{
	const struct groups_options o = { .devs = devs };
	_cleanup_(buf_done) struct buf t = { 0 }, j = { 0 };

	groups_text(&t, inv, &o);
	golden_check(text, buf_text(&t));
	groups_json(&j, inv, &o);
	golden_check(json, buf_text(&j));
	inventory_free(inv);
}

/* Fails unless the row of ADDR ends with VERDICT. */
static void check_verdict(const struct inventory *inv, const char *addr, const char *verdict)
{
	static const struct groups_options o;
	_cleanup_(buf_done) struct buf b = { 0 };
	const char *line, *p;
	size_t len;

	groups_text(&b, inv, &o);
	p = strstr(buf_text(&b), addr);
	assert_non_null(p);
	line = p;
	len = strcspn(line, "\n");
	assert_true(len >= strlen(verdict));
	assert_memory_equal(line + len - strlen(verdict), verdict, strlen(verdict));
}

static void test_host(void **state)
{
	(void)state;
	check_some(fixture_host(), NULL, "groups.txt", "groups.json");
}

static void test_bad_group(void **state)
{
	(void)state;
	check_some(fixture_bad_group(), NULL, "groups-bad.txt", "groups-bad.json");
}

static void test_no_iommu(void **state)
{
	(void)state;
	check_some(fixture_no_iommu(), NULL, "groups-no-iommu.txt", "groups-no-iommu.json");
}

/* An address selects the whole group: the verdict is about all of it. */
static void test_filter(void **state)
{
	struct inventory *inv = fixture_host();
	bool devs[32] = { false };

	(void)state;
	assert_true(inv->n_devs <= ARRAY_SIZE(devs));
	devs[3] = true;
	check_some(inv, devs, "groups-one.txt", "groups-one.json");
}

/* The PF lets go: what was blocked can go to a guest, but only as a whole. */
static void test_together(void **state)
{
	struct inventory *inv = fixture_bad_group();

	(void)state;
	inv->devs[1].driver = NULL;
	inv->devs[4].driver = "mlx5_vfio_pci"; /* a VFIO driver by another name */
	check_verdict(inv, "0000:01:10.0 ",
		"  yes, together with 0000:01:00.0, 0000:01:10.2, 0000:01:10.4");
	inv->devs[4].driver = "pci-stub";
	check_verdict(inv, "0000:01:10.0 ",
		"  yes, together with 0000:01:00.0, 0000:01:10.2, 0000:01:10.4");
	check_some(inv, NULL, "groups-together.txt", "groups-together.json");
}

static void test_many_named(void **state)
{
	struct inventory *inv = fixture_bad_group();

	(void)state;
	for (int fn = 0; fn < 4; fn++) {
		char addr[] = "0000:02:00.0";

		addr[11] = (char)('0' + fn);
		fixture_dev(inv, addr, 0x80860001, 0x020000, "e1000e", 1);
	}
	check_verdict(inv, "0000:01:10.0 ",
		"0000:01:00.0 (igb), 0000:01:10.4 (igbvf), 0000:02:00.0 (e1000e) and 3 more");
	inventory_free(inv);
}

/* A PCI bridge is left out of account, an LPC bridge with a driver is a device like others. */
static void test_bridges(void **state)
{
	struct inventory *inv = fixture_new("bridges");

	(void)state;
	fixture_dev(inv, "0000:00:1c.0", 0x1b36000c, 0x060400, "pcieport", 1);
	fixture_dev(inv, "0000:00:1f.0", 0x80862918, 0x060100, "lpc_ich", 2);
	fixture_dev(inv, "0000:00:1f.2", 0x80862922, 0x010601, "vfio-pci", 2);
	fixture_dev(inv, "0000:01:00.0", 0x80860001, 0x020000, "vfio-pci", 1);
	fixture_dev(inv, "0000:02:00.0", 0x80860001, 0x020000, "vfio-pci", -1);
	fixture_dev(inv, "0000:02:00.1", 0x80860001, 0x020000, "vfio-pci", -1);
	check_verdict(inv, "0000:00:1c.0", "-");
	check_verdict(inv, "0000:01:00.0", "yes, alone");
	check_verdict(inv, "0000:00:1f.2", "no, because of 0000:00:1f.0 (lpc_ich)");
	check_verdict(inv, "0000:02:00.0", "no, not behind the IOMMU");
	check_some(inv, NULL, "groups-bridges.txt", "groups-bridges.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_bad_group),
		cmocka_unit_test(test_no_iommu),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_many_named),
		cmocka_unit_test(test_bridges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
