/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical slots, as the board's firmware or a hot-plug port calls them. A slot says which device
 * is in it ("0000:01:00"), or which bus is behind it ("0000:01").
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "core/policy-value.h"
#include "core/policy.h"
#include "host/host.h"
#include "host/scan.h"

#define ADDRESS_SIZE 24

struct slot {
	const char *name;
	char address[ADDRESS_SIZE];
};

/* The slots that there are. */
struct slots {
	struct scan *scan;
	struct slot *list;
	size_t n;
};

/* A name that no policy could give is of no use. */
static int add_slot(int dirfd, const char *name, void *arg)
{
	struct slots *all = arg;
	char path[POLICY_SLOT_MAX + 16];
	struct slot slot;
	int r;

	if (policy_slot(name, NULL) < 0)
		return 0;
	snprintf(path, sizeof(path), "%s/address", name);
	r = file_read(dirfd, path, slot.address, sizeof(slot.address));
	if (r <= 0)
		return 0; /* it is going */
	slot.name = mem_intern(all->scan->inv->strings, name);
	all->list = mem_grow(all->list, all->n, sizeof(*all->list));
	all->list[all->n++] = slot;
	return 0;
}

/* A slot of one device before that of a whole bus. */
static int slot_cmp(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;
	size_t x_len = strlen(x->address), y_len = strlen(y->address);

	if (x_len != y_len)
		return x_len > y_len ? -1 : 1;
	return strcmp(x->name, y->name);
}

static bool has_device(const struct slot *slot, const char *addr)
{
	size_t len = strlen(slot->address);

	return strncmp(addr, slot->address, len) == 0 && (addr[len] == '.' || addr[len] == ':');
}

static const char *slot_of(const struct slots *all, const char *addr)
{
	for (size_t i = 0; i < all->n; i++)
		if (has_device(&all->list[i], addr))
			return all->list[i].name;
	return NULL;
}

int scan_slots(struct scan *s)
{
	struct slots all = { .scan = s };
	int r;

	if (!(s->what & SCAN_SLOTS))
		return 0;
	r = file_each(s->root, "sys/bus/pci/slots", add_slot, &all);
	if (all.n)
		qsort(all.list, all.n, sizeof(*all.list), slot_cmp);
	for (size_t i = 0; all.n && i < s->inv->n_devs; i++)
		s->inv->devs[i].slot = slot_of(&all, pciaddr_text(s->inv->devs[i].addr).s);
	free(all.list);
	if (r < 0 && r != -ENOENT)
		return err_set(s->err, r, "/sys/bus/pci/slots: %s", err_name(r));
	return 0;
}
