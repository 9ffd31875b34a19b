/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that somebody may have meant. */
#pragma once

/* Longer ones are nothing that somebody mistyped. */
#define SIMILAR_MAX 32

/*
 * How far the written NAME, of at most SIMILAR_MAX bytes, is from the MEANT one: letters that have
 * to be put in, left out or replaced, case being free; no more than 2 where NAME has all of the
 * other in it, and none where only their order differs.
 */
unsigned similar_distance(const char *meant, const char *name);

/* From this distance on, NAME is another word. */
unsigned similar_limit(const char *name);
