/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IOMMU groups: whether a device can go to a guest by VFIO as things are now, and what stands in
 * the way. The one judgement, and its words, for all that shows, checks or emits.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "core/inventory.h"

/* Each of the first four is worse than the one before. */
enum group_verdict {
	GROUP_ALONE,    /* nothing else is in its group */
	GROUP_TOGETHER, /* only with the rest of its group, or while that has no driver */
	GROUP_DRIVER,   /* its own driver has it, nothing else stands in the way */
	GROUP_BLOCKED,  /* a driver of the host has another device of its group */
	GROUP_BRIDGE,   /* never */
	GROUP_NONE,     /* the IOMMU does not reach it */
};

/* The verdict on D, a device of INV. */
enum group_verdict group_judge(const struct inventory *inv, const struct dev *d);

/* The verdict on all of D's group but its bridges, for a guest that wants the whole of it. */
enum group_verdict group_judge_all(const struct inventory *inv, const struct dev *d);

/* Whether the verdict is that a guest can have the device. */
bool group_is_assignable(enum group_verdict v);

/*
 * The verdict's name for programs, which never changes: "alone", "together", "host-driver",
 * "blocked", "bridge", "no-group".
 */
const char *group_word(enum group_verdict v);

/* Which devices of a group are asked for. */
enum group_kind {
	GROUP_FREE, /* a guest gets them too */
	GROUP_HELD, /* a driver of the host has them, which keeps the whole group from guests */
	GROUP_PORT, /* PCI bridges that are left out of account: they join what is behind them */
};

/*
 * Whether D's driver (there is one) leaves it to guests: one for VFIO, which all have "vfio" in
 * their names, or pci-stub.
 */
bool group_is_left(const struct dev *d);

/* Whether D is GROUP_PORT in its group. */
bool group_is_port(const struct dev *d);

/*
 * The devices of KIND in D's group, without D itself, by rising address: their number, and they
 * themselves in OUT (room for INV's `n_devs`) unless it is NULL. None where D has no group.
 */
size_t group_others(const struct inventory *inv, const struct dev *d, enum group_kind kind,
	const struct dev **out);

/*
 * Appends the verdict on D for people: "yes, alone", "yes, together with 0000:01:10.2", "no, igb
 * has it", "no, because of 0000:01:00.0 (igb)", …, at most three devices by name; "-" for a bridge.
 */
void group_text(struct buf *b, const struct inventory *inv, const struct dev *d);

/*
 * Appends what to do for a guest to have D by itself, a clause without a full stop. Returns whether
 * there is any; B is untouched if not.
 */
bool group_advice(struct buf *b, const struct inventory *inv, const struct dev *d);
