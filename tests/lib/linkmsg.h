/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtnetlink messages as the kernel makes them, with its 16-bit lengths that wrap. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A message of LEN bytes. Zero-initialise; linkmsg_done() frees it. */
struct linkmsg {
	uint8_t *data;
	size_t len, cap;
};

/* Begins a message about interface IFINDEX, with a name and, unless MAC is NULL, MAC_LEN bytes of
 * address. */
void linkmsg_begin(
	struct linkmsg *m, int ifindex, const char *name, const void *mac, size_t mac_len);

/* Begins a message of another TYPE with the LEN bytes at HEAD. */
void linkmsg_begin_as(struct linkmsg *m, uint16_t type, const void *head, size_t len);

/* Appends an attribute. */
void linkmsg_attr(struct linkmsg *m, uint16_t type, const void *data, size_t len);

/* Begins a nest and returns its place for linkmsg_nest_end(), which stores as much of the length as
 * fits. */
size_t linkmsg_nest(struct linkmsg *m, uint16_t type);
void linkmsg_nest_end(struct linkmsg *m, size_t nest);

/*
 * Appends IFLA_NUM_VF and IFLA_VFINFO_LIST with N VFs as rtnl_fill_vfinfo() does it, statistics
 * included or not, but without those whose index is a multiple of SKIP (0: none is left out). VF
 * number i gets linkmsg_vf_mac(i), VLAN i % 4000 with priority 3 in 802.1Q, max rate i, no spoof
 * check and trust not reported.
 */
void linkmsg_vfs(struct linkmsg *m, unsigned n, bool stats, unsigned skip);

/* The address of VF number I, as a number. */
uint64_t linkmsg_vf_mac(unsigned i);

/* Frees the message. */
void linkmsg_done(struct linkmsg *m);
