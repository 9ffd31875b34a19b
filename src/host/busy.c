/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A last look before a VF is taken from whoever has it (kernel-facts §3.3). */
#include <errno.h>

#include "host/busy.h"
#include "host/scan.h"

int busy_check(int rootfd, bool live, const char *address, struct err *e)
{
	_cleanup_(buf_done) struct buf why = { 0 };
	struct inventory *inv;
	struct pciaddr addr;
	bool used = false;
	int r;

	if (pciaddr_parse(address, &addr) < 0)
		return err_set(e, -EINVAL, "%s is no PCI address", address);
	r = scan_device(rootfd, live, 0, addr, &inv, e);
	if (r < 0)
		return r;
	if (inv->n_devs) {
		const struct vf_usage u = inventory_usage(inv, &inv->devs[0]);

		used = usage_text(&u, &why);
	}
	inventory_free(inv);
	if (!used)
		return 0;
	return err_set(e, -EBUSY,
		"%s has come into use since the plan was made: %s; see `sriovctl list`, --force "
		"does it all the same",
		address, buf_text(&why));
}
