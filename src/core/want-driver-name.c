/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a host has a driver at all that a policy names. */
#include <string.h>

#include "core/similar.h"
#include "core/want.h"

/* Whether NAME is spelt right: what is missing then is the module, and not another name. */
static bool is_genuine(const char *name)
{
	static const char *const names[] = { "vfio-pci", "mlx5_vfio_pci", "pci-stub", "igbvf",
		"ixgbevf", "iavf", "mlx5_core", "bnxt_en", "nvme" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* What NAME was probably meant to be, or NULL. */
static const char *meant(const struct inventory *inv, const char *name)
{
	struct similar s = similar_begin(name);

	similar_offer(&s, VF_DRIVER_VFIO);
	similar_offer(&s, VF_DRIVER_HOST);
	similar_offer(&s, VF_DRIVER_NONE);
	for (size_t p = 0; p < inv->n_pfs; p++)
		if (inv->pfs[p].host_driver)
			similar_offer(&s, inv->pfs[p].host_driver);
	for (size_t i = 0; i < inv->n_drivers; i++)
		similar_offer(&s, inv->drivers[i]);
	return s.found;
}

static void add_missing(const struct inventory *inv, const char *driver, struct buf *b)
{
	const char *other = is_genuine(driver) ? NULL : meant(inv, driver);

	buf_addf(b, "this host has no driver and no module \"%s\"", driver);
	if (other)
		buf_addf(b, "; did you mean \"%s\"?", other);
	else if (is_genuine(driver))
		buf_addf(b,
			": install the package with the modules of kernel %s that has it, or "
			"reboot if the kernel was updated",
			inv->kernel);
	else
		buf_add(b, ": name one that `lspci -k` shows, or \"host\"");
}

bool want_driver_problem(const struct inventory *inv, const char *driver, struct buf *b)
{
	size_t before = b->len;

	if (strcmp(driver, "vfio_pci") == 0)
		buf_add(b, "vfio_pci is the module; its driver is called \"vfio-pci\"");
	else if (inventory_lacks_driver(inv, driver))
		add_missing(inv, driver, b);
	else if (strstr(driver, "vfio") && !inv->has_iommu)
		buf_add(b,
			"driver \"vfio-pci\" needs an IOMMU and this host has none active: switch "
			"on VT-d or AMD-Vi in the firmware, and intel_iommu=on on the kernel "
			"command line of Intel hosts");
	return b->len > before;
}
