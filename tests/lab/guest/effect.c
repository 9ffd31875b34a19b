/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the system calls of another process change. */
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "effect.h"

static const struct call calls[] = {
	{ SYS_write, "write", BY_FD, 0, false },
	{ SYS_pwrite64, "write", BY_FD, 0, false },
	{ SYS_writev, "write", BY_FD, 0, false },
	{ SYS_ftruncate, "truncate", BY_FD, 0, false },
	{ SYS_fsync, "sync", BY_FD, 0, false },
	{ SYS_fchmod, "chmod", BY_FD, 0, false },
	{ SYS_openat, "create", BY_PATH, 0, false },
	{ SYS_mkdirat, "mkdir", BY_PATH, 0, false },
	{ SYS_mkdir, "mkdir", BY_PATH, 0, true },
	{ SYS_unlinkat, "unlink", BY_PATH, 0, false },
	{ SYS_fchmodat, "chmod", BY_PATH, 0, false },
	{ SYS_renameat, "rename", BY_PATH, 2, false },
	{ SYS_sendmsg, "send", BY_SOCKET, 0, false },
	{ SYS_finit_module, "load", BY_MODULE, 0, false },
	{ SYS_init_module, "load", BY_MODULE, 0, false },
};

const struct call *effect_calls(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(calls);
	return calls;
}

bool peek(pid_t pid, unsigned long long from, void *to, size_t size)
{
	struct iovec here = { to, size }, there = { (void *)(uintptr_t)from, size };

	return process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

/* Reads a string that ends before SIZE, "" if it does not. */
static void peek_text(pid_t pid, unsigned long long from, char *to, size_t size)
{
	size_t n = 0;

	while (n < size && peek(pid, from + n, to + n, 1) && to[n])
		n++;
	if (n == size)
		n = 0;
	to[n] = '\0';
}

static void fd_path(pid_t pid, int fd, char *to, size_t size)
{
	char link[64];
	ssize_t n;

	if (fd == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid, fd);
	n = readlink(link, to, size - 1);
	to[n > 0 ? n : 0] = '\0';
}

/* Fills in the path from the descriptor and the name in the arguments from number I on. */
static void take_path(struct stop *s, unsigned i, bool alone)
{
	char dir[TEXT_SIZE / 2], name[TEXT_SIZE / 2 - 1];

	fd_path(s->pid, alone ? AT_FDCWD : (int)s->arg[i], dir, sizeof(dir));
	peek_text(s->pid, s->arg[alone ? i : i + 1], name, sizeof(name));
	if (name[0] == '/' || strcmp(dir, "/") == 0)
		dir[0] = '\0';
	snprintf(s->what, sizeof(s->what), "%s%s%s", dir, name[0] == '/' ? "" : "/", name);
}

/* A temporary file's name ends in eight random digits. */
static void hide_random(char *path)
{
	char *name = strrchr(path, '/'), *end = name ? strrchr(name, '.') : NULL;

	if (end && name[1] == '.' && end > name + 1 && strlen(end + 1) == 8)
		strcpy(end + 1, "*");
}

static bool is_outside(const char *path)
{
	static const char *const trees[] = { "/sys/", "/proc/sys/", "/run/" };

	for (size_t i = 0; i < ARRAY_SIZE(trees); i++)
		if (strncmp(path, trees[i], strlen(trees[i])) == 0)
			return true;
	return false;
}

/* Whether the call may change something: a directory that is there is not made once more. */
static bool is_due(const struct stop *s)
{
	return strcmp(s->call->name, "mkdir") != 0 || access(s->what, F_OK) < 0;
}

/* What is asked of an interface. */
static const char *link_request(const struct nlmsghdr *msg, const char *end)
{
	const struct rtattr *a = (const void *)((const char *)(msg + 1) + sizeof(struct ifinfomsg));
	int left = (int)(end - (const char *)a);

	if (msg->nlmsg_type == RTM_DELLINKPROP)
		return "altname";
	if (left >= (int)sizeof(*a) && (a->rta_type & NLA_TYPE_MASK) == IFLA_IFNAME)
		return "name";
	return left >= (int)sizeof(*a) && (a->rta_type & NLA_TYPE_MASK) == IFLA_VFINFO_LIST
		       ? "vf"
		       : "flags";
}

size_t effect_parts(const struct stop *s, struct iovec iov[static PARTS_MAX])
{
	struct msghdr msg;

	if (!peek(s->pid, s->arg[1], &msg, sizeof(msg)) || msg.msg_iovlen > PARTS_MAX ||
		!peek(s->pid, (uintptr_t)msg.msg_iov, iov, msg.msg_iovlen * sizeof(*iov)))
		return 0;
	return msg.msg_iovlen;
}

/* A message by netlink that does more than ask. */
static bool take_netlink(struct stop *s)
{
	_Alignas(struct nlmsghdr) char head[256] = "";
	struct iovec iov[PARTS_MAX];
	size_t n = effect_parts(s, iov), len;
	const struct nlmsghdr *msg = (const void *)head;

	len = n && iov[0].iov_len < sizeof(head) ? iov[0].iov_len : sizeof(head);
	if (n == 0 || !peek(s->pid, (uintptr_t)iov[0].iov_base, head, len))
		return false;
	if (msg->nlmsg_type < RTM_BASE || (msg->nlmsg_type - RTM_BASE) % 4 == 2)
		return false;
	snprintf(s->what, sizeof(s->what), "netlink:%s", link_request(msg, head + len));
	return true;
}

/* A message to the service manager that makes a job. */
static bool take_bus(struct stop *s)
{
	static const char *const jobs[] = { "ReloadUnit", "StartUnit" };
	struct iovec iov[PARTS_MAX];
	size_t n = effect_parts(s, iov);

	for (size_t i = 0; i < n; i++) {
		char text[TEXT_SIZE] = "";
		size_t len = iov[i].iov_len < sizeof(text) ? iov[i].iov_len : sizeof(text);

		if (!peek(s->pid, (uintptr_t)iov[i].iov_base, text, len))
			continue;
		for (size_t j = 0; j < ARRAY_SIZE(jobs); j++)
			if (memmem(text, len, jobs[j], strlen(jobs[j]))) {
				snprintf(s->what, sizeof(s->what), "systemd:%s", jobs[j]);
				return true;
			}
	}
	return false;
}

static int socket_domain(const struct stop *s)
{
	int pidfd = (int)syscall(SYS_pidfd_open, s->pid, 0), fd, domain = -1;
	socklen_t len = sizeof(domain);

	fd = (int)syscall(SYS_pidfd_getfd, pidfd, (int)s->arg[0], 0);
	if (fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0)
		domain = -1;
	if (fd >= 0)
		close(fd);
	if (pidfd >= 0)
		close(pidfd);
	return domain;
}

/* What is written to a file of the kernel's: a line, if that. */
static void take_value(struct stop *s)
{
	size_t len = s->arg[2];

	if (s->call->nr != SYS_write || strncmp(s->what, "/run/", 5) == 0 ||
		len >= sizeof(s->value))
		return;
	peek(s->pid, s->arg[1], s->value, len);
	s->value[strcspn(s->value, "\n")] = '\0';
}

bool effect_is(struct stop *s)
{
	if (!s->call)
		return false;
	switch (s->call->by) {
	case BY_FD:
		fd_path(s->pid, (int)s->arg[0], s->what, sizeof(s->what));
		break;
	case BY_PATH:
		take_path(s, s->call->at, s->call->alone);
		if (!is_due(s))
			return false;
		break;
	case BY_SOCKET:
		switch (socket_domain(s)) {
		case AF_NETLINK:
			return take_netlink(s);
		case AF_UNIX:
			return take_bus(s);
		default:
			return false;
		}
	case BY_MODULE:
		strcpy(s->what, "module");
		return true;
	default:
		return false;
	}
	hide_random(s->what);
	take_value(s);
	return is_outside(s->what);
}

bool effect_take(pid_t pid, struct stop *s)
{
	*s = (struct stop){ .pid = pid };
	if (ptrace(PTRACE_GETREGS, pid, NULL, &s->regs) < 0)
		return false;
	s->arg[0] = s->regs.rdi, s->arg[1] = s->regs.rsi, s->arg[2] = s->regs.rdx;
	s->arg[3] = s->regs.r10, s->arg[4] = s->regs.r8, s->arg[5] = s->regs.r9;
	for (size_t i = 0; i < ARRAY_SIZE(calls) && !s->call; i++)
		if (calls[i].nr == (long)s->regs.orig_rax)
			s->call = &calls[i];
	return true;
}
