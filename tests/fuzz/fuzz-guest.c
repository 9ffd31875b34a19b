/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as the texts that tell of guests: what comes out is one line without control
 * characters.
 */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "core/guest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct buf *b, bool found)
{
	assert(found == (b->len > 0));
	for (size_t i = 0; i < b->len; i++)
		assert((unsigned char)b->s[i] >= 0x20 && b->s[i] != 0x7f);
	buf_done(b);
}

static void count(struct pciaddr a, bool all, void *arg)
{
	assert(!all || (a.devfn & 7) == 0);
	++*(size_t *)arg;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct guest_reservation r;
	struct buf b = { 0 };
	size_t n = 0;
	char *text = mem_new(size + 1, 1);

	memcpy(text, data, size);
	check(&b, guest_from_cmdline(text, size, &b));
	check(&b, guest_from_cgroup(text, &b));
	guest_hostpci(text, count, &n);
	assert(n <= size);
	if (guest_reservation(text, &r))
		assert(r.addr.devfn == (r.addr.devfn & 0xff));
	free(text);
	return 0;
}
