/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who uses a VF: the one judgement, and its words, for tables, plans, and the last look before a VF
 * is taken. The facts come from a scan.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/* A process that holds something, and the guest that it runs or is part of. */
struct usage_holder {
	int pid;             /* 0: no process is known */
	const char *process; /* its name, NULL: not known */
	const char *guest;   /* fit for a message, like VM 104 "fw"; NULL: none is known */
};

/* What only a scan with SCAN_USERS finds out of a VF; zero where nothing is known. */
struct vf_users {
	struct usage_holder vfio;  /* has the VFIO device open */
	struct usage_holder netns; /* lives in the namespace of the interface */
	struct usage_holder rdma;  /* has the RDMA device open: none without a pid */
	const char *netns_name;    /* what `ip netns` calls that namespace */
	const char *reserved;      /* the guest that Proxmox has reserved it for */
	const char *assigned;      /* the guest whose configuration names it: no use by itself */
	const char *master;  /* name of the bridge or bond that the interface is a member of */
	const char *upper;   /* name of an interface on top of it: a VLAN, a macvlan, … */
	const char *address; /* one of its IP addresses, "192.0.2.1/24" */
	bool default_route;  /* the default route leads out of it */
	bool session;        /* the caller's SSH session comes in by it */
};

/* All facts that are judged. */
struct vf_usage {
	const char *driver; /* NULL: none */
	bool network;       /* it is a network device, by its class */
	bool whole;         /* it is no VF, and the policy reserves it */
	bool vfio_open;
	bool netdev_away;
	const char *netdev; /* name of its interface, NULL: none here */
	bool up;
	const char *master; /* as above, NULL: none */
	const char *part;   /* a block device of it that another one is made of, NULL: none */
	const char *holder; /* that one: an array, a volume, … */
	struct vf_users users;
};

/*
 * Why the VF counts as in use, as a phrase that follows its name ("open in VM 104 (kvm, pid 2211)",
 * "eth3 is up"), appended to B. Returns whether it is in use; B is untouched if not.
 */
bool usage_text(const struct vf_usage *u, struct buf *b);

/* Who that is, as far as it is known: all zero else. Only of a VF that is in use. */
struct usage_holder usage_holder(const struct vf_usage *u);
