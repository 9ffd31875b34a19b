/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A JSON text as a tree of values that know where they stand. It is what jansson reads, joined with
 * the positions that jsonpos finds; neither appears to those who use the tree.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/diag.h"

enum doc_type {
	DOC_NULL,
	DOC_BOOL,    /* n: 0 or 1 */
	DOC_INTEGER, /* n */
	DOC_REAL,    /* real */
	DOC_STRING,  /* s: no control characters, unless `bad` */
	DOC_ARRAY,
	DOC_OBJECT,
};

/* A value. What it points to lives as long as the document. */
struct doc_value {
	enum doc_type type;
	bool bad;        /* it (or its key) has been complained about: nothing more need be said */
	const char *key; /* NULL: no member of an object */
	int64_t n;
	double real;
	const char *s;
	size_t len; /* of s, which may hold a NUL while `bad` */
};

struct doc;

/*
 * Reads the LEN bytes at TEXT, called NAME in messages. Adds to D: text that is no JSON or nested
 * too deep (only that, and NULL is returned), keys given twice (the last one counts), control
 * characters in strings. Places are interned in STRINGS. The document is freed with doc_free().
 */
struct doc *doc_load(const char *name, const char *text, size_t len, struct mem_pool *strings,
	struct diag *d) _must_check_;

/* Frees DOC; NULL is allowed. */
void doc_free(struct doc *doc);

/* The outermost value. */
const struct doc_value *doc_root(const struct doc *doc);

/* The first member or element of V, NULL if it has none or is of another type. */
const struct doc_value *doc_first(const struct doc *doc, const struct doc_value *v);

/* What follows V in the same object or array, NULL: no more. */
const struct doc_value *doc_next(const struct doc *doc, const struct doc_value *v);

/* Where V stands. */
struct place doc_place(const struct doc *doc, const struct doc_value *v);

/* Where V's key stands; V itself if it has none. */
struct place doc_key_place(const struct doc *doc, const struct doc_value *v);

/* Appends what V is, for messages: null, true, 5, 4.5, the string "x", an array, an object. */
void doc_describe(struct buf *b, const struct doc_value *v);
