/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan: what has to change, decided completely before anything does. */
#include <string.h>

#include "base/str.h"
#include "core/attr-steps.h"
#include "core/plan-settings.h"
#include "core/plan.h"

/* What the functions below share while the steps of one PF are found. */
struct planner {
	struct plan *plan;
	struct plan_pf *out;
	const struct inventory *inv;
	const struct pf *pf;
	const struct want_pf *want;
	bool create; /* the VFs that there are (if any) go, and new ones come */
};

/* A VF as it is when its steps are found: NULLs and nothing set when it is yet to be created. */
struct vf_now {
	const struct vf *vf;
	const char *driver, *override;
	const char *netdev; /* of its interface */
	bool netdev_away;   /* in a container: it has the name that it was given there */
};

static union vf_value number(uint64_t n)
{
	return (union vf_value){ .n = n };
}

static union vf_value text(const char *s)
{
	return (union vf_value){ .s = s };
}

static struct step *emit(const struct planner *p, struct step s)
{
	struct plan_pf *out = p->out;

	out->steps = mem_grow(out->steps, out->n_steps, sizeof(*out->steps));
	out->steps[out->n_steps] = s;
	return &out->steps[out->n_steps++];
}

/* "vf 3 (0000:01:10.6): open in …", or NULL when the VF is idle. */
static const char *used_text(const struct planner *p, const struct vf *vf)
{
	_cleanup_(buf_done) struct buf b = { 0 }, why = { 0 };

	if (!inventory_vf_used(p->inv, vf, &why))
		return NULL;
	buf_addf(&b, "vf %u (%s) is in use: %s", vf->index,
		pciaddr_text(p->inv->devs[vf->dev].addr).s, buf_text(&why));
	return mem_intern(p->plan->strings, buf_text(&b));
}

/* Marks a step that takes an existing VF off its user. */
static void mark_reset(const struct planner *p, struct step *s, const struct vf_now *now)
{
	if (!now->vf)
		return;
	s->effect = STEP_RESETS_VF;
	s->used = used_text(p, now->vf);
}

/*
 * Without VFs it is nobody's business here; with them, a PF that is down gives guests random MACs
 * (§12). It is raised for the VFs, not to give the host an address on their network: with one from
 * a router advertisement, NetworkManager takes the interface for configured by somebody else and
 * leaves the host's uplink without DHCP (seen in 3 of 5 boots). Who configures the interface sets
 * it anew.
 */
static void plan_up(const struct planner *p)
{
	const struct netdev *n = inventory_pf_netdev(p->inv, p->pf);

	if (!n || n->up || p->want->up != TRI_ON || !p->want->n_vfs)
		return;
	if (n->accept_ra > 0)
		emit(p, step_make(STEP_PF_RA, -1, number((uint64_t)n->accept_ra), number(0)));
	emit(p, step_make(STEP_PF_UP, -1, number(0), number(1)));
}

/* The way back: as it was before the interface was raised. */
static void plan_ra(const struct planner *p)
{
	const struct netdev *n = inventory_pf_netdev(p->inv, p->pf);

	if (n && p->want->has_ra && n->accept_ra >= 0 && (unsigned)n->accept_ra != p->want->ra)
		emit(p, step_make(STEP_PF_RA, -1, number((uint64_t)n->accept_ra),
				number(p->want->ra)));
}

/* Whether a driver could take VFs while the steps so far are done: VFs come, or drivers are loaded.
 */
static bool invites_drivers(const struct planner *p)
{
	for (size_t i = 0; i < p->out->n_steps; i++) {
		enum step_kind kind = p->out->steps[i].kind;

		if (kind == STEP_VFS_CREATE || kind == STEP_LOAD_DRIVER || kind == STEP_VF_BIND)
			return true;
	}
	return false;
}

/*
 * Autoprobe is off while VFs are created and drivers are loaded, so that no host driver ever sees a
 * guest's VF, and on again when all are bound: with it off, Proxmox's own way to take a VF fails
 * (kernel-facts §1.5).
 */
static void plan_autoprobe(const struct planner *p)
{
	uint64_t before = p->pf->autoprobe;
	uint64_t after = p->want->autoprobe == TRI_UNSET ? before : p->want->autoprobe == TRI_ON;
	uint64_t during = invites_drivers(p) || !after ? 0 : before;

	if (before && !during)
		emit(p, step_make(STEP_AUTOPROBE, -1, number(1), number(0)));
	if (during != after)
		step_delay(emit(p, step_make(STEP_AUTOPROBE, -1, number(during), number(after))));
}

/* All VFs that are in use, joined: whoever reads the refusal wants to know each of them. */
static const char *all_used(const struct planner *p)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	for (size_t i = 0; i < p->pf->n_vfs; i++) {
		const char *used = used_text(p, &p->pf->vfs[i]);

		if (used)
			buf_addf(&b, "%s%s", b.len ? "; " : "", used);
	}
	return b.len ? mem_intern(p->plan->strings, buf_text(&b)) : NULL;
}

static void plan_count(const struct planner *p)
{
	if (!p->create)
		return;
	if (p->pf->n_vfs) {
		struct step *s = emit(
			p, step_make(STEP_VFS_REMOVE, -1, number(p->pf->n_vfs), number(0)));

		s->effect = STEP_DESTROYS_VFS;
		s->used = all_used(p);
	}
	if (p->want->n_vfs)
		emit(p, step_make(STEP_VFS_CREATE, -1, number(0), number(p->want->n_vfs)));
}

static void plan_set(const struct planner *p)
{
	_cleanup_free_ struct step *steps = mem_new(p->want->settings.n, sizeof(*steps));
	size_t n = plan_settings(p->want, p->inv, p->create, steps);

	for (size_t i = 0; i < n; i++) {
		if (steps[i].effect == STEP_RESETS_VF)
			steps[i].used = all_used(p);
		emit(p, steps[i]);
	}
}

static void plan_attrs(
	const struct planner *p, const struct vf_now *now, const struct vf_attrs *want, int vf)
{
	struct step steps[ATTR_STEPS_MAX];
	size_t n = attr_steps(now->vf ? &now->vf->attrs : NULL, want, vf, steps);

	for (size_t i = 0; i < n; i++) {
		struct step *s = emit(p, steps[i]);

		if (vf_attr(s->attr)->resets)
			mark_reset(p, s, now);
	}
}

/* Whether a netlink step in these attributes changes the MAC under a host driver's feet. */
static bool mac_changes(const struct vf_now *now, const struct vf_attrs *want)
{
	const struct vf_attrs *have = now->vf ? &now->vf->attrs : NULL;

	return vf_has(want, VF_MAC) && have && vf_has(have, VF_MAC) &&
	       have->v[VF_MAC].n != want->v[VF_MAC].n;
}

/* Whether one of the steps for VF, the last ones so far, needs that no driver has it. */
static bool needs_unbound(const struct planner *p, int vf)
{
	const struct plan_pf *out = p->out;

	for (size_t i = out->n_steps; i-- > 0 && out->steps[i].vf == vf;)
		if (out->steps[i].kind == STEP_VF_ATTR && vf_attr(out->steps[i].attr)->unbound)
			return true;
	return false;
}

/*
 * Adds the step from the override NOW to AFTER (NULL: none) unless they are the same; returns it,
 * or NULL.
 */
static struct step *plan_override(
	const struct planner *p, const char *now, int vf, const char *after)
{
	if (str_is(now, after))
		return NULL;
	return emit(p, step_make(STEP_VF_OVERRIDE, vf, text(now), text(after)));
}

/*
 * The override is to be AFTER, whatever the driver. Binding takes a pin all the same, for autoprobe
 * is off by then (kernel-facts §1.5); what it is to be comes behind it.
 */
static void plan_unpinned(const struct planner *p, const struct vf_now *now, int vf,
	const char *bind, const char *after)
{
	struct step *s;

	if (bind)
		plan_override(p, now->override, vf, bind);
	s = plan_override(p, bind ? bind : now->override, vf, after);
	if (s && bind)
		s->order = 2;
}

static void plan_unbind(const struct planner *p, const struct vf_now *now, int vf)
{
	mark_reset(p, emit(p, step_make(STEP_VF_UNBIND, vf, text(now->driver), text(NULL))), now);
}

/*
 * Whether a VF stays without a pin: it is the host's altogether, and is as the kernel made it. So
 * there is nothing to do on a host that is as `capture` found it.
 */
static bool may_stay(
	const struct planner *p, const struct vf_now *now, const struct vf_attrs *want, bool bound)
{
	return bound && !now->override && want_is_hosts(want, p->pf);
}

/*
 * The driver, pinned by driver_override: host VFs too, because the IDs that Proxmox writes to
 * vfio-pci's new_id would let vfio-pci take them at the next probe (kernel-facts §3.1).
 */
static void plan_driver(
	const struct planner *p, const struct vf_now *now, const struct want_vf *want_vf, int vf)
{
	const struct vf_attrs *want = &want_vf->attrs;
	const char *kept = now->driver ? now->driver : want_vf->rebind;
	const char *driver = vf_has(want, VF_DRIVER) ? want->v[VF_DRIVER].s : kept;
	bool none = !driver || strcmp(driver, VF_DRIVER_NONE) == 0;
	bool bound = driver && now->driver && strcmp(now->driver, driver) == 0;
	/* A host driver keeps the old MAC until it is bound again (kernel-facts §5.2). */
	bool stale = bound && !strstr(driver, "vfio") && mac_changes(now, want);
	bool again = stale || (bound && needs_unbound(p, vf));
	bool bind = !none && (!bound || again);

	if (now->driver && (!bound || again))
		plan_unbind(p, now, vf);
	if (want_vf->unpinned)
		plan_unpinned(p, now, vf, bind ? driver : NULL, want_vf->override);
	else if (bind || (vf_has(want, VF_DRIVER) && !may_stay(p, now, want, bound)))
		plan_override(p, now->override, vf, none ? NULL : driver);
	if (bind)
		emit(p, step_make(STEP_VF_BIND, vf, text(NULL), text(driver)));
}

/* Who gets a driver gets an interface, which udev then names; the step makes sure that it did. */
static void plan_name(
	const struct planner *p, const struct vf_now *now, const struct vf_attrs *want, int vf)
{
	const char *name = now->netdev;
	bool bound = false;
	struct step *s;

	if (!vf_has(want, VF_NAME))
		return;
	for (size_t i = 0; i < p->out->n_steps; i++)
		bound |= p->out->steps[i].kind == STEP_VF_BIND && p->out->steps[i].vf == vf;
	if (!bound && (now->netdev_away || (name && strcmp(name, want->v[VF_NAME].s) == 0)))
		return;
	s = emit(p, step_make(STEP_VF_NAME, vf, text(name), want->v[VF_NAME]));
	if (!bound)
		mark_reset(p, s, now);
}

static struct vf_now vf_now(const struct planner *p, unsigned index)
{
	struct vf_now now = { 0 };
	const struct dev *d;

	if (!p->create)
		now.vf = inventory_vf(p->pf, index);
	if (!now.vf)
		return now;
	d = &p->inv->devs[now.vf->dev];
	now.driver = d->driver;
	now.override = d->override;
	now.netdev = d->netdev < 0 ? NULL : p->inv->netdevs[d->netdev].name;
	now.netdev_away = d->netdev_away;
	return now;
}

static void plan_vf(const struct planner *p, unsigned index)
{
	const struct vf_attrs *want = &p->want->vfs[index].attrs;
	struct vf_now now = vf_now(p, index);

	plan_attrs(p, &now, want, (int)index);
	plan_driver(p, &now, &p->want->vfs[index], (int)index);
	plan_name(p, &now, want, (int)index);
}

/* Adds the load of DRIVER unless it is registered or planned already. */
static void plan_load(const struct planner *p, const char *driver)
{
	if (inventory_has_driver(p->inv, driver))
		return;
	for (size_t i = 0; i < p->out->n_steps; i++)
		if (p->out->steps[i].kind == STEP_LOAD_DRIVER &&
			strcmp(p->out->steps[i].after.s, driver) == 0)
			return;
	emit(p, step_make(STEP_LOAD_DRIVER, -1, text(NULL), text(driver)));
}

/* Whether a VF that is created is left without a driver. */
static bool leaves_unbound(const struct planner *p)
{
	for (unsigned i = 0; p->create && i < p->want->n_vfs; i++) {
		const struct vf_attrs *a = &p->want->vfs[i].attrs;

		if (!vf_has(a, VF_DRIVER) || strcmp(a->v[VF_DRIVER].s, VF_DRIVER_NONE) == 0)
			return true;
	}
	return false;
}

/*
 * Modules are loaded once per driver, before the VFs that need them exist. Where VFs are left
 * without a driver, that of the host is loaded as well: udev does it anyhow, for the VFs' modalias,
 * and a driver that registers after autoprobe is on again takes every VF that has none.
 */
static void plan_modules(const struct planner *p)
{
	size_t n = p->out->n_steps;

	for (size_t i = 0; i < n; i++)
		if (p->out->steps[i].kind == STEP_VF_BIND)
			plan_load(p, p->out->steps[i].after.s);
	if (leaves_unbound(p) && p->pf->host_driver)
		plan_load(p, p->pf->host_driver);
}

static int cmp_steps(const void *a, const void *b)
{
	return step_cmp(a, b);
}

static void plan_pf(struct plan *plan, const struct want_pf *want, const struct inventory *inv)
{
	const struct pf *pf = &inv->pfs[want->pf];
	const struct dev *d = inventory_pf_dev(inv, pf);
	const struct netdev *n = inventory_pf_netdev(inv, pf);
	struct plan_pf *out = &plan->pfs[plan->n_pfs++];
	struct planner p = { plan, out, inv, pf, want,
		(want->counted && want->n_vfs != pf->n_vfs) || plan_settings_remakes(want, inv) };

	*out = (struct plan_pf){ .addr = d->addr,
		.ifindex = n ? n->ifindex : 0,
		.netdev = n ? n->name : NULL,
		.driver = d->driver,
		.entry = want->entry,
		.inv = inv,
		.pf = want->pf,
		.dev = (size_t)pf->dev };
	plan_up(&p);
	plan_ra(&p);
	plan_set(&p);
	plan_count(&p);
	for (unsigned i = 0; i < want->n_vfs; i++)
		plan_vf(&p, i);
	plan_modules(&p);
	plan_autoprobe(&p);
	if (out->n_steps)
		qsort(out->steps, out->n_steps, sizeof(*out->steps), cmp_steps);
}

struct plan *plan_make(const struct want *want, const struct inventory *inv)
{
	struct plan *plan = mem_new(1, sizeof(*plan));

	plan->strings = mem_pool_new();
	plan->pfs = mem_new(want->n_pfs, sizeof(*plan->pfs));
	for (size_t i = 0; i < want->n_pfs; i++)
		plan_pf(plan, &want->pfs[i], inv);
	plan_devices(plan, want, inv);
	return plan;
}

void plan_free(struct plan *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_pfs; i++)
		free(p->pfs[i].steps);
	free(p->pfs);
	mem_pool_free(p->strings);
	free(p);
}

size_t plan_size(const struct plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_pfs; i++)
		n += p->pfs[i].n_steps;
	return n;
}
