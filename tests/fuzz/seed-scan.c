/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the trees of tests/data/sysfs as the statements that fuzz-scan reads (tree.h):
 *
 *     seed-scan DIR MANIFEST…
 *
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "core/genfile.h"
#include "core/types.h"
#include "sysfstree.h"
#include "tree.h"

#define TEXT_SIZE 4096

/* A seed being written. */
struct seed {
	FILE *out;
	int root;
	const char *dir; /* that is being listed */
};

static void end(const struct seed *s)
{
	fputc(TREE_END, s->out);
}

static int write_entry(int dirfd, const char *name, void *arg)
{
	const struct seed *s = arg;
	char text[TEXT_SIZE];
	int r = file_link(dirfd, name, text, sizeof(text));

	if (r >= 0) {
		fprintf(s->out, "l%s=%s", name, text);
	} else {
		r = file_read(dirfd, name, text, sizeof(text));
		if (r >= 0)
			fprintf(s->out, "f%s=%s\n", name, text);
		else if (r == -EISDIR)
			fprintf(s->out, "m%s", name);
	}
	end(s);
	return 0;
}

/* A link below dirfd would be resolved as if that were the root. */
static void write_entries(struct seed *s, const char *dir, const char *name)
{
	char path[TEXT_SIZE];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (file_each(s->root, path, write_entry, s) < 0)
		errx(1, "%s: cannot be listed", path);
}

static int write_device(int dirfd _unused_, const char *name, void *arg)
{
	struct seed *s = arg;

	fprintf(s->out, "d%s", name);
	end(s);
	write_entries(s, "sys/bus/pci/devices", name);
	return 0;
}

static int write_simulated(int dirfd _unused_, const char *name, void *arg)
{
	struct seed *s = arg;

	fprintf(s->out, "s%s", name);
	end(s);
	write_entries(s, "sys/bus/netdevsim/devices", name);
	return 0;
}

static int write_netdev(int dirfd, const char *name, void *arg)
{
	struct seed *s = arg;
	char target[TEXT_SIZE], *tail;

	if (file_link(dirfd, name, target, sizeof(target)) < 0)
		return 0;
	tail = strstr(target, "/net/");
	if (tail)
		*tail = '\0';
	fprintf(s->out, "n%s=%s", name, target + strlen("../../devices/"));
	end(s);
	write_entries(s, "sys/class/net", name);
	return 0;
}

static int write_name(int dirfd _unused_, const char *name, void *arg)
{
	struct seed *s = arg;

	fprintf(s->out, "%s%s", s->dir, name);
	end(s);
	return 0;
}

static void write_seed(const char *path, const char *manifest)
{
	struct seed s = { fopen(path, "wbe"), sysfstree_load(manifest), "p" };
	char host[256];

	if (!s.out)
		err(1, "%s", path);
	if (file_read(s.root, "etc/hostname", host, sizeof(host)) > 0) {
		fprintf(s.out, "h%s", host);
		end(&s);
	}
	file_each(s.root, "sys/bus/pci/drivers", write_name, &s);
	s.dir = "i";
	file_each(s.root, "sys/class/iommu", write_name, &s);
	file_each(s.root, "sys/bus/pci/devices", write_device, &s);
	file_each(s.root, "sys/bus/netdevsim/devices", write_simulated, &s);
	file_each(s.root, "sys/class/net", write_netdev, &s);
	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		fprintf(s.out,
			"%d" GENFILE_MARK "\n" GENFILE_BLOCK "0000:01:00.0\nx\n" GENFILE_TAIL "\n",
			(int)f);
		end(&s);
	}
	sysfstree_remove(s.root);
	if (fclose(s.out) != 0)
		err(1, "%s", path);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: seed-scan DIR MANIFEST…");
	for (int i = 2; i < argc; i++) {
		const char *name = strrchr(argv[i], '/');
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", argv[1], name ? name + 1 : argv[i]);
		write_seed(path, argv[i]);
	}
	return 0;
}
