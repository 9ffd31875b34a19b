/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A last look before a VF or a device is taken from whoever has it (kernel-facts §3.3). */
#include <errno.h>

#include "core/vital.h"
#include "host/busy.h"
#include "host/host.h"
#include "host/scan.h"

/* Looks at the function; *RET has it, or no device when it has gone. */
static int look(int rootfd, bool live, unsigned what, const char *address, struct inventory **ret,
	struct err *e)
{
	struct pciaddr addr;

	if (pciaddr_parse(address, &addr) < 0)
		return err_set(e, -EINVAL, "%s is no PCI address", address);
	return scan_device(rootfd, live, what, addr, ret, e);
}

static int is_busy(const char *address, const struct buf *why, struct err *e)
{
	return err_set(e, -EBUSY,
		"%s has come into use since the plan was made: %s; see `sriovctl list`, --force "
		"does it all the same",
		address, buf_text(why));
}

int busy_check(int rootfd, bool live, const char *address, struct err *e)
{
	_cleanup_(buf_done) struct buf why = { 0 };
	struct inventory *inv = NULL;
	bool used = false;
	int r = look(rootfd, live, 0, address, &inv, e);

	if (r < 0 || !inv)
		return r;
	if (inv->n_devs) {
		const struct vf_usage u = inventory_usage(inv, &inv->devs[0]);

		used = usage_text(&u, &why);
	}
	inventory_free(inv);
	return used ? is_busy(address, &why, e) : 0;
}

int busy_check_device(int rootfd, bool live, const char *address, bool forced, struct err *e)
{
	_cleanup_(buf_done) struct buf why = { 0 };
	bool vital, used = false;
	struct inventory *inv = NULL;
	int r = look(rootfd, live, SCAN_DEVICES, address, &inv, e);

	if (r < 0 || !inv)
		return r;
	vital = inv->n_devs && vital_text(inv, &inv->devs[0], &why);
	if (inv->n_devs && !vital && !forced)
		used = inventory_whole_used(inv, &inv->devs[0], &why);
	inventory_free(inv);
	if (vital)
		return err_set(e, -EBUSY, "%s %s", address, buf_text(&why));
	return used ? is_busy(address, &why, e) : 0;
}
