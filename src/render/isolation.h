/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The generated files: udev rules, NetworkManager's and systemd-networkd's configuration that keep
 * their hands off VFs. Everything from a policy or a device in them is checked before it gets here
 * and written so that it could not become another rule if it were not: a udev rule is executed by
 * root.
 */
#pragma once

#include "core/genfile.h"
#include "core/isolation.h"

/* Appends the complete text of F for I; without PFs, head and tail alone. */
void isolation_text(struct buf *b, enum genfile f, const struct isolation *i);
