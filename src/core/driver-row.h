/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A row of the table of drivers: what one PF driver accepts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"

enum driver_takes {
	DRIVER_UNKNOWN,
	DRIVER_NO,
	DRIVER_YES,
	DRIVER_MAYBE, /* some cards, firmware or modes of it: the cell's `note` says which */
	DRIVER_LOOSE, /* it says yes, but that need not mean much: `note` */
	_DRIVER_TAKES_MAX
};

/* What has to be so when an attribute is set. */
enum driver_need {
	DRIVER_NEEDS_UP = 1 << 0,      /* the PF's interface */
	DRIVER_NEEDS_CARRIER = 1 << 1, /* the same, and its link */
	DRIVER_NEEDS_LEGACY = 1 << 2,  /* the eswitch is not in switchdev mode */
};

/* Some of a driver's cards, by PCI device. */
struct driver_cards {
	const char *name;     /* "82576" */
	uint16_t devices[24]; /* up to the first 0 */
	unsigned filters;     /* addresses that the card filters on, with the PF's own and one
				   for each VF; 0: not known */
};

/* One attribute of a driver's VFs. */
struct driver_cell {
	enum driver_takes takes;
	enum driver_takes ad; /* of a VLAN: proto 802.1ad */
	bool no_qos;          /* of a VLAN: a priority is refused, or lost */
	bool resets;          /* the driver resets the VF when it changes */
	bool link_speed;      /* of a number: no more than the link's speed at that time */
	bool no_rest;         /* where it is not taken: reported as something else than 0 */
	unsigned needs;       /* bits of enum driver_need */
	unsigned no_words;    /* of link_state: bit 1 << value for each that does nothing */
	uint64_t least, most; /* of a number that is not 0; 0: no limit but the type's */
	unsigned step;        /* of a number: the card only knows multiples of it; 0: all */
	const struct driver_cards *cards; /* NULL: all that the driver is for */
	const char *note;   /* the condition, or what else to know, in a few words; NULL */
	const char *source; /* in the kernel: "igb_ndo_set_vf_mac()" */
};

enum driver_kind { DRIVER_NIC, DRIVER_NVME, DRIVER_GPU, DRIVER_CRYPTO, _DRIVER_KIND_MAX };

/* Which numbers of VFs sriov_numvfs takes. */
enum driver_count {
	DRIVER_COUNT_ANY,
	DRIVER_COUNT_ALL,   /* 0 and sriov_totalvfs */
	DRIVER_COUNT_FIXED, /* none: the driver has no such function */
};

struct driver {
	const char *name; /* of the PCI driver, as in /sys/bus/pci/drivers */
	const char *what; /* what it drives, for people */
	enum driver_kind kind;
	/*
	 * Its table of functions: an attribute set by netlink that has no cell is not in there, so
	 * it is not taken. NULL: then nothing is known of it.
	 */
	const char *ops;
	bool reports;        /* it tells the VFs' attributes by netlink (ndo_get_vf_config) */
	bool count_needs_up; /* VFs can be made only while the PF's interface is up */
	enum driver_count count;
	const char *count_note; /* what limits or sets the number of VFs, or NULL */
	const char *vf_driver;  /* the host's driver for its VFs; NULL: there is none in Linux */
	const char *eswitch;    /* the modes that devlink can set: "legacy switchdev", or NULL */
	const char *eswitch_source;
	const struct driver_cards *const *cards; /* NULL-terminated; those of which `filters` is
						    known, or NULL */
	struct driver_cell attrs[_VF_ATTR_MAX];
};
