/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration of FreeBSD's iovctl(8) as the entry of a policy. */
#include <errno.h>

#include "core/iovctl-file.h"
#include "core/iovctl.h"

/* What no two VFs have. */
static const struct {
	enum iov_key key;
	enum vf_attr_id attr;
	const char *what;
} own[] = {
	{ IOV_MAC, VF_MAC, "an address" },
	{ IOV_NODE_GUID, VF_NODE_GUID, "a GUID" },
	{ IOV_PORT_GUID, VF_PORT_GUID, "a GUID" },
};

/* What holds for a VF with the section S. */
static bool effective(const struct iov_file *f, const struct iov_section *s, enum iov_key key)
{
	if (s->has[key])
		return s->v[key];
	return f->defaults.has[key] && f->defaults.v[key];
}

/* Sets `trust` if S says anything about it: one key for what there are several for on FreeBSD. */
static void translate_trust(const struct iov_file *f, const struct iov_section *s,
	struct vf_attrs *ret, struct diag *notes)
{
	bool set_mac = effective(f, s, IOV_SET_MAC), promisc = effective(f, s, IOV_PROMISC);
	enum iov_key key = set_mac ? IOV_SET_MAC : IOV_PROMISC;

	if (!s->has[IOV_SET_MAC] && !s->has[IOV_PROMISC] && !s->has[IOV_TRUST])
		return;
	vf_set_n(ret, VF_TRUST, set_mac || promisc || effective(f, s, IOV_TRUST));
	if (set_mac != promisc && s->has[key])
		diag_add(notes, s->at[key], -1,
			"is \"trust\": true here, which lets a VF %s as well",
			set_mac ? "see what is for others" : "change its address");
}

/* What S says. An address of all VFs is none, and neither is a GUID. */
static void translate(const struct iov_file *f, const struct iov_section *s, struct vf_attrs *ret,
	struct diag *notes)
{
	for (size_t i = 0; i < ARRAY_SIZE(own) && s != &f->defaults; i++)
		if (s->has[own[i].key])
			vf_set_n(ret, own[i].attr, s->v[own[i].key]);
	if (s->has[IOV_VLAN])
		vf_set_n(ret, VF_VLAN, vlan_pack((unsigned)s->v[IOV_VLAN], 0, VLAN_PROTO_8021Q));
	if (s->has[IOV_ANTI_SPOOF])
		vf_set_n(ret, VF_SPOOFCHK, s->v[IOV_ANTI_SPOOF]);
	translate_trust(f, s, ret, notes);
	if (s->has[IOV_PASSTHROUGH])
		vf_set_s(ret, VF_DRIVER, s->v[IOV_PASSTHROUGH] ? VF_DRIVER_VFIO : VF_DRIVER_HOST);
}

/* What is otherwise here than a user of FreeBSD may expect, of all VFs. */
static void note_defaults(const struct iov_file *f, struct diag *notes)
{
	size_t macs = 0, guests = 0;

	for (size_t i = 0; i < f->n_vf; i++) {
		macs += f->vf[i].has[IOV_MAC];
		guests += effective(f, &f->vf[i], IOV_PASSTHROUGH);
	}
	if (f->defaults.v[IOV_PASSTHROUGH])
		guests += f->vfs - f->n_vf;
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (f->defaults.has[own[i].key])
			diag_add(notes, f->defaults.at[own[i].key], -1,
				"is left out: %s can only be that of one VF", own[i].what);
	if (macs < f->vfs)
		diag_add(notes, f->pf, -1,
			"a VF without mac-addr chooses its address on FreeBSD; here it gets one "
			"that stays the same (\"mac\": \"auto\")");
	if (guests < f->vfs)
		diag_add(notes, f->pf, -1,
			"VFs that stay with the host are kept from its network managers; "
			"\"managed\": true leaves them to these");
}

static void make_entry(const struct iov_file *f, struct captured_pf *pf, struct diag *notes)
{
	pf->n = f->vfs;
	pf->description = f->device;
	vf_set_s(&pf->defaults, VF_DRIVER, VF_DRIVER_HOST);
	translate(f, &f->defaults, &pf->defaults, notes);
	pf->vfs = mem_new(f->n_vf, sizeof(*pf->vfs));
	for (size_t i = 0; i < f->n_vf; i++) {
		struct captured_vfs *vf = &pf->vfs[pf->n_vfs];

		vf->first = vf->last = f->vf[i].index;
		translate(f, &f->vf[i], &vf->attrs, notes);
		pf->n_vfs += vf->attrs.set != 0;
	}
	note_defaults(f, notes);
}

int iovctl_parse(const char *name, const char *text, size_t len, struct mem_pool *strings,
	struct iovctl *ret, struct diag *d, struct diag *notes)
{
	_cleanup_(iov_file_done) struct iov_file f = { 0 };
	size_t before = d->n;

	*ret = (struct iovctl){ .pf = { .pf = -1 } };
	iov_file_read(name, text, len, strings, &f, d, notes);
	if (d->n > before)
		return -EINVAL;
	ret->device = f.device;
	ret->device_at = f.device_at;
	make_entry(&f, &ret->pf, notes);
	return 0;
}

void iovctl_done(struct iovctl *f)
{
	free(f->pf.vfs);
	*f = (struct iovctl){ 0 };
}
