/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the functions behind act.h share: one per kind of step. Not for others. */
#pragma once

#include "host/host.h"

#define ACT_PATH_SIZE 192

/* What a step's function gets. */
struct act {
	int rootfd;
	const struct plan_pf *pf;
	const struct step *step;
	struct err *err;
};

/* Puts the path of the PF's FILE below the root directory into PATH. */
void act_pf_path(const struct act *a, const char *file, char path[static ACT_PATH_SIZE]);

/*
 * The address of the step's VF as the kernel links it now: computed ones are predictions (§2.1).
 * Returns 0, or a negative errno with A's error set.
 */
int act_vf_address(const struct act *a, struct pciaddr_text *ret);

/* Puts the path of the step's VF's FILE into PATH. Returns likewise. */
int act_vf_path(const struct act *a, const char *file, char path[static ACT_PATH_SIZE]);

/*
 * Whether a step that resets its VF may go on: nobody has begun to use the VF since the plan was
 * made. Returns 0, or a negative errno with E.
 */
int act_check_idle(int rootfd, const struct plan_pf *pf, const struct step *s, struct err *e);

/*
 * Each does its kind of step, and reads it back. They return 0, or a negative errno with A's error
 * set.
 */
int act_load_driver(const struct act *a);
int act_pf_ra(const struct act *a);
int act_pf_up(const struct act *a);
int act_autoprobe(const struct act *a);
int act_vfs_remove(const struct act *a);
int act_vfs_create(const struct act *a);

/* The same for steps of one VF. */
int act_vf_unbind(const struct act *a);
int act_vf_override(const struct act *a);
int act_vf_bind(const struct act *a);
int act_vf_name(const struct act *a);
