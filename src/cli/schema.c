/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl schema`: what a policy may say, in general and to one PF. */
#include "render/schema.h"
#include "cli/session.h"

static int show_pf(struct session *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	int pf, status = session_open_host(s);

	if (status == STATUS_OK)
		status = session_scan(s, SCAN_VF_ATTRS | SCAN_NVME | SCAN_FIT | SCAN_HOST_DRIVER |
						 SCAN_CHECK | SCAN_MSIX |
						 SCAN_SETTING(PFSET_ESWITCH));
	if (status != STATUS_OK)
		return status;
	pf = session_find_pf(s->inv, s->cli->args[0]);
	if (pf < 0)
		return STATUS_FAILED;
	if (s->cli->json)
		schema_pf_json(&b, s->inv, (size_t)pf);
	else
		schema_pf_text(&b, s->inv, (size_t)pf, s->cli->screen);
	return cli_output(&b, STATUS_OK);
}

static int show(struct session *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (s->cli->n_args)
		return show_pf(s);
	schema_json(&b);
	return cli_output(&b, STATUS_OK);
}

static int schema_main(const struct cli *cli)
{
	return session_run(cli, show);
}

const struct verb verb_schema = {
	.name = "schema",
	.args = "[PF]",
	.help = "show what a policy may say; with a PF: what its driver accepts",
	.description =
		"Without PF, prints the policy's JSON Schema, for editors and other programs.\n"
		"With PF, an address or the name of an interface, prints what this PF accepts and "
		"with\n"
		"which limits: the number of VFs, each of their attributes, what resets a VF; and "
		"where\n"
		"each answer comes from. With --json, that as the JSON Schema of its entry in "
		"\"pfs\".",
	.options = OPT_ROOT | OPT_HOST | OPT_JSON,
	.max_args = 1,
	.run = schema_main,
};
