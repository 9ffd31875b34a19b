/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a function was to the host before it was reserved as a whole: its driver, its interface and
 * its MAC address, none of which it shows once VFIO has it. A policy may know it by these, so they
 * are noted in the generated udev rules, which last as long as the reservation. Pure.
 */
#pragma once

#include "core/inventory.h"

#define FORMER_NAME_SIZE 64

/* Empty names and no MAC: not known. */
struct former {
	char driver[FORMER_NAME_SIZE], netdev[FORMER_NAME_SIZE];
	bool has_mac;
	macaddr mac; /* permanent */
};

/* The line of a PF's block in the udev rules that says so begins like this. */
#define FORMER_HEAD "# was "

/* What D of INV is to the host, or was before VFIO had it. */
void former_find(const struct inventory *inv, const struct dev *d, struct former *ret);

/* Appends the line for F, without the newline at its end: "# was igb enp5s0 52:54:00:01:00:05". */
void former_line(struct buf *b, const struct former *f);
