/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Effects: system calls of another process, stopped by ptrace(), that change something outside it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define TEXT_SIZE     512
#define PARTS_MAX     256

/* What tells what a call is about. */
enum by { BY_FD, BY_PATH, BY_SOCKET, BY_MODULE };

/* A system call that can have an effect. */
struct call {
	long nr;
	const char *name;
	enum by by;
	unsigned at; /* the argument that it begins with: the descriptor, or the path if ALONE */
	bool alone;
};

/* A system call under way. */
struct stop {
	pid_t pid;
	const struct call *call; /* NULL: another one */
	struct user_regs_struct regs;
	unsigned long long arg[6];
	char what[TEXT_SIZE];
	char value[TEXT_SIZE]; /* "": none */
};

/* The calls that have to be looked at; *RET_N is how many there are. */
const struct call *effect_calls(size_t *ret_n);

/* Reads SIZE bytes of the memory of PID. */
bool peek(pid_t pid, unsigned long long from, void *to, size_t size);

/* Fills in what the process PID has stopped at; false if it has gone. */
bool effect_take(pid_t pid, struct stop *s);

/* Whether the call has an effect; fills in `what`, and `value` if a short text is written. */
bool effect_is(struct stop *s);

/* Reads where the parts of the message are that the call sends. Returns how many there are. */
size_t effect_parts(const struct stop *s, struct iovec parts[static PARTS_MAX]);
