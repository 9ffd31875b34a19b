/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault LOG [NUMBER FAULT] COMMAND…: runs COMMAND, numbers its effects in the order in which they
 * come, and has FAULT happen at effect NUMBER. For scenarios.
 *
 * An effect is a system call, of COMMAND or of a process that it has begun, which changes something
 * outside: a file below /sys, /proc/sys or /run, an interface by netlink, a unit by systemd, the
 * modules. LOG has a line for each: its number, "run" (the first process) or "worker", the call,
 * what it is about, and what is written below /sys and /proc after a "=". The random end of a
 * temporary name is "*" there.
 *
 *     kill           all processes are killed, and the call is not made
 *     kill-worker    the process that makes the call is killed, and the call is not made
 *     kill-after     the process that makes the call is killed when it has been made
 *     kill-run       the first process is killed, the others go on
 *     ERRNO          the call is not made, and fails with ERRNO
 *     after:ERRNO    the call is made, and fails with ERRNO nevertheless
 *     refuse:ERRNO   the kernel does nothing that the netlink message asks, and answers with ERRNO
 *
 * ERRNO and refuse:ERRNO with a "+" happen to all later calls that are about the same, too.
 *
 * Ends when all processes have, with the status of COMMAND (128 and the signal's number if it was
 * killed), 98 when there was no effect NUMBER, 99 when something went wrong here.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "effect.h"

#define PROCESSES_MAX 64
#define NO_EFFECT     98
#define BROKEN        99
#define NO_SUCH_TYPE  0x7ff0 /* of a netlink message: the kernel answers EOPNOTSUPP */

enum action { NOTHING, KILL, KILL_WORKER, KILL_AFTER, KILL_RUN, FAIL, FAIL_AFTER, REFUSE };

/* The command while it runs. */
struct run {
	FILE *log;
	pid_t first;
	pid_t pids[PROCESSES_MAX]; /* 0: none */
	int status;
	unsigned long n, at;
	enum action action;
	int code; /* of FAIL, FAIL_AFTER, REFUSE */
	bool stays;
	char what[TEXT_SIZE]; /* that the fault was about */
	bool killing;         /* all of them */
	pid_t refused;        /* the answers to this process are changed, 0: none */
};

static void poke(pid_t pid, unsigned long long to, const void *from, size_t size)
{
	struct iovec here = { (void *)(uintptr_t)from, size };
	struct iovec there = { (void *)(uintptr_t)to, size };

	if (process_vm_writev(pid, &here, 1, &there, 1, 0) != (ssize_t)size)
		perror("fault: writing memory");
}

/* --- faults --- */

static void kill_all(struct run *r)
{
	r->killing = true;
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		if (r->pids[i])
			kill(r->pids[i], SIGKILL);
}

static void set_regs(const struct stop *s)
{
	if (ptrace(PTRACE_SETREGS, s->pid, NULL, &s->regs) < 0)
		perror("fault: writing registers");
}

/* Has the call left out, with a result as if it had failed. */
static void fail(struct stop *s, int code)
{
	s->regs.orig_rax = (unsigned long long)-1;
	s->regs.rax = (unsigned long long)-code;
	set_regs(s);
}

/* Makes all messages of the call such as the kernel does not know. */
static void spoil(const struct stop *s)
{
	const uint16_t type = NO_SUCH_TYPE;
	struct iovec iov[PARTS_MAX];
	size_t n = effect_parts(s, iov);

	for (size_t i = 0; i < n; i++)
		poke(s->pid, (uintptr_t)iov[i].iov_base + offsetof(struct nlmsghdr, nlmsg_type),
			&type, sizeof(type));
}

/* Has the fault happen. Returns whether the end of the call is of interest. */
static bool strike(struct run *r, struct stop *s)
{
	switch (r->action) {
	case KILL:
		kill_all(r);
		return false;
	case KILL_WORKER:
		kill(s->pid, SIGKILL);
		return false;
	case KILL_RUN:
		kill(r->first, SIGKILL);
		return false;
	case FAIL:
		fail(s, r->code);
		return false;
	case REFUSE:
		spoil(s);
		r->refused = s->pid;
		return false;
	default:
		return true;
	}
}

/* At the end of the call that the fault is at. */
static void strike_after(const struct run *r, struct stop *s)
{
	if (r->action == KILL_AFTER) {
		kill(s->pid, SIGKILL);
		return;
	}
	s->regs.rax = (unsigned long long)-r->code;
	set_regs(s);
}

/* Replaces the kernel's answers to spoilt messages by the wanted one. */
static void change_answers(const struct run *r, const struct stop *s)
{
	unsigned long long at = s->arg[1], end = at + s->regs.rax;
	struct nlmsghdr msg;
	int error;

	while (at && at + sizeof(msg) + sizeof(error) <= end &&
		peek(s->pid, at, &msg, sizeof(msg)) && msg.nlmsg_len >= sizeof(msg)) {
		if (msg.nlmsg_type == NLMSG_ERROR &&
			peek(s->pid, at + sizeof(msg), &error, sizeof(error)) &&
			error == -EOPNOTSUPP) {
			error = -r->code;
			poke(s->pid, at + sizeof(msg), &error, sizeof(error));
		}
		at += NLMSG_ALIGN(msg.nlmsg_len);
	}
}

/* --- following --- */

/* Whether the fault happens at this effect, which is number N. */
static bool is_meant(const struct run *r, const struct stop *s)
{
	return r->n == r->at ||
	       (r->at && r->n > r->at && r->stays && strcmp(s->what, r->what) == 0);
}

/* Before a call. Returns whether its end is of interest. */
static bool at_call(struct run *r, pid_t pid)
{
	struct stop s;

	if (!effect_take(pid, &s) || !effect_is(&s))
		return false;
	r->refused = 0;
	r->n++;
	fprintf(r->log, "%lu %s %s %s%s%s\n", r->n, pid == r->first ? "run" : "worker",
		s.call->name, s.what, s.value[0] ? "=" : "", s.value);
	fflush(r->log);
	if (!is_meant(r, &s))
		return false;
	strcpy(r->what, s.what);
	return strike(r, &s);
}

static void at_return(const struct run *r, pid_t pid)
{
	struct stop s;

	if (!effect_take(pid, &s))
		return;
	if (r->refused != pid)
		strike_after(r, &s);
	else if (s.regs.orig_rax == SYS_recvfrom && (long long)s.regs.rax > 0)
		change_answers(r, &s);
}

/* Adds a process, or with FROM removes it. */
static void replace(struct run *r, pid_t from, pid_t to)
{
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		if (r->pids[i] == from) {
			r->pids[i] = to;
			return;
		}
}

static void note_process(struct run *r, pid_t pid)
{
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		if (r->pids[i] == pid)
			return;
	replace(r, 0, pid);
}

static void at_stop(struct run *r, pid_t pid, int status)
{
	enum __ptrace_request how = PTRACE_CONT;
	int signal_number = WSTOPSIG(status);

	note_process(r, pid);
	if (r->killing)
		kill(pid, SIGKILL);
	if (status >> 16 == PTRACE_EVENT_SECCOMP && at_call(r, pid))
		how = PTRACE_SYSCALL;
	if (signal_number == (SIGTRAP | 0x80))
		at_return(r, pid);
	if (status >> 16 || signal_number == (SIGTRAP | 0x80))
		signal_number = 0;
	if (r->refused == pid)
		how = PTRACE_SYSCALL;
	ptrace(how, pid, NULL, (void *)(uintptr_t)signal_number);
}

static void follow(struct run *r)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid > 0 && WIFSTOPPED(status)) {
			at_stop(r, pid, status);
		} else if (pid > 0) {
			replace(r, pid, 0);
			if (pid == r->first)
				r->status = WIFEXITED(status) ? WEXITSTATUS(status)
							      : 128 + WTERMSIG(status);
		}
	}
}

/* --- the command --- */

static void load(struct sock_filter *to, size_t offset)
{
	*to = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset);
}

/*
 * Has the calls stop this process and all that it begins; of those that open files, the many that
 * create none are spared.
 */
static int trap_calls(void)
{
	struct sock_filter code[64];
	struct sock_fprog program = { .filter = code };
	size_t n = 0, n_calls;
	const struct call *calls = effect_calls(&n_calls);

	load(&code[n++], offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < n_calls; i++) {
		bool opens = calls[i].nr == SYS_openat;

		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			(unsigned)calls[i].nr, (uint8_t)(n_calls - i + (opens ? 0 : 3)), 0);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	load(&code[n++], offsetof(struct seccomp_data, args[2]));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT, 1, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	program.len = (unsigned short)n;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0
		       ? -1
		       : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static pid_t start(char **command)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;
	int go[2];
	pid_t pid;
	char c;

	if (pipe2(go, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		if (read(go[0], &c, 1) < 0 || trap_calls() < 0)
			_exit(BROKEN);
		execvp(command[0], command);
		_exit(BROKEN);
	}
	close(go[0]);
	if (pid > 0 && ptrace(PTRACE_SEIZE, pid, NULL, (void *)options) < 0) {
		kill(pid, SIGKILL);
		pid = -1;
	}
	close(go[1]);
	return pid;
}

/* The number of the errno called NAME, with a "+" if it STAYS; 0: there is none. */
static int errno_number(char *name, bool *stays)
{
	size_t len = strlen(name);

	*stays = len && name[len - 1] == '+';
	if (*stays)
		name[len - 1] = '\0';
	for (int code = 1; code < 134; code++)
		if (strerrorname_np(code) && strcmp(strerrorname_np(code), name) == 0)
			return code;
	return 0;
}

static bool parse(char *text, struct run *r)
{
	static const struct {
		const char *name;
		enum action action;
		bool code;
	} faults[] = {
		{ "kill", KILL, false },
		{ "kill-worker", KILL_WORKER, false },
		{ "kill-after", KILL_AFTER, false },
		{ "kill-run", KILL_RUN, false },
		{ "after:", FAIL_AFTER, true },
		{ "refuse:", REFUSE, true },
		{ "", FAIL, true },
	};
	size_t i = 0;

	/* The last one fits all texts. */
	while (i + 1 < ARRAY_SIZE(faults) &&
		(faults[i].code ? strncmp(text, faults[i].name, strlen(faults[i].name))
				: strcmp(text, faults[i].name)) != 0)
		i++;
	r->action = faults[i].action;
	if (faults[i].code)
		r->code = errno_number(text + strlen(faults[i].name), &r->stays);
	return !faults[i].code || r->code;
}

int main(int argc, char **argv)
{
	struct run r = { .status = BROKEN };
	int command = 2;

	if (argc > 4 && argv[2][0] >= '1' && argv[2][0] <= '9') {
		r.at = strtoul(argv[2], NULL, 10);
		command = 4;
		if (!parse(argv[3], &r)) {
			fprintf(stderr, "fault: no such fault: %s\n", argv[3]);
			return BROKEN;
		}
	}
	if (argc <= command)
		return BROKEN;
	r.log = fopen(argv[1], "we");
	r.first = r.log ? start(&argv[command]) : -1;
	if (r.first < 0) {
		perror("fault");
		return BROKEN;
	}
	note_process(&r, r.first);
	follow(&r);
	fclose(r.log);
	return r.n < r.at ? NO_EFFECT : r.status;
}
