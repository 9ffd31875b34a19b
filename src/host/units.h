/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Daemons, by the service manager, over its own socket: early at boot there is no other bus. */
#pragma once

#include "base/err.h"

/*
 * Has the daemon of UNIT read its configuration again and waits until it has, at most TIMEOUT_MS.
 * Returns 0 also when it does not run, or there is no systemd; or a negative errno with E.
 */
int units_reload(const char *unit, unsigned timeout_ms, struct err *e);

/*
 * Starts UNIT and waits until it is started, at most TIMEOUT_MS. Returns 0, or a negative errno
 * with E: -ENOENT where there is no systemd.
 */
int units_start(const char *unit, unsigned timeout_ms, struct err *e);
