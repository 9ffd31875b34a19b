/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MSI-X vectors: how many the VFs of a PF can share out, and how many each of them has. The first
 * waits for the PF's lock (kernel-facts §1.7), so a child process looks; the second is the size of
 * the table that the VF's configuration space tells, which only root sees.
 */
#include <stdio.h>

#include "base/file.h"
#include "host/bounded.h"
#include "host/host.h"
#include "host/scan.h"

#define PATH_SIZE 96
#define CAPS_SIZE 256 /* where capabilities other than extended ones are */
#define POOLS_MS  1000

/* A PF that does not answer holds up those behind it, of which it is not known then either. */
static void send_pools(int fd, int rootfd, void *arg)
{
	const struct inventory *inv = arg;

	for (size_t p = 0; p < inv->n_pfs; p++) {
		char path[PATH_SIZE];
		uint64_t n;
		int pool;

		snprintf(path, sizeof(path), "%s/sriov_vf_total_msix",
			pciaddr_path(inventory_pf_dev(inv, &inv->pfs[p])->addr).s);
		pool = file_read_number(rootfd, path, 10, INT32_MAX, &n) < 0 ? 0 : (int)n;
		(void)file_write_all(fd, &pool, sizeof(pool));
	}
}

static void read_pools(struct scan *s)
{
	struct inventory *inv = s->inv;
	_cleanup_free_ int *pools = mem_new(inv->n_pfs, sizeof(*pools));

	for (size_t p = 0; p < inv->n_pfs; p++)
		pools[p] = -1;
	if (inv->n_pfs)
		(void)bounded_run(
			send_pools, s->root, inv, pools, inv->n_pfs * sizeof(*pools), POOLS_MS);
	for (size_t p = 0; p < inv->n_pfs; p++)
		inv->pfs[p].vf_msix = pools[p];
}

unsigned scan_msix_table(int root, struct pciaddr a)
{
	char path[PATH_SIZE], data[CAPS_SIZE + 1];
	int len;

	snprintf(path, sizeof(path), "%s/config", pciaddr_path(a).s);
	len = file_read_head(root, path, data, sizeof(data));
	return len > 0 ? pcicfg_msix((const uint8_t *)data, (size_t)len) : 0;
}

void scan_msix(struct scan *s)
{
	struct inventory *inv = s->inv;

	if (!(s->what & SCAN_MSIX))
		return;
	read_pools(s);
	for (size_t p = 0; p < inv->n_pfs; p++)
		for (size_t i = 0; i < inv->pfs[p].n_vfs; i++) {
			struct vf *vf = &inv->pfs[p].vfs[i];
			unsigned n = scan_msix_table(s->root, inv->devs[vf->dev].addr);

			if (n)
				vf_set_n(&vf->attrs, VF_MSIX, n);
		}
}
