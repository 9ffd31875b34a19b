/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCI and MAC addresses: values that every part above speaks. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A PCI address; `devfn` is device << 3 | function, as in the kernel. */
struct pciaddr {
	uint32_t domain;
	uint8_t bus, devfn;
};

struct pciaddr_text {
	char s[24];
};

/* Reads "0000:01:10.2" or "01:10.2" (domain 0). Returns 0, or -EINVAL and leaves RET as it was. */
int pciaddr_parse(const char *s, struct pciaddr *ret);

/* The address as the kernel writes it: 0000:01:10.2. */
struct pciaddr_text pciaddr_text(struct pciaddr a);

/* Orders by domain, bus, device, function: negative, 0 or positive. */
int pciaddr_cmp(struct pciaddr a, struct pciaddr b);

/* A MAC address as the low 48 bits of a number, first octet highest: 02:00:00:00:00:01 is
 * 0x020000000001. */
typedef uint64_t macaddr;

struct macaddr_text {
	char s[18];
};

/* Reads six octets of one or two hex digits, separated by ':' or '-'. Returns 0, or -EINVAL. */
int macaddr_parse(const char *s, macaddr *ret);

/* The address in lower case with colons. */
struct macaddr_text macaddr_text(macaddr m);

/* Whether a VF can be given M: not zero, not multicast (broadcast is multicast). */
bool macaddr_is_usable(macaddr m);

/* The address in the six bytes at P. */
macaddr macaddr_from_bytes(const uint8_t p[static 6]);

/* Puts the six bytes of M at P. */
void macaddr_to_bytes(macaddr m, uint8_t p[static 6]);
