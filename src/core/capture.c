/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running host as a policy. */
#include <string.h>

#include "core/automac.h"
#include "core/capture.h"

/* Each Ethernet interface begins with it. */
#define USUAL_MTU 1500

struct capturer {
	const struct inventory *inv;
	const struct pf *pf;
	const struct dev *dev;
	const struct netdev *netdev; /* NULL: none */
	struct mem_pool *pool;
	struct diag *notes;
};

static void note(const struct capturer *c, const char *text)
{
	struct place place = { .file = mem_intern(c->pool, pciaddr_text(c->dev->addr).s),
		.pointer = "" };

	diag_add(c->notes, place, -1, "%s", text);
}

static bool is_nic(const struct capturer *c)
{
	return c->dev->class_code >> 16 == PCI_CLASS_NETWORK;
}

/* Whether a line of our file F has both words. */
static bool file_has(const struct capturer *c, enum genfile f, const char *a, const char *b)
{
	const char *text = c->inv->files[f].text;

	while (text && *text) {
		size_t len = strcspn(text, "\n");
		const char *has_a = strstr(text, a), *has_b = strstr(text, b);

		if (has_a && has_b && has_a < text + len && has_b < text + len)
			return genfile_is_ours(c->inv->files[f].text);
		text += len + (text[len] == '\n');
	}
	return false;
}

static void quoted(struct buf *b, const char *before, const char *value)
{
	buf_addf(b, "%s\"%s\"", before, value);
}

/* Whether our udev rules give the interface of D its name. */
static bool named_by_us(const struct capturer *c, const struct dev *d, const char *name)
{
	_cleanup_(buf_done) struct buf kernels = { 0 }, assignment = { 0 };

	quoted(&kernels, "KERNELS==", pciaddr_text(d->addr).s);
	quoted(&assignment, " NAME=", name);
	return file_has(c, GENFILE_UDEV, buf_text(&kernels), buf_text(&assignment));
}

/*
 * Whether our udev rules keep the host's managers off the VF D: those of its PF do, for all VFs but
 * those that are managed, each of which jumps over them (render/isolation-udev.c).
 */
static bool kept_off_by_us(const struct capturer *c, const struct dev *d)
{
	_cleanup_(buf_done) struct buf pf = { 0 }, kernels = { 0 };

	buf_addf(&pf, "PCI_SLOT_NAME=%s*", pciaddr_text(c->dev->addr).s);
	quoted(&kernels, "KERNELS==", pciaddr_text(d->addr).s);
	return file_has(c, GENFILE_UDEV, buf_text(&pf), "SRIOVCTL_UNMANAGED") &&
	       !file_has(c, GENFILE_UDEV, buf_text(&kernels), "GOTO=\"sriovctl_end\"");
}

/* The interface of a VF: who has it, and what it is called. */
static void capture_netdev(const struct capturer *c, const struct dev *d, struct vf_attrs *ret)
{
	const char *name = d->netdev < 0 ? NULL : c->inv->netdevs[d->netdev].name;

	if (!is_nic(c) || !d->driver || strstr(d->driver, "vfio"))
		return;
	if (!kept_off_by_us(c, d))
		vf_set_n(ret, VF_MANAGED, 1);
	if (name && named_by_us(c, d, name))
		vf_set_s(ret, VF_NAME, name);
}

static void capture_driver(const struct capturer *c, const struct dev *d, struct vf_attrs *ret)
{
	const char *host = c->pf->host_driver;

	if (!d->driver)
		vf_set_s(ret, VF_DRIVER, VF_DRIVER_NONE);
	else if (host && strcmp(d->driver, host) == 0)
		vf_set_s(ret, VF_DRIVER, VF_DRIVER_HOST);
	else
		vf_set_s(ret, VF_DRIVER, d->driver);
}

/* "auto" is what a policy means without any; a VF without an address is to stay so. */
static void capture_mac(const struct capturer *c, const struct vf *vf, struct vf_attrs *ret)
{
	macaddr mac = vf->attrs.v[VF_MAC].n;

	if (!vf_has(&vf->attrs, VF_MAC) || !macaddr_is_usable(mac))
		vf_set_n(ret, VF_MAC, VF_MAC_KEEP);
	else if (!c->netdev || !c->netdev->has_perm_mac ||
		 automac(c->netdev->perm_mac, vf->index) != mac)
		vf_set_n(ret, VF_MAC, mac);
}

/*
 * Zero is what each VF begins with, whatever the driver: no VLAN, no limit, link as the PF's, no
 * trust. Not so spoofchk, which some drivers switch on and some off (kernel-facts §4.3).
 */
static void capture_attr(const struct vf *vf, enum vf_attr_id id, struct vf_attrs *ret)
{
	if (!vf_has(&vf->attrs, id) || (vf->attrs.v[id].n == 0 && id != VF_SPOOFCHK))
		return;
	vf_set_n(ret, id, vf->attrs.v[id].n);
}

/* Whether a policy can say it of this PF: not what only the driver's choice is known of. */
static bool is_captured(const struct capturer *c, enum vf_attr_id id)
{
	return vf_attr(id)->way == VF_BY_NETLINK || vf_attr(id)->way == VF_BY_NVME ||
	       inventory_has_file(c->pf, id);
}

static void capture_vf(const struct capturer *c, const struct vf *vf, struct vf_attrs *ret)
{
	const struct dev *d = &c->inv->devs[vf->dev];

	*ret = (struct vf_attrs){ 0 };
	if (is_nic(c))
		capture_mac(c, vf, ret);
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
		if (is_captured(c, id) && id != VF_MAC)
			capture_attr(vf, id, ret);
	capture_driver(c, d, ret);
	capture_netdev(c, d, ret);
}

/* How many of the N VFs have VALUE. */
static size_t count(const struct vf_attrs *vfs, size_t n, enum vf_attr_id id, union vf_value value)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += vf_has(&vfs[i], id) && vf_value_equal(id, vfs[i].v[id], value);
	return found;
}

/*
 * Whether ID may be a default of the PF: all VFs have it, for a default cannot be taken back, and
 * it is nothing that only one of them can have, as an address is or a name.
 */
static bool may_be_default(const struct vf_attrs *vfs, size_t n, enum vf_attr_id id)
{
	for (size_t i = 0; i < n; i++)
		if (!vf_has(&vfs[i], id) || id == VF_NAME ||
			(id == VF_MAC && vfs[i].v[id].n < VF_MAC_AUTO))
			return false;
	return n > 0;
}

/* The value that most VFs have; not looked for to the end once half of them have it. */
static union vf_value most_frequent(const struct vf_attrs *vfs, size_t n, enum vf_attr_id id)
{
	size_t best = 0, best_n = count(vfs, n, id, vfs[0].v[id]);

	for (size_t i = 1; i < n && best_n * 2 < n; i++) {
		size_t same = count(vfs, n, id, vfs[i].v[id]);

		if (same > best_n) {
			best = i;
			best_n = same;
		}
	}
	return vfs[best].v[id];
}

/* Moves what most of the N VFs have to the defaults. */
static void find_default(
	struct captured_pf *out, struct vf_attrs *vfs, size_t n, enum vf_attr_id id)
{
	union vf_value value;

	if (!may_be_default(vfs, n, id))
		return;
	value = most_frequent(vfs, n, id);
	out->defaults.set |= UINT32_C(1) << id;
	out->defaults.v[id] = value;
	for (size_t i = 0; i < n; i++)
		if (vf_value_equal(id, vfs[i].v[id], value))
			vfs[i].set &= ~(UINT32_C(1) << id);
}

static bool attrs_equal(const struct vf_attrs *a, const struct vf_attrs *b)
{
	if (a->set != b->set)
		return false;
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
		if (vf_has(a, id) && !vf_value_equal(id, a->v[id], b->v[id]))
			return false;
	return true;
}

/* Puts neighbours of which the same is to be said together. */
static void add_ranges(struct captured_pf *out, const struct pf *pf, const struct vf_attrs *vfs)
{
	for (size_t i = 0; i < pf->n_vfs; i++) {
		struct captured_vfs *last = out->n_vfs ? &out->vfs[out->n_vfs - 1] : NULL;
		unsigned index = pf->vfs[i].index;

		if (!vfs[i].set)
			continue;
		if (last && last->last + 1 == index && attrs_equal(&last->attrs, &vfs[i])) {
			last->last = index;
			continue;
		}
		out->vfs = mem_grow(out->vfs, out->n_vfs, sizeof(*out->vfs));
		out->vfs[out->n_vfs++] = (struct captured_vfs){ index, index, vfs[i] };
	}
}

static void capture_pf(const struct capturer *c, struct captured_pf *out)
{
	_cleanup_free_ struct vf_attrs *vfs = mem_new(c->pf->n_vfs, sizeof(*vfs));
	size_t n = c->pf->n_vfs;

	out->n = (unsigned)n;
	out->down = c->netdev && !c->netdev->up;
	out->no_autoprobe = !c->pf->autoprobe && inventory_is_pci(c->inv, c->pf);
	if (c->netdev && c->netdev->ethernet && c->netdev->mtu != USUAL_MTU &&
		c->netdev->mtu >= pfset(PFSET_MTU)->min && c->netdev->mtu <= pfset(PFSET_MTU)->max)
		out->mtu = c->netdev->mtu;
	if (is_nic(c) && !c->pf->has_vf_attrs)
		note(c, "what its VFs' MACs, VLANs and limits are is not known: the policy leaves "
			"them as they are (\"mac\": \"keep\")");
	for (size_t i = 0; i < n; i++)
		capture_vf(c, &c->pf->vfs[i], &vfs[i]);
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
		find_default(out, vfs, n, id);
	add_ranges(out, c->pf, vfs);
}

struct capture *capture_make(
	const struct inventory *inv, const bool *chosen, struct mem_pool *pool, struct diag *notes)
{
	struct capture *c = mem_new(1, sizeof(*c));

	c->pfs = mem_new(inv->n_pfs, sizeof(*c->pfs));
	for (size_t i = 0; i < inv->n_pfs; i++) {
		struct capturer capturer = { .inv = inv,
			.pf = &inv->pfs[i],
			.dev = inventory_pf_dev(inv, &inv->pfs[i]),
			.netdev = inventory_pf_netdev(inv, &inv->pfs[i]),
			.pool = pool,
			.notes = notes };

		if (!inv->pfs[i].n_vfs || (chosen && !chosen[i]))
			continue;
		c->pfs[c->n_pfs].pf = (int)i;
		capture_pf(&capturer, &c->pfs[c->n_pfs++]);
	}
	return c;
}

void capture_free(struct capture *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n_pfs; i++)
		free(c->pfs[i].vfs);
	free(c->pfs);
	free(c);
}
