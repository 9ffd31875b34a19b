/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What no scan can tell, for it takes a policy to ask: modules of drivers that are not loaded. */
#include <string.h>

#include "host/host.h"

/* Drivers, each once, that have been asked for. */
struct asked {
	struct host *host;
	struct inventory *inv;
	const char **names;
	size_t n;
};

static bool was_asked(const struct asked *a, const char *driver)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->names[i], driver) == 0)
			return true;
	return false;
}

/* A look into the index of modules takes as long as half a run that has nothing to do: drivers that
 * are registered, or known from the facts for `check`, need none. */
static void ask(const char *driver, void *arg)
{
	struct asked *a = arg;
	enum facts_state state;

	if (inventory_has_driver(a->inv, driver) ||
		facts_module(&a->inv->facts, driver) > MODULE_ABSENT || was_asked(a, driver))
		return;
	a->names = mem_grow(a->names, a->n, sizeof(*a->names));
	a->names[a->n++] = driver;
	state = a->host->ops->find_module(a->host, driver);
	if (state != MODULE_UNKNOWN)
		facts_set_module(&a->inv->facts, a->inv->strings, driver, state);
}

static void ask_entries(struct asked *a, const struct pf_policy *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (policy_for_host(&entries[i], a->inv->hostname))
			policy_each_driver(&entries[i], ask, a);
}

void host_ask_modules(struct host *h, const struct policy *p, struct inventory *inv)
{
	struct asked a = { .host = h, .inv = inv };

	ask_entries(&a, p->pfs, p->n_pfs);
	ask_entries(&a, p->devices, p->n_devices);
	facts_sort(&inv->facts);
	free(a.names);
}

enum facts_state host_find_nothing(struct host *h _unused_, const char *driver _unused_)
{
	return MODULE_UNKNOWN;
}
