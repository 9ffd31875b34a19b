/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON files of a directory. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/names.h"

void names_done(struct names *n)
{
	for (size_t i = 0; i < n->n; i++)
		free(n->list[i]);
	free(n->list);
	*n = (struct names){ 0 };
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_json(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && strcmp(name + len - 5, ".json") == 0;
}

int names_read(int fd, struct names *ret)
{
	const struct dirent *entry;
	DIR *dir = fdopendir(fd);
	int error;

	if (!dir) {
		error = errno;
		close(fd);
		return -error;
	}
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (is_json(entry->d_name)) {
			ret->list = mem_grow(ret->list, ret->n, sizeof(*ret->list));
			ret->list[ret->n++] = mem_strdup(entry->d_name);
		}
	error = errno;
	closedir(dir);
	if (ret->n > 0)
		qsort(ret->list, ret->n, sizeof(*ret->list), compare_names);
	return -error;
}
