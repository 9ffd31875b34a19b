/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A configuration of iovctl(8) of arbitrary bytes: read, translated, told. What comes out is a
 * policy without problems, or there is one whose place is in the text.
 */
#include <stdlib.h>
#include <string.h>

#include "core/iovctl.h"
#include "core/policy.h"
#include "render/capture.h"
#include "render/problems.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each has a text, a line of its own, and a place that the file has. */
static void check_told(const struct diag *d, unsigned lines)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct problem *p = &d->problems[i];
		_cleanup_(buf_done) struct buf b = { 0 };

		problem_text(&b, p);
		if (!*p->text || strchr(buf_text(&b), '\n') || p->place.line > lines)
			abort();
	}
}

/* Said to be for a PF, and not for none: then the policy can be read back. */
static void check_policy(struct iovctl *f)
{
	struct dev dev = { .addr = { 0, 1, 0 }, .netdev = -1, .vf = -1 };
	struct pf pf = { .dev = 0 };
	struct inventory inv = { .devs = &dev, .n_devs = 1, .pfs = &pf, .n_pfs = 1 };
	struct capture c = { &f->pf, 1 };
	_cleanup_(diag_done) struct diag d = { 0 }, notes = { 0 };
	_cleanup_(buf_done) struct buf b = { 0 };
	struct policy *p = policy_new();

	iovctl_note_pf(f, &inv, -1, &notes);
	check_told(&notes, UINT32_MAX);
	f->pf.pf = 0;
	capture_policy(&b, &inv, &c);
	policy_parse(p, "p.json", buf_text(&b), b.len, &d);
	policy_check(p, &d);
	if (d.n && b.len <= POLICY_SIZE_MAX)
		abort();
	policy_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(diag_done) struct diag d = { 0 }, notes = { 0 };
	struct mem_pool *strings = mem_pool_new();
	struct iovctl f;
	unsigned lines = 1;
	int r = iovctl_parse("a.conf", (const char *)data, size, strings, &f, &d, &notes);

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	if ((r < 0) != (d.n > 0))
		abort();
	check_told(&d, lines);
	check_told(&notes, lines);
	if (r == 0)
		check_policy(&f);
	iovctl_done(&f);
	mem_pool_free(strings);
	return 0;
}
