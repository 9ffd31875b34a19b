/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a plan nobody has agreed to. */
#include <string.h>

#include "core/plan.h"

/* Destroying wants --recreate, whoever uses the VFs wants --force. */
static bool is_covered(const struct step *s, struct consent c)
{
	return (c.recreate || s->effect != STEP_DESTROYS_VFS) && (c.force || !s->used);
}

/* What is missing: `reset` has --recreate without saying so. */
static void add_options(struct buf *b, const struct step *s, struct consent c)
{
	if (s->effect == STEP_DESTROYS_VFS && s->used && !c.recreate)
		buf_add(b, c.force ? "; --recreate does it all the same"
				   : "; --recreate and --force together do it all the same");
	else if (s->used)
		buf_add(b, "; --force does it all the same");
	else
		buf_add(b, "that destroys VFs that exist, with all their settings; no one uses "
			   "them now; --recreate does it");
}

const struct step *plan_refusal(const struct plan_pf *pf, struct consent c, struct buf *b)
{
	const struct step *first = NULL;

	for (size_t i = 0; i < pf->n_steps; i++) {
		const struct step *s = &pf->steps[i];
		_cleanup_(buf_done) struct buf what = { 0 };

		if (is_covered(s, c))
			continue;
		if (first) { /* whoever else would be hit is told as well, once */
			if (s->used && !strstr(buf_text(b), s->used))
				buf_addf(b, "; %s", s->used);
			continue;
		}
		first = s;
		step_text(&what, s);
		buf_addf(b, "%s: refused: %s: %s", plan_pf_label(pf).s, buf_text(&what),
			s->used ? s->used : "");
	}
	if (first)
		add_options(b, first, c);
	return first;
}
