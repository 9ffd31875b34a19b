/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The generated files: what is the same in all of them. */
#include <string.h>

#include "render/isolation-block.h"
#include "render/isolation.h"
#include "render/text.h"

/* What makes one of the files. */
struct part {
	const char *purpose; /* comment lines */
	const char *reload;  /* the command after which its reader knows of a change */
	const char *begin;   /* before the blocks */
	const char *end;     /* behind the line that begins the tail */
	void (*block)(
		struct buf *b, const struct isolated_pf *pf); /* NULL: nothing is said of PFs */
};

/*
 * A rule looks for a net device's VF among its parents (SUBSYSTEMS, KERNELS, ATTRS; all of them
 * on the same one), because an interface that has been sent to another network namespace under
 * another name still causes an event here, whose own path is gone. So there is no quick exit for
 * that either.
 */
static const struct part parts[_GENFILE_MAX] = {
	[GENFILE_UDEV] = {
		.purpose = "# Keeps the host's network managers off virtual functions (VFs), "
			   "and gives VFs their driver and\n"
			   "# their interfaces the name of the policy as soon as they appear, and "
			   "devices that are reserved\n"
			   "# as a whole theirs.\n",
		.reload = "udevadm control --reload && udevadm trigger -c change -s net",
		.begin = "ACTION==\"remove\", GOTO=\"sriovctl_end\"\n"
			 "SUBSYSTEM!=\"net|pci\", GOTO=\"sriovctl_end\"\n"
			 "SUBSYSTEM==\"pci\", ACTION!=\"add|change\", GOTO=\"sriovctl_end\"\n"
			 "DEVPATH==\"/devices/virtual/*\", GOTO=\"sriovctl_end\"\n"
			 "\n",
		.end = "LABEL=\"sriovctl_end\"\n",
		.block = isolation_udev_block,
	},
	[GENFILE_NETWORKMANAGER] = {
		.purpose = "# Keeps NetworkManager off virtual functions (VFs), together with "
			   "the udev rules of sriovctl.\n",
		.reload = "systemctl reload NetworkManager",
		.begin = "",
		.end = "",
		.block = isolation_nm_block,
	},
	[GENFILE_NETWORKD] = {
		.purpose = "# Keeps systemd-networkd off virtual functions (VFs): those that "
			   "the udev rules of sriovctl\n"
			   "# (81-sriovctl.rules) mark with the property below. Without these "
			   "rules it does nothing.\n",
		.reload = "networkctl reload",
		.begin = "[Match]\n"
			 "Property=SRIOVCTL_UNMANAGED=1\n"
			 "\n"
			 "[Link]\n"
			 "Unmanaged=yes\n"
			 "\n",
		.end = "",
	},
};

bool isolation_value(struct buf *b, const char *before, const char *value, const char *after)
{
	if (!text_is_plain(value))
		return false;
	buf_addf(b, "%s%s%s", before, value, after);
	return true;
}

void isolation_left_out(struct buf *b, const struct isolated_vf *vf, const char *what)
{
	buf_add(b, "# ");
	if (vf)
		buf_addf(b, "vf %u: ", vf->index);
	buf_addf(b, "%s left out, it has characters that could have a meaning here\n", what);
}

static void add_head(struct buf *b, enum genfile f)
{
	const char *path = genfile(f)->path; /* the same below /run and /etc */

	buf_addf(b,
		"%s\n#\n%s#\n"
		"# In /run: written by `sriovctl apply`, removed by `sriovctl reset`.\n"
		"# In /etc: printed by `sriovctl emit %s`, for\n"
		"# /etc/%s where it wins over the one in /run,\n"
		"# and removed by hand.\n"
		"# After a change: %s\n\n%s",
		GENFILE_MARK, parts[f].purpose, genfile(f)->kind, strchr(path, '/') + 1,
		parts[f].reload, parts[f].begin);
}

void isolation_text(struct buf *b, enum genfile f, const struct isolation *i)
{
	add_head(b, f);
	for (size_t p = 0; p < i->n_pfs; p++) {
		if (i->pfs[p].driver && f != GENFILE_UDEV)
			continue;
		buf_addf(b, GENFILE_BLOCK "%s\n", pciaddr_text(i->pfs[p].addr).s);
		if (parts[f].block)
			parts[f].block(b, &i->pfs[p]);
	}
	buf_addf(b, GENFILE_TAIL "\n%s", parts[f].end);
}
