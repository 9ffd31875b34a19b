/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One verb on many hosts: --host with a directory of snapshots. */
#pragma once

#include "cli/session.h"

/*
 * Runs VERB as session_run(), or, where --host names a directory, for each snapshot in it, one
 * after the other, all with the policy of argument number 0: their names are in `cli->snapshot`
 * then. A snapshot that cannot be read does not stop the others. Returns the worst of their
 * statuses: something wrong before refused, refused before differing.
 */
int hosts_run(const struct cli *cli, int (*verb)(struct session *s));
