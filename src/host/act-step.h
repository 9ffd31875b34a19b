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
 * The address of the step's VF as the kernel links it now: computed ones are predictions (§2.1). Of
 * a step without one it is that of the whole device.
 * Returns 0, or a negative errno with A's error set.
 */
int act_vf_address(const struct act *a, struct pciaddr_text *ret);

/* Whether all VFs of the PF are idle. Returns 0, or a negative errno with A's error set. */
int act_all_idle(const struct act *a);

/* Puts the path of the step's VF's FILE into PATH. Returns likewise. */
int act_vf_path(const struct act *a, const char *file, char path[static ACT_PATH_SIZE]);

/*
 * Whether a step that resets its VF (one about the PF: all VFs) may go on: nobody has begun to use
 * it since the plan was made. Returns 0, or a negative errno with E.
 */
int act_check_idle(int rootfd, const struct plan_pf *pf, const struct step *s, struct err *e);

/*
 * Each function below does the kind of step that it is named after, and reads it back. It returns
 * 0, or a negative errno with A's error set.
 */

/* Loads the module of a driver, which is then registered. */
int act_load_driver(const struct act *a);

/* Has the PF's interface heed or ignore router advertisements. */
int act_pf_ra(const struct act *a);

/* Sets the PF's interface up. */
int act_pf_up(const struct act *a);

/* Sets the mode of the PF's embedded switch. */
int act_pf_eswitch(const struct act *a);

/* Sets the MTU of the PF's interface. */
int act_pf_mtu(const struct act *a);

/* Adds an address to those that the PF sends to the host, or removes it. */
int act_pf_fdb(const struct act *a);

/* The same of N features of its interface, which go together. Fills RES; returns the first code. */
int act_features(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res);

/* Says whether drivers take the PF's VFs by themselves. */
int act_autoprobe(const struct act *a);

/* Removes all VFs of the PF. */
int act_vfs_remove(const struct act *a);

/* Creates VFs on the PF, which has none. */
int act_vfs_create(const struct act *a);

/* Takes the driver off the VF. */
int act_vf_unbind(const struct act *a);

/* Pins the VF to a driver, or to none. */
int act_vf_override(const struct act *a);

/* Binds the VF to the driver that it is pinned to. */
int act_vf_bind(const struct act *a);

/* Gives the VF's interface its name. */
int act_vf_name(const struct act *a);
