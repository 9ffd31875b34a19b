/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only `check` wants to know: look-ups. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/facts.h"

void facts_done(struct facts *f)
{
	free(f->modules);
	free(f->params);
	free(f->regions);
	free(f->lines);
	free(f->unread);
	*f = (struct facts){ 0 };
}

static int module_cmp(const void *a, const void *b)
{
	const struct facts_module *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int param_cmp(const void *a, const void *b)
{
	const struct facts_param *x = a, *y = b;
	int r = strcmp(x->module, y->module);

	return r ? r : strcmp(x->name, y->name);
}

void facts_sort(struct facts *f)
{
	if (f->n_modules)
		qsort(f->modules, f->n_modules, sizeof(*f->modules), module_cmp);
	if (f->n_params)
		qsort(f->params, f->n_params, sizeof(*f->params), param_cmp);
}

const struct facts_region *facts_region(const struct facts *f, int group)
{
	size_t low = 0, high = f->n_regions;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (f->regions[mid].group < group)
			low = mid + 1;
		else
			high = mid;
	}
	return low < f->n_regions && f->regions[low].group == group ? &f->regions[low] : NULL;
}

static struct facts_module *find_module(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->n_modules; i++)
		if (writers_same_module(f->modules[i].name, name))
			return &f->modules[i];
	return NULL;
}

enum facts_state facts_module(const struct facts *f, const char *name)
{
	const struct facts_module *m = find_module(f, name);

	return m ? m->state : MODULE_UNKNOWN;
}

static const char *intern_module(struct mem_pool *strings, const char *name)
{
	_cleanup_free_ char *text = mem_strdup(name);

	for (char *c = text; *c; c++)
		if (*c == '-')
			*c = '_';
	return mem_intern(strings, text);
}

void facts_set_module(
	struct facts *f, struct mem_pool *strings, const char *name, enum facts_state state)
{
	struct facts_module *m = find_module(f, name);

	if (!m) {
		f->modules = mem_grow(f->modules, f->n_modules, sizeof(*f->modules));
		m = &f->modules[f->n_modules++];
		m->name = intern_module(strings, name);
	}
	m->state = state;
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

/* The length of what is kept of the word S, which is LEN bytes long: 0, nothing. */
static size_t kept_of(const char *s, size_t len)
{
	static const struct {
		const char *head;
		bool whole; /* with its value */
	} asked[] = {
		{ "iommu=", true },
		{ "intel_iommu=", true },
		{ "amd_iommu=", true },
		{ "intremap=", true },
		{ "nointremap", true },
		{ "pci=", true },
		{ "pcie_acs_override", true },
		{ "BOOT_IMAGE=", false },
		{ "initrd=\\", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		size_t head = strlen(asked[i].head);

		if (len >= head && strncmp(s, asked[i].head, head) == 0)
			return asked[i].whole ? len : head;
	}
	return 0;
}

void facts_cmdline(struct buf *b, const char *text)
{
	size_t start = b->len, len;
	const char *word;

	while ((word = next_word(&text, &len))) {
		size_t kept = kept_of(word, len);

		if (kept && b->len > start)
			buf_add(b, " ");
		buf_addn(b, word, kept);
	}
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
