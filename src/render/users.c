/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a VF, for programs. */
#include "render/users.h"

void users_json(struct jsonout *j, const struct inventory *inv, const struct vf *vf)
{
	const struct dev *d = &inv->devs[vf->dev];
	const struct vf_usage u = inventory_usage(inv, d);
	_cleanup_(buf_done) struct buf used = { 0 };
	struct usage_holder h = { 0 };

	if (usage_text(&u, &used))
		h = usage_holder(&u);
	jsonout_text(j, "used", used.len ? buf_text(&used) : NULL);
	if (h.guest || h.process) {
		jsonout_object(j, "user");
		jsonout_text(j, "guest", h.guest);
		jsonout_text(j, "process", h.process);
		jsonout_index(j, "pid", h.pid ? h.pid : -1);
		jsonout_end(j);
	} else {
		jsonout_null(j, "user");
	}
	jsonout_text(j, "assigned_to", d->users.assigned);
}
