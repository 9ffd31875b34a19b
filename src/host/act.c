/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doing: one small function per kind of step. */
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "host/act.h"
#include "host/busy.h"
#include "host/genfiles.h"
#include "host/modules.h"
#include "host/units.h"
#include "host/vfname.h"
#include "host/vfnl.h"

#define PATH_SIZE 192

/* How long to wait for the link to come back before a rate is set: creating VFs takes igb's link
 * down for a second, real copper needs 2 to 4 (kernel-facts §5.3). */
#define CARRIER_MS 10000

#define NUMVFS_TRIES 25 /* of 0.2 s */

#define LOAD_MS 60000 /* a module with firmware may take seconds */

/* What a step function gets. */
struct act {
	int rootfd;
	const struct plan_pf *pf;
	const struct step *step;
	struct err *err;
};

static void pf_path(const struct act *a, const char *file, char path[static PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "sys/bus/pci/devices/%s/%s", pciaddr_text(a->pf->addr).s, file);
}

/* The address of the step's VF as the kernel links it now: computed ones are predictions (§2.1). */
static int vf_address(const struct act *a, struct pciaddr_text *ret)
{
	char path[PATH_SIZE], file[32];
	struct pciaddr addr;
	int r;

	snprintf(file, sizeof(file), "virtfn%d", a->step->vf);
	pf_path(a, file, path);
	r = file_link_name(a->rootfd, path, ret->s, sizeof(ret->s));
	if (r < 0)
		return err_set(a->err, r, "the PF has no such VF: %s", err_name(r));
	r = pciaddr_parse(ret->s, &addr);
	if (r < 0)
		return err_set(a->err, r, "%s does not lead to a PCI device", file);
	return 0;
}

static int vf_path(const struct act *a, const char *file, char path[static PATH_SIZE])
{
	struct pciaddr_text vf;
	int r = vf_address(a, &vf);

	if (r < 0)
		return r;
	snprintf(path, PATH_SIZE, "sys/bus/pci/devices/%s/%s", vf.s, file);
	return 0;
}

/*
 * In its service, this process may not load modules; systemd's own unit for that may. Its modprobe's failure
 * is not its own, so what counts is that the driver is there.
 */
static int load_by_unit(const struct act *a)
{
	char unit[128], path[PATH_SIZE];
	const char *driver = a->step->after.s;
	int r;

	snprintf(unit, sizeof(unit), "modprobe@%s.service", driver);
	for (char *c = unit; *c; c++) /* the same to modprobe, and '-' means '/' in a unit's name */
		*c = *c == '-' ? '_' : *c;
	r = units_start(unit, LOAD_MS, a->err);
	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s", driver);
	if (!file_exists(a->rootfd, path))
		return err_set(a->err, -ENOENT,
			"%s was run and there still is no driver %s; see dmesg, and "
			"`modprobe -v %s`",
			unit, driver, driver);
	return 0;
}

static int act_load_driver(const struct act *a)
{
	int r = modules_load_driver(a->step->after.s, a->err);

	return r == -EPERM ? load_by_unit(a) : r;
}

/* Where IPv6 is off there is no such file, and no such step. */
static int act_pf_ra(const struct act *a)
{
	char path[PATH_SIZE], name[IF_NAMESIZE], text[24];
	uint64_t now;
	int r;

	if (!if_indextoname((unsigned)a->pf->ifindex, name))
		return err_set(a->err, -errno, "its interface has gone: %s", err_name(-errno));
	snprintf(path, sizeof(path), "proc/sys/net/ipv6/conf/%s/accept_ra", name);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)a->step->after.n);
	r = file_write(a->rootfd, path, text);
	if (r >= 0)
		r = file_read_number(a->rootfd, path, 10, INT_MAX, &now);
	if (r < 0)
		return err_set(a->err, r, "/%s: %s", path, err_name(r));
	if (now != a->step->after.n)
		return err_set(
			a->err, -EIO, "the kernel took the write, but the value did not change");
	return 0;
}

static int act_pf_up(const struct act *a)
{
	int r = vfnl_set_up(a->pf->ifindex, a->step->after.n);

	if (r < 0)
		return err_set(a->err, r, "%s", err_name(r));
	return 0;
}

static int act_autoprobe(const struct act *a)
{
	char path[PATH_SIZE];
	uint64_t now;
	int r;

	pf_path(a, "sriov_drivers_autoprobe", path);
	r = file_write(a->rootfd, path, a->step->after.n ? "1" : "0");
	if (r >= 0)
		r = file_read_number(a->rootfd, path, 10, 1, &now);
	if (r < 0)
		return err_set(a->err, r, "%s", err_name(r));
	if (now != a->step->after.n)
		return err_set(
			a->err, -EIO, "the kernel took the write, but the value did not change");
	return 0;
}

static int count_vf(int dirfd _unused_, const char *name, void *arg)
{
	if (strncmp(name, "virtfn", 6) == 0)
		++*(unsigned *)arg;
	return 0;
}

/* Reading sriov_numvfs would wait for whoever is stuck in it; the links tell as much (§1.7). */
static int count_vfs(const struct act *a, unsigned *ret)
{
	char path[PATH_SIZE];

	*ret = 0;
	pf_path(a, ".", path);
	return file_each(a->rootfd, path, count_vf, ret);
}

/* What a refusal of sriov_numvfs means (kernel-facts §1.2, §1.3). */
static const char *numvfs_hint(int code)
{
	switch (-code) {
	case ERANGE:
		return "more than the driver allows (sriov_totalvfs)";
	case ENOENT:
		return "the PF has no driver that can create VFs";
	case EBUSY:
		return "there are VFs already, or another program is changing their number";
	case ENOMEM:
		return "no room for the VFs in the PCI address space or bus numbers: switch on "
		       "\"SR-IOV\" and \"Above 4G decoding\" in the firmware, or try pci=realloc "
		       "or pci=assign-busses on the kernel command line; dmesg says which";
	case ENOSPC:
		return "the device has no interrupt vectors or queues left for so many VFs";
	case EPERM:
	case EOPNOTSUPP:
		return "the PF's driver refuses so many VFs in its present configuration; see "
		       "dmesg";
	case EIO:
	case EINVAL:
		return "the device or its driver refuses; see dmesg";
	default:
		return "see dmesg";
	}
}

/* A driver that is not ready yet says EAGAIN or EBUSY for a moment (ice at boot: kernel-facts
 * §1.3). */
static int write_patiently(const struct act *a, const char *path, const char *text)
{
	const struct timespec pause = { .tv_nsec = 200000000 };
	unsigned have;
	int r = file_write(a->rootfd, path, text);

	for (int i = 0; i < NUMVFS_TRIES && (r == -EAGAIN || r == -EBUSY); i++) {
		if (count_vfs(a, &have) < 0 || have > 0)
			break;
		nanosleep(&pause, NULL);
		r = file_write(a->rootfd, path, text);
	}
	return r;
}

static int write_numvfs(const struct act *a, uint64_t n)
{
	char path[PATH_SIZE], text[24];
	unsigned have;
	int r;

	pf_path(a, "sriov_numvfs", path);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	r = write_patiently(a, path, text);
	if (r < 0)
		return err_set(a->err, r, "%s: %s", err_name(r), numvfs_hint(r));
	r = count_vfs(a, &have);
	if (r < 0)
		return err_set(a->err, r, "cannot count the VFs: %s", err_name(r));
	/* Some drivers create fewer, or none, and report success (bnxt_en: kernel-facts §1.2). */
	if (have != n)
		return err_set(a->err, -EIO,
			"the driver reported success, but there are %u VFs; see dmesg for its "
			"reason",
			have);
	return 0;
}

/* Whether the VF called NAME below the PF's directory is in use; its address is in the message. */
static int check_idle(int dirfd, const char *name, void *arg)
{
	const struct act *a = arg;
	struct pciaddr_text vf;

	if (strncmp(name, "virtfn", 6) != 0 || file_link_name(dirfd, name, vf.s, sizeof(vf.s)) < 0)
		return 0;
	return busy_check(a->rootfd, true, vf.s, a->err);
}

static int act_vfs_remove(const struct act *a)
{
	char path[PATH_SIZE];
	int r = 0;

	pf_path(a, ".", path);
	if (!a->pf->forced)
		r = file_each(a->rootfd, path, check_idle, (void *)a);
	return r < 0 ? r : write_numvfs(a, 0);
}

static int act_vfs_create(const struct act *a)
{
	return write_numvfs(a, a->step->after.n);
}

/* The name of the driver that holds the VF, "" for none. */
static int vf_driver(const struct act *a, char *name, size_t size)
{
	char path[PATH_SIZE];
	int r = vf_path(a, "driver", path);

	if (r < 0)
		return r;
	name[0] = '\0';
	r = file_link_name(a->rootfd, path, name, size);
	if (r < 0 && r != -ENOENT)
		return err_set(a->err, r, "cannot read its driver: %s", err_name(r));
	return 0;
}

static int act_vf_unbind(const struct act *a)
{
	struct pciaddr_text vf;
	char path[PATH_SIZE], now[64];
	int r = vf_address(a, &vf);

	if (r == 0 && !a->pf->forced)
		r = busy_check(a->rootfd, true, vf.s, a->err);
	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s/unbind", a->step->before.s);
	r = file_write(a->rootfd, path, vf.s);
	if (r < 0 && r != -ENODEV)
		return err_set(a->err, r, "%s", err_name(r));
	r = vf_driver(a, now, sizeof(now));
	if (r == 0 && now[0])
		return err_set(a->err, -EBUSY, "it is still bound to %s", now);
	return r;
}

static int act_vf_override(const struct act *a)
{
	const char *want = a->step->after.s;
	char path[PATH_SIZE], now[64];
	int r = vf_path(a, "driver_override", path);

	if (r < 0)
		return r;
	/* Only a newline clears it: sysfs swallows an empty write (kernel-facts §3.1). */
	r = file_write(a->rootfd, path, want ? want : "\n");
	if (r >= 0)
		r = file_read(a->rootfd, path, now, sizeof(now));
	if (r < 0)
		return err_set(a->err, r, "%s", err_name(r));
	if (strcmp(now, want ? want : "(null)") != 0)
		return err_set(a->err, -EIO, "driver_override is still %s", now);
	return 0;
}

/* What a refusal of `bind` means (kernel-facts §3.1). */
static const char *bind_hint(int code)
{
	switch (-code) {
	case ENOENT:
		return "no such driver is registered; is its module there?";
	case ENODEV:
		return "the driver does not take this device";
	case EINVAL:
		return "vfio-pci says so where the IOMMU is off; else see dmesg";
	case EBUSY:
		return "another device of its IOMMU group is given to a guest, or the device is "
		       "held";
	default:
		return "the driver's probe failed; see dmesg";
	}
}

static int act_vf_bind(const struct act *a)
{
	const char *want = a->step->after.s;
	struct pciaddr_text vf;
	char path[PATH_SIZE], now[64];
	int r = vf_address(a, &vf), w;

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s/bind", want);
	w = file_write(a->rootfd, path, vf.s);
	r = vf_driver(a, now, sizeof(now));
	if (r < 0)
		return r;
	/* Loading the module binds overridden VFs already: EBUSY with the right driver is fine
	 * (§12). */
	if (strcmp(now, want) == 0)
		return 0;
	if (w < 0 && now[0])
		return err_set(a->err, w, "the driver %s has taken the VF", now);
	if (w < 0)
		return err_set(a->err, w, "%s: %s", err_name(w), bind_hint(w));
	return err_set(a->err, -EIO, "the kernel took the write, but the driver is %s",
		now[0] ? now : VF_DRIVER_NONE);
}

static int act_file(const struct act *a)
{
	return genfiles_run(a->rootfd, a->step, a->err);
}

/* Drivers that refuse rates while there is no carrier (kernel-facts §4.3). */
static bool rates_need_carrier(const char *driver)
{
	static const char *const drivers[] = { "igb", "ixgbe" };

	for (size_t i = 0; driver && i < ARRAY_SIZE(drivers); i++)
		if (strcmp(drivers[i], driver) == 0)
			return true;
	return false;
}

/* Whether a step that resets its VF may go on: nobody has begun to use the VF since the plan was
 * made. */
static int check_reset(int rootfd, const struct plan_pf *pf, const struct step *s, struct err *e)
{
	const struct act a = { rootfd, pf, s, e };
	struct pciaddr_text vf;
	int r;

	if (s->effect != STEP_RESETS_VF || pf->forced)
		return 0;
	r = vf_address(&a, &vf);
	return r < 0 ? r : busy_check(rootfd, true, vf.s, e);
}

static int act_vf_name(const struct act *a)
{
	struct pciaddr_text vf;
	int r = vf_address(a, &vf);

	if (r == 0)
		r = check_reset(a->rootfd, a->pf, a->step, a->err);
	return r < 0 ? r : vfname_set(a->rootfd, vf.s, a->step->after.s, a->err);
}

/* Attributes go together, but for those of VFs that have come into use. */
static int act_attrs(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res)
{
	_cleanup_free_ struct step *go = mem_new(n, sizeof(*go));
	_cleanup_free_ struct step_result *went = mem_new(n, sizeof(*went));
	size_t n_go = 0, at = 0;
	int first = 0;

	/* The wait is in vain where there is no cable; the driver's answer is then the error. */
	if (vf_attr(steps[0].attr)->late && rates_need_carrier(pf->driver))
		(void)vfnl_wait_carrier(pf->ifindex, CARRIER_MS);
	for (size_t i = 0; i < n; i++) {
		res[i].code = check_reset(rootfd, pf, &steps[i], &res[i].err);
		if (res[i].code == 0)
			go[n_go++] = steps[i];
	}
	if (n_go)
		vfnl_set(pf->ifindex, pf->driver, go, n_go, went);
	for (size_t i = 0; i < n; i++) {
		if (res[i].code == 0)
			res[i] = went[at++];
		if (first == 0)
			first = res[i].code;
	}
	return first;
}

int act_run(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res)
{
	static int (*const act_on[_STEP_KIND_MAX])(const struct act *) = {
		[STEP_LOAD_DRIVER] = act_load_driver,
		[STEP_PF_RA] = act_pf_ra,
		[STEP_PF_UP] = act_pf_up,
		[STEP_AUTOPROBE] = act_autoprobe,
		[STEP_VFS_REMOVE] = act_vfs_remove,
		[STEP_VFS_CREATE] = act_vfs_create,
		[STEP_VF_UNBIND] = act_vf_unbind,
		[STEP_VF_OVERRIDE] = act_vf_override,
		[STEP_VF_BIND] = act_vf_bind,
		[STEP_VF_NAME] = act_vf_name,
		[STEP_FILE] = act_file,
	};
	int first = 0;

	if (steps[0].kind == STEP_VF_ATTR)
		return act_attrs(rootfd, pf, steps, n, res);
	for (size_t i = 0; i < n; i++) {
		struct act a = { rootfd, pf, &steps[i], &res[i].err };

		res[i].code = act_on[steps[i].kind](&a);
		if (first == 0)
			first = res[i].code;
	}
	return first;
}
