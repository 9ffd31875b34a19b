/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sriovctl emit`: what apply writes for other programs, for those who keep it in /etc themselves;
 * and VFs for those who start guests.
 */
#include "cli/files.h"
#include "cli/handoff.h"

static int complain_kind(const struct cli *cli)
{
	_cleanup_(buf_done) struct buf kinds = { 0 };

	for (enum genfile f = 0; f < _GENFILE_MAX; f++)
		buf_addf(&kinds, "%s, ", genfile(f)->kind);
	for (enum handoff_kind k = 0; k < _HANDOFF_MAX; k++)
		buf_addf(&kinds, "%s%s", k ? ", " : "", handoff_name(k));
	if (cli->n_args)
		cli_error("\"%s\" is nothing that can be emitted; there are: %s", cli->args[0],
			buf_text(&kinds));
	else
		cli_error("emit takes what to print: %s", buf_text(&kinds));
	return STATUS_USAGE;
}

/* What is said of a file is one argument at most, and no option but --root. Returns a status. */
static int check_file_options(const struct cli *cli)
{
	const char *option = cli->json ? "json" : cli->part ? "part" : cli->vm ? "vm" : NULL;

	if (option)
		cli_error("emit %s takes no --%s", cli->args[0], option);
	else if (cli->n_args > 2 || (cli->n_args > 1 && cli->policy))
		cli_error("emit %s takes one policy", cli->args[0]);
	else
		return STATUS_OK;
	return STATUS_USAGE;
}

static int emit_file(struct session *s, enum genfile f)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	int status = check_file_options(s->cli);

	if (status == STATUS_OK)
		status = s->cli->policy ? session_read_any_policy(s) : session_read_policy(s, 1);
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

static int emit(struct session *s)
{
	const char *name = s->cli->n_args ? s->cli->args[0] : "";
	enum genfile f = genfile_by_kind(name);
	enum handoff_kind k = handoff_by_name(name);

	if (f != _GENFILE_MAX)
		return emit_file(s, f);
	return k != _HANDOFF_MAX ? handoff_emit(s, k) : complain_kind(s->cli);
}

static int emit_main(const struct cli *cli)
{
	return session_run(cli, emit);
}

const struct verb verb_emit = {
	.name = "emit",
	.args = "KIND […]",
	.help = "print what other programs need to know",
	.description =
		"emit udev|networkmanager|networkd [POLICY]\n"
		"The rules or the configuration that keep the host's network managers off the VFs "
		"of the policy.\n"
		"`apply` writes the same to /run, and `reset` removes it; what is printed says "
		"where it belongs\n"
		"in /etc.\n"
		"\n"
		"emit proxmox|libvirt|qemu|lxc [DEVICE…]\n"
		"VFs as they are now, for guests: all that are fit, or those of DEVICE: a VF, "
		"PF:INDEX, or a PF.\n"
		"Labels in the policy are their names. Parts: of proxmox qm, lxc, mapping; of "
		"libvirt "
		"hostdev, interface,\n"
		"network.",
	.options = OPT_ROOT | OPT_HOST | OPT_JSON | OPT_POLICY | OPT_PART | OPT_VM,
	.max_args = 65,
	.run = emit_main,
};
