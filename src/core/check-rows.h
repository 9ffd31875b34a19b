/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of the table of checks, which adds what they are about. */
#pragma once

#include "core/checker.h"

/* The policy itself. */
void check_policy(struct checker *c);

/* What the host contradicts in the policy. */
void check_host_fits(struct checker *c);

/* What apply would refuse. */
void check_consent(struct checker *c);

/* Whether the IOMMU is on. */
void check_iommu(struct checker *c);

/* Whether it remaps interrupts. */
void check_interrupt_remapping(struct checker *c);

/* Whether VFIO is told to do without that. */
void check_unsafe_interrupts(struct checker *c);

/* Whether the kernel is told to take for isolated what is not. */
void check_acs_override(struct checker *c);

/* Whether the kernel is locked down, where that matters. */
void check_lockdown(struct checker *c);

/* The modules of VFIO. */
void check_vfio_modules(struct checker *c);

/* The drivers that VFs are to have. */
void check_driver_modules(struct checker *c);

/* Devices that have SR-IOV, or could. */
void check_capability(struct checker *c);

/* Whether PFs have a driver. */
void check_pf_driver(struct checker *c);

/* Whether VFIO has a PF. */
void check_pf_vfio(struct checker *c);

/* Interfaces of PFs. */
void check_pf_link(struct checker *c);

/* Parameters of PFs' drivers that create VFs. */
void check_max_vfs(struct checker *c);

/* Whether ports forward ARI. */
void check_ari(struct checker *c);

/* Whether there are bus numbers for the wanted VFs. */
void check_bus_numbers(struct checker *c);

/* Whether VF BARs have addresses. */
void check_vf_memory(struct checker *c);

/* Whether the firmware has memory in the groups of VFs. */
void check_reserved_regions(struct checker *c);

/* Whether VFs are, or will be, isolated. */
void check_groups(struct checker *c);

/* Lines of other programs' files: those of the row's `who`. */
void check_writer(struct checker *c);

/* Files that could not be looked at. */
void check_unread(struct checker *c);
