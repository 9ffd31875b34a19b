/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lower half of vfnl.h: messages out, answers in, without judging them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct step;
struct vfnl;

/* A list that is asked for. */
struct vfnl_query {
	int type;         /* RTM_GET… */
	const void *head; /* the message's fixed part */
	size_t head_len;
	int attr; /* IFLA_…, RTA_…: one attribute behind it; 0: none */
	uint32_t value;
	bool strict; /* head and attribute filter the list, where the kernel can do that */
};

/*
 * Is given one message of LEN bytes, header included, valid during the call. Returns 0, or what
 * ends the reading: a negative errno.
 */
typedef int vfnl_take(const void *msg, size_t len, void *arg);

/*
 * Sends Q and calls TAKE with ARG for each message of the answer. Returns 0; 1 when the list
 * changed while it was made, so that some of it may be missing; or a negative errno.
 */
int vfnl_dump(struct vfnl *nl, const struct vfnl_query *q, vfnl_take *take, void *arg);

/* Opens a socket for another PROTOCOL (NETLINK_…) than rtnetlink. Otherwise like vfnl_open(). */
int vfnl_open_as(int protocol, struct vfnl **ret, struct err *e);

/* A message that is not about VFs. */
struct vfnl_message {
	int type, flags;        /* NLM_F_… beside NLM_F_REQUEST and NLM_F_ACK */
	const struct buf *body; /* the fixed part and attributes, see netattr.h */
	char *text;             /* gets what the kernel says to it (extack); "" before */
	size_t text_size;       /* 0: nobody reads that */
};

/*
 * Sends M and calls TAKE (NULL: nobody reads it) with ARG for what is answered before the
 * acknowledgement. Returns 0, the kernel's negative errno, or what TAKE ended it with.
 */
int vfnl_ask(struct vfnl *nl, const struct vfnl_message *m, vfnl_take *take, void *arg);

/* Steps, at most VFPUT_MAX, that go into one RTM_SETLINK, and the kernel's answer to it. */
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

/* Makes NL, which is then for nothing else, receive notifications about interfaces. */
int vfnl_subscribe(struct vfnl *nl);

/*
 * Waits until something is said about the interface on NL, at most to DEADLINE_MS of the monotonic
 * clock; then -ETIMEDOUT. Returns 0 also when notifications were lost.
 */
int vfnl_wait_event(struct vfnl *nl, int ifindex, int64_t deadline_ms);
