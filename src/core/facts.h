/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What only `check` wants to know of a host, as one scan found it: plain numbers, and strings that
 * the inventory's pool keeps. Nothing in here is judged; see check.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/pcicfg.h"
#include "core/writers.h"

/* What tells which boot loader there is, and what has to be done to change its command line. */
struct facts_boot {
	const char *loader_info;  /* EFI's variable LoaderInfo: who booted the machine; or NULL */
	bool proxmox;             /* /etc/kernel/proxmox-boot-uuids: proxmox-boot-tool is in use */
	bool kernel_cmdline;      /* /etc/kernel/cmdline is there */
	const char *grub_default; /* the last file that sets GRUB_CMDLINE_LINUX_DEFAULT, or NULL */
	const char *grub_cfg;     /* what GRUB reads, or NULL */
	bool update_grub;         /* there is such a command */
};

/* What the inventory's devices hang on, and what they say of themselves. */
struct facts_dev {
	int parent;              /* index of the bridge above it; -1: it is on a root bus */
	int bus_first, bus_last; /* behind it if it is a bridge, else -1 */
	int ari;                 /* whether the port above forwards ARI; -1: not told */
	const char *resets;      /* how the kernel can reset it, best first: "flr bus"; or NULL */
	struct pcicfg cfg;
	struct pcicfg_bars vf_bars; /* of a PF */
};

/* A device of which nothing of that is known. */
#define FACTS_DEV_NONE                                                   \
	{                                                                \
		.parent = -1, .bus_first = -1, .bus_last = -1, .ari = -1 \
	}

enum facts_state {
	MODULE_UNKNOWN, /* the kernel's list of modules cannot be read */
	MODULE_ABSENT,
	MODULE_AVAILABLE, /* can be loaded */
	MODULE_BUILTIN,
	MODULE_LOADED,
};

/* Of what a check looks at; and of a policy's drivers, as host_ask_modules() notes them. */
struct facts_module {
	const char *name; /* with underscores */
	enum facts_state state;
};

/* A parameter of a module that is loaded. */
struct facts_param {
	const char *module, *name, *value;
};

/* A region of an IOMMU group that its devices must be able to reach as if there were no IOMMU. */
struct facts_region {
	int group;
	uint64_t first, last;
};

/* A line in another program's file. */
struct facts_line {
	enum writer_kind who;
	const char *file;
	unsigned line;
	const char *text; /* trimmed, shortened, without secrets; may hold any character */
};

/* A file that should have been looked at. */
struct facts_unread {
	const char *file;
	int error; /* errno */
};

enum facts_remap { REMAP_UNKNOWN, REMAP_OFF, REMAP_ON };

/* Strings are NULL where the host does not tell. */
struct facts {
	bool known;             /* it was scanned for them */
	const char *cmdline;    /* the kernel's, as facts_cmdline() gives it */
	const char *release;    /* the kernel's */
	const char *cpu_vendor; /* "GenuineIntel", "AuthenticAMD" */
	const char *lockdown;   /* "none", "integrity", "confidentiality" */
	enum facts_remap irq_remap;
	bool has_modules; /* the directory with the kernel's modules is there */
	struct facts_boot boot;
	struct facts_module *modules; /* by name */
	size_t n_modules;
	struct facts_param *params; /* by module and name */
	size_t n_params;
	struct facts_region *regions; /* by rising group */
	size_t n_regions;
	struct facts_line *lines; /* by file and line */
	size_t n_lines;
	struct facts_unread *unread; /* by file */
	size_t n_unread;
};

/* Lines of other programs' files that are kept, and files that could not be looked at. */
#define FACTS_LINES_MAX  1024
#define FACTS_UNREAD_MAX 64

/* Modules, and parameters of modules: no host has as many drivers of PFs. */
#define FACTS_MODULES_MAX 1024

/*
 * Appends the words of the kernel's command line TEXT that a check asks for, with a blank between
 * them, and no others: they may be anybody's secret.
 */
void facts_cmdline(struct buf *b, const char *text);

/* Frees the arrays of F. */
void facts_done(struct facts *f);

/* Sorts the modules and parameters of F, each of which is there once. */
void facts_sort(struct facts *f);

/* The first region of GROUP, or NULL. */
const struct facts_region *facts_region(const struct facts *f, int group);

/* The state of the module NAME (with underscores or dashes), MODULE_UNKNOWN if it is not in F. */
enum facts_state facts_module(const struct facts *f, const char *name);

/*
 * Notes in F that the module NAME (with underscores or dashes) is in STATE, whatever was known of
 * it; its name is interned in STRINGS. To be followed by facts_sort().
 */
void facts_set_module(
	struct facts *f, struct mem_pool *strings, const char *name, enum facts_state state);

/* The value of the parameter NAME of MODULE, or NULL. */
const char *facts_param(const struct facts *f, const char *module, const char *name);

/*
 * Whether the kernel's command line has the word WORD; one that ends in "=" stands for all values.
 */
bool facts_has_word(const struct facts *f, const char *word);

/* Whether ITEM is in the list that the word KEY ("pci=") of the command line has. */
bool facts_has_item(const struct facts *f, const char *key, const char *item);

/* Whether the kernel is at least MAJOR.MINOR; false where it is not known. */
bool facts_kernel_is(const struct facts *f, unsigned major, unsigned minor);
