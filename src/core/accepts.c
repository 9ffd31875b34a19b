/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a PF accepts. */
#include <string.h>

#include "core/accepts.h"

/* What the driver has a file for, as far as a VF of it was seen. */
static struct driver_cell file_cell(const struct pf *pf, enum vf_attr_id id)
{
	for (size_t i = 0; i < pf->n_vf_files; i++)
		if (strcmp(pf->vf_files[i], vf_attr(id)->key) == 0)
			return (struct driver_cell){ .takes = DRIVER_YES,
				.source = "its file below the PF" };
	return (struct driver_cell){ .takes = DRIVER_UNKNOWN };
}

/* What the controller can give to a VF; it goes online with some of both. */
static struct driver_cell nvme_cell(const struct nvme_caps *c, enum vf_attr_id id)
{
	static const char source[] = "its virtualization management";
	const struct nvme_pool *pool = id == VF_VI_RESOURCES ? &c->vi : &c->vq;
	bool online = id == VF_ONLINE;

	if (!c->known)
		return (struct driver_cell){ .takes = DRIVER_UNKNOWN };
	if (!pool->total || (online && !c->vi.total))
		return (struct driver_cell){ .takes = DRIVER_NO, .source = source };
	return (struct driver_cell){ .takes = DRIVER_YES,
		.resets = true,
		.most = online ? 0 : pool->most,
		.step = online || pool->step < 2 ? 0 : pool->step,
		.source = source };
}

struct driver_cell accepts_cell(
	const struct inventory *inv, const struct pf *pf, enum vf_attr_id id)
{
	const struct dev *d = inventory_pf_dev(inv, pf);
	struct driver_cell cell;

	if (!vf_attr_is_of(id, inventory_pf_kind(inv, pf)))
		return (struct driver_cell){ .takes = DRIVER_NO,
			.source = "another kind of device" };
	if (!vf_attr_is_on_host(id))
		return (struct driver_cell){ .takes = DRIVER_YES, .source = "sriovctl" };
	if (vf_attr(id)->way == VF_BY_NVME)
		return nvme_cell(&pf->nvme, id);
	if (vf_attr(id)->way == VF_BY_FILE && id != VF_MSIX)
		return file_cell(pf, id);
	cell = driver_cell(driver_find(d->driver), d->device, id);
	/* Here the kernel can be asked. Why a driver never has any is in the table. */
	if (id == VF_MSIX && (pf->vf_msix > 0 || (pf->vf_msix == 0 && cell.takes != DRIVER_NO)))
		return (struct driver_cell){ .takes = pf->vf_msix ? DRIVER_YES : DRIVER_NO,
			.most = (uint64_t)pf->vf_msix,
			.source = "sriov_vf_total_msix" };
	return cell;
}
