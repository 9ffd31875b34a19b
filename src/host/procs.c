/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes: what they have open, and who they are. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "core/guest.h"
#include "host/bounded.h"
#include "host/procs.h"

#define PATH_SIZE    64
#define TEXT_SIZE    4096 /* of a command line: Proxmox and libvirt put the name first */
#define CMDLINE_MS   1000
#define OPENERS_MAX  8 /* of a node that are looked at for a guest: a process may fork at will */
#define OPEN_MAX_ALL 65536 /* nodes that are remembered: who opens more hides nothing but itself */

/* A node that a process has open. */
struct open_node {
	enum procs_node node;
	unsigned number;
	int pid;
};

struct procs {
	int root;
	struct open_node *open;
	size_t n_open;
	struct procs_netns *netns;
	size_t n_netns;
	int pid;   /* that is being read */
	bool slow; /* a command line could not be had in time: no other one is tried */
};

static bool parse_node(const char *target, struct open_node *ret)
{
	static const struct {
		const char *head;
		enum procs_node node;
	} heads[] = {
		{ "/dev/vfio/devices/vfio", PROCS_VFIO_DEVICE },
		{ "/dev/vfio/noiommu-", PROCS_VFIO_GROUP },
		{ "/dev/vfio/", PROCS_VFIO_GROUP },
		{ "/dev/infiniband/uverbs", PROCS_UVERBS },
	};

	if (strncmp(target, "/dev/", 5) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		int number = str_number(target, heads[i].head);

		if (number < 0)
			continue;
		ret->node = heads[i].node;
		ret->number = (unsigned)number;
		return true;
	}
	return false;
}

static int take_fd(int dirfd, const char *name, void *arg)
{
	struct procs *p = arg;
	struct open_node o = { .pid = p->pid };
	char target[PATH_SIZE];

	if (file_link(dirfd, name, target, sizeof(target)) < 0 || !parse_node(target, &o))
		return 0;
	if (p->n_open == OPEN_MAX_ALL)
		return 1;
	p->open = mem_grow(p->open, p->n_open, sizeof(*p->open));
	p->open[p->n_open++] = o;
	return 0;
}

/* Notes the namespace that the link says: net:[4026531992]. */
static void take_netns(struct procs *p, const char *link)
{
	unsigned long long inode;
	char end, rest;

	if (sscanf(link, "net:[%18llu%c%c", &inode, &end, &rest) != 2 || end != ']')
		return;
	for (size_t i = 0; i < p->n_netns; i++)
		if (p->netns[i].inode == inode)
			return;
	p->netns = mem_grow(p->netns, p->n_netns, sizeof(*p->netns));
	p->netns[p->n_netns++] = (struct procs_netns){ inode, p->pid };
}

static int take_process(int dirfd, const char *name, void *arg)
{
	struct procs *p = arg;
	char path[PATH_SIZE], link[PATH_SIZE];
	int pid = str_number(name, "");

	if (pid <= 0)
		return 0;
	p->pid = pid;
	snprintf(path, sizeof(path), "%d/fd", pid);
	file_each(dirfd, path, take_fd, p);
	snprintf(path, sizeof(path), "%d/ns/net", pid);
	if (file_link(dirfd, path, link, sizeof(link)) > 0)
		take_netns(p, link);
	return 0;
}

struct procs *procs_scan(int root)
{
	struct procs *p = mem_new(1, sizeof(*p));

	p->root = root;
	file_each(root, "proc", take_process, p);
	return p;
}

void procs_free(struct procs *p)
{
	if (!p)
		return;
	free(p->open);
	free(p->netns);
	free(p);
}

/*
 * In a child process: the kernel reads another one's memory for it, and waits for that one's lock.
 */
static void send_cmdline(int fd, int rootfd, void *arg)
{
	char path[PATH_SIZE], text[TEXT_SIZE];
	int len;

	snprintf(path, sizeof(path), "proc/%d/cmdline", *(const int *)arg);
	len = file_read_head(rootfd, path, text, sizeof(text));
	if (len > 0)
		(void)file_write_all(fd, text, (size_t)len);
}

static const char *guest_name(struct procs *p, int pid, struct mem_pool *strings)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	char path[PATH_SIZE], text[TEXT_SIZE];
	ssize_t len = -ETIMEDOUT;

	if (!p->slow)
		len = bounded_run(send_cmdline, p->root, &pid, text, sizeof(text), CMDLINE_MS);
	p->slow |= len == -ETIMEDOUT;
	if (len > 0 && guest_from_cmdline(text, (size_t)len, &b))
		return mem_intern(strings, buf_text(&b));
	snprintf(path, sizeof(path), "proc/%d/cgroup", pid);
	if (file_read_head(p->root, path, text, sizeof(text)) > 0 && guest_from_cgroup(text, &b))
		return mem_intern(strings, buf_text(&b));
	return NULL;
}

struct usage_holder procs_holder(struct procs *p, int pid, struct mem_pool *strings)
{
	struct usage_holder h = { 0 };
	char path[PATH_SIZE], comm[PATH_SIZE];

	snprintf(path, sizeof(path), "proc/%d/comm", pid);
	if (file_read(p->root, path, comm, sizeof(comm)) < 0)
		return h;
	h.pid = pid;
	h.process = mem_intern(strings, comm);
	h.guest = guest_name(p, pid, strings);
	return h;
}

struct usage_holder procs_opener(
	struct procs *p, enum procs_node node, unsigned number, struct mem_pool *strings)
{
	struct usage_holder first = { 0 };
	int last = 0;

	for (size_t i = 0, seen = 0; i < p->n_open && seen < OPENERS_MAX; i++) {
		const struct open_node *o = &p->open[i];
		struct usage_holder h;

		if (o->node != node || o->number != number || o->pid == last)
			continue;
		last = o->pid;
		seen++;
		h = procs_holder(p, o->pid, strings);
		if (h.guest)
			return h;
		if (!first.pid)
			first = h;
	}
	return first;
}

const struct procs_netns *procs_namespaces(const struct procs *p, size_t *ret_n)
{
	*ret_n = p->n_netns;
	return p->netns;
}
