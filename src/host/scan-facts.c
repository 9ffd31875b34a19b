/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What only `check` asks for: kernel, boot loader, modules, IOMMU. What cannot be read stays
 * unknown, which no check takes for good.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/file.h"
#include "base/str.h"
#include "host/scan.h"

#define PATH_SIZE   160
#define VALUE_SIZE  256
#define RELEASE_MAX 64                /* bytes, of the kernel itself, too */
#define CMDLINE_MAX 4096              /* of the kernel itself: 2,048 on x86 */
#define LIST_MAX    (8 * 1024 * 1024) /* modules.dep has about 1 MiB */
#define LOADER_INFO "sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define GRUB_SIZE   65536
#define IRQ_SIZE    (256 * 1024) /* of /proc/interrupts: the first lines tell */

static struct facts *facts(const struct scan *s)
{
	return &s->inv->facts;
}

static const char *intern(const struct scan *s, const char *text)
{
	return mem_intern(s->inv->strings, text);
}

/* The content of the small file PATH, or NULL. */
static const char *read_text(const struct scan *s, const char *path)
{
	char text[CMDLINE_MAX];

	return file_read(s->root, path, text, sizeof(text)) < 0 ? NULL : intern(s, text);
}

/* --- the kernel ------------------------------------------------------------------------------- */

/* The value of the first line "vendor_id : …". */
static void scan_cpu(const struct scan *s)
{
	char text[CMDLINE_MAX], *at, *value;

	if (file_read_head(s->root, "proc/cpuinfo", text, sizeof(text)) <= 0)
		return;
	at = strstr(text, "vendor_id");
	value = at ? strchr(at, ':') : NULL;
	if (!value)
		return;
	value += 1 + strspn(value + 1, " \t");
	value[strcspn(value, " \t\n")] = '\0';
	facts(s)->cpu_vendor = intern(s, value);
}

/* "[none] integrity confidentiality": the one in brackets. */
static void scan_lockdown(const struct scan *s)
{
	char text[VALUE_SIZE], *mode;

	if (file_read(s->root, "sys/kernel/security/lockdown", text, sizeof(text)) < 0)
		return;
	mode = strchr(text, '[');
	if (!mode)
		return;
	mode[strcspn(mode, "]")] = '\0';
	facts(s)->lockdown = intern(s, mode + 1);
}

/*
 * The kernel calls the chips of remapped interrupts IR-PCI-MSI, IR-IO-APIC, …: what is, not what
 * the hardware could. An ITS (arm64) isolates by itself.
 */
static void scan_interrupts(const struct scan *s)
{
	_cleanup_free_ char *text = mem_new(IRQ_SIZE, 1);

	if (file_read_head(s->root, "proc/interrupts", text, IRQ_SIZE) <= 0)
		return;
	if (strstr(text, " IR-") || strstr(text, " ITS-"))
		facts(s)->irq_remap = REMAP_ON;
	else if (strstr(text, "PCI-MSI") || strstr(text, "IO-APIC"))
		facts(s)->irq_remap = REMAP_OFF;
}

/* Nothing else of it is kept: it may hold secrets, and a snapshot goes to others. */
static void scan_cmdline(const struct scan *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	char text[CMDLINE_MAX];

	if (file_read(s->root, "proc/cmdline", text, sizeof(text)) < 0)
		return;
	facts_cmdline(&b, text);
	facts(s)->cmdline = intern(s, buf_text(&b));
}

static void scan_kernel(const struct scan *s)
{
	struct utsname name;

	scan_cmdline(s);
	if (s->live && uname(&name) == 0)
		facts(s)->release = intern(s, name.release);
	else
		facts(s)->release = read_text(s, "proc/sys/kernel/osrelease");
	if (facts(s)->release &&
		(!file_is_name(facts(s)->release) || strlen(facts(s)->release) > RELEASE_MAX))
		facts(s)->release = NULL; /* it becomes a part of paths */
	scan_cpu(s);
	scan_lockdown(s);
	scan_interrupts(s);
}

/* --- the boot loader -------------------------------------------------------------------------- */

/* EFI's variables are four bytes of attributes, and this one is UTF-16. */
static void scan_loader_info(const struct scan *s)
{
	char raw[VALUE_SIZE], text[VALUE_SIZE];
	int len = file_read_head(s->root, LOADER_INFO, raw, sizeof(raw));
	size_t n = 0;

	for (int i = 4; i + 1 < len && raw[i] && !raw[i + 1]; i += 2)
		text[n++] = raw[i];
	text[n] = '\0';
	if (n)
		facts(s)->boot.loader_info = intern(s, text);
}

/* Which files of the directory set GRUB's variable; the last one by name counts. */
struct grub_files {
	char last[NAME_MAX + 1];
};

/* Whether the file NAME has a line that sets GRUB_CMDLINE_LINUX_DEFAULT. */
static bool sets_default(int dirfd, const char *name)
{
	static const char key[] = "GRUB_CMDLINE_LINUX_DEFAULT=";
	_cleanup_free_ char *text = mem_new(GRUB_SIZE, 1);

	if (file_read_head(dirfd, name, text, GRUB_SIZE) <= 0)
		return false;
	for (const char *at = strstr(text, key); at; at = strstr(at + 1, key))
		if (at == text || at[-1] == '\n')
			return true;
	return false;
}

static int take_grub_file(int dirfd, const char *name, void *arg)
{
	struct grub_files *g = arg;
	size_t len = strlen(name);

	if (file_is_name(name) && len > 4 && strcmp(name + len - 4, ".cfg") == 0 &&
		strcmp(name, g->last) > 0 && sets_default(dirfd, name))
		strcpy(g->last, name);
	return 0;
}

static void scan_grub(const struct scan *s)
{
	static const char *const configs[] = { "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg" };
	struct facts_boot *b = &facts(s)->boot;
	struct grub_files g = { "" };
	char path[PATH_SIZE + NAME_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(configs) && !b->grub_cfg; i++)
		if (file_exists(s->root, configs[i] + 1))
			b->grub_cfg = configs[i];
	b->update_grub = file_exists(s->root, "usr/sbin/update-grub");
	if (sets_default(s->root, "etc/default/grub"))
		b->grub_default = "/etc/default/grub";
	file_each(s->root, "etc/default/grub.d", take_grub_file, &g);
	if (!g.last[0])
		return;
	snprintf(path, sizeof(path), "/etc/default/grub.d/%s", g.last);
	b->grub_default = intern(s, path);
}

static void scan_boot(const struct scan *s)
{
	struct facts_boot *b = &facts(s)->boot;

	scan_loader_info(s);
	scan_grub(s);
	b->proxmox = file_exists(s->root, "etc/kernel/proxmox-boot-uuids");
	b->kernel_cmdline = file_exists(s->root, "etc/kernel/cmdline");
}

/* --- modules ---------------------------------------------------------------------------------- */

/* The lists of the kernel's modules; NULL where there is none. */
struct lists {
	char *loadable, *builtin;
};

static char *read_list(const struct scan *s, const char *name)
{
	char path[PATH_SIZE], *text = NULL;
	unsigned mode;

	if (!facts(s)->release)
		return NULL;
	snprintf(path, sizeof(path), "lib/modules/%.64s/%s", facts(s)->release, name);
	return file_read_text(s->root, path, LIST_MAX, &text, &mode) < 0 ? NULL : text;
}

/* Whether LIST has a line that begins with a path that ends in NAME.ko or NAME.ko.xz. */
static bool list_has(const char *list, const char *name)
{
	while (list && *list) {
		size_t line = strcspn(list, "\n"), path = strcspn(list, ":\n"), len;
		const char *base = list;
		char module[64];

		for (size_t i = 0; i < path; i++)
			if (list[i] == '/')
				base = list + i + 1;
		len = strcspn(base, ".:\n");
		if (len < sizeof(module)) {
			memcpy(module, base, len);
			module[len] = '\0';
			if (writers_same_module(module, name))
				return true;
		}
		list += line + (list[line] == '\n');
	}
	return false;
}

static bool is_listed(const struct facts *f, const char *module)
{
	for (size_t i = 0; i < f->n_modules; i++)
		if (writers_same_module(f->modules[i].name, module))
			return true;
	return false;
}

static void add_module(const struct scan *s, const struct lists *l, const char *name)
{
	struct facts *f = facts(s);
	enum facts_state state = MODULE_ABSENT;
	char text[64], path[PATH_SIZE];

	snprintf(text, sizeof(text), "%s", name);
	for (char *c = text; *c; c++)
		if (*c == '-')
			*c = '_';
	if (!file_is_name(text) || is_listed(f, text))
		return;
	snprintf(path, sizeof(path), "sys/module/%s", text);
	if (list_has(l->builtin, text))
		state = MODULE_BUILTIN;
	else if (file_exists(s->root, path))
		state = MODULE_LOADED;
	else if (list_has(l->loadable, text))
		state = MODULE_AVAILABLE;
	else if (!l->loadable && !f->release)
		state = MODULE_UNKNOWN;
	facts_set_module(f, s->inv->strings, text, state);
}

static void scan_modules(const struct scan *s)
{
	static const char *const names[] = { "vfio", "vfio_pci", "vfio_iommu_type1", "vfio_virqfd",
		"igbvf", "ixgbevf", "iavf", "mlx5_core", "mlx5_vfio_pci", "mlx4_core", "bnxt_en",
		"nvme", "pci_stub" };
	struct lists l = { read_list(s, "modules.dep"), read_list(s, "modules.builtin") };

	facts(s)->has_modules = l.loadable != NULL;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add_module(s, &l, names[i]);
	for (size_t p = 0; p < s->inv->n_pfs; p++)
		if (s->inv->pfs[p].host_driver)
			add_module(s, &l, s->inv->pfs[p].host_driver);
	free(l.loadable);
	free(l.builtin);
}

static void add_param(const struct scan *s, const char *module, const char *name)
{
	struct facts *f = facts(s);
	char path[PATH_SIZE], value[VALUE_SIZE];

	snprintf(path, sizeof(path), "sys/module/%.64s/parameters/%s", module, name);
	if (facts_param(f, module, name) || file_read(s->root, path, value, sizeof(value)) < 0)
		return;
	f->params = mem_grow(f->params, f->n_params, sizeof(*f->params));
	f->params[f->n_params++] = (struct facts_param){ intern(s, module), name,
		intern(s, value) };
}

static void scan_params(const struct scan *s)
{
	add_param(s, "vfio_iommu_type1", "allow_unsafe_interrupts");
	add_param(s, "vfio_pci", "enable_sriov");
	for (size_t p = 0; p < s->inv->n_pfs; p++) {
		const char *driver = inventory_pf_dev(s->inv, &s->inv->pfs[p])->driver;

		if (!driver || !file_is_name(driver))
			continue;
		add_param(s, driver, "max_vfs");
		add_param(s, driver, "num_vfs");
	}
}

/* --- the IOMMU's groups ----------------------------------------------------------------------- */

/* Whether a PF or a VF is in the group. */
static bool is_of_pf(const struct inventory *inv, int group)
{
	for (size_t i = 0; i < inv->n_devs; i++)
		if (inv->devs[i].iommu_group == group && inv->devs[i].pf >= 0)
			return true;
	return false;
}

/* Lines "0x… 0x… direct": only that type counts (§2.3). */
static void scan_regions_of(const struct scan *s, int group)
{
	struct facts *f = facts(s);
	char path[PATH_SIZE], text[CMDLINE_MAX], *rest = text, *line;

	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%d/reserved_regions", group);
	if (file_read(s->root, path, text, sizeof(text)) < 0)
		return;
	while ((line = strsep(&rest, "\n"))) {
		unsigned long long first, last;
		char type[24];

		if (sscanf(line, "%llx %llx %23s", &first, &last, type) != 3 ||
			strcmp(type, "direct") != 0)
			continue;
		f->regions = mem_grow(f->regions, f->n_regions, sizeof(*f->regions));
		f->regions[f->n_regions++] = (struct facts_region){ group, first, last };
	}
}

static int take_group(int dirfd _unused_, const char *name, void *arg)
{
	const struct scan *s = arg;
	int group = str_number(name, "");

	if (group >= 0 && is_of_pf(s->inv, group))
		scan_regions_of(s, group);
	return 0;
}

static int region_cmp(const void *a, const void *b)
{
	const struct facts_region *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

static void scan_regions(struct scan *s)
{
	struct facts *f = facts(s);

	file_each(s->root, "sys/kernel/iommu_groups", take_group, s);
	if (f->n_regions)
		qsort(f->regions, f->n_regions, sizeof(*f->regions), region_cmp);
}

void scan_facts(struct scan *s)
{
	facts(s)->known = true;
	scan_kernel(s);
	scan_boot(s);
	scan_modules(s);
	scan_params(s);
	facts_sort(facts(s));
	scan_regions(s);
	scan_topology(s);
	scan_writers(s);
}
