/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs between a policy and a host share. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "apply/record.h"
#include "cli/read-policy.h"
#include "cli/session.h"
#include "config.h"

int session_open_host(struct session *s)
{
	struct err e = { "" };
	int r;

	r = s->cli->root ? host_open_dir(s->cli->root, &s->host, &e)
			 : host_open_linux(&s->host, &e);
	if (r < 0) {
		cli_error("%s", e.text);
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

int session_open_root(const struct cli *cli, int *ret)
{
	*ret = -1;
	if (!cli->root)
		return STATUS_OK;
	*ret = open(cli->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*ret >= 0)
		return STATUS_OK;
	cli_error("--root %s: %s", cli->root, err_name(errno));
	return STATUS_FAILED;
}

int session_read_policy(struct session *s)
{
	_cleanup_close_ int rootfd = -1;
	struct diag d = { 0 };
	int status = session_open_root(s->cli, &rootfd);

	if (status != STATUS_OK)
		return status;
	if (policy_read(rootfd, s->cli->n_args ? s->cli->args[0] : NULL, &s->policy, &d) < 0) {
		cli_problems(&d);
		status = STATUS_POLICY;
	}
	diag_done(&d);
	return status;
}

int session_scan(struct session *s, unsigned what)
{
	struct err e = { "" };

	inventory_free(s->inv);
	s->inv = NULL;
	if (s->host->ops->scan(s->host, what, &s->inv, &e) < 0) {
		cli_error("cannot read this host: %s", e.text);
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

int session_find_pf(const struct inventory *inv, const char *name)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct pciaddr addr;
	bool is_addr = pciaddr_parse(name, &addr) == 0;

	for (size_t i = 0; i < inv->n_pfs; i++) {
		const struct netdev *n = inventory_pf_netdev(inv, &inv->pfs[i]);

		if (is_addr ? pciaddr_cmp(inventory_pf_dev(inv, &inv->pfs[i])->addr, addr) == 0
			    : n && strcmp(n->name, name) == 0)
			return (int)i;
	}
	inventory_pf_names(inv, NULL, inv->n_pfs, &b);
	cli_error("there is no PF \"%s\"; this host has %s", name,
		inv->n_pfs ? buf_text(&b) : "no PF with SR-IOV at all");
	return -1;
}

/* Takes all PFs but number PF out of the wanted state; returns whether that one was in it. */
static bool keep_one(struct want *w, int pf)
{
	struct want_pf kept = { 0 };
	bool found = false;

	for (size_t i = 0; i < w->n_pfs; i++) {
		if ((int)w->pfs[i].pf == pf) {
			kept = w->pfs[i];
			found = true;
		} else {
			free(w->pfs[i].vfs);
		}
	}
	w->n_pfs = found;
	if (found)
		w->pfs[0] = kept;
	return found;
}

/* Limits the wanted state to --pf. Returns a status. */
static int limit(struct session *s)
{
	int pf;

	if (!s->cli->pf)
		return STATUS_OK;
	pf = session_find_pf(s->inv, s->cli->pf);
	if (pf < 0)
		return STATUS_FAILED;
	if (keep_one(s->want, pf)) {
		diag_done(&s->problems);
		return STATUS_OK;
	}
	if (s->problems.n)
		cli_problems(&s->problems);
	cli_error("the policy has no entry for %s%s", s->cli->pf,
		s->problems.n ? " that fits this host" : "");
	return STATUS_FAILED;
}

/* What an interrupted run left half-way is known from its record; only root can read it. */
static void recall(const struct session *s)
{
	struct record rec;

	if (s->cli->root)
		return;
	if (record_read(STATE_DIR, &rec, NULL) == 0)
		undo_recall(s->want, rec.entries, rec.n, s->inv);
	record_done(&rec);
}

int session_plan(struct session *s)
{
	int status = session_scan(s, SCAN_VF_ATTRS | SCAN_HOST_DRIVER | SCAN_PATHS);

	if (status != STATUS_OK)
		return status;
	plan_free(s->plan);
	want_free(s->want);
	diag_done(&s->problems);
	s->plan = NULL;
	s->want = want_make(s->policy, s->inv, &s->problems);
	recall(s);
	status = limit(s);
	if (status != STATUS_OK)
		return status;
	s->plan = plan_make(s->want, s->inv);
	s->plan->incomplete = s->problems.n > 0;
	return STATUS_OK;
}

void session_plan_done(struct session *s)
{
	s->done = s->plan;
	s->inv_done = s->inv;
	s->plan = NULL;
	s->inv = NULL;
}

void session_done(struct session *s)
{
	plan_free(s->plan);
	plan_free(s->done);
	inventory_free(s->inv_done);
	want_free(s->want);
	diag_done(&s->problems);
	inventory_free(s->inv);
	policy_free(s->policy);
	if (s->host)
		s->host->ops->close(s->host);
	*s = (struct session){ 0 };
}

int session_run(const struct cli *cli, int (*verb)(struct session *s))
{
	struct session s = { .cli = cli };
	int status = verb(&s);

	session_done(&s);
	return status;
}
