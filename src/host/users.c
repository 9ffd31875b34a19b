/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who uses each VF, by name. Read-only, and nothing is taken: opening a VFIO group to see whether
 * it is busy would make a guest fail that starts just then (kernel-facts §3.3). What costs more
 * than a file or two, the pass over /proc, the other namespaces, addresses and routes, is asked for
 * once and only when a VF is in such use that the answer matters.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/str.h"
#include "core/guest.h"
#include "host/bounded.h"
#include "host/host.h"
#include "host/netns.h"
#include "host/procs.h"
#include "host/scan.h"
#include "host/vfnl.h"

#define PATH_SIZE    160
#define RESERVATIONS "run/qemu-server/pci-id-reservations"
#define GUESTS       "etc/pve/qemu-server"
#define TEXT_MAX     65536 /* of one of Proxmox's files; what is behind that is not looked at */
#define GUESTS_MS    2000
#define ASSIGNED_MAX 1024

/* What the VFs of a scan share, each part read when the first one needs it. */
struct look {
	struct scan *scan;
	struct procs *procs;
	bool has_rdma; /* some device of the host is open to verbs */
	struct vfnl *nl;
	bool asked; /* for the addresses */
	struct vfparse_addr *addrs;
	size_t n_addrs;
};

static const char *intern(const struct look *k, const char *s)
{
	return mem_intern(k->scan->inv->strings, s);
}

static struct procs *procs_of(struct look *k)
{
	if (!k->procs)
		k->procs = procs_scan(k->scan->root);
	return k->procs;
}

static const char *vm_name(const struct look *k, unsigned vmid)
{
	char name[24];

	snprintf(name, sizeof(name), "VM %u", vmid);
	return intern(k, name);
}

/* Asked by signal, not by /proc, which may be mounted so that it hides others' processes. */
static bool lives(const struct look *k, uint64_t pid)
{
	char path[PATH_SIZE];

	if (pid == 0 || pid > INT32_MAX)
		return false;
	if (k->scan->live)
		return kill((pid_t)pid, 0) == 0 || errno == EPERM;
	snprintf(path, sizeof(path), "proc/%llu", (unsigned long long)pid);
	/* A copy of a host's files may be without its processes. */
	return file_exists(k->scan->root, path) || scan_has_entries(k->scan, "proc") <= 0;
}

/* Of a process that went away a reservation is left over; one with a time is up then. */
static bool holds(const struct look *k, const struct guest_reservation *r)
{
	return r->by_pid ? lives(k, r->until) : (uint64_t)time(NULL) < r->until;
}

static void find_reserved(const struct look *k)
{
	struct inventory *inv = k->scan->inv;
	_cleanup_free_ char *text = mem_new(TEXT_MAX, 1);
	char *rest = text, *line;

	if (file_read_head(k->scan->root, RESERVATIONS, text, TEXT_MAX) <= 0)
		return;
	while ((line = strsep(&rest, "\n"))) {
		struct guest_reservation r;
		int dev;

		if (!guest_reservation(line, &r))
			continue;
		dev = inventory_dev(inv, r.addr);
		if (dev >= 0 && holds(k, &r))
			inv->devs[dev].users.reserved = vm_name(k, r.vmid);
	}
}

/* A number behind a head, in the name of an entry. */
struct numbered {
	const char *head;
	int number; /* -1: not found yet */
};

static int take_numbered(int dirfd _unused_, const char *name, void *arg)
{
	struct numbered *n = arg;

	n->number = str_number(name, n->head);
	return n->number >= 0;
}

/* The N of an entry HEAD N in the directory DIR of the function, or -1. */
static int numbered_entry(
	const struct scan *s, const struct dev *d, const char *dir, const char *head)
{
	struct numbered n = { head, -1 };
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", pciaddr_path(d->addr).s, dir);
	file_each(s->root, path, take_numbered, &n);
	return n.number;
}

static struct usage_holder opener(struct look *k, enum procs_node node, int number)
{
	if (number < 0)
		return (struct usage_holder){ 0 };
	return procs_opener(procs_of(k), node, (unsigned)number, k->scan->inv->strings);
}

static void look_at_vfio(struct look *k, struct dev *d)
{
	d->users.vfio = opener(k, PROCS_VFIO_GROUP, d->iommu_group);
	if (!d->users.vfio.pid)
		d->users.vfio = opener(
			k, PROCS_VFIO_DEVICE, numbered_entry(k->scan, d, "vfio-dev", "vfio"));
}

/* Whether there are users the kernel does not tell; who has the node open is one for sure. */
static void look_at_rdma(struct look *k, struct dev *d)
{
	d->users.rdma = opener(
		k, PROCS_UVERBS, numbered_entry(k->scan, d, "infiniband_verbs", "uverbs"));
}

static int take_upper(int dirfd _unused_, const char *name, void *arg)
{
	char *upper = arg;

	if (strncmp(name, "upper_", 6) != 0 || strlen(name + 6) >= 64)
		return 0;
	strcpy(upper, name + 6);
	return 1;
}

static void look_at_stack(const struct look *k, const struct netdev *n, struct vf_users *u)
{
	char path[PATH_SIZE], name[64] = "";

	snprintf(path, sizeof(path), "sys/class/net/%s/master", n->name);
	if (n->master && file_link_name(k->scan->root, path, name, sizeof(name)) > 0)
		u->master = intern(k, name);
	snprintf(path, sizeof(path), "sys/class/net/%s", n->name);
	if (!n->master && file_each(k->scan->root, path, take_upper, name) == 1)
		u->upper = intern(k, name);
}

/* Opens the socket and reads the addresses; false when that cannot be. */
static bool ask_kernel(struct look *k)
{
	if (k->asked || !k->scan->live)
		return k->nl != NULL;
	k->asked = true;
	if (vfnl_open(&k->nl, NULL) == 0 && vfnl_addrs(k->nl, &k->addrs, &k->n_addrs) < 0)
		k->n_addrs = 0;
	return k->nl != NULL;
}

/* Whether the caller came in to address A: SSH_CONNECTION is "theirs port ours port". */
static bool is_session(const struct vfparse_addr *a)
{
	const char *connection = getenv("SSH_CONNECTION");
	char ours[64];
	uint8_t ip[16];

	if (!connection || sscanf(connection, "%*63s %*63s %63s", ours) != 1)
		return false;
	ours[strcspn(ours, "%")] = '\0'; /* the zone of a link-local one */
	return inet_pton(a->family, ours, ip) == 1 &&
	       memcmp(ip, a->ip, a->family == AF_INET ? 4 : 16) == 0;
}

static void take_addr(const struct look *k, const struct vfparse_addr *a, struct vf_users *u)
{
	char text[INET6_ADDRSTRLEN], full[INET6_ADDRSTRLEN + 8];

	u->session |= is_session(a);
	if (u->address || a->link_local || !inet_ntop(a->family, a->ip, text, sizeof(text)))
		return;
	snprintf(full, sizeof(full), "%s/%u", text, a->prefix);
	u->address = intern(k, full);
}

static void look_at_interface(struct look *k, struct dev *d)
{
	const struct netdev *n = inventory_used_netdev(k->scan->inv, d);

	if (!n)
		return;
	look_at_stack(k, n, &d->users);
	if (!ask_kernel(k))
		return;
	for (size_t i = 0; i < k->n_addrs; i++)
		if (k->addrs[i].ifindex == n->ifindex)
			take_addr(k, &k->addrs[i], &d->users);
	/* There are no routes out of an interface that is down. */
	d->users.default_route = n->up && vfnl_has_default_route(k->nl, n->ifindex) == 1;
}

static void take_namespace(struct look *k, const struct netns_search *found)
{
	struct inventory *inv = k->scan->inv;
	struct vf_users *u = &inv->devs[inventory_dev(inv, found->addr)].users;

	if (found->pid)
		u->netns = procs_holder(procs_of(k), found->pid, inv->strings);
	if (found->name[0])
		u->netns_name = intern(k, found->name);
}

/* Of what is no VF, only that it is in a guest as a whole, unless it may be reserved as such. */
static bool is_wanted(const struct scan *s, const struct dev *d)
{
	return s->one || d->vf >= 0 || d->vfio_open || s->what & SCAN_DEVICES;
}

/* All interfaces that are away, in one go. */
static void find_namespaces(struct look *k)
{
	const struct inventory *inv = k->scan->inv;
	_cleanup_free_ struct netns_search *search = mem_new(inv->n_devs, sizeof(*search));
	size_t n = 0;

	for (size_t i = 0; i < inv->n_devs; i++)
		if (inv->devs[i].netdev_away && is_wanted(k->scan, &inv->devs[i]))
			search[n++].addr = inv->devs[i].addr;
	if (!n || !k->scan->live)
		return;
	netns_find(k->scan->root, procs_of(k), search, n);
	for (size_t i = 0; i < n; i++)
		take_namespace(k, &search[i]);
}

/* A device that a guest's configuration names. */
struct assigned {
	struct pciaddr addr;
	unsigned vmid;
	bool all; /* the functions of its slot */
};

/* What the child process works with. */
struct configs {
	int fd;
	struct assigned now;
};

static void send_assigned(struct pciaddr a, bool all, void *arg)
{
	struct configs *c = arg;

	c->now.addr.domain = a.domain;
	c->now.addr.bus = a.bus;
	c->now.addr.devfn = a.devfn;
	c->now.addr.kind = a.kind;
	c->now.all = all;
	(void)file_write_all(c->fd, &c->now, sizeof(c->now));
}

static int read_config(int dirfd, const char *name, void *arg)
{
	_cleanup_free_ char *text = NULL;
	struct configs *c = arg;
	char *end;

	c->now.vmid = (unsigned)strtoul(name, &end, 10);
	if (end == name || end - name > 9 || strcmp(end, ".conf") != 0)
		return 0;
	text = mem_new(TEXT_MAX, 1);
	if (file_read_head(dirfd, name, text, TEXT_MAX) > 0)
		guest_hostpci(text, send_assigned, c);
	return 0;
}

/* In a child process: /etc/pve is a file system of a daemon, which may be stuck. */
static void read_configs(int fd, int rootfd, void *arg _unused_)
{
	struct configs c = { .fd = fd };

	/* Padding is written, too; so members are set one by one. */
	memset(&c.now, 0, sizeof(c.now));
	file_each(rootfd, GUESTS, read_config, &c);
}

static void take_assigned(const struct look *k, const struct assigned *a)
{
	struct inventory *inv = k->scan->inv;

	for (size_t i = 0; i < inv->n_devs; i++) {
		struct pciaddr addr = inv->devs[i].addr;

		if (a->all)
			addr.devfn &= 0xf8;
		if (pciaddr_cmp(addr, a->addr) == 0 && !inv->devs[i].users.assigned)
			inv->devs[i].users.assigned = vm_name(k, a->vmid);
	}
}

static void find_assigned(const struct look *k)
{
	_cleanup_free_ struct assigned *list = NULL;
	ssize_t len;

	if (!file_exists(k->scan->root, "etc/pve"))
		return;
	list = mem_new(ASSIGNED_MAX, sizeof(*list));
	len = bounded_run(
		read_configs, k->scan->root, NULL, list, ASSIGNED_MAX * sizeof(*list), GUESTS_MS);
	if (len == -EFBIG) /* all that there is room for has come */
		len = ASSIGNED_MAX * sizeof(*list);
	for (ssize_t i = 0; i < len / (ssize_t)sizeof(*list); i++)
		take_assigned(k, &list[i]);
}

void scan_users(struct scan *s)
{
	struct look k = { .scan = s };

	k.has_rdma = scan_has_entries(s, "sys/class/infiniband_verbs") > 0;
	find_reserved(&k);
	for (size_t i = 0; i < s->inv->n_devs; i++) {
		struct dev *d = &s->inv->devs[i];

		if (!is_wanted(s, d))
			continue;
		if (d->vfio_open)
			look_at_vfio(&k, d);
		if (d->driver && d->class_code >> 16 == PCI_CLASS_NETWORK && !d->vfio_open) {
			if (k.has_rdma)
				look_at_rdma(&k, d);
			look_at_interface(&k, d);
		}
	}
	find_namespaces(&k);
	if (!s->one)
		find_assigned(&k);
	procs_free(k.procs);
	vfnl_close(k.nl);
	free(k.addrs);
}
