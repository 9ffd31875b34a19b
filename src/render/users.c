/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a device, for people and programs. */
#include "render/users.h"

void users_cell(struct table *t, const struct inventory *inv, const struct dev *d)
{
	_cleanup_(buf_done) struct buf used = { 0 };

	if (inventory_dev_used(inv, d, &used))
		table_add(t, buf_text(&used));
	else if (d->users.assigned)
		table_addf(t, "no, assigned to %s", d->users.assigned);
	else
		table_add(t, d->vf >= 0 ? NULL : "");
}

void users_json(struct jsonout *j, const struct inventory *inv, const struct dev *d)
{
	const struct vf_usage u = inventory_usage(inv, d);
	_cleanup_(buf_done) struct buf used = { 0 };
	struct usage_holder h = { 0 };

	if (inventory_dev_used(inv, d, &used))
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
