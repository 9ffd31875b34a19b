/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps: their order and how they read. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/digest.h"
#include "core/step.h"

/* What the device shares out comes before what the PF's interface sets; it is given back first. */
#define RANK_RELEASE 54
#define RANK_DEVICE  55

/*
 * What is fixed for a kind. `rank` is the order within a PF (kernel-facts §3.2); `late` the rank of
 * those that wait until the VFs are bound.
 */
static const struct kind_row {
	const char *name, *field;
	unsigned rank, late;
	bool text; /* before and after are strings */
	enum step_unit unit;
	bool joins;         /* neighbours go to the host together */
	unsigned setting_1; /* enum pfset_id of a PF's setting, plus 1; 0: it is none */
} kinds[_STEP_KIND_MAX] = {
	[STEP_LOAD_DRIVER] = { "load-driver", NULL, 25, 0, true, UNIT_NONE },
	[STEP_PF_RA] = { "accept-ra", "accept_ra", 9, 0, false, UNIT_NONE },
	[STEP_PF_UP] = { "pf-up", "up", 10, 0, false, UNIT_NONE },
	/* While there are no VFs, if these go and come: the mode that VFs live in is decided before
	 * they exist, and a PF that is reset for another MTU takes nobody off the network then. */
	[STEP_PF_ESWITCH] = { "pf-eswitch", "eswitch", 35, 0, false, UNIT_VFS, false,
		PFSET_ESWITCH + 1 },
	[STEP_PF_MTU] = { "pf-mtu", "mtu", 36, 0, false, UNIT_NONE, false, PFSET_MTU + 1 },
	[STEP_PF_FEATURE] = { "pf-feature", "features", 37, 0, false, UNIT_NONE, true,
		PFSET_FEATURES + 1 },
	/* Which filters are left is known when the VFs have theirs. */
	[STEP_PF_FDB] = { "pf-fdb", "fdb", 65, 0, false, UNIT_NONE, false, PFSET_FDB + 1 },
	[STEP_AUTOPROBE] = { "autoprobe", "autoprobe", 20, 80, false, UNIT_VFS },
	[STEP_VFS_REMOVE] = { "remove-vfs", "vfs", 30, 0, false, UNIT_VFS },
	[STEP_VFS_CREATE] = { "create-vfs", "vfs", 40, 0, false, UNIT_VFS },
	[STEP_VF_UNBIND] = { "unbind", "driver", 50, 0, true, UNIT_DRIVER },
	[STEP_VF_ATTR] = { "vf-attr", NULL, 60, 90, false, UNIT_NONE, true },
	/* The same rank: a VF is pinned and bound before the next one is touched. */
	[STEP_VF_OVERRIDE] = { "driver-override", "driver_override", 70, 0, true, UNIT_DRIVER },
	[STEP_VF_BIND] = { "bind", "driver", 70, 0, true, UNIT_DRIVER },
	[STEP_VF_NAME] = { "name", "name", 75, 0, true, UNIT_NONE },
	[STEP_FILE] = { "file", NULL, 5, 0, true, UNIT_NONE },
};

struct step step_make(enum step_kind kind, int vf, union vf_value before, union vf_value after)
{
	struct step s = { .kind = kind,
		.rank = kinds[kind].rank,
		.vf = vf,
		.attr = _VF_ATTR_MAX,
		.before_known = true,
		.before = before,
		.after = after };

	if (kind == STEP_VF_BIND)
		s.order = 1;
	return s;
}

struct step step_attr(enum vf_attr_id id, int vf, uint64_t after)
{
	struct step s = step_make(
		STEP_VF_ATTR, vf, (union vf_value){ 0 }, (union vf_value){ .n = after });

	s.attr = id;
	s.order = 2 * (unsigned)id;
	s.before_known = false;
	if (vf_attr(id)->way != VF_BY_NETLINK)
		s.rank = RANK_DEVICE;
	if (vf_attr(id)->late)
		step_delay(&s);
	return s;
}

struct step step_setting(enum pfset_id id, const char *item, uint64_t n)
{
	unsigned kind = 0;
	struct step s;

	while (kinds[kind].setting_1 != id + 1)
		kind++;
	s = step_make((enum step_kind)kind, -1, (union vf_value){ 0 }, (union vf_value){ .n = n });
	s.before_known = false;
	s.order = (unsigned)(id == PFSET_FDB && n); /* a slot is free before it is taken */
	snprintf(s.item, sizeof(s.item), "%s", item);
	return s;
}

enum pfset_id step_kind_setting(enum step_kind kind)
{
	assert(kind < _STEP_KIND_MAX);
	return kinds[kind].setting_1 ? (enum pfset_id)(kinds[kind].setting_1 - 1) : _PFSET_MAX;
}

bool step_joins(const struct step *s, const struct step *t)
{
	return kinds[s->kind].joins && t->kind == s->kind && t->rank == s->rank &&
	       (s->kind != STEP_VF_ATTR || vf_attr(t->attr)->way == vf_attr(s->attr)->way);
}

struct step step_file(enum genfile f, const char *before, const char *after)
{
	struct step s = step_make(
		STEP_FILE, -1, (union vf_value){ .s = before }, (union vf_value){ .s = after });

	s.file = f;
	s.order = f;
	return s;
}

void step_delay(struct step *s)
{
	if (kinds[s->kind].late)
		s->rank = kinds[s->kind].late;
}

void step_release(struct step *s)
{
	s->rank = RANK_RELEASE;
}

bool step_is_late(const struct step *s)
{
	return kinds[s->kind].late && s->rank == kinds[s->kind].late;
}

enum step_unit step_unit(const struct step *s)
{
	return step_is_late(s) ? UNIT_NONE : kinds[s->kind].unit;
}

int step_cmp(const struct step *a, const struct step *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->vf != b->vf)
		return a->vf < b->vf ? -1 : 1;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return strcmp(a->item, b->item);
}

const char *step_kind_name(enum step_kind kind)
{
	assert(kind < _STEP_KIND_MAX);
	return kinds[kind].name;
}

enum step_kind step_kind_by_name(const char *name)
{
	unsigned kind = 0;

	while (kind < _STEP_KIND_MAX && strcmp(kinds[kind].name, name) != 0)
		kind++;
	return (enum step_kind)kind;
}

bool step_kind_is_text(enum step_kind kind)
{
	assert(kind < _STEP_KIND_MAX);
	return kinds[kind].text;
}

const char *step_effect_name(enum step_effect effect)
{
	static const char *const names[] = { "safe", "resets VF", "destroys VFs", "takes device" };

	return names[effect];
}

const char *step_field(const struct step *s)
{
	if (s->kind == STEP_VF_ATTR)
		return vf_attr(s->attr)->key;
	return s->kind == STEP_FILE ? genfile(s->file)->path : kinds[s->kind].field;
}

/* A file's text stands for itself by a part of its checksum. */
static void file_value(struct buf *b, const char *text)
{
	uint8_t digest[DIGEST_LENGTH];

	if (!text) {
		buf_add(b, "none");
		return;
	}
	digest_text(text, digest);
	buf_addf(b, "sha256 %02x%02x%02x%02x", digest[0], digest[1], digest[2], digest[3]);
}

void step_value_text(struct buf *b, const struct step *s, bool after)
{
	union vf_value v = after ? s->after : s->before;

	if (!after && !s->before_known)
		buf_add(b, s->fresh ? "-" : "not reported");
	else if (s->kind == STEP_VF_ATTR)
		vf_value_text(b, s->attr, v);
	else if (s->kind == STEP_FILE)
		file_value(b, v.s);
	else if (kinds[s->kind].text)
		buf_add(b, v.s ? v.s : VF_DRIVER_NONE);
	else if (kinds[s->kind].setting_1)
		pfset_value_text(b, step_kind_setting(s->kind), v.n);
	else if (s->kind == STEP_PF_UP || s->kind == STEP_AUTOPROBE)
		buf_add(b, v.n ? "on" : "off");
	else
		buf_addf(b, "%llu", (unsigned long long)v.n);
}

static void was(struct buf *b, const struct step *s)
{
	buf_add(b, " (was ");
	step_value_text(b, s, false);
	buf_add(b, ")");
}

static void attr_text(struct buf *b, const struct step *s)
{
	const struct vf_attr *row = vf_attr(s->attr);

	buf_addf(b, "%s ", row->key);
	step_value_text(b, s, true);
	if (row->unit && s->after.n)
		buf_addf(b, " %s", row->unit);
	if (s->before_known)
		was(b, s);
}

static void setting_text(struct buf *b, const struct step *s)
{
	if (s->kind == STEP_PF_FDB) {
		buf_addf(b, "fdb %s %s", s->after.n ? "add" : "remove", s->item);
		return;
	}
	buf_addf(b, "%s ", s->kind == STEP_PF_FEATURE ? "feature" : kinds[s->kind].field);
	if (*s->item)
		buf_addf(b, "%s ", s->item);
	step_value_text(b, s, true);
	if (s->before_known)
		was(b, s);
}

static void override_text(struct buf *b, const struct step *s)
{
	if (s->after.s)
		buf_addf(b, "driver_override %s", s->after.s);
	else
		buf_add(b, "clear driver_override");
	if (s->before.s)
		was(b, s);
}

static void name_text(struct buf *b, const struct step *s)
{
	buf_addf(b, "name its interface %s", s->after.s);
	if (s->before.s && strcmp(s->before.s, s->after.s) != 0)
		was(b, s);
}

/* Who reads the file is told of it in the same step: one that is only written has no effect. */
static void file_text(struct buf *b, const struct step *s)
{
	const struct genfile_row *row = genfile(s->file);

	buf_addf(b, "%s /%s", s->after.s ? "write" : "remove", row->path);
	buf_addf(b, ", reload %s if it runs", row->unit);
}

void step_text(struct buf *b, const struct step *s)
{
	if (s->vf >= 0)
		buf_addf(b, "vf %d ", s->vf);
	switch (s->kind) {
	case STEP_LOAD_DRIVER:
		buf_addf(b, "load the module of driver %s", s->after.s);
		break;
	case STEP_PF_RA:
		buf_addf(b, "accept_ra %llu (was %llu)", (unsigned long long)s->after.n,
			(unsigned long long)s->before.n);
		break;
	case STEP_PF_UP:
		buf_addf(b, "set the interface %s", s->after.n ? "up" : "down");
		break;
	case STEP_PF_ESWITCH:
	case STEP_PF_MTU:
	case STEP_PF_FEATURE:
	case STEP_PF_FDB:
		setting_text(b, s);
		break;
	case STEP_AUTOPROBE:
		buf_addf(b, "sriov_drivers_autoprobe %llu", (unsigned long long)s->after.n);
		break;
	case STEP_VFS_REMOVE:
		buf_addf(b, "remove all %llu VFs", (unsigned long long)s->before.n);
		break;
	case STEP_VFS_CREATE:
		buf_addf(b, "create %llu VFs", (unsigned long long)s->after.n);
		break;
	case STEP_VF_UNBIND:
		buf_addf(b, "unbind from %s", s->before.s);
		break;
	case STEP_VF_ATTR:
		attr_text(b, s);
		break;
	case STEP_VF_OVERRIDE:
		override_text(b, s);
		break;
	case STEP_VF_BIND:
		buf_addf(b, "bind to %s", s->after.s);
		break;
	case STEP_VF_NAME:
		name_text(b, s);
		break;
	case STEP_FILE:
		file_text(b, s);
		break;
	case _STEP_KIND_MAX:
		break;
	}
}
