/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs between a policy and a host share. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "apply/record.h"
#include "cli/device.h"
#include "cli/files.h"
#include "cli/read-policy.h"
#include "cli/session.h"
#include "config.h"
#include "core/match-device.h"
#include "core/match.h"
#include "render/problems.h"

static int open_snapshot(struct session *s)
{
	struct diag d = { 0 };
	struct err e = { "" };
	int r = host_open_snapshot(s->cli->host, &s->host, &d, &e);

	if (r < 0 && !s->host)
		cli_error("--host %s", e.text);
	cli_problems(&d);
	diag_done(&d);
	return r < 0 ? STATUS_POLICY : STATUS_OK;
}

int session_open_host(struct session *s)
{
	struct err e = { "" };
	int r;

	if (s->cli->host)
		return open_snapshot(s);
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

int session_share_stdin(const struct cli *cli, const char *policy)
{
	if (!policy || !cli->host || strcmp(policy, "-") != 0 || strcmp(cli->host, "-") != 0)
		return STATUS_OK;
	cli_error("standard input is either the policy or the snapshot; put one of them in a file");
	return STATUS_USAGE;
}

/* Reads the policy PATH, or the default files; ANY: there may be none. Returns a status. */
static int read_policy(struct session *s, const char *path, bool any)
{
	_cleanup_close_ int rootfd = -1;
	struct diag d = { 0 };
	int r, status = session_open_root(s->cli, &rootfd);

	if (status == STATUS_OK)
		status = session_share_stdin(s->cli, path);
	if (status != STATUS_OK)
		return status;
	r = any && !path ? policy_read_any(rootfd, &s->policy, &d)
			 : policy_read(rootfd, path, &s->policy, &d);
	if (r < 0) {
		cli_problems(&d);
		status = STATUS_POLICY;
	}
	diag_done(&d);
	return status;
}

int session_read_policy(struct session *s, size_t arg)
{
	return read_policy(s, s->cli->n_args > arg ? s->cli->args[arg] : NULL, false);
}

int session_read_any_policy(struct session *s)
{
	return read_policy(s, s->cli->policy, true);
}

int session_scan(struct session *s, unsigned what)
{
	struct err e = { "" };

	inventory_free(s->inv);
	s->inv = NULL;
	if (s->host->ops->scan(s->host, what | s->also, &s->inv, &e) < 0) {
		cli_error("cannot read this host: %s", e.text);
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

int session_pf(const struct inventory *inv, const char *name)
{
	struct pciaddr addr;

	if (pciaddr_parse(name, &addr) == 0)
		return inventory_find_pf(inv, addr);
	for (size_t i = 0; i < inv->n_pfs; i++) {
		const struct netdev *n = inventory_pf_netdev(inv, &inv->pfs[i]);

		if (n && strcmp(n->name, name) == 0)
			return (int)i;
	}
	return -1;
}

bool session_pf_is_ready(const struct inventory *inv, const char *name)
{
	int pf = session_pf(inv, name);

	return pf >= 0 && match_is_ready(inv, &inv->pfs[pf]);
}

int session_find_pf(const struct inventory *inv, const char *name)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	int pf = session_pf(inv, name), beside;

	if (pf >= 0)
		return pf;
	beside = device_beside(inv, name);
	if (beside >= 0) {
		device_complain_beside(inv, name, (size_t)beside);
		return -1;
	}
	inventory_pf_names(inv, NULL, inv->n_pfs, &b);
	cli_error("there is no PF \"%s\"; this host has %s", name,
		inv->n_pfs ? buf_text(&b) : "no PF with SR-IOV at all");
	return -1;
}

int session_choose_pfs(const struct session *s, bool **ret)
{
	_cleanup_free_ bool *chosen = mem_new(s->inv->n_pfs, sizeof(*chosen));

	*ret = NULL;
	for (size_t i = 0; i < s->cli->n_args; i++) {
		int pf = session_find_pf(s->inv, s->cli->args[i]);

		if (pf < 0)
			return STATUS_FAILED;
		chosen[pf] = true;
	}
	if (s->cli->n_args) {
		*ret = chosen;
		chosen = NULL;
	}
	return STATUS_OK;
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
			want_pf_done(&w->pfs[i]);
		}
	}
	w->n_pfs = found;
	if (found)
		w->pfs[0] = kept;
	return found;
}

/* A problem, and the function that it may be about: PF, or whole device, -1: none. */
struct about {
	const struct session *s;
	int pf, dev;
};

static bool is_about(const struct problem *p, const void *arg)
{
	const struct about *a = arg;
	const struct policy *policy = a->s->policy;
	size_t entry = (size_t)p->entry;

	if (p->entry < 0)
		return true;
	if (entry >= policy->n_pfs)
		return a->dev >= 0 && match_concerns_device(&policy->devices[entry - policy->n_pfs],
					      a->s->inv, (size_t)a->dev);
	return a->pf >= 0 && match_concerns(&policy->pfs[entry], a->s->inv, (size_t)a->pf);
}

/* Takes everything out of the wanted state: --if-wanted, and it is not. */
static int want_nothing(struct session *s)
{
	keep_one(s->want, -1);
	want_keep_device(s->want, -1);
	diag_done(&s->problems);
	diag_done(&s->want->notes);
	return STATUS_OK;
}

/*
 * The index in `devs` of what --pf names, PF number PF (-1: none) or a function that the policy may
 * reserve; or -1 after an error message.
 */
static int find_function(const struct session *s, int pf)
{
	struct pciaddr addr;
	int dev = -1;

	if (pf >= 0)
		return s->inv->pfs[pf].dev;
	if (s->policy->n_devices && pciaddr_parse(s->cli->pf, &addr) == 0)
		dev = inventory_dev(s->inv, addr);
	return dev < 0 ? session_find_pf(s->inv, s->cli->pf) : dev;
}

/* Limits the wanted state, and the problems, to --pf. Returns a status. */
static int limit(struct session *s)
{
	bool wanted;
	int pf, dev;

	if (!s->cli->pf)
		return STATUS_OK;
	/* Hot-plugged, gone again, and the next event tells of its return. */
	if (s->cli->if_wanted && !session_pf_is_ready(s->inv, s->cli->pf))
		return want_nothing(s);
	pf = session_pf(s->inv, s->cli->pf);
	dev = find_function(s, pf);
	if (dev < 0)
		return STATUS_FAILED;
	/* What reset has just given back has its driver bound, too. */
	if (s->cli->if_wanted)
		dev = -1;
	diag_filter(&s->problems, is_about, &(struct about){ s, pf, dev });
	diag_filter(&s->want->notes, is_about, &(struct about){ s, pf, dev });
	wanted = keep_one(s->want, pf);
	wanted |= want_keep_device(s->want, dev);
	if (wanted)
		return STATUS_OK;
	if (s->cli->if_wanted && !s->problems.n)
		return want_nothing(s);
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

	if (s->cli->root || s->cli->host)
		return;
	if (record_read(STATE_DIR, &rec, NULL) == 0)
		undo_recall(s->want, rec.entries, rec.n, s->inv);
	record_done(&rec);
}

/* What a VF had matters as well to a run that may have to make it anew. */
static bool asks_nvme(const struct session *s)
{
	return policy_asks_way(s->policy, VF_BY_NVME) || s->cli->recreate;
}

unsigned session_scan_to_match(const struct session *s)
{
	const struct policy *p = s->policy;

	return (p->n_devices ? SCAN_DEVICES : 0) | (policy_asks_path(p) ? SCAN_PATHS : 0) |
	       (policy_asks_slot(p) ? SCAN_SLOTS : 0);
}

/* All of a host that a plan for this policy depends on. */
static unsigned scan_for(const struct session *s)
{
	const struct policy *p = s->policy;

	return SCAN_PLAN | session_scan_to_match(s) | (s->cli->if_wanted ? SCAN_SETTLED : 0) |
	       (policy_asks(p, VF_MSIX) ? SCAN_MSIX : 0) | (asks_nvme(s) ? SCAN_NVME : 0) |
	       (policy_asks_host_driver(p) ? SCAN_HOST_DRIVER : 0) |
	       SCAN_SETTINGS_OF(policy_settings(p));
}

int session_want(struct session *s)
{
	int status = session_scan(s, scan_for(s));

	if (status != STATUS_OK)
		return status;
	plan_free(s->plan);
	want_free(s->want);
	diag_done(&s->problems);
	s->plan = NULL;
	host_ask_modules(s->host, s->policy, s->inv);
	s->want = want_make(s->policy, s->inv, &s->problems);
	return limit(s);
}

int session_plan(struct session *s)
{
	int status = session_want(s);

	if (status != STATUS_OK)
		return status;
	recall(s);
	s->plan = plan_make(s->want, s->inv);
	/* A PF that is of no concern has no say about the host's files either. */
	if (!s->cli->pf || s->want->n_pfs || s->want->n_devs)
		files_plan(s->plan, s->want, s->inv, s->cli->pf || s->problems.n, &s->problems);
	s->plan->incomplete = s->problems.n > 0;
	return STATUS_OK;
}

/* Tells NOTE, in the journal as being about the PF if its entry is for one alone. */
static void tell_note(const struct session *s, const struct problem *note)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct pciaddr_text a = { "" };
	size_t n = 0;

	for (size_t i = 0; i < s->want->n_pfs; i++) {
		const struct want_pf *pf = &s->want->pfs[i];

		if (note->entry < 0 || pf->entry != (size_t)note->entry)
			continue;
		a = pciaddr_text(inventory_pf_dev(s->inv, &s->inv->pfs[pf->pf])->addr);
		n++;
	}
	problem_text(&b, note);
	cli_warning_about(n == 1 ? a.s : NULL, buf_text(&b));
}

void session_tell_notes(struct session *s)
{
	struct diag *notes = &s->want->notes;

	want_tell_room(s->want, s->policy, s->inv, notes);
	diag_sort(notes);
	for (size_t i = 0; i < notes->n; i++)
		tell_note(s, &notes->problems[i]);
}

void session_plan_done(struct session *s)
{
	plan_free(s->done);
	inventory_free(s->inv_done);
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
