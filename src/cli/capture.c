/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl capture`: the running host as a policy. */
#include "render/capture.h"
#include "cli/capture-iovctl.h"
#include "core/check.h"

/* Tells what the policy does not say, and why; that is no failure. */
static void tell(const struct diag *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		cli_error("note: %s: %s", notes->problems[i].place.file, notes->problems[i].text);
}

/* Tells which lines of others the policy stands in for: as long as they are there, both write. */
static void tell_replaced(const struct inventory *inv)
{
	struct check_report *r = check_run(&(struct check_input){ .inv = inv });

	for (size_t i = 0; i < r->n; i++) {
		const struct check_result *line = &r->results[i];

		if (check_is_about_writers(line->row) && line->verdict == CHECK_WARN && line->file)
			cli_error("note: %s:%u: %s; what to do: %s", line->file, line->line,
				line->text, line->next);
	}
	check_report_free(r);
}

static int print(const struct session *s, const bool *chosen)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	_cleanup_(diag_done) struct diag notes = { 0 };
	struct mem_pool *pool = mem_pool_new();
	struct capture *c = capture_make(s->inv, chosen, pool, &notes);

	if (!c->n_pfs)
		cli_error("note: no PF has VFs, so the policy asks for none");
	tell(&notes);
	tell_replaced(s->inv);
	capture_policy(&b, s->inv, c);
	capture_free(c);
	mem_pool_free(pool);
	return cli_output(&b, STATUS_OK);
}

static int capture(struct session *s)
{
	_cleanup_free_ bool *chosen = NULL;
	int status = session_open_host(s);

	if (status == STATUS_OK)
		status = session_scan(
			s, SCAN_VF_ATTRS | SCAN_NVME | SCAN_HOST_DRIVER | SCAN_FILES | SCAN_CHECK);
	if (status == STATUS_OK)
		status = session_choose_pfs(s, &chosen);
	return status == STATUS_OK ? print(s, chosen) : status;
}

static int capture_main(const struct cli *cli)
{
	return session_run(cli, cli->from_iovctl ? capture_iovctl : capture);
}

const struct verb verb_capture = {
	.name = "capture",
	.args = "[PF…]",
	.help = "print the running host as a policy",
	.description = "The policy with which apply would find nothing to do here, but for files\n"
		       "that keep network managers off guests' VFs, and which makes the host the\n"
		       "same after a boot. A PF is named by its address or its interface; without\n"
		       "any, all PFs that have VFs.\n\n"
		       "With --from-iovctl, what iovctl.conf(5) of FreeBSD says, as a policy for\n"
		       "the PF that is named. Without any, \"match\" stays empty, which apply\n"
		       "refuses, and a note tells which PF it may be.",
	.options = OPT_ROOT | OPT_HOST | OPT_FROM_IOVCTL,
	.max_args = 64,
	.run = capture_main,
};
