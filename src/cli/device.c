/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices as people name them. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/device.h"

/* Index in `inv->netdevs`, or -1. */
static int find_netdev(const struct inventory *inv, const char *name)
{
	for (size_t i = 0; i < inv->n_netdevs; i++)
		if (strcmp(inv->netdevs[i].name, name) == 0)
			return (int)i;
	return -1;
}

int device_beside(const struct inventory *inv, const char *name)
{
	int netdev = find_netdev(inv, name);
	int dev = netdev < 0 ? -1 : inv->netdevs[netdev].dev;

	if (dev < 0 || inv->devs[dev].vf >= 0 || inv->devs[dev].netdev == netdev)
		return -1;
	return inv->devs[dev].pf;
}

void device_complain_beside(const struct inventory *inv, const char *name, size_t pf)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	inventory_pf_names(inv, &pf, 1, &b);
	cli_error("%s is an interface of the PF %s, but not the one that it is known by: a PF has "
		  "one more for each VF that is represented; name the PF, or a VF as PF:INDEX",
		name, buf_text(&b));
}

static int find(const struct inventory *inv, const char *name)
{
	struct pciaddr addr;
	int netdev;

	if (pciaddr_parse(name, &addr) == 0)
		return inventory_dev(inv, addr);
	netdev = find_netdev(inv, name);
	return netdev < 0 || device_beside(inv, name) >= 0 ? -1 : inv->netdevs[netdev].dev;
}

/*
 * The PF of a NAME that is PF:INDEX, and the digits of the index; NULL: it is none. There is no ':'
 * in the name of an interface.
 */
static const struct pf *pf_before(
	const struct inventory *inv, const char *name, const char **ret_index)
{
	const char *colon = strrchr(name, ':');
	_cleanup_(buf_done) struct buf pf = { 0 };
	int dev;

	if (!colon || !colon[1] || colon[1 + strspn(colon + 1, "0123456789")])
		return NULL;
	buf_addn(&pf, name, (size_t)(colon - name));
	dev = find(inv, buf_text(&pf));
	if (dev < 0 || inv->devs[dev].pf < 0 || inv->devs[dev].vf >= 0)
		return NULL;
	*ret_index = colon + 1;
	return &inv->pfs[inv->devs[dev].pf];
}

/* The VF that NAME calls PF:INDEX, or -1. */
static int find_vf(const struct inventory *inv, const char *name)
{
	const char *index;
	const struct pf *pf = pf_before(inv, name, &index);
	const struct vf *vf;

	if (!pf || strlen(index) > 5)
		return -1;
	vf = inventory_vf(pf, (unsigned)strtoul(index, NULL, 10));
	return vf ? vf->dev : -1;
}

/* Says of PF:INDEX that the PF has no such VF. Returns whether NAME is of that form. */
static bool complain_vf(const struct inventory *inv, const char *name)
{
	const char *index;
	const struct pf *pf = pf_before(inv, name, &index);

	if (!pf)
		return false;
	if (pf->n_vfs)
		cli_error("%.*s has no VF %s: its VFs are %u to %u", (int)(index - 1 - name), name,
			index, pf->vfs[0].index, pf->vfs[pf->n_vfs - 1].index);
	else
		cli_error("%.*s has no VF %s, and no VFs at all: `sriovctl apply` makes those of a "
			  "policy",
			(int)(index - 1 - name), name, index);
	return true;
}

int device_find(const struct inventory *inv, const char *name)
{
	int dev = find(inv, name), beside = device_beside(inv, name);

	if (dev < 0)
		dev = find_vf(inv, name);
	if (dev < 0 && beside >= 0)
		device_complain_beside(inv, name, (size_t)beside);
	else if (dev < 0 && !complain_vf(inv, name))
		cli_error("there is no PCI device \"%s\" on this host: give an address like "
			  "0000:01:00.0, the name of an interface, or PF:INDEX for a VF",
			name);
	return dev;
}
