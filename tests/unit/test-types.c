/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCI and MAC addresses as text and back. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/util.h"
#include "core/types.h"

static void assert_address(const char *text, const char *same)
{
	struct pciaddr a = { 0 };

	assert_int_equal(pciaddr_parse(text, &a), 0);
	assert_string_equal(pciaddr_text(a).s, same);
}

static void test_pci(void **state _unused_)
{
	assert_address("0000:01:10.2", "0000:01:10.2");
	assert_address("ff:1f.7", "0000:ff:1f.7");
	assert_address("00:00.0", "0000:00:00.0");
	assert_address("ABCD:EF:1A.0", "abcd:ef:1a.0");
	assert_address("10000:01:00.0", "10000:01:00.0"); /* Intel's VMD */
	assert_address("ffffffff:01:00.0", "ffffffff:01:00.0");
}

static void test_pci_bad(void **state _unused_)
{
	static const char *const texts[] = { "", "x", "01:00", "01:00.", "01:00.8", "01:00.00",
		"01:20.0", "1:00.0", "01:0.0", "001:00.0", "01.00:0", "01:00:0", "01:00.0 ",
		" 01:00.0", "01:0g.0", "0g:00.0", "g1:00.0", "000:01:00.0", "000000000:01:00.0",
		":01:00.0", "0000:01:00.0:", "0000:01:00.0\n", "000x:01:00.0", "0000.01:00:0" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct pciaddr a = { 1, 2, 3, PCIADDR_PCI };

		assert_int_equal(pciaddr_parse(texts[i], &a), -EINVAL);
		assert_true(a.domain == 1 && a.bus == 2 && a.devfn == 3);
	}
}

/* Domain, bus, device, function: as /sys sorts them, and lspci. */
static void test_pci_order(void **state _unused_)
{
	static const char *const rising[] = { "0000:00:00.0", "0000:00:00.1", "0000:00:01.0",
		"0000:01:00.0", "0000:ff:1f.7", "0001:00:00.0", "10000:00:00.0" };

	for (size_t i = 0; i < ARRAY_SIZE(rising); i++)
		for (size_t j = 0; j < ARRAY_SIZE(rising); j++) {
			struct pciaddr a = { 0 }, b = { 0 };
			int sign;

			assert_int_equal(pciaddr_parse(rising[i], &a), 0);
			assert_int_equal(pciaddr_parse(rising[j], &b), 0);
			sign = pciaddr_cmp(a, b);
			assert_int_equal((sign > 0) - (sign < 0), (i > j) - (i < j));
		}
}

/* PFs of another bus, and their VFs. */
static void test_simulated(void **state _unused_)
{
	static const char *const bad[] = { "netdevsim", "netdevsim/", "netdevsim1/", "netdevsim01",
		"netdevsim00", "netdevsim-1", "netdevsim+1", "netdevsim 1", "netdevsim1 ",
		"netdevsimx", "netdevsim1x", "netdevsim1/03", "netdevsim1/65535", "netdevsim1/3/4",
		"netdevsim1:3", "netdevsim2147483648", "netdevsim18446744073709551617",
		"Netdevsim1", "xnetdevsim1" };
	static const char *const rising[] = { "ffffffff:ff:1f.7", "netdevsim0", "netdevsim0/0",
		"netdevsim0/65534", "netdevsim2", "netdevsim2/9", "netdevsim2/10", "netdevsim2/255",
		"netdevsim2/256", "netdevsim10", "netdevsim2147483647/65534" };
	struct pciaddr last = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct pciaddr a = { 1, 2, 3, PCIADDR_PCI };

		assert_int_equal(pciaddr_parse(bad[i], &a), -EINVAL);
		assert_true(a.domain == 1 && a.bus == 2 && a.devfn == 3 && a.kind == PCIADDR_PCI);
	}
	for (size_t i = 0; i < ARRAY_SIZE(rising); i++) {
		struct pciaddr a;

		assert_address(rising[i], rising[i]);
		assert_int_equal(pciaddr_parse(rising[i], &a), 0);
		assert_true(i == 0 || (pciaddr_cmp(last, a) < 0 && pciaddr_cmp(a, last) > 0));
		assert_int_equal(a.kind, i == 0 ? PCIADDR_PCI : PCIADDR_NETDEVSIM);
		last = a;
	}
}

static void test_places(void **state _unused_)
{
	struct pciaddr a;

	assert_int_equal(pciaddr_parse("0001:01:1f.7", &a), 0);
	assert_string_equal(pciaddr_path(a).s, "sys/bus/pci/devices/0001:01:1f.7");
	assert_string_equal(pciaddr_text(pciaddr_behind(a, 2)).s, "0001:02:00.1");
	assert_int_equal(pciaddr_parse("netdevsim7", &a), 0);
	assert_string_equal(pciaddr_bus(a), "netdevsim");
	assert_string_equal(pciaddr_path(a).s, "sys/bus/netdevsim/devices/netdevsim7");
	assert_string_equal(pciaddr_text(pciaddr_behind(a, 1 + 300)).s, "netdevsim7/300");
}

static void assert_mac(const char *text, uint64_t want)
{
	macaddr m = 0;

	assert_int_equal(macaddr_parse(text, &m), 0);
	assert_true(m == want);
}

static void test_mac(void **state _unused_)
{
	assert_mac("52:54:00:11:22:33", 0x525400112233);
	assert_mac("52-54-00-aB-Cd-33", 0x525400abcd33);
	assert_mac("2:0:0:0:0:1", 0x020000000001);
	assert_string_equal(macaddr_text(0x0200000000ab).s, "02:00:00:00:00:ab");
}

static void test_mac_bad(void **state _unused_)
{
	static const char *const texts[] = { "", "52:54:00:11:22", "52:54:00:11:22:", "52:54",
		"52:54:00:11:22:33:44", "52:54:00:11:22:333", "52:54:00:11:22:3g",
		":52:54:00:11:22", "52-54-00-11-22:33", "525400112233", "52:54:00:11:22:33 ",
		"52::00:11:22:33" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		macaddr m = 7;

		assert_int_equal(macaddr_parse(texts[i], &m), -EINVAL);
		assert_true(m == 7);
	}
}

static void test_guid(void **state _unused_)
{
	static const char *const bad[] = { "", "00:11:22:33:44:55:66",
		"00:11:22:33:44:55:66:77:", "00:11:22:33:44:55:66:77:88", "00-11-22-33-44-55-66-77",
		"0011:2233:4455:6677", "0x0011223344556677", "00:11:22:33:44:55:66:7g" };
	uint64_t guid = 0;

	assert_int_equal(guid_parse("00:11:22:33:44:55:66:77", &guid), 0);
	assert_true(guid == UINT64_C(0x0011223344556677));
	assert_int_equal(guid_parse("fE:dC:b:0:0:0:0:1", &guid), 0);
	assert_true(guid == UINT64_C(0xfedc0b0000000001));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(guid_parse(bad[i], &guid), -EINVAL);
	assert_true(guid == UINT64_C(0xfedc0b0000000001));
	assert_string_equal(guid_text(guid).s, "fe:dc:0b:00:00:00:00:01");
}

/* What a card's registers hold, first octet first; and what no VF can be given. */
static void test_mac_bytes(void **state _unused_)
{
	static const uint8_t bytes[6] = { 0x52, 0x54, 0, 0xff, 0x22, 0x33 };
	uint8_t back[6] = { 0 };

	assert_true(macaddr_from_bytes(bytes) == 0x525400ff2233);
	macaddr_to_bytes(0x525400ff2233, back);
	assert_memory_equal(back, bytes, sizeof(bytes));
	assert_true(macaddr_is_usable(0x525400ff2233));
	assert_false(macaddr_is_usable(0));
	assert_false(macaddr_is_usable(0x01005e000001)); /* multicast */
	assert_false(macaddr_is_usable(0xffffffffffff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pci),
		cmocka_unit_test(test_pci_bad),
		cmocka_unit_test(test_pci_order),
		cmocka_unit_test(test_simulated),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_mac),
		cmocka_unit_test(test_mac_bad),
		cmocka_unit_test(test_guid),
		cmocka_unit_test(test_mac_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
