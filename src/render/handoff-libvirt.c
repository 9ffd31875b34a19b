/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFs as XML of libvirt. */
#include <string.h>

#include "render/handoff-part.h"
#include "render/handoff.h"
#include "render/text.h"

/*
 * managed='no' throughout: otherwise libvirt gives the VF to the host's driver when the guest ends,
 * and undoes with it what the policy says.
 */
#define MANAGED "managed='no'"

static bool is_nic(const struct dev *d)
{
	return d->class_code >> 16 == PCI_CLASS_NETWORK;
}

/* Appends TEXT, which holds no control character, for a comment: "--" may not be in one. */
static void add_comment_text(struct buf *b, const char *text)
{
	for (; *text; text++)
		buf_addf(b, "%c%s", *text, text[0] == '-' && text[1] == '-' ? " " : "");
}

static void add_comment(struct buf *b, const char *text)
{
	buf_add(b, "<!-- ");
	add_comment_text(b, text);
	buf_add(b, " -->\n");
}

static void add_refusal(struct buf *b, const char *element, const char *why)
{
	buf_addf(b, "<!-- no <%s>: %s -->\n", element, why);
}

/* handoff_comments(), as comments of XML. */
static void add_comments(struct buf *b, const struct handoff *h, int i)
{
	_cleanup_(buf_done) struct buf lines = { 0 };
	const char *p;
	size_t n;

	handoff_comments(&lines, h, i, "", "");
	for (p = buf_text(&lines); *p; p += n + 1) {
		_cleanup_(buf_done) struct buf line = { 0 };

		n = strcspn(p, "\n");
		buf_addn(&line, p, n);
		add_comment(b, buf_text(&line));
	}
}

/* Appends the text with what XML sees more in than itself as references. */
static void add_text(struct buf *b, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			buf_add(b, "&amp;");
			break;
		case '<':
			buf_add(b, "&lt;");
			break;
		case '>':
			buf_add(b, "&gt;");
			break;
		default:
			buf_addn(b, text, 1);
		}
}

static void add_address(struct buf *b, const char *before, const struct dev *d)
{
	buf_addf(b, "%s domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n", before,
		d->addr.domain, d->addr.bus, d->addr.devfn >> 3, d->addr.devfn & 7u);
}

static bool add_hostdev(struct buf *b, const struct dev *d)
{
	buf_add(b, "<hostdev mode='subsystem' type='pci' " MANAGED ">\n  <source>\n");
	add_address(b, "    <address", d);
	buf_add(b, "  </source>\n</hostdev>\n");
	return true;
}

/* Whether libvirt can say VLAN; it knows neither priority nor protocol. */
static bool can_say(uint64_t vlan)
{
	return vlan_qos(vlan) == 0 && vlan_proto(vlan) == VLAN_PROTO_8021Q;
}

static uint64_t vlan_of(const struct handoff_vf *vf)
{
	return vf_has(&vf->vf->attrs, VF_VLAN) ? vf->vf->attrs.v[VF_VLAN].n : 0;
}

static void add_vlan(struct buf *b, uint64_t vlan)
{
	if (vlan_id(vlan))
		buf_addf(b, "  <vlan>\n    <tag id='%u'/>\n  </vlan>\n", vlan_id(vlan));
}

/*
 * The address has to be there, or libvirt makes one up and sets it in place of the policy's; and
 * what it cannot say it would set to nothing.
 */
static const char *no_interface(const struct handoff_vf *vf)
{
	const struct vf_attrs *a = &vf->vf->attrs;

	if (!is_nic(vf->dev))
		return "it is no network card";
	if (!vf_has(a, VF_MAC))
		return "its MAC address is not known here, and libvirt would give it another one";
	if (!macaddr_is_usable(a->v[VF_MAC].n))
		return "it has no MAC address, and libvirt would give it another one at each start";
	if (!can_say(vlan_of(vf)))
		return "libvirt would take the priority or the protocol of its VLAN away";
	return NULL;
}

static bool add_interface(struct buf *b, const struct handoff_vf *vf)
{
	const char *why = no_interface(vf);

	if (why) {
		add_refusal(b, "interface", why);
		return false;
	}
	buf_add(b, "<interface type='hostdev' " MANAGED ">\n  <source>\n");
	add_address(b, "    <address type='pci'", vf->dev);
	buf_addf(b, "  </source>\n  <mac address='%s'/>\n",
		macaddr_text(vf->vf->attrs.v[VF_MAC].n).s);
	add_vlan(b, vlan_of(vf));
	buf_add(b, "</interface>\n");
	return true;
}

/* Whether all VFs of the pool that VF number I begins have its VLAN. */
static bool same_vlan(const struct handoff *h, size_t i)
{
	for (size_t k = i; k < h->n; k++)
		if (handoff_same_pool(h, i, k) && vlan_of(&h->vfs[k]) != vlan_of(&h->vfs[i]))
			return false;
	return true;
}

/* A file is called like the network, so there may be no '/'; and XML has no control characters. */
static bool is_network_name(const char *label)
{
	_cleanup_(buf_done) struct buf same = { 0 };

	text_escape(&same, label);
	return *label && !strchr(label, '/') && strcmp(buf_text(&same), label) == 0;
}

/*
 * Why there can be no network for the pool that VF number I begins, or NULL. libvirt sets the VLAN
 * of the network, or none, whatever the VF has (virNetDevSetNetConfig()).
 */
static const char *no_network(const struct handoff *h, size_t i)
{
	const struct handoff_vf *vf = &h->vfs[i];

	if (!is_nic(vf->dev))
		return "these are no network cards";
	if (vf->label && !is_network_name(vf->label))
		return "the label cannot be the name of one";
	if (!vf_has(&vf->vf->attrs, VF_VLAN))
		return "the VLANs of these VFs are not known here, and libvirt would change them";
	if (!same_vlan(h, i))
		return "the VLANs of these VFs differ, and libvirt would make them the same";
	if (!can_say(vlan_of(vf)))
		return "libvirt would take the priority or the protocol of the VLAN away";
	return NULL;
}

static void add_name(struct buf *b, const struct handoff *h, const struct handoff_vf *vf)
{
	if (vf->label)
		add_text(b, vf->label);
	else
		buf_addf(b, "vfs-of-%s", pciaddr_text(inventory_pf_dev(h->inv, vf->pf)->addr).s);
}

/* Appends the pool that VF number I begins. */
static bool add_network(struct buf *b, const struct handoff *h, size_t i)
{
	const char *why = no_network(h, i);

	if (why) {
		add_refusal(b, "network", why);
		return false;
	}
	buf_add(b, "<network>\n  <name>");
	add_name(b, h, &h->vfs[i]);
	buf_add(b, "</name>\n  <forward mode='hostdev' " MANAGED ">\n");
	for (size_t k = i; k < h->n; k++)
		if (handoff_same_pool(h, i, k))
			add_address(b, "    <address type='pci'", h->vfs[k].dev);
	buf_add(b, "  </forward>\n");
	add_vlan(b, vlan_of(&h->vfs[i]));
	buf_add(b, "</network>\n");
	return true;
}

static size_t add_networks(struct buf *b, const struct handoff *h)
{
	size_t n = 0;

	add_comment(b,
		"networks: a guest with <interface type='network'> takes one VF of them; libvirt "
		"gives it the MAC address of the guest's definition while it runs");
	for (size_t i = 0; i < h->n; i++)
		if (handoff_begins_pool(h, i))
			n += add_network(b, h, i);
	return n;
}

size_t handoff_libvirt(struct buf *b, const struct handoff *h, unsigned parts)
{
	size_t n = 0;

	if (parts & LIBVIRT_HOSTDEV && parts & LIBVIRT_INTERFACE)
		add_comment(b,
			"for each VF a <hostdev> and an <interface>: a guest has one of the two");
	add_comments(b, h, -1);
	for (int i = 0; parts & (LIBVIRT_HOSTDEV | LIBVIRT_INTERFACE) && i < (int)h->n; i++) {
		add_comments(b, h, i);
		if (parts & LIBVIRT_HOSTDEV)
			n += add_hostdev(b, h->vfs[i].dev);
		if (parts & LIBVIRT_INTERFACE)
			n += add_interface(b, &h->vfs[i]);
	}
	if (parts & LIBVIRT_NETWORK)
		n += add_networks(b, h);
	return n;
}
