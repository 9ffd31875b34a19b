/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a file of another program (the first one says of which), and as a configuration
 * space: what is found is one short line each, with a number that the file has.
 */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "core/pcicfg.h"
#include "core/writers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The file. */
struct file {
	unsigned lines, last;
};

static void found(enum writer_kind who, unsigned line, const char *text, void *arg)
{
	struct file *f = arg;

	assert(who < _WRITER_MAX && line >= 1 && line <= f->lines && line >= f->last);
	assert(*text && strlen(text) <= WRITERS_LINE_MAX + 6 && !strchr(text, '\n'));
	f->last = line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file f = { .lines = 1 };
	struct pcicfg c = pcicfg_parse(data, size);
	struct pcicfg_bars bars;
	char *text;

	if (size == 0)
		return 0;
	text = mem_new(size, 1);
	memcpy(text, data + 1, size - 1);
	for (const char *s = text; *s; s++)
		f.lines += *s == '\n';
	writers_find(data[0] % _WRITER_FILE_MAX, text, found, &f);
	bars = pcicfg_vf_bars(text, &c);
	assert(bars.known || !(bars.assigned | bars.lost));
	assert(!(bars.assigned & bars.lost));
	free(text);
	return 0;
}
