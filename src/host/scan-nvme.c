/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What NVMe controllers can give to their VFs, and have given. Each is asked in a child process:
 * one that does not answer holds up who asks for a minute.
 */
#include <string.h>

#include "base/file.h"
#include "host/bounded.h"
#include "host/host.h"
#include "host/nvmecmd.h"
#include "host/scan.h"

#define ASK_MS 5000

/* Whom to ask. */
struct question {
	const struct inventory *inv;
	const struct pf *pf;
};

static bool is_asked(const struct question *q)
{
	const struct dev *d = inventory_pf_dev(q->inv, q->pf);

	return inventory_pf_kind(q->inv, q->pf) == VF_OF_NVME && d->driver &&
	       strcmp(d->driver, "nvme") == 0;
}

/* Sends what the PF's controller can give, then each controller of a VF that the PF has. */
static void send_answer(int fd, int rootfd, void *arg)
{
	const struct question *q = arg;
	_cleanup_close_ int device = nvmecmd_open(
		rootfd, inventory_pf_dev(q->inv, q->pf)->addr, NULL);
	_cleanup_free_ struct nvme_secondary *all = NULL;
	struct nvme_caps caps;
	size_t n = 0, sent = 0;

	if (device < 0 || nvmecmd_caps(device, &caps) < 0 ||
		file_write_all(fd, &caps, sizeof(caps)) < 0 ||
		nvmecmd_secondaries(device, &all, &n) < 0)
		return;
	for (size_t i = 0; i < n && sent < q->pf->n_vfs; i++) {
		if (all[i].vf < 0 || !inventory_vf(q->pf, (unsigned)all[i].vf))
			continue;
		if (file_write_all(fd, &all[i], sizeof(all[i])) < 0)
			return;
		sent++;
	}
}

static void take_vf(struct pf *pf, const struct nvme_secondary *c)
{
	for (size_t i = 0; i < pf->n_vfs; i++) {
		struct vf_attrs *a = &pf->vfs[i].attrs;

		if ((int)pf->vfs[i].index != c->vf)
			continue;
		vf_set_n(a, VF_VQ_RESOURCES, c->vq);
		vf_set_n(a, VF_VI_RESOURCES, c->vi);
		vf_set_n(a, VF_ONLINE, c->online);
	}
}

/* Asks the controller of PF; what did not come whole is not known. */
static void scan_one(const struct scan *s, struct pf *pf)
{
	struct question q = { s->inv, pf };
	struct nvme_secondary c;
	size_t size = sizeof(pf->nvme) + pf->n_vfs * sizeof(c);
	_cleanup_free_ char *data = mem_new(size, 1);
	ssize_t len = bounded_run(send_answer, s->root, &q, data, size, ASK_MS);

	if (len < (ssize_t)sizeof(pf->nvme))
		return;
	memcpy(&pf->nvme, data, sizeof(pf->nvme));
	for (size_t at = sizeof(pf->nvme); at + sizeof(c) <= (size_t)len; at += sizeof(c)) {
		memcpy(&c, data + at, sizeof(c));
		take_vf(pf, &c);
	}
}

void scan_nvme(struct scan *s)
{
	for (size_t i = 0; s->live && s->what & SCAN_NVME && i < s->inv->n_pfs; i++)
		if (is_asked(&(struct question){ s->inv, &s->inv->pfs[i] }))
			scan_one(s, &s->inv->pfs[i]);
}
