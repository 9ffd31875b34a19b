/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl apply`: makes the host as the policy says. */
#include <stdio.h>
#include <syslog.h>

#include "apply/record.h"
#include "base/log.h"
#include "cli/run.h"
#include "cli/session.h"
#include "config.h"
#include "core/match-device.h"
#include "core/match.h"
#include "host/udev.h"

/* How often a PF may come back in the middle of a run before that is given up. */
#define LIVES_MAX 5

/* How a run went so far, in PFs and whole devices (policy entries where none was found). */
struct tally {
	size_t total, bad, refused;
	bool devices;   /* the policy is about such devices, too */
	int life;       /* of the PF that --pf names, when it was planned for */
	bool files_bad; /* the host's generated files are not as they should be */
};

static int pfs_are_there(void *arg)
{
	struct session *s = arg;
	struct inventory *inv = NULL;
	/* What a device was to the host is in a generated file. */
	unsigned what = SCAN_SETTLED | session_scan_to_match(s) |
			(s->policy->n_devices ? SCAN_FILES : 0);
	int r;

	/* A look that fails while devices come and go is repeated at the next event. */
	if (s->host->ops->scan(s->host, what, &inv, NULL) < 0)
		return 0;
	if (s->cli->pf)
		r = session_pf_is_ready(inv, s->cli->pf);
	else
		r = match_all_present(s->policy, inv) && match_devices_present(s->policy, inv);
	inventory_free(inv);
	return r;
}

/* At boot, drivers may still be loading: waits for events, not for time to pass. */
static void wait_for_pfs(struct session *s)
{
	enum uevent_of of = s->policy->n_devices ? UEVENT_ALL : UEVENT_PFS;
	struct err e = { "" };

	if (!s->cli->wait_s)
		return;
	log_status("Waiting for the PFs that the policy names");
	/* A PF that is still missing after that is told with the other problems. */
	if (uevent_wait(of, pfs_are_there, s, s->cli->wait_s * 1000, &e) < 0)
		cli_error("cannot wait for PFs: %s", e.text);
}

/* How many different entries of the policy the problems are about. */
static size_t bad_entries(const struct diag *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++) {
		bool seen = false;

		for (size_t j = 0; j < i && !seen; j++)
			seen = d->problems[j].entry == d->problems[i].entry;
		n += !seen;
	}
	return n;
}

/* The interface number of the PF called NAME (NULL: of none), 0 when there is none: another one is
 * another life of it. */
static int pf_life(const struct inventory *inv, const char *name)
{
	int pf = name ? session_pf(inv, name) : -1;
	const struct netdev *n = pf < 0 ? NULL : inventory_pf_netdev(inv, &inv->pfs[pf]);

	return n ? n->ifindex : 0;
}

/* Plans, and decides whether anything may be done at all. Returns STATUS_OK to go on. */
static int decide(struct session *s, struct tally *t)
{
	struct consent consent = { s->cli->recreate, s->cli->force };
	int status = session_plan(s);

	if (status != STATUS_OK)
		return status;
	session_tell_notes(s);
	t->life = pf_life(s->inv, s->cli->pf);
	t->bad = bad_entries(&s->problems);
	t->total = plan_count_pfs(s->plan) + t->bad;
	t->devices = s->policy->n_devices;
	cli_problems(&s->problems);
	if (t->bad && !s->cli->keep_going) {
		cli_error("nothing was changed");
		return STATUS_FAILED;
	}
	t->refused = run_refusals(s->plan, consent);
	if (t->refused && !s->cli->keep_going) {
		cli_error("nothing was changed");
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

/*
 * Where the VFs are was a prediction when the files were written. Writes them once more if it was
 * wrong, and looks again.
 */
static int renew_files(struct session *s, const struct record_dir *dir)
{
	struct plan files = *s->plan;
	struct apply_counts c = { 0 };
	int status;

	if (!files.n_pfs || !files.pfs[0].host || !s->done->pfs[0].host)
		return STATUS_OK;
	files.n_pfs = 1;
	status = run_plan(s->cli, s->host, &files, dir, &c);
	free(c.pf_failed);
	return status == STATUS_OK ? session_plan(s) : status;
}

/* Looks again: what was done must now be nothing to do. */
static int verify(struct session *s, const struct record_dir *dir, const struct apply_counts *c,
	struct tally *t)
{
	int status;

	session_plan_done(s);
	status = session_plan(s);
	if (status == STATUS_OK)
		status = renew_files(s, dir);
	if (status == STATUS_OK)
		t->bad += c->pfs_failed + run_leftovers(s->plan, s->done, c);
	t->files_bad = c->host_failed || (status == STATUS_OK && run_files_left(s->plan));
	return status;
}

static void summarise(const struct apply_counts *c, const struct tally *t)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (c->pfs == 0 && !t->bad && !t->refused)
		buf_addf(&b, "nothing to do: %zu %s %s as the policy says", t->total,
			run_noun(t->devices, t->total), t->total == 1 ? "is" : "are");
	else
		buf_addf(&b, "%zu step%s done; of %zu %s, %zu failed, %zu refused", c->steps_done,
			c->steps_done == 1 ? "" : "s", t->total, run_noun(t->devices, t->total),
			t->bad, t->refused);
	if (t->files_bad)
		buf_add(&b, "; the host's files failed");
	if (log_is_journal())
		log_send(LOG_NOTICE, &(struct log_fields){ .vf = -1 }, buf_text(&b));
	else
		printf("%s\n", buf_text(&b));
	log_status("%s", buf_text(&b));
}

/* Runs and verifies the plan, if there is anything in it. Returns STATUS_OK once it is known how it
 * went. */
static int carry_out(
	struct session *s, const struct record_dir *dir, struct apply_counts *c, struct tally *t)
{
	int status;

	if (plan_size(s->plan) == 0)
		return STATUS_OK;
	log_status("Applying %zu steps", plan_size(s->plan));
	status = run_plan(s->cli, s->host, s->plan, dir, c);
	return status == STATUS_OK ? verify(s, dir, c, t) : status;
}

/* One run; *RET_LIFE is the life of the PF that it was about. */
static int apply_locked(struct session *s, const struct record_dir *dir, int *ret_life)
{
	struct apply_counts counts = { 0 };
	struct tally t = { 0 };
	int status = decide(s, &t);

	*ret_life = t.life;
	if (status == STATUS_OK)
		status = carry_out(s, dir, &counts, &t);
	free(counts.pf_failed);
	if (status != STATUS_OK)
		return status;
	summarise(&counts, &t);
	if (t.refused && !t.bad && !t.files_bad)
		return STATUS_REFUSED;
	return run_status(
		t.total + t.files_bad, t.bad + t.refused + t.files_bad, counts.steps_done);
}

/*
 * One run. With --if-wanted it is begun again when it has failed and the PF is not what it was: its
 * driver was bound once more meanwhile, and whoever tells of such events has been told that this
 * run is under way.
 */
static int run_while_it_changes(struct session *s, const struct record_dir *dir)
{
	int status = STATUS_FAILED, life;

	for (int i = 0; i < LIVES_MAX; i++) {
		status = apply_locked(s, dir, &life);
		if (status == STATUS_OK || !s->cli->if_wanted)
			break;
		wait_for_pfs(s);
		if (session_scan(s, 0) != STATUS_OK || pf_life(s->inv, s->cli->pf) == life)
			break;
	}
	return status;
}

static int run(struct session *s)
{
	_cleanup_(record_close) struct record_dir dir = { -1, -1 };
	struct err e = { "" };
	int status;

	if (s->cli->if_wanted && !s->cli->pf) {
		cli_error("--if-wanted is about the PF that --pf names");
		return STATUS_USAGE;
	}
	if (!run_permitted())
		return STATUS_FAILED;
	status = session_read_policy(s, 0);
	if (status == STATUS_OK)
		status = session_open_host(s);
	if (status != STATUS_OK)
		return status;
	wait_for_pfs(s);
	status = run_open_record(&dir);
	if (status != STATUS_OK)
		return status;
	/* Before the look at the host: a PF that this look misses is told of by udev. */
	if (s->cli->hotplug && record_allow_hotplug(&dir, &e) < 0) {
		cli_error("%s", e.text);
		return STATUS_FAILED;
	}
	return run_while_it_changes(s, &dir);
}

static int apply_main(const struct cli *cli)
{
	return session_run(cli, run);
}

const struct verb verb_apply = {
	.name = "apply",
	.args = "[POLICY]",
	.help = "make the host as the policy says",
	.description =
		"Does what `sriovctl plan` shows, in the same order, one PF after another, and "
		"looks again\n"
		"at the end: success means read back and equal. VFs that exist are neither "
		"destroyed nor, while\n"
		"in use, reset, unless --recreate or --force says so. Problems are told before "
		"anything is\n"
		"changed, and then nothing is, unless --keep-going says that the other PFs count.",
	.options = OPT_PF | OPT_IF_WANTED | OPT_HOTPLUG | OPT_RECREATE | OPT_FORCE |
		   OPT_KEEP_GOING | OPT_WAIT | OPT_STEP_TIMEOUT,
	.max_args = 1,
	.run = apply_main,
};
