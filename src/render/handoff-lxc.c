/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces of VFs for containers of LXC, and of Proxmox, which writes the same otherwise. */
#include "render/handoff-part.h"
#include "render/handoff.h"
#include "render/text.h"

/* No address: LXC would set it, which the PF's driver refuses a VF that it has given one to. */
static void add_lines(
	struct buf *b, const char *name, unsigned number, const char *sep, const char *before)
{
	buf_addf(b, "%slxc.net.%u.type%sphys\n", before, number, sep);
	buf_addf(b, "%slxc.net.%u.link%s%s\n", before, number, sep, name);
	buf_addf(b, "%slxc.net.%u.flags%sup\n", before, number, sep);
}

unsigned handoff_lxc_lines(
	struct buf *b, const struct handoff *h, unsigned first, const char *sep, const char *before)
{
	unsigned n = 0;

	for (int i = 0; i < (int)h->n; i++) {
		const struct dev *d = h->vfs[i].dev;
		const char *name = d->netdev < 0 ? NULL : h->inv->netdevs[d->netdev].name;

		if (!h->vfs[i].host)
			continue;
		handoff_comments(b, h, i, "# ", "");
		if (name && text_is_plain(name))
			add_lines(b, name, first + n++, sep, before);
		else if (name)
			buf_add(b, "# left out: the name of its interface has characters that "
				   "could have a meaning here\n");
	}
	return n;
}

size_t handoff_lxc(struct buf *b, const struct handoff *h)
{
	buf_add(b,
		"# For the configuration of a container, numbered from 0: change the numbers where "
		"they are taken.\n");
	handoff_comments(b, h, -1, "# ", "");
	return handoff_lxc_lines(b, h, 0, " = ", "");
}
