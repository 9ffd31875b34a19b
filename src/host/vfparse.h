/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading of rtnetlink messages: bytes in, values out, no socket. */
#pragma once

#include <linux/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/types.h"

/* A VF as its PF's driver reports it. */
struct vfparse_vf {
	unsigned index;
	struct vf_attrs attrs;
};

/* An interface, as far as one message tells; texts are "" where it does not. */
struct vfparse_link {
	int ifindex;
	unsigned flags; /* IFF_… */
	unsigned mtu, mtu_max;
	uint16_t type; /* ARPHRD_… */
	int master;
	bool has_mac, has_perm_mac;
	macaddr mac, perm_mac;
	char name[IFNAMSIZ];
	char port_name[IFNAMSIZ];       /* phys_port_name */
	char parent[24], parent_bus[8]; /* the device it sits on: "0000:01:00.0", "pci" */
	unsigned num_vfs;               /* how many VFs the PF has */
	bool has_vf_list;               /* the driver reports VFs, be there any or not */
	struct vfparse_vf *vfs;         /* by rising index; a busy driver leaves some out */
	size_t n_vfs;
};

/*
 * Reads the RTM_NEWLINK message of LEN bytes at MSG, header included. Survives the wrap of a VF
 * list of 64 KiB and more. Returns 0 and a link for vfparse_done(), or -EBADMSG for what is no such
 * message.
 */
int vfparse_link(const void *msg, size_t len, struct vfparse_link *ret);

/* An IP address of an interface. */
struct vfparse_addr {
	int ifindex;
	int family; /* AF_INET or AF_INET6 */
	unsigned prefix;
	bool link_local; /* IPv6: each interface that is up has one, without anybody's doing */
	uint8_t ip[16];
};

/*
 * Reads the RTM_NEWADDR message of LEN bytes at MSG, header included. Returns 0, or -EBADMSG for
 * what is no such message, or tells of no IP address.
 */
int vfparse_addr(const void *msg, size_t len, struct vfparse_addr *ret);

/*
 * Whether the RTM_NEWROUTE message of LEN bytes at MSG, header included, tells of a default route,
 * in whatever table, out of the interface IFINDEX.
 */
bool vfparse_is_default_route(const void *msg, size_t len, int ifindex);

/*
 * Reads the NLMSG_ERROR or NLMSG_DONE message of LEN bytes at MSG. Returns its code: 0 or a
 * negative errno, -EBADMSG for what is no such message. What the kernel says to it (extack) goes to
 * TEXT, if it says something that fits; SIZE may be 0.
 */
int vfparse_answer(const void *msg, size_t len, char *text, size_t size);

/* Frees what L owns. */
void vfparse_done(struct vfparse_link *l);

/* The VF number INDEX of L, or NULL. */
const struct vfparse_vf *vfparse_vf(const struct vfparse_link *l, unsigned index);
