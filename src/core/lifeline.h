/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host lives on: the disks that are mounted, the way out, the console. These are the facts
 * of one scan; core/vital.h judges.
 */
#pragma once

/* Words in the place of where a file system is mounted. */
#define LIFELINE_ROOT "/"
#define LIFELINE_SWAP "swap"
#define LIFELINE_POOL "pool " /* and the name of a ZFS pool that is imported */

/* What the host has of one function; NULL where it has nothing of that kind. */
struct lifeline {
	const char *mount;   /* where something on it is mounted; the root wins; or such a word */
	const char *disk;    /* the block device of it that this is about */
	const char *part;    /* a block device of it that another one is made of */
	const char *holder;  /* that one; with nothing mounted the host can do without them */
	const char *uplink;  /* the interface, its own or one on top, of the default route */
	const char *console; /* the kernel's console on it: "ttyS0", "tty0" */
};
