/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a snapshot: a row per member of the model's structures. The same row serves the
 * reader, the writer, --anonymous and the check of the manual, and a test fails for a member
 * without one: a new member is a new row. The attributes of VFs have rows of their own, in
 * core/attr.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SNAP_TEXT_MAX 4096 /* bytes of a text that no row limits */

/* What a value is in the structure and, behind the colon, in the text. */
enum snap_type {
	SNAP_BOOL,     /* bool: true or false */
	SNAP_INT,      /* int: a number */
	SNAP_UNSIGNED, /* unsigned: a number */
	SNAP_ID,       /* uint16_t or uint32_t: as many hexadecimal digits as `max` has */
	SNAP_TEXT,     /* const char *: a string without control characters */
	SNAP_RAW,      /* const char *: a string that may have any byte (snapshot_unescape()) */
	SNAP_NAME,     /* const char *: a string that can be a name in /sys */
	SNAP_LINES,    /* const char *: an array of such strings as for SNAP_RAW, one per line */
	SNAP_MAC, /* macaddr, and in `beside` the bool that says whether there is one: a string */
	SNAP_ADDRESS, /* struct pciaddr: a string */
	SNAP_DEVICE,  /* int, an index in `devs`: its address */
	SNAP_NETDEV,  /* int, an index in `netdevs`: its name */
	SNAP_IFINDEX, /* int, an ifindex: the interface's name, or the number of an absent one */
	SNAP_OBJECT,  /* a structure: an object */
	SNAP_ARRAY,   /* a pointer, and in `beside` the number of structures: an array of objects */
	SNAP_NAMES,   /* the same of SNAP_NAME, sorted by strcmp(): an array of strings */
	SNAP_FILES,   /* struct genfile_state[]: an object with a key per file that is there */
};

/* What --anonymous puts in the place of a value. */
enum snap_personal {
	SNAP_OPEN, /* nothing: it tells of nobody */
	SNAP_PERSON_HOST,
	SNAP_PERSON_MAC,
	SNAP_PERSON_IFNAME, /* only what is made from a MAC address: enx525400112233 */
	SNAP_PERSON_IP,
	SNAP_PERSON_GUEST,
	SNAP_PERSON_PROCESS,
	SNAP_PERSON_NETNS,
	_SNAP_PERSONAL_MAX
};

struct snap_field {
	const char *key;
	enum snap_type type;
	size_t at, size; /* of the member in its structure */
	size_t beside;   /* where the other member is that a SNAP_MAC and an array have */
	uint64_t min, max;
	int none; /* bool or number that stands for "not known": then the key is left out */
	bool required;
	enum snap_personal personal;
	const struct snap_object *object; /* SNAP_OBJECT, SNAP_ARRAY: what is in it */
};

/* One structure. In an array they stand by rising value of the first field. */
struct snap_object {
	const char *name; /* of one of them, for messages: "a device" */
	size_t size;
	const struct snap_field *fields;
	size_t n;
	size_t attrs; /* where its struct vf_attrs is, 0: it has none */
};

extern const struct snap_object snap_host, snap_device, snap_netdev, snap_pf, snap_vf, snap_file;

/* The members of BASE, an object with the field F. */
static inline void *snap_member(const struct snap_field *f, const void *base)
{
	return (char *)base + f->at;
}

/* The same of the other member that F has. */
static inline void *snap_beside(const struct snap_field *f, const void *base)
{
	return (char *)base + f->beside;
}

/* The number in BASE, whose field F has the type SNAP_BOOL, SNAP_INT, SNAP_UNSIGNED or SNAP_ID. */
int64_t snap_number(const struct snap_field *f, const void *base);

/* Puts it there. */
void snap_set_number(const struct snap_field *f, void *base, int64_t n);

/* How many hexadecimal digits a SNAP_ID has. */
int snap_digits(const struct snap_field *f);

/* Whether another part of the snapshot has to be known before F can be read. */
bool snap_is_reference(const struct snap_field *f);
