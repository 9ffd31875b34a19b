/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds for every host, however it was read, and for all that is said of it. */
#pragma once

#include <stdbool.h>

#include "core/diag.h"
#include "core/inventory.h"

/* Ends the program unless it HOLDS. */
void must(bool holds);

/* B has to be lines of UTF-8 without control characters; it is freed. */
void check_text(struct buf *b);

/* The same of all problems in D. */
void check_problems(const struct diag *d);

/* Whether INV holds together; shows it in every way that there is, and plans for it. */
void check_inventory(const struct inventory *inv);
