/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doing: steps that are about a PF, or about all of its VFs. */
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "host/act-step.h"
#include "host/busy.h"
#include "host/modules.h"
#include "host/units.h"
#include "host/vfnl.h"

#define NUMVFS_TRIES 25 /* of 0.2 s */

#define LOAD_MS 60000 /* a module with firmware may take seconds */

/*
 * In its service, this process may not load modules; systemd's own unit for that may. Its
 * modprobe's failure is not its own, so what counts is that the driver is there.
 */
static int load_by_unit(const struct act *a)
{
	char unit[128], path[ACT_PATH_SIZE];
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

int act_load_driver(const struct act *a)
{
	int r = modules_load_driver(a->step->after.s, a->err);

	return r == -EPERM ? load_by_unit(a) : r;
}

/* Where IPv6 is off there is no such file, and no such step. */
int act_pf_ra(const struct act *a)
{
	char path[ACT_PATH_SIZE], name[IF_NAMESIZE], text[24];
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

int act_pf_up(const struct act *a)
{
	int r = vfnl_set_up(a->pf->ifindex, a->step->after.n);

	if (r < 0)
		return err_set(a->err, r, "%s", err_name(r));
	return 0;
}

int act_autoprobe(const struct act *a)
{
	char path[ACT_PATH_SIZE];
	uint64_t now;
	int r;

	act_pf_path(a, "sriov_drivers_autoprobe", path);
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
	char path[ACT_PATH_SIZE];
	uint64_t n = 0;
	int r;

	*ret = 0;
	if (a->pf->addr.kind != PCIADDR_PCI) { /* no links; it takes no lock there */
		act_pf_path(a, "sriov_numvfs", path);
		r = file_read_number(a->rootfd, path, 10, UINT32_MAX, &n);
		*ret = (unsigned)n;
		return r;
	}
	act_pf_path(a, ".", path);
	return file_each(a->rootfd, path, count_vf, ret);
}

/* What a refusal of sriov_numvfs means (kernel-facts §1.2, §1.3, §10). */
static const char *numvfs_hint(const struct act *a, int code)
{
	if (a->pf->addr.kind == PCIADDR_NETDEVSIM && code == -ENOMEM)
		return "more than its max_vfs in debugfs allows, which can be raised while there "
		       "are no VFs; 4 where the kernel has no such file";
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
	char path[ACT_PATH_SIZE], text[24];
	unsigned have;
	int r;

	act_pf_path(a, "sriov_numvfs", path);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	r = write_patiently(a, path, text);
	if (r < 0)
		return err_set(a->err, r, "%s: %s", err_name(r), numvfs_hint(a, r));
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

int act_all_idle(const struct act *a)
{
	char path[ACT_PATH_SIZE];

	act_pf_path(a, ".", path);
	return file_each(a->rootfd, path, check_idle, (void *)a);
}

int act_vfs_remove(const struct act *a)
{
	int r = a->pf->forced ? 0 : act_all_idle(a);

	return r < 0 ? r : write_numvfs(a, 0);
}

int act_vfs_create(const struct act *a)
{
	return write_numvfs(a, a->step->after.n);
}
