/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network namespaces: which one has the interface of a PCI function. The kernel has no question for
 * that; one has to enter each and list its interfaces, which tell what device they sit on
 * (IFLA_PARENT_DEV_NAME, Linux 5.14).
 */
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "host/bounded.h"
#include "host/netns.h"
#include "host/vfnl.h"

#define FIND_MS   2000
#define PATH_SIZE 96

/* A namespace that is looked into. */
struct net_place {
	uint64_t inode;
	int pid;       /* 0: none */
	char name[64]; /* "": none */
};

struct places {
	struct net_place *p;
	size_t n;
	uint64_t own;
};

/* What the child reports: the interface of search[what] is in places[where - 1]. */
struct finding {
	size_t what, where; /* 0: nothing was reported (in time) */
};

/* What the child gets. */
struct job {
	const struct places *places;
	const struct netns_search *search;
	size_t n;
};

static struct net_place *find_place(struct places *all, uint64_t inode)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->p[i].inode == inode)
			return &all->p[i];
	all->p = mem_grow(all->p, all->n, sizeof(*all->p));
	all->p[all->n] = (struct net_place){ .inode = inode };
	return &all->p[all->n++];
}

/* Takes a name that `ip netns` gave, which keeps a namespace without processes. */
static int take_name(int dirfd, const char *name, void *arg)
{
	struct places *all = arg;
	struct net_place *p;
	struct stat st;

	if (strlen(name) >= sizeof(p->name) || fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		!S_ISREG(st.st_mode) || st.st_ino == all->own)
		return 0;
	p = find_place(all, st.st_ino);
	if (!p->name[0])
		strcpy(p->name, name);
	return 0;
}

static void list_places(int root, const struct procs *procs, struct places *ret)
{
	const struct procs_netns *ns;
	struct stat st;
	size_t n;

	if (fstatat(root, "proc/self/ns/net", &st, 0) == 0)
		ret->own = st.st_ino;
	ns = procs_namespaces(procs, &n);
	for (size_t i = 0; i < n; i++)
		if (ns[i].inode != ret->own)
			find_place(ret, ns[i].inode)->pid = ns[i].pid;
	file_each(root, "run/netns", take_name, ret);
}

/* Enters the namespace; false when it cannot be, or has gone. */
static bool enter(int rootfd, const struct net_place *p)
{
	_cleanup_close_ int fd = -1;
	char path[PATH_SIZE];

	if (p->pid)
		snprintf(path, sizeof(path), "proc/%d/ns/net", p->pid);
	else
		snprintf(path, sizeof(path), "run/netns/%s", p->name);
	fd = openat(rootfd, path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
}

static void report(int fd, const struct job *j, size_t where, const struct vfparse_link *l)
{
	struct pciaddr a;

	if (pciaddr_parse(l->parent, &a) < 0 || strcmp(l->parent_bus, pciaddr_bus(a)) != 0)
		return;
	for (size_t i = 0; i < j->n; i++) {
		const struct finding f = { i, where + 1 };

		if (pciaddr_cmp(j->search[i].addr, a) == 0)
			(void)file_write_all(fd, &f, sizeof(f));
	}
}

/* In the child process. */
static void look(int fd, int rootfd, void *arg)
{
	const struct job *j = arg;

	for (size_t i = 0; i < j->places->n; i++) {
		struct vfparse_link *l = NULL;
		struct vfnl *nl = NULL;
		size_t n = 0;

		if (!enter(rootfd, &j->places->p[i]) || vfnl_open(&nl, NULL) < 0)
			continue;
		if (vfnl_links(nl, &l, &n) < 0)
			n = 0;
		for (size_t k = 0; k < n; k++)
			report(fd, j, i, &l[k]);
		/* The rest is freed with the process. */
		vfnl_close(nl);
	}
}

static void take_finding(const struct job *j, const struct finding *f, struct netns_search *search)
{
	const struct net_place *p;

	if (f->what >= j->n || f->where == 0 || f->where > j->places->n)
		return;
	p = &j->places->p[f->where - 1];
	search[f->what].pid = p->pid;
	strcpy(search[f->what].name, p->name);
}

void netns_find(int root, const struct procs *p, struct netns_search *search, size_t n)
{
	struct places places = { 0 };
	struct job job = { &places, search, n };
	struct finding *found = mem_new(n, sizeof(*found));

	list_places(root, p, &places);
	if (places.n && n)
		(void)bounded_run(look, root, &job, found, n * sizeof(*found), FIND_MS);
	for (size_t i = 0; i < n; i++)
		take_finding(&job, &found[i], search);
	free(places.p);
	free(found);
}
