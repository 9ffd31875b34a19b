/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl groups`: IOMMU groups, and what can go to a guest. */
#include "render/groups.h"
#include "cli/device.h"
#include "cli/session.h"

static int show(struct session *s)
{
	_cleanup_free_ bool *chosen = NULL;
	_cleanup_(buf_done) struct buf b = { 0 };
	struct groups_options o = { .screen = s->cli->screen };
	int status = session_open_host(s);

	if (status == STATUS_OK)
		status = session_scan(s, SCAN_USERS);
	if (status != STATUS_OK)
		return status;
	chosen = mem_new(s->inv->n_devs, sizeof(*chosen));
	for (size_t i = 0; i < s->cli->n_args; i++) {
		int dev = device_find(s->inv, s->cli->args[i]);

		if (dev < 0)
			return STATUS_FAILED;
		chosen[dev] = true;
		o.devs = chosen;
	}
	if (s->cli->json)
		groups_json(&b, s->inv, &o);
	else
		groups_text(&b, s->inv, &o);
	return cli_output(&b, STATUS_OK);
}

static int groups_main(const struct cli *cli)
{
	return session_run(cli, show);
}

const struct verb verb_groups = {
	.name = "groups",
	.args = "[ADDRESS…]",
	.help = "show IOMMU groups and what can go to a guest",
	.description = "A row per device, by group: its driver, whether it can go to a guest as\n"
		       "things are now, and who uses it. All devices of a group go together, so\n"
		       "a driver of the host on one of them keeps the others out too; PCI\n"
		       "bridges do not count. Below the table: what to do where that keeps a PF\n"
		       "or VF from guests. ADDRESS: only the groups of these devices.",
	.options = OPT_ROOT | OPT_HOST | OPT_JSON,
	.max_args = 64,
	.run = groups_main,
};
