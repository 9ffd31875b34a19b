/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl capture --from-iovctl`: a configuration of FreeBSD as a policy. */
#pragma once

#include "cli/session.h"

/* Prints the policy for the file that the option names. Returns a status. */
int capture_iovctl(struct session *s);
