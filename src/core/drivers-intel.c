/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the PF drivers of Intel's network cards accept (drivers/net/ethernet/intel). */
#include "base/util.h"
#include "core/drivers-rows.h"

/* e1000_82575.h: E1000_RAR_ENTRIES_82576 */
static const struct driver_cards igb_82576 = {
	.name = "82576",
	.devices = { 0x10c9, 0x10e6, 0x10e7, 0x10e8, 0x150a, 0x150d, 0x1518, 0x1526 },
	.filters = 24,
};

/* E1000_RAR_ENTRIES_I350 */
static const struct driver_cards igb_i350 = {
	.name = "I350 and I354",
	.devices = { 0x1521, 0x1522, 0x1523, 0x1524, 0x1f40, 0x1f41, 0x1f45 },
	.filters = 32,
};

static const struct driver_cards *const igb_cards[] = { &igb_82576, &igb_i350, NULL };

/* ixgbe_type.h, by board; IXGBE_82599_RAR_ENTRIES and IXGBE_X540_RAR_ENTRIES */
static const struct driver_cards ixgbe_rss = {
	.name = "82599 and X540",
	.devices = { 0x10f7, 0x1514, 0x1517, 0x151c, 0x10f9, 0x10fb, 0x152a, 0x1529, 0x1507, 0x154d,
		0x1557, 0x10fc, 0x10f8, 0x154f, 0x154a, 0x1558, 0x1528, 0x1560 },
	.filters = 128,
};

/* ixgbe_get_invariants_X550() and its like begin with the X540's. */
static const struct driver_cards ixgbe_x550 = {
	.name = "X550",
	.devices = { 0x1563, 0x15d1, 0x15aa, 0x15ab, 0x15ac, 0x15ad, 0x15ae, 0x15b0, 0x15c2, 0x15c3,
		0x15c4, 0x15c6, 0x15c7, 0x15c8, 0x15ce, 0x15e4, 0x15e5 },
	.filters = 128,
};

static const struct driver_cards *const ixgbe_cards[] = { &ixgbe_rss, &ixgbe_x550, NULL };

const struct driver drivers_intel[] = {
	{ .name = "igb",
		.what = "Intel 82576, I350, I354",
		.ops = "igb_netdev_ops",
		.reports = true,
		.count_note = "at most 7 of the card's 8 (igb_probe())",
		.vf_driver = "igbvf",
		.cards = igb_cards,
		.attrs = {
			[VF_MAC] = TAKES("igb_ndo_set_vf_mac()",
				.note = "a VF driver has it from its next start on"),
			[VF_VLAN] = TAKES("igb_ndo_set_vf_vlan()", .ad = DRIVER_NO),
			[VF_MIN_TX_RATE] = NEVER("igb_ndo_set_vf_bw()"),
			[VF_MAX_TX_RATE] = TAKES("igb_ndo_set_vf_bw()", .most = 1000,
				.link_speed = true, .needs = DRIVER_NEEDS_CARRIER,
				.cards = &igb_82576,
				.note = "lost when the link comes back at another speed"),
			[VF_SPOOFCHK] = TAKES("igb_ndo_set_vf_spoofchk()"),
			[VF_TRUST] = TAKES("igb_ndo_set_vf_trust()"),
		} },
	{ .name = "ixgbe",
		.what = "Intel 82599, X540, X550",
		.ops = "ixgbe_netdev_ops",
		.reports = true,
		.count_note = "at most 63; 31 or 15 with traffic classes, fewer with "
			      "macvlan offload (ixgbe_pci_sriov_enable())",
		.vf_driver = "ixgbevf",
		.cards = ixgbe_cards,
		.attrs = {
			[VF_MAC] = TAKES("ixgbe_ndo_set_vf_mac()",
				.note = "a VF driver has it from its next start on"),
			[VF_VLAN] = TAKES("ixgbe_ndo_set_vf_vlan()", .ad = DRIVER_NO),
			[VF_MIN_TX_RATE] = NEVER("ixgbe_ndo_set_vf_bw()"),
			[VF_MAX_TX_RATE] = TAKES("ixgbe_ndo_set_vf_bw()", .least = 11,
				.most = 10000,
				.needs = DRIVER_NEEDS_CARRIER,
				.note = "the link has to be at 10 Gbit/s"),
			[VF_SPOOFCHK] = TAKES("ixgbe_ndo_set_vf_spoofchk()"),
			[VF_LINK_STATE] = TAKES("ixgbe_ndo_set_vf_link_state()", .resets = true,
				.no_words = 1 << 1),
			[VF_QUERY_RSS] = TAKES(
				"ixgbe_ndo_set_vf_rss_query_en()", .cards = &ixgbe_rss),
			[VF_TRUST] = TAKES("ixgbe_ndo_set_vf_trust()", .resets = true),
		} },
	{ .name = "i40e",
		.what = "Intel X710, XL710, XXV710, X722",
		.ops = "i40e_netdev_ops",
		.reports = true,
		.count_note = "what the firmware has given this PF, which can be less than "
			      "sriov_totalvfs (i40e_pci_sriov_enable())",
		.vf_driver = "iavf",
		.attrs = {
			[VF_MAC] = TAKES("i40e_ndo_set_vf_mac()", .resets = true),
			[VF_VLAN] = TAKES("i40e_ndo_set_vf_port_vlan()", .resets = true,
				.ad = DRIVER_NO),
			[VF_MIN_TX_RATE] = NEVER("i40e_ndo_set_vf_bw()"),
			[VF_MAX_TX_RATE] = TAKES("i40e_ndo_set_vf_bw()", .link_speed = true,
				.needs = DRIVER_NEEDS_CARRIER, .step = 50),
			[VF_SPOOFCHK] = TAKES("i40e_ndo_set_vf_spoofchk()"),
			[VF_LINK_STATE] = TAKES("i40e_ndo_set_vf_link_state()", .resets = true),
			[VF_TRUST] = TAKES("i40e_ndo_set_vf_trust()", .resets = true,
				.note = "refused in multi-function (MFP) mode"),
		} },
	{ .name = "ice",
		.what = "Intel E810, E822, E823, E830",
		.ops = "ice_netdev_ops",
		.reports = true,
		.count_note = "as long as there are interrupt vectors and queues for all "
			      "(ice_pci_sriov_ena())",
		.vf_driver = "iavf",
		.eswitch = "legacy switchdev",
		.eswitch_source = "ice_eswitch_mode_set()",
		.attrs = {
			[VF_MAC] = TAKES("ice_set_vf_mac()", .resets = true),
			[VF_VLAN] = TAKES("ice_set_vf_port_vlan()", .resets = true,
				.ad = DRIVER_MAYBE,
				.note = "802.1ad needs the card's double VLAN mode"),
			[VF_MIN_TX_RATE] = TAKES("ice_set_vf_bw()", .link_speed = true,
				.needs = DRIVER_NEEDS_CARRIER,
				.note = "refused while DCB is on; all VFs' together within the "
					"link's speed"),
			[VF_MAX_TX_RATE] = TAKES("ice_set_vf_bw()", .link_speed = true,
				.needs = DRIVER_NEEDS_CARRIER),
			[VF_SPOOFCHK] = TAKES("ice_set_vf_spoofchk()"),
			[VF_LINK_STATE] = TAKES("ice_set_vf_link_state()"),
			[VF_TRUST] = TAKES("ice_set_vf_trust()", .resets = true,
				.needs = DRIVER_NEEDS_LEGACY),
			[VF_MSIX] = TAKES("ice_sriov_set_msix_vec_count()"),
		} },
	{ .name = "fm10k",
		.what = "Intel FM10000",
		.ops = "fm10k_netdev_ops",
		.reports = true,
		.vf_driver = "fm10k",
		.attrs = {
			[VF_MAC] = TAKES("fm10k_ndo_set_vf_mac()", .resets = true),
			[VF_VLAN] = TAKES("fm10k_ndo_set_vf_vlan()", .resets = true, .no_qos = true,
				.ad = DRIVER_NO),
			[VF_MIN_TX_RATE] = NEVER("fm10k_ndo_set_vf_bw()"),
			[VF_MAX_TX_RATE] = TAKES("fm10k_ndo_set_vf_bw()", .most = 100000),
		} },
	{ .name = "idpf",
		.what = "Intel E2000 (IPU)",
		.ops = "idpf_netdev_ops",
		.vf_driver = "idpf" },
};

const size_t n_drivers_intel = ARRAY_SIZE(drivers_intel);
