/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: what all verbs share. Only this layer prints. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/diag.h"
#include "render/text.h"

/* Exit statuses (DESIGN §2); programs rely on them. */
enum exit_status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_POLICY = 3,
	STATUS_DIFFERS = 4,
	STATUS_REFUSED = 5,
	STATUS_PARTLY = 6,
};

/* Options; a verb takes only those in its mask, so the others have their defaults there. */
enum cli_option {
	OPT_ROOT = 1 << 0,
	OPT_JSON = 1 << 1,
	OPT_PF = 1 << 2,
	OPT_RECREATE = 1 << 3,
	OPT_FORCE = 1 << 4,
	OPT_KEEP_GOING = 1 << 5,
	OPT_WAIT = 1 << 6,
	OPT_EXIT_CODE = 1 << 7,
	OPT_STEP_TIMEOUT = 1 << 8,
	OPT_IF_WANTED = 1 << 9,
	OPT_HOTPLUG = 1 << 10,
	OPT_DOT = 1 << 11,
	OPT_HOST = 1 << 12,
	OPT_ANONYMOUS = 1 << 13,
	OPT_POLICY = 1 << 14,
	OPT_PART = 1 << 15,
	OPT_VM = 1 << 16,
	OPT_FROM_IOVCTL = 1 << 17,
	OPT_HERE = 1 << 18,
};

/* What the command line said. */
struct cli {
	const char *root;     /* --root, NULL: this machine */
	const char *host;     /* --host, NULL: no snapshot */
	const char *snapshot; /* its name among others (cli/hosts.h), NULL: it is the only one */
	bool json, dot;
	const char *pf;          /* --pf, NULL: all */
	const char *policy;      /* --policy, NULL: the installed one */
	const char *part;        /* --part, NULL: all */
	const char *from_iovctl; /* --from-iovctl, NULL: the host itself */
	unsigned vm;             /* --vm, 0: none */
	bool recreate, force, keep_going, exit_code, if_wanted, hotplug, anonymous, here;
	unsigned wait_s;         /* --wait */
	unsigned step_timeout_s; /* --step-timeout */
	char **args;
	size_t n_args;
	struct screen screen; /* what standard output is */
};

/* One verb; its help is here and nowhere else. */
struct verb {
	const char *name;
	const char *args; /* as in the synopsis */
	const char *help; /* one line */
	const char *description;
	unsigned options; /* enum cli_option */
	size_t max_args;
	int (*run)(const struct cli *cli); /* returns enum exit_status */
};

extern const struct verb verb_apply, verb_capture, verb_check, verb_emit, verb_groups, verb_list,
	verb_plan, verb_reset, verb_schema, verb_show, verb_snapshot, verb_status, verb_validate;

/* Prints "sriovctl: TEXT" as an error, or sends it to the journal when that is where errors go. */
void cli_error(const char *fmt, ...) _printf_(1, 2);

/* Prints "sriovctl: warning: TEXT" likewise. */
void cli_warning(const char *fmt, ...) _printf_(1, 2);

/* The same of TEXT; the journal has the address PF as a field of it. NULL: about no one PF. */
void cli_warning_about(const char *pf, const char *text);

/* Prints the problems in D (as errors), sorted by place. */
void cli_problems(struct diag *d);

/* Writes B to standard output and returns STATUS; main() tells whether it arrived. */
int cli_output(const struct buf *b, int status);
