/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation that cannot fail, and interned strings. */
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

static void no_memory(void) __attribute__((noreturn));

static void no_memory(void)
{
	static const char text[] = "sriovctl: out of memory\n";

	/* A failing write() could not be reported anywhere either. */
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(1);
	_exit(1);
}

void *mem_new(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		no_memory();
	return p;
}

void *mem_resize(void *p, size_t n, size_t size)
{
	void *q = reallocarray(p, n ? n : 1, size ? size : 1);

	if (!q)
		no_memory();
	return q;
}

void *mem_grow(void *p, size_t n, size_t size)
{
	/* N is 0 or a power of two exactly when the array is full. */
	if ((n & (n - 1)) == 0)
		p = mem_resize(p, n ? 2 * n : 1, size);
	memset((char *)p + n * size, 0, size);
	return p;
}

char *mem_strdup(const char *s)
{
	char *copy;

	if (!s)
		return NULL;
	copy = strdup(s);
	if (!copy)
		no_memory();
	return copy;
}

/* Open hashing with linear probing; `slots` is a power of two and at most half full. */
struct mem_pool {
	char **slot;
	size_t slots, used;
};

static size_t hash_text(const char *s)
{
	uint64_t h = 0xcbf29ce484222325; /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return (size_t)h;
}

static char **pool_slot(const struct mem_pool *p, const char *s)
{
	size_t i = hash_text(s) & (p->slots - 1);

	while (p->slot[i] && strcmp(p->slot[i], s) != 0)
		i = (i + 1) & (p->slots - 1);
	return &p->slot[i];
}

struct mem_pool *mem_pool_new(void)
{
	struct mem_pool *p = mem_new(1, sizeof(*p));

	p->slots = 64;
	p->slot = mem_new(p->slots, sizeof(*p->slot));
	return p;
}

void mem_pool_free(struct mem_pool *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->slots; i++)
		free(p->slot[i]);
	free(p->slot);
	free(p);
}

static void pool_double(struct mem_pool *p)
{
	struct mem_pool old = *p;

	p->slots *= 2;
	p->slot = mem_new(p->slots, sizeof(*p->slot));
	for (size_t i = 0; i < old.slots; i++)
		if (old.slot[i])
			*pool_slot(p, old.slot[i]) = old.slot[i];
	free(old.slot);
}

const char *mem_intern(struct mem_pool *p, const char *s)
{
	char **slot;

	if (!s)
		return NULL;
	if (2 * (p->used + 1) > p->slots)
		pool_double(p);
	slot = pool_slot(p, s);
	if (!*slot) {
		*slot = mem_strdup(s);
		p->used++;
	}
	return *slot;
}
