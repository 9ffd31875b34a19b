/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floor: nothing but the system calls without which the goal is not reached, in the order that
 * is right, as if everything was known beforehand and nothing could fail.
 *
 *     floor pci VFS ADDRESS…        VFS VFs of each PF, for vfio-pci; those of network cards with a
 *                                   MAC (02:f0:00:00:<bus>:<VF>) and trust
 *     floor netlink VFS INTERFACE   MAC, VLAN and trust of VFS VFs in one message
 *     floor single VFS INTERFACE    the same, a message for each attribute, each answer awaited;
 *                                   instead of a VLAN the first VF gets a rate, which has to be
 *                                   refused
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE_SIZE 65536

struct message {
	char bytes[MESSAGE_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	size_t len;
};

static struct rtattr *begin(struct message *m, int type)
{
	struct rtattr *a = (void *)(m->bytes + m->len);

	a->rta_type = (unsigned short)type;
	m->len += RTA_LENGTH(0);
	return a;
}

static void end(struct message *m, struct rtattr *a)
{
	a->rta_len = (unsigned short)(m->bytes + m->len - (char *)a);
	m->len = NLMSG_ALIGN(m->len);
}

static void put(struct message *m, int type, const void *data, size_t size)
{
	struct rtattr *a = begin(m, type);

	memcpy(RTA_DATA(a), data, size);
	m->len += size;
	end(m, a);
}

static void link_message(struct message *m, int ifindex, unsigned flags)
{
	struct nlmsghdr *h = (void *)m->bytes;
	struct ifinfomsg *i = NLMSG_DATA(h);

	memset(m->bytes, 0, NLMSG_LENGTH(sizeof(*i)));
	h->nlmsg_type = RTM_SETLINK;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	i->ifi_index = ifindex;
	i->ifi_flags = i->ifi_change = flags;
	m->len = NLMSG_LENGTH(sizeof(*i));
}

/* Sends the message and waits for the answer. */
static int transact(int fd, struct message *m)
{
	struct nlmsghdr *h = (void *)m->bytes;
	char answer[8192] __attribute__((aligned(NLMSG_ALIGNTO)));

	h->nlmsg_len = (unsigned)m->len;
	if (send(fd, m->bytes, m->len, 0) < 0 || recv(fd, answer, sizeof(answer), 0) < 0)
		err(1, "netlink");
	h = (void *)answer;
	return ((struct nlmsgerr *)NLMSG_DATA(h))->error;
}

static void put_mac(struct message *m, unsigned vf, unsigned bus)
{
	struct ifla_vf_mac mac = { .vf = vf, .mac = { 2, 0xf0, 0, 0 } };

	mac.mac[4] = (unsigned char)bus;
	mac.mac[5] = (unsigned char)vf;
	put(m, IFLA_VF_MAC, &mac, sizeof(mac));
}

static void put_trust(struct message *m, unsigned vf)
{
	struct ifla_vf_trust trust = { vf, 1 };

	put(m, IFLA_VF_TRUST, &trust, sizeof(trust));
}

static void put_vlan(struct message *m, unsigned vf, unsigned vlan)
{
	struct ifla_vf_vlan v = { vf, vlan, 0 };

	put(m, IFLA_VF_VLAN, &v, sizeof(v));
}

static void must_write(const char *dir, const char *file, const char *text)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* The PF's interface, 0 when it has none. */
static int ifindex_of(const char *dir)
{
	char path[256];
	struct dirent *d;
	int index = 0;
	DIR *net;

	snprintf(path, sizeof(path), "%s/net", dir);
	net = opendir(path);
	while (net && !index && (d = readdir(net)))
		if (d->d_name[0] != '.')
			index = (int)if_nametoindex(d->d_name);
	if (net)
		closedir(net);
	return index;
}

/* MAC and trust of all VFs in one message, and with VLAN 1 for the first one, 2 for the next, … */
static void set_attributes(int fd, int ifindex, unsigned vfs, unsigned bus, bool vlan)
{
	static struct message m;
	struct rtattr *list, *info;

	link_message(&m, ifindex, 0);
	list = begin(&m, IFLA_VFINFO_LIST);
	for (unsigned vf = 0; vf < vfs; vf++) {
		info = begin(&m, IFLA_VF_INFO);
		put_mac(&m, vf, bus);
		if (vlan)
			put_vlan(&m, vf, 1 + vf);
		put_trust(&m, vf);
		end(&m, info);
	}
	end(&m, list);
	if (transact(fd, &m) != 0)
		errx(1, "attributes of bus %u are refused", bus);
}

/* PF is the directory of the PF. */
static void bind_vf(const char *pf, unsigned vf)
{
	char path[256], target[64], dir[256];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/virtfn%u", pf, vf);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		err(1, "%s", path);
	target[n] = '\0';
	if ((size_t)snprintf(dir, sizeof(dir), "%s/%s", pf, target) >= sizeof(dir))
		errx(1, "%s: too long", path);
	must_write(dir, "driver_override", "vfio-pci");
	must_write("/sys/bus/pci/drivers/vfio-pci", "bind", strrchr(target, '/') + 1);
}

static void provision(int fd, const char *address, unsigned vfs)
{
	static struct message up;
	unsigned bus = (unsigned)strtoul(address + 5, NULL, 16);
	char dir[128], number[16];
	int ifindex;

	snprintf(dir, sizeof(dir), "/sys/bus/pci/devices/%s", address);
	snprintf(number, sizeof(number), "%u", vfs);
	ifindex = ifindex_of(dir);
	if (ifindex) {
		link_message(&up, ifindex, IFF_UP);
		if (transact(fd, &up) != 0)
			errx(1, "%s cannot be set up", address);
	}
	must_write(dir, "sriov_drivers_autoprobe", "0");
	must_write(dir, "sriov_numvfs", number);
	if (ifindex)
		set_attributes(fd, ifindex, vfs, bus, false);
	for (unsigned vf = 0; vf < vfs; vf++)
		bind_vf(dir, vf);
	must_write(dir, "sriov_drivers_autoprobe", "1");
}

static void put_rate(struct message *m, unsigned vf)
{
	struct ifla_vf_rate rate = { .vf = vf, .max_tx_rate = 100 };

	put(m, IFLA_VF_RATE, &rate, sizeof(rate));
}

static int one(int fd, int ifindex, unsigned vf, int type)
{
	struct rtattr *list, *info;
	static struct message m;

	link_message(&m, ifindex, 0);
	list = begin(&m, IFLA_VFINFO_LIST);
	info = begin(&m, IFLA_VF_INFO);
	if (type == IFLA_VF_MAC)
		put_mac(&m, vf, 1);
	else if (type == IFLA_VF_VLAN)
		put_vlan(&m, vf, 1 + vf);
	else if (type == IFLA_VF_RATE)
		put_rate(&m, vf);
	else
		put_trust(&m, vf);
	end(&m, info);
	end(&m, list);
	return transact(fd, &m);
}

static void one_by_one(int fd, int ifindex, unsigned vfs)
{
	int refused = 0;

	for (unsigned vf = 0; vf < vfs; vf++) {
		refused += one(fd, ifindex, vf, IFLA_VF_MAC) != 0;
		refused += one(fd, ifindex, vf, vf ? IFLA_VF_VLAN : IFLA_VF_RATE) != 0;
		refused += one(fd, ifindex, vf, IFLA_VF_TRUST) != 0;
	}
	if (refused != 1)
		errx(1, "%d are refused, not 1", refused);
}

int main(int argc, char **argv)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	unsigned vfs;

	/* strace knows what a message says only if the socket has an address. */
	if (argc < 4 || fd < 0 || bind(fd, (const void *)&any, sizeof(any)) < 0)
		errx(2, "usage: floor pci|netlink|single VFS ADDRESS|INTERFACE…");
	vfs = (unsigned)atoi(argv[2]);
	if (strcmp(argv[1], "netlink") == 0)
		set_attributes(fd, (int)if_nametoindex(argv[3]), vfs, 1, true);
	else if (strcmp(argv[1], "single") == 0)
		one_by_one(fd, (int)if_nametoindex(argv[3]), vfs);
	else
		for (int i = 3; i < argc; i++)
			provision(fd, argv[i], vfs);
	return 0;
}
