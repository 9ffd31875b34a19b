/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NetworkManager's configuration for the VFs of one PF. */
#include <stdio.h>

#include "render/isolation-block.h"

/*
 * By the interface's name, because the MAC address that NetworkManager compares is the permanent
 * one, which many VFs do not have. By the whole name: a pattern like enp1s0v* would take a VLAN
 * called enp1s0v100 with it. A section of one's own with "managed" adds to other files; a list of
 * unmanaged devices would be replaced by the last file.
 */
#define EXACT "interface-name:="

/* Appends what matches NAME and TAIL to SPECS; false when it cannot be written. */
static bool add_spec(struct buf *specs, const char *name, const char *tail)
{
	return isolation_value(specs, specs->len ? "," EXACT : EXACT, name, tail);
}

/*
 * Appends the names that udev gives to unmanaged VFs, systemd's and Proxmox's rules alike: the PF's
 * with "v" and the index. A PF may have no interface now; the udev rules do not need one.
 */
static void add_usual(struct buf *b, struct buf *specs, const struct isolated_pf *pf)
{
	char index[16];

	for (size_t i = 0; pf->netdev && i < pf->n_vfs; i++) {
		snprintf(index, sizeof(index), "v%u", pf->vfs[i].index);
		if (pf->vfs[i].managed || add_spec(specs, pf->netdev, index))
			continue;
		isolation_left_out(b, NULL, "interface name of the PF");
		return;
	}
}

/* Appends the names that the policy gives to unmanaged VFs. */
static void add_names(struct buf *b, struct buf *specs, const struct isolated_pf *pf)
{
	for (size_t i = 0; i < pf->n_vfs; i++) {
		const struct isolated_vf *vf = &pf->vfs[i];

		if (!vf->managed && vf->name && !add_spec(specs, vf->name, ""))
			isolation_left_out(b, vf, "name");
	}
}

void isolation_nm_block(struct buf *b, const struct isolated_pf *pf)
{
	_cleanup_(buf_done) struct buf specs = { 0 };

	if (!pf->nic)
		return;
	add_usual(b, &specs, pf);
	add_names(b, &specs, pf);
	if (specs.len)
		buf_addf(b, "[device-sriovctl-%s]\nmatch-device=%s\nmanaged=0\n",
			pciaddr_text(pf->addr).s, buf_text(&specs));
}
