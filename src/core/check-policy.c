/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of the policy, by what reads, matches and plans it anyway. */
#include <string.h>

#include "core/check-rows.h"

static void add_problem(
	struct checker *c, enum check_verdict v, const struct problem *p, const char *next)
{
	const struct place *at = &p->place;

	check_add(c, v, "%s%s%s", at->pointer, *at->pointer ? ": " : "", p->text);
	if (*at->file)
		check_about_line(c, at->file, at->line);
	check_next(c, "%s", next);
}

static bool add_problems(
	struct checker *c, enum check_verdict v, const struct diag *d, const char *next)
{
	for (size_t i = 0; d && i < d->n; i++)
		add_problem(c, v, &d->problems[i], next);
	return d && d->n;
}

void check_policy(struct checker *c)
{
	if (!c->in->policy_read) {
		check_add(c, CHECK_SKIP,
			"there is no policy to look at: sriovctl-policy(5) tells how to write "
			"one");
		return;
	}
	if (!add_problems(c, CHECK_FAIL, c->in->invalid,
		    "mend it; `sriovctl validate` looks at the policy "
		    "alone"))
		check_add(c, CHECK_PASS, "no problem in it");
}

void check_host_fits(struct checker *c)
{
	if (!c->in->want) {
		check_add(c, CHECK_SKIP, "it takes a valid policy");
		return;
	}
	add_problems(c, CHECK_WARN, &c->in->want->notes,
		"apply goes on all the same; mend the policy if that is not meant");
	if (!add_problems(
		    c, CHECK_FAIL, c->in->unfit, "mend the policy, or the host: apply would fail"))
		check_add(c, CHECK_PASS, "%zu PF%s can be as it says", c->in->want->n_pfs,
			c->in->want->n_pfs == 1 ? "" : "s");
	if (c->in->want && c->in->want->n_devs)
		check_add(c, CHECK_PASS, "%zu device%s can be reserved", c->in->want->n_devs,
			c->in->want->n_devs == 1 ? "" : "s");
}

void check_consent(struct checker *c)
{
	const struct plan *plan = c->in->plan;
	bool told = false;

	for (size_t i = 0; plan && i < plan->n_pfs; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		if (!plan_refusal(&plan->pfs[i], (struct consent){ false, false }, &b))
			continue;
		told = true;
		check_add(c, CHECK_FAIL, "apply would refuse: %s", buf_text(&b));
		if (!plan->pfs[i].host)
			check_about_dev(c, plan->pfs[i].dev);
		check_next(c, "see `sriovctl plan`; then stop who uses the VFs, or give the "
			      "consent that is named");
	}
	if (told)
		return;
	if (plan)
		check_add(c, CHECK_PASS, "nothing that is there is taken from anybody");
	else
		check_add(c, CHECK_SKIP, "it takes a valid policy");
}
