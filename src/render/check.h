/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `check` shows. */
#pragma once

#include "core/check.h"

/* Appends a line per result, one more with what to do where there is something, and a count. */
void checks_text(struct buf *b, const struct check_report *r, bool colour);

/* Appends the same as a JSON document; HOST is the host's name. */
void checks_json(struct buf *b, const struct check_report *r, const char *host);
