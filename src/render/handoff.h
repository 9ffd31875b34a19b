/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VFs as those who start guests want to be told of them: lines, elements, commands. Each text says
 * in comments which VF is meant and what is to be known about it, but for QEMU's arguments, among
 * which there is no room for comments. Labels and names are hostile until checked.
 */
#pragma once

#include "core/handoff.h"

#define PROXMOX_HOSTPCI_MAX 16 /* hostpci0 to hostpci15 */

enum proxmox_part {
	PROXMOX_QM = 1 << 0,
	PROXMOX_LXC = 1 << 1,
	PROXMOX_MAPPING = 1 << 2, /* handoff_mapping() */
};

enum libvirt_part {
	LIBVIRT_HOSTDEV = 1 << 0,
	LIBVIRT_INTERFACE = 1 << 1,
	LIBVIRT_NETWORK = 1 << 2,
};

/*
 * Each of these returns for how many VFs, or pools, there is something in the text besides
 * comments.
 */

/* Appends QEMU's arguments, a line for each VF of H. */
size_t handoff_qemu(struct buf *b, const struct handoff *h);

/* Appends lines for a container's configuration of LXC. */
size_t handoff_lxc(struct buf *b, const struct handoff *h);

/* Appends libvirt's XML: for each VF the elements of PARTS, then a network for each pool. */
size_t handoff_libvirt(struct buf *b, const struct handoff *h, unsigned parts);

/*
 * Appends commands and lines for Proxmox VE, of PARTS; VM is the virtual machine, 0: a word stands
 * in its place. With both parts the lines for containers are comments, so that the text can be run.
 */
size_t handoff_proxmox(struct buf *b, const struct handoff *h, unsigned parts, unsigned vm);

/*
 * Appends a shell script that creates or refreshes a resource mapping of Proxmox VE for each pool
 * of H with a label, and takes out of others what is ours and not in H any more: H has to be all
 * VFs of the host that are for virtual machines. NODE is the host's name there.
 */
void handoff_mapping(struct buf *b, const struct handoff *h, const char *node);

/* Appends the VFs of H as a JSON document. */
void handoff_json(struct buf *b, const struct handoff *h);

/* Appends the note N of H as one line, without a newline, that names what it is about. */
void handoff_note_line(struct buf *b, const struct handoff *h, const struct handoff_note *n);
