/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocation that cannot fail. Everything that a run needs is allocated before its first write to
 * the machine, so ending the process where memory runs out loses nothing and spares each caller a
 * branch that no test could reach.
 */
#pragma once

#include <stddef.h>

#include "base/util.h"

/* Returns N zeroed objects of SIZE bytes; the caller frees them. Ends the process without memory.
 */
void *mem_new(size_t n, size_t size) _must_check_;

/* Resizes P to N objects of SIZE bytes (new ones are not zeroed). Ends the process without memory.
 */
void *mem_resize(void *p, size_t n, size_t size) _must_check_;

/*
 * Makes room for one more object in the array P that has N of SIZE bytes; grows by powers of two,
 * so that the capacity follows from N alone. Returns the array, which may have moved; the new
 * object is zeroed.
 */
void *mem_grow(void *p, size_t n, size_t size) _must_check_;

/* Returns a copy of S (NULL gives NULL) that the caller frees. Ends the process without memory. */
char *mem_strdup(const char *s) _must_check_;

struct mem_pool;

/* Returns an empty pool of strings, freed with mem_pool_free(). */
struct mem_pool *mem_pool_new(void) _must_check_;

/* Frees P and all strings in it; NULL is allowed. */
void mem_pool_free(struct mem_pool *p);

/*
 * Returns a string equal to S that lives as long as P; the same text gives the same pointer. A host
 * with 4,096 VFs has a handful of driver names: they are kept once. NULL gives NULL.
 */
const char *mem_intern(struct mem_pool *p, const char *s);
