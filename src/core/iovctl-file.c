/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration of FreeBSD's iovctl(8) as it stands in its file. */
#include <string.h>
#include <strings.h>

#include "core/iovctl-file.h"
#include "core/policy-value.h"
#include "core/policy.h"
#include "core/quote.h"
#include "core/ucl.h"

#define VLAN_ID_MAX 4094
#define DEVICE_MAX  63

struct reader {
	const char *name;
	struct mem_pool *strings;
	struct diag *d, *notes;
	struct iov_file *out;
	const char *path; /* of the section that is being read, as a JSON pointer */
	bool has_pf, has_defaults, has_vfs;
};

static struct place place_of(
	const struct reader *r, unsigned line, unsigned column, const char *key)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	buf_addf(&b, "%s%s%s", r->path, key ? "/" : "", key ? key : "");
	return (struct place){ r->name, mem_intern(r->strings, buf_text(&b)), line, column };
}

static struct place value_place(const struct reader *r, const struct ucl_value *v)
{
	return place_of(r, v->line, v->column, v->key);
}

static struct place key_place(const struct reader *r, const struct ucl_value *v)
{
	return place_of(r, v->key_line, v->key_column, v->key);
}

/* Complains that V is not WANTED; always false. */
static bool wrong(const struct reader *r, const struct ucl_value *v, const char *wanted)
{
	struct place at = value_place(r, v);

	if (v->type == UCL_STRING)
		diag_add(r->d, at, -1, "must be %s, not the text %s", wanted, quote_text(v->s).s);
	else if (v->type == UCL_WORD)
		diag_add(r->d, at, -1, "must be %s, not %s", wanted, quote_text(v->s).s);
	else
		diag_add(r->d, at, -1, "must be %s, not %s", wanted,
			v->type == UCL_ARRAY ? "an array" : "a section");
	return false;
}

static bool is_text(const struct ucl_value *v)
{
	return v->type == UCL_STRING || v->type == UCL_WORD;
}

static bool read_bool(const struct reader *r, const struct ucl_value *v, uint64_t *ret)
{
	bool on;

	if (v->type != UCL_WORD || !ucl_bool(v->s, &on))
		return wrong(r, v, "true or false");
	*ret = on;
	return true;
}

/* The zero address is none, and what a VF without one has. */
static bool read_mac(const struct reader *r, const struct ucl_value *v, uint64_t *ret)
{
	struct err e = { "" };
	macaddr mac;

	if (!is_text(v))
		return wrong(r, v, "a MAC address");
	if (macaddr_parse(v->s, &mac) == 0 && mac == 0) {
		diag_add(r->notes, value_place(r, v), -1, "the zero address stands for none");
		return false;
	}
	if (policy_mac(v->s, ret, &e) < 0) {
		diag_add(r->d, value_place(r, v), -1, "%s", e.text);
		return false;
	}
	return true;
}

static bool read_vlan(const struct reader *r, const struct ucl_value *v, uint64_t *ret)
{
	if (is_text(v) && strcasecmp(v->s, "trunk") == 0) {
		*ret = 0;
		return true;
	}
	if (v->type != UCL_WORD || !ucl_number(v->s, ret) || *ret > VLAN_ID_MAX)
		return wrong(r, v, "a VLAN from 0 to 4094, or trunk");
	return true;
}

/* A number on FreeBSD. Zero is what a VF without one has. */
static bool read_guid(const struct reader *r, const struct ucl_value *v, uint64_t *ret)
{
	if (v->type != UCL_WORD || !ucl_number(v->s, ret))
		return wrong(r, v, "a GUID as a number, like 0x0011223344556677");
	if (*ret == 0)
		diag_add(r->notes, value_place(r, v), -1, "the zero GUID stands for none");
	return *ret != 0;
}

/* The keys of VFs: those of iovctl(8) itself, and those of the PFs' drivers. */
static const struct row {
	const char *name;
	enum iov_key key;
	bool (*read)(const struct reader *r, const struct ucl_value *v, uint64_t *ret);
	const char *lost; /* why there is no counterpart */
} rows[] = {
	{ "passthrough", IOV_PASSTHROUGH, read_bool },
	{ "mac-addr", IOV_MAC, read_mac },
	{ "mac-anti-spoof", IOV_ANTI_SPOOF, read_bool },
	{ "vlan", IOV_VLAN, read_vlan },
	{ "allow-set-mac", IOV_SET_MAC, read_bool },
	{ "allow-promisc", IOV_PROMISC, read_bool },
	{ "trust", IOV_TRUST, read_bool },
	{ "node-guid", IOV_NODE_GUID, read_guid },
	{ "port-guid", IOV_PORT_GUID, read_guid },
	{ "num-queues", .lost = "how many queues a VF has is between its driver and the PF's" },
	{ "mirror-src-vsi", .lost = "PF drivers of Linux mirror nothing to a VF by themselves" },
	{ "max-vlan-allowed", .lost = "PF drivers of Linux have limits of their own" },
	{ "max-mac-filters", .lost = "PF drivers of Linux have limits of their own" },
};

static const struct row *find_row(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcasecmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static void note_lost(const struct reader *r, const struct ucl_value *v, const char *why)
{
	diag_add(r->notes, key_place(r, v), -1, "has no counterpart: %s",
		why ? why : "no driver is known here that has this key");
}

/* A member of DEFAULT or VF-n. */
static void read_vf_member(struct reader *r, const struct ucl_value *v, struct iov_section *s)
{
	const struct row *row = find_row(v->key);

	if (!row || row->lost) {
		note_lost(r, v, row ? row->lost : NULL);
		return;
	}
	if (s->at[row->key].line) {
		diag_add(r->d, key_place(r, v), -1, "is given twice: before that at %s:%u:%u",
			r->name, s->at[row->key].line, s->at[row->key].column);
		return;
	}
	s->at[row->key] = value_place(r, v);
	s->has[row->key] = row->read(r, v, &s->v[row->key]);
}

/* Calls FN for each member of V, a section; complains if it is none. */
static void read_section(struct reader *r, const struct ucl_value *v, struct iov_section *s,
	void (*fn)(struct reader *r, const struct ucl_value *v, struct iov_section *s))
{
	_cleanup_(buf_done) struct buf path = { 0 };

	if (v->type != UCL_OBJECT) {
		wrong(r, v, "a section: { … }");
		return;
	}
	buf_addf(&path, "/%s", v->key);
	r->path = mem_intern(r->strings, buf_text(&path));
	for (v = v->first; v; v = v->next)
		fn(r, v, s);
	r->path = "";
}

/* Whether S can be a name of FreeBSD's for a device. */
static bool is_device_name(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len <= DEVICE_MAX && !strpbrk(s, " /\t\r\"\\");
}

/* A member of PF. */
static void read_pf_member(
	struct reader *r, const struct ucl_value *v, struct iov_section *s _unused_)
{
	bool is_device = strcasecmp(v->key, "device") == 0;
	struct iov_file *out = r->out;
	uint64_t n;

	if (!is_device && strcasecmp(v->key, "num_vfs") != 0) {
		note_lost(r, v, NULL);
	} else if (is_device ? out->device != NULL : r->has_vfs) {
		diag_add(r->d, key_place(r, v), -1, "is given twice");
	} else if (is_device) {
		out->device_at = value_place(r, v);
		out->device = is_text(v) ? v->s : "";
		if (!is_device_name(out->device))
			wrong(r, v, "the name of a device, like \"ix0\"");
	} else {
		r->has_vfs = true;
		if (v->type != UCL_WORD || !ucl_number(v->s, &n) || n < 1 || n > POLICY_VF_MAX)
			wrong(r, v, "a number from 1 to 65535");
		else
			out->vfs = (unsigned)n;
	}
}

/* The n of "VF-n" without leading zeros, in any case of letters. */
static bool read_index(const char *key, unsigned *ret)
{
	struct err e = { "" };
	unsigned last;

	return strncasecmp(key, "VF-", 3) == 0 && !strchr(key + 3, '-') &&
	       policy_range(key + 3, ret, &last, &e) == 0;
}

static void complain_twice(const struct reader *r, const struct ucl_value *v, bool twice)
{
	if (twice)
		diag_add(r->d, key_place(r, v), -1, "there is such a section before");
}

static void read_top(struct reader *r, const struct ucl_value *v)
{
	struct iov_file *out = r->out;
	unsigned index;

	if (strcasecmp(v->key, "PF") == 0) {
		complain_twice(r, v, r->has_pf);
		r->has_pf = true;
		r->out->pf = key_place(r, v);
		read_section(r, v, NULL, read_pf_member);
	} else if (strcasecmp(v->key, "DEFAULT") == 0) {
		complain_twice(r, v, r->has_defaults);
		if (out->n_vf)
			diag_add(r->d, key_place(r, v), -1, "stands behind a section of a VF");
		r->has_defaults = true;
		read_section(r, v, &out->defaults, read_vf_member);
	} else if (read_index(v->key, &index)) {
		out->vf = mem_grow(out->vf, out->n_vf, sizeof(*out->vf));
		out->vf[out->n_vf].index = index;
		out->vf[out->n_vf].place = key_place(r, v);
		read_section(r, v, &out->vf[out->n_vf++], read_vf_member);
	} else {
		diag_add(r->d, key_place(r, v), -1,
			"is no section of iovctl.conf: there are PF, DEFAULT, and VF-0, VF-1, …");
	}
}

static int section_cmp(const void *a, const void *b)
{
	const struct iov_section *x = a, *y = b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	return (x->place.column > y->place.column) - (x->place.column < y->place.column);
}

/* Each key of a PF is needed, and the sections of VFs have to be of this PF's. */
static void check(const struct reader *r)
{
	struct place at = r->has_pf ? r->out->pf : (struct place){ r->name, "", 0, 0 };

	if (!r->has_pf)
		diag_add(r->d, at, -1, "the section PF is missing");
	else if (!r->out->device)
		diag_add(r->d, at, -1, "the key device is missing");
	if (r->has_pf && !r->has_vfs)
		diag_add(r->d, at, -1, "the key num_vfs is missing");
	for (size_t i = 0; i < r->out->n_vf; i++) {
		const struct iov_section *s = &r->out->vf[i];

		if (i && s->index == s[-1].index)
			diag_add(r->d, s->place, -1, "there is such a section at %s:%u:%u", r->name,
				s[-1].place.line, s[-1].place.column);
		else if (r->out->vfs && s->index >= r->out->vfs)
			diag_add(r->d, s->place, -1,
				"there is no VF %u: num_vfs is %u, and the first is VF-0", s->index,
				r->out->vfs);
	}
}

struct claim {
	uint64_t value;
	const struct iov_section *by;
};

static int claim_cmp(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->by->index > y->by->index) - (x->by->index < y->by->index);
}

/* One address, or GUID, for two VFs is what iovctl(8) takes, but no policy. */
static void check_own(const struct reader *r, enum iov_key key)
{
	_cleanup_free_ struct claim *claims = mem_new(r->out->n_vf, sizeof(*claims));
	size_t n = 0;

	for (size_t i = 0; i < r->out->n_vf; i++)
		if (r->out->vf[i].has[key])
			claims[n++] = (struct claim){ r->out->vf[i].v[key], &r->out->vf[i] };
	if (n)
		qsort(claims, n, sizeof(*claims), claim_cmp);
	for (size_t i = 1; i < n; i++)
		if (claims[i].value == claims[i - 1].value)
			diag_add(r->d, claims[i].by->at[key], -1, "is that of VF-%u, too",
				claims[i - 1].by->index);
}

void iov_file_read(const char *name, const char *text, size_t len, struct mem_pool *strings,
	struct iov_file *ret, struct diag *d, struct diag *notes)
{
	struct reader r = { .name = mem_intern(strings, name),
		.strings = strings,
		.d = d,
		.notes = notes,
		.out = ret,
		.path = "" };
	struct ucl_value *root;

	*ret = (struct iov_file){ 0 };
	if (len > POLICY_SIZE_MAX) {
		diag_add(d, (struct place){ r.name, "", 0, 0 }, -1,
			"larger than %d KiB: this is no iovctl.conf", POLICY_SIZE_MAX / 1024);
		return;
	}
	root = ucl_parse(name, text, len, strings, d);
	if (!root)
		return;
	for (const struct ucl_value *v = root->first; v; v = v->next)
		read_top(&r, v);
	if (ret->n_vf)
		qsort(ret->vf, ret->n_vf, sizeof(*ret->vf), section_cmp);
	check(&r);
	check_own(&r, IOV_MAC);
	check_own(&r, IOV_NODE_GUID);
	check_own(&r, IOV_PORT_GUID);
	ucl_free(root);
}

void iov_file_done(struct iov_file *f)
{
	free(f->vf);
	*f = (struct iov_file){ 0 };
}
