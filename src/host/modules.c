/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only file that uses libkmod. */
#include <assert.h>
#include <errno.h>
#include <libkmod.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/library.h"
#include "host/modules.h"

#define PATH_SIZE 128

#define SONAME "libkmod.so.2"
#define FUNCTIONS(F)                   \
	F(kmod_new)                    \
	F(kmod_unref)                  \
	F(kmod_set_log_fn)             \
	F(kmod_module_new_from_lookup) \
	F(kmod_module_apply_filter)    \
	F(kmod_module_unref)           \
	F(kmod_module_unref_list)      \
	F(kmod_module_get_module)      \
	F(kmod_module_get_name)        \
	F(kmod_module_probe_insert_module)

struct api {
	FUNCTIONS(LIBRARY_MEMBER)
};

static const struct library_function functions[] = { FUNCTIONS(LIBRARY_ROW) };

struct modules {
	struct api kmod;
	struct kmod_ctx *ctx;
};

/* Says nothing itself: what goes wrong is in the return values. */
static void no_log(void *data _unused_, int priority _unused_, const char *file _unused_,
	int line _unused_, const char *fn _unused_, const char *format _unused_,
	va_list args _unused_)
{
}

int modules_open(struct modules **ret, struct err *e)
{
	struct modules m;
	int r = library_open(SONAME, functions, ARRAY_SIZE(functions), &m.kmod, e);

	if (r < 0)
		return r;
	m.ctx = m.kmod.kmod_new(NULL, NULL);
	if (!m.ctx)
		return err_set(e, -EIO, "cannot read the index of kernel modules");
	m.kmod.kmod_set_log_fn(m.ctx, no_log, NULL);
	*ret = mem_new(1, sizeof(**ret));
	**ret = m;
	return 0;
}

void modules_close(struct modules *m)
{
	if (!m)
		return;
	m->kmod.kmod_unref(m->ctx);
	free(m);
}

/* Finds the modules that ALIAS leads to, a name or a device's identification. */
static struct kmod_list *look_up(const struct modules *m, const char *alias, bool blacklisted)
{
	struct kmod_list *all = NULL, *good = NULL;

	if (m->kmod.kmod_module_new_from_lookup(m->ctx, alias, &all) < 0)
		return NULL;
	if (blacklisted)
		return all;
	m->kmod.kmod_module_apply_filter(m->ctx, KMOD_FILTER_BLACKLIST, all, &good);
	m->kmod.kmod_module_unref_list(all);
	return good;
}

struct driver_of {
	const char *module;
	char name[64];
};

/* Takes the PCI driver that a loaded module has registered; its own name wins over others. */
static int take_driver(int dirfd _unused_, const char *name, void *arg)
{
	struct driver_of *d = arg;

	if (strncmp(name, "pci:", 4) != 0 || !file_is_name(name) || strlen(name) >= sizeof(d->name))
		return 0;
	strcpy(d->name, name + 4);
	return strcmp(d->name, d->module) == 0;
}

static const char *driver_of(int root, const char *module, struct mem_pool *pool)
{
	struct driver_of d = { .module = module };
	char path[128];

	snprintf(path, sizeof(path), "sys/module/%s/drivers", module);
	file_each(root, path, take_driver, &d);
	return mem_intern(pool, d.name[0] ? d.name : module);
}

const char *modules_host_driver(const struct modules *m, int root, const struct dev *pf,
	uint16_t vf_device, struct mem_pool *pool)
{
	const char *driver = NULL;
	struct kmod_module *mod;
	struct kmod_list *found;
	char alias[80];

	/* A VF has its PF's vendor, class and subsystem vendor, and a device ID of its own. */
	snprintf(alias, sizeof(alias), "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", pf->vendor,
		vf_device, pf->subsystem_vendor, pf->subsystem_device, pf->class_code >> 16 & 0xff,
		pf->class_code >> 8 & 0xff, pf->class_code & 0xff);
	found = look_up(m, alias, false);
	if (!found)
		return NULL;
	mod = m->kmod.kmod_module_get_module(found);
	driver = driver_of(root, m->kmod.kmod_module_get_name(mod), pool);
	m->kmod.kmod_module_unref(mod);
	m->kmod.kmod_module_unref_list(found);
	return driver;
}

/* Loads the first of the modules, with what it needs. */
static int load_first(const struct modules *m, struct kmod_list *found)
{
	struct kmod_module *mod = m->kmod.kmod_module_get_module(found);
	int r = m->kmod.kmod_module_probe_insert_module(mod, 0, NULL, NULL, NULL, NULL);

	m->kmod.kmod_module_unref(mod);
	return r > 0 ? -EPERM : r; /* positive: the configuration forbids it */
}

bool modules_is_foreign(int root, const char *driver)
{
	char path[PATH_SIZE], module[64], taint[16];

	if (!driver || strlen(driver) >= sizeof(module) || strchr(driver, '/'))
		return false;
	snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s/module", driver);
	if (file_link_name(root, path, module, sizeof(module)) < 0)
		return false;
	snprintf(path, sizeof(path), "sys/module/%s/taint", module);
	return file_read(root, path, taint, sizeof(taint)) > 0 && strchr(taint, 'O');
}

enum facts_state modules_find(const char *driver)
{
	struct modules *m = NULL;
	struct kmod_list *found;
	bool any;

	if (modules_open(&m, NULL) < 0)
		return MODULE_UNKNOWN;
	assert(m);
	found = look_up(m, driver, true);
	any = found != NULL;
	m->kmod.kmod_module_unref_list(found);
	modules_close(m);
	return any ? MODULE_AVAILABLE : MODULE_ABSENT;
}

int modules_load_driver(const char *driver, struct err *e)
{
	struct modules *m = NULL;
	struct kmod_list *found;
	int r;

	r = modules_open(&m, e);
	if (r < 0)
		return r;
	assert(m);
	found = look_up(m, driver, true);
	if (!found) {
		modules_close(m);
		return err_set(e, -ENOENT,
			"no module of this kernel is called %s; is it installed?", driver);
	}
	r = load_first(m, found);
	if (r < 0)
		err_set(e, r, "cannot load %s: %s", driver, err_name(r));
	m->kmod.kmod_module_unref_list(found);
	modules_close(m);
	return r;
}
