/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl plan` and `sriovctl status`: what is to be done, and what differs. */
#include <stdio.h>

#include "cli/hosts.h"
#include "render/plan.h"
#include "render/status.h"

/* Reads, scans and plans; problems are printed and make the status a failure. */
static int make_plan(struct session *s)
{
	int status = s->policy ? STATUS_OK : session_read_policy(s, 0);

	if (status == STATUS_OK)
		status = session_open_host(s);
	if (status == STATUS_OK)
		status = session_plan(s);
	if (status == STATUS_OK)
		session_tell_notes(s);
	if (status == STATUS_OK && s->problems.n) {
		cli_problems(&s->problems);
		status = STATUS_FAILED;
	}
	return status;
}

/* Says what apply would refuse with the same consent; returns whether it would. */
static bool warn_refusals(const struct session *s)
{
	struct consent consent = { s->cli->recreate, s->cli->force };
	bool any = false;

	for (size_t i = 0; i < s->plan->n_pfs; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		if (!plan_refusal(&s->plan->pfs[i], consent, &b))
			continue;
		cli_error("apply would refuse: %s", buf_text(&b));
		any = true;
	}
	return any;
}

static int show_plan(struct session *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	int status = make_plan(s);

	if (!s->plan)
		return status;
	if (s->cli->json)
		plan_json(&b, s->plan, s->cli->snapshot);
	else
		plan_text(&b, s->plan);
	status = cli_output(&b, status);
	fflush(stdout); /* before what is said about it */
	if (warn_refusals(s) && status == STATUS_OK && s->cli->exit_code)
		return STATUS_REFUSED;
	if (status == STATUS_OK && s->cli->exit_code && plan_size(s->plan))
		return STATUS_DIFFERS;
	return status;
}

static int show_status(struct session *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	int status = make_plan(s);

	if (!s->plan)
		return status;
	if (s->cli->json)
		status_json(&b, s->plan, s->cli->snapshot);
	else
		status_text(&b, s->plan, s->cli->screen);
	if (status == STATUS_OK && !status_in_sync(s->plan))
		status = STATUS_DIFFERS;
	return cli_output(&b, status);
}

static int plan_main(const struct cli *cli)
{
	return hosts_run(cli, show_plan);
}

static int status_main(const struct cli *cli)
{
	return hosts_run(cli, show_status);
}

const struct verb verb_plan = {
	.name = "plan",
	.args = "[POLICY]",
	.help = "show the steps that apply would do",
	.description =
		"Each step is marked safe, resets VF, or destroys VFs, and names who uses what it "
		"hits.\n"
		"Nothing is changed. --recreate and --force are taken into account as apply would.",
	.options = OPT_ROOT | OPT_HOST | OPT_JSON | OPT_PF | OPT_RECREATE | OPT_FORCE |
		   OPT_EXIT_CODE,
	.max_args = 1,
	.run = plan_main,
};

const struct verb verb_status = {
	.name = "status",
	.args = "[POLICY]",
	.help = "does the host match the policy?",
	.description = "Shows each field that differs: what is wanted and what is. Exits with 4 "
		       "when any does.",
	.options = OPT_ROOT | OPT_HOST | OPT_JSON | OPT_PF,
	.max_args = 1,
	.run = status_main,
};
