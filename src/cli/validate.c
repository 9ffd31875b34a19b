/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate: all problems of a policy, by itself or on a host. */
#include <string.h>

#include "cli/read-policy.h"
#include "cli/session.h"
#include "config.h"
#include "render/problems.h"

/* One line for people. */
static void add_verdict(struct buf *b, const struct session *s)
{
	const char *path = s->cli->n_args > 0 ? s->cli->args[0] : NULL;
	size_t n = s->policy->n_pfs;

	if (!path)
		path = POLICY_DIR;
	else if (strcmp(path, "-") == 0)
		path = "stdin";
	buf_addf(b, "%s: valid: %zu PF %s", path, n, n == 1 ? "entry" : "entries");
	if (s->want)
		buf_addf(b, ", %zu PF%s of %s", s->want->n_pfs, s->want->n_pfs == 1 ? "" : "s",
			s->inv->hostname);
	buf_add(b, "\n");
}

/* Reads the policy; its problems go to those of the session. Returns a status. */
static int read_policy(struct session *s)
{
	const char *path = s->cli->n_args > 0 ? s->cli->args[0] : NULL;
	_cleanup_close_ int rootfd = -1;
	int status = session_open_root(s->cli, &rootfd);

	if (status == STATUS_OK)
		status = session_share_stdin(s->cli, path);
	if (status == STATUS_OK && policy_read(rootfd, path, &s->policy, &s->problems) < 0)
		status = STATUS_POLICY;
	return status;
}

/* The same with the host: what contradicts the policy there. */
static int look_at_host(struct session *s)
{
	int status = session_open_host(s);

	if (status == STATUS_OK)
		status = session_want(s);
	return status == STATUS_OK && s->problems.n ? STATUS_FAILED : status;
}

static void add_json(struct buf *b, const struct session *s)
{
	struct diag *notes = s->want ? &s->want->notes : NULL;

	if (s->want) {
		want_tell_room(s->want, s->policy, s->inv, notes);
		diag_sort(notes);
	}
	problems_json(b, &s->problems, notes);
}

static int validate(struct session *s)
{
	_cleanup_(buf_done) struct buf out = { 0 };
	int status = read_policy(s);

	if (status == STATUS_OK && (s->cli->here || s->cli->host))
		status = look_at_host(s);
	if (status != STATUS_OK && !s->problems.n)
		return status;
	diag_sort(&s->problems);
	if (s->cli->json) {
		add_json(&out, s);
		return cli_output(&out, status);
	}
	if (status == STATUS_OK)
		add_verdict(&out, s);
	cli_problems(&s->problems);
	if (s->want)
		session_tell_notes(s);
	return cli_output(&out, status);
}

static int run(const struct cli *cli)
{
	return session_run(cli, validate);
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
		       "With --here or --host also what a host contradicts in it, as `sriovctl "
		       "plan` does:\n"
		       "PFs that are not there, what their drivers do not accept.\n"
		       "The exit status is 0 if the policy is valid, 3 if it is not, 1 if it does "
		       "not fit the host.",
	.options = OPT_ROOT | OPT_HOST | OPT_HERE | OPT_JSON,
	.max_args = 1,
	.run = run,
};
