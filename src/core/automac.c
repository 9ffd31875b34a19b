/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The published function behind `"mac": "auto"`. */
#include <sha256.h>
#include <stdio.h>

#include "core/automac.h"

macaddr automac(macaddr pf, unsigned vf)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	char text[64];
	SHA2_CTX ctx;
	int n;

	n = snprintf(text, sizeof(text), "sriovctl mac 1 %s %u", macaddr_text(pf).s, vf);
	SHA256Init(&ctx);
	SHA256Update(&ctx, (const uint8_t *)text, (size_t)n);
	SHA256Final(digest, &ctx);
	digest[0] = (uint8_t)((digest[0] & 0xfc) | 0x02);
	return macaddr_from_bytes(digest);
}
