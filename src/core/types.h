/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of devices, and MAC addresses: values that every part above speaks. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What kind of bus a device is on. */
enum pciaddr_kind {
	PCIADDR_PCI,
	PCIADDR_NETDEVSIM, /* the kernel's simulated network devices */
};

/*
 * The address of a device, nearly always of a PCI function; `devfn` is device << 3 | function, as
 * in the kernel. A device on another bus that can have VFs has its number in `domain`; bus and
 * devfn, as one number, are 0 for itself and 1 + i for its VF i, which is no device in the kernel.
 */
struct pciaddr {
	uint32_t domain;
	uint8_t bus, devfn;
	uint8_t kind; /* an enum pciaddr_kind */
};

struct pciaddr_text {
	char s[32];
};

/*
 * Reads "0000:01:10.2" or "01:10.2" (domain 0), "netdevsim1", or "netdevsim1/3" for its VF 3.
 * Returns 0, or -EINVAL and leaves RET as it was.
 */
int pciaddr_parse(const char *s, struct pciaddr *ret);

/* The address as the kernel writes it: 0000:01:10.2. */
struct pciaddr_text pciaddr_text(struct pciaddr a);

/* A number by which addresses can be sorted and compared, and nothing else. */
uint64_t pciaddr_key(struct pciaddr a);

/* Orders by kind of bus, domain, bus number, device, function: negative, 0 or positive. */
int pciaddr_cmp(struct pciaddr a, struct pciaddr b);

/* The address of what lies OFFSET behind A: bus, device and function are one number. */
struct pciaddr pciaddr_behind(struct pciaddr a, unsigned offset);

/* The bus that A is on as the kernel calls it: "pci". */
const char *pciaddr_bus(struct pciaddr a);

struct pciaddr_path {
	char s[64];
};

/* The device's directory, below the root: sys/bus/pci/devices/0000:01:10.2. */
struct pciaddr_path pciaddr_path(struct pciaddr a);

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

struct guid_text {
	char s[24];
};

/*
 * Reads a 64-bit GUID of InfiniBand: eight octets of one or two hex digits, separated by ':', the
 * highest first. Returns 0, or -EINVAL.
 */
int guid_parse(const char *s, uint64_t *ret);

/* The GUID in lower case with colons, as iproute2 writes it. */
struct guid_text guid_text(uint64_t guid);
