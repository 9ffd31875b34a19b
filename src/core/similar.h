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

/* The nearest of the names that were offered for the one that is written. */
struct similar {
	const char *name;  /* as it is written */
	const char *found; /* the nearest so far, NULL: none is near */
	unsigned distance; /* and how far it is; without it, the limit */
};

/* Begins for NAME, which may have any length; it has to outlive what is returned. */
struct similar similar_begin(const char *name);

/* Takes MEANT, which has to outlive S, if it is nearer to the name than all before. */
void similar_offer(struct similar *s, const char *meant);
