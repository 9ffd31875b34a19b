/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces and VF attributes over rtnetlink, always by ifindex. The kernel runs a request inside
 * the sendmsg() that carries it, with the RTNL lock and the driver's: a driver that is stuck holds
 * up the caller there, and no timeout helps. Waiting for answers is bounded.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "core/step.h"
#include "host/host.h"
#include "host/vfparse.h"

struct vfnl;

/* Opens a socket, closed with vfnl_close(). Returns 0, or a negative errno with E. */
int vfnl_open(struct vfnl **ret, struct err *e);

/* Closes NL; NULL is allowed. */
void vfnl_close(struct vfnl *nl);

/* The same of a variable that is _cleanup_; NL is its address. */
static inline void vfnl_closep(struct vfnl *const *nl)
{
	vfnl_close(*nl);
}

/* Gives all interfaces of the namespace, without VFs: an array of *RET_N that the caller frees. */
int vfnl_links(struct vfnl *nl, struct vfparse_link **ret, size_t *ret_n);

/* Gives all IP addresses of the namespace likewise. */
int vfnl_addrs(struct vfnl *nl, struct vfparse_addr **ret, size_t *ret_n);

/* Whether a default route leads out of the interface: 1 yes, 0 no, or a negative errno. */
int vfnl_has_default_route(struct vfnl *nl, int ifindex);

/*
 * Gives one interface, WITH_VFS or without, for vfparse_done(). While the driver leaves VFs out
 * (i40e and ice after a reset) it is asked again, for less than a second. Returns -ENODEV when
 * there is none.
 */
int vfnl_link(struct vfnl *nl, int ifindex, bool with_vfs, struct vfparse_link *ret);

/*
 * Runs N STEP_VF_ATTR steps on the PF with IFINDEX: in one message first, then what is still
 * missing one by one; reads back. Fills RES; returns 0 when all are 0, else the first code that is
 * not.
 */
int vfnl_set(int ifindex, const char *driver, const struct step *steps, size_t n,
	struct step_result *res);

/* Sets the interface up or down and reads it back. */
int vfnl_set_up(int ifindex, bool up);

/*
 * Calls the interface NAME. Where that is one of its alternative names (udev adds those that it did
 * not choose), it stops being one.
 */
int vfnl_rename(int ifindex, const char *name);

/* Sets the interface's MTU and reads it back. Returns 0, or a negative errno with E. */
int vfnl_set_mtu(int ifindex, unsigned mtu, struct err *e);

/* Waits until the interface has carrier. Returns 0 or a negative errno, -ETIMEDOUT among them. */
int vfnl_wait_carrier(int ifindex, unsigned timeout_ms);
