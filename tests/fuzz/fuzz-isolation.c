/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generated files from names of any bytes, where any bytes stood before. What begins with '{' is a
 * policy instead: all that it may say has to get into the files.
 */
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "isolation-grammar.h"
#include "render/text.h"

#define PF_MAX  4
#define VF_MAX  6
#define STR_MAX 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- what is in a text ------------------------------------------------------------------------ */

static bool is_safe(const char *s)
{
	return *s && !s[grammar_safe(s)];
}

/* Counts a driver's line, or a name's, if there is to be one. */
static void expect_line(struct grammar *g, enum line line, const char *value)
{
	if (value)
		g->count[is_safe(value) ? line : LINE_LEFT_OUT]++;
}

static bool same_driver(const struct isolated_pf *pf)
{
	const char *first = pf->vfs[0].driver;

	for (size_t v = 0; v < pf->n_vfs; v++)
		if (!first || !pf->vfs[v].driver || strcmp(first, pf->vfs[v].driver) != 0)
			return false;
	return true;
}

/* Counts the lines of each kind that the rules for PF have to have. */
static void expect_pf(struct grammar *g, const struct isolated_pf *pf)
{
	unsigned managed = 0;

	for (size_t v = 0; v < pf->n_vfs; v++) {
		managed += pf->vfs[v].managed;
		if (v == 0 || !same_driver(pf))
			expect_line(g, LINE_PIN, pf->vfs[v].driver);
		if (pf->nic)
			expect_line(g, LINE_NAME, pf->vfs[v].name);
	}
	if (pf->nic && managed < pf->n_vfs) {
		g->count[LINE_MARK]++;
		g->count[LINE_MANAGED] += managed;
	}
}

static void check_rules(const struct grammar *g)
{
	struct grammar want = { .i = g->i };

	for (size_t p = 0; p < g->i->n_pfs; p++)
		expect_pf(&want, &g->i->pfs[p]);
	for (enum line l = LINE_PIN; l < _LINE_MAX; l++)
		must(g->count[l] == want.count[l]);
}

/* Whether there is an interface of PF that NetworkManager is to be told of. */
static bool has_section(const struct isolated_pf *pf)
{
	bool names = false, unmanaged = false;

	for (size_t v = 0; v < pf->n_vfs; v++) {
		const struct isolated_vf *vf = &pf->vfs[v];

		unmanaged |= !vf->managed;
		names |= !vf->managed && vf->name && is_safe(vf->name);
	}
	return pf->nic && unmanaged && (names || (pf->netdev && is_safe(pf->netdev)));
}

static void check_sections(const struct grammar *g)
{
	unsigned n = 0;

	for (size_t p = 0; p < g->i->n_pfs; p++)
		n += has_section(&g->i->pfs[p]);
	must(g->count[LINE_SECTION] == n);
}

static void check_texts(const struct isolation *i, struct buf texts[static _GENFILE_MAX])
{
	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		struct grammar g = { .i = i };

		isolation_text(&texts[f], f, i);
		grammar_read(&g, f, buf_text(&texts[f]));
		must(genfile_has_blocks(buf_text(&texts[f])) == (i->n_pfs > 0));
		if (f == GENFILE_UDEV)
			check_rules(&g);
		else if (f == GENFILE_NETWORKMANAGER)
			check_sections(&g);
	}
}

/* --- putting texts together ------------------------------------------------------------------- */

/* Each line that could begin a block does, with an address as the kernel writes it, in order. */
static void check_order(const char *text)
{
	struct pciaddr last = { 0 };

	for (bool first = true; *text; text += *text == '\n') {
		size_t n = strcspn(text, "\n");

		if (n >= 5 && memcmp(text, GENFILE_BLOCK, 5) == 0) {
			_cleanup_(buf_done) struct buf addr = { 0 };
			struct pciaddr a;

			buf_addn(&addr, text + 5, n - 5);
			must(pciaddr_parse(buf_text(&addr), &a) == 0);
			must(strcmp(buf_text(&addr), pciaddr_text(a).s) == 0);
			must(first || pciaddr_cmp(last, a) < 0);
			last = a;
			first = false;
		}
		text += n;
	}
}

static void merged_is(const char *old, const char *fresh, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	genfile_merge(&b, old, fresh);
	must(strcmp(buf_text(&b), want) == 0);
}

static void without_is(const char *old, const struct pciaddr *pfs, size_t n, const char *want)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	genfile_without(&b, old, pfs, n);
	must(strcmp(buf_text(&b), want) == 0);
}

static void check_merge(const char *old, const struct isolation *i, const char *fresh)
{
	_cleanup_(buf_done) struct buf both = { 0 }, parted = { 0 }, plain = { 0 };
	struct pciaddr pfs[PF_MAX];

	for (size_t p = 0; p < i->n_pfs; p++)
		pfs[p] = i->pfs[p].addr;
	genfile_merge(&both, old, fresh);
	must(genfile_is_ours(buf_text(&both)));
	check_order(buf_text(&both));
	merged_is(buf_text(&both), fresh, buf_text(&both));
	merged_is(buf_text(&both), buf_text(&both), buf_text(&both));
	genfile_without(&parted, buf_text(&both), pfs, i->n_pfs);
	check_order(buf_text(&parted));
	without_is(buf_text(&parted), pfs, i->n_pfs, buf_text(&parted));
	merged_is(buf_text(&parted), fresh, buf_text(&both));
	genfile_without(&plain, old, pfs, i->n_pfs);
	without_is(buf_text(&plain), pfs, i->n_pfs, buf_text(&plain));
	merged_is(buf_text(&plain), fresh, buf_text(&both));
	must(genfile_has_blocks(buf_text(&plain)) == genfile_has_blocks(buf_text(&parted)));
}

/* --- from bytes ------------------------------------------------------------------------------- */

struct input {
	const uint8_t *data;
	size_t left;
};

static unsigned take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static struct pciaddr take_addr(struct input *in)
{
	struct pciaddr a = { .domain = take(in) };

	if (a.domain & 0x80)
		a.domain = a.domain << 24 | take(in);
	a.bus = (uint8_t)take(in);
	a.devfn = (uint8_t)take(in);
	return a;
}

/* An isolation and all that it points to. */
struct made {
	struct isolation i;
	struct isolated_pf pfs[PF_MAX];
	struct isolated_vf vfs[PF_MAX][VF_MAX];
	char strings[PF_MAX * (1 + 2 * VF_MAX)][STR_MAX];
	size_t n_strings;
};

/* One of the usual names, none, or any bytes. */
static const char *take_string(struct input *in, struct made *m)
{
	static const char *const usual[] = { "vfio-pci", "lxc0", "enp1s0", "igbvf" };
	unsigned choice = take(in);
	char *s = m->strings[m->n_strings];

	if (choice >= 250)
		return NULL;
	if (choice >= 200)
		return usual[choice % ARRAY_SIZE(usual)];
	m->n_strings++;
	memset(s, 0, STR_MAX);
	for (unsigned i = 0; i < choice % STR_MAX; i++)
		s[i] = (char)take(in);
	return s;
}

static void take_vf(
	struct input *in, struct made *m, struct isolated_vf *vf, const struct isolated_vf *before)
{
	unsigned flags = take(in);

	*vf = (struct isolated_vf){ .index = flags >> 4, .managed = flags & 1 };
	if (before)
		vf->index += before->index + 1;
	vf->addr = take_addr(in);
	vf->name = take_string(in, m);
	vf->driver = before && flags & 2 ? before->driver : take_string(in, m);
}

static void take_pf(
	struct input *in, struct made *m, struct isolated_pf *pf, struct isolated_vf *vfs)
{
	unsigned flags = take(in);

	*pf = (struct isolated_pf){
		.nic = flags & 1, .vfs = vfs, .n_vfs = (flags >> 1) % (VF_MAX + 1)
	};
	pf->addr = take_addr(in);
	pf->netdev = take_string(in, m);
	for (size_t v = 0; v < pf->n_vfs; v++)
		take_vf(in, m, &vfs[v], v ? &vfs[v - 1] : NULL);
}

static int cmp_pfs(const void *a, const void *b)
{
	const struct isolated_pf *x = a, *y = b;

	return pciaddr_cmp(x->addr, y->addr);
}

static void take_isolation(struct input *in, struct made *m)
{
	size_t n = take(in) % (PF_MAX + 1), kept = 0;

	m->i.pfs = m->pfs;
	m->n_strings = 0;
	for (size_t p = 0; p < n; p++)
		take_pf(in, m, &m->pfs[p], m->vfs[p]);
	qsort(m->pfs, n, sizeof(*m->pfs), cmp_pfs);
	for (size_t p = 0; p < n; p++)
		if (!kept || pciaddr_cmp(m->pfs[kept - 1].addr, m->pfs[p].addr) != 0)
			m->pfs[kept++] = m->pfs[p];
	m->i.n_pfs = kept;
}

/* Damages TEXT in places that the input chooses: a byte is changed, or the rest is cut off. */
static void damage(struct input *in, char *text)
{
	size_t len = strlen(text);

	for (unsigned n = take(in) % 8; n > 0 && len > 0; n--) {
		size_t at = take(in) << 8;

		at = (at | take(in)) % len;
		text[at] = (char)take(in);
		len = strlen(text);
	}
}

/* Uses the input up as pieces of a text: lines that mean something, addresses, any bytes. */
static void take_pieces(struct input *in, struct buf *b)
{
	static const char *const pieces[] = { GENFILE_BLOCK, GENFILE_TAIL, "\n", "0000:01:00.0",
		"01:00.0", "0000:0A:00.0", "10000:02:1f.7", GENFILE_BLOCK "0000:01:00.0\n",
		GENFILE_BLOCK "0000:02:00.1\n", GENFILE_TAIL "\n", GENFILE_MARK "\n",
		GENFILE_BLOCK "02:00.1\n" };

	while (in->left) {
		unsigned choice = take(in);

		if (choice < ARRAY_SIZE(pieces))
			buf_add(b, pieces[choice]);
		else
			buf_addn(b, &(char){ (char)choice }, choice != 0);
	}
}

static void fuzz_isolation(struct input *in)
{
	struct buf fresh[_GENFILE_MAX] = { 0 }, old[_GENFILE_MAX] = { 0 };
	struct made now, before;
	_cleanup_(buf_done) struct buf rest = { 0 };

	take_isolation(in, &now);
	take_isolation(in, &before);
	check_texts(&now.i, fresh);
	check_texts(&before.i, old);
	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		check_merge(buf_text(&old[f]), &now.i, buf_text(&fresh[f]));
		damage(in, old[f].s);
		check_merge(buf_text(&old[f]), &now.i, buf_text(&fresh[f]));
	}
	take_pieces(in, &rest);
	check_merge(buf_text(&rest), &now.i, buf_text(&fresh[GENFILE_UDEV]));
	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		buf_done(&fresh[f]);
		buf_done(&old[f]);
	}
}

/* --- from a policy ---------------------------------------------------------------------------- */

/* What an accepted policy says of a VF gets into the files. Its label does not, so it may be
 * anything; as an interface's name it is what has to be kept out. */
static void check_vf(const struct vf_policy *p)
{
	const struct vf_attrs *a = &p->attrs;
	struct isolated_vf vf = { .name = vf_has(a, VF_NAME) ? a->v[VF_NAME].s : NULL,
		.driver = vf_has(a, VF_DRIVER) ? a->v[VF_DRIVER].s : NULL };
	struct isolated_pf pf = { .netdev = vf_has(a, VF_LABEL) ? a->v[VF_LABEL].s : "enp1s0",
		.nic = true,
		.vfs = &vf,
		.n_vfs = 1 };
	struct isolation i = { .pfs = &pf, .n_pfs = 1 };
	struct buf texts[_GENFILE_MAX] = { 0 };
	_cleanup_(buf_done) struct buf label = { 0 };

	must((!vf.name || is_safe(vf.name)) && (!vf.driver || is_safe(vf.driver)));
	check_texts(&i, texts);
	for (enum genfile f = 0; f < _GENFILE_MAX; f++)
		buf_done(&texts[f]);
	text_escape(&label, pf.netdev);
	for (const char *c = buf_text(&label); *c; c++)
		must((unsigned char)*c >= ' ');
}

static void fuzz_policy(const uint8_t *data, size_t size)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	struct policy *p = policy_new();

	policy_parse(p, "a.json", (const char *)data, size, &d);
	policy_check(p, &d);
	for (size_t i = 0; d.n == 0 && i < p->n_pfs; i++) {
		check_vf(&p->pfs[i].defaults);
		for (size_t k = 0; k < p->pfs[i].n_vf; k++)
			check_vf(&p->pfs[i].vf[k]);
	}
	policy_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size && data[0] == '{')
		fuzz_policy(data, size);
	else
		fuzz_isolation(&(struct input){ data, size });
	return 0;
}
