/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings of PFs that a scan is asked for. What cannot be read stays unknown. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "host/bounded.h"
#include "host/host.h"
#include "host/scan.h"
#include "host/setnl.h"

/* A driver that is stuck while it makes or removes VFs holds devlink's lock, too. */
#define ESWITCH_MS 2000

static void add_name(const char ***list, size_t *n, const char *name)
{
	*list = mem_grow(*list, *n, sizeof(**list));
	(*list)[(*n)++] = name;
}

static void read_features(struct scan *s, int ifindex, struct pf_settings *out)
{
	struct setparse_features f = { 0 };

	if (setnl_get_features(ifindex, &f) < 0)
		return;
	for (size_t i = 0; i < f.n; i++) {
		const char *name = mem_intern(s->inv->strings, f.list[i].name);

		if (f.list[i].on)
			add_name(&out->on, &out->n_on, name);
		else
			add_name(&out->off, &out->n_off, name);
		if (f.list[i].fixed)
			add_name(&out->fixed, &out->n_fixed, name);
	}
	free(f.list);
}

static int mac_cmp(const void *a, const void *b)
{
	const struct fdb_entry *x = a, *y = b;

	return (x->mac > y->mac) - (x->mac < y->mac);
}

static void read_fdb(int ifindex, struct pf_settings *out)
{
	macaddr *macs;
	size_t n;

	if (setnl_get_fdb(ifindex, &macs, &n) < 0)
		return;
	out->fdb_read = true;
	out->fdb = mem_new(n, sizeof(*out->fdb));
	out->n_fdb = n;
	for (size_t i = 0; i < n; i++)
		out->fdb[i] = (struct fdb_entry){ true, macs[i] };
	if (n)
		qsort(out->fdb, n, sizeof(*out->fdb), mac_cmp);
	free(macs);
}

/* Writes a byte per PF, an enum eswitch. */
static void tell_eswitches(int fd, int rootfd _unused_, void *arg)
{
	const struct inventory *inv = arg;

	for (size_t p = 0; p < inv->n_pfs; p++) {
		struct pciaddr a = inventory_pf_dev(inv, &inv->pfs[p])->addr;
		enum eswitch mode = ESWITCH_UNKNOWN;
		uint8_t byte;

		if (setnl_get_eswitch(pciaddr_bus(a), pciaddr_text(a).s, &mode) < 0)
			mode = ESWITCH_UNKNOWN;
		byte = (uint8_t)mode;
		if (write(fd, &byte, 1) != 1)
			return;
	}
}

static void read_eswitches(struct scan *s)
{
	struct inventory *inv = s->inv;
	_cleanup_free_ uint8_t *modes = mem_new(inv->n_pfs, 1);

	/* What came before the deadline is there. */
	(void)bounded_run(tell_eswitches, -1, inv, modes, inv->n_pfs, ESWITCH_MS);
	for (size_t p = 0; p < inv->n_pfs; p++)
		inv->pfs[p].settings.eswitch = (enum eswitch)modes[p];
}

void scan_settings(struct scan *s)
{
	if (!s->live)
		return;
	for (size_t p = 0; p < s->inv->n_pfs; p++) {
		struct pf *pf = &s->inv->pfs[p];
		const struct netdev *n = inventory_pf_netdev(s->inv, pf);

		if (n && s->what & SCAN_SETTING(PFSET_FEATURES))
			read_features(s, n->ifindex, &pf->settings);
		if (n && s->what & SCAN_SETTING(PFSET_FDB))
			read_fdb(n->ifindex, &pf->settings);
	}
	if (s->inv->n_pfs && s->what & SCAN_SETTING(PFSET_ESWITCH))
		read_eswitches(s);
}
