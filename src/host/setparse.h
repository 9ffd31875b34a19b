/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading of messages about the settings of PFs: bytes in, values out, no socket. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pfset.h"
#include "core/types.h"

/*
 * Reads the answer of LEN bytes at MSG, header included, to a question for a family of generic
 * netlink. Returns 0 with its number, or -EBADMSG for what is no such message.
 */
int setparse_family(const void *msg, size_t len, uint16_t *ret);

/* A feature as the kernel tells it. */
struct setparse_feature {
	char name[PFSET_ITEM_SIZE];
	bool on, fixed;
};

/* `list` is owned; zero-initialise. */
struct setparse_features {
	struct setparse_feature *list; /* by rising name, each once */
	size_t n;
};

/*
 * Reads ethtool's answer about features; FAMILY is its number. Returns 0 and a list that the caller
 * frees, or -EBADMSG for what is no such message.
 */
int setparse_features(const void *msg, size_t len, uint16_t family, struct setparse_features *ret);

/* Reads devlink's answer about the mode of an embedded switch likewise. */
int setparse_eswitch(const void *msg, size_t len, uint16_t family, enum eswitch *ret);

/*
 * Whether the RTM_NEWNEIGH message of LEN bytes at MSG, header included, tells of a unicast address
 * of no VLAN that the interface IFINDEX itself (no bridge above it) sends to the host, which then
 * is *RET.
 */
bool setparse_fdb(const void *msg, size_t len, int ifindex, macaddr *ret);
