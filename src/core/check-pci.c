/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of what is around a PF: ports, bus numbers, address space, IOMMU groups. */
#include <string.h>

#include "core/check-rows.h"
#include "core/group.h"

#define DEPTH_MAX 32 /* bridges above a device; what is deeper is a lie */

static const struct dev *pf_dev(const struct checker *c, size_t p)
{
	return inventory_pf_dev(c->inv, &c->inv->pfs[p]);
}

static const struct facts_dev *pf_facts(const struct checker *c, size_t p)
{
	return &pf_dev(c, p)->facts;
}

/* The address of device number I. */
static struct pciaddr_text addr_of(const struct checker *c, int i)
{
	return pciaddr_text(c->inv->devs[i].addr);
}

/* --- ARI -------------------------------------------------------------------------------------- */

/*
 * Whether the wanted VFs are all on further buses, and the port above has these. Without ARI, it
 * would reach only the first eight functions of the PF's own bus.
 */
static bool are_on_further_buses(const struct checker *c, size_t p)
{
	const struct pf *pf = &c->inv->pfs[p];
	unsigned wanted = check_wanted_vfs(c, p);

	return pf->offset && pf->bus_last &&
	       inventory_vf_bus(c->inv, pf, 0) > pf_dev(c, p)->addr.bus &&
	       inventory_vfs_on_buses(c->inv, pf, wanted) == wanted;
}

static enum check_look look_at_ari(struct checker *c, size_t p)
{
	const struct facts_dev *f = pf_facts(c, p);
	const struct pcicfg *port;

	if (f->parent < 0 || f->ari > 0)
		return CHECK_LOOK_GOOD;
	if (f->ari < 0)
		return CHECK_LOOK_UNKNOWN;
	if (are_on_further_buses(c, p))
		return CHECK_LOOK_GOOD;
	port = &c->inv->devs[f->parent].facts.cfg;
	check_add(c, CHECK_WARN,
		"the port %s above %s does not forward ARI: the VFs need bus numbers of their own, "
		"or are few",
		addr_of(c, f->parent).s, pciaddr_text(pf_dev(c, p)->addr).s);
	check_about_pf(c, p);
	if (facts_has_item(c->facts, "pci=", "noari"))
		check_next_boot(c, "", false, "noari");
	else if (port->known && port->ari_can)
		check_next(c, "the port could: switch ARI on in the firmware's setup, then reboot");
	else
		check_next(c,
			"%s, or put the card into a slot whose port has it (lspci -vv, "
			"\"ARIFwd+\")",
			port->known ? "the port cannot: see to bus numbers"
				    : "switch ARI on in the firmware's setup");
	return CHECK_LOOK_TOLD;
}

void check_ari(struct checker *c)
{
	check_each_pci(c, look_at_ari,
		"ARI is forwarded, no port is in between, or the VFs are on further buses",
		"the kernel does not tell (ari_enabled)");
}

/* --- bus numbers ------------------------------------------------------------------------------ */

/* Whether the port above PF number P could forward ARI, as far as is known. */
static bool may_forward_ari(const struct checker *c, size_t p)
{
	int parent = pf_facts(c, p)->parent;
	const struct pcicfg *port = parent < 0 ? NULL : &c->inv->devs[parent].facts.cfg;

	return port && (!port->known || port->ari_can);
}

static enum check_look look_at_buses(struct checker *c, size_t p)
{
	const struct pf *pf = &c->inv->pfs[p];
	const struct facts_dev *f = pf_facts(c, p);
	const struct dev *d = pf_dev(c, p);
	unsigned wanted = check_wanted_vfs(c, p), fitting;
	_cleanup_(buf_done) struct buf above = { 0 };

	if (!wanted)
		return CHECK_LOOK_GOOD;
	if (!pf->offset || !pf->bus_last)
		return CHECK_LOOK_UNKNOWN;
	fitting = inventory_vfs_on_buses(c->inv, pf, wanted);
	if (fitting == wanted)
		return CHECK_LOOK_GOOD;
	if (f->parent >= 0)
		buf_addf(&above, "the port %s above it has", addr_of(c, f->parent).s);
	/* Without a policy nobody has asked for all of them. */
	check_add(c, fitting && !c->in->policy ? CHECK_WARN : CHECK_FAIL,
		"%u VFs of %s reach to bus %02x, and %s bus numbers up to %02x only: %u VFs are "
		"possible",
		wanted, pciaddr_text(d->addr).s, inventory_vf_bus(c->inv, pf, wanted - 1),
		above.len ? buf_text(&above) : "there are", pf->bus_last, fitting);
	check_about_pf(c, p);
	if (f->ari == 0 && may_forward_ari(c, p))
		check_next(c, "see to ARI first: with it, the VFs are on the PF's own bus");
	else if (facts_has_item(c->facts, "pci=", "assign-busses"))
		check_next(c, "pci=assign-busses is there already: put the card into another slot, "
			      "or ask for fewer VFs");
	else
		check_next_boot(c,
			"beware, PCI addresses, names of interfaces and what guests' "
			"configurations say of them will change: ",
			true, "pci=assign-busses");
	return CHECK_LOOK_TOLD;
}

void check_bus_numbers(struct checker *c)
{
	check_each_pci(c, look_at_buses, "all VFs have a bus number",
		"the PF or the port above does not tell yet where its VFs will be");
}

/* --- address space ---------------------------------------------------------------------------- */

static enum check_look look_at_memory(struct checker *c, size_t p)
{
	const struct pcicfg_bars *bars = &pf_facts(c, p)->vf_bars;
	_cleanup_(buf_done) struct buf b = { 0 };

	if (!bars->known)
		return CHECK_LOOK_UNKNOWN;
	if (!bars->lost && bars->assigned)
		return CHECK_LOOK_GOOD;
	pcicfg_bars_lost(bars, &b);
	check_add(c, CHECK_FAIL,
		"%s: %s no address (file resource): the kernel will refuse VFs with ENOMEM",
		pciaddr_text(pf_dev(c, p)->addr).s, buf_text(&b));
	check_about_pf(c, p);
	if (facts_has_item(c->facts, "pci=", "realloc") ||
		facts_has_item(c->facts, "pci=", "realloc=on"))
		check_next(c, "switch \"Above 4G Decoding\" (and \"SR-IOV support\") on in the "
			      "firmware's setup; pci=realloc is on the kernel's command line "
			      "already");
	else
		check_next_boot(c,
			"switch \"Above 4G Decoding\" (and \"SR-IOV support\") on in the "
			"firmware's setup; if that is not enough, ",
			true, "pci=realloc");
	return CHECK_LOOK_TOLD;
}

void check_vf_memory(struct checker *c)
{
	check_each_pci(
		c, look_at_memory, "the VFs' BARs have addresses", "there is no file resource");
}

/* --- reserved regions ------------------------------------------------------------------------- */

static enum check_look look_at_regions(struct checker *c, size_t p)
{
	const struct pf *pf = &c->inv->pfs[p];
	const struct facts_region *r = NULL;
	const struct dev *d = pf_dev(c, p);
	size_t i = 0;

	for (; !r && i < pf->n_vfs; i++)
		r = facts_region(c->facts, c->inv->devs[pf->vfs[i].dev].iommu_group);
	if (r)
		d = &c->inv->devs[pf->vfs[i - 1].dev];
	else if (!pf->n_vfs)
		r = facts_region(c->facts, d->iommu_group);
	if (!r)
		return CHECK_LOOK_GOOD;
	check_add(c, pf->n_vfs ? CHECK_FAIL : CHECK_WARN,
		"the firmware claims %#llx-%#llx for the IOMMU group %d of %s (RMRR, "
		"reserved_regions: direct): %s",
		(unsigned long long)r->first, (unsigned long long)r->last, r->group,
		pciaddr_text(d->addr).s,
		pf->n_vfs ? "VFIO refuses to give the VF to a guest"
			  : "VFIO may refuse to give its VFs to a guest");
	check_about_pf(c, p);
	check_next(c, "update the firmware, and look in its setup for a switch for the slot (HPE: "
		      "\"Shared Memory Features\", conrep), or take another slot");
	return CHECK_LOOK_TOLD;
}

void check_reserved_regions(struct checker *c)
{
	if (!c->inv->has_iommu)
		check_add(c, CHECK_SKIP, "it takes an IOMMU");
	else
		check_each_pci(c, look_at_regions, "no direct region in the group", "");
}

/* --- groups ----------------------------------------------------------------------------------- */

/* Appends what BRIDGE lacks of ACS. */
static void add_lack(struct buf *b, const struct pcicfg *cfg)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} bits[] = {
		{ PCICFG_ACS_SV, "source validation" },
		{ PCICFG_ACS_RR, "request redirect" },
		{ PCICFG_ACS_CR, "completion redirect" },
		{ PCICFG_ACS_UF, "upstream forwarding" },
	};
	size_t start;

	if (!cfg->known) {
		buf_add(b, "isolates nothing, which root can see more of");
		return;
	}
	if (!cfg->acs) {
		buf_add(b, "lacks ACS");
		return;
	}
	buf_add(b, "has ACS without ");
	start = b->len;
	for (size_t i = 0; i < ARRAY_SIZE(bits); i++)
		if (!(cfg->acs_on & bits[i].bit))
			buf_addf(b, "%s%s", b->len > start ? ", " : "", bits[i].name);
}

/* Whether a bridge's ACS is known to be as it has to be. */
static bool has_acs(const struct pcicfg *cfg)
{
	return cfg->known && cfg->acs && (cfg->acs_on & PCICFG_ACS_NEEDED) == PCICFG_ACS_NEEDED;
}

/*
 * Appends the bridges above the PF that are in its group, which is why its VFs are, too: those that
 * lack something. Returns how many of any kind there are.
 */
static size_t add_bridges(const struct checker *c, size_t p, struct buf *b)
{
	int group = pf_dev(c, p)->iommu_group, i = pf_facts(c, p)->parent;
	size_t n = 0;

	for (int depth = 0; i >= 0 && depth < DEPTH_MAX; depth++) {
		const struct dev *d = &c->inv->devs[i];
		const struct pcicfg *cfg = &d->facts.cfg;
		int bridge = i;

		i = d->facts.parent;
		if (d->iommu_group != group)
			continue;
		n++;
		if (has_acs(cfg))
			continue;
		buf_addf(b, "%sthe bridge %s ", b->len ? ", " : "", addr_of(c, bridge).s);
		add_lack(b, cfg);
	}
	return n;
}

static enum check_look tell_group(struct checker *c, size_t p, const char *text)
{
	check_add(c, CHECK_FAIL, "%s", text);
	check_about_pf(c, p);
	check_next(c, "switch ACS on in the firmware's setup, or put the card into a slot whose "
		      "port has it (often those of the CPU, not of the chipset); `sriovctl "
		      "groups` shows who shares a group");
	return CHECK_LOOK_TOLD;
}

/* Appends why D, VF number INDEX, cannot go to a guest; false if it can. HELD is room for all. */
static bool add_vf_fault(const struct checker *c, unsigned index, const struct dev *d,
	const struct dev **held, struct buf *b)
{
	if (d->iommu_group < 0)
		buf_addf(b, "vf %u (%s) is in no IOMMU group", index, pciaddr_text(d->addr).s);
	else if (group_others(c->inv, d, GROUP_HELD, held))
		buf_addf(b, "vf %u (%s) shares IOMMU group %d with %s, which %s has", index,
			pciaddr_text(d->addr).s, d->iommu_group, pciaddr_text(held[0]->addr).s,
			held[0]->driver);
	else
		return false;
	return true;
}

/* The first VF of those that are wrong stands for all. */
static enum check_look look_at_vf_groups(struct checker *c, size_t p)
{
	const struct pf *pf = &c->inv->pfs[p];
	_cleanup_free_ const struct dev **held = mem_new(c->inv->n_devs, sizeof(*held));
	_cleanup_(buf_done) struct buf first = { 0 }, other = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < pf->n_vfs; i++)
		n += add_vf_fault(c, pf->vfs[i].index, &c->inv->devs[pf->vfs[i].dev], held,
			n ? &other : &first);
	if (!n)
		return CHECK_LOOK_GOOD;
	buf_add(&first, ": it cannot go to a guest");
	if (n > 1)
		buf_addf(&first, ", nor can %zu other%s", n - 1, n == 2 ? "" : "s");
	return tell_group(c, p, buf_text(&first));
}

static enum check_look look_at_group(struct checker *c, size_t p)
{
	const struct dev *d = pf_dev(c, p);
	_cleanup_(buf_done) struct buf lack = { 0 }, b = { 0 };
	size_t bridges;

	if (!check_wants_vfio(c, p))
		return CHECK_LOOK_GOOD;
	if (d->iommu_group < 0) {
		buf_addf(&b, "%s is in no IOMMU group: the IOMMU does not reach it",
			pciaddr_text(d->addr).s);
		return tell_group(c, p, buf_text(&b));
	}
	bridges = add_bridges(c, p, &lack);
	if (!bridges)
		return look_at_vf_groups(c, p);
	buf_addf(&b, "%s and all its VFs share IOMMU group %d: %s; no VF can go to a guest",
		pciaddr_text(d->addr).s, d->iommu_group,
		lack.len ? buf_text(&lack) : "a bridge above is in it, though its ACS is on");
	return tell_group(c, p, buf_text(&b));
}

void check_groups(struct checker *c)
{
	if (!c->inv->has_iommu)
		check_add(c, CHECK_SKIP, "it takes an IOMMU");
	else
		check_each_pci(c, look_at_group,
			"each VF has a group that nothing of the host is in, or is for the host",
			"");
}
