/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl list`: PFs and VFs. */
#include "render/list.h"
#include "cli/session.h"
#include "render/dot.h"

static int show(struct session *s)
{
	_cleanup_free_ bool *chosen = NULL;
	_cleanup_(buf_done) struct buf b = { 0 };
	struct list_options o = { .screen = s->cli->screen };
	int status = session_open_host(s);

	if (status == STATUS_OK)
		status = session_scan(s, SCAN_VF_ATTRS | SCAN_NVME | SCAN_USERS);
	if (status == STATUS_OK)
		status = session_choose_pfs(s, &chosen);
	if (status != STATUS_OK)
		return status;
	o.pfs = chosen;
	if (s->cli->dot)
		dot_text(&b, s->inv, o.pfs);
	else if (s->cli->json)
		list_json(&b, s->inv, &o);
	else
		list_text(&b, s->inv, &o);
	return cli_output(&b, STATUS_OK);
}

static int list_main(const struct cli *cli)
{
	if (cli->dot && cli->json) {
		cli_error("list: --dot and --json do not go together");
		return STATUS_USAGE;
	}
	return session_run(cli, show);
}

const struct verb verb_list = {
	.name = "list",
	.args = "[PF…]",
	.help = "show PFs and their VFs",
	.description = "A row per PF and, below it, one per VF: address, interface, driver,\n"
		       "MAC, VLAN, what else is set, NUMA node, IOMMU group, who uses it.\n"
		       "A PF is named by its address or its interface. A column in which\n"
		       "nothing would stand is left out. With --dot, the same as a picture.",
	.options = OPT_ROOT | OPT_HOST | OPT_JSON | OPT_DOT,
	.max_args = 64,
	.run = list_main,
};
