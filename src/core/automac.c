/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The published function behind `"mac": "auto"`. */
#include <stdio.h>

#include "core/automac.h"
#include "core/digest.h"

macaddr automac(macaddr pf, unsigned vf)
{
	uint8_t digest[DIGEST_LENGTH];
	char text[64];

	snprintf(text, sizeof(text), "sriovctl mac 1 %s %u", macaddr_text(pf).s, vf);
	digest_text(text, digest);
	digest[0] = (uint8_t)((digest[0] & 0xfc) | 0x02);
	return macaddr_from_bytes(digest);
}
