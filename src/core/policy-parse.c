/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON text to policy: the file as a whole, and its entries. */
#include <string.h>

#include "core/doc-value.h"
#include "core/policy-entry.h"
#include "core/policy-parse.h"
#include "core/policy-value.h"

void parse_wrong_type(struct parse *c, const struct doc_value *v, const char *wanted)
{
	doc_wrong_type(c->doc, v, wanted, c->d);
}

bool parse_bool(struct parse *c, const struct doc_value *v, bool *ret)
{
	return doc_read_bool(c->doc, v, ret, c->d);
}

bool parse_number(
	struct parse *c, const struct doc_value *v, uint64_t min, uint64_t max, uint64_t *ret)
{
	return doc_read_number(c->doc, v, min, max, ret, c->d);
}

bool parse_string(struct parse *c, const struct doc_value *v, const char **ret)
{
	return doc_read_string(c->doc, v, ret, c->d);
}

bool parse_good(struct parse *c, const struct doc_value *v, int r, const struct err *e)
{
	if (r < 0)
		diag_add(c->d, doc_place(c->doc, v), -1, "%s", e->text);
	return r == 0;
}

void parse_note(struct parse *c, const struct doc_value *v)
{
	const char *s;

	parse_string(c, v, &s);
}

void parse_object(struct parse *c, const struct doc_value *v, enum policy_object object,
	const parse_fn fns[static _KEY_MAX])
{
	if (v->type != DOC_OBJECT) {
		parse_wrong_type(c, v, "an object");
		return;
	}
	for (v = doc_first(c->doc, v); v; v = doc_next(c->doc, v)) {
		_cleanup_(buf_done) struct buf text = { 0 };
		enum policy_key key;

		if (v->bad)
			continue;
		key = policy_key(object, v->key);
		if (fns[key]) {
			fns[key](c, v);
			continue;
		}
		policy_key_explain(&text, object, v->key);
		diag_add(c->d, doc_key_place(c->doc, v), -1, "%s", buf_text(&text));
	}
}

const char *parse_word(struct parse *c, const struct doc_value *v, size_t max, const char *no)
{
	struct err e = { 0 };
	const char *s;

	if (!parse_string(c, v, &s) || !parse_good(c, v, policy_word(s, max, no, &e), &e))
		return NULL;
	return mem_intern(c->policy->strings, s);
}

const struct doc_value *parse_member(
	const struct parse *c, const struct doc_value *v, const char *key)
{
	for (v = doc_first(c->doc, v); v; v = doc_next(c->doc, v))
		if (v->key && strcmp(v->key, key) == 0)
			break;
	return v;
}

static void read_hosts(struct parse *c, const struct doc_value *v, struct globs *ret)
{
	const struct doc_value *item;

	if (v->type != DOC_ARRAY) {
		parse_wrong_type(c, v, "an array of host names or globs");
		return;
	}
	if (!doc_first(c->doc, v))
		diag_add(c->d, doc_place(c->doc, v), -1,
			"matches no host; without the key it is meant for every host");
	for (item = doc_first(c->doc, v); item; item = doc_next(c->doc, item)) {
		const char *glob = item->bad ? NULL : parse_word(c, item, POLICY_GLOB_MAX, "/");

		if (!glob)
			continue;
		ret->list = mem_grow(ret->list, ret->n, sizeof(*ret->list));
		ret->list[ret->n++] = glob;
	}
}

void parse_hosts(struct parse *c, const struct doc_value *v)
{
	struct globs hosts = { 0 };

	read_hosts(c, v, &hosts);
	c->pf->hosts = hosts.list;
	c->pf->n_hosts = hosts.n;
}

static void pf_vfs(struct parse *c, const struct doc_value *v)
{
	uint64_t n;

	c->pf->vfs_at = doc_place(c->doc, v);
	if (v->type == DOC_STRING && strcmp(v->s, "max") == 0) {
		c->pf->vfs_kind = VFS_MAX;
	} else if (v->type != DOC_INTEGER) {
		parse_wrong_type(c, v, "a whole number in 0..65535 or \"max\"");
	} else if (parse_number(c, v, 0, POLICY_VF_MAX, &n)) {
		c->pf->vfs_kind = VFS_COUNT;
		c->pf->vfs = (unsigned)n;
	}
}

static enum tri read_tri(struct parse *c, const struct doc_value *v)
{
	bool on;

	if (!parse_bool(c, v, &on))
		return TRI_UNSET;
	return on ? TRI_ON : TRI_OFF;
}

static void pf_up(struct parse *c, const struct doc_value *v)
{
	c->pf->up = read_tri(c, v);
}

static void pf_autoprobe(struct parse *c, const struct doc_value *v)
{
	c->pf->autoprobe = read_tri(c, v);
}

static const parse_fn pf_fns[_KEY_MAX] = {
	[KEY_NOTE] = parse_note,
	[KEY_MATCH] = parse_match,
	[KEY_HOSTS] = parse_hosts,
	[KEY_VFS] = pf_vfs,
	[KEY_UP] = pf_up,
	[KEY_AUTOPROBE] = pf_autoprobe,
	[KEY_SETTING] = parse_setting,
	[KEY_DEFAULTS] = parse_defaults,
	[KEY_VF] = parse_vf,
};

static void parse_pf(struct parse *c, const struct doc_value *v)
{
	struct policy *p = c->policy;

	p->pfs = mem_grow(p->pfs, p->n_pfs, sizeof(*p->pfs));
	c->pf = &p->pfs[p->n_pfs++];
	c->pf->place = c->pf->match_at = c->pf->vfs_at = doc_place(c->doc, v);
	parse_object(c, v, OBJECT_PF, pf_fns);
	if (v->type == DOC_OBJECT && !parse_member(c, v, "match"))
		diag_add(c->d, c->pf->place, -1,
			"the key \"match\" is missing: which PF is this for?");
	policy_check_entry(c->pf, c->d);
}

/* Another number has been refused before anything else was looked at. */
static void top_version(struct parse *c, const struct doc_value *v)
{
	if (v->type != DOC_INTEGER)
		parse_wrong_type(c, v, "the number 1");
}

static void top_hosts(struct parse *c, const struct doc_value *v)
{
	read_hosts(c, v, &c->hosts);
}

static void top_pfs(struct parse *c, const struct doc_value *v)
{
	if (v->type != DOC_ARRAY) {
		parse_wrong_type(c, v, "an array with one object for each PF");
		return;
	}
	for (v = doc_first(c->doc, v); v; v = doc_next(c->doc, v))
		if (!v->bad)
			parse_pf(c, v);
}

static const parse_fn top_fns[_KEY_MAX] = {
	[KEY_NOTE] = parse_note,
	[KEY_VERSION] = top_version,
	[KEY_PFS] = top_pfs,
	[KEY_DEVICES] = parse_devices,
	[KEY_HOSTS] = top_hosts,
};

/* Gives those of the entries FIRST to N - 1 that name no hosts those of the outermost object. */
static void spread_hosts(const struct parse *c, struct pf_policy *entries, size_t first, size_t n)
{
	for (size_t i = first; c->hosts.n > 0 && i < n; i++) {
		struct pf_policy *pf = &entries[i];

		if (pf->n_hosts > 0)
			continue;
		free(pf->hosts);
		pf->hosts = mem_new(c->hosts.n, sizeof(*pf->hosts));
		pf->n_hosts = c->hosts.n;
		memcpy(pf->hosts, c->hosts.list, c->hosts.n * sizeof(*pf->hosts));
	}
}

static void parse_top(struct parse *c)
{
	const struct doc_value *root = doc_root(c->doc);
	const struct doc_value *version;
	size_t pfs = c->policy->n_pfs, devices = c->policy->n_devices;

	if (root->type == DOC_OBJECT) {
		version = parse_member(c, root, "version");
		if (!version)
			diag_add(c->d, doc_place(c->doc, root), -1,
				"the key \"version\" is missing (add \"version\": %d)",
				POLICY_VERSION);
		else if (version->type == DOC_INTEGER && version->n != POLICY_VERSION) {
			/* Whatever else would be said about it would be by the wrong rules. */
			diag_add(c->d, doc_place(c->doc, version), -1,
				"this is a policy of version %lld; this program knows version %d "
				"(nothing else in the file was checked)",
				(long long)version->n, POLICY_VERSION);
			return;
		}
		if (!parse_member(c, root, "pfs") && !parse_member(c, root, "devices"))
			diag_add(c->d, doc_place(c->doc, root), -1,
				"the key \"pfs\" is missing, an array with one object for each PF");
	}
	parse_object(c, root, OBJECT_TOP, top_fns);
	spread_hosts(c, c->policy->pfs, pfs, c->policy->n_pfs);
	spread_hosts(c, c->policy->devices, devices, c->policy->n_devices);
	free(c->hosts.list);
}

/* strspn() for a text that may have no end. */
static bool is_blank(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r'))
		i++;
	return i == len;
}

void policy_parse(struct policy *p, const char *name, const char *text, size_t len, struct diag *d)
{
	struct place whole = { mem_intern(p->strings, name), "", 0, 0 };
	struct parse c = { .policy = p, .d = d };
	struct doc *doc;

	if (len > POLICY_SIZE_MAX) {
		diag_add(d, whole, -1, "larger than %d KiB: this is no policy",
			POLICY_SIZE_MAX / 1024);
		return;
	}
	if (is_blank(text, len)) {
		diag_add(d, whole, -1,
			"empty: the smallest policy is {\"version\": %d, \"pfs\": []}",
			POLICY_VERSION);
		return;
	}
	doc = doc_load(name, text, len, p->strings, d);
	if (!doc)
		return;
	c.doc = doc;
	parse_top(&c);
	doc_free(doc);
}
