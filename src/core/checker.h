/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a check is given, what it answers, and what checks share. The table of them: check.h. */
#pragma once

#include "core/diag.h"
#include "core/inventory.h"
#include "core/plan.h"

enum check_verdict {
	CHECK_PASS,
	CHECK_WARN, /* works, or may work, but not as one would wish */
	CHECK_FAIL, /* does not work */
	CHECK_SKIP, /* could not be told, or does not matter here; the text says which */
	_CHECK_VERDICT_MAX,
};

/* What is judged; all of it outlives the report. */
struct check_input {
	const struct inventory *inv; /* scanned for its facts, or a snapshot that may lack them */
	bool policy_read;            /* there is a policy, good or bad */
	const struct diag *invalid;  /* problems of the policy itself, NULL: none */
	const struct diag *unfit;    /* what the host contradicts in it, NULL: none */
	const struct policy *policy; /* NULL: there is none that could be read */
	const struct want *want;     /* NULL likewise; PFs that cannot be so are not in it */
	const struct plan *plan;     /* likewise */
};

struct checker;

/* A row of the table. */
struct check_row {
	const char *id;    /* a word that never changes, for programs */
	const char *title; /* what is asked, for people */
	void (*run)(struct checker *c);
	enum writer_kind who; /* of a check for lines in other programs' files */
	bool always;          /* also on a host that was not scanned for facts */
};

/* One answer of a check; most give one, some one per PF or line that is wrong. */
struct check_result {
	const struct check_row *row;
	enum check_verdict verdict;
	const char *device; /* the address of the device that it is about, or NULL */
	const char *file;   /* the file that it is about, or NULL */
	unsigned line;      /* of the file, 0: none */
	const char *text;   /* what was looked at and found; parts may come from files */
	const char *next;   /* what to do, NULL: nothing */
};

struct check_report {
	struct check_result *results; /* in the order of the table */
	size_t n;
	size_t count[_CHECK_VERDICT_MAX];
	struct mem_pool *strings;
};

/* A run of the checks. */
struct checker {
	const struct check_input *in;
	const struct inventory *inv;
	const struct facts *facts;
	const struct check_row *row; /* at which it is */
	struct check_report *out;
};

/* Adds a result of the present row. */
void check_add(struct checker *c, enum check_verdict v, const char *fmt, ...) _printf_(3, 4);

/* Says that the last result that was added is about the function with the index DEV. */
void check_about_dev(struct checker *c, size_t dev);

/* The same of PF number P. */
void check_about_pf(struct checker *c, size_t p);

/* Says that it is about LINE (0: all) of FILE. */
void check_about_line(struct checker *c, const char *file, unsigned line);

/* What to do about the last result. */
void check_next(struct checker *c, const char *fmt, ...) _printf_(2, 3);

/*
 * What to do about it: HEAD, and then how WORD is added to the kernel's command line or taken out
 * of it.
 */
void check_next_boot(struct checker *c, const char *head, bool add, const char *word);

/* What is wanted of PF number P, or NULL: the policy is not about it, or there is no policy. */
const struct want_pf *check_want(const struct checker *c, size_t p);

/* How many VFs PF number P is to have: what the policy wants, or without one all that it can. */
unsigned check_wanted_vfs(const struct checker *c, size_t p);

/* Whether a VF of PF number P is, or without a policy could be, for a guest. */
bool check_wants_vfio(const struct checker *c, size_t p);

/* Whether a VF of any PF is, or without a policy could be. */
bool check_wants_any_vfio(const struct checker *c);

/* What a look at one PF came to. */
enum check_look {
	CHECK_LOOK_GOOD,
	CHECK_LOOK_TOLD,    /* a result was added */
	CHECK_LOOK_UNKNOWN, /* the host does not tell */
};

/*
 * Calls LOOK for each PF that the policy is about, or without one all, and adds one result for
 * those that are good, with the text GOOD, and one for those that do not tell: UNKNOWN.
 */
void check_each_pf(struct checker *c, enum check_look (*look)(struct checker *c, size_t p),
	const char *good, const char *unknown);

/* The same for those that are PCI functions. */
void check_each_pci(struct checker *c, enum check_look (*look)(struct checker *c, size_t p),
	const char *good, const char *unknown);
