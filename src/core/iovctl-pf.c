/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which PF of a host a name of FreeBSD's may mean. */
#include <string.h>

#include "core/iovctl.h"

/* Devices of FreeBSD that can have VFs, and the drivers of Linux for the same cards. */
static const struct family {
	const char *freebsd, *driver;
} families[] = {
	{ "bnxt", "bnxt_en" },
	{ "cc", "cxgb4" },
	{ "cxl", "cxgb4" },
	{ "ice", "ice" },
	{ "igb", "igb" },
	{ "ix", "ixgbe" },
	{ "ixl", "i40e" },
	{ "mce", "mlx5_core" },
	{ "ql", "qede" },
};

/* The driver for the device called NAME, and its number there; NULL: not known. */
static const char *driver_of(const char *name, size_t *ret)
{
	size_t len = strcspn(name, "0123456789");
	const char *digits = name + len;

	if (!*digits || strlen(digits) > 3 || digits[strspn(digits, "0123456789")])
		return NULL;
	*ret = (size_t)strtoul(digits, NULL, 10);
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		if (strlen(families[i].freebsd) == len &&
			memcmp(families[i].freebsd, name, len) == 0)
			return families[i].driver;
	return NULL;
}

static bool has_driver(const struct inventory *inv, size_t pf, const char *driver)
{
	const char *have = inventory_pf_dev(inv, &inv->pfs[pf])->driver;

	return have && driver && strcmp(have, driver) == 0;
}

/* Index of PF number N of those with DRIVER, by rising address; or -1, and in *RET_N how many. */
static int nth_of(const struct inventory *inv, const char *driver, size_t n, size_t *ret_n)
{
	*ret_n = 0;
	for (size_t i = 0; i < inv->n_pfs; i++)
		if (has_driver(inv, i, driver) && (*ret_n)++ == n)
			return (int)i;
	return -1;
}

/* What there is that can be meant. */
static void propose(struct buf *b, const char *device, const struct inventory *inv)
{
	size_t unit = 0, n, pf;
	const char *driver = driver_of(device, &unit);
	int found = nth_of(inv, driver, unit, &n);

	pf = found < 0 ? 0 : (size_t)found;
	if (found >= 0) {
		buf_add(b, "if the cards are the same, in the same order, it is ");
		inventory_pf_names(inv, &pf, 1, b);
		return;
	}
	if (driver && n)
		buf_addf(b, "its driver here would be %s, which only %zu PF%s of this host %s; ",
			driver, n, n == 1 ? "" : "s", n == 1 ? "has" : "have");
	else if (driver)
		buf_addf(b, "its driver here would be %s, which no PF of this host has; ", driver);
	buf_add(b, "this host has ");
	inventory_pf_names(inv, NULL, inv->n_pfs, b);
	if (!inv->n_pfs)
		buf_add(b, "no PF with SR-IOV at all");
}

void iovctl_note_pf(const struct iovctl *f, const struct inventory *inv, int pf, struct diag *notes)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	size_t unit, which = pf < 0 ? 0 : (size_t)pf;
	const char *driver = driver_of(f->device, &unit);

	if (pf < 0) {
		propose(&b, f->device, inv);
		diag_add(notes, f->device_at, -1,
			"%s says nothing about this host, so \"match\" is empty: name the PF that "
			"is meant as an argument, by address or interface; %s",
			f->device, buf_text(&b));
	} else if (driver && !has_driver(inv, which, driver)) {
		inventory_pf_names(inv, &which, 1, &b);
		diag_add(notes, f->device_at, -1,
			"%s is a card for driver %s, which %s has not: is it the right one?",
			f->device, driver, buf_text(&b));
	}
}
