/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which functions carry the host's file systems and swap space. From a mount to the block device,
 * from that to what it is made of (partitions, volumes, arrays, the paths of an NVMe namespace),
 * and from there to the PCI functions on its way in /sys. Nothing is opened but the kernel's and
 * udev's own files: to open a disk exclusively, to see whether somebody has it, would make a mount
 * fail that comes just then.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "host/mountinfo.h"
#include "host/scan.h"

#define PATH_SIZE  320
#define NAME_SIZE  64
#define LINK_SIZE  4096
#define TEXT_MAX   (1024 * 1024) /* of /proc/self/mountinfo, /proc/swaps */
#define UDEV_MAX   16384         /* of udev's file about a block device */
#define DEPTH_MAX  16            /* of devices made of others */
#define VISITS_MAX 16384         /* in all: who stacks more has not this tool to fear */

/* A walk under way, and what it is about. */
struct disks {
	struct scan *scan;
	unsigned visits;
	const char *mount;  /* where it is mounted, … (core/lifeline.h) */
	const char *holder; /* else: what a block device is a part of */
	const char *disk;   /* the block device that is being followed */
	const char *text;   /* of mountinfo */
};

static const char *intern(const struct disks *k, const char *s)
{
	return mem_intern(k->scan->inv->strings, s);
}

static bool is_root(const char *mount)
{
	return mount && strcmp(mount, LIFELINE_ROOT) == 0;
}

/* Notes for the function at index DEV what the walk is about. */
static void note(const struct disks *k, int dev)
{
	struct dev *d = &k->scan->inv->devs[dev];

	if (k->holder) {
		d->lifeline.part = intern(k, k->disk);
		d->lifeline.holder = intern(k, k->holder);
	} else if (!d->lifeline.mount || (is_root(k->mount) && !is_root(d->lifeline.mount))) {
		d->lifeline.mount = intern(k, k->mount);
		d->lifeline.disk = intern(k, k->disk);
	}
}

/*
 * Notes it for all functions in the target of the link PATH (…/0000:00:02.0/virtio1/block/vda): a
 * controller may be behind another one.
 */
static void note_way(const struct disks *k, const char *path)
{
	char link[LINK_SIZE], *rest = link, *name;

	if (file_link(k->scan->root, path, link, sizeof(link)) < 0)
		return;
	while ((name = strsep(&rest, "/"))) {
		struct pciaddr a;
		int dev = pciaddr_parse(name, &a) < 0 ? -1 : inventory_dev(k->scan->inv, a);

		if (dev >= 0)
			note(k, dev);
	}
}

/* The controller nvmeN that has a path to the namespaces of a subsystem. */
static int note_controller(int dirfd _unused_, const char *name, void *arg)
{
	char path[PATH_SIZE];

	if (str_number(name, "nvme") < 0)
		return 0;
	snprintf(path, sizeof(path), "sys/class/nvme/%s", name);
	note_way(arg, path);
	return 0;
}

/* A namespace that may have several paths is below its subsystem: which is no PCI function. */
static void note_subsystem(struct disks *k, const char *link)
{
	const char *head = "/nvme-subsystem/", *at = strstr(link, head);
	char path[PATH_SIZE];

	if (!at)
		return;
	at += strlen(head);
	snprintf(path, sizeof(path), "sys/class/nvme-subsystem/%.*s",
		(int)strnlen(at, strcspn(at, "/")), at);
	file_each(k->scan->root, path, note_controller, k);
}

struct below {
	struct disks *disks;
	int depth;
};

static void follow(struct disks *k, const char *name, int depth);

static int follow_slave(int dirfd _unused_, const char *name, void *arg)
{
	const struct below *b = arg;

	follow(b->disks, name, b->depth + 1);
	return 0;
}

/* What the block device NAME is made of. */
static void follow_slaves(struct disks *k, const char *name, int depth)
{
	struct below b = { k, depth };
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "sys/class/block/%s/slaves", name);
	file_each(k->scan->root, path, follow_slave, &b);
}

/* The directory above the last one of LINK: of a partition, the whole device. */
static const char *parent_name(char *link)
{
	char *last = strrchr(link, '/'), *above;

	if (!last)
		return NULL;
	*last = '\0';
	above = strrchr(link, '/');
	return above ? above + 1 : NULL;
}

/* Follows the block device NAME down to its functions. */
static void follow(struct disks *k, const char *name, int depth)
{
	char path[PATH_SIZE], link[LINK_SIZE];
	const char *whole;

	if (depth > DEPTH_MAX || k->visits++ > VISITS_MAX || strlen(name) >= NAME_SIZE)
		return;
	snprintf(path, sizeof(path), "sys/class/block/%s", name);
	if (file_link(k->scan->root, path, link, sizeof(link)) < 0)
		return;
	k->disk = name;
	note_way(k, path);
	note_subsystem(k, link);
	follow_slaves(k, name, depth);
	snprintf(path, sizeof(path), "sys/class/block/%s/partition", name);
	whole = file_exists(k->scan->root, path) ? parent_name(link) : NULL;
	if (whole)
		follow_slaves(k, whole, depth);
}

/* --- from names to block devices -------------------------------------------------------------- */

/* A volume that is looked for by the name that it has in /dev/mapper. */
struct volume {
	struct disks *disks;
	const char *name;
	char block[NAME_SIZE];
};

static int is_volume(int dirfd _unused_, const char *name, void *arg)
{
	struct volume *v = arg;
	char path[PATH_SIZE], text[256];

	if (strncmp(name, "dm-", 3) != 0 || strlen(name) >= sizeof(v->block))
		return 0;
	snprintf(path, sizeof(path), "sys/class/block/%s/dm/name", name);
	if (file_read(v->disks->scan->root, path, text, sizeof(text)) < 0 ||
		strcmp(text, v->name) != 0)
		return 0;
	strcpy(v->block, name);
	return 1;
}

/* The kernel's name of the block device that the node SOURCE (/dev/…) is, in RET, or false. */
static bool block_of(struct disks *k, const char *source, char ret[static NAME_SIZE])
{
	const char *slash = strrchr(source, '/'), *name = slash ? slash + 1 : source;
	struct volume v = { .disks = k, .name = name };
	char path[PATH_SIZE];

	if (strncmp(source, "/dev/", 5) != 0 || !file_is_name(name) || strlen(name) >= NAME_SIZE)
		return false;
	snprintf(path, sizeof(path), "sys/class/block/%s", name);
	if (file_exists(k->scan->root, path)) {
		strcpy(ret, name);
		return true;
	}
	if (file_each(k->scan->root, "sys/class/block", is_volume, &v) != 1)
		return false;
	strcpy(ret, v.block);
	return true;
}

/* A file system of btrfs that may be on several devices. */
struct btrfs {
	struct disks *disks;
	const char *block; /* one of them */
};

static int follow_btrfs(int dirfd, const char *name, void *arg)
{
	const struct btrfs *f = arg;
	struct below b = { f->disks, 0 };
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%.64s/devices/%s", name, f->block);
	if (!file_exists(dirfd, path))
		return 0;
	snprintf(path, sizeof(path), "%.64s/devices", name);
	file_each(dirfd, path, follow_slave, &b);
	return 0;
}

/*
 * A file system with no device number of its own tells its devices by name: one of them (btrfs), or
 * all, with colons between them (bcachefs).
 */
static void follow_source(struct disks *k, char *source)
{
	char block[NAME_SIZE], *name;
	struct btrfs f = { k, block };

	if (strncmp(source, "/dev/", 5) != 0) /* server:/dev/sda is a directory of NFS */
		return;
	while ((name = strsep(&source, ":"))) {
		if (!block_of(k, name, block))
			continue;
		follow(k, block, 0);
		file_each(k->scan->root, "sys/fs/btrfs", follow_btrfs, &f);
	}
}

/* --- mounts ----------------------------------------------------------------------------------- */

static void follow_mount(struct disks *k, const struct mountinfo *m)
{
	char path[PATH_SIZE], name[NAME_SIZE];

	k->mount = m->at;
	if (m->major == 0) {
		follow_source(k, m->source);
		return;
	}
	snprintf(path, sizeof(path), "sys/dev/block/%u:%u", m->major, m->minor);
	if (file_link_name(k->scan->root, path, name, sizeof(name)) > 0)
		follow(k, name, 0);
}

/* The beginning of the file PATH, to be freed; empty when it cannot be read. */
static char *read_text(const struct disks *k, const char *path)
{
	char *text = mem_new(TEXT_MAX, 1);

	if (file_read_head(k->scan->root, path, text, TEXT_MAX) < 0)
		text[0] = '\0';
	return text;
}

static void scan_mounts(struct disks *k)
{
	_cleanup_free_ char *text = mem_strdup(k->text);
	char *rest = text, *line;
	struct mountinfo m;

	while ((line = strsep(&rest, "\n")))
		if (mountinfo_parse(line, &m))
			follow_mount(k, &m);
}

static void scan_swaps(struct disks *k)
{
	_cleanup_free_ char *text = read_text(k, "proc/swaps");
	char *rest = text, *line, block[NAME_SIZE];

	k->mount = LIFELINE_SWAP;
	while ((line = strsep(&rest, "\n"))) {
		line[strcspn(line, " \t")] = '\0';
		mountinfo_unescape(line);
		if (block_of(k, line, block))
			follow(k, block, 0);
	}
}

/* --- ZFS -------------------------------------------------------------------------------------- */

/* The value of KEY in udev's TEXT about a device, copied to RET, or false. */
static bool udev_value(const char *text, const char *key, char ret[static NAME_SIZE])
{
	const char *at = strstr(text, key);
	size_t len;

	if (!at || at == text || at[-1] != '\n')
		return false;
	at += strlen(key);
	len = strcspn(at, "\n");
	if (len == 0 || len >= NAME_SIZE)
		return false;
	memcpy(ret, at, len);
	ret[len] = '\0';
	return file_is_name(ret);
}

/* Where something of POOL is mounted, in RET: at best the root. */
static bool pool_mount(const struct disks *k, const char *pool, char ret[static PATH_SIZE])
{
	_cleanup_free_ char *text = mem_strdup(k->text);
	char *rest = text, *line;
	size_t len = strlen(pool);
	bool found = false;
	struct mountinfo m;

	while ((line = strsep(&rest, "\n"))) {
		if (!mountinfo_parse(line, &m) || strcmp(m.type, "zfs") != 0 ||
			strncmp(m.source, pool, len) != 0 ||
			(m.source[len] && m.source[len] != '/') || strlen(m.at) >= PATH_SIZE)
			continue;
		if (!found || is_root(m.at))
			strcpy(ret, m.at);
		found = true;
	}
	return found;
}

/*
 * The kernel does not tell which devices a pool is on; udev does which device a pool has left its
 * name on, and that counts while a pool of this name is imported.
 */
static void follow_member(struct disks *k, const char *name, const char *pool)
{
	char path[PATH_SIZE], mount[PATH_SIZE];

	snprintf(path, sizeof(path), "proc/spl/kstat/zfs/%s", pool);
	if (!pool_mount(k, pool, mount)) {
		if (!file_exists(k->scan->root, path))
			return;
		snprintf(mount, sizeof(mount), LIFELINE_POOL "%s", pool);
	}
	k->mount = mount;
	follow(k, name, 0);
	k->mount = NULL;
}

static void look_at_member(struct disks *k, const char *name)
{
	char path[PATH_SIZE], number[NAME_SIZE], type[NAME_SIZE], pool[NAME_SIZE];
	_cleanup_free_ char *text = mem_new(UDEV_MAX, 1);

	snprintf(path, sizeof(path), "sys/class/block/%s/dev", name);
	if (file_read(k->scan->root, path, number, sizeof(number)) < 0)
		return;
	snprintf(path, sizeof(path), "run/udev/data/b%s", number);
	if (file_read_head(k->scan->root, path, text, UDEV_MAX) < 0)
		return;
	if (udev_value(text, "E:ID_FS_TYPE=", type) && strcmp(type, "zfs_member") == 0 &&
		udev_value(text, "E:ID_FS_LABEL=", pool))
		follow_member(k, name, pool);
}

/* --- who is made of what ---------------------------------------------------------------------- */

static int take_name(int dirfd _unused_, const char *name, void *arg)
{
	snprintf(arg, NAME_SIZE, "%s", name);
	return 1;
}

/* Arrays and volumes that nobody may have mounted, and so on. */
static void look_at_holders(struct disks *k, const char *name)
{
	char path[PATH_SIZE], holder[NAME_SIZE], link[LINK_SIZE];

	snprintf(path, sizeof(path), "sys/class/block/%s/holders", name);
	if (file_each(k->scan->root, path, take_name, holder) != 1)
		return;
	k->holder = holder;
	k->disk = name;
	snprintf(path, sizeof(path), "sys/class/block/%s", name);
	note_way(k, path);
	if (file_link(k->scan->root, path, link, sizeof(link)) > 0)
		note_subsystem(k, link);
	k->holder = NULL;
}

static int look_at_block(int dirfd _unused_, const char *name, void *arg)
{
	if (strlen(name) >= NAME_SIZE)
		return 0;
	look_at_holders(arg, name);
	look_at_member(arg, name);
	return 0;
}

void scan_disks(struct scan *s)
{
	struct disks k = { .scan = s };
	_cleanup_free_ char *text = read_text(&k, "proc/self/mountinfo");

	k.text = text;
	scan_mounts(&k);
	scan_swaps(&k);
	file_each(s->root, "sys/class/block", look_at_block, &k);
}
