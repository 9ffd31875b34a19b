/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy matched with a host: which PF each entry means, and what each of its VFs should be. */
#include <string.h>

#include "core/automac.h"
#include "core/drivers.h"
#include "core/match.h"
#include "core/want.h"

/* What the functions below share: where problems go, and where they are. */
struct maker {
	const struct policy *policy;
	const struct inventory *inv;
	struct diag *diag;
	struct want *want;
	size_t entry;
};

static void complain(const struct maker *m, struct place at, const struct pf *pf, const char *text)
{
	const struct dev *d = inventory_pf_dev(m->inv, pf);

	diag_add(m->diag, at, (int)m->entry, "%s: %s", pciaddr_text(d->addr).s, text);
}

/* Appends that ENTRY wants more VFs than PF can have, and what sets that limit. */
static void add_limit(struct buf *b, const struct inventory *inv, const struct pf_policy *entry,
	const struct pf *pf)
{
	const struct driver *d = driver_find(inventory_pf_dev(inv, pf)->driver);

	buf_addf(b, "%u VFs are wanted, its driver allows %u (%s)", entry->vfs, pf->total_vfs,
		inventory_limit_source(inv, pf));
	if (inventory_is_pci(inv, pf) && d && d->count_note)
		buf_addf(b, ": %s", d->count_note);
}

/* How many VFs ENTRY wants on PF; -1 after a complaint. */
static int count_vfs(const struct maker *m, const struct pf_policy *entry, const struct pf *pf)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (entry->vfs_kind == VFS_UNSET)
		return pf->n_vfs ? (int)pf->vfs[pf->n_vfs - 1].index + 1 : 0;
	if (entry->vfs_kind == VFS_MAX && inventory_limit_known(m->inv, pf))
		return (int)pf->total_vfs;
	if (entry->vfs_kind == VFS_COUNT && entry->vfs <= pf->total_vfs)
		return (int)entry->vfs;
	if (entry->vfs_kind == VFS_MAX)
		buf_add(&b, "\"vfs\": \"max\": how many it can have is not known: mount debugfs, "
			    "which root can read it from (max_vfs), or give a number");
	else
		add_limit(&b, m->inv, entry, pf);
	complain(m, entry->vfs_at, pf, buf_text(&b));
	return -1;
}

static void merge(struct want_vf *vf, const struct vf_policy *from)
{
	for (unsigned id = 0; id < _VF_ATTR_MAX; id++)
		if (vf_has(&from->attrs, id)) {
			vf->attrs.set |= UINT32_C(1) << id;
			vf->attrs.v[id] = from->attrs.v[id];
			vf->from[id] = from;
		}
}

/* Merges defaults and ranges into N fresh VFs; false after a complaint. */
static bool merge_ranges(const struct maker *m, const struct pf_policy *entry, const struct pf *pf,
	struct want_vf *vfs, unsigned n)
{
	bool fine = true;

	for (unsigned i = 0; i < n; i++)
		merge(&vfs[i], &entry->defaults);
	for (size_t r = 0; r < entry->n_vf; r++) {
		const struct vf_policy *range = &entry->vf[r];

		if (range->last >= n) {
			_cleanup_(buf_done) struct buf b = { 0 };

			buf_addf(&b, "VF %u is configured, but there are %s %u VFs%s", range->last,
				entry->vfs_kind == VFS_UNSET ? "now" : "to be", n,
				entry->vfs_kind == VFS_UNSET
					? ", and \"vfs\" does not say that there should be more"
					: ", counted from 0");
			complain(m, range->place, pf, buf_text(&b));
			fine = false;
			continue;
		}
		for (unsigned i = range->first; i <= range->last; i++)
			merge(&vfs[i], range);
	}
	return fine;
}

struct place want_place(const struct pf_policy *entry, const struct want_vf *vf, enum vf_attr_id id)
{
	return vf->from[id] ? vf->from[id]->at[id] : entry->place;
}

/* Attributes are set through the PF's interface, so there must be one. */
static bool check_interface(const struct maker *m, const struct pf_policy *entry,
	const struct pf *pf, const struct want_vf *vf)
{
	unsigned id = 0;

	while (id < _VF_ATTR_MAX && !(vf_has(&vf->attrs, id) && vf_attr(id)->way == VF_BY_NETLINK))
		id++;
	if (id == _VF_ATTR_MAX || inventory_pf_netdev(m->inv, pf))
		return true;
	complain(m, want_place(entry, vf, id), pf,
		"it has no network interface here, so its VFs can be given no MAC nor anything "
		"else; is the interface in another network namespace?");
	return false;
}

/*
 * Whether VFs of PF that the policy gives no address get one. No guest can get a VF that is no
 * device, so nobody would make up an address for it.
 */
static bool gets_mac(const struct inventory *inv, const struct pf *pf)
{
	const struct dev *d = inventory_pf_dev(inv, pf);

	return inventory_is_pci(inv, pf) && inventory_pf_kind(inv, pf) == VF_OF_ETHERNET &&
	       driver_cell(driver_find(d->driver), d->device, VF_MAC).takes != DRIVER_NO;
}

/* Turns "auto" (and, on Ethernet, silence) into the address of VF number INDEX. */
static bool resolve_mac(const struct maker *m, const struct pf_policy *entry, const struct pf *pf,
	struct want_vf *vf, unsigned index)
{
	const struct netdev *n = inventory_pf_netdev(m->inv, pf);

	if (!vf_has(&vf->attrs, VF_MAC) && gets_mac(m->inv, pf))
		vf_set_n(&vf->attrs, VF_MAC, VF_MAC_AUTO);
	if (vf_has(&vf->attrs, VF_MAC) && vf->attrs.v[VF_MAC].n == VF_MAC_KEEP)
		vf->attrs.set &= ~(UINT32_C(1) << VF_MAC);
	if (!check_interface(m, entry, pf, vf))
		return false;
	if (!vf_has(&vf->attrs, VF_MAC) || vf->attrs.v[VF_MAC].n != VF_MAC_AUTO)
		return true;
	if (n->has_perm_mac) {
		vf->attrs.v[VF_MAC].n = automac(n->perm_mac, index);
		return true;
	}
	complain(m, want_place(entry, vf, VF_MAC), pf,
		"mac \"auto\" is made from the PF's permanent MAC, and it reports none; give the "
		"VFs addresses, or \"mac\": \"keep\" to leave them alone");
	return false;
}

static bool resolve_driver(const struct maker *m, const struct pf_policy *entry,
	const struct pf *pf, struct want_vf *vf)
{
	struct place at = want_place(entry, vf, VF_DRIVER);
	const char *driver = vf->attrs.v[VF_DRIVER].s;
	_cleanup_(buf_done) struct buf b = { 0 };

	if (!vf_has(&vf->attrs, VF_DRIVER))
		return true;
	if (want_driver_problem(m->inv, driver, &b)) {
		complain(m, at, pf, buf_text(&b));
		return false;
	}
	if (!inventory_is_pci(m->inv, pf) && strcmp(driver, VF_DRIVER_NONE) != 0) {
		complain(m, at, pf,
			"its VFs are no PCI functions, so none can have a driver: leave \"driver\" "
			"out, or say \"none\"");
		return false;
	}
	if (strcmp(driver, VF_DRIVER_HOST) == 0) {
		if (!pf->host_driver) {
			complain(m, at, pf,
				m->inv->offline ? "driver \"host\" cannot be resolved for a host "
						  "that is only read from files; name the driver"
						: "driver \"host\": no module on this host says "
						  "that it is for these VFs; name a driver");
			return false;
		}
		vf->attrs.v[VF_DRIVER].s = pf->host_driver;
	}
	return true;
}

/*
 * Whose interface has the name that VF number INDEX of PF is to get, if not its own: or NULL. ANEW:
 * the VFs that there are go, and with them their names. Among those that stay, names would have to
 * change in turn.
 */
static const struct netdev *name_holder(const struct maker *m, const struct pf *pf, bool anew,
	const struct want_vf *vf, unsigned index)
{
	const struct vf *now = inventory_vf(pf, index);

	for (size_t i = 0; i < m->inv->n_netdevs; i++) {
		const struct netdev *n = &m->inv->netdevs[i];
		const struct dev *d = n->dev < 0 ? NULL : &m->inv->devs[n->dev];

		if (strcmp(n->name, vf->attrs.v[VF_NAME].s) != 0 || (now && n->dev == now->dev))
			continue;
		return anew && d && d->vf >= 0 && &m->inv->pfs[d->pf] == pf ? NULL : n;
	}
	return NULL;
}

/* A name needs an interface, which only a driver of the host makes, and has to be free. */
static bool check_name(const struct maker *m, const struct pf_policy *entry, const struct pf *pf,
	bool anew, const struct want_vf *vf, unsigned index)
{
	const char *driver = vf_has(&vf->attrs, VF_DRIVER) ? vf->attrs.v[VF_DRIVER].s : NULL;
	_cleanup_(buf_done) struct buf b = { 0 };
	const struct netdev *holder;

	if (!vf_has(&vf->attrs, VF_NAME))
		return true;
	holder = name_holder(m, pf, anew, vf, index);
	if (!driver || strcmp(driver, VF_DRIVER_NONE) == 0 || strstr(driver, "vfio"))
		buf_addf(&b,
			"vf %u is to have a name, but with driver \"%s\" it has no interface%s",
			index, driver ? driver : VF_DRIVER_NONE,
			inventory_is_pci(m->inv, pf) ? "; give it \"driver\": \"host\"" : "");
	else if (holder)
		buf_addf(&b, "vf %u: name %s is that of another interface of this host%s%s", index,
			holder->name, holder->dev < 0 ? "" : ", that of ",
			holder->dev < 0 ? "" : pciaddr_text(m->inv->devs[holder->dev].addr).s);
	else
		return true;
	complain(m, want_place(entry, vf, VF_NAME), pf, buf_text(&b));
	return false;
}

/* One complaint for the first of N VFs that cannot be is enough: the others say the same. */
static bool resolve_vfs(const struct maker *m, const struct pf_policy *entry, const struct pf *pf,
	struct want_vf *vfs, unsigned n)
{
	bool anew = entry->vfs_kind != VFS_UNSET && n != pf->n_vfs;

	for (unsigned i = 0; i < n; i++)
		if (!resolve_mac(m, entry, pf, &vfs[i], i) ||
			!resolve_driver(m, entry, pf, &vfs[i]) ||
			!check_name(m, entry, pf, anew, &vfs[i], i))
			return false;
	return true;
}

static bool check_pf(const struct maker *m, const struct pf_policy *entry, const struct pf *pf)
{
	const char *problem = NULL;

	if (!inventory_pf_dev(m->inv, pf)->driver)
		problem = "the PF has no driver, so the kernel cannot create VFs; load the module "
			  "of its driver, or see why it failed (dmesg)";
	else if (entry->autoprobe == TRI_ON && !inventory_is_pci(m->inv, pf))
		problem = "\"autoprobe\": its VFs are no PCI functions, so no driver can take "
			  "them: leave it out";
	if (problem)
		complain(m, entry->match_at, pf, problem);
	return !problem;
}

static void add_pf(const struct maker *m, const struct pf_policy *entry, size_t index)
{
	const struct pf *pf = &m->inv->pfs[index];
	struct want *w = m->want;
	struct want_pf out = { .pf = index,
		.entry = m->entry,
		.counted = entry->vfs_kind != VFS_UNSET,
		.up = entry->up == TRI_OFF ? TRI_UNSET : TRI_ON,
		.autoprobe = entry->autoprobe };
	int n;

	if (!check_pf(m, entry, pf))
		return;
	n = count_vfs(m, entry, pf);
	if (n < 0)
		return;
	out.n_vfs = (unsigned)n;
	out.vfs = mem_new(out.n_vfs, sizeof(*out.vfs));
	if (!merge_ranges(m, entry, pf, out.vfs, out.n_vfs) ||
		!want_check_attrs(&out, m->policy, m->inv, m->diag) ||
		!resolve_vfs(m, entry, pf, out.vfs, out.n_vfs) ||
		!want_check_settings(&out, m->policy, m->inv, m->diag)) {
		free(out.vfs);
		return;
	}
	pfset_copy(&out.settings, &entry->settings);
	w->pfs = mem_grow(w->pfs, w->n_pfs, sizeof(*w->pfs));
	w->pfs[w->n_pfs++] = out;
}

/* The entry that has already claimed PF number INDEX, or -1. */
static int claimed_by(const int *claims, size_t index)
{
	return claims[index] - 1;
}

void want_drop_pf(struct want *w, size_t pf)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n_pfs; i++) {
		if (w->pfs[i].pf == pf)
			want_pf_done(&w->pfs[i]);
		else
			w->pfs[kept++] = w->pfs[i];
	}
	w->n_pfs = kept;
}

static void add_entry(const struct maker *m, int *claims)
{
	const struct pf_policy *entry = &m->policy->pfs[m->entry];
	_cleanup_free_ size_t *found = mem_new(m->inv->n_pfs, sizeof(*found));
	size_t n = match_pfs(entry, m->inv, (int)m->entry, found, m->diag, &m->want->notes);

	for (size_t i = 0; i < n; i++) {
		int other = claimed_by(claims, found[i]);

		if (other >= 0) {
			_cleanup_(buf_done) struct buf b = { 0 };

			buf_addf(&b,
				"the entry at %s:%u (%s) names this PF as well; one PF has one "
				"entry",
				m->policy->pfs[other].place.file, m->policy->pfs[other].place.line,
				m->policy->pfs[other].place.pointer);
			complain(m, entry->match_at, &m->inv->pfs[found[i]], buf_text(&b));
			want_drop_pf(m->want, found[i]); /* neither of the two counts */
			continue;
		}
		claims[found[i]] = (int)m->entry + 1;
		add_pf(m, entry, found[i]);
	}
}

/* The VF of the PFs before number I that is to have that name, in *RET_VF; its PF, or NULL. */
static const struct want_pf *named_before(
	const struct want *w, size_t i, const char *name, unsigned *ret_vf)
{
	for (size_t p = 0; p < i; p++)
		for (unsigned v = 0; v < w->pfs[p].n_vfs; v++) {
			const struct vf_attrs *a = &w->pfs[p].vfs[v].attrs;

			*ret_vf = v;
			if (vf_has(a, VF_NAME) && strcmp(a->v[VF_NAME].s, name) == 0)
				return &w->pfs[p];
		}
	return NULL;
}

/* Whether no VF of PF number I is to have a name that one of an earlier PF is to have. */
static bool names_are_free(struct maker *m, size_t i)
{
	const struct want_pf *pf = &m->want->pfs[i], *other;
	unsigned vf;

	for (unsigned v = 0; v < pf->n_vfs; v++) {
		_cleanup_(buf_done) struct buf b = { 0 };
		const struct want_vf *want = &pf->vfs[v];

		other = vf_has(&want->attrs, VF_NAME)
				? named_before(m->want, i, want->attrs.v[VF_NAME].s, &vf)
				: NULL;
		if (!other)
			continue;
		m->entry = pf->entry;
		buf_addf(&b, "vf %u: name %s is also to be that of %s vf %u", v,
			want->attrs.v[VF_NAME].s,
			pciaddr_text(inventory_pf_dev(m->inv, &m->inv->pfs[other->pf])->addr).s,
			vf);
		complain(m, want_place(&m->policy->pfs[pf->entry], want, VF_NAME),
			&m->inv->pfs[pf->pf], buf_text(&b));
		return false;
	}
	return true;
}

/* Names that only turn out to be for the same host now that it is known which one that is. */
static void check_names(struct maker *m)
{
	size_t i = 0;

	while (i < m->want->n_pfs)
		if (names_are_free(m, i))
			i++;
		else
			want_drop_pf(m->want, m->want->pfs[i].pf);
}

static int want_cmp(const void *a, const void *b)
{
	const struct want_pf *x = a, *y = b;

	return (x->pf > y->pf) - (x->pf < y->pf);
}

struct want *want_make(const struct policy *p, const struct inventory *inv, struct diag *d)
{
	struct want *w = mem_new(1, sizeof(*w));
	_cleanup_free_ int *claims = mem_new(inv->n_pfs, sizeof(*claims));
	struct maker m = { p, inv, d, w, 0 };

	for (; m.entry < p->n_pfs; m.entry++)
		if (policy_for_host(&p->pfs[m.entry], inv->hostname))
			add_entry(&m, claims);
	if (w->n_pfs)
		qsort(w->pfs, w->n_pfs, sizeof(*w->pfs), want_cmp);
	want_check_macs(w, p, inv, d);
	check_names(&m);
	want_check_drivers(w, p, inv, d);
	want_devices(w, p, inv, d);
	return w;
}

bool want_is_hosts(const struct vf_attrs *a, const struct pf *pf)
{
	return vf_has(a, VF_MANAGED) && a->v[VF_MANAGED].n && vf_has(a, VF_DRIVER) &&
	       pf->host_driver && strcmp(a->v[VF_DRIVER].s, pf->host_driver) == 0;
}

void want_free(struct want *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->n_pfs; i++)
		want_pf_done(&w->pfs[i]);
	free(w->pfs);
	free(w->devs);
	diag_done(&w->notes);
	free(w);
}
