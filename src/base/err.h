/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One error on its way to a person. Functions return 0, a negative errno that travels up unchanged,
 * or a positive code that their header documents and their direct caller handles. Those whose
 * failure a user will read also fill a struct err; each caller on the way up prefixes its own
 * place, so that the message reads from the outside in: "0000:01:00.0 vf 3: max_tx_rate: …".
 */
#pragma once

#include "base/util.h"

/* Zero-initialise. `text` is one line without a newline; longer ones are cut, marked with "…". */
struct err {
	char text[600];
};

/* Sets E to the formatted text and returns CODE. E may be NULL. */
int err_set(struct err *e, int code, const char *fmt, ...) _printf_(3, 4);

/* Puts the formatted text and ": " before the text of E and returns CODE. E may be NULL. */
int err_prefix(struct err *e, int code, const char *fmt, ...) _printf_(3, 4);

/*
 * Text for the (positive or negative) errno CODE as users of this domain know it, with its name:
 * "No such device (ENODEV)". Valid until the next call.
 */
const char *err_name(int code);
