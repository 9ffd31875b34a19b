/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration spaces and resources, good and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "core/pcicfg.h"
#include "pciconfig.h"

static void test_good(void **state)
{
	const struct pciconfig c = { .acs = true,
		.acs_on = 0x1d,
		.ari_can = true,
		.sriov = true,
		.total_vfs = 8,
		.vf_bars = 0x9 };
	uint8_t data[PCICONFIG_SIZE];
	struct pcicfg p;

	(void)state;
	pciconfig_make(&c, data);
	p = pcicfg_parse(data, sizeof(data));
	assert_true(p.known && p.express && p.acs && p.ari_can && p.sriov);
	assert_false(p.ari_on);
	assert_int_equal(p.acs_on & PCICFG_ACS_NEEDED, PCICFG_ACS_NEEDED);
	assert_int_equal(p.total_vfs, 8);
	assert_int_equal(p.vf_bars, 0x9);
}

/* Others than root get 64 bytes; some kernels 256. */
static void test_short(void **state)
{
	const struct pciconfig c = { .acs = true, .ari_on = true };
	uint8_t data[PCICONFIG_SIZE];

	(void)state;
	pciconfig_make(&c, data);
	for (size_t len = 0; len <= 256; len++) {
		const struct pcicfg p = pcicfg_parse(data, len);

		assert_false(p.known || p.acs || p.sriov);
	}
	assert_true(pcicfg_parse(data, 257).known);
}

/* How many there are less one stands in eleven bits; the others are switches. */
static void test_msix(void **state)
{
	static const unsigned counts[] = { 0, 1, 2, 10, 2048 };
	uint8_t data[PCICONFIG_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		const struct pciconfig c = { .acs = true, .msix = counts[i] };

		pciconfig_make(&c, data);
		assert_int_equal(pcicfg_msix(data, sizeof(data)), counts[i]);
		assert_int_equal(pcicfg_msix(data, 256), counts[i]);
		for (size_t len = 0; len <= 64; len++) /* all that others than root get */
			assert_int_equal(pcicfg_msix(data, len), 0);
		assert_int_equal(pcicfg_msix(data, 0x73), 0); /* half of the number */
	}
}

/* Lists of capabilities that go in circles, or out of the space. */
static void test_hostile(void **state)
{
	uint8_t data[PCICONFIG_SIZE];
	struct pcicfg p;

	(void)state;
	for (unsigned fill = 0; fill < 256; fill++) {
		memset(data, (int)fill, sizeof(data));
		pcicfg_parse(data, sizeof(data));
	}
	memset(data, 0, sizeof(data));
	data[0x06] = 0x10; /* there are capabilities: one that follows itself */
	data[0x34] = 0x40;
	data[0x40] = 0x01;
	data[0x41] = 0x40;
	data[0x100] = 0x01; /* and an extended one */
	data[0x102] = 0x01;
	data[0x103] = 0x10;
	p = pcicfg_parse(data, sizeof(data));
	assert_false(p.express || p.acs || p.sriov);
	/* SR-IOV in the last bytes: what is behind the end is zero. */
	data[0x102] = 0xc1;
	data[0x103] = 0xff;
	data[0xffc] = 0x10;
	data[0xffe] = 0x01;
	p = pcicfg_parse(data, sizeof(data));
	assert_true(p.sriov);
	assert_int_equal(p.total_vfs, 0);
}

static void test_resource(void **state)
{
	static const struct pcicfg none;
	static const struct pcicfg two = { .vf_bars = 0x9 };
	char text[2048];
	struct pcicfg_bars b;

	(void)state;
	memset(text, 0, sizeof(text));
	for (int i = 0; i < 13; i++)
		strcat(text,
			i == 7    ? "0x00000000fe000000 0x00000000fe00ffff 0x0000000000140204\n"
			: i == 12 ? "0x0000000000010000 0x000000000001ffff 0x0000000020140204\n"
				  : "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
	b = pcicfg_vf_bars(text, &none);
	assert_true(b.known);
	assert_int_equal(b.assigned, 0x01);
	assert_int_equal(b.lost, 0x20);
	/* The card has a VF BAR 3 that the kernel has forgotten. */
	b = pcicfg_vf_bars(text, &two);
	assert_int_equal(b.assigned, 0x01);
	assert_int_equal(b.lost, 0x28);
	assert_false(pcicfg_vf_bars("", &none).known);
	assert_false(pcicfg_vf_bars("x y z", &none).known);
	text[12 * 57] = '\0';
	assert_false(pcicfg_vf_bars(text, &none).known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_msix),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_resource),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
