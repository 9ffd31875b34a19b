/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expected output as files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "golden.h"

static void update(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static void load(const char *path, struct buf *b)
{
	FILE *f = fopen(path, "re");
	char part[4096];
	size_t n;

	if (!f)
		fail_msg("%s: no such golden file; GOLDEN_UPDATE=1 makes it", path);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_addn(b, part, n);
	fclose(f);
}

/* Points *A and *B at the first line in which they differ. Returns its number. */
static unsigned first_difference(const char **a, const char **b)
{
	unsigned line = 1;

	for (;;) {
		size_t n = strcspn(*a, "\n");

		if (n != strcspn(*b, "\n") || memcmp(*a, *b, n) != 0 || !(*a)[n] || !(*b)[n])
			return line;
		*a += n + 1;
		*b += n + 1;
		line++;
	}
}

void golden_check(const char *name, const char *text)
{
	_cleanup_(buf_done) struct buf path = { 0 }, file = { 0 };
	const char *dir = getenv("TEST_DATA"), *want, *have = text;
	unsigned line;

	assert_non_null(dir);
	buf_addf(&path, "%s/golden/%s", dir, name);
	if (getenv("GOLDEN_UPDATE")) {
		update(buf_text(&path), text);
		return;
	}
	load(buf_text(&path), &file);
	want = buf_text(&file);
	if (strcmp(want, text) == 0)
		return;
	line = first_difference(&want, &have);
	fail_msg("%s:%u\n  want: %.*s\n  have: %.*s", name, line, (int)strcspn(want, "\n"), want,
		(int)strcspn(have, "\n"), have);
}
