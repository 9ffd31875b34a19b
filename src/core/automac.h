/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The published function behind `"mac": "auto"`. */
#pragma once

#include "core/types.h"

/*
 * The MAC of VF number VF of the PF whose permanent MAC is PF: the first six octets of the SHA-256
 * of the text "sriovctl mac 1 <pf> <vf>" (for example "sriovctl mac 1 52:54:00:11:22:33 0"), with
 * the first octet made locally administered and unicast: (octet & 0xfc) | 0x02. A pure function, so
 * a guest keeps its address over reboots and reinstallations, and anyone can recompute it:
 *
 *     printf 'sriovctl mac 1 52:54:00:11:22:33 0' | sha256sum
 */
macaddr automac(macaddr pf, unsigned vf);
