/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much alike names are. */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/util.h"
#include "core/similar.h"

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

/* How many letters have to be put in, left out or replaced to make A of B (Levenshtein); case is
 * free. */
static unsigned distance(const char *a, const char *b)
{
	unsigned line[SIMILAR_MAX + 1];
	unsigned len = (unsigned)strlen(b);

	for (unsigned j = 0; j <= len; j++)
		line[j] = j;
	for (unsigned i = 0; a[i]; i++) {
		unsigned diagonal = line[0];

		line[0] = i + 1;
		for (unsigned j = 0; j < len; j++) {
			bool same = tolower((unsigned char)a[i]) == tolower((unsigned char)b[j]);
			unsigned above = line[j + 1];

			line[j + 1] = min3(above + 1, line[j] + 1, diagonal + !same);
			diagonal = above;
		}
	}
	return line[len];
}

/* Whether A and B are the same letters in another order: the commonest slip of all. */
static bool is_shuffled(const char *a, const char *b)
{
	int count[256] = { 0 };

	for (; *a && *b; a++, b++) {
		count[(unsigned char)*a]++;
		count[(unsigned char)*b]--;
	}
	for (size_t i = 0; i < ARRAY_SIZE(count); i++)
		if (count[i])
			return false;
	return *a == *b;
}

unsigned similar_distance(const char *meant, const char *name)
{
	unsigned d = distance(meant, name);

	if (is_shuffled(meant, name))
		return 0;
	if (strlen(meant) > 2 && strcasestr(name, meant) && d > 2)
		return 2; /* numvfs, sriov_numvfs */
	return d;
}

unsigned similar_limit(const char *name)
{
	return 2 + (unsigned)strlen(name) / 4;
}

struct similar similar_begin(const char *name)
{
	return (struct similar){ .name = name,
		.distance = strlen(name) > SIMILAR_MAX ? 0 : similar_limit(name) };
}

void similar_offer(struct similar *s, const char *meant)
{
	unsigned d = s->distance ? similar_distance(meant, s->name) : 0;

	if (d < s->distance && d < strlen(meant)) {
		s->distance = d;
		s->found = meant;
	}
}
