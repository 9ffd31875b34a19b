/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a test has made goes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "rmtree.h"

void rmtree_in(int dirfd, const char *path)
{
	int fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			rmtree(fd, entry->d_name);
	if (dir)
		closedir(dir);
}

int rmtree(int dirfd, const char *path)
{
	if (unlinkat(dirfd, path, 0) == 0)
		return 0;
	/* A directory is known by its not being unlinked. */
	rmtree_in(dirfd, path);
	return unlinkat(dirfd, path, AT_REMOVEDIR) < 0 ? -errno : 0;
}
