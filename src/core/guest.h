/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests in the texts that tell of them: command lines, control groups, and the files of Proxmox.
 * All of these texts may be hostile: any process can call itself anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/types.h"

/*
 * Appends the virtual machine that a process runs whose LEN bytes of command line are at S, each
 * argument with its NUL (the last one's may be missing): `VM 104 "fw"`, as QEMU's -id (Proxmox) and
 * -name say. Returns whether it is one; B is untouched if not.
 */
bool guest_from_cmdline(const char *s, size_t len, struct buf *b);

/*
 * Appends the container that a process is in, from the text of its /proc/PID/cgroup: `container
 * 100`. Returns whether it is in one; B is untouched if not.
 */
bool guest_from_cgroup(const char *text, struct buf *b);

/* A line of Proxmox's reservation file. */
struct guest_reservation {
	struct pciaddr addr;
	unsigned vmid;
	bool by_pid;    /* it holds while the process `until` lives, else until that time */
	uint64_t until; /* process, or seconds since 1970 */
};

/* Reads one line of /run/qemu-server/pci-id-reservations. Returns whether it is a reservation. */
bool guest_reservation(const char *line, struct guest_reservation *ret);

/*
 * Calls FN for each device that the text CONF, a guest's configuration of Proxmox, gives to the
 * guest as it is now (not in a snapshot); ALL: all functions of the slot of A.
 */
void guest_hostpci(const char *conf, void (*fn)(struct pciaddr a, bool all, void *arg), void *arg);
