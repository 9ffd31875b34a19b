/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the reader share. Not for others: theirs is core/snapshot.h. */
#pragma once

#include "core/doc.h"
#include "core/snapshot-fields.h"
#include "core/snapshot.h"

/* An interface by its name. */
struct snap_name {
	const char *name;
	int netdev; /* index in `netdevs` */
	const struct doc_value *v;
};

/* A snapshot being read. */
struct snap_reader {
	struct inventory *inv;
	const struct doc *doc;
	struct diag *d;
	struct snap_name *names; /* of all interfaces, sorted, once they are known */
	int *first_netdev;       /* by index in `devs`: the first interface of each, -1: none */
	bool references;         /* the second pass, which only reads what refers to something */
	bool broken; /* devices or interfaces cannot be referred to: out of order, … */
};

/* Adds the problem "FMT" at V. */
void snap_complain(struct snap_reader *c, const struct doc_value *v, const char *fmt, ...)
	_printf_(3, 4);

/*
 * Reads V as the field F, which is none that has others in it, of BASE. Returns whether it is one;
 * if not, that has been complained about.
 */
bool snap_read_value(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base);

/* Reads the array V into the sorted names of F in BASE. */
void snap_read_names(
	struct snap_reader *c, const struct doc_value *v, const struct snap_field *f, void *base);

/* Whether V is a MAC address, any there can be, which goes to *RET; complains if not. */
bool snap_read_mac(struct snap_reader *c, const struct doc_value *v, macaddr *ret);

/* Reads V as the VF attribute that its key names into A. Returns false when the key names none. */
bool snap_read_attr(struct snap_reader *c, const struct doc_value *v, struct vf_attrs *a);

/*
 * What only shows beside others, called for each element of an array: number I of those in BASE,
 * an O, read from V. IDENTIFIED: its first field has been read in this pass. CONTAINER is what the
 * array is in.
 */
void snap_check_element(struct snap_reader *c, const struct doc_value *v,
	const struct snap_object *o, void *base, size_t i, bool identified, const void *container);

/* Between the passes: what references will need. NETDEVS is the array of interfaces, or NULL. */
void snap_index(struct snap_reader *c, const struct doc_value *netdevs);

/* Frees that. */
void snap_index_done(struct snap_reader *c);
