/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What drivers accept, against lists taken from the kernel's tables of functions and the lab. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/drivers.h"

/* `grep ndo_set_vf_` over drivers/net of Linux 6.12: mac, vlan, rate, spoofchk, link state, rss
 * query, trust. */
static const struct {
	const char *driver, *set;
} kernel[] = {
	{ "igb", "mvrst" },
	{ "ixgbe", "mvrslqt" },
	{ "i40e", "mvrslt" },
	{ "ice", "mvrslt" },
	{ "fm10k", "mvr" },
	{ "mlx4_core", "mvrsl" },
	{ "mlx5_core", "mvrslt" },
	{ "bnxt_en", "mvrslt" },
	{ "bnx2x", "mvsl" },
	{ "qede", "mvrslt" },
	{ "cxgb4", "mvrl" },
	{ "be2net", "mvrsl" },
	{ "sfc", "mvsl" },
	{ "hns3", "mvrslt" },
	{ "ionic", "mvrslt" },
	{ "nfp", "mvrslt" },
	{ "rvu_nicpf", "mvt" },
	{ "enic", "m" },
	{ "LiquidIO", "mvslt" },
	{ "hinic", "mvrslt" },
	{ "netdevsim", "mvrslqt" },
	{ "virtio-pci", "" },
	{ "ena", "" },
	{ "idpf", "" },
};

static void test_functions(void **state _unused_)
{
	static const struct {
		enum vf_attr_id id;
		char letter;
	} attrs[] = { { VF_MAC, 'm' }, { VF_VLAN, 'v' }, { VF_MAX_TX_RATE, 'r' },
		{ VF_SPOOFCHK, 's' }, { VF_LINK_STATE, 'l' }, { VF_QUERY_RSS, 'q' },
		{ VF_TRUST, 't' } };

	for (size_t i = 0; i < ARRAY_SIZE(kernel); i++) {
		const struct driver *d = driver_find(kernel[i].driver);

		if (!d)
			fail_msg("no row for %s", kernel[i].driver);
		for (size_t k = 0; k < ARRAY_SIZE(attrs); k++) {
			struct driver_cell cell = driver_cell(d, 0, attrs[k].id);
			bool wanted = strchr(kernel[i].set, attrs[k].letter);

			if (cell.takes == DRIVER_UNKNOWN || wanted == (cell.takes == DRIVER_NO))
				fail_msg("%s %s: %s", d->name, vf_attr(attrs[k].id)->key,
					driver_takes_name(cell.takes));
		}
	}
}

/* Each filled cell says where it is from, a doubtful one why, and each driver is there once. */
static void test_rows(void **state _unused_)
{
	const struct driver *d;

	for (size_t i = 0; (d = driver_row(i)); i++) {
		assert_ptr_equal(driver_find(d->name), d);
		assert_true(d->what && *d->what);
		assert_true(!d->eswitch == !d->eswitch_source);
		for (unsigned id = 0; id < _VF_ATTR_MAX; id++) {
			struct driver_cell c = driver_cell(d, 0, (enum vf_attr_id)id);

			assert_true((c.takes == DRIVER_UNKNOWN) == !c.source);
			if (!c.cards && (c.takes == DRIVER_MAYBE || c.takes == DRIVER_LOOSE))
				assert_non_null(c.note);
			if (id == VF_VLAN && c.takes != DRIVER_UNKNOWN && c.takes != DRIVER_NO)
				assert_true(c.ad != DRIVER_UNKNOWN);
			if (c.most)
				assert_true(c.least <= c.most);
		}
	}
	assert_null(driver_find("no-such"));
	assert_null(driver_find(NULL));
}

static void judges(const char *driver, uint16_t device, enum vf_attr_id id, uint64_t n,
	enum driver_verdict verdict, const char *words)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	assert_int_equal(
		driver_judge(driver_find(driver), device, id, (union vf_value){ .n = n }, &b),
		verdict);
	assert_string_equal(buf_text(&b), words);
}

/* As the lab's igb answers (kernel-facts §12), and its source. */
static void test_igb(void **state _unused_)
{
	judges("igb", 0x10c9, VF_MAC, 0x020000000001, DRIVER_FINE, "");
	judges("igb", 0x10c9, VF_VLAN, vlan_pack(4094, 7, VLAN_PROTO_8021Q), DRIVER_FINE, "");
	judges("igb", 0x10c9, VF_VLAN, vlan_pack(5, 0, VLAN_PROTO_8021AD), DRIVER_CANNOT,
		"igb does not implement 802.1ad: remove proto");
	judges("igb", 0x10c9, VF_MAX_TX_RATE, 1000, DRIVER_FINE, "");
	judges("igb", 0x10c9, VF_MAX_TX_RATE, 1001, DRIVER_CANNOT, "igb takes no more than 1000");
	judges("igb", 0x1521, VF_MAX_TX_RATE, 500, DRIVER_CANNOT,
		"igb implements max_tx_rate on the 82576 only: remove it, or let it be 0");
	judges("igb", 0, VF_MAX_TX_RATE, 500, DRIVER_UNSURE,
		"igb may not do max_tx_rate: it implements it on the 82576 only");
	judges("igb", 0x10c9, VF_MIN_TX_RATE, 1, DRIVER_CANNOT,
		"igb does not implement min_tx_rate: remove it, or let it be 0");
	judges("igb", 0x10c9, VF_LINK_STATE, 1, DRIVER_CANNOT,
		"igb does not implement link_state: remove it, or let it be \"auto\"");
	judges("igb", 0x10c9, VF_QUERY_RSS, 0, DRIVER_CANNOT,
		"igb does not implement query_rss: remove it");
	/* What it reports anyway. */
	judges("igb", 0x10c9, VF_MIN_TX_RATE, 0, DRIVER_FINE, "");
	judges("igb", 0x10c9, VF_LINK_STATE, 0, DRIVER_FINE, "");
	judges("igb", 0x1521, VF_MAX_TX_RATE, 0, DRIVER_FINE, "");
}

static void test_others(void **state _unused_)
{
	judges("ixgbe", 0x10fb, VF_LINK_STATE, 1, DRIVER_CANNOT,
		"ixgbe says yes to link_state enable and does nothing: remove it");
	judges("ixgbe", 0x10fb, VF_LINK_STATE, 2, DRIVER_FINE, "");
	judges("ixgbe", 0x10fb, VF_MAX_TX_RATE, 10, DRIVER_CANNOT,
		"ixgbe takes no less than 11, or 0 for none");
	judges("ixgbe", 0x10fb, VF_MAX_TX_RATE, 0, DRIVER_FINE, "");
	judges("ixgbe", 0x10fb, VF_QUERY_RSS, 1, DRIVER_FINE, "");
	judges("ixgbe", 0x1563, VF_QUERY_RSS, 1, DRIVER_CANNOT,
		"ixgbe implements query_rss on the 82599 and X540 only: remove it");
	judges("i40e", 0x1572, VF_MAX_TX_RATE, 500, DRIVER_FINE, "");
	judges("i40e", 0x1572, VF_MAX_TX_RATE, 520, DRIVER_UNSURE,
		"i40e has the card limit rates in steps of 50, whatever is reported");
	judges("ice", 0x1593, VF_VLAN, vlan_pack(5, 0, VLAN_PROTO_8021AD), DRIVER_UNSURE,
		"ice may refuse 802.1ad: 802.1ad needs the card's double VLAN mode");
	judges("bnxt_en", 0x16d8, VF_TRUST, 1, DRIVER_UNSURE,
		"bnxt_en may not do trust: firmware that does not know it is not asked, and the "
		"answer is yes all the same");
	judges("qede", 0x8070, VF_VLAN, vlan_pack(5, 3, VLAN_PROTO_8021Q), DRIVER_CANNOT,
		"qede gives a VLAN no priority: remove qos");
	judges("netdevsim", 0, VF_VLAN, vlan_pack(5, 3, VLAN_PROTO_8021AD), DRIVER_FINE, "");
	judges("no-such", 0, VF_TRUST, 1, DRIVER_FINE, "");
	judges("nvme", 0, VF_TRUST, 1, DRIVER_FINE, "");
	/* Both report a limit that nobody has set. */
	judges("bnx2x", 0, VF_MAX_TX_RATE, 0, DRIVER_CANNOT,
		"bnx2x does not implement max_tx_rate: remove it");
	judges("virtio-pci", 0x1041, VF_VLAN, 0, DRIVER_CANNOT,
		"virtio-pci does not implement vlan: remove it");
}

/* kernel-facts §8: 20 with 3 VFs on the 82576, seen in the lab. */
static void test_fdb_slots(void **state _unused_)
{
	assert_int_equal(driver_fdb_slots("igb", 0x10c9, 3), 20);
	assert_int_equal(driver_fdb_slots("igb", 0x10c9, 7), 16);
	assert_int_equal(driver_fdb_slots("igb", 0x10c9, 30), 0);
	assert_int_equal(driver_fdb_slots("igb", 0x1521, 7), 24);
	assert_int_equal(driver_fdb_slots("ixgbe", 0x10fb, 63), 64);
	assert_int_equal(driver_fdb_slots("ixgbe", 0x1563, 0), 127);
	assert_int_equal(driver_fdb_slots("igb", 0x1234, 0), -1);
	assert_int_equal(driver_fdb_slots("i40e", 0x1572, 0), -1);
	assert_int_equal(driver_fdb_slots(NULL, 0, 0), -1);
}

static void test_needs(void **state _unused_)
{
	assert_true(driver_needs("igb", VF_MAX_TX_RATE, DRIVER_NEEDS_CARRIER));
	assert_true(driver_needs("ixgbe", VF_MAX_TX_RATE, DRIVER_NEEDS_CARRIER));
	assert_false(driver_needs("igb", VF_TRUST, DRIVER_NEEDS_CARRIER));
	assert_false(driver_needs("netdevsim", VF_MAX_TX_RATE, DRIVER_NEEDS_CARRIER));
	assert_true(driver_needs("mlx5_core", VF_TRUST, DRIVER_NEEDS_LEGACY));
	assert_false(driver_needs(NULL, VF_TRUST, DRIVER_NEEDS_LEGACY));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_igb),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_fdb_slots),
		cmocka_unit_test(test_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
