/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings of PFs over netlink: features (ethtool) and the mode of the embedded switch (devlink)
 * over generic netlink, its filters over rtnetlink. Interfaces are known by their ifindex.
 */
#pragma once

#include "base/err.h"
#include "core/pfset.h"
#include "core/step.h"
#include "host/host.h"
#include "host/setparse.h"

/* Gives the features of the interface; the caller frees `list`. Returns 0, or a negative errno. */
int setnl_get_features(int ifindex, struct setparse_features *ret);

/*
 * Runs N STEP_PF_FEATURE steps on the interface, together first and then what is refused one by
 * one; reads back. Fills RES; returns 0 when all are 0, else the first code that is not.
 */
int setnl_set_features(int ifindex, const struct step *steps, size_t n, struct step_result *res);

/*
 * Gives the addresses that the interface itself sends to the host: an array of *RET_N that the
 * caller frees. Returns 0, or a negative errno.
 */
int setnl_get_fdb(int ifindex, macaddr **ret, size_t *ret_n);

/* Adds such an address, or removes it (THERE false), and reads back. Returns 0, or a negative errno
 * with E. */
int setnl_set_fdb(int ifindex, macaddr mac, bool there, struct err *e);

/*
 * Gives the mode of the embedded switch of the device NAME on BUS ("pci"); ESWITCH_NONE if its
 * driver has no such thing. May wait for as long as the driver is stuck. Returns 0, or a negative
 * errno.
 */
int setnl_get_eswitch(const char *bus, const char *name, enum eswitch *ret);

/* Sets that mode and reads it back. Returns 0, or a negative errno with E. */
int setnl_set_eswitch(const char *bus, const char *name, enum eswitch mode, struct err *e);
