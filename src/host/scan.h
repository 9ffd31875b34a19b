/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a machine into an inventory. One pass: a directory descriptor per function, `uevent` for
 * its IDs and driver at once, nothing for a VF that its PF tells, no directory listed but a PF's
 * own.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "core/inventory.h"

/* A scan under way. */
struct scan {
	int root;  /* descriptor of the host's root directory */
	bool live; /* this machine: netlink and udev can be asked */
	bool one;  /* only one function is looked at */
	unsigned what;
	struct inventory *inv;
	struct err *err;
};

/*
 * host_ops.scan() for the host below the directory descriptor ROOT; LIVE when that is this machine.
 */
int scan_host(int root, bool live, unsigned what, struct inventory **ret, struct err *e);

/* Reads the PCI functions, PFs, VFs and drivers. Returns 0, or a negative errno with S's error set.
 */
int scan_pci(struct scan *s);

/* Reads the names of the slots that the functions are in, if wanted, after scan_pci(). Returns
 * likewise. */
int scan_slots(struct scan *s);

/* Reads the PFs of the netdevsim bus, after scan_pci(). Returns likewise. */
int scan_netdevsim(struct scan *s);

/* Reads the interfaces and, if wanted, the VF attributes of the PFs, after all devices. Likewise.
 */
int scan_net(struct scan *s);

/*
 * Reads only the function at A, its interfaces (as the kernel's files tell) and its users; with
 * SCAN_DEVICES in WHAT, also what the host lives on. Gives an inventory with that function, or an
 * empty one when it has gone, that the caller frees; or a negative errno with E.
 */
int scan_device(int root, bool live, unsigned what, struct pciaddr a, struct inventory **ret,
	struct err *e);

/* scan_pci() for the function at A alone; one that has gone is left out. */
int scan_pci_one(struct scan *s, struct pciaddr a);

/* scan_net() for the interfaces of the function at A, after scan_pci_one(). */
int scan_net_one(struct scan *s, struct pciaddr a);

/* Reads what the drivers of PFs tell of VFs in files, if wanted, after scan_net(). */
void scan_vf_files(struct scan *s);

/* Asks NVMe controllers about their VFs, if wanted, after scan_pci(). */
void scan_nvme(struct scan *s);

/* Reads the MSI-X vectors of PFs and VFs, if wanted, after scan_net(). */
void scan_msix(struct scan *s);

/* How many MSI-X vectors the function at A has by its configuration space; 0: none, or not known.
 */
unsigned scan_msix_table(int root, struct pciaddr a);

/*
 * Finds out who uses the VFs, or the one function, last of all. What cannot be read stays unknown.
 */
void scan_users(struct scan *s);

/*
 * Finds out of each PF whether its driver is the kernel's own, which bus numbers its VFs can have,
 * and whether their BARs have addresses; after scan_facts(). What cannot be read stays unknown.
 */
void scan_fit(struct scan *s);

/* Reads the settings of PFs that S is asked for, after scan_net(). */
void scan_settings(struct scan *s);

/*
 * Finds out what the host lives on, for all functions or the one, after all else. What cannot be
 * read stays unknown.
 */
void scan_lifelines(struct scan *s);

/* A part of that: which functions carry what is mounted, or a part of an array or a volume. */
void scan_disks(struct scan *s);

/* Reads what only `check` asks for, after all else. What cannot be read stays unknown. */
void scan_facts(struct scan *s);

/* A part of that: what the devices hang on, and what their configuration spaces say. */
void scan_topology(struct scan *s);

/* A part of that: lines in other programs' files that say what sriovctl says, too. */
void scan_writers(struct scan *s);

/* Whether R says that what was about to be read has just gone: no reason to fail a scan. */
bool scan_gone(int r);

/* Whether the directory PATH has entries: 1 yes, 0 it is empty, or a negative errno. */
int scan_has_entries(const struct scan *s, const char *path);
