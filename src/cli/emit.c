/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sriovctl emit`: what apply writes for other programs, for those who keep it in /etc themselves.
 */
#include "cli/files.h"
#include "cli/session.h"

/* Finds the file that the first argument names. Returns a status. */
static int choose(const struct cli *cli, enum genfile *ret)
{
	_cleanup_(buf_done) struct buf kinds = { 0 };

	*ret = cli->n_args ? genfile_by_kind(cli->args[0]) : _GENFILE_MAX;
	if (*ret != _GENFILE_MAX)
		return STATUS_OK;
	for (enum genfile f = 0; f < _GENFILE_MAX; f++)
		buf_addf(&kinds, "%s%s", f ? ", " : "", genfile(f)->kind);
	if (cli->n_args)
		cli_error("\"%s\" is nothing that can be emitted; there are: %s", cli->args[0],
			buf_text(&kinds));
	else
		cli_error("emit takes what to print: %s", buf_text(&kinds));
	return STATUS_USAGE;
}

static int emit(struct session *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	enum genfile f;
	int status = choose(s->cli, &f);

	if (status == STATUS_OK)
		status = session_read_policy(s, 1);
	if (status == STATUS_OK)
		status = session_open_host(s);
	if (status == STATUS_OK)
		status = session_want(s);
	if (status != STATUS_OK)
		return status;
	cli_problems(&s->problems);
	files_text(s->want, s->inv, f, &b);
	return cli_output(&b, s->problems.n ? STATUS_FAILED : STATUS_OK);
}

static int emit_main(const struct cli *cli)
{
	return session_run(cli, emit);
}

const struct verb verb_emit = {
	.name = "emit",
	.args = "KIND [POLICY]",
	.help = "print what apply writes for other programs",
	.description =
		"KIND is udev, networkmanager or networkd: the rules or the configuration that "
		"keep "
		"the host's\n"
		"network managers off the VFs of the policy. `apply` writes the same to /run, and "
		"`reset` removes\n"
		"it; what is printed says where it belongs in /etc.",
	.options = OPT_ROOT | OPT_HOST,
	.max_args = 2,
	.run = emit_main,
};
