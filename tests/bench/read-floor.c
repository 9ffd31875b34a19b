/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floor of reading: what `sriovctl list` asks the kernel for, and nothing is made of it.
 *
 *     read-floor ROOT
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char buf[4096];

static int open_below(int root, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

static void read_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return;
	if (read(fd, buf, sizeof(buf)) < 0)
		warn("%s", name);
	close(fd);
}

/* Returns how many VFs there are below the PF. */
static unsigned read_pf(int dir)
{
	static const char *const files[] = { "sriov_totalvfs", "sriov_offset", "sriov_stride",
		"sriov_vf_device", "sriov_drivers_autoprobe", "numa_node" };
	DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	const struct dirent *e;
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		read_file(dir, files[i]);
	while (d && (e = readdir(d)))
		if (strncmp(e->d_name, "virtfn", 6) == 0 &&
			readlinkat(dir, e->d_name, buf, sizeof(buf)) > 0)
			n++;
	if (d)
		closedir(d);
	return n;
}

int main(int argc, char **argv)
{
	int root = open(argc == 2 ? argv[1] : "", O_PATH | O_DIRECTORY | O_CLOEXEC), dir;
	DIR *all = fdopendir(
		open_below(root, "sys/bus/pci/devices", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	const struct dirent *e;
	char path[300];
	unsigned vfs = 0;

	if (!all)
		err(1, "sys/bus/pci/devices");
	while ((e = readdir(all))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s", e->d_name);
		dir = open_below(root, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		read_file(dir, "uevent");
		if (strstr(buf, "DRIVER=vfio-pci"))
			read_file(dir, "enable");
		else
			vfs += read_pf(dir);
		if (readlinkat(dir, "iommu_group", buf, sizeof(buf)) < 0 ||
			faccessat(dir, "driver", F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			warn("%s", path);
		read_file(dir, "driver_override");
		close(dir);
	}
	printf("%u\n", vfs);
	return 0;
}
