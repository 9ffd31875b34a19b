/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doing: steps that are about one VF, but for its attributes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "host/act-step.h"
#include "host/busy.h"
#include "host/vfname.h"

/* The name of the driver that holds the VF at ADDR, "" for none. */
static int vf_driver(const struct act *a, const char *addr, char *name, size_t size)
{
	char path[ACT_PATH_SIZE];
	int r;

	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/driver", addr);
	name[0] = '\0';
	r = file_link_name(a->rootfd, path, name, size);
	if (r < 0 && r != -ENOENT)
		return err_set(a->err, r, "cannot read its driver: %s", err_name(r));
	return 0;
}

int act_vf_unbind(const struct act *a)
{
	struct pciaddr_text vf;
	char path[ACT_PATH_SIZE], now[64];
	int r = act_vf_address(a, &vf), w;

	if (r == 0 && a->pf->whole)
		r = busy_check_device(a->rootfd, true, vf.s, a->pf->forced, a->err);
	else if (r == 0 && !a->pf->forced)
		r = busy_check(a->rootfd, true, vf.s, a->err);
	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s/unbind", a->step->before.s);
	w = file_write(a->rootfd, path, vf.s);
	if (w < 0 && w != -ENODEV)
		return err_set(a->err, w, "%s", err_name(w));
	/* Which is gone if the VF has gone, too. */
	r = act_vf_address(a, &vf);
	if (r == 0)
		r = vf_driver(a, vf.s, now, sizeof(now));
	if (r == 0 && now[0])
		return err_set(a->err, -EBUSY, "%s: it is still bound to %s",
			w < 0 ? err_name(w) : "the kernel took the write", now);
	return r;
}

int act_vf_override(const struct act *a)
{
	const char *want = a->step->after.s;
	char path[ACT_PATH_SIZE], now[64];
	int r = act_vf_path(a, "driver_override", path);

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

int act_vf_bind(const struct act *a)
{
	const char *want = a->step->after.s;
	struct pciaddr_text vf;
	char path[ACT_PATH_SIZE], now[64];
	int r = act_vf_address(a, &vf), w;

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s/bind", want);
	w = file_write(a->rootfd, path, vf.s);
	r = vf_driver(a, vf.s, now, sizeof(now));
	if (r < 0)
		return r;
	/* Loading the module binds overridden VFs already: EBUSY with the right driver is fine
	 * (§12). */
	if (strcmp(now, want) == 0)
		return 0;
	if (w < 0 && now[0])
		return err_set(a->err, w, "the driver %s has taken it", now);
	if (w < 0)
		return err_set(a->err, w, "%s: %s", err_name(w), bind_hint(w));
	return err_set(a->err, -EIO, "the kernel took the write, but the driver is %s",
		now[0] ? now : VF_DRIVER_NONE);
}

int act_vf_name(const struct act *a)
{
	struct pciaddr_text vf;
	int r = act_vf_address(a, &vf);

	if (r == 0)
		r = act_check_idle(a->rootfd, a->pf, a->step, a->err);
	return r < 0 ? r : vfname_set(a->rootfd, vf.s, a->step->after.s, a->err);
}
