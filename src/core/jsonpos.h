/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where each value of a JSON text stands. jansson says what a text means but keeps no positions;
 * this finds them, and keys that occur twice, by one walk over the same text. It knows nothing of
 * policies.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* How many objects and arrays may stand in each other. */
#define JSONPOS_DEPTH_MAX 64

/* The text is not JSON, or deeper than JSONPOS_DEPTH_MAX: jsonpos_scan(). */
enum { JSONPOS_E_SYNTAX = 1, JSONPOS_E_DEPTH };

/* Both from 1. Columns count UTF-8 characters (not bytes); a tab is one. */
struct jsonpos_at {
	unsigned line, column;
};

/* One value. Node 0 is the whole document: where another node is meant, 0 says that there is none.
 */
struct jsonpos_node {
	const char *key;              /* decoded; NULL: no member of an object */
	struct jsonpos_at key_at, at; /* of the key, of the value */
	char first;                   /* the value's first character */
	bool replaced;                /* its key comes again in the same object */
	size_t parent, child,
		next;   /* `child` is the first one, `next` the next of the same parent */
	size_t index;   /* which of its parent's children it is, from 0 */
	size_t earlier; /* the previous one with the same key in the same object */
};

struct jsonpos {
	struct jsonpos_node *nodes; /* in the order of the text */
	size_t n;
	char *keys;
	struct jsonpos_at end; /* where the scan ended or gave up */
};

/*
 * Scans the LEN bytes at TEXT. Returns 0, or a JSONPOS_E_… with `end` where it gave up. Meant for
 * text that a parser has accepted: it is safe on any other, but accepts some that are no JSON. POS
 * is to be freed with jsonpos_done() in any case; it does not refer to TEXT.
 */
int jsonpos_scan(struct jsonpos *pos, const char *text, size_t len) _must_check_;

/*
 * Appends the JSON pointer (RFC 6901) of NODE: "/pfs/0/vf", "" for the document. Control characters
 * in keys are shown as \u001b, and keys of more than 64 bytes are cut.
 */
void jsonpos_pointer(const struct jsonpos *pos, size_t node, struct buf *b);

/* The place of the byte at OFFSET of TEXT. */
struct jsonpos_at jsonpos_locate(const char *text, size_t offset);

/* Frees what POS has and makes it empty. */
void jsonpos_done(struct jsonpos *pos);
