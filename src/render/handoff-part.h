/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the renderers of render/handoff.h share. Not for others. */
#pragma once

#include "core/handoff.h"

/* The part of handoff_mapping()'s text that is always the same: mapping.sh without its head. */
extern const char handoff_mapping_script[];

/*
 * Appends what VF is, on one line of valid UTF-8 without control characters: `vf 0 of 0000:01:00.0
 * (enp1s0), "wan", 0000:01:10.0, mac 02:00:00:00:00:00, vlan 100, in use: …`. That the host uses an
 * interface is a note.
 */
void handoff_title(struct buf *b, const struct inventory *inv, const struct handoff_vf *vf);

/*
 * Appends for VF number I (-1: the host) its title, and for each note a line that begins with
 * "warning: ", each line between BEFORE and AFTER.
 */
void handoff_comments(
	struct buf *b, const struct handoff *h, int i, const char *before, const char *after);

/*
 * Appends for each VF of H that has an interface three lines, numbered from FIRST, with SEP between
 * key and value and BEFORE before each, below its comments. A name that could mean more than itself
 * is left out, which a comment says. Returns how many there are.
 */
unsigned handoff_lxc_lines(struct buf *b, const struct handoff *h, unsigned first, const char *sep,
	const char *before);
