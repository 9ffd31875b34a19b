/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes that a PF's VFs cannot have, each by itself or all together. */
#include "core/want.h"

/* What the functions below share. */
struct checker {
	const struct want_pf *want;
	const struct pf_policy *entry;
	const struct inventory *inv;
	const struct pf *pf;
	struct diag *diag;
};

/* Adds a problem with attribute ID, as the policy has it for VF. */
static void complain(const struct checker *c, const struct want_vf *vf, enum vf_attr_id id,
	const struct buf *text)
{
	diag_add(c->diag, want_place(c->entry, vf, id), (int)c->want->entry, "%s: %s",
		pciaddr_text(inventory_pf_dev(c->inv, c->pf)->addr).s, buf_text(text));
}

/* The devices that have an attribute, for people. */
static const char *kinds_name(unsigned kinds)
{
	static const struct {
		unsigned kinds;
		const char *name;
	} names[] = {
		{ VF_OF_ETHERNET, "Ethernet cards" },
		{ VF_OF_INFINIBAND, "InfiniBand cards" },
		{ VF_OF_NIC, "network cards" },
		{ VF_OF_NVME, "NVMe controllers" },
		{ VF_OF_GPU, "GPUs" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].kinds == kinds)
			return names[i].name;
	return "other devices";
}

/* Attributes that only other kinds of devices have: a MAC address of an NVMe controller's VF. */
static bool check_kind(const struct checker *c, const struct want_vf *vf)
{
	uint32_t class_code = inventory_pf_dev(c->inv, c->pf)->class_code;
	enum vf_kind kind = inventory_pf_kind(c->inv, c->pf);
	bool fine = true;

	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		if (!vf_has(&vf->attrs, id) || vf_attr_is_of(id, kind))
			continue;
		buf_addf(&b, "%s is for %s, and this is one of class %06x (%s)", vf_attr(id)->key,
			kinds_name(vf_attr(id)->kinds), class_code,
			kind == VF_OF_INFINIBAND ? "infiniband" : inventory_class_name(class_code));
		complain(c, vf, id, &b);
		fine = false;
	}
	return fine;
}

/* Attributes that are files of the PF's driver, which has them or not. */
static bool check_files(const struct checker *c, const struct want_vf *vf)
{
	const struct dev *d = inventory_pf_dev(c->inv, c->pf);
	bool fine = true;

	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		if (!vf_has(&vf->attrs, id) || !vf_attr(id)->pf_files[0] ||
			inventory_has_file(c->pf, id))
			continue;
		buf_addf(&b,
			"%s: its driver, %s, does not let it be set for VFs: there is no file %s "
			"(with the VF's number, from 1) that can be written",
			vf_attr(id)->key, d->driver ? d->driver : VF_DRIVER_NONE,
			vf_attr(id)->pf_files[0]);
		complain(c, vf, id, &b);
		fine = false;
	}
	return fine;
}

/* What VF number INDEX takes of what is shared out: what it is to have, else what it keeps. */
static uint64_t taken(const struct checker *c, enum vf_attr_id id, unsigned index)
{
	const struct vf_attrs *want = &c->want->vfs[index].attrs;
	bool anew = c->want->counted && c->want->n_vfs != c->pf->n_vfs;
	const struct vf *now = anew ? NULL : inventory_vf(c->pf, index);

	if (vf_has(want, id))
		return want->v[id].n;
	return now && vf_has(&now->attrs, id) ? now->attrs.v[id].n : 0;
}

/* The first VF that is to have the attribute, or NULL. */
static const struct want_vf *first_with(const struct want_pf *w, enum vf_attr_id id)
{
	for (unsigned i = 0; i < w->n_vfs; i++)
		if (vf_has(&w->vfs[i].attrs, id))
			return &w->vfs[i];
	return NULL;
}

/* What the VFs would have of ID together. */
static uint64_t sum_of(const struct checker *c, enum vf_attr_id id)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < c->want->n_vfs; i++)
		sum += taken(c, id, i);
	return sum;
}

static bool check_msix(const struct checker *c)
{
	const struct want_vf *first = first_with(c->want, VF_MSIX);
	uint64_t sum = sum_of(c, VF_MSIX);
	_cleanup_(buf_done) struct buf b = { 0 };
	int pool = c->pf->vf_msix;

	if (!first || pool < 0 || (pool > 0 && sum <= (uint64_t)pool))
		return true;
	if (pool == 0)
		buf_add(&b, "msix: its driver cannot give VFs a number of MSI-X vectors "
			    "(sriov_vf_total_msix is 0)");
	else
		buf_addf(&b,
			"msix: its VFs would have %llu MSI-X vectors together, and it has %d for "
			"them (sriov_vf_total_msix)",
			(unsigned long long)sum, pool);
	complain(c, first, VF_MSIX, &b);
	return false;
}

/* What is wrong with N resources of a VF, or NULL. */
static const char *pool_problem(const struct nvme_pool *pool, uint64_t n)
{
	if (pool->total == 0)
		return "the controller has none that can be moved";
	if (n > pool->most)
		return "more than one VF can have";
	return pool->step > 1 && n % pool->step ? "not a multiple of what they go by" : NULL;
}

static unsigned left_for_vfs(const struct nvme_pool *pool)
{
	return pool->primary < pool->total ? pool->total - pool->primary : 0;
}

/*
 * The PF keeps what it has over a restart, and gives it up only with a reset of its own, under its
 * own disks: that is left to the administrator.
 */
static void too_many(
	const struct checker *c, enum vf_attr_id id, const struct nvme_pool *pool, struct buf *b)
{
	buf_addf(b,
		"%s: its VFs would have %llu together, and there are %u for them: of %u that can "
		"be moved, the PF itself has %u",
		vf_attr(id)->key, (unsigned long long)sum_of(c, id), left_for_vfs(pool),
		pool->total, pool->primary);
	if (pool->primary)
		buf_addf(b,
			"; \"nvme virt-mgmt /dev/nvme… -c %u -r %d -a 1 -n 0\" and a reset of the "
			"PF "
			"make it give them up, see sriovctl-policy(5)",
			c->pf->nvme.id,
			id == VF_VQ_RESOURCES ? NVME_RESOURCE_VQ : NVME_RESOURCE_VI);
}

static bool check_pool(const struct checker *c, enum vf_attr_id id, const struct nvme_pool *pool)
{
	const struct want_vf *first = first_with(c->want, id);
	_cleanup_(buf_done) struct buf b = { 0 };

	if (!first || !c->pf->nvme.known)
		return true;
	for (unsigned i = 0; i < c->want->n_vfs; i++) {
		const struct want_vf *vf = &c->want->vfs[i];
		uint64_t n = vf_has(&vf->attrs, id) ? vf->attrs.v[id].n : 0;
		const char *problem = n ? pool_problem(pool, n) : NULL;

		if (!problem)
			continue;
		buf_addf(&b, "%s: %llu: %s (%u for each VF, by %u)", vf_attr(id)->key,
			(unsigned long long)n, problem, pool->most, pool->step ? pool->step : 1);
		complain(c, vf, id, &b);
		return false;
	}
	if (sum_of(c, id) <= left_for_vfs(pool))
		return true;
	too_many(c, id, pool, &b);
	complain(c, first, id, &b);
	return false;
}

bool want_check_attrs(const struct want_pf *w, const struct policy *p, const struct inventory *inv,
	struct diag *d)
{
	struct checker c = { w, &p->pfs[w->entry], inv, &inv->pfs[w->pf], d };

	/* One complaint for the first VF that cannot be is enough: the others say the same. */
	for (unsigned i = 0; i < w->n_vfs; i++)
		if (!check_kind(&c, &w->vfs[i]) || !check_files(&c, &w->vfs[i]))
			return false;
	return check_msix(&c) && check_pool(&c, VF_VQ_RESOURCES, &c.pf->nvme.vq) &&
	       check_pool(&c, VF_VI_RESOURCES, &c.pf->nvme.vi);
}
