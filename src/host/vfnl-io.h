/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lower half of vfnl.h: messages out, answers in, without judging them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct step;
struct vfnl;

/* As many STEP_VF_ATTR steps fit into one request: the list's length is a 16-bit number. */
#define VFNL_STEPS_MAX 800

/* Steps that go into one RTM_SETLINK, and the kernel's answer to it. */
struct vfnl_request {
	const struct step *steps;
	size_t n;
	int code;       /* 0 or negative errno */
	char text[120]; /* what the kernel said to it (extack), or "" */
};

/*
 * Sends N requests for IFINDEX, several at a time, and waits for all answers. Fills `code` and
 * `text` of each; a lost answer's code is why it was lost (-ENOBUFS, -ETIMEDOUT).
 */
void vfnl_send(struct vfnl *nl, int ifindex, struct vfnl_request *requests, size_t n);

/*
 * Sets those IFF_… FLAGS of the interface that are in CHANGE. Returns 0, or the kernel's negative
 * errno.
 */
int vfnl_set_flags(struct vfnl *nl, int ifindex, unsigned flags, unsigned change);

/* Renames the interface. Returns 0, or the kernel's negative errno. */
int vfnl_set_name(struct vfnl *nl, int ifindex, const char *name);

/* Takes the alternative name NAME off the interface. Returns likewise. */
int vfnl_drop_altname(struct vfnl *nl, int ifindex, const char *name);

/* Makes NL, which is then for nothing else, receive notifications about interfaces. */
int vfnl_subscribe(struct vfnl *nl);

/*
 * Waits until something is said about the interface on NL, at most to DEADLINE_MS of the monotonic
 * clock; then -ETIMEDOUT. Returns 0 also when notifications were lost.
 */
int vfnl_wait_event(struct vfnl *nl, int ifindex, int64_t deadline_ms);
