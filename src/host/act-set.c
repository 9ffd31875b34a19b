/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doing: settings of a PF. */
#include <string.h>

#include "host/act-step.h"
#include "host/setnl.h"
#include "host/vfnl.h"

int act_pf_eswitch(const struct act *a)
{
	return setnl_set_eswitch(pciaddr_bus(a->pf->addr), pciaddr_text(a->pf->addr).s,
		a->step->after.n ? ESWITCH_SWITCHDEV : ESWITCH_LEGACY, a->err);
}

int act_pf_mtu(const struct act *a)
{
	int r = act_check_idle(a->rootfd, a->pf, a->step, a->err);

	return r < 0 ? r : vfnl_set_mtu(a->pf->ifindex, (unsigned)a->step->after.n, a->err);
}

int act_pf_fdb(const struct act *a)
{
	macaddr mac;
	int r = macaddr_parse(a->step->item, &mac);

	if (r < 0)
		return err_set(a->err, r, "%s is no MAC address", a->step->item);
	return setnl_set_fdb(a->pf->ifindex, mac, a->step->after.n, a->err);
}

int act_features(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res)
{
	memset(res, 0, n * sizeof(*res));
	for (size_t i = 0; i < n; i++) {
		struct err e = { "" };
		int r = act_check_idle(rootfd, pf, &steps[i], &e);

		for (size_t j = 0; r < 0 && j < n; j++)
			res[j] = (struct step_result){ r, e };
		if (r < 0)
			return r;
	}
	return setnl_set_features(pf->ifindex, steps, n, res);
}
