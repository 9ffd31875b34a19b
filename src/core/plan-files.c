/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a plan that is about the host itself: files that keep its daemons off the VFs. */
#include <stdio.h>
#include <string.h>

#include "core/plan.h"

struct pciaddr_text plan_pf_label(const struct plan_pf *pf)
{
	struct pciaddr_text host = { "host" };

	return pf->host ? host : pciaddr_text(pf->addr);
}

size_t plan_count_pfs(const struct plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_pfs; i++)
		n += !p->pfs[i].host;
	return n;
}

/* Whether the file has that text, and its reader knows. */
static bool is_so(const struct genfile_state *now, const char *after)
{
	if (now->text == after) /* none, or one that is to stay as it is */
		return true;
	return now->text && after && now->loaded && strcmp(now->text, after) == 0;
}

void plan_add_files(struct plan *p, const struct inventory *inv,
	const char *const after[_GENFILE_MAX], bool first)
{
	struct plan_pf host = { .host = true, .addr = { .domain = UINT32_MAX } };

	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		const struct genfile_state *now = &inv->files[f];

		if (is_so(now, after[f]))
			continue;
		host.steps = mem_grow(host.steps, host.n_steps, sizeof(*host.steps));
		host.steps[host.n_steps++] = step_file(
			f, now->text, mem_intern(p->strings, after[f]));
	}
	if (!host.n_steps)
		return;
	p->pfs = mem_resize(p->pfs, p->n_pfs + 1, sizeof(*p->pfs));
	if (first)
		memmove(p->pfs + 1, p->pfs, p->n_pfs * sizeof(*p->pfs));
	p->pfs[first ? 0 : p->n_pfs] = host;
	p->n_pfs++;
}
