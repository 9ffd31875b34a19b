/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes what fuzz-snapshot begins with: the snapshots of the trees of tests/data/sysfs and of a
 * host of the unit tests, without blanks at the beginning of lines:
 *
 *     seed-snapshot DIR MANIFEST…
 *
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "host/host.h"
#include "render/snapshot.h"
#include "sysfstree.h"

static void write_seed(const char *dir, const char *name, const struct inventory *inv)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s.json", dir, name);
	out = fopen(path, "wbe");
	if (!out)
		err(1, "%s", path);
	snapshot_text(&b, inv, "1");
	for (const char *s = buf_text(&b); *s; s += strspn(s, "\n ")) {
		size_t len = strcspn(s, "\n");

		fwrite(s, 1, len, out);
		s += len;
	}
	if (fclose(out) != 0)
		err(1, "%s", path);
}

static void write_tree(const char *dir, const char *manifest)
{
	const char *slash = strrchr(manifest, '/');
	int root = sysfstree_load(manifest);
	struct inventory *inv = NULL;
	struct err e = { "" };
	struct host *h;

	if (host_open_dir(sysfstree_path(root), &h, &e) < 0 ||
		h->ops->scan(h, SCAN_ALL, &inv, &e) < 0)
		errx(1, "%s: %s", manifest, e.text);
	write_seed(dir, slash ? slash + 1 : manifest, inv);
	inventory_free(inv);
	h->ops->close(h);
	sysfstree_remove(root);
}

static void add_facts(struct facts *f)
{
	f->known = true;
	f->cmdline = "BOOT_IMAGE= iommu=pt pci=noari";
	f->release = "6.12.1";
	f->lockdown = "integrity";
	f->irq_remap = REMAP_OFF;
	f->modules = mem_new(f->n_modules = 1, sizeof(*f->modules));
	f->modules[0] = (struct facts_module){ "vfio", MODULE_ABSENT };
	f->params = mem_new(f->n_params = 1, sizeof(*f->params));
	f->params[0] = (struct facts_param){ "igb", "max_vfs", "2" };
	f->regions = mem_new(f->n_regions = 1, sizeof(*f->regions));
	f->regions[0] = (struct facts_region){ 14, 0x1000, 0x1fff };
	f->lines = mem_new(f->n_lines = 2, sizeof(*f->lines));
	f->lines[0] = (struct facts_line){ WRITER_UNIT, "/etc/systemd/system/x.service.d/y", 3,
		"sriov_numvfs" };
	f->lines[1] = (struct facts_line){ WRITER_DRIVERCTL, "/etc/driverctl.d/pci-0000:01:00.0", 1,
		"vfio-pci" };
	f->unread = mem_new(f->n_unread = 1, sizeof(*f->unread));
	f->unread[0] = (struct facts_unread){ "/etc/crontab", 13 };
}

/* What no tree can tell. */
static void write_fixture(const char *dir)
{
	struct inventory *inv = fixture_bad_group();
	struct vf_users *u = &inv->devs[inv->pfs[0].vfs[0].dev].users;

	fixture_igb_attrs(&inv->pfs[0].vfs[0], 0x020000000001);
	vf_set_n(&inv->pfs[0].vfs[0].attrs, VF_QUERY_RSS, 1);
	inv->pfs[0].has_vf_attrs = true;
	inv->pfs[0].host_driver = "igbvf";
	inv->offline = false;
	u->vfio = u->netns = u->rdma = (struct usage_holder){ 2211, "kvm\033", "VM 104" };
	u->netns_name = u->reserved = u->assigned = u->upper = "x";
	u->master = "enx525400112233";
	u->address = "192.0.2.1/24";
	u->session = u->default_route = true;
	inv->netdevs[0].master = 9;
	inv->files[GENFILE_UDEV] = (struct genfile_state){
		GENFILE_MARK "\n" GENFILE_BLOCK "0000:01:00.0\n", true
	};
	add_facts(&inv->facts);
	inv->devs[0].facts.cfg = (struct pcicfg){ .known = true, .acs = true, .acs_on = 0x1d };
	inv->devs[0].facts.bus_first = inv->devs[0].facts.bus_last = 1;
	inv->devs[1].facts.parent = inv->devs[1].facts.ari = 0;
	inv->devs[1].facts.vf_bars = (struct pcicfg_bars){ true, 9, 0 };
	write_seed(dir, "fixture", inv);
	inventory_free(inv);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: seed-snapshot DIR MANIFEST…");
	for (int i = 2; i < argc; i++)
		write_tree(argv[1], argv[i]);
	write_fixture(argv[1]);
	return 0;
}
