/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the renderer of generated files share. Not for others: theirs is
 * render/isolation.h. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "core/isolation.h"

/*
 * Appends BEFORE, VALUE and AFTER if VALUE is plain (text_is_plain()), so that it means nothing but
 * itself in a match as well as in an assignment. Returns whether it is; B is untouched if not. Each
 * name gets into a file by this.
 */
bool isolation_value(struct buf *b, const char *before, const char *value, const char *after);

/* Appends a comment: WHAT, of VF unless that is NULL, was left out. It does not say what it is. */
void isolation_left_out(struct buf *b, const struct isolated_vf *vf, const char *what);

/* Appends the udev rules for the VFs of PF. */
void isolation_udev_block(struct buf *b, const struct isolated_pf *pf);

/* Appends the section of NetworkManager's configuration for the VFs of PF, if it needs one. */
void isolation_nm_block(struct buf *b, const struct isolated_pf *pf);
