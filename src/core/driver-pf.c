/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Side effects of settings. */
#include <string.h>

#include "base/util.h"
#include "core/driver-pf.h"

bool driver_set_resets(const char *driver, enum pfset_id id, const char *item)
{
	/* NULL: any. The first row that fits counts. */
	static const struct {
		const char *driver;
		enum pfset_id id;
		const char *item;
		bool resets;
	} rows[] = {
		{ NULL, PFSET_FDB, NULL, false },
		{ "igb", PFSET_FEATURES, "rx-all", true }, /* igb_set_features() */
		{ "igb", PFSET_FEATURES, "rx-ntuple-filter", true },
		{ "igb", PFSET_FEATURES, NULL, false },
		{ "igb", PFSET_MTU, NULL, true },        /* igb_change_mtu(): down, reset, up */
		{ "i40e", PFSET_MTU, NULL, false },      /* only its own VSI: vsi_reinit */
		{ "ice", PFSET_MTU, NULL, false },       /* likewise: ice_down_up() */
		{ "mlx5_core", PFSET_MTU, NULL, false }, /* its own channels, here and below */
		{ "mlx5_core", PFSET_FEATURES, NULL, false },
		{ "netdevsim", PFSET_MTU, NULL, false }, /* a number, and no hardware */
		{ "netdevsim", PFSET_FEATURES, NULL, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if ((!rows[i].driver || (driver && strcmp(rows[i].driver, driver) == 0)) &&
			rows[i].id == id && (!rows[i].item || strcmp(rows[i].item, item) == 0))
			return rows[i].resets;
	return true;
}
