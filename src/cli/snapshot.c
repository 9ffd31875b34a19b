/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl snapshot`: the host as a file that --host takes. */
#include "render/snapshot.h"
#include "cli/session.h"
#include "config.h"
#include "core/snapshot.h"

/* What cannot be read again is no snapshot; better to know now than on another machine. */
static int verify(const struct buf *text)
{
	struct diag d = { 0 };
	struct inventory *again;
	int r = snapshot_read("the snapshot", buf_text(text), text->len, &again, &d);

	if (r < 0)
		cli_error("this host cannot be told in a snapshot:");
	cli_problems(&d);
	diag_done(&d);
	inventory_free(again);
	return r < 0 ? STATUS_FAILED : STATUS_OK;
}

/* Says what only root can see. */
static void warn_user(const struct cli *cli)
{
	if (!cli->root && !cli->host && geteuid() != 0)
		cli_error("taken by a user other than root: the snapshot may lack which processes "
			  "and guests use a VF, which guests' configurations name one, and what "
			  "check looks at");
}

static int snapshot(struct session *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	int status = session_open_host(s);

	if (status == STATUS_OK)
		status = session_scan(s, SCAN_ALL);
	if (status != STATUS_OK)
		return status;
	if (s->cli->anonymous)
		snapshot_anonymise(s->inv);
	snapshot_text(&b, s->inv, VERSION);
	status = verify(&b);
	if (status != STATUS_OK)
		return status;
	warn_user(s->cli);
	return cli_output(&b, STATUS_OK);
}

static int snapshot_main(const struct cli *cli)
{
	return session_run(cli, snapshot);
}

const struct verb verb_snapshot = {
	.name = "snapshot",
	.args = "",
	.help = "print this host as a file that --host takes",
	.description =
		"All that sriovctl knows of the host, as JSON, for a look at it elsewhere: every "
		"verb that\n"
		"only reads takes it with --host, and prints what it would print here. It has MAC "
		"addresses,\n"
		"names of guests and processes, and IP addresses of VFs; --anonymous puts "
		"stand-ins in their\n"
		"place. See sriovctl-snapshot(5).",
	.options = OPT_ROOT | OPT_HOST | OPT_ANONYMOUS,
	.max_args = 0,
	.run = snapshot_main,
};
