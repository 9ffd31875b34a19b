/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the command line's idea of a policy to the policy. */
#pragma once

#include "core/policy.h"

/*
 * Reads the policy for any verb: the file PATH, standard input if that is "-", or for NULL
 * policy.json and policy.d's *.json (in the order of their bytes) in the directory of the
 * configuration, below ROOTFD unless that is negative. Files that somebody else could have written
 * are refused: the policy decides what root writes to hardware.
 *
 * Returns 0, or -EINVAL when D has got problems (sorted). *RET is set in either case, is freed with
 * policy_free() and owns the names in D.
 */
int policy_read(int rootfd, const char *path, struct policy **ret, struct diag *d);

/* policy_read() of the default files, of which there may be none: then *RET is an empty policy. */
int policy_read_any(int rootfd, struct policy **ret, struct diag *d);
