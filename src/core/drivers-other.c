/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PF drivers of other kinds: emulated ones, storage, GPUs, accelerators. */
#include "base/util.h"
#include "core/drivers-rows.h"

/* drivers/crypto/intel/qat: adf_sriov_configure() looks at whether, not at how many */
#define QAT(driver, cards, vf)                                                               \
	{                                                                                    \
		.name = (driver), .what = (cards), .kind = DRIVER_CRYPTO, .vf_driver = (vf), \
		.count = DRIVER_COUNT_ALL, .count_note = "all or none (adf_enable_sriov())"  \
	}

const struct driver drivers_other[] = {
	{ .name = "netdevsim",
		.what = "the kernel's simulated network device",
		.ops = "nsim_netdev_ops",
		.reports = true,
		.count_note = "the debugfs file max_vfs",
		.eswitch = "legacy switchdev",
		.eswitch_source = "nsim_devlink_eswitch_mode_set()",
		.attrs = {
			[VF_MAC] = TAKES("nsim_set_vf_mac()"),
			[VF_VLAN] = TAKES("nsim_set_vf_vlan()", .ad = DRIVER_YES),
			[VF_MIN_TX_RATE] = TAKES("nsim_set_vf_rate()", .most = 65535,
				.needs = DRIVER_NEEDS_LEGACY),
			[VF_MAX_TX_RATE] = TAKES("nsim_set_vf_rate()", .most = 65535,
				.needs = DRIVER_NEEDS_LEGACY),
			[VF_SPOOFCHK] = TAKES("nsim_set_vf_spoofchk()"),
			[VF_LINK_STATE] = TAKES("nsim_set_vf_link_state()"),
			[VF_QUERY_RSS] = TAKES("nsim_set_vf_rss_query_en()"),
			[VF_TRUST] = TAKES("nsim_set_vf_trust()"),
		} },
	{ .name = "virtio-pci",
		.what = "virtio, for networks by virtio_net",
		.ops = "virtnet_netdev",
		.vf_driver = "virtio-pci" },
	{ .name = "ena",
		.what = "Amazon ENA",
		.ops = "ena_netdev_ops",
		.vf_driver = "ena" },
	{ .name = "nvme",
		.what = "NVMe controllers",
		.kind = DRIVER_NVME,
		.vf_driver = "nvme" },
	{ .name = "xe",
		.what = "Intel GPUs, new driver",
		.kind = DRIVER_GPU,
		.vf_driver = "xe" },
	{ .name = "i915",
		.what = "Intel GPUs",
		.kind = DRIVER_GPU,
		.count_note = "none by the kernel's own i915, which has no sriov_configure(); "
			      "one from elsewhere may",
		.vf_driver = "i915" },
	QAT("4xxx", "Intel QAT 4xxx", NULL),
	QAT("420xx", "Intel QAT 420xx", NULL),
	QAT("c6xx", "Intel QAT C62x", "c6xxvf"),
	QAT("c3xxx", "Intel QAT C3xxx", "c3xxxvf"),
	QAT("dh895xcc", "Intel QAT DH895xCC", "dh895xccvf"),
};

const size_t n_drivers_other = ARRAY_SIZE(drivers_other);
