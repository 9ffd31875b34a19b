/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doing: one small function per kind of step. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "core/drivers.h"
#include "host/act-step.h"
#include "host/act.h"
#include "host/busy.h"
#include "host/genfiles.h"
#include "host/nvmecmd.h"
#include "host/vffile.h"
#include "host/vfnl.h"

/* How long to wait for the link to come back before a rate is set: creating VFs takes igb's link
 * down for a second, real copper needs 2 to 4 (kernel-facts §5.3). */
#define CARRIER_MS 10000

void act_pf_path(const struct act *a, const char *file, char path[static ACT_PATH_SIZE])
{
	snprintf(path, ACT_PATH_SIZE, "%s/%s", pciaddr_path(a->pf->addr).s, file);
}

/* VFs that are no devices are told by their number alone. */
static int simulated_address(const struct act *a, struct pciaddr_text *ret)
{
	char path[ACT_PATH_SIZE];
	uint64_t n;
	int r;

	act_pf_path(a, "sriov_numvfs", path);
	r = file_read_number(a->rootfd, path, 10, UINT32_MAX, &n);
	if (r >= 0 && (uint64_t)a->step->vf >= n)
		r = -ENOENT;
	if (r < 0)
		return err_set(a->err, r, "the PF has no such VF: %s", err_name(r));
	*ret = pciaddr_text(pciaddr_behind(a->pf->addr, 1 + (unsigned)a->step->vf));
	return 0;
}

int act_vf_address(const struct act *a, struct pciaddr_text *ret)
{
	char path[ACT_PATH_SIZE], file[32];
	struct pciaddr addr;
	int r;

	if (a->step->vf < 0) {
		*ret = pciaddr_text(a->pf->addr);
		return 0;
	}
	if (a->pf->addr.kind != PCIADDR_PCI)
		return simulated_address(a, ret);
	snprintf(file, sizeof(file), "virtfn%d", a->step->vf);
	act_pf_path(a, file, path);
	r = file_link_name(a->rootfd, path, ret->s, sizeof(ret->s));
	if (r < 0)
		return err_set(a->err, r, "the PF has no such VF: %s", err_name(r));
	r = pciaddr_parse(ret->s, &addr);
	if (r < 0)
		return err_set(a->err, r, "%s does not lead to a PCI device", file);
	return 0;
}

int act_vf_path(const struct act *a, const char *file, char path[static ACT_PATH_SIZE])
{
	struct pciaddr_text vf;
	int r = act_vf_address(a, &vf);

	if (r < 0)
		return r;
	snprintf(path, ACT_PATH_SIZE, "sys/bus/pci/devices/%s/%s", vf.s, file);
	return 0;
}

int act_check_idle(int rootfd, const struct plan_pf *pf, const struct step *s, struct err *e)
{
	const struct act a = { rootfd, pf, s, e };
	struct pciaddr_text vf;
	int r;

	if (s->effect != STEP_RESETS_VF || pf->forced)
		return 0;
	if (s->vf < 0)
		return act_all_idle(&a);
	r = act_vf_address(&a, &vf);
	return r < 0 ? r : busy_check(rootfd, true, vf.s, e);
}

static int act_file(const struct act *a)
{
	return genfiles_run(a->rootfd, a->step, a->err);
}

/* Whether the driver refuses any of the steps while the PF has no carrier. */
static bool needs_carrier(const struct plan_pf *pf, const struct step *steps, size_t n)
{
	bool needs = false;

	for (size_t i = 0; i < n; i++)
		needs |= driver_needs(pf->driver, steps[i].attr, DRIVER_NEEDS_CARRIER);
	return needs;
}

/* Those of the N steps whose attributes are set in the same way, at once. */
static void set_attrs(int rootfd, const struct plan_pf *pf, enum vf_attr_way way,
	const struct step *steps, size_t n, struct step_result *res)
{
	if (way == VF_BY_FILE) {
		vffile_set(rootfd, pf, steps, n, res);
		return;
	}
	if (way == VF_BY_NVME) {
		nvmecmd_set(rootfd, pf, steps, n, res);
		return;
	}
	/* The wait is in vain where there is no cable; the driver's answer is then the error. */
	if (needs_carrier(pf, steps, n))
		(void)vfnl_wait_carrier(pf->ifindex, CARRIER_MS);
	vfnl_set(pf->ifindex, pf->driver, steps, n, res);
}

/* Attributes go together, but for those of VFs that have come into use. */
static int act_attrs(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res)
{
	_cleanup_free_ struct step *go = mem_new(n, sizeof(*go));
	_cleanup_free_ struct step_result *went = mem_new(n, sizeof(*went));
	size_t n_go = 0, at = 0;
	int first = 0;

	for (size_t i = 0; i < n; i++) {
		res[i].code = act_check_idle(rootfd, pf, &steps[i], &res[i].err);
		if (res[i].code == 0)
			go[n_go++] = steps[i];
	}
	if (n_go)
		set_attrs(rootfd, pf, vf_attr(steps[0].attr)->way, go, n_go, went);
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
		[STEP_PF_ESWITCH] = act_pf_eswitch,
		[STEP_PF_MTU] = act_pf_mtu,
		[STEP_PF_FDB] = act_pf_fdb,
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
	if (steps[0].kind == STEP_PF_FEATURE)
		return act_features(rootfd, pf, steps, n, res);
	for (size_t i = 0; i < n; i++) {
		struct act a = { rootfd, pf, &steps[i], &res[i].err };

		res[i].code = act_on[steps[i].kind](&a);
		if (first == 0)
			first = res[i].code;
	}
	return first;
}
