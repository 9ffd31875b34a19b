/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices as people name them. */
#include <string.h>

#include "cli/cli.h"
#include "cli/device.h"

int device_find(const struct inventory *inv, const char *name)
{
	struct pciaddr addr;
	int dev = -1;

	if (pciaddr_parse(name, &addr) == 0)
		dev = inventory_dev(inv, addr);
	for (size_t i = 0; dev < 0 && i < inv->n_netdevs; i++)
		if (strcmp(inv->netdevs[i].name, name) == 0)
			dev = inv->netdevs[i].dev;
	if (dev < 0)
		cli_error("there is no PCI device \"%s\" on this host: give an address like "
			  "0000:01:00.0 or the name of an interface",
			name);
	return dev;
}
