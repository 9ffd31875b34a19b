/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unpacks a manifest (see sysfstree.h) for scripts: unpack-tree MANIFEST DIR, which must be there.
 */
#include <err.h>
#include <stdio.h>

#include "sysfstree.h"

int main(int argc, char **argv)
{
	char text[65536];
	size_t n;
	FILE *f;

	if (argc != 3)
		errx(2, "usage: unpack-tree MANIFEST DIR");
	f = fopen(argv[1], "re");
	if (!f)
		err(1, "%s", argv[1]);
	n = fread(text, 1, sizeof(text) - 1, f);
	if (ferror(f) || !feof(f))
		errx(1, "%s: cannot be read, or is too long", argv[1]);
	fclose(f);
	text[n] = '\0';
	sysfstree_build_in(argv[2], text);
	return 0;
}
