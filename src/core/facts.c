/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only `check` wants to know: look-ups. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/facts.h"

void facts_done(struct facts *f)
{
	free(f->devs);
	free(f->modules);
	free(f->params);
	free(f->regions);
	free(f->lines);
	free(f->unread);
	*f = (struct facts){ 0 };
}

enum facts_state facts_module(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->n_modules; i++)
		if (writers_same_module(f->modules[i].name, name))
			return f->modules[i].state;
	return MODULE_UNKNOWN;
}

const char *facts_param(const struct facts *f, const char *module, const char *name)
{
	for (size_t i = 0; i < f->n_params; i++)
		if (strcmp(f->params[i].module, module) == 0 &&
			strcmp(f->params[i].name, name) == 0)
			return f->params[i].value;
	return NULL;
}

/* The next word of *S, its length in *LEN, or NULL. */
static const char *next_word(const char **s, size_t *len)
{
	const char *word = *s + strspn(*s, " \t\n");

	*len = strcspn(word, " \t\n");
	*s = word + *len;
	return *len ? word : NULL;
}

bool facts_has_word(const struct facts *f, const char *word)
{
	size_t want = strlen(word), len;
	bool prefix = want && word[want - 1] == '=';
	const char *s = f->cmdline ? f->cmdline : "", *w;

	while ((w = next_word(&s, &len)))
		if ((prefix ? len >= want : len == want) && strncmp(w, word, want) == 0)
			return true;
	return false;
}

static bool list_has(const char *list, size_t len, const char *item)
{
	size_t want = strlen(item), n;

	for (const char *end = list + len; list < end; list += n + 1) {
		const char *comma = memchr(list, ',', (size_t)(end - list));

		n = comma ? (size_t)(comma - list) : (size_t)(end - list);
		if (n == want && memcmp(list, item, n) == 0)
			return true;
	}
	return false;
}

bool facts_has_item(const struct facts *f, const char *key, const char *item)
{
	size_t head = strlen(key), len;
	const char *s = f->cmdline ? f->cmdline : "", *w;

	while ((w = next_word(&s, &len)))
		if (len > head && strncmp(w, key, head) == 0 &&
			list_has(w + head, len - head, item))
			return true;
	return false;
}

bool facts_kernel_is(const struct facts *f, unsigned major, unsigned minor)
{
	unsigned x, y;

	if (!f->release || sscanf(f->release, "%4u.%4u", &x, &y) != 2)
		return false;
	return x != major ? x > major : y >= minor;
}
