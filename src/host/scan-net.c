/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces, and what PFs' drivers report of their VFs. A PCI function may own several interfaces
 * (in switchdev mode a PF also owns one per VF, its representor): its own one is told from the
 * others by the port's name (kernel-facts §4.3).
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "host/host.h"
#include "host/scan.h"
#include "host/vfnl.h"

#define PATH_SIZE 128

/* The interfaces as they were read, whichever way. */
struct ifaces {
	struct scan *scan;
	struct vfparse_link *l; /* by rising ifindex */
	size_t n;
	bool parents; /* the kernel tells (IFLA_PARENT_DEV_NAME, Linux 5.14): no link need be read
		       */
};

/* Reads the number in FILE of interface NAME; any failure is 0. */
static uint64_t net_number(
	const struct scan *s, const char *name, const char *file, int base, uint64_t max)
{
	char path[PATH_SIZE];
	uint64_t n = 0;

	snprintf(path, sizeof(path), "sys/class/net/%s/%s", name, file);
	return file_read_number(s->root, path, base, max, &n) < 0 ? 0 : n;
}

static bool net_text(
	const struct scan *s, const char *name, const char *file, char *buf, size_t size)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "sys/class/net/%s/%s", name, file);
	return file_read(s->root, path, buf, size) > 0;
}

/* Reads one interface from its files, as the messages of a live host tell it. */
static int add_offline(int dirfd _unused_, const char *name, void *arg)
{
	struct ifaces *all = arg;
	const struct scan *s = all->scan;
	struct vfparse_link l = { 0 };
	char text[64];

	l.ifindex = (int)net_number(s, name, "ifindex", 10, INT32_MAX);
	if (!file_is_name(name) || strlen(name) >= sizeof(l.name) || l.ifindex == 0)
		return 0; /* bonding_masters, for one */
	strcpy(l.name, name);
	l.flags = (unsigned)net_number(s, name, "flags", 0, UINT32_MAX);
	l.type = (uint16_t)net_number(s, name, "type", 10, UINT16_MAX);
	l.mtu = (unsigned)net_number(s, name, "mtu", 10, UINT32_MAX);
	l.master = (int)net_number(s, name, "master/ifindex", 10, INT32_MAX);
	if (net_number(s, name, "carrier", 10, 1))
		l.flags |= IFF_LOWER_UP;
	if (net_text(s, name, "address", text, sizeof(text)))
		l.has_mac = macaddr_parse(text, &l.mac) == 0;
	if (net_text(s, name, "phys_port_name", text, sizeof(text)) &&
		strlen(text) < sizeof(l.port_name))
		strcpy(l.port_name, text);
	all->l = mem_grow(all->l, all->n, sizeof(*all->l));
	all->l[all->n++] = l;
	return 0;
}

static int read_ifaces(struct ifaces *all, struct vfnl *nl)
{
	struct scan *s = all->scan;
	int r;

	if (!nl) {
		r = file_each(s->root, "sys/class/net", add_offline, all);
		if (r == -ENOENT)
			return 0;
		return r < 0 ? err_set(s->err, r, "/sys/class/net: %s", err_name(r)) : 0;
	}
	r = vfnl_links(nl, &all->l, &all->n);
	if (r < 0)
		return err_set(s->err, r, "cannot list the network interfaces: %s", err_name(r));
	for (size_t i = 0; i < all->n; i++)
		all->parents |= all->l[i].parent[0] != '\0';
	return 0;
}

/* The last device in a path such as …/0000:00:03.0/virtio0/net/eth0, or -1. */
static int dev_of_path(const struct inventory *inv, char *path)
{
	int dev = -1;
	char *name;

	while ((name = strsep(&path, "/"))) {
		struct pciaddr a;

		if (pciaddr_parse(name, &a) == 0)
			dev = inventory_dev(inv, a);
	}
	return dev;
}

/* The device that an interface sits on, or -1. */
static int dev_of(const struct ifaces *all, const struct vfparse_link *l)
{
	const struct scan *s = all->scan;
	char path[PATH_SIZE], target[4096];
	struct pciaddr a;

	if (pciaddr_parse(l->parent, &a) == 0 && strcmp(l->parent_bus, pciaddr_bus(a)) == 0)
		return inventory_dev(s->inv, a);
	if (all->parents && !l->parent[0])
		return -1;
	snprintf(path, sizeof(path), "sys/class/net/%s", l->name);
	if (file_link(s->root, path, target, sizeof(target)) < 0)
		return -1;
	return dev_of_path(s->inv, target);
}

/* Drivers that predate IFLA_PERM_ADDRESS, and other hosts: an address that nobody changed. */
static void read_perm_mac(const struct scan *s, struct vfparse_link *l)
{
	char text[8];

	if (l->has_perm_mac || !l->has_mac)
		return;
	l->has_perm_mac = net_text(s, l->name, "addr_assign_type", text, sizeof(text)) &&
			  strcmp(text, "0") == 0;
	l->perm_mac = l->has_perm_mac ? l->mac : 0;
}

/* Whether the port's name is a physical port's: none, or p0 (representors have pf0vf0 and the
 * like). */
static bool is_own_port(const struct vfparse_link *l)
{
	return !l->port_name[0] ||
	       (l->port_name[0] == 'p' && isdigit((unsigned char)l->port_name[1]));
}

/* Whether A is rather the function's own interface than B. */
static bool is_better(
	const struct scan *s, const struct vfparse_link *a, const struct vfparse_link *b)
{
	if (is_own_port(a) != is_own_port(b))
		return is_own_port(a);
	return net_number(s, a->name, "dev_port", 10, UINT32_MAX) <
	       net_number(s, b->name, "dev_port", 10, UINT32_MAX);
}

static int link_cmp(const void *a, const void *b)
{
	int x = ((const struct vfparse_link *)a)->ifindex;
	int y = ((const struct vfparse_link *)b)->ifindex;

	return (x > y) - (x < y);
}

static struct netdev make_netdev(struct inventory *inv, const struct vfparse_link *l, int dev)
{
	return (struct netdev){ .ifindex = l->ifindex,
		.name = mem_intern(inv->strings, l->name),
		.ethernet = l->type == ARPHRD_ETHER,
		.infiniband = l->type == ARPHRD_INFINIBAND,
		.has_mac = l->has_mac,
		.has_perm_mac = l->has_perm_mac,
		.mac = l->mac,
		.perm_mac = l->perm_mac,
		.up = l->flags & IFF_UP,
		.carrier = l->flags & IFF_LOWER_UP,
		.mtu = l->mtu,
		.mtu_max = dev < 0 ? 0 : l->mtu_max,
		.accept_ra = -1,
		.master = l->master,
		.dev = dev };
}

static void add_netdevs(struct ifaces *all)
{
	struct inventory *inv = all->scan->inv;

	if (all->n)
		qsort(all->l, all->n, sizeof(*all->l), link_cmp);
	inv->netdevs = mem_new(all->n, sizeof(*inv->netdevs));
	for (size_t i = 0; i < all->n; i++) {
		struct vfparse_link *l = &all->l[i];
		int dev = dev_of(all, l), *netdev;

		if (dev >= 0) {
			read_perm_mac(all->scan, l);
			netdev = &inv->devs[dev].netdev;
			if (*netdev < 0 || is_better(all->scan, l, &all->l[*netdev]))
				*netdev = (int)i;
		}
		inv->netdevs[inv->n_netdevs++] = make_netdev(inv, l, dev);
	}
}

/*
 * A driver's interface that this namespace does not show leaves an empty directory behind: it is in
 * a container (kernel-facts §3.3).
 */
static void find_away(struct scan *s)
{
	char path[PATH_SIZE];

	for (size_t i = 0; i < s->inv->n_devs; i++) {
		struct dev *d = &s->inv->devs[i];

		if (d->class_code >> 16 != PCI_CLASS_NETWORK || !d->driver || d->netdev >= 0 ||
			strcmp(d->driver, VF_DRIVER_VFIO) == 0)
			continue;
		snprintf(path, sizeof(path), "%s/net", pciaddr_path(d->addr).s);
		d->netdev_away = scan_has_entries(s, path) == 0;
	}
}

/* Whether the PF's interface would take an address from a router. */
static void read_accept_ra(const struct scan *s, const struct pf *pf)
{
	const struct dev *d = inventory_pf_dev(s->inv, pf);
	char path[PATH_SIZE];
	uint64_t n;

	if (d->netdev < 0)
		return;
	snprintf(path, sizeof(path), "proc/sys/net/ipv6/conf/%s/accept_ra",
		s->inv->netdevs[d->netdev].name);
	if (file_read_number(s->root, path, 10, INT_MAX, &n) == 0)
		s->inv->netdevs[d->netdev].accept_ra = (int)n;
}

/* What VFs of KIND have of what is reported: the kernel tells a MAC address of each, be it zero. */
static struct vf_attrs attrs_of(const struct vfparse_vf *vf, enum vf_kind kind)
{
	struct vf_attrs a = vf->attrs;

	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
		if (!vf_attr_is_of(id, kind))
			a.set &= ~(UINT32_C(1) << id);
	return a;
}

/* Asks the driver of PF for its VFs. */
static int read_vf_attrs(struct scan *s, struct vfnl *nl, struct pf *pf)
{
	const struct netdev *n = inventory_pf_netdev(s->inv, pf);
	struct vfparse_link l;
	int r;

	if (!n)
		return 0;
	r = vfnl_link(nl, n->ifindex, true, &l);
	/* EMSGSIZE: InfiniBand PFs with many VFs on kernels that count wrongly (§4.2). */
	if (scan_gone(r) || r == -EMSGSIZE)
		return 0;
	if (r < 0)
		return err_set(s->err, r, "cannot read the VFs of %s: %s", n->name, err_name(r));
	pf->has_vf_attrs = l.has_vf_list;
	for (size_t i = 0; i < pf->n_vfs; i++) {
		const struct vfparse_vf *vf = vfparse_vf(&l, pf->vfs[i].index);

		if (vf)
			pf->vfs[i].attrs = attrs_of(vf, inventory_pf_kind(s->inv, pf));
	}
	vfparse_done(&l);
	return 0;
}

static int scan_with(struct scan *s, struct vfnl *nl)
{
	struct ifaces all = { .scan = s };
	int r = read_ifaces(&all, nl);

	if (r == 0)
		add_netdevs(&all);
	for (size_t i = 0; i < all.n; i++)
		vfparse_done(&all.l[i]);
	free(all.l);
	if (r < 0)
		return r;
	find_away(s);
	for (size_t p = 0; p < s->inv->n_pfs; p++)
		read_accept_ra(s, &s->inv->pfs[p]);
	for (size_t p = 0; p < s->inv->n_pfs && r == 0; p++)
		if (nl && s->what & SCAN_VF_ATTRS)
			r = read_vf_attrs(s, nl, &s->inv->pfs[p]);
	return r;
}

int scan_net(struct scan *s)
{
	struct vfnl *nl = NULL;
	int r = s->live ? vfnl_open(&nl, s->err) : 0;

	if (r == 0)
		r = scan_with(s, nl);
	vfnl_close(nl);
	return r;
}

int scan_net_one(struct scan *s, struct pciaddr a)
{
	struct ifaces all = { .scan = s };
	char path[PATH_SIZE];
	int r;

	snprintf(path, sizeof(path), "%s/net", pciaddr_path(a).s);
	r = file_each(s->root, path, add_offline, &all);
	if (r < 0 && !scan_gone(r))
		err_set(s->err, r, "/%s: %s", path, err_name(r));
	else
		r = 0;
	add_netdevs(&all);
	free(all.l);
	find_away(s);
	return r;
}
