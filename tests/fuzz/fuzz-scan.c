/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host's files of any content (tree.h): a device may lie. They are scanned, and what was found is
 * shown in every way that there is and planned for.
 */
#include "host/host.h"
#include "inventory-checks.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *dir;
	struct inventory *inv = NULL;
	_cleanup_(buf_done) struct buf b = { 0 };
	struct err e = { "" };
	struct host *h;

	dir = dir ? dir : tree_new();
	tree_build(dir, data, size);
	must(host_open_dir(dir, &h, &e) == 0);
	if (h->ops->scan(h, ~0u, &inv, &e) == 0) {
		must(inv->offline);
		check_inventory(inv);
		inventory_free(inv);
	} else {
		must(!inv && *e.text);
		buf_addf(&b, "%s\n", e.text);
		check_text(&b);
	}
	h->ops->close(h);
	return 0;
}
