/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings that a policy wants of a PF against what the PF can have. */
#include <string.h>

#include "core/drivers.h"
#include "core/quote.h"
#include "core/similar.h"
#include "core/want.h"

#define SIMILAR_TOLD 3

/* What the functions below share. */
struct settings {
	const struct pf *pf;
	const struct dev *dev;
	const struct netdev *netdev; /* NULL: none */
	const struct pf_policy *entry;
	int index;
	const struct want_vf *vfs;
	unsigned n_vfs;
	struct diag *d;
};

static bool complain(const struct settings *s, struct place at, struct buf *text)
{
	diag_add(s->d, at, s->index, "%s: %s", pciaddr_text(s->dev->addr).s, buf_text(text));
	buf_done(text);
	return false;
}

/* Settings of an interface need one, and a network card. */
static bool check_netdev(const struct settings *s, const struct pfset_value *v)
{
	struct buf b = { 0 };

	if (s->dev->class_code >> 16 != PCI_CLASS_NETWORK)
		buf_addf(&b, "%s is for network cards, and this is one of class %06x (%s)",
			pfset(v->id)->key, s->dev->class_code,
			inventory_class_name(s->dev->class_code));
	else if (!s->netdev)
		buf_addf(&b,
			"it has no network interface here, so it can have no %s; is the interface "
			"in another network namespace?",
			pfset(v->id)->key);
	else
		return true;
	return complain(s, v->at, &b);
}

static bool check_mtu(const struct settings *s, const struct pfset_value *v)
{
	struct buf b = { 0 };

	if (!s->netdev->mtu_max || v->n <= s->netdev->mtu_max)
		return true;
	buf_addf(&b, "mtu: %llu is more than %s can have, which is %u", (unsigned long long)v->n,
		s->netdev->name, s->netdev->mtu_max);
	return complain(s, v->at, &b);
}

/*
 * A run that is killed while there are no VFs leaves nothing by which the next one could know how
 * many there were.
 */
static bool check_eswitch(const struct settings *s, const struct pfset_value *v)
{
	struct buf b = { 0 };
	uint64_t now;

	if (s->pf->n_vfs && s->entry->vfs_kind == VFS_UNSET &&
		pf_settings_get(&s->pf->settings, v->id, v->item, &now) && now != v->n) {
		buf_addf(&b,
			"eswitch: its %zu VFs go when the mode changes; say with \"vfs\" how many "
			"are to come",
			s->pf->n_vfs);
		return complain(s, v->at, &b);
	}
	if (s->pf->settings.eswitch != ESWITCH_NONE)
		return true;
	buf_addf(&b, "eswitch: its driver (%s) has no embedded switch whose mode devlink can set",
		s->dev->driver ? s->dev->driver : VF_DRIVER_NONE);
	return complain(s, v->at, &b);
}

/* Appends the names among the N that are alike, TOLD of which have been appended before. */
static unsigned add_similar(
	struct buf *b, const char *name, const char *const *names, size_t n, unsigned told)
{
	for (size_t i = 0; i < n && told < SIMILAR_TOLD; i++) {
		if (similar_distance(names[i], name) >= similar_limit(name) &&
			(strlen(name) < 3 || !strcasestr(names[i], name)))
			continue;
		buf_addf(b, "%s%s", told ? ", " : "; similar ones: ", names[i]);
		told++;
	}
	return told;
}

static bool unknown_feature(const struct settings *s, const struct pfset_value *v)
{
	const struct pf_settings *now = &s->pf->settings;
	struct buf b = { 0 };
	unsigned told;

	buf_addf(&b, "features: the kernel knows no %s", quote_text(v->item).s);
	told = add_similar(&b, v->item, now->on, now->n_on, 0);
	told = add_similar(&b, v->item, now->off, now->n_off, told);
	if (!told)
		buf_addf(&b, "; `ethtool -k %s` lists what there is", s->netdev->name);
	return complain(s, v->at, &b);
}

static bool check_feature(const struct settings *s, const struct pfset_value *v)
{
	const struct pf_settings *now = &s->pf->settings;
	struct buf b = { 0 };
	uint64_t n;

	if (!pf_settings_has_features(now))
		return true;
	if (!pf_settings_get(now, v->id, v->item, &n))
		return unknown_feature(s, v);
	if (n == v->n || !pf_settings_is_fixed(now, v->item))
		return true;
	buf_addf(&b, "features: %s is %s, and %s cannot change that ([fixed] in `ethtool -k`)",
		v->item, n ? "on" : "off", s->dev->driver ? s->dev->driver : "the kernel");
	return complain(s, v->at, &b);
}

/* An address is either behind the host's bridge or a VF's. */
static bool check_fdb(const struct settings *s, const struct pfset_value *v)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < s->n_vfs; i++) {
		const struct vf_attrs *a = &s->vfs[i].attrs;

		if (!vf_has(a, VF_MAC) || strcmp(macaddr_text(a->v[VF_MAC].n).s, v->item) != 0)
			continue;
		buf_addf(&b, "fdb: %s is the address of its VF %u, so it is not behind the bridge",
			v->item, i);
		return complain(s, v->at, &b);
	}
	return true;
}

/*
 * The kernel takes one address after the other until there is no filter left, so that it would
 * depend on their order which ones work.
 */
static bool check_slots(const struct settings *s)
{
	const struct pf_settings *now = &s->pf->settings;
	const struct pfset_value *last = NULL;
	size_t wanted = 0, others = now->n_fdb;
	int slots = driver_fdb_slots(s->dev->driver, s->dev->device, s->n_vfs);
	struct buf b = { 0 };

	for (size_t i = 0; i < s->entry->settings.n; i++) {
		const struct pfset_value *v = &s->entry->settings.values[i];
		uint64_t there = 0;

		if (v->id != PFSET_FDB)
			continue;
		last = v;
		wanted++;
		if (pf_settings_get(now, v->id, v->item, &there))
			others -= there;
	}
	if (!last || slots < 0 || wanted + others <= (size_t)slots)
		return true;
	buf_addf(&b,
		"fdb: %zu address%s wanted, and with %u VFs there are %d slots: one filter has its "
		"own address, and each VF takes another",
		wanted, wanted == 1 ? " is" : "es are", s->n_vfs, slots);
	if (others)
		buf_addf(&b, "; %zu slot%s taken by others (`bridge fdb show dev %s`)", others,
			others == 1 ? " is" : "s are", s->netdev->name);
	return complain(s, last->at, &b);
}

static bool check_one(const struct settings *s, const struct pfset_value *v)
{
	static bool (*const checks[_PFSET_MAX])(
		const struct settings *, const struct pfset_value *) = {
		[PFSET_ESWITCH] = check_eswitch,
		[PFSET_MTU] = check_mtu,
		[PFSET_FEATURES] = check_feature,
		[PFSET_FDB] = check_fdb,
	};

	return (!pfset(v->id)->netdev || check_netdev(s, v)) && checks[v->id](s, v);
}

bool want_check_settings(const struct want_pf *w, const struct policy *p,
	const struct inventory *inv, struct diag *d)
{
	const struct pf_policy *entry = &p->pfs[w->entry];
	const struct pf *pf = &inv->pfs[w->pf];
	const struct settings s = { pf, inventory_pf_dev(inv, pf), inventory_pf_netdev(inv, pf),
		entry, (int)w->entry, w->vfs, w->n_vfs, d };
	bool good = true;

	for (size_t i = 0; i < entry->settings.n; i++)
		good = check_one(&s, &entry->settings.values[i]) && good;
	return good && check_slots(&s);
}

void want_pf_done(struct want_pf *pf)
{
	free(pf->vfs);
	pfset_done(&pf->settings);
}
