/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs as arguments of QEMU. */
#include "render/handoff.h"

/* An address is all there is in it, so no shell sees more in a line than two words. */
size_t handoff_qemu(struct buf *b, const struct handoff *h)
{
	for (size_t i = 0; i < h->n; i++)
		buf_addf(b, "-device vfio-pci,host=%s\n", pciaddr_text(h->vfs[i].dev->addr).s);
	return h->n;
}
