/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users of VFs in a picture: a node for each, however many VFs it has. */
#pragma once

#include "core/inventory.h"

enum dot_user_kind {
	DOT_GUEST,   /* a virtual machine, a container, another network namespace */
	DOT_PROCESS, /* of the host, in user space */
	DOT_HOST,    /* the host itself: an interface, a bridge, a driver */
};

struct dot_user {
	const char *key; /* the same for the same user */
	const char *label;
	enum dot_user_kind kind;
};

/* Which user a VF has, and how. */
struct dot_use {
	size_t user;       /* index in the list */
	const char *label; /* of the edge, NULL: none */
	bool now;          /* it is in use, not just meant for the user */
};

/* Zero-initialise. */
struct dot_users {
	struct dot_user *list; /* in the order of their first VFs */
	size_t n;
	struct mem_pool *strings; /* not owned: a pool for all texts */
};

/* Adds the user of D, a VF, unless it is there. Returns whether D has one, told in *RET. */
bool dot_users_add(struct dot_users *us, const struct inventory *inv, const struct dev *d,
	struct dot_use *ret);

/* Frees the list; the texts stay with the pool. */
void dot_users_done(struct dot_users *us);
