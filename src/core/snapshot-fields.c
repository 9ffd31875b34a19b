/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a snapshot. */
#include <assert.h>
#include <limits.h>

#include "core/inventory.h"
#include "core/policy.h"
#include "core/snapshot-fields.h"

_Static_assert(SNAP_BARS_MAX == (1 << PCICFG_BARS) - 1, "a bit for each");

#define AT(type, member) \
	.at = offsetof(struct type, member), .size = sizeof(((struct type *)NULL)->member)
#define BESIDE(type, member) .beside = offsetof(struct type, member)
#define OBJECT(type, rows)   .size = sizeof(struct type), .fields = (rows), .n = ARRAY_SIZE(rows)

#define ID16        .max = UINT16_MAX
#define ID24        .max = 0xffffff
#define WORDS(list) .words = (list), .max = ARRAY_SIZE(list) - 1
#define BARS        .max = SNAP_BARS_MAX
#define ERRNO_MAX   4095
#define LINE_SIZE   (WRITERS_LINE_MAX + 7) /* with two ellipses in it */

static const struct snap_field holder_fields[] = {
	{ "guest", SNAP_TEXT, AT(usage_holder, guest), .personal = SNAP_PERSON_GUEST },
	{ "process", SNAP_RAW, AT(usage_holder, process), .personal = SNAP_PERSON_PROCESS },
	{ "pid", SNAP_INT, AT(usage_holder, pid), .min = 1, .max = INT_MAX },
};

static const struct snap_object snap_holder = { "a user", OBJECT(usage_holder, holder_fields) };

static const struct snap_field users_fields[] = {
	{ "vfio", SNAP_OBJECT, AT(vf_users, vfio), .object = &snap_holder },
	{ "netns", SNAP_OBJECT, AT(vf_users, netns), .object = &snap_holder },
	{ "rdma", SNAP_OBJECT, AT(vf_users, rdma), .object = &snap_holder },
	{ "netns_name", SNAP_RAW, AT(vf_users, netns_name), .personal = SNAP_PERSON_NETNS },
	{ "reserved_for", SNAP_TEXT, AT(vf_users, reserved), .personal = SNAP_PERSON_GUEST },
	{ "assigned_to", SNAP_TEXT, AT(vf_users, assigned), .personal = SNAP_PERSON_GUEST },
	{ "master", SNAP_RAW, AT(vf_users, master), .personal = SNAP_PERSON_IFNAME },
	{ "upper", SNAP_RAW, AT(vf_users, upper), .personal = SNAP_PERSON_IFNAME },
	{ "ip", SNAP_TEXT, AT(vf_users, address), .personal = SNAP_PERSON_IP },
	{ "default_route", SNAP_BOOL, AT(vf_users, default_route) },
	{ "session", SNAP_BOOL, AT(vf_users, session) },
};

static const struct snap_object snap_users = { "users", OBJECT(vf_users, users_fields) };

static const struct snap_field lifeline_fields[] = {
	{ "mount", SNAP_RAW, AT(lifeline, mount), .min = 1, .personal = SNAP_PERSON_FILE },
	{ "disk", SNAP_RAW, AT(lifeline, disk) },
	{ "part", SNAP_RAW, AT(lifeline, part) },
	{ "holder", SNAP_RAW, AT(lifeline, holder) },
	{ "uplink", SNAP_RAW, AT(lifeline, uplink), .personal = SNAP_PERSON_IFNAME },
	{ "console", SNAP_RAW, AT(lifeline, console) },
};

static const struct snap_object snap_lifeline = { "\"lifeline\"",
	OBJECT(lifeline, lifeline_fields) };

/* --- what only `check` asks for --------------------------------------------------------------- */

static const struct snap_field config_fields[] = {
	{ "read", SNAP_BOOL, AT(pcicfg, known) },
	{ "express", SNAP_BOOL, AT(pcicfg, express) },
	{ "acs", SNAP_BOOL, AT(pcicfg, acs) },
	{ "acs_control", SNAP_ID, AT(pcicfg, acs_on), ID16 },
	{ "ari_capable", SNAP_BOOL, AT(pcicfg, ari_can) },
	{ "ari_forwarding", SNAP_BOOL, AT(pcicfg, ari_on) },
	{ "sriov", SNAP_BOOL, AT(pcicfg, sriov) },
	{ "total_vfs", SNAP_UNSIGNED, AT(pcicfg, total_vfs), .max = UINT16_MAX },
	{ "vf_bars", SNAP_ID, AT(pcicfg, vf_bars), BARS },
};

static const struct snap_object snap_config = { "\"config\"", OBJECT(pcicfg, config_fields) };

static const struct snap_field vf_bars_fields[] = {
	{ "read", SNAP_BOOL, AT(pcicfg_bars, known) },
	{ "assigned", SNAP_ID, AT(pcicfg_bars, assigned), BARS },
	{ "lost", SNAP_ID, AT(pcicfg_bars, lost), BARS },
};

static const struct snap_object snap_vf_bars = { "\"vf_bars\"",
	OBJECT(pcicfg_bars, vf_bars_fields) };

static const struct snap_field pci_fields[] = {
	{ "parent", SNAP_DEVICE, AT(facts_dev, parent), .none = -1 },
	{ "bus_first", SNAP_INT, AT(facts_dev, bus_first), .max = UINT8_MAX, .none = -1 },
	{ "bus_last", SNAP_INT, AT(facts_dev, bus_last), .max = UINT8_MAX, .none = -1 },
	{ "ari_enabled", SNAP_INT, AT(facts_dev, ari), .max = 1, .none = -1 },
	{ "reset_methods", SNAP_TEXT, AT(facts_dev, resets) },
	{ "config", SNAP_OBJECT, AT(facts_dev, cfg), .object = &snap_config },
	{ "vf_bars", SNAP_OBJECT, AT(facts_dev, vf_bars), .object = &snap_vf_bars },
};

static const struct snap_object snap_pci = { "\"pci\"", OBJECT(facts_dev, pci_fields) };

static const struct snap_field boot_fields[] = {
	{ "loader_info", SNAP_RAW, AT(facts_boot, loader_info) },
	{ "proxmox_boot_tool", SNAP_BOOL, AT(facts_boot, proxmox) },
	{ "kernel_cmdline", SNAP_BOOL, AT(facts_boot, kernel_cmdline) },
	{ "grub_default", SNAP_RAW, AT(facts_boot, grub_default) },
	{ "grub_cfg", SNAP_RAW, AT(facts_boot, grub_cfg) },
	{ "update_grub", SNAP_BOOL, AT(facts_boot, update_grub) },
};

static const struct snap_object snap_boot = { "\"boot\"", OBJECT(facts_boot, boot_fields) };

static const char *const module_states[] = { "unknown", "absent", "available", "builtin",
	"loaded" };

static const struct snap_field module_fields[] = {
	{ "name", SNAP_NAME, AT(facts_module, name), .required = true },
	{ "state", SNAP_WORD, AT(facts_module, state), WORDS(module_states), .required = true },
};

const struct snap_object snap_module = { "a module", OBJECT(facts_module, module_fields) };

static const struct snap_field param_fields[] = {
	{ "module", SNAP_NAME, AT(facts_param, module), .required = true },
	{ "name", SNAP_NAME, AT(facts_param, name), .required = true },
	{ "value", SNAP_RAW, AT(facts_param, value), .required = true },
};

const struct snap_object snap_param = { "a parameter", OBJECT(facts_param, param_fields),
	.more_keys = 1 };

static const struct snap_field region_fields[] = {
	{ "iommu_group", SNAP_INT, AT(facts_region, group), .max = INT_MAX, .required = true },
	{ "first", SNAP_ID, AT(facts_region, first), .max = UINT64_MAX, .required = true },
	{ "last", SNAP_ID, AT(facts_region, last), .max = UINT64_MAX, .required = true },
};

const struct snap_object snap_region = { "a region", OBJECT(facts_region, region_fields),
	.order = SNAP_LEVEL };

/* Where there is a check about what they do, they are called like that. */
static const char *const writers[] = {
	[WRITER_LINK] = "systemd-link",
	[WRITER_NETWORKD] = "systemd-networkd",
	[WRITER_NM] = "networkmanager",
	[WRITER_NETPLAN] = "netplan",
	[WRITER_SYSFS] = "sysfsutils",
	[WRITER_MAX_VFS] = "max-vfs",
	[WRITER_VFIO_IDS] = "vfio-ids",
	[WRITER_DRIVERCTL] = "driverctl",
	[WRITER_INTERFACES] = "interfaces",
	[WRITER_UDEV] = "udev-rules",
	[WRITER_CRON] = "cron",
	[WRITER_RC_LOCAL] = "rc-local",
	[WRITER_UNIT] = "units",
	[WRITER_SCRIPT] = "scripts",
	[WRITER_UNSAFE] = "unsafe-interrupts",
	[WRITER_BLACKLIST] = "blacklist",
	[WRITER_VIRQFD] = "virqfd",
};

_Static_assert(ARRAY_SIZE(writers) == _WRITER_MAX, "a word for each");

static const struct snap_field line_fields[] = {
	{ "who", SNAP_WORD, AT(facts_line, who), WORDS(writers), .required = true },
	{ "file", SNAP_RAW, AT(facts_line, file), .min = 1, .required = true,
		.personal = SNAP_PERSON_FILE },
	{ "line", SNAP_UNSIGNED, AT(facts_line, line), .max = UINT_MAX },
	{ "text", SNAP_RAW, AT(facts_line, text), .max = LINE_SIZE, .required = true,
		.personal = SNAP_PERSON_LINE },
};

const struct snap_object snap_line = { "a line", OBJECT(facts_line, line_fields),
	.order = SNAP_ANYHOW };

static const struct snap_field unread_fields[] = {
	{ "file", SNAP_RAW, AT(facts_unread, file), .min = 1, .required = true,
		.personal = SNAP_PERSON_FILE },
	{ "errno", SNAP_INT, AT(facts_unread, error), .min = 1, .max = ERRNO_MAX,
		.required = true },
};

const struct snap_object snap_unread = { "a file", OBJECT(facts_unread, unread_fields),
	.order = SNAP_ANYHOW };

static const char *const remap_states[] = { "unknown", "off", "on" };

static const struct snap_field facts_fields[] = {
	{ "scanned", SNAP_BOOL, AT(facts, known) },
	{ "cmdline", SNAP_RAW, AT(facts, cmdline) },
	{ "release", SNAP_NAME, AT(facts, release), .max = 64 },
	{ "cpu_vendor", SNAP_RAW, AT(facts, cpu_vendor) },
	{ "lockdown", SNAP_RAW, AT(facts, lockdown) },
	{ "interrupt_remapping", SNAP_WORD, AT(facts, irq_remap), WORDS(remap_states) },
	{ "module_list", SNAP_BOOL, AT(facts, has_modules) },
	{ "boot", SNAP_OBJECT, AT(facts, boot), .object = &snap_boot },
	{ "modules", SNAP_ARRAY, AT(facts, modules), BESIDE(facts, n_modules),
		.max = FACTS_MODULES_MAX, .object = &snap_module },
	{ "parameters", SNAP_ARRAY, AT(facts, params), BESIDE(facts, n_params),
		.max = FACTS_MODULES_MAX, .object = &snap_param },
	{ "regions", SNAP_ARRAY, AT(facts, regions), BESIDE(facts, n_regions),
		.object = &snap_region },
	{ "lines", SNAP_ARRAY, AT(facts, lines), BESIDE(facts, n_lines), .max = FACTS_LINES_MAX,
		.object = &snap_line },
	{ "unread", SNAP_ARRAY, AT(facts, unread), BESIDE(facts, n_unread), .max = FACTS_UNREAD_MAX,
		.object = &snap_unread },
};

static const struct snap_object snap_facts = { "\"check\"", OBJECT(facts, facts_fields) };

/* --- the host --------------------------------------------------------------------------------- */

static const struct snap_field device_fields[] = {
	{ "address", SNAP_ADDRESS, AT(dev, addr), .required = true },
	{ "vendor", SNAP_ID, AT(dev, vendor), .min = 1, ID16, .required = true },
	{ "device", SNAP_ID, AT(dev, device), ID16, .required = true },
	{ "subsystem_vendor", SNAP_ID, AT(dev, subsystem_vendor), ID16 },
	{ "subsystem_device", SNAP_ID, AT(dev, subsystem_device), ID16 },
	{ "class_code", SNAP_ID, AT(dev, class_code), ID24 },
	{ "driver", SNAP_NAME, AT(dev, driver) },
	{ "driver_override", SNAP_RAW, AT(dev, override) },
	{ "path", SNAP_RAW, AT(dev, path) },
	{ "slot", SNAP_TEXT, AT(dev, slot), .min = 1, .max = POLICY_SLOT_MAX },
	{ "iommu_group", SNAP_INT, AT(dev, iommu_group), .max = INT_MAX, .none = -1 },
	{ "numa_node", SNAP_INT, AT(dev, numa_node), .max = INT_MAX, .none = -1 },
	{ "netdev", SNAP_NETDEV, AT(dev, netdev), .none = -1 },
	{ "netdev_elsewhere", SNAP_BOOL, AT(dev, netdev_away) },
	{ "vfio_open", SNAP_BOOL, AT(dev, vfio_open) },
	{ "users", SNAP_OBJECT, AT(dev, users), .object = &snap_users },
	{ "lifeline", SNAP_OBJECT, AT(dev, lifeline), .object = &snap_lifeline },
	{ "pci", SNAP_OBJECT, AT(dev, facts), .object = &snap_pci },
};

const struct snap_object snap_device = { "a device", OBJECT(dev, device_fields) };

static const struct snap_field netdev_fields[] = {
	{ "ifindex", SNAP_INT, AT(netdev, ifindex), .min = 1, .max = INT_MAX },
	{ "name", SNAP_RAW, AT(netdev, name), .min = 1, .max = 15, .required = true,
		.personal = SNAP_PERSON_IFNAME },
	{ "device", SNAP_DEVICE, AT(netdev, dev), .none = -1 },
	{ "ethernet", SNAP_BOOL, AT(netdev, ethernet) },
	{ "infiniband", SNAP_BOOL, AT(netdev, infiniband) },
	{ "mac", SNAP_MAC, AT(netdev, mac), BESIDE(netdev, has_mac), .personal = SNAP_PERSON_MAC },
	{ "permanent_mac", SNAP_MAC, AT(netdev, perm_mac), BESIDE(netdev, has_perm_mac),
		.personal = SNAP_PERSON_MAC },
	{ "up", SNAP_BOOL, AT(netdev, up) },
	{ "carrier", SNAP_BOOL, AT(netdev, carrier) },
	{ "mtu", SNAP_UNSIGNED, AT(netdev, mtu), .max = UINT_MAX },
	{ "mtu_max", SNAP_UNSIGNED, AT(netdev, mtu_max), .max = UINT_MAX },
	{ "accept_ra", SNAP_INT, AT(netdev, accept_ra), .max = INT_MAX, .none = -1 },
	{ "member_of", SNAP_IFINDEX, AT(netdev, master), .min = 1, .max = INT_MAX },
};

const struct snap_object snap_netdev = { "an interface", OBJECT(netdev, netdev_fields) };

static const struct snap_field vf_fields[] = {
	{ "index", SNAP_UNSIGNED, AT(vf, index), .max = UINT16_MAX, .required = true },
	{ "address", SNAP_DEVICE, AT(vf, dev), .none = -1, .required = true },
};

const struct snap_object snap_vf = { "a VF", OBJECT(vf, vf_fields), offsetof(struct vf, attrs) };

static const char *const eswitch_modes[] = { "unknown", "none", "legacy", "switchdev" };

static const struct snap_field fdb_fields[] = {
	{ "mac", SNAP_MAC, AT(fdb_entry, mac), BESIDE(fdb_entry, known), .required = true,
		.personal = SNAP_PERSON_MAC },
};

const struct snap_object snap_fdb = { "an entry", OBJECT(fdb_entry, fdb_fields),
	.order = SNAP_ANYHOW };

static const struct snap_field settings_fields[] = {
	{ "eswitch", SNAP_WORD, AT(pf_settings, eswitch), WORDS(eswitch_modes) },
	{ "features_on", SNAP_NAMES, AT(pf_settings, on), BESIDE(pf_settings, n_on) },
	{ "features_off", SNAP_NAMES, AT(pf_settings, off), BESIDE(pf_settings, n_off) },
	{ "features_fixed", SNAP_NAMES, AT(pf_settings, fixed), BESIDE(pf_settings, n_fixed) },
	{ "fdb_read", SNAP_BOOL, AT(pf_settings, fdb_read) },
	{ "fdb", SNAP_ARRAY, AT(pf_settings, fdb), BESIDE(pf_settings, n_fdb),
		.object = &snap_fdb },
};

static const struct snap_object snap_settings = { "\"settings\"",
	OBJECT(pf_settings, settings_fields) };

static const struct snap_field pool_fields[] = {
	{ "total", SNAP_UNSIGNED, AT(nvme_pool, total), .max = UINT32_MAX },
	{ "primary", SNAP_UNSIGNED, AT(nvme_pool, primary), .max = UINT16_MAX },
	{ "most", SNAP_UNSIGNED, AT(nvme_pool, most), .max = UINT16_MAX },
	{ "step", SNAP_UNSIGNED, AT(nvme_pool, step), .max = UINT16_MAX },
};

static const struct snap_object snap_pool = { "resources", OBJECT(nvme_pool, pool_fields) };

static const struct snap_field nvme_fields[] = {
	{ "read", SNAP_BOOL, AT(nvme_caps, known) },
	{ "controller", SNAP_UNSIGNED, AT(nvme_caps, id), .max = UINT16_MAX },
	{ "vq", SNAP_OBJECT, AT(nvme_caps, vq), .object = &snap_pool },
	{ "vi", SNAP_OBJECT, AT(nvme_caps, vi), .object = &snap_pool },
};

static const struct snap_object snap_nvme = { "\"nvme\"", OBJECT(nvme_caps, nvme_fields) };

static const struct snap_field pf_fields[] = {
	{ "address", SNAP_DEVICE, AT(pf, dev), .none = -1, .required = true },
	{ "total_vfs", SNAP_UNSIGNED, AT(pf, total_vfs), .min = 1, .max = UINT16_MAX,
		.required = true },
	{ "vf_offset", SNAP_UNSIGNED, AT(pf, offset), .max = UINT16_MAX },
	{ "vf_stride", SNAP_UNSIGNED, AT(pf, stride), .max = UINT16_MAX },
	{ "vf_bus_last", SNAP_UNSIGNED, AT(pf, bus_last), .max = UINT8_MAX },
	{ "vf_device", SNAP_ID, AT(pf, vf_device), ID16 },
	{ "vf_host_driver", SNAP_NAME, AT(pf, host_driver) },
	{ "autoprobe", SNAP_BOOL, AT(pf, autoprobe), .none = true },
	{ "settled", SNAP_BOOL, AT(pf, settled), .none = true },
	{ "driver_out_of_tree", SNAP_BOOL, AT(pf, driver_foreign) },
	{ "reports_vf_attributes", SNAP_BOOL, AT(pf, has_vf_attrs) },
	{ "vf_files", SNAP_NAMES, AT(pf, vf_files), BESIDE(pf, n_vf_files) },
	{ "nvme", SNAP_OBJECT, AT(pf, nvme), .object = &snap_nvme },
	{ "vf_total_msix", SNAP_INT, AT(pf, vf_msix), .max = INT_MAX, .none = -1 },
	{ "vfs", SNAP_ARRAY, AT(pf, vfs), BESIDE(pf, n_vfs), .object = &snap_vf },
	{ "settings", SNAP_OBJECT, AT(pf, settings), .object = &snap_settings },
};

const struct snap_object snap_pf = { "a PF", OBJECT(pf, pf_fields) };

static const struct snap_field file_fields[] = {
	{ "loaded", SNAP_BOOL, AT(genfile_state, loaded), .none = true },
	{ "lines", SNAP_LINES, AT(genfile_state, text), .required = true },
};

const struct snap_object snap_file = { "a file", OBJECT(genfile_state, file_fields) };

static const struct snap_field host_fields[] = {
	{ "host", SNAP_RAW, AT(inventory, hostname), .personal = SNAP_PERSON_HOST },
	{ "kernel", SNAP_RAW, AT(inventory, kernel) },
	{ "offline", SNAP_BOOL, AT(inventory, offline), .none = true },
	{ "iommu", SNAP_BOOL, AT(inventory, has_iommu) },
	{ "devices", SNAP_ARRAY, AT(inventory, devs), BESIDE(inventory, n_devs), .required = true,
		.object = &snap_device },
	{ "netdevs", SNAP_ARRAY, AT(inventory, netdevs), BESIDE(inventory, n_netdevs),
		.object = &snap_netdev },
	{ "pfs", SNAP_ARRAY, AT(inventory, pfs), BESIDE(inventory, n_pfs), .object = &snap_pf },
	{ "drivers", SNAP_NAMES, AT(inventory, drivers), BESIDE(inventory, n_drivers) },
	{ "files", SNAP_FILES, AT(inventory, files) },
	{ "check", SNAP_OBJECT, AT(inventory, facts), .object = &snap_facts },
};

const struct snap_object snap_host = { "a snapshot", OBJECT(inventory, host_fields) };

int64_t snap_number(const struct snap_field *f, const void *base)
{
	const void *p = snap_member(f, base);

	switch (f->size) {
	case sizeof(uint8_t):
		return f->type == SNAP_BOOL ? *(const bool *)p : *(const uint8_t *)p;
	case sizeof(uint16_t):
		return *(const uint16_t *)p;
	case sizeof(uint64_t):
		return (int64_t) * (const uint64_t *)p;
	default:
		assert(f->size == sizeof(int));
		return f->type == SNAP_INT ? (int64_t) * (const int *)p : *(const unsigned *)p;
	}
}

void snap_set_number(const struct snap_field *f, void *base, int64_t n)
{
	void *p = snap_member(f, base);

	switch (f->size) {
	case sizeof(uint8_t):
		*(uint8_t *)p = f->type == SNAP_BOOL ? n != 0 : (uint8_t)n;
		break;
	case sizeof(uint16_t):
		*(uint16_t *)p = (uint16_t)n;
		break;
	case sizeof(uint64_t):
		*(uint64_t *)p = (uint64_t)n;
		break;
	default:
		assert(f->size == sizeof(int));
		*(unsigned *)p = (unsigned)n;
	}
}

int snap_digits(const struct snap_field *f)
{
	int n = 2;

	while (n < 16 && f->max >> 4 * n)
		n += 2;
	return n;
}

bool snap_is_required(const struct snap_object *o, const struct snap_field *f, const void *base)
{
	const struct dev *d = o == &snap_device ? base : NULL;

	return f->required && !(d && f->type == SNAP_ID && d->addr.kind != PCIADDR_PCI);
}

bool snap_is_reference(const struct snap_field *f)
{
	return f->type == SNAP_DEVICE || f->type == SNAP_NETDEV || f->type == SNAP_IFINDEX;
}
