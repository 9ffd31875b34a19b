/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a snapshot. What is refused is told in its place; what is accepted is a host like
 * one that was scanned, which is written and read again to the same text, with stand-ins, too.
 */
#include <string.h>

#include "core/snapshot.h"
#include "inventory-checks.h"
#include "render/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text of INV, read again, gives the same text. Freed by the caller. */
static char *write_twice(const struct inventory *inv)
{
	_cleanup_(buf_done) struct buf second = { 0 };
	_cleanup_(diag_done) struct diag d = { 0 };
	struct buf first = { 0 };
	struct inventory *again;

	snapshot_text(&first, inv, "1");
	must(snapshot_read("s", first.s, first.len, &again, &d) == 0);
	snapshot_text(&second, again, "1");
	must(strcmp(first.s, second.s) == 0);
	inventory_free(again);
	return first.s;
}

static void check_good(struct inventory *inv)
{
	_cleanup_free_ char *text = NULL, *anonymous = NULL;

	check_inventory(inv);
	text = write_twice(inv);
	snapshot_anonymise(inv);
	check_inventory(inv);
	anonymous = write_twice(inv);
	must(strlen(inv->hostname) == 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	struct inventory *inv;
	int r = snapshot_read("s.json", (const char *)data, size, &inv, &d);

	must((r == 0) == (d.n == 0));
	check_problems(&d);
	if (r == 0)
		check_good(inv);
	inventory_free(inv);
	return 0;
}
