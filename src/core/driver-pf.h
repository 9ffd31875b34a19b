/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What settings of PFs do to VFs that are there: a table from the drivers' sources. */
#pragma once

#include <stdbool.h>

#include "core/pfset.h"

/*
 * Whether DRIVER resets the whole PF when the item of that setting changes, so that guests lose
 * their network for a moment. Of one that nothing is known about, this is said.
 */
bool driver_set_resets(const char *driver, enum pfset_id id, const char *item);
