/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a PCI function's configuration space and resources say of SR-IOV. The bytes may lie. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define PCICFG_SIZE 4096
#define PCICFG_BARS 6

/* What has to be on in a port's ACS for what is behind it to be a group of its own. */
#define PCICFG_ACS_NEEDED (PCICFG_ACS_SV | PCICFG_ACS_RR | PCICFG_ACS_CR | PCICFG_ACS_UF)
#define PCICFG_ACS_SV     0x01 /* source validation */
#define PCICFG_ACS_RR     0x04 /* request redirect */
#define PCICFG_ACS_CR     0x08 /* completion redirect */
#define PCICFG_ACS_UF     0x10 /* upstream forwarding */

struct pcicfg {
	bool known;           /* the extended space could be read: only root can */
	bool express;         /* it is a PCI Express function */
	bool acs;             /* it has the capability ACS */
	uint16_t acs_on;      /* PCICFG_ACS_… that are switched on */
	bool ari_can, ari_on; /* as a port, it can forward ARI; it does */
	bool sriov;           /* it has the capability SR-IOV */
	uint16_t total_vfs;
	uint8_t vf_bars; /* a bit for each VF BAR whose register shows that there is one */
};

/* The VF BARs of a PF, a bit for each. */
struct pcicfg_bars {
	bool known;
	uint8_t assigned; /* has an address */
	uint8_t lost;     /* is there, and has none */
};

/* Reads the LEN bytes at DATA, which are the beginning of a configuration space. */
struct pcicfg pcicfg_parse(const uint8_t *data, size_t len);

/* Reads TEXT, a PF's file `resource`; CFG is its configuration space. */
struct pcicfg_bars pcicfg_vf_bars(const char *text, const struct pcicfg *cfg);

/* Appends which of BARS are lost, subject and verb: "VF BAR 3 has", "VF BARs 0, 3 have". */
void pcicfg_bars_lost(const struct pcicfg_bars *bars, struct buf *b);

/*
 * How many MSI-X vectors the function has whose configuration space begins with the LEN bytes at
 * DATA, by the size of its table; 0: it has no such capability, or LEN is too small to tell.
 */
unsigned pcicfg_msix(const uint8_t *data, size_t len);
