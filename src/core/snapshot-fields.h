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
#define SNAP_BARS_MAX 0x3f /* a bit for each of the BARs */

/* What a value is in the structure and, behind the colon, in the text. */
enum snap_type {
	SNAP_BOOL,     /* bool: true or false */
	SNAP_INT,      /* int: a number */
	SNAP_UNSIGNED, /* unsigned: a number */
	SNAP_ID,       /* uint8_t to uint64_t: as many hexadecimal digits as `max` has */
	SNAP_WORD,     /* an enum: one of `words` */
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
	SNAP_PERSON_GUID,   /* of InfiniBand, only among the attributes of VFs */
	SNAP_PERSON_IFNAME, /* only what is made from a MAC address: enx525400112233 */
	SNAP_PERSON_IP,
	SNAP_PERSON_GUEST,
	SNAP_PERSON_PROCESS,
	SNAP_PERSON_NETNS,
	SNAP_PERSON_FILE, /* the name of a file, unless it has that name on each host */
	SNAP_PERSON_LINE, /* a line of such a file; see snapshot_anonymise() */
	_SNAP_PERSONAL_MAX
};

struct snap_field {
	const char *key;
	enum snap_type type;
	size_t at, size; /* of the member in its structure */
	size_t beside;   /* where the other member is that a SNAP_MAC and an array have */
	/* Of a number, of the bytes of a text (max 0: a usual one), of the elements of an array. */
	uint64_t min, max;
	const char *const *words; /* SNAP_WORD: for 0 to `max` */
	int none; /* bool or number that stands for "not known": then the key is left out */
	bool required;
	enum snap_personal personal;
	const struct snap_object *object; /* SNAP_OBJECT, SNAP_ARRAY: what is in it */
};

/* How the elements of an array stand. */
enum snap_order {
	SNAP_RISING, /* by rising value of what they are sorted by, each once */
	SNAP_LEVEL,  /* the same, but several may have the same value */
	SNAP_ANYHOW,
};

/* One structure. */
struct snap_object {
	const char *name; /* of one of them, for messages: "a device" */
	size_t size;
	const struct snap_field *fields;
	size_t n;
	size_t attrs;          /* where its struct vf_attrs is, 0: it has none */
	enum snap_order order; /* in an array */
	size_t more_keys;      /* fields behind the first that they are sorted by, too */
};

extern const struct snap_object snap_host, snap_device, snap_netdev, snap_pf, snap_vf, snap_file,
	snap_fdb, snap_module, snap_param, snap_region, snap_line, snap_unread;

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

/*
 * The number in BASE, whose field F has the type SNAP_BOOL, SNAP_INT, SNAP_UNSIGNED, SNAP_ID (of 64
 * bits: what it is as a signed one) or SNAP_WORD.
 */
int64_t snap_number(const struct snap_field *f, const void *base);

/* Puts it there. */
void snap_set_number(const struct snap_field *f, void *base, int64_t n);

/* How many hexadecimal digits a SNAP_ID has. */
int snap_digits(const struct snap_field *f);

/* Whether BASE, an O that is otherwise read, has to have F: what is no PCI function has no IDs. */
bool snap_is_required(const struct snap_object *o, const struct snap_field *f, const void *base);

/* Whether another part of the snapshot has to be known before F can be read. */
bool snap_is_reference(const struct snap_field *f);
