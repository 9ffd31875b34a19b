/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The generated files on a machine. One that its reader has not been told of yet carries the sticky
 * bit, which means nothing else on a file: a run that is killed between the two is finished by the
 * next one.
 */
#pragma once

#include "base/err.h"
#include "core/inventory.h"
#include "core/step.h"

/*
 * Reads all of them below ROOT into INV. What is no file that can be read counts as somebody
 * else's.
 */
void genfiles_scan(int root, struct inventory *inv);

/*
 * Runs the STEP_FILE S below ROOT: writes or removes the file, and has its reader read it. Returns
 * 0, or a negative errno with E.
 */
int genfiles_run(int root, const struct step *s, struct err *e);
