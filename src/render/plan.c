/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `plan` shows. */
#include "render/plan.h"
#include "render/attrs.h"
#include "render/text.h"

#define EFFECT_WIDTH 16 /* "[destroys VFs]" and a gap: what is done stands in one column */

void plan_step_line(struct buf *b, const struct plan_pf *pf, const struct step *s)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	size_t start;

	buf_add(b, "  ");
	start = b->len;
	buf_addf(b, "[%s]", step_effect_name(s->effect));
	buf_pad(b, start, EFFECT_WIDTH, ' ');
	buf_addf(&text, "%s ", plan_pf_label(pf).s);
	step_text(&text, s);
	if (s->used)
		buf_addf(&text, " -- %s", s->used);
	text_escape(b, buf_text(&text));
	buf_add(b, "\n");
}

void plan_pf_name(struct buf *b, const struct plan_pf *pf)
{
	buf_add(b, plan_pf_label(pf).s);
	if (!pf->netdev && !pf->driver)
		return;
	buf_add(b, " (");
	text_escape(b, pf->netdev ? pf->netdev : pf->driver);
	if (pf->netdev && pf->driver) {
		buf_add(b, ", ");
		text_escape(b, pf->driver);
	}
	buf_add(b, ")");
}

void plan_text(struct buf *b, const struct plan *p)
{
	if (p->n_pfs == 0 && !p->incomplete)
		buf_add(b, "Nothing to do: the policy is about no PF of this host.\n");
	for (size_t i = 0; i < p->n_pfs; i++) {
		const struct plan_pf *pf = &p->pfs[i];

		plan_pf_name(b, pf);
		if (pf->n_steps)
			buf_addf(b, ": %zu step%s\n", pf->n_steps, pf->n_steps == 1 ? "" : "s");
		else
			buf_add(b, ": nothing to do\n");
		for (size_t k = 0; k < pf->n_steps; k++)
			plan_step_line(b, pf, &pf->steps[k]);
	}
}

void plan_value_json(struct jsonout *j, const char *key, const struct step *s, bool after)
{
	union vf_value v = after ? s->after : s->before;

	if (!after && !s->before_known) {
		jsonout_null(j, key);
		return;
	}
	switch (s->kind) {
	case STEP_VF_ATTR:
		attrs_value_json(j, key, s->attr, v);
		break;
	case STEP_PF_UP:
	case STEP_PF_FEATURE:
	case STEP_PF_FDB:
	case STEP_AUTOPROBE:
		jsonout_bool(j, key, v.n);
		break;
	case STEP_PF_RA:
	case STEP_PF_MTU:
	case STEP_VFS_REMOVE:
	case STEP_VFS_CREATE:
		jsonout_number(j, key, (int64_t)v.n);
		break;
	case STEP_PF_ESWITCH:
		jsonout_text(j, key, pfset(PFSET_ESWITCH)->words[v.n != 0]);
		break;
	case STEP_LOAD_DRIVER:
	case STEP_VF_UNBIND:
	case STEP_VF_OVERRIDE:
	case STEP_VF_BIND:
	case STEP_VF_NAME:
	case STEP_FILE:
		jsonout_text(j, key, v.s);
		break;
	case _STEP_KIND_MAX:
		break;
	}
}

static void step_json(struct jsonout *j, const struct plan_pf *pf, const struct step *s)
{
	bool is_attr = s->kind == STEP_VF_ATTR;

	jsonout_object(j, NULL);
	jsonout_text(j, "pf", pf->host ? NULL : pciaddr_text(pf->addr).s);
	jsonout_index(j, "vf", s->vf);
	jsonout_text(j, "kind", step_kind_name(s->kind));
	jsonout_text(j, "attr", is_attr ? vf_attr(s->attr)->key : NULL);
	jsonout_text(j, "item", *s->item ? s->item : NULL);
	jsonout_text(j, "file", s->kind == STEP_FILE ? genfile(s->file)->path : NULL);
	plan_value_json(j, "before", s, false);
	plan_value_json(j, "after", s, true);
	jsonout_text(j, "effect", step_effect_name(s->effect));
	jsonout_text(j, "used", s->used);
	jsonout_end(j);
}

void plan_json(struct buf *b, const struct plan *p, const char *snapshot)
{
	struct jsonout *j = jsonout_new();

	if (snapshot) {
		jsonout_text(j, "snapshot", snapshot);
		jsonout_bool(j, "complete", !p->incomplete);
	}
	jsonout_array(j, "steps");
	for (size_t i = 0; i < p->n_pfs; i++)
		for (size_t k = 0; k < p->pfs[i].n_steps; k++)
			step_json(j, &p->pfs[i], &p->pfs[i].steps[k]);
	jsonout_end(j);
	jsonout_finish(j, b);
}
