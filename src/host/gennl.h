/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generic netlink: a socket, and the number that a family has on this host. */
#pragma once

#include "host/vfnl-io.h"

struct gennl {
	struct vfnl *nl;
	uint16_t family;
};

/*
 * Opens a socket for the family NAME ("ethtool"), closed with gennl_close(). Returns 0; -ENOENT
 * when the kernel has no such family; or another negative errno.
 */
int gennl_open(const char *name, struct gennl *ret);

/* Closes G; one that was not opened is allowed. */
void gennl_close(struct gennl *g);

/*
 * Sends the command CMD with the attributes ATTRS. TAKE, ARG and what is returned: see vfnl_ask();
 * what the kernel says to it goes to TEXT (NULL: nobody reads it), of SIZE bytes.
 */
int gennl_ask(const struct gennl *g, uint8_t cmd, const struct buf *attrs, vfnl_take *take,
	void *arg, char *text, size_t size);
