/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a VF: the judgement. */
#include <string.h>

#include "core/quote.h"
#include "core/usage.h"

/* Appends a name that anybody may have chosen: as it is when it cannot be taken for other words. */
static void add_name(struct buf *b, const char *name)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-_.:@+";

	if (*name && strlen(name) <= 60 && !name[strspn(name, safe)])
		buf_add(b, name);
	else
		buf_add(b, quote_text(name).s);
}

/* `VM 104 "fw" (kvm, pid 2211)`, or UNKNOWN. */
static void add_holder(struct buf *b, const struct usage_holder *h, const char *unknown)
{
	if (!h->guest && !h->process) {
		buf_add(b, unknown);
		return;
	}
	buf_add(b, h->guest ? h->guest : "process ");
	if (!h->process)
		return;
	if (h->guest)
		buf_add(b, " (");
	add_name(b, h->process);
	buf_addf(b, h->guest ? ", pid %d)" : " (pid %d)", h->pid);
}

static bool by_vfio(const struct vf_usage *u, struct buf *b)
{
	if (!u->vfio_open)
		return false;
	buf_add(b, "open in ");
	add_holder(b, &u->users.vfio, "a VFIO user");
	if (u->users.reserved && !u->users.vfio.guest)
		buf_addf(b, ", reserved for %s (Proxmox)", u->users.reserved);
	return true;
}

/* Proxmox reserves before it starts the guest: what is reserved is about to be opened. */
static bool by_reservation(const struct vf_usage *u, struct buf *b)
{
	if (!u->users.reserved)
		return false;
	buf_addf(b, "reserved for %s (Proxmox)", u->users.reserved);
	return true;
}

/*
 * Of what is no network device a host's driver does not show its users: a disk may be mounted. Who
 * reserves a whole function has said that the host's driver is to let go, and its disks are seen.
 */
static bool by_host_driver(const struct vf_usage *u, struct buf *b)
{
	if (!u->driver || strstr(u->driver, "vfio") || u->network || u->whole)
		return false;
	buf_addf(b, "the host's driver %s has it", u->driver);
	return true;
}

static bool by_disk(const struct vf_usage *u, struct buf *b)
{
	if (!u->part || !u->holder)
		return false;
	add_name(b, u->part);
	buf_add(b, " is a part of ");
	add_name(b, u->holder);
	return true;
}

static bool by_namespace(const struct vf_usage *u, struct buf *b)
{
	const struct vf_users *w = &u->users;

	if (!u->netdev_away)
		return false;
	if (w->netns.guest) {
		buf_add(b, "its interface is in ");
		add_holder(b, &w->netns, "");
	} else if (w->netns_name) {
		buf_add(b, "its interface is in the network namespace ");
		add_name(b, w->netns_name);
	} else if (w->netns.process) {
		buf_add(b, "its interface is in the network namespace of ");
		add_holder(b, &w->netns, "");
	} else {
		buf_add(b, "its interface is in another network namespace");
	}
	return true;
}

static bool by_rdma(const struct vf_usage *u, struct buf *b)
{
	if (!u->users.rdma.pid)
		return false;
	buf_add(b, "its RDMA device is open in ");
	add_holder(b, &u->users.rdma, "a process");
	return true;
}

/* The reason that matters most comes first: one who reads it may be about to lose the host. */
static bool by_interface(const struct vf_usage *u, struct buf *b)
{
	const struct vf_users *w = &u->users;

	if (!u->netdev)
		return false;
	if (w->session)
		buf_addf(b, "this SSH session comes in by %s", u->netdev);
	else if (w->default_route)
		buf_addf(b, "the default route leads out of %s", u->netdev);
	else if (u->master)
		buf_addf(b, "%s is a member of %s", u->netdev, u->master);
	else if (w->upper)
		buf_addf(b, "%s is on top of %s", w->upper, u->netdev);
	else if (w->address)
		buf_addf(b, "%s has the address %s", u->netdev, w->address);
	else if (u->up)
		buf_addf(b, "%s is up", u->netdev);
	else
		return false;
	return true;
}

bool usage_text(const struct vf_usage *u, struct buf *b)
{
	return by_vfio(u, b) || by_reservation(u, b) || by_host_driver(u, b) || by_disk(u, b) ||
	       by_namespace(u, b) || by_rdma(u, b) || by_interface(u, b);
}

struct usage_holder usage_holder(const struct vf_usage *u)
{
	const struct vf_users *w = &u->users;
	const struct usage_holder reserved = { .guest = w->reserved };

	if (u->vfio_open)
		return w->vfio.process || w->vfio.guest ? w->vfio : reserved;
	if (w->reserved)
		return reserved;
	return u->netdev_away ? w->netns : w->rdma;
}
