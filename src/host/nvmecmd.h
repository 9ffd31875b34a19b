/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands to the NVMe controller of a PF, through the driver's character device. The kernel waits
 * for a controller that does not answer, and resets it after a minute: callers are in a process of
 * their own.
 */
#pragma once

#include "base/err.h"
#include "core/nvme.h"
#include "core/types.h"
#include "host/host.h"

/*
 * Opens the device of the controller at A, whose driver is nvme. Returns a descriptor, or a
 * negative errno with E (may be NULL).
 */
int nvmecmd_open(int root, struct pciaddr a, struct err *e);

/*
 * Asks for the capabilities of the primary controller; one without virtualization management is
 * known to have none. Returns 0 or a negative errno.
 */
int nvmecmd_caps(int fd, struct nvme_caps *ret);

/*
 * Asks for all secondary controllers: an array of *RET_N that the caller frees. Returns 0 or a
 * negative errno.
 */
int nvmecmd_secondaries(int fd, struct nvme_secondary **ret, size_t *ret_n);

/*
 * Runs N STEP_VF_ATTR steps for PF whose attributes are set by commands, one after the other, and
 * reads each back. Fills RES; returns 0 when all are 0, else the first code that is not.
 */
int nvmecmd_set(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res);
