/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PCI configuration space as far as this program reads one. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PCICONFIG_SIZE 4096

struct pciconfig {
	bool acs;
	unsigned acs_on;
	bool ari_can, ari_on;
	bool sriov;
	unsigned total_vfs,
		vf_bars; /* a bit for each VF BAR: 64 bits wide, so the next has no bit */
	unsigned msix;   /* vectors, 0: the capability is missing */
};

/* Writes the configuration space of a PCI Express function into DATA. */
void pciconfig_make(const struct pciconfig *c, uint8_t data[static PCICONFIG_SIZE]);
