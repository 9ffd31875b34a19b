/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces up and down, their names, and their carrier. */
#include <errno.h>

#include "base/clock.h"
#include "host/vfnl-io.h"
#include "host/vfnl.h"

static void closep(struct vfnl **nl)
{
	vfnl_close(*nl);
}

static int get_flags(struct vfnl *nl, int ifindex, unsigned *ret)
{
	struct vfparse_link l;
	int r = vfnl_link(nl, ifindex, false, &l);

	if (r < 0)
		return r;
	*ret = l.flags;
	vfparse_done(&l);
	return 0;
}

int vfnl_set_up(int ifindex, bool up)
{
	_cleanup_(closep) struct vfnl *nl = NULL;
	unsigned flags = 0;
	int r;

	r = vfnl_open(&nl, NULL);
	if (r == 0)
		r = vfnl_set_flags(nl, ifindex, up ? IFF_UP : 0, IFF_UP);
	if (r == 0)
		r = get_flags(nl, ifindex, &flags);
	if (r < 0)
		return r;
	return !(flags & IFF_UP) == !up ? 0 : -EIO;
}

int vfnl_rename(int ifindex, const char *name)
{
	_cleanup_(closep) struct vfnl *nl = NULL;
	int r = vfnl_open(&nl, NULL);

	if (r < 0)
		return r;
	r = vfnl_set_name(nl, ifindex, name);
	if (r == -EEXIST && vfnl_drop_altname(nl, ifindex, name) == 0)
		r = vfnl_set_name(nl, ifindex, name);
	return r;
}

int vfnl_wait_carrier(int ifindex, unsigned timeout_ms)
{
	const int64_t deadline = clock_ms() + timeout_ms;
	_cleanup_(closep) struct vfnl *nl = NULL, *events = NULL;
	unsigned flags = 0;
	int r;

	r = vfnl_open(&nl, NULL);
	if (r == 0)
		r = vfnl_open(&events, NULL);
	/* Before the first look, so that no change falls between the two. */
	if (r == 0)
		r = vfnl_subscribe(events);
	while (r == 0) {
		r = get_flags(nl, ifindex, &flags);
		if (r < 0 || flags & IFF_LOWER_UP)
			break;
		r = vfnl_wait_event(events, ifindex, deadline);
	}
	return r;
}
