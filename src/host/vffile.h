/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VF attributes that are files below /sys. */
#pragma once

#include "host/host.h"

/*
 * Reads attribute ID of VF number VF from the files that the driver of the PF at A has for it.
 * *RET_WRITABLE (may be NULL): whether all of them can be written. Returns 0; -ENOENT when there is
 * none, -EUCLEAN when they differ, -EBADMSG for what is no such value, or another negative errno.
 */
int vffile_read(int root, struct pciaddr a, enum vf_attr_id id, unsigned vf, uint64_t *ret,
	bool *ret_writable);

/* Writes TEXT to all these files. Returns 0, -ENOENT when there is none, or the kernel's errno. */
int vffile_write(int root, struct pciaddr a, enum vf_attr_id id, unsigned vf, const char *text);

/*
 * Runs N STEP_VF_ATTR steps for PF whose attributes are files, each at its time, and reads back.
 * What there is too little of is tried again when others have given some up. Fills RES; returns 0
 * when all are 0, else the first code that is not.
 */
int vffile_set(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res);
