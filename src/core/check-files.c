/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks for other programs that write what sriovctl writes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "core/check-rows.h"

#define UNREAD_MAX 3 /* files that are named */

/* What a line does, and what to do about it. */
static const struct {
	const char *where; /* nothing was found */
	const char *what;
	const char *next; /* NULL: it depends on the file */
} words[_WRITER_MAX] = {
	[WRITER_LINK] = { "in no .link file of systemd",
		"systemd-udevd sets the number of VFs, to 0 first, and what they are "
		"like",
		"take it out, then udevadm control --reload; or leave that PF out of the policy" },
	[WRITER_NETWORKD] = { "in no .network file of systemd",
		"systemd-networkd sets what VFs are like",
		"take the section out, then networkctl reload; or leave that PF out of the "
		"policy" },
	[WRITER_NM] = { "neither in NetworkManager's configuration nor in a connection",
		"NetworkManager sets the number of VFs, and what they are like, whenever "
		"it activates the PF",
		"take it out, then nmcli general reload; or leave that PF out of the policy" },
	[WRITER_NETPLAN] = { "in no file of /etc/netplan",
		"netplan creates VFs at boot, and gives them drivers",
		"take it out, then netplan generate; or leave that PF out of the policy" },
	[WRITER_SYSFS] = { "neither in /etc/sysfs.conf nor in /etc/sysfs.d",
		"sysfsutils writes it at boot",
		"take the line out; or leave that PF out of the policy" },
	[WRITER_DRIVERCTL] = { "/etc/driverctl.d has no PF and no VF",
		"driverctl gives the device that driver whenever it appears", NULL },
	[WRITER_VFIO_IDS] = { "neither in modprobe.d nor on the kernel's command line",
		"vfio-pci takes the PF, or VFs that are for the host, as well",
		"take these IDs out; the policy's \"driver\" says it for each VF" },
	[WRITER_INTERFACES] = { "in no file of /etc/network",
		"ifupdown does it whenever the interface is set up",
		"take the line out; the policy says it" },
	[WRITER_UDEV] = { "in no rule but those of sriovctl",
		"udev does it with each event of the device",
		"take the rule out, then udevadm control --reload; the policy says it" },
	[WRITER_CRON] = { "in no crontab", "cron does it",
		"take the line out; the policy says it" },
	[WRITER_RC_LOCAL] = { "not in /etc/rc.local", "it is done at boot, after sriov.service",
		"take the line out; the policy says it" },
	[WRITER_UNIT] = { "in no unit of systemd",
		"that unit does it, before or after sriov.service", NULL },
	[WRITER_SCRIPT] = { "neither in /usr/local/bin nor in scripts of ifupdown, NetworkManager, "
			    "cron",
		"does it whenever something runs it",
		"see what runs it, and take that out; the policy says it" },
};

/* --- what a line is about --------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The address that driverctl's file is about, behind "pci-": or NULL. */
static const char *driverctl_address(const char *file)
{
	const char *name = base_name(file);

	return strncmp(name, "pci-", 4) == 0 ? name + 4 : name;
}

/* Whether the device is, or could be, a PF or a VF. One that is not there could be a VF. */
static bool is_ours(const struct inventory *inv, const char *address)
{
	struct pciaddr a;
	int dev;

	if (pciaddr_parse(address, &a) < 0)
		return false;
	dev = inventory_dev(inv, a);
	return dev < 0 || inv->devs[dev].pf >= 0;
}

/* Whether a list of IDs in TEXT has that of a PF or of its VFs. */
static bool has_id(const struct inventory *inv, const char *text)
{
	for (size_t p = 0; p < inv->n_pfs; p++) {
		const struct dev *d = inventory_pf_dev(inv, &inv->pfs[p]);
		char pf[12], vf[12];

		snprintf(pf, sizeof(pf), "%04x:%04x", d->vendor, d->device);
		snprintf(vf, sizeof(vf), "%04x:%04x", d->vendor, inv->pfs[p].vf_device);
		if (strcasestr(text, pf) || strcasestr(text, vf))
			return true;
	}
	return false;
}

static bool matters(const struct checker *c, const struct facts_line *l)
{
	if (l->who == WRITER_DRIVERCTL)
		return is_ours(c->inv, driverctl_address(l->file));
	return l->who != WRITER_VFIO_IDS || has_id(c->inv, l->text);
}

/* The unit that FILE is of: of a drop-in, that of its directory. */
static void add_unit(struct buf *b, const char *file)
{
	const char *dir = strstr(file, ".service.d/");
	const char *end = dir ? dir + strlen(".service") : file + strlen(file), *start = end;

	while (start > file && start[-1] != '/')
		start--;
	buf_addn(b, start, (size_t)(end - start));
}

/* What is to be done about a unit: guides call theirs as ours is called. */
static void advise_unit(struct checker *c, const char *file, const char *unit)
{
	if (strcmp(unit, "sriov.service") == 0 && strstr(file, ".service.d/") == NULL)
		check_next(c,
			"remove %s, which also hides sriovctl's own unit of that name, then "
			"systemctl daemon-reload; the policy says it",
			file);
	else
		check_next(c, "systemctl disable %s; the policy says it", unit);
}

static void advise(struct checker *c, const struct facts_line *l)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (strcmp(l->file, "/proc/cmdline") == 0) {
		check_next_boot(c, "", false, l->text);
	} else if (l->who == WRITER_UNIT) {
		add_unit(&b, l->file);
		advise_unit(c, l->file, buf_text(&b));
	} else if (l->who == WRITER_DRIVERCTL) {
		check_next(c, "driverctl unset-override %s; the policy's \"driver\" says it",
			driverctl_address(l->file));
	} else {
		check_next(c, "%s", words[l->who].next);
	}
}

void check_writer(struct checker *c)
{
	enum writer_kind who = c->row->who;
	bool told = false;

	for (size_t i = 0; i < c->facts->n_lines; i++) {
		const struct facts_line *l = &c->facts->lines[i];

		if (l->who != who || !matters(c, l))
			continue;
		told = true;
		check_add(c, CHECK_WARN, "%s: %s", l->text, words[who].what);
		check_about_line(c, l->file, l->line);
		advise(c, l);
	}
	if (!told)
		check_add(c, CHECK_PASS, "%s", words[who].where);
}

static const char *why(int error)
{
	if (error == EFBIG)
		return "longer than 256 KiB";
	if (error == E2BIG)
		return "there is too much of it all";
	return error == EINVAL ? "not a text" : err_name(error);
}

void check_unread(struct checker *c)
{
	const struct facts *f = c->facts;
	_cleanup_(buf_done) struct buf b = { 0 };
	bool denied = false;

	for (size_t i = 0; i < f->n_unread; i++) {
		denied |= f->unread[i].error == EACCES;
		if (i < UNREAD_MAX)
			buf_addf(&b, "%s%s (%s)", i ? ", " : "", f->unread[i].file,
				why(f->unread[i].error));
	}
	if (f->n_unread > UNREAD_MAX)
		buf_addf(&b, " and %zu more", f->n_unread - UNREAD_MAX);
	if (!f->n_unread) {
		check_add(c, CHECK_PASS, "all that are there");
		return;
	}
	check_add(c, CHECK_WARN, "not looked at: %s", buf_text(&b));
	check_next(c, "%s",
		denied ? "run it again as root" : "look at them yourself, for sriov_numvfs");
}
