/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan: all steps from the host as it is to the host as it is wanted. Pure. */
#pragma once

#include "core/inventory.h"
#include "core/step.h"
#include "core/want.h"

/* The steps of one PF, in order. */
struct plan_pf {
	bool host;           /* no PF but the host itself: its steps are about generated files */
	struct pciaddr addr; /* of the host: one that nothing has */
	int ifindex;         /* 0: no interface */
	const char *netdev;  /* its name now, for messages only; NULL: none */
	const char *driver;  /* the PF's driver, NULL: none */
	size_t entry;        /* the policy's entry behind it */
	const struct inventory
		*inv; /* the host that it was planned for; of the host itself: NULL */
	size_t pf;    /* index in its `pfs`; of a whole device: none */
	bool whole;   /* no PF with its VFs, but the function DEV itself: its steps have no VF */
	size_t dev;   /* index in its `devs` */
	bool forced;  /* its users were told to expect it: VFs in use may be hit */
	bool refused; /* consent is missing; it has no steps any more */
	struct step *steps;
	size_t n_steps;
};

struct plan {
	struct plan_pf
		*pfs; /* PFs by rising address, then whole devices; also those with nothing to do;
				the host, if it has steps, before or behind all of them */
	size_t n_pfs;
	bool incomplete; /* the host contradicts a part of the policy, so this is not all of it */
	struct mem_pool *strings;
};

/* What the caller agrees to. */
struct consent {
	bool recreate; /* idle VFs may be destroyed */
	bool force;    /* VFs in use may be reset or destroyed */
};

/* Compares what is wanted with INV. The result points into INV, WANT's policy and itself. */
struct plan *plan_make(const struct want *want, const struct inventory *inv) _must_check_;

/*
 * Adds what becomes of the functions that WANT reserves, or gives back, as a whole. Called by
 * plan_make().
 */
void plan_devices(struct plan *p, const struct want *want, const struct inventory *inv);

/*
 * Adds the steps that make the host's generated files have the texts AFTER (NULL: no such file),
 * FIRST or as the last ones of all. Nothing is added when INV has them so.
 */
void plan_add_files(struct plan *p, const struct inventory *inv,
	const char *const after[_GENFILE_MAX], bool first);

/* "0000:01:00.0", or "host": what a step of PF begins with, for people. */
struct pciaddr_text plan_pf_label(const struct plan_pf *pf);

/* How many PFs and whole devices P is about: the host does not count. */
size_t plan_count_pfs(const struct plan *p);

/* Frees P; NULL is allowed. */
void plan_free(struct plan *p);

/* How many steps P has in all. */
size_t plan_size(const struct plan *p);

/*
 * The first step of PF that C does not cover, or NULL. Its reason is appended to B: what it would
 * do, to whom, and which option would allow it.
 */
const struct step *plan_refusal(const struct plan_pf *pf, struct consent c, struct buf *b);
