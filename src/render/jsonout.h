/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON documents for programs, written from the outside in. Keys keep the order in which they are
 * added. KEY is NULL inside arrays. Every container that is opened is ended by jsonout_end(), the
 * outermost object by jsonout_finish().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Raised when a key changes its meaning or goes away; new keys do not count. */
#define JSONOUT_VERSION 1

struct jsonout;

/* Begins a document: an object with its "version". Ended and freed by jsonout_finish(). */
struct jsonout *jsonout_new(void) _must_check_;

/* The same with another VERSION, and INDENT blanks per level. */
struct jsonout *jsonout_new_as(int version, unsigned indent) _must_check_;

/* Opens an object as the value of KEY. */
void jsonout_object(struct jsonout *j, const char *key);

/* Opens an array as the value of KEY. */
void jsonout_array(struct jsonout *j, const char *key);

/* Ends the innermost open object or array. */
void jsonout_end(struct jsonout *j);

/*
 * Adds the text S, or null when it is NULL. Bytes that are no UTF-8 are written as by
 * text_escape(); what a terminal would act upon as by text_escape_json().
 */
void jsonout_text(struct jsonout *j, const char *key, const char *s);

/* Adds the number N. */
void jsonout_number(struct jsonout *j, const char *key, int64_t n);

/* Adds true or false. */
void jsonout_bool(struct jsonout *j, const char *key, bool v);

/* Adds null. */
void jsonout_null(struct jsonout *j, const char *key);

/* Adds N, or null when it is negative: what the model writes for "none". */
void jsonout_index(struct jsonout *j, const char *key, int n);

/* Adds N as DIGITS hexadecimal digits in a text, as PCI ids are written. */
void jsonout_hex(struct jsonout *j, const char *key, int digits, uint64_t n);

/* Adds the value that TEXT, a constant of the program, has as JSON. */
void jsonout_value(struct jsonout *j, const char *key, const char *text);

/* Appends the document and a newline to B and frees J. */
void jsonout_finish(struct jsonout *j, struct buf *b);
