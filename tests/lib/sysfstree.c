/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host's file system built from a text. */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "core/types.h"
#include "pciconfig.h"
#include "rmtree.h"
#include "sysfstree.h"

#define WORDS_MAX 24

struct text {
	char s[1024];
};

/* A line, split. */
struct line {
	unsigned number;
	char *word[WORDS_MAX];
	unsigned n;
};

static struct text format(const char *fmt, ...) _printf_(1, 2);

static struct text format(const char *fmt, ...)
{
	struct text t;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t.s, sizeof(t.s), fmt, ap);
	va_end(ap);
	return t;
}

static const char *option(const struct line *l, const char *key, const char *otherwise)
{
	size_t len = strlen(key);

	for (unsigned i = 1; i < l->n; i++)
		if (strncmp(l->word[i], key, len) == 0 && l->word[i][len] == '=')
			return l->word[i] + len + 1;
	return otherwise;
}

static unsigned long number(
	const struct line *l, const char *key, int base, unsigned long otherwise)
{
	const char *text = option(l, key, NULL);

	return text ? strtoul(text, NULL, base) : otherwise;
}

/* Makes the directories that lead to PATH. */
static void make_parents(int root, const char *path)
{
	char dir[PATH_MAX];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
		if (mkdirat(root, dir, 0755) < 0 && errno != EEXIST)
			err(1, "mkdir %s", dir);
	}
}

static void put_bytes(int root, const char *path, const void *data, size_t len)
{
	int fd;

	make_parents(root, path);
	fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, data, len) < 0)
		err(1, "%s", path);
	close(fd);
}

static void put_file(int root, const char *path, const char *text)
{
	put_bytes(root, path, text, strlen(text));
}

static void put_link(int root, const char *path, const char *target)
{
	make_parents(root, path);
	if (symlinkat(target, root, path) < 0 && errno != EEXIST)
		err(1, "link %s", path);
}

static void put_dir(int root, const char *path)
{
	make_parents(root, format("%s/", path).s);
}

/* FILE of DIR with TEXT and a newline. */
static void put(int root, const char *dir, const char *file, const char *text)
{
	put_file(root, format("%s/%s", dir, file).s, format("%s\n", text).s);
}

static void put_option(int root, const char *dir, const char *file, const char *text)
{
	if (text)
		put(root, dir, file, text);
}

static void put_driver(int root, const char *name)
{
	put_dir(root, format("sys/bus/pci/drivers/%s", name).s);
}

/* The link to the function, as it is in the directory of all: "../../../devices/…". */
static bool device_link(int root, const char *address, struct text *t)
{
	ssize_t n = readlinkat(
		root, format("sys/bus/pci/devices/%s", address).s, t->s, sizeof(t->s) - 1);

	t->s[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* Where a function is, or is to be if no line has made it yet: below its root bus. */
static struct text device_dir(int root, const char *address)
{
	struct text t;

	if (device_link(root, address, &t))
		return format("sys/%s", t.s + strlen("../../../"));
	return format("sys/devices/pci%.*s/%s", (int)strcspn(address, ":") + 3, address, address);
}

/* Where a function with the option parent= or, for a VF, beside its PF is to be. */
static struct text new_device_dir(int root, const struct line *l, const char *address, bool vf)
{
	struct text t = device_dir(root, vf ? l->word[1] : address);
	const char *parent = option(l, "parent", NULL);
	int domain = (int)strcspn(address, ":");

	if (vf)
		return format("%.*s/%s", (int)(strrchr(t.s, '/') - t.s), t.s, address);
	if (!parent)
		return t;
	/* Behind VMD, a domain of its own begins at a device. */
	if (strncmp(parent, address, (size_t)domain) != 0)
		return format(
			"%s/pci%.*s/%s", device_dir(root, parent).s, domain + 3, address, address);
	return format("%s/%s", device_dir(root, parent).s, address);
}

/* "8086:10c9" as the kernel writes it: in capitals. */
static const char *upper(const char *s, char *buf, size_t size)
{
	size_t i;

	for (i = 0; i < size - 1 && s[i]; i++)
		buf[i] = (char)toupper((unsigned char)s[i]);
	buf[i] = '\0';
	return buf;
}

static void put_uevent(int root, const struct line *l, const char *dir, const char *address)
{
	const char *driver = option(l, "driver", NULL), *id = option(l, "id", NULL);
	char ids[16], subsys[16];

	if (!id)
		errx(1, "line %u: no id=", l->number);
	put(root, dir, "uevent",
		format("%s%s%sPCI_CLASS=%lX\nPCI_ID=%s\nPCI_SUBSYS_ID=%s\nPCI_SLOT_NAME=%s",
			driver ? "DRIVER=" : "", driver ? driver : "", driver ? "\n" : "",
			number(l, "class", 16, 0x020000), upper(id, ids, sizeof(ids)),
			upper(option(l, "subsys", "0000:0000"), subsys, sizeof(subsys)), address)
			.s);
}

static void put_device(int root, const struct line *l, const char *address, long group, bool vf)
{
	const char *driver = option(l, "driver", NULL);
	const struct text t = new_device_dir(root, l, address, vf);
	const char *dir = t.s;

	put_uevent(root, l, dir, address);
	put_option(root, dir, "numa_node", option(l, "numa", NULL));
	put_option(root, dir, "ari_enabled", option(l, "ari", NULL));
	put(root, dir, "driver_override", option(l, "override", "(null)"));
	put(root, dir, "enable", option(l, "enable", driver ? "1" : "0"));
	put_link(root, format("sys/bus/pci/devices/%s", address).s,
		format("../../../%s", dir + 4).s);
	if (driver) {
		put_driver(root, driver);
		put_link(root, format("%s/driver", dir).s,
			format("../../../bus/pci/drivers/%s", driver).s);
	}
	if (group >= 0)
		put_link(root, format("%s/iommu_group", dir).s,
			format("../../../kernel/iommu_groups/%ld", group).s);
}

static long group_of(const struct line *l)
{
	const char *group = option(l, "group", NULL);

	return group ? strtol(group, NULL, 10) : -1;
}

static void do_dev(int root, const struct line *l)
{
	put_device(root, l, l->word[1], group_of(l), false);
}

static void do_pf(int root, const struct line *l)
{
	struct text t;
	const char *dir = t.s;

	put_device(root, l, l->word[1], group_of(l), false);
	t = device_dir(root, l->word[1]);
	put(root, dir, "sriov_totalvfs", option(l, "total", "0"));
	put(root, dir, "sriov_offset", option(l, "offset", "128"));
	put(root, dir, "sriov_stride", option(l, "stride", "2"));
	put(root, dir, "sriov_vf_device", option(l, "vf_device", "0"));
	put(root, dir, "sriov_drivers_autoprobe", option(l, "autoprobe", "1"));
	/* Reading either may hang on a real host: a scan that does so must not pass. */
	put(root, dir, "sriov_numvfs", "do not read me");
	put(root, dir, "sriov_vf_total_msix", "do not read me");
}

static void put_vf(int root, const struct line *l, unsigned index, const char *address, long group)
{
	put_device(root, l, address, group, true);
	put_link(root, format("%s/physfn", device_dir(root, address).s).s,
		format("../%s", l->word[1]).s);
	put_link(root, format("%s/virtfn%u", device_dir(root, l->word[1]).s, index).s,
		format("../%s", address).s);
}

static void do_vf(int root, const struct line *l)
{
	put_vf(root, l, (unsigned)strtoul(l->word[2], NULL, 10), l->word[3], group_of(l));
}

static void do_vfs(int root, const struct line *l)
{
	unsigned long stride = number(l, "stride", 10, 1);
	long group = group_of(l);
	struct pciaddr a;
	unsigned first, last;

	if (sscanf(l->word[2], "%u-%u", &first, &last) != 2 || pciaddr_parse(l->word[3], &a) < 0)
		errx(1, "line %u: vfs PF FIRST-LAST ADDRESS", l->number);
	for (unsigned i = first; i <= last; i++) {
		unsigned long id = ((unsigned long)a.bus << 8 | a.devfn) + (i - first) * stride;
		struct pciaddr at = { a.domain, (uint8_t)(id >> 8), (uint8_t)id };

		put_vf(root, l, i, pciaddr_text(at).s, group < 0 ? -1 : group + (long)(i - first));
	}
}

static void do_net(int root, const struct line *l)
{
	const char *name = l->word[2], *master = option(l, "master", NULL);
	bool is_virtual = strcmp(l->word[1], "-") == 0;
	const struct text t = format("%s/net/%s",
		is_virtual ? "sys/devices/virtual" : device_dir(root, l->word[1]).s, name);
	const char *dir = t.s;

	put(root, dir, "ifindex", option(l, "ifindex", "1"));
	put(root, dir, "address", option(l, "mac", "00:00:00:00:00:00"));
	put(root, dir, "flags", option(l, "flags", "0x1003"));
	put(root, dir, "mtu", option(l, "mtu", "1500"));
	put(root, dir, "type", option(l, "type", "1"));
	put(root, dir, "addr_assign_type", option(l, "assign", "0"));
	put_option(root, dir, "carrier", option(l, "carrier", NULL));
	put_option(root, dir, "phys_port_name", option(l, "port", NULL));
	put(root, dir, "dev_port", option(l, "dev_port", "0"));
	put_link(root, format("sys/class/net/%s", name).s, format("../../%s", dir + 4).s);
	/* By way of the interface's link; the kernel's own leads to the device itself. */
	if (master)
		put_link(root, format("%s/master", dir).s,
			format("../../../../%sclass/net/%s", is_virtual ? "" : "../", master).s);
}

static void do_away(int root, const struct line *l)
{
	put_dir(root, format("%s/net", device_dir(root, l->word[1]).s).s);
}

static void do_host(int root, const struct line *l)
{
	put(root, "etc", "hostname", l->word[1]);
}

static void do_iommu(int root, const struct line *l)
{
	put(root, "sys/class/iommu", l->word[1], "");
}

static void do_driver(int root, const struct line *l)
{
	put_driver(root, l->word[1]);
}

static void do_module(int root, const struct line *l)
{
	put_link(root, format("sys/module/%s/drivers/pci:%s", l->word[1], l->word[2]).s,
		format("../../../bus/pci/drivers/%s", l->word[2]).s);
	put_driver(root, l->word[2]);
}

static void do_link(int root, const struct line *l)
{
	put_link(root, l->word[1], l->word[2]);
}

static void do_rm(int root, const struct line *l)
{
	if (!file_exists(root, l->word[1]))
		errx(1, "line %u: rm %s: not there", l->number, l->word[1]);
	rmtree(root, l->word[1]);
}

/* Puts the character at S into *TO; returns how many more bytes than one it takes. */
static size_t add_char(const char *s, char *to)
{
	static const struct {
		const char *name;
		char c;
	} names[] = { { "\\n", '\n' }, { "\\t", '\t' }, { "\\s", ' ' }, { "\\h", '#' },
		{ "\\e", 27 }, { "\\0", '\0' } };

	*to = *s;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strncmp(s, names[i].name, 2) == 0) {
			*to = names[i].c;
			return 1;
		}
	return 0;
}

/* What a port, or a PF, says in its configuration space. */
static void do_config(int root, const struct line *l)
{
	const char *buses = option(l, "buses", NULL), *ari = option(l, "ari", "");
	const struct pciconfig c = {
		.acs = option(l, "acs", NULL) != NULL,
		.acs_on = (unsigned)number(l, "acs", 16, 0),
		.ari_can = *ari != '\0',
		.ari_on = strcmp(ari, "on") == 0,
		.total_vfs = (unsigned)number(l, "total", 10, 0),
		.sriov = option(l, "total", NULL) != NULL,
		.vf_bars = (unsigned)number(l, "bars", 16, 0),
		.msix = (unsigned)number(l, "msix", 10, 0),
	};
	const struct text dir = device_dir(root, l->word[1]);
	uint8_t data[PCICONFIG_SIZE];
	int first, last;

	pciconfig_make(&c, data);
	put_bytes(root, format("%s/config", dir.s).s, data, number(l, "size", 10, sizeof(data)));
	if (buses && sscanf(buses, "%i-%i", &first, &last) == 2) {
		put(root, dir.s, "secondary_bus_number", format("%d", first).s);
		put(root, dir.s, "subordinate_bus_number", format("%d", last).s);
	}
}

/* The file `resource`, whose lines 8 to 13 are the VF BARs: those of mask FOUND have an address. */
static void do_resource(int root, const struct line *l)
{
	unsigned long found = number(l, "found", 16, 0), lost = number(l, "lost", 16, 0);
	const struct text dir = device_dir(root, l->word[1]);
	char text[1024];
	size_t len = 0;

	for (unsigned i = 0; i < 13; i++) {
		unsigned long bit = i < 7 ? 0 : 1UL << (i - 7);
		unsigned long start = found & bit ? 0xfe000000UL + i * 0x10000 : 0;
		unsigned long flags = found & bit ? 0x140204UL : lost & bit ? 0x20140204UL : 0;

		len += (size_t)snprintf(text + len, sizeof(text) - len,
			"0x%016lx 0x%016lx 0x%016lx\n", start, start ? start + 0xffff : 0, flags);
	}
	put_file(root, format("%s/resource", dir.s).s, text);
}

/* The rest of the line is the text. */
static void do_file(int root, const struct line *l)
{
	char text[1024] = "";
	size_t len = 0;

	for (unsigned i = 2; i < l->n; i++) {
		if (i > 2)
			text[len++] = ' ';
		for (const char *s = l->word[i]; *s && len < sizeof(text) - 2; s++)
			s += add_char(s, &text[len++]);
	}
	put_bytes(root, l->word[1], text, len);
}

static void do_mode(int root, const struct line *l)
{
	if (file_set_mode(root, l->word[1], (unsigned)strtoul(l->word[2], NULL, 8)) < 0)
		errx(1, "line %u: mode %s", l->number, l->word[1]);
}

static void do_line(int root, struct line *l)
{
	static const struct {
		const char *name;
		unsigned words;
		void (*fn)(int root, const struct line *l);
	} statements[] = {
		{ "host", 2, do_host },
		{ "iommu", 2, do_iommu },
		{ "driver", 2, do_driver },
		{ "module", 3, do_module },
		{ "dev", 2, do_dev },
		{ "pf", 2, do_pf },
		{ "vf", 4, do_vf },
		{ "vfs", 4, do_vfs },
		{ "net", 3, do_net },
		{ "away", 2, do_away },
		{ "file", 2, do_file },
		{ "config", 2, do_config },
		{ "resource", 2, do_resource },
		{ "mode", 3, do_mode },
		{ "link", 3, do_link },
		{ "rm", 2, do_rm },
	};

	for (size_t i = 0; i < ARRAY_SIZE(statements); i++)
		if (strcmp(l->word[0], statements[i].name) == 0 && l->n >= statements[i].words) {
			statements[i].fn(root, l);
			return;
		}
	errx(1, "line %u: not a statement: %s", l->number, l->word[0]);
}

static void build(int root, const char *text)
{
	_cleanup_free_ char *copy = strdup(text);
	char *rest = copy, *row, *word;
	struct line l = { 0 };

	/* What every Linux has. */
	put_dir(root, "sys/bus/pci/devices");
	put_dir(root, "sys/bus/pci/drivers");
	put_dir(root, "sys/class/net");
	while ((row = strsep(&rest, "\n"))) {
		l.number++;
		l.n = 0;
		row[strcspn(row, "#")] = '\0';
		while ((word = strsep(&row, " \t")))
			if (*word && l.n < WORDS_MAX)
				l.word[l.n++] = word;
		if (l.n)
			do_line(root, &l);
	}
}

int sysfstree_build(const char *text)
{
	/* In memory where that can be had: a tree of 4,096 VFs is 30,000 files. */
	char shm[] = "/dev/shm/sysfstree.XXXXXX", tmp[] = "/tmp/sysfstree.XXXXXX";
	const char *dir = mkdtemp(shm);
	int root;

	if (!dir)
		dir = mkdtemp(tmp);
	if (!dir)
		err(1, "mkdtemp");
	root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		err(1, "%s", dir);
	build(root, text);
	return root;
}

void sysfstree_build_in(const char *dir, const char *text)
{
	_cleanup_close_ int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		err(1, "%s", dir);
	build(root, text);
}

int sysfstree_load(const char *manifest)
{
	FILE *f = fopen(manifest, "re");
	char text[65536];
	size_t n;

	if (!f)
		err(1, "%s", manifest);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	return sysfstree_build(text);
}

const char *sysfstree_path(int root)
{
	static char path[PATH_MAX];
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", root);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		err(1, "%s", link);
	path[n] = '\0';
	return path;
}

void sysfstree_remove(int root)
{
	const char *path = sysfstree_path(root);

	rmtree_in(root, ".");
	rmdir(path);
	close(root);
}
