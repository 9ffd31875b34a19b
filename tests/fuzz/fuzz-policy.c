/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A policy of arbitrary bytes, in two files: parsed, checked, told. To be linked with base, core
 * and render, and started on an empty directory of its own with the test data as seeds:
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -Isrc tests/fuzz/fuzz-policy.c
 * … fuzz-policy -max_len=4096 NEW tests/data/policy/good tests/data/policy/bad
 */
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "render/problems.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds for every policy without problems, and what other parts rely on. */
static void check_model(const struct policy *p)
{
	for (size_t i = 0; i < p->n_pfs; i++) {
		const struct pf_policy *pf = &p->pfs[i];

		policy_for_host(pf, "localhost");
		for (size_t j = 0; j < pf->n_vf; j++) {
			const struct vf_policy *vf = &pf->vf[j];

			if (vf->first > vf->last || vf->last >= POLICY_VF_MAX ||
				(j > 0 && pf->vf[j - 1].last >= vf->first) ||
				(pf->vfs_kind == VFS_COUNT && vf->last >= pf->vfs))
				abort();
		}
	}
}

/* Every problem has a text, and a line of its own. */
static void check_problems(struct diag *d)
{
	for (size_t i = 0; i < d->n; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		problem_text(&b, &d->problems[i]);
		if (!*d->problems[i].text || strchr(buf_text(&b), '\n'))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *split = memchr(data, '\f', size); /* between two files; never in JSON */
	size_t len = split ? (size_t)(split - data) : size;
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf json = { 0 };
	struct policy *p = policy_new();

	policy_parse(p, "a.json", (const char *)data, len, &d);
	if (split)
		policy_parse(p, "b.json", (const char *)split + 1, size - len - 1, &d);
	policy_check(p, &d);
	diag_sort(&d);
	if (d.n == 0)
		check_model(p);
	check_problems(&d);
	problems_json(&json, &d, NULL);
	policy_free(p);
	return 0;
}
