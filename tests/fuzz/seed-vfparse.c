/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes netlink messages as the kernel makes them into a directory, for fuzz-vfparse to begin
 * with:
 *
 *     seed-vfparse DIR
 */
#include <err.h>
#include <stdio.h>

#include "linkmsg.h"

static void write_seed(const char *dir, unsigned n_vfs, bool stats, unsigned skip)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 0x11, 0x22, 0x33 };
	struct linkmsg m = { 0 };
	char path[4096];
	FILE *f;

	linkmsg_begin(&m, 2, "enp1s0", mac, sizeof(mac));
	linkmsg_vfs(&m, n_vfs, stats, skip);
	snprintf(path, sizeof(path), "%s/vfs-%u-%u-%u", dir, n_vfs, (unsigned)stats, skip);
	f = fopen(path, "wbe");
	if (!f || fwrite(m.data, 1, m.len, f) != m.len || fclose(f) != 0)
		err(1, "%s", path);
	linkmsg_done(&m);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: seed-vfparse DIR");
	write_seed(argv[1], 0, false, 0);
	write_seed(argv[1], 2, false, 0);
	write_seed(argv[1], 2, true, 0);
	write_seed(argv[1], 7, true, 3);
	return 0;
}
