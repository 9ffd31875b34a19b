/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A configuration in UCL, the language of FreeBSD's iovctl.conf(5) and others, as a tree of values
 * that know where they stand. Read is what a file that people write has: sections, values with and
 * without quotes, comments, and JSON, which is UCL as well. What goes further (macros, names of
 * sections in several parts, texts of several lines, escapes but of quotes and backslashes) is a
 * problem, not a guess.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "core/diag.h"

enum ucl_type {
	UCL_OBJECT,
	UCL_ARRAY,
	UCL_STRING, /* s, in quotes: a text, whatever it looks like */
	UCL_WORD,   /* s, without: a number, a boolean, or a text */
};

/* A value; all texts are printable ASCII. */
struct ucl_value {
	enum ucl_type type;
	const char *key; /* NULL: no member of an object */
	const char *s;
	unsigned line, column;         /* of the value, from 1 */
	unsigned key_line, key_column; /* of its key */
	struct ucl_value *first;       /* of the members or elements, in the order of the text */
	struct ucl_value *next;        /* in the same object or array */
};

/*
 * Reads the LEN bytes at TEXT, called NAME in messages. Returns the outermost object, freed with
 * ucl_free(), whose texts are in STRINGS; or NULL, after the first problem was added to D.
 */
struct ucl_value *ucl_parse(const char *name, const char *text, size_t len,
	struct mem_pool *strings, struct diag *d) _must_check_;

/* Frees V with all that is in it; NULL is allowed. */
void ucl_free(struct ucl_value *v);

/*
 * Reads the word S as UCL's numbers are written: decimal, or hexadecimal with 0x; a decimal one may
 * have a suffix k, m or g (of 1000), kb, mb or gb (of 1024). Returns whether it is one, and not
 * larger than 64 bits.
 */
bool ucl_number(const char *s, uint64_t *ret);

/* Reads the word S as UCL's booleans are written: true, yes, on and their opposites. */
bool ucl_bool(const char *s, bool *ret);
