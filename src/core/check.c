/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of checks. */
#include "core/check.h"
#include "core/check-rows.h"

static const struct check_row rows[] = {
	{ "policy", "the policy is valid", check_policy, 0, true },
	{ "host-fits", "the host can be as the policy says", check_host_fits, 0, true },
	{ "consent", "apply needs no consent", check_consent, 0, true },
	{ "iommu", "the IOMMU is on", check_iommu, 0, true },
	{ "interrupt-remapping", "interrupts are remapped", check_interrupt_remapping, 0, false },
	{ "unsafe-interrupts", "interrupts of guests are isolated", check_unsafe_interrupts, 0,
		false },
	{ "acs-override", "isolation is not overridden", check_acs_override, 0, false },
	{ "lockdown", "the kernel is not locked down", check_lockdown, 0, false },
	{ "vfio-modules", "VFIO's modules are there", check_vfio_modules, 0, false },
	{ "driver-modules", "the VFs' drivers are there", check_driver_modules, 0, false },
	{ "capability", "PFs have the SR-IOV capability", check_capability, 0, true },
	{ "pf-driver", "PFs have a driver", check_pf_driver, 0, true },
	{ "pf-vfio", "no PF is held by VFIO", check_pf_vfio, 0, true },
	{ "pf-link", "PFs are up and have link", check_pf_link, 0, true },
	{ "max-vfs", "no driver creates VFs by itself", check_max_vfs, 0, false },
	{ "ari", "the ports above forward ARI", check_ari, 0, false },
	{ "bus-numbers", "there are bus numbers for the VFs", check_bus_numbers, 0, false },
	{ "vf-memory", "there is address space for the VFs", check_vf_memory, 0, false },
	{ "reserved-regions", "the firmware claims no VF's memory", check_reserved_regions, 0,
		false },
	{ "groups", "VFs are isolated", check_groups, 0, false },
	{ "systemd-link", "no .link file writes VFs", check_writer, WRITER_LINK, false },
	{ "systemd-networkd", "no .network file writes VFs", check_writer, WRITER_NETWORKD, false },
	{ "networkmanager", "NetworkManager writes no VFs", check_writer, WRITER_NM, false },
	{ "netplan", "netplan writes no VFs", check_writer, WRITER_NETPLAN, false },
	{ "sysfsutils", "sysfsutils writes no VFs", check_writer, WRITER_SYSFS, false },
	{ "driverctl", "driverctl overrides no driver", check_writer, WRITER_DRIVERCTL, false },
	{ "vfio-ids", "vfio-pci takes no devices by ID", check_writer, WRITER_VFIO_IDS, false },
	{ "interfaces", "/etc/network/interfaces writes no VFs", check_writer, WRITER_INTERFACES,
		false },
	{ "udev-rules", "no udev rule writes VFs", check_writer, WRITER_UDEV, false },
	{ "cron", "cron writes no VFs", check_writer, WRITER_CRON, false },
	{ "rc-local", "rc.local writes no VFs", check_writer, WRITER_RC_LOCAL, false },
	{ "units", "no other unit writes VFs", check_writer, WRITER_UNIT, false },
	{ "scripts", "no script writes VFs", check_writer, WRITER_SCRIPT, false },
	{ "unread", "all files could be looked at", check_unread, 0, false },
};

size_t check_rows(const struct check_row **ret)
{
	*ret = rows;
	return ARRAY_SIZE(rows);
}

struct check_report *check_run(const struct check_input *in)
{
	struct check_report *r = mem_new(1, sizeof(*r));
	struct checker c = { in, in->inv, &in->inv->facts, NULL, r };

	r->strings = mem_pool_new();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		c.row = &rows[i];
		if (in->inv->facts.known || rows[i].always)
			rows[i].run(&c);
		else
			check_add(&c, CHECK_SKIP, "the snapshot was made without looking at that");
	}
	for (size_t i = 0; i < r->n; i++)
		r->count[r->results[i].verdict]++;
	return r;
}

void check_report_free(struct check_report *r)
{
	if (!r)
		return;
	free(r->results);
	mem_pool_free(r->strings);
	free(r);
}

bool check_is_about_writers(const struct check_row *row)
{
	return row->run == check_writer;
}

const char *check_verdict_name(enum check_verdict v)
{
	static const char *const names[] = { "pass", "warn", "fail", "skip" };

	return names[v];
}
