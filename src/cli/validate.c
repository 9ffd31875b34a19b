/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate: all problems of a policy; needs no host. */
#include <string.h>

#include "cli/cli.h"
#include "cli/read-policy.h"
#include "cli/session.h"
#include "config.h"
#include "render/problems.h"

/* One line for people. */
static void add_verdict(struct buf *b, const struct policy *p, const char *path)
{
	if (!path)
		path = POLICY_DIR;
	else if (strcmp(path, "-") == 0)
		path = "stdin";
	buf_addf(b, "%s: valid: %zu PF %s\n", path, p->n_pfs, p->n_pfs == 1 ? "entry" : "entries");
}

static int validate(int rootfd, const struct cli *cli)
{
	const char *path = cli->n_args > 0 ? cli->args[0] : NULL;
	_cleanup_(buf_done) struct buf out = { 0 };
	struct diag d = { 0 };
	struct policy *policy;
	int status = policy_read(rootfd, path, &policy, &d) < 0 ? STATUS_POLICY : STATUS_OK;

	if (cli->json)
		problems_json(&out, &d);
	else if (status == STATUS_OK)
		add_verdict(&out, policy, path);
	else
		cli_problems(&d);
	diag_done(&d);
	policy_free(policy);
	return cli_output(&out, status);
}

static int run(const struct cli *cli)
{
	_cleanup_close_ int rootfd = -1;
	int status = session_open_root(cli, &rootfd);

	return status == STATUS_OK ? validate(rootfd, cli) : status;
}

const struct verb verb_validate = {
	.name = "validate",
	.args = "[POLICY]",
	.help = "check a policy; needs no host",
	.description = "Tells all problems of the policy, each with its file, line, column and "
		       "JSON pointer.\n"
		       "POLICY is a file, or - for standard input; without it the installed policy "
		       "is read\n"
		       "(" POLICY_DIR
		       "/policy.json and policy.d/*.json), with --root the one below DIR.\n"
		       "The exit status is 0 if the policy is valid and 3 if it is not.",
	.options = OPT_ROOT | OPT_JSON,
	.max_args = 1,
	.run = run,
};
