/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A step: one write or one message, with what is before and after it. */
#pragma once

#include "base/buf.h"
#include "core/attr.h"
#include "core/genfile.h"
#include "core/pfset.h"
#include "core/types.h"

enum step_kind {
	STEP_LOAD_DRIVER, /* after.s: the driver whose module is loaded */
	STEP_PF_RA,       /* after.n: accept_ra of the interface */
	STEP_PF_UP,       /* the interface; never down: others may rely on it by then */
	STEP_PF_ESWITCH,  /* this and the next three: a setting; item, before.n, after.n */
	STEP_PF_MTU,
	STEP_PF_FEATURE,
	STEP_PF_FDB,
	STEP_AUTOPROBE,   /* after.n: 0 or 1 */
	STEP_VFS_REMOVE,  /* before.n VFs go */
	STEP_VFS_CREATE,  /* after.n VFs come */
	STEP_VF_UNBIND,   /* before.s: the driver that lets go */
	STEP_VF_ATTR,     /* attr, before, after, pair */
	STEP_VF_OVERRIDE, /* before.s, after.s: driver_override, NULL: none */
	STEP_VF_BIND,     /* after.s: the driver */
	STEP_VF_NAME,     /* before.s, after.s: of its interface, NULL: it has none yet */
	STEP_FILE,        /* file; before.s, after.s: its text, NULL: there is none */
	_STEP_KIND_MAX
};

/*
 * Steps that make sense only together. What is begun of a unit and cannot be finished is put back
 * as a whole; a step of none stands for itself.
 */
enum step_unit {
	UNIT_NONE,
	UNIT_VFS,    /* of the PF: its VFs go and come, autoprobe pauses, its switch changes */
	UNIT_DRIVER, /* of one VF, or of the function: it lets go of one driver and gets another */
};

/* What a step does to VFs that exist, or to a whole device. */
enum step_effect { STEP_SAFE, STEP_RESETS_VF, STEP_DESTROYS_VFS, STEP_TAKES_DEVICE };

struct step {
	enum step_kind kind;
	unsigned rank;  /* of its kind, from step_make() */
	unsigned order; /* among the steps of one VF with the same rank */
	enum step_effect effect;
	int vf; /* VF index, -1: the PF itself, or the whole device */
	enum vf_attr_id attr;
	enum genfile file;          /* STEP_FILE: which one */
	char item[PFSET_ITEM_SIZE]; /* STEP_PF_FEATURE, STEP_PF_FDB: which one; else "" */
	bool before_known;
	bool fresh; /* STEP_VF_ATTR: the VF is yet to be created, so there is no before */
	union vf_value before, after;
	uint64_t pair;    /* STEP_VF_ATTR: value of the attribute's pair once this step is done */
	const char *used; /* why a VF that the step hits counts as in use, NULL: none does */
};

/*
 * A step of KIND for VF (-1: the PF) from BEFORE to AFTER, safe and with its kind's rank: the order
 * of DESIGN §1 is a table of ranks, not the order of code.
 */
struct step step_make(enum step_kind kind, int vf, union vf_value before, union vf_value after);

/* A step that sets ID of VF to AFTER; what is before is not known until the caller says so. */
struct step step_attr(enum vf_attr_id id, int vf, uint64_t after);

/*
 * A step that makes the item of a PF's setting N; what is before is not known until the caller says
 * so.
 */
struct step step_setting(enum pfset_id id, const char *item, uint64_t n);

/* The setting that steps of KIND are about, or _PFSET_MAX. */
enum pfset_id step_kind_setting(enum step_kind kind);

/* Whether T, the step behind S, goes to the host together with it. */
bool step_joins(const struct step *s, const struct step *t);

/* A step that makes F, which has the text BEFORE (NULL: it is not there), have the text AFTER. */
struct step step_file(enum genfile f, const char *before, const char *after);

/* Puts S behind the binding of all VFs, if its kind can wait; else leaves it where it is. */
void step_delay(struct step *s);

/* Puts S before the attributes of all VFs: it gives back what these may take. */
void step_release(struct step *s);

/* Whether S comes behind the binding of all VFs, when all that hangs together is done. */
bool step_is_late(const struct step *s);

/* The unit that S is a part of. */
enum step_unit step_unit(const struct step *s);

/* Negative, 0 or positive: the order of two steps of one PF, by rank, VF and order. */
int step_cmp(const struct step *a, const struct step *b);

/* Appends the step as one line for people, without its PF: "vf 3 mac 02:… (was 00:…)". */
void step_text(struct buf *b, const struct step *s);

/* The step's name for programs: "vf-attr", "numvfs", … */
const char *step_kind_name(enum step_kind kind);

/* The kind with that name, or _STEP_KIND_MAX. */
enum step_kind step_kind_by_name(const char *name);

/* Whether before and after of such steps are strings (STEP_VF_ATTR: numbers). */
bool step_kind_is_text(enum step_kind kind);

/* "safe", "resets VF", "destroys VFs", "takes device". */
const char *step_effect_name(enum step_effect effect);

/* What the step changes, in the words of the policy: "mac", "vfs", "driver", …; NULL when it is
 * only a means to an end (a module load, the pause of autoprobe). */
const char *step_field(const struct step *s);

/* Appends the value before (AFTER false) or after the step, as people write it. */
void step_value_text(struct buf *b, const struct step *s, bool after);
