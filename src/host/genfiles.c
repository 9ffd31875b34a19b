/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The generated files on a machine. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "host/genfiles.h"
#include "host/units.h"

#define MODE     0644
#define UNLOADED (MODE | S_ISVTX)
#define DIR_MODE 0755

/* Reloading udev was seen to take a second on a busy machine; a daemon may still be starting. */
#define RELOAD_MS 60000

static void scan_one(int root, struct inventory *inv, enum genfile f)
{
	struct genfile_state *to = &inv->files[f];
	_cleanup_free_ char *text = NULL;
	unsigned mode = 0;
	int r = file_read_text(root, genfile(f)->path, GENFILE_SIZE_MAX, &text, &mode);

	if (r == -ENOENT || r == -ENOTDIR)
		return;
	to->text = mem_intern(inv->strings, r < 0 ? "" : text);
	to->loaded = !(mode & S_ISVTX);
}

void genfiles_scan(int root, struct inventory *inv)
{
	for (enum genfile f = 0; f < _GENFILE_MAX; f++)
		scan_one(root, inv, f);
}

/*
 * Has udev apply its rules to an interface that is there already, if it is a VF's: the properties
 * that network managers look at come with an event.
 */
static int trigger_if_vf(int dirfd _unused_, const char *name, void *arg)
{
	const int *root = arg; /* the links in the class lead out of its directory */
	char path[128];

	if (snprintf(path, sizeof(path), "sys/class/net/%s/device/physfn", name) >=
			(int)sizeof(path) ||
		!file_exists(*root, path))
		return 0;
	snprintf(path, sizeof(path), "sys/class/net/%s/uevent", name);
	/* It may have gone by now. */
	(void)file_write(*root, path, "change");
	return 0;
}

static int write_file(int root, const struct step *s)
{
	const char *path = genfile(s->file)->path;
	/* One that is to go is empty until its reader knows. */
	const char *text = s->after.s ? s->after.s : GENFILE_MARK "\n";
	int r;

	if (!s->after.s && !file_exists(root, path))
		return 0;
	r = file_make_parents(root, path, DIR_MODE);
	return r < 0 ? r : file_replace(root, path, text, strlen(text), UNLOADED);
}

int genfiles_run(int root, const struct step *s, struct err *e)
{
	const struct genfile_row *row = genfile(s->file);
	int r = write_file(root, s);

	if (r < 0)
		return err_set(e, r, "/%s: %s", row->path, err_name(r));
	r = units_reload(row->unit, RELOAD_MS, e);
	if (r < 0)
		return r;
	r = s->after.s ? file_set_mode(root, row->path, MODE) : file_remove(root, row->path);
	if (r < 0)
		return err_set(e, r, "/%s: %s", row->path, err_name(r));
	if (s->file == GENFILE_UDEV)
		(void)file_each(root, "sys/class/net", trigger_if_vf, &root);
	return 0;
}
