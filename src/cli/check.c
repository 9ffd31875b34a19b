/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl check`: is this host able to do it? */
#include "render/check.h"
#include "cli/read-policy.h"
#include "cli/session.h"

/*
 * Reads the policy, of which there may be none; its problems are results, not errors. This
 * machine's says nothing of a host that is elsewhere, and nobody has asked for it.
 */
static int read_policy(struct session *s, struct check_input *in, struct diag *invalid)
{
	const char *path = s->cli->n_args ? s->cli->args[0] : NULL;
	_cleanup_close_ int rootfd = -1;
	int r, status = session_open_root(s->cli, &rootfd);

	if (status == STATUS_OK)
		status = session_share_stdin(s->cli, path);
	if (status != STATUS_OK || (s->cli->host && !path))
		return status;
	r = path ? policy_read(rootfd, path, &s->policy, invalid)
		 : policy_read_any(rootfd, &s->policy, invalid);
	/* One without an entry says as much as none. */
	in->policy_read = path || r < 0 || s->policy->n_pfs || s->policy->n_devices;
	in->policy = in->policy_read && r == 0 ? s->policy : NULL;
	in->invalid = invalid;
	return STATUS_OK;
}

static int look(struct session *s, struct check_input *in, struct diag *invalid)
{
	int status = read_policy(s, in, invalid);

	if (status == STATUS_OK)
		status = session_open_host(s);
	if (status != STATUS_OK)
		return status;
	s->also = SCAN_CHECK;
	status = in->policy ? session_plan(s) : session_scan(s, SCAN_FIT | SCAN_USERS | SCAN_FILES);
	in->inv = s->inv;
	in->unfit = &s->problems;
	in->want = s->want;
	in->plan = s->plan;
	return status;
}

static int check(struct session *s)
{
	_cleanup_(diag_done) struct diag invalid = { 0 };
	_cleanup_(buf_done) struct buf b = { 0 };
	struct check_report *r;
	struct check_input in = { 0 };
	int status = look(s, &in, &invalid);

	if (status != STATUS_OK)
		return status;
	r = check_run(&in);
	if (s->cli->json)
		checks_json(&b, r, s->inv->hostname);
	else
		checks_text(&b, r, s->cli->screen.colour);
	status = r->count[CHECK_FAIL] ? STATUS_FAILED : STATUS_OK;
	check_report_free(r);
	return cli_output(&b, status);
}

static int check_main(const struct cli *cli)
{
	return session_run(cli, check);
}

const struct verb verb_check = {
	.name = "check",
	.args = "[POLICY]",
	.help = "is this host able to do it, and what is to be done if not?",
	.description = "A line per result: PASS, WARN, FAIL or SKIP, what was looked at, and below "
		       "it what\n"
		       "to do next on this host. Nothing is changed. With a policy, only the PFs "
		       "that it is\n"
		       "about are looked at, for what it wants of them; without one, all, for as "
		       "many VFs as\n"
		       "they can have; with --host, that is so unless one is named. Exits with 1 "
		       "when anything\n"
		       "fails.",
	.options = OPT_ROOT | OPT_HOST | OPT_JSON,
	.max_args = 1,
	.run = check_main,
};
