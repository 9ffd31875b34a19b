/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the PF drivers of Mellanox's (NVIDIA's) cards accept (drivers/net/ethernet/mellanox). */
#include "base/util.h"
#include "core/drivers-rows.h"

const struct driver drivers_mellanox[] = {
	{ .name = "mlx4_core",
		.what = "ConnectX-3 and its Pro; its interfaces are mlx4_en's",
		.ops = "mlx4_netdev_ops_master",
		.reports = true,
		.count = DRIVER_COUNT_FIXED,
		.count_note = "the module parameter num_vfs of mlx4_core, as it is loaded",
		.vf_driver = "mlx4_core",
		.attrs = {
			[VF_MAC] = TAKES("mlx4_set_vf_mac()",
				.note = "a VF driver has it from its next start on"),
			[VF_VLAN] = TAKES("mlx4_set_vf_vlan()", .ad = DRIVER_MAYBE,
				.note = "802.1ad needs a ConnectX-3 Pro"),
			[VF_MIN_TX_RATE] = NEVER("mlx4_set_vf_rate()"),
			[VF_MAX_TX_RATE] = MAYBE("mlx4_set_vf_rate()",
				"the firmware has to limit rates by VF, and only a VF with a VLAN "
				"is held to its own"),
			[VF_SPOOFCHK] = MAYBE("mlx4_set_vf_spoofchk()",
				"the firmware has to know it, and the VF to have a MAC"),
			[VF_LINK_STATE] = TAKES("mlx4_set_vf_link_state()"),
		} },
	{ .name = "mlx5_core",
		.what = "ConnectX-4 and later, BlueField",
		.ops = "mlx5e_netdev_ops",
		.reports = true,
		.count_note = "what the card's firmware is configured for (mlxconfig NUM_OF_VFS)",
		.vf_driver = "mlx5_core",
		.eswitch = "legacy switchdev",
		.eswitch_source = "mlx5_devlink_eswitch_mode_set()",
		.attrs = {
			[VF_MAC] = TAKES("mlx5_eswitch_set_vport_mac()",
				.note = "its RDMA node GUID follows"),
			[VF_VLAN] = TAKES("mlx5_eswitch_set_vport_vlan()", .ad = DRIVER_NO,
				.needs = DRIVER_NEEDS_LEGACY),
			[VF_MIN_TX_RATE] = MAYBE("mlx5_esw_qos_set_vport_rate()",
				"the firmware has to share bandwidth among VFs"),
			[VF_MAX_TX_RATE] = MAYBE("mlx5_esw_qos_set_vport_rate()",
				"the firmware has to schedule by VF"),
			[VF_SPOOFCHK] = TAKES("mlx5_eswitch_set_vport_spoofchk()",
				.needs = DRIVER_NEEDS_LEGACY),
			[VF_LINK_STATE] = TAKES("mlx5_eswitch_set_vport_state()",
				.needs = DRIVER_NEEDS_LEGACY),
			[VF_TRUST] = TAKES("mlx5_eswitch_set_vport_trust()",
				.needs = DRIVER_NEEDS_LEGACY),
			[VF_MSIX] = TAKES("mlx5_core_sriov_set_msix_vec_count()"),
			[VF_NODE_GUID] = TAKES("mlx5_ib_set_vf_guid()"),
			[VF_PORT_GUID] = TAKES("mlx5_ib_set_vf_guid()"),
		} },
};

const size_t n_drivers_mellanox = ARRAY_SIZE(drivers_mellanox);
