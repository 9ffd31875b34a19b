/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a snapshot. */
#include <assert.h>
#include <limits.h>

#include "core/inventory.h"
#include "core/snapshot-fields.h"

#define AT(type, member) \
	.at = offsetof(struct type, member), .size = sizeof(((struct type *)NULL)->member)
#define BESIDE(type, member) .beside = offsetof(struct type, member)
#define OBJECT(type, rows)   .size = sizeof(struct type), .fields = (rows), .n = ARRAY_SIZE(rows)

#define ID16 .max = UINT16_MAX
#define ID24 .max = 0xffffff

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
	{ "iommu_group", SNAP_INT, AT(dev, iommu_group), .max = INT_MAX, .none = -1 },
	{ "numa_node", SNAP_INT, AT(dev, numa_node), .max = INT_MAX, .none = -1 },
	{ "netdev", SNAP_NETDEV, AT(dev, netdev), .none = -1 },
	{ "netdev_elsewhere", SNAP_BOOL, AT(dev, netdev_away) },
	{ "vfio_open", SNAP_BOOL, AT(dev, vfio_open) },
	{ "users", SNAP_OBJECT, AT(dev, users), .object = &snap_users },
};

const struct snap_object snap_device = { "a device", OBJECT(dev, device_fields) };

static const struct snap_field netdev_fields[] = {
	{ "ifindex", SNAP_INT, AT(netdev, ifindex), .min = 1, .max = INT_MAX },
	{ "name", SNAP_RAW, AT(netdev, name), .max = 15, .required = true,
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
	{ "accept_ra", SNAP_INT, AT(netdev, accept_ra), .max = INT_MAX, .none = -1 },
	{ "member_of", SNAP_IFINDEX, AT(netdev, master), .min = 1, .max = INT_MAX },
};

const struct snap_object snap_netdev = { "an interface", OBJECT(netdev, netdev_fields) };

static const struct snap_field vf_fields[] = {
	{ "index", SNAP_UNSIGNED, AT(vf, index), .max = UINT16_MAX, .required = true },
	{ "address", SNAP_DEVICE, AT(vf, dev), .none = -1, .required = true },
};

const struct snap_object snap_vf = { "a VF", OBJECT(vf, vf_fields), offsetof(struct vf, attrs) };

static const struct snap_field pf_fields[] = {
	{ "address", SNAP_DEVICE, AT(pf, dev), .none = -1, .required = true },
	{ "total_vfs", SNAP_UNSIGNED, AT(pf, total_vfs), .min = 1, .max = UINT16_MAX,
		.required = true },
	{ "vf_offset", SNAP_UNSIGNED, AT(pf, offset), .max = UINT16_MAX },
	{ "vf_stride", SNAP_UNSIGNED, AT(pf, stride), .max = UINT16_MAX },
	{ "vf_device", SNAP_ID, AT(pf, vf_device), ID16 },
	{ "vf_host_driver", SNAP_NAME, AT(pf, host_driver) },
	{ "autoprobe", SNAP_BOOL, AT(pf, autoprobe), .none = true },
	{ "settled", SNAP_BOOL, AT(pf, settled), .none = true },
	{ "reports_vf_attributes", SNAP_BOOL, AT(pf, has_vf_attrs) },
	{ "vfs", SNAP_ARRAY, AT(pf, vfs), BESIDE(pf, n_vfs), .object = &snap_vf },
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
};

const struct snap_object snap_host = { "a snapshot", OBJECT(inventory, host_fields) };

int64_t snap_number(const struct snap_field *f, const void *base)
{
	const void *p = snap_member(f, base);

	switch (f->size) {
	case sizeof(bool):
		return *(const bool *)p;
	case sizeof(uint16_t):
		return *(const uint16_t *)p;
	default:
		assert(f->size == sizeof(int));
		return f->type == SNAP_INT ? (int64_t) * (const int *)p : *(const unsigned *)p;
	}
}

void snap_set_number(const struct snap_field *f, void *base, int64_t n)
{
	void *p = snap_member(f, base);

	switch (f->size) {
	case sizeof(bool):
		*(bool *)p = n;
		break;
	case sizeof(uint16_t):
		*(uint16_t *)p = (uint16_t)n;
		break;
	default:
		assert(f->size == sizeof(int));
		*(unsigned *)p = (unsigned)n;
	}
}

int snap_digits(const struct snap_field *f)
{
	return f->max > UINT16_MAX ? 6 : 4;
}

bool snap_is_reference(const struct snap_field *f)
{
	return f->type == SNAP_DEVICE || f->type == SNAP_NETDEV || f->type == SNAP_IFINDEX;
}
