/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs between a policy and a host share: read, scan, match, plan. */
#pragma once

#include "cli/cli.h"
#include "core/plan.h"
#include "host/host.h"

/* Zero-initialise; session_done() frees it at any stage. */
struct session {
	const struct cli *cli;
	unsigned also; /* enum scan_what: each scan looks for that as well */
	struct host *host;
	struct policy *policy;
	struct inventory *inv, *inv_done;
	struct want *want;
	struct plan *plan, *done; /* the newest, and the one that was run */
	struct diag problems;     /* what the host contradicts in the policy */
};

/* Opens the host that --root or --host names, or this one. Returns STATUS_OK, or another after an
 * error message. */
int session_open_host(struct session *s);

/*
 * Whether standard input is not both the snapshot and POLICY, a path or NULL. Returns STATUS_OK, or
 * another after an error message.
 */
int session_share_stdin(const struct cli *cli, const char *policy);

/* Opens the directory of --root; *RET is -1 without that option. Returns a status likewise. */
int session_open_root(const struct cli *cli, int *ret);

/*
 * Reads the policy that argument number ARG names, or the default files. Returns a status likewise.
 */
int session_read_policy(struct session *s, size_t arg);

/*
 * Reads the policy that --policy names, or the default files, of which there may be none. Returns a
 * status likewise.
 */
int session_read_any_policy(struct session *s);

/*
 * Scans the host and finds out what the policy wants of it, limited to --pf. What the host
 * contradicts is in `problems`; with --pf, only what may concern that PF. Returns a status
 * likewise.
 */
int session_want(struct session *s);

/* The same, and makes the plan; may be called again for a fresh look. Returns a status likewise. */
int session_plan(struct session *s);

/* Prints as warnings what is to be told of the wanted state, and hinders nothing. */
void session_tell_notes(struct session *s);

/* What of a host (enum scan_what) tells which functions the policy is about. */
unsigned session_scan_to_match(const struct session *s);

/* Index in `inv->pfs` of the PF called NAME (an address or an interface), or -1. */
int session_pf(const struct inventory *inv, const char *name);

/* The same; where there is none, that is told as an error. */
int session_find_pf(const struct inventory *inv, const char *name);

/*
 * Finds the PFs that the verb's arguments name: *RET has an element per PF of `inv`, freed by the
 * caller; NULL when there are no arguments, which means all. Returns a status likewise.
 */
int session_choose_pfs(const struct session *s, bool **ret);

/* Whether the PF called NAME is there, with its driver and its interface. */
bool session_pf_is_ready(const struct inventory *inv, const char *name);

/* Scans the host of S for WHAT (enum scan_what) into `inv`. Returns a status likewise. */
int session_scan(struct session *s, unsigned what);

/* Sets the plan aside as `done`, with all it points into, before a fresh look. */
void session_plan_done(struct session *s);

/* Runs VERB in a session of its own for CLI, frees that, and returns VERB's status. */
int session_run(const struct cli *cli, int (*verb)(struct session *s));

/* Frees what S holds. */
void session_done(struct session *s);
