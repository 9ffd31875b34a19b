/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of the kernel: IOMMU, interrupts, VFIO, modules. */
#include <string.h>

#include "core/check-rows.h"
#include "core/match.h"

static bool is_cpu(const struct checker *c, const char *vendor)
{
	return c->facts->cpu_vendor && strcmp(c->facts->cpu_vendor, vendor) == 0;
}

static int int_cmp(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static size_t count_groups(const struct inventory *inv)
{
	_cleanup_free_ int *groups = mem_new(inv->n_devs, sizeof(*groups));
	size_t n = 0;

	for (size_t i = 0; i < inv->n_devs; i++)
		groups[i] = inv->devs[i].iommu_group;
	qsort(groups, inv->n_devs, sizeof(*groups), int_cmp);
	for (size_t i = 0; i < inv->n_devs; i++)
		n += groups[i] >= 0 && (i == 0 || groups[i] != groups[i - 1]);
	return n;
}

static void advise_iommu(struct checker *c)
{
	static const char *const off[] = { "iommu=off", "intel_iommu=off", "amd_iommu=off" };
	bool intel = is_cpu(c, "GenuineIntel"), amd = is_cpu(c, "AuthenticAMD");

	for (size_t i = 0; i < ARRAY_SIZE(off); i++)
		if (facts_has_word(c->facts, off[i])) {
			check_next_boot(c, "", false, off[i]);
			return;
		}
	if (amd) {
		check_next(c, "switch the IOMMU (AMD-Vi, often below \"NBIO\" or \"North Bridge\") "
			      "on in the firmware's setup, and SVM; the kernel needs no parameter");
		return;
	}
	if (facts_has_word(c->facts, "intel_iommu=on")) {
		check_next(c, "switch VT-d on in the firmware's setup; intel_iommu=on is on the "
			      "kernel's command line already");
		return;
	}
	check_next_boot(c,
		intel ? "switch VT-d on in the firmware's setup; then "
		      : "switch the IOMMU (Intel: VT-d, AMD: AMD-Vi) on in the firmware's setup; "
			"on Intel, then ",
		true, "intel_iommu=on");
}

void check_iommu(struct checker *c)
{
	size_t groups = count_groups(c->inv);

	if (c->inv->has_iommu && groups) {
		check_add(c, CHECK_PASS, "/sys/class/iommu is not empty, %zu groups", groups);
		return;
	}
	if (!check_wants_any_vfio(c)) {
		check_add(c, CHECK_SKIP, "there is none in use; no VF is to go to a guest");
		return;
	}
	check_add(c, CHECK_FAIL,
		c->inv->has_iommu
			? "there is an IOMMU, but no device is in a group of it: vfio-pci refuses "
			  "every VF"
			: "/sys/class/iommu is empty, the kernel uses no IOMMU: vfio-pci refuses "
			  "every VF");
	advise_iommu(c);
}

static bool is_unsafe(const struct checker *c)
{
	const char *v = facts_param(c->facts, "vfio_iommu_type1", "allow_unsafe_interrupts");

	return v && strchr("Yy1", *v) && *v;
}

void check_interrupt_remapping(struct checker *c)
{
	static const char *const off[] = { "intremap=off", "nointremap", "iommu=noir" };

	if (!c->inv->has_iommu) {
		check_add(c, CHECK_SKIP, "it takes an IOMMU");
		return;
	}
	if (c->facts->irq_remap == REMAP_UNKNOWN) {
		check_add(c, CHECK_SKIP, "/proc/interrupts does not tell");
		return;
	}
	if (c->facts->irq_remap == REMAP_ON) {
		check_add(c, CHECK_PASS, "/proc/interrupts has remapped ones");
		return;
	}
	check_add(c, is_unsafe(c) ? CHECK_WARN : CHECK_FAIL,
		"no interrupt in /proc/interrupts is remapped: %s",
		is_unsafe(c) ? "allow_unsafe_interrupts lets VFIO work nevertheless"
			     : "VFIO refuses to give a device to a guest");
	for (size_t i = 0; i < ARRAY_SIZE(off); i++)
		if (facts_has_word(c->facts, off[i])) {
			check_next_boot(c, "", false, off[i]);
			return;
		}
	check_next(c,
		"switch interrupt remapping (or x2APIC) on in the firmware's setup, or update "
		"it; if the machine has none, and all guests can be trusted: put \"options "
		"vfio_iommu_type1 allow_unsafe_interrupts=1\" into "
		"/etc/modprobe.d/vfio.conf, run update-initramfs -u, reboot");
}

/* Adds a result for each line that WHO is told by; returns how many. */
static size_t add_lines(struct checker *c, enum check_verdict v, enum writer_kind who,
	const char *what, const char *next)
{
	size_t n = 0;

	for (size_t i = 0; i < c->facts->n_lines; i++) {
		const struct facts_line *l = &c->facts->lines[i];

		if (l->who != who)
			continue;
		check_add(c, v, "%s: %s", l->text, what);
		check_about_line(c, l->file, l->line);
		check_next(c, "%s", next);
		n++;
	}
	return n;
}

void check_unsafe_interrupts(struct checker *c)
{
	const char *next = c->facts->irq_remap == REMAP_ON
				   ? "take it out: this machine remaps interrupts"
				   : "use it only as long as all guests can be trusted";

	if (add_lines(c, CHECK_WARN, WRITER_UNSAFE,
		    "a guest can send the host any interrupt, and crash it or more", next))
		return;
	if (is_unsafe(c)) {
		check_add(c, CHECK_WARN,
			"vfio_iommu_type1 allows unsafe interrupts now: a guest can send the host "
			"any interrupt");
		check_next(c, "%s",
			c->facts->irq_remap == REMAP_ON
				? "echo N > "
				  "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"
				: next);
		return;
	}
	check_add(c, CHECK_PASS, "allow_unsafe_interrupts is off, and nothing sets it");
}

void check_acs_override(struct checker *c)
{
	if (!c->facts->cmdline) {
		check_add(c, CHECK_SKIP, "/proc/cmdline cannot be read");
		return;
	}
	if (!strstr(c->facts->cmdline, "pcie_acs_override")) {
		check_add(c, CHECK_PASS, "the kernel's command line has no pcie_acs_override");
		return;
	}
	check_add(c, CHECK_WARN,
		"pcie_acs_override is on the kernel's command line: groups look isolated that are "
		"not, so devices of guests may reach each other and the host");
	check_next_boot(c, "unless all guests can be trusted, ", false, "pcie_acs_override");
}

/* Cards of this vendor are set up by a tool that writes to configuration space. */
static bool has_mellanox(const struct inventory *inv)
{
	for (size_t i = 0; i < inv->n_devs; i++)
		if (inv->devs[i].vendor == 0x15b3)
			return true;
	return false;
}

void check_lockdown(struct checker *c)
{
	const char *mode = c->facts->lockdown;

	if (!mode || strcmp(mode, "none") == 0) {
		check_add(c, CHECK_PASS,
			mode ? "/sys/kernel/security/lockdown: none"
			     : "there is no /sys/kernel/security/lockdown");
		return;
	}
	if (!has_mellanox(c->inv)) {
		check_add(c, CHECK_PASS,
			"locked down (%s), which VFs and VFIO do not mind; modules without a "
			"signature (DKMS) are not loaded",
			mode);
		return;
	}
	check_add(c, CHECK_WARN,
		"locked down (%s): VFs and VFIO work, but mlxconfig cannot write to the card, and "
		"modules without a signature (DKMS) are not loaded",
		mode);
	check_next(c, "if the card's firmware is yet to be set up, switch Secure Boot off in the "
		      "firmware's setup for as long as that takes");
}

/* --- modules ---------------------------------------------------------------------------------- */

static const char *state_name(enum facts_state s)
{
	static const char *const names[] = { "not known", "missing", "can be loaded", "built in",
		"loaded" };

	return names[s];
}

/* Adds that the modules with the names in MISSING are not there. */
static void add_missing(struct checker *c, const char *missing, const char *why)
{
	const char *release = c->facts->release ? c->facts->release : "(not known)";

	check_add(c, CHECK_FAIL, "not there for kernel %s: %s; %s", release, missing, why);
	if (!c->facts->has_modules)
		check_next(c,
			"/lib/modules/%s is missing as a whole: if the kernel was updated, reboot",
			release);
	else
		check_next(c,
			"install the package that has it: linux-modules-extra-%s on Ubuntu; on "
			"Debian boot a kernel without \"cloud\" in its name",
			release);
}

void check_vfio_modules(struct checker *c)
{
	/* Linux 6.2 has made the last one a part of the first. */
	static const char *const names[] = { "vfio", "vfio_pci", "vfio_iommu_type1",
		"vfio_virqfd" };
	size_t n = facts_kernel_is(c->facts, 6, 2) ? 3 : 4, bad = 0, unknown = 0;
	_cleanup_(buf_done) struct buf all = { 0 }, missing = { 0 };

	if (!check_wants_any_vfio(c)) {
		check_add(c, CHECK_SKIP, "no VF is to go to a guest");
		return;
	}
	bad += add_lines(c, CHECK_FAIL, WRITER_BLACKLIST, "keeps VFIO from being loaded",
		"take it out, run update-initramfs -u, reboot");
	if (n == 3)
		bad += add_lines(c, CHECK_WARN, WRITER_VIRQFD,
			"Linux 6.2 and newer have no such module, and the boot complains of it",
			"take the line out");
	for (size_t i = 0; i < n; i++) {
		enum facts_state s = facts_module(c->facts, names[i]);

		if (s == MODULE_ABSENT)
			buf_addf(&missing, "%s%s", missing.len ? ", " : "", names[i]);
		unknown += s == MODULE_UNKNOWN;
		buf_addf(&all, "%s%s %s", i ? ", " : "", names[i], state_name(s));
	}
	if (missing.len)
		add_missing(c, buf_text(&missing), "no VF can go to a guest");
	else if (!bad)
		check_add(c, unknown ? CHECK_SKIP : CHECK_PASS, "%s", buf_text(&all));
}

/* Appends NAME to the list B of words that end with a blank, unless it has it. */
static bool is_new(struct buf *b, const char *name)
{
	_cleanup_(buf_done) struct buf word = { 0 };

	buf_addf(&word, " %s ", name);
	if (strstr(buf_text(b), buf_text(&word)))
		return false;
	buf_add(b, buf_text(&word));
	return true;
}

/* The drivers of VFs, as they are found. */
struct drivers {
	struct checker *c;
	struct buf seen, there, unknown;
	bool missing; /* a result says that one is */
};

/* Looks at the driver NAME of a VF. */
static void look_at_driver(const char *name, void *arg)
{
	struct drivers *d = arg;
	enum facts_state state = facts_module(d->c->facts, name);
	struct buf *list = &d->there;

	if (strcmp(name, VF_DRIVER_NONE) == 0 || !is_new(&d->seen, name))
		return;
	if (!inventory_has_driver(d->c->inv, name) && state == MODULE_ABSENT) {
		add_missing(d->c, name, "VFs are to have that driver");
		d->missing = true;
		return;
	}
	if (!inventory_has_driver(d->c->inv, name) && state == MODULE_UNKNOWN)
		list = &d->unknown;
	buf_addf(list, "%s%s", list->len ? ", " : "", name);
}

/* The policy's own words for PFs that are here: those that cannot be so are not in what is wanted.
 */
static void look_at_policy(struct drivers *d)
{
	const struct checker *c = d->c;

	for (size_t e = 0; c->in->policy && e < c->in->policy->n_pfs; e++) {
		const struct pf_policy *entry = &c->in->policy->pfs[e];
		bool is_here = false;

		for (size_t p = 0; !is_here && p < c->inv->n_pfs; p++)
			is_here = match_fits(entry, c->inv, p);
		if (is_here && policy_for_host(entry, c->inv->hostname))
			policy_each_driver(entry, look_at_driver, d);
	}
}

void check_driver_modules(struct checker *c)
{
	struct drivers d = { .c = c };
	const struct want *w = c->in->want;

	for (size_t p = 0; w && p < w->n_pfs; p++)
		for (unsigned i = 0; i < w->pfs[p].n_vfs; i++)
			if (vf_has(&w->pfs[p].vfs[i].attrs, VF_DRIVER))
				look_at_driver(w->pfs[p].vfs[i].attrs.v[VF_DRIVER].s, &d);
	look_at_policy(&d);
	if (d.there.len && !d.missing)
		check_add(
			c, CHECK_PASS, "of these drivers none is missing: %s", buf_text(&d.there));
	if (d.unknown.len)
		check_add(c, CHECK_SKIP, "it is not known whether this host has %s",
			buf_text(&d.unknown));
	if (!d.seen.len)
		check_add(c, CHECK_SKIP, "no driver is asked for");
	buf_done(&d.seen);
	buf_done(&d.there);
	buf_done(&d.unknown);
}
