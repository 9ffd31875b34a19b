/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps to the settings that a PF is to have. */
#include "core/plan-settings.h"
#include "core/driver-pf.h"

bool plan_settings_remakes(const struct want_pf *want, const struct inventory *inv)
{
	const struct pfset_value *v = pfset_find(&want->settings, PFSET_ESWITCH, "");
	uint64_t now;

	return v &&
	       !(inventory_setting(inv, &inv->pfs[want->pf], v->id, v->item, &now) && now == v->n);
}

size_t plan_settings(
	const struct want_pf *want, const struct inventory *inv, bool anew, struct step *steps)
{
	const struct pf *pf = &inv->pfs[want->pf];
	const char *driver = inventory_pf_dev(inv, pf)->driver;
	size_t n = 0;

	for (size_t i = 0; i < want->settings.n; i++) {
		const struct pfset_value *v = &want->settings.values[i];
		uint64_t now = 0;
		bool known = inventory_setting(inv, pf, v->id, v->item, &now);
		struct step s = step_setting(v->id, v->item, v->n);

		if (known && now == v->n)
			continue;
		s.before_known = known;
		s.before.n = now;
		/* A PF that is reset takes those VFs off the network that are there by then. */
		if (!anew && pf->n_vfs && driver_set_resets(driver, v->id, v->item))
			s.effect = STEP_RESETS_VF;
		steps[n++] = s;
	}
	return n;
}
