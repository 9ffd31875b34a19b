/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256, from libmd. */
#include <sha256.h>
#include <string.h>

#include "core/digest.h"

_Static_assert(DIGEST_LENGTH == SHA256_DIGEST_LENGTH, "the length of a SHA-256");

void digest_text(const char *s, uint8_t out[static DIGEST_LENGTH])
{
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, (const uint8_t *)s, strlen(s));
	SHA256Final(out, &ctx);
}
