/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that are generated for other programs: where they are, and how they are put together.
 */
#include <string.h>

#include "base/mem.h"
#include "core/genfile.h"

/* One PF's part of a text, from its line to the next block or the tail. */
struct block {
	struct pciaddr pf;
	const char *text;
	size_t len;
};

/* A text taken apart; points into it. */
struct layout {
	const char *head;
	size_t head_len;
	struct block *blocks; /* by rising address, one per PF */
	size_t n;
	const char *tail; /* "" where there is none */
};

static const struct genfile_row rows[_GENFILE_MAX] = {
	[GENFILE_UDEV] = { "udev", "run/udev/rules.d/81-sriovctl.rules", "systemd-udevd.service" },
	[GENFILE_NETWORKMANAGER] = { "networkmanager", "run/NetworkManager/conf.d/90-sriovctl.conf",
		"NetworkManager.service" },
	[GENFILE_NETWORKD] = { "networkd", "run/systemd/network/05-sriovctl.network",
		"systemd-networkd.service" },
};

const struct genfile_row *genfile(enum genfile f)
{
	return &rows[f];
}

enum genfile genfile_by_kind(const char *kind)
{
	enum genfile f = 0;

	while (f < _GENFILE_MAX && strcmp(rows[f].kind, kind) != 0)
		f++;
	return f;
}

/* Whether LINE, up to its newline or the end of the text, is WANTED. */
static bool is_line(const char *line, const char *wanted)
{
	size_t len = strlen(wanted);

	return strncmp(line, wanted, len) == 0 && (line[len] == '\n' || !line[len]);
}

bool genfile_is_ours(const char *text)
{
	return is_line(text, GENFILE_MARK);
}

/* Whether what stands before LINE ends there. */
static bool is_border(const char *line)
{
	return !*line || is_line(line, GENFILE_TAIL) ||
	       strncmp(line, GENFILE_BLOCK, strlen(GENFILE_BLOCK)) == 0;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

/* The first border at LINE or behind it. */
static const char *find_border(const char *line)
{
	while (!is_border(line))
		line = next_line(line);
	return line;
}

/* Reads the PF's address in the first line of a block; only as sriovctl writes it. */
static bool read_pf(const char *line, struct pciaddr *ret)
{
	struct pciaddr_text text = { "" };
	size_t len;

	line += strlen(GENFILE_BLOCK);
	len = strcspn(line, "\n");
	if (len >= sizeof(text.s))
		return false;
	memcpy(text.s, line, len);
	return pciaddr_parse(text.s, ret) == 0 && strcmp(pciaddr_text(*ret).s, text.s) == 0;
}

static int cmp_blocks(const void *a, const void *b)
{
	const struct block *x = a, *y = b;
	int r = pciaddr_cmp(x->pf, y->pf);

	return r ? r : (x->text > y->text) - (x->text < y->text);
}

/* Puts the blocks in order. Of several for one PF, the first one stays. */
static void sort_blocks(struct layout *l)
{
	size_t n = 0;

	if (l->n)
		qsort(l->blocks, l->n, sizeof(*l->blocks), cmp_blocks);
	for (size_t i = 0; i < l->n; i++)
		if (n == 0 || pciaddr_cmp(l->blocks[n - 1].pf, l->blocks[i].pf) != 0)
			l->blocks[n++] = l->blocks[i];
	l->n = n;
}

/*
 * Takes TEXT apart. A block without a good address is nobody's, and one that the text's end cuts
 * off may lack anything: both are left out.
 */
static void take_apart(struct layout *l, const char *text)
{
	const char *line = find_border(text), *end;

	*l = (struct layout){ .head = text, .head_len = (size_t)(line - text) };
	for (; *line && !is_line(line, GENFILE_TAIL); line = end) {
		struct block block = { .text = line };

		end = find_border(next_line(line));
		block.len = (size_t)(end - line);
		if (!*end || !read_pf(line, &block.pf))
			continue;
		l->blocks = mem_grow(l->blocks, l->n, sizeof(*l->blocks));
		l->blocks[l->n++] = block;
	}
	l->tail = line;
	sort_blocks(l);
}

static void layout_done(struct layout *l)
{
	free(l->blocks);
}

static void add_block(struct buf *b, const struct block *block)
{
	buf_addn(b, block->text, block->len);
}

/* What follows the last block, which without a tail would be cut off. */
static void add_tail(struct buf *b, const struct layout *l)
{
	buf_add(b, *l->tail || !l->n ? l->tail : GENFILE_TAIL "\n");
}

bool genfile_has_blocks(const char *text)
{
	_cleanup_(layout_done) struct layout l = { 0 };

	take_apart(&l, text);
	return l.n > 0;
}

void genfile_merge(struct buf *b, const char *old, const char *fresh)
{
	_cleanup_(layout_done) struct layout o = { 0 }, f = { 0 };
	size_t i = 0;

	take_apart(&o, old ? old : "");
	take_apart(&f, fresh);
	buf_addn(b, f.head, f.head_len);
	for (size_t k = 0; k < f.n; k++) {
		for (; i < o.n && pciaddr_cmp(o.blocks[i].pf, f.blocks[k].pf) < 0; i++)
			add_block(b, &o.blocks[i]);
		if (i < o.n && pciaddr_cmp(o.blocks[i].pf, f.blocks[k].pf) == 0)
			i++;
		add_block(b, &f.blocks[k]);
	}
	for (; i < o.n; i++)
		add_block(b, &o.blocks[i]);
	add_tail(b, &f);
}

static bool is_one_of(struct pciaddr a, const struct pciaddr *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pciaddr_cmp(a, list[i]) == 0)
			return true;
	return false;
}

void genfile_without(struct buf *b, const char *old, const struct pciaddr *pfs, size_t n)
{
	_cleanup_(layout_done) struct layout l = { 0 };

	take_apart(&l, old);
	buf_addn(b, l.head, l.head_len);
	for (size_t i = 0; i < l.n; i++)
		if (!is_one_of(l.blocks[i].pf, pfs, n))
			add_block(b, &l.blocks[i]);
	add_tail(b, &l);
}
