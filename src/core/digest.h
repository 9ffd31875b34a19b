/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256. */
#pragma once

#include <stdint.h>

#define DIGEST_LENGTH 32

/* Puts the SHA-256 of the string S at OUT. */
void digest_text(const char *s, uint8_t out[static DIGEST_LENGTH]);
