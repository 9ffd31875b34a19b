/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a policy's text and a host to a plan. */
#include <stdio.h>
#include <string.h>

#include "attempt.h"

static void must_be_valid(const struct diag *d)
{
	for (size_t i = 0; i < d->n; i++)
		fprintf(stderr, "test policy: %s: %s\n", d->problems[i].place.pointer,
			d->problems[i].text);
	if (d->n)
		abort();
}

void attempt_plan(struct attempt *a, const char *text, struct host *h)
{
	*a = (struct attempt){ .policy = policy_new() };
	policy_parse(a->policy, "test.json", text, strlen(text), &a->problems);
	policy_check(a->policy, &a->problems);
	must_be_valid(&a->problems);
	if (h->ops->scan(h, ~0u, &a->inv, NULL) < 0)
		abort();
	host_ask_modules(h, a->policy, a->inv);
	a->want = want_make(a->policy, a->inv, &a->problems);
	a->plan = plan_make(a->want, a->inv);
}

void attempt_done(struct attempt *a)
{
	plan_free(a->plan);
	want_free(a->want);
	diag_done(&a->problems);
	inventory_free(a->inv);
	policy_free(a->policy);
	*a = (struct attempt){ 0 };
}

const char *attempt_text(const struct plan *p, struct buf *b)
{
	buf_done(b);
	for (size_t i = 0; i < p->n_pfs; i++)
		for (size_t j = 0; j < p->pfs[i].n_steps; j++) {
			buf_addf(b, "%s ", plan_pf_label(&p->pfs[i]).s);
			step_text(b, &p->pfs[i].steps[j]);
			buf_add(b, "\n");
		}
	return buf_text(b);
}

const char *attempt_problems(const struct attempt *a, struct buf *b)
{
	buf_done(b);
	for (size_t i = 0; i < a->problems.n; i++)
		buf_addf(b, "%s\n", a->problems.problems[i].text);
	return buf_text(b);
}
