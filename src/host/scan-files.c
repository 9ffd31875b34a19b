/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the drivers of PFs tell of VFs in files, and which of these can be written. */
#include "host/host.h"
#include "host/scan.h"
#include "host/vffile.h"

/* The files of the VFs that there can be are there from the beginning: the first one tells. */
static void find_files(const struct scan *s, struct pf *pf, enum vf_attr_id id)
{
	uint64_t value;
	bool writable;

	if (vffile_read(s->root, inventory_pf_dev(s->inv, pf)->addr, id, 0, &value, &writable) <
			0 ||
		!writable)
		return;
	pf->vf_files = mem_grow(pf->vf_files, pf->n_vf_files, sizeof(*pf->vf_files));
	pf->vf_files[pf->n_vf_files++] = mem_intern(s->inv->strings, vf_attr(id)->key);
}

static void read_values(const struct scan *s, struct pf *pf, enum vf_attr_id id)
{
	struct pciaddr a = inventory_pf_dev(s->inv, pf)->addr;
	uint64_t value;

	for (size_t i = 0; i < pf->n_vfs; i++)
		if (vffile_read(s->root, a, id, pf->vfs[i].index, &value, NULL) == 0)
			vf_set_n(&pf->vfs[i].attrs, id, value);
}

void scan_vf_files(struct scan *s)
{
	struct inventory *inv = s->inv;

	for (size_t p = 0; p < inv->n_pfs && s->what & SCAN_VF_ATTRS; p++)
		for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++) {
			if (!vf_attr(id)->pf_files[0] ||
				!vf_attr_is_of(id, inventory_pf_kind(inv, &inv->pfs[p])))
				continue;
			find_files(s, &inv->pfs[p], id);
			read_values(s, &inv->pfs[p], id);
		}
}
