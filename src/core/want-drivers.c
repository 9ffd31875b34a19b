/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wanted against what the PFs' drivers accept: told before anything is written. */
#include "core/drivers.h"
#include "core/want.h"

/* One PF, and where what is found about it goes. */
struct judge {
	const struct want_pf *want;
	const struct pf_policy *entry;
	const struct pf *pf;
	const struct dev *dev;
	const struct netdev *netdev; /* NULL: none */
	const struct driver *driver;
	struct diag *errors, *notes;
	bool bad;
};

/* One that is not the kernel's own may do what that one does not: then it is no more than a
 * warning. */
static void complain(struct judge *j, struct place at, const char *text)
{
	if (j->pf->driver_foreign) {
		diag_add(j->notes, at, (int)j->want->entry,
			"%s: %s (so it is with the kernel's own %s; this one is from elsewhere)",
			pciaddr_text(j->dev->addr).s, text, j->driver->name);
		return;
	}
	diag_add(j->errors, at, (int)j->want->entry, "%s: %s", pciaddr_text(j->dev->addr).s, text);
	j->bad = true;
}

static void warn(const struct judge *j, struct place at, const char *text)
{
	diag_add(j->notes, at, (int)j->want->entry, "%s: %s", pciaddr_text(j->dev->addr).s, text);
}

/* Whether VF number INDEX has the attribute already as it is wanted: then the driver can do it. */
static bool has_it(const struct judge *j, unsigned index, enum vf_attr_id id)
{
	bool anew = j->want->counted && j->want->n_vfs != j->pf->n_vfs;
	const struct vf *vf = anew ? NULL : inventory_vf(j->pf, index);

	return vf && vf_has(&vf->attrs, id) &&
	       vf_value_equal(id, vf->attrs.v[id], j->want->vfs[index].attrs.v[id]);
}

/* Whether an earlier VF has the attribute from the same place in the policy. */
static bool was_told(const struct judge *j, unsigned index, enum vf_attr_id id)
{
	for (unsigned i = 0; i < index; i++)
		if (j->want->vfs[i].from[id] == j->want->vfs[index].from[id] &&
			vf_has(&j->want->vfs[i].attrs, id))
			return true;
	return false;
}

/* What the driver needs and the PF does not have, in words; NULL: nothing that is known. */
static const char *missing(const struct judge *j, enum vf_attr_id id)
{
	const struct driver_cell *cell = &j->driver->attrs[id];

	if (!j->netdev || !(cell->needs & (DRIVER_NEEDS_UP | DRIVER_NEEDS_CARRIER)))
		return NULL;
	if (!j->netdev->up && j->want->up != TRI_ON)
		return "the PF's interface up, which it is not, and \"up\": false leaves it so";
	if (j->netdev->up && !j->netdev->carrier && cell->needs & DRIVER_NEEDS_CARRIER)
		return "link on the PF, and there is none now";
	return NULL;
}

/* Whether the PF is to be in switchdev mode, or stays in it, where the driver does not do ID. */
static bool is_beyond_switchdev(const struct judge *j, enum vf_attr_id id)
{
	const struct pfset_value *mode = pfset_find(&j->entry->settings, PFSET_ESWITCH, "");

	if (!(j->driver->attrs[id].needs & DRIVER_NEEDS_LEGACY))
		return false;
	return mode ? mode->n != 0 : j->pf->settings.eswitch == ESWITCH_SWITCHDEV;
}

static void judge_attr(struct judge *j, unsigned index, enum vf_attr_id id)
{
	const struct want_vf *vf = &j->want->vfs[index];
	struct place at = want_place(j->entry, vf, id);
	_cleanup_(buf_done) struct buf b = { 0 };
	enum driver_verdict verdict;
	const char *lacks;

	/* Of its vectors the PF itself tells, see want_check_attrs(). */
	if (has_it(j, index, id) || was_told(j, index, id) ||
		(id == VF_MSIX && j->pf->vf_msix >= 0))
		return;
	buf_addf(&b, "vf %u: ", index);
	verdict = driver_judge(j->driver, j->dev->device, id, vf->attrs.v[id], &b);
	lacks = missing(j, id);
	if (verdict == DRIVER_FINE && is_beyond_switchdev(j, id) &&
		!driver_is_rest(j->driver, id, vf->attrs.v[id])) {
		verdict = DRIVER_CANNOT;
		buf_addf(&b, "%s does not do %s in switchdev mode: remove it", j->driver->name,
			vf_attr(id)->key);
	}
	if (verdict == DRIVER_CANNOT)
		complain(j, at, buf_text(&b));
	else if (verdict == DRIVER_UNSURE)
		warn(j, at, buf_text(&b));
	else if (lacks && !driver_is_rest(j->driver, id, vf->attrs.v[id])) {
		buf_addf(&b, "for %s, %s needs %s", vf_attr(id)->key, j->driver->name, lacks);
		warn(j, at, buf_text(&b));
	}
}

static void judge_count(struct judge *j)
{
	const struct driver *d = j->driver;
	_cleanup_(buf_done) struct buf b = { 0 };

	if (!j->want->counted || j->want->n_vfs == j->pf->n_vfs)
		return;
	if (d->count == DRIVER_COUNT_FIXED)
		buf_addf(&b,
			"%s makes no VFs on demand; how many there are is up to %s: remove vfs",
			d->name, d->count_note);
	else if (d->count == DRIVER_COUNT_ALL && j->want->n_vfs != 0 &&
		 j->want->n_vfs != j->pf->total_vfs)
		buf_addf(&b, "%s makes all its %u VFs or none: let vfs be \"max\"", d->name,
			j->pf->total_vfs);
	if (b.len)
		complain(j, j->entry->vfs_at, buf_text(&b));
	else if (d->count_needs_up && j->netdev && !j->netdev->up && j->want->up != TRI_ON) {
		buf_addf(&b,
			"%s makes VFs only while the PF's interface is up, which it is not, and "
			"\"up\": false leaves it so",
			d->name);
		warn(j, j->entry->vfs_at, buf_text(&b));
	}
}

/* That no MAC is wanted is the policy's word, or only the driver's. */
static void judge_no_mac(const struct judge *j)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (!j->netdev || !j->netdev->ethernet || !j->want->n_vfs ||
		driver_cell(j->driver, j->dev->device, VF_MAC).takes != DRIVER_NO)
		return;
	for (unsigned i = 0; i < j->want->n_vfs; i++)
		if (j->want->vfs[i].from[VF_MAC])
			return;
	buf_addf(&b, "%s does not implement mac: its VFs keep the addresses that they come with",
		j->driver->name);
	warn(j, j->entry->place, buf_text(&b));
}

/* The first attribute that the policy asks of a driver, and where; _VF_ATTR_MAX: none. */
static enum vf_attr_id first_asked(const struct want_pf *pf, struct place *ret_at)
{
	for (unsigned i = 0; i < pf->n_vfs; i++)
		for (unsigned id = 0; id < _VF_ATTR_MAX; id++) {
			const struct want_vf *vf = &pf->vfs[i];

			if (!vf_attr_is_on_host((enum vf_attr_id)id) || !vf->from[id] ||
				!vf_has(&vf->attrs, (enum vf_attr_id)id))
				continue;
			*ret_at = vf->from[id]->at[id];
			return (enum vf_attr_id)id;
		}
	return _VF_ATTR_MAX;
}

static void tell_unknown(const struct judge *j)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct place at;

	if (first_asked(j->want, &at) == _VF_ATTR_MAX)
		return;
	buf_addf(&b,
		"it is not known what the driver %s accepts, so all is tried that the policy asks "
		"of it",
		j->dev->driver);
	warn(j, at, buf_text(&b));
}

static void judge_pf(struct judge *j)
{
	if (!j->driver) {
		tell_unknown(j);
		return;
	}
	judge_count(j);
	judge_no_mac(j);
	for (unsigned i = 0; i < j->want->n_vfs; i++)
		for (unsigned id = 0; id < _VF_ATTR_MAX; id++)
			if (vf_attr_is_on_host((enum vf_attr_id)id) &&
				vf_has(&j->want->vfs[i].attrs, (enum vf_attr_id)id))
				judge_attr(j, i, (enum vf_attr_id)id);
}

void want_check_drivers(
	struct want *w, const struct policy *p, const struct inventory *inv, struct diag *d)
{
	size_t i = 0;

	while (i < w->n_pfs) {
		const struct want_pf *want = &w->pfs[i];
		const struct pf *pf = &inv->pfs[want->pf];
		const struct dev *dev = inventory_pf_dev(inv, pf);
		struct judge j = { .want = want,
			.entry = &p->pfs[want->entry],
			.pf = pf,
			.dev = dev,
			.netdev = inventory_pf_netdev(inv, pf),
			.driver = driver_find(dev->driver),
			.errors = d,
			.notes = &w->notes };

		judge_pf(&j);
		if (j.bad)
			want_drop_pf(w, want->pf);
		else
			i++;
	}
}
