/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bridges, bus numbers, capabilities and address space. Nothing here waits for a device's lock
 * (kernel-facts §1.7). Only root sees more than the first 64 bytes of a configuration space.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "host/host.h"
#include "host/modules.h"
#include "host/scan.h"

#define LINK_SIZE     1024
#define RESOURCE_SIZE 4096
#define RESETS_SIZE   64

/* The bridge in a link ("../../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0"); -1: none. */
static int parent_in(const struct inventory *inv, char *link)
{
	char *name = strrchr(link, '/'), *above;
	struct pciaddr a;

	if (!name)
		return -1;
	*name = '\0';
	above = strrchr(link, '/');
	if (!above || pciaddr_parse(above + 1, &a) < 0)
		return -1;
	return inventory_dev(inv, a);
}

static int read_parent(const struct scan *s, const struct dev *d)
{
	char link[LINK_SIZE];

	if (file_link(s->root, pciaddr_path(d->addr).s, link, sizeof(link)) < 0)
		return -1;
	return parent_in(s->inv, link);
}

/* A number in a file of the function, or -1. */
static int read_number(int fd, const char *file, uint64_t max)
{
	uint64_t n;

	return file_read_number(fd, file, 10, max, &n) < 0 ? -1 : (int)n;
}

static void read_config(int fd, struct facts_dev *f)
{
	char data[PCICFG_SIZE + 1];
	int len = file_read_head(fd, "config", data, sizeof(data));

	if (len > 0)
		f->cfg = pcicfg_parse((const uint8_t *)data, (size_t)len);
}

static void read_resource(int fd, struct facts_dev *f)
{
	char text[RESOURCE_SIZE];

	if (file_read_head(fd, "resource", text, sizeof(text)) > 0)
		f->vf_bars = pcicfg_vf_bars(text, &f->cfg);
}

/* What a VF has of its PF. */
static void read_own(int fd, struct facts_dev *f)
{
	read_config(fd, f);
	f->bus_first = read_number(fd, "secondary_bus_number", 255);
	f->bus_last = read_number(fd, "subordinate_bus_number", 255);
	f->ari = read_number(fd, "ari_enabled", 1);
}

/* Words of small letters, as the kernel writes them, or nothing. */
static void read_resets(const struct scan *s, int fd, struct facts_dev *f)
{
	char text[RESETS_SIZE];
	int len = file_read(fd, "reset_method", text, sizeof(text));

	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	if (len > 0 && strspn(text, "abcdefghijklmnopqrstuvwxyz_ ") == (size_t)len)
		f->resets = mem_intern(s->inv->strings, text);
}

static void scan_device_facts(const struct scan *s, size_t i)
{
	const struct dev *d = &s->inv->devs[i];
	struct facts_dev *f = &s->inv->devs[i].facts;
	int fd;

	if (d->addr.kind != PCIADDR_PCI)
		return;
	f->parent = read_parent(s, d);
	fd = file_open_dir(s->root, pciaddr_path(d->addr).s);
	if (fd < 0)
		return;
	if (d->pf >= 0)
		read_resets(s, fd, f);
	if (d->vf < 0)
		read_own(fd, f);
	close(fd);
}

/* The last bus number below the bridge PARENT, 0: not told. A root bus (-1) has all of them. */
static unsigned last_below(const struct scan *s, int parent)
{
	_cleanup_(buf_done) struct buf path = { 0 };
	int last;

	if (parent < 0)
		return UINT8_MAX;
	buf_addf(&path, "%s/subordinate_bus_number", pciaddr_path(s->inv->devs[parent].addr).s);
	last = read_number(s->root, buf_text(&path), UINT8_MAX);
	return last < 0 ? 0 : (unsigned)last;
}

/* SCAN_CHECK has read the configuration space already. */
static struct pcicfg_bars read_bars(const struct scan *s, const struct dev *d)
{
	struct facts_dev f = d->facts;
	int fd = file_open_dir(s->root, pciaddr_path(d->addr).s);

	if (fd < 0)
		return f.vf_bars;
	if (!(s->what & SCAN_CHECK))
		read_config(fd, &f);
	read_resource(fd, &f);
	close(fd);
	return f.vf_bars;
}

/* Whether the driver of PF number P is not the kernel's own; PFs with one driver are asked once. */
static bool is_foreign(const struct scan *s, size_t p)
{
	const struct inventory *inv = s->inv;
	const char *driver = inventory_pf_dev(inv, &inv->pfs[p])->driver, *other;

	for (size_t i = 0; i < p && driver; i++) {
		other = inventory_pf_dev(inv, &inv->pfs[i])->driver;
		if (other && strcmp(other, driver) == 0)
			return inv->pfs[i].driver_foreign;
	}
	return modules_is_foreign(s->root, driver);
}

void scan_fit(struct scan *s)
{
	for (size_t p = 0; p < s->inv->n_pfs; p++) {
		struct pf *pf = &s->inv->pfs[p];
		struct dev *d = &s->inv->devs[pf->dev];

		pf->driver_foreign = is_foreign(s, p);
		if (!inventory_is_pci(s->inv, pf))
			continue;
		pf->bus_last = last_below(s, read_parent(s, d));
		/* Where VFs are, there was room: the kernel makes none without (sriov_enable()).
		 * 4 KiB of configuration space are a thousand questions to the card. */
		if (!pf->n_vfs || s->what & SCAN_CHECK)
			d->facts.vf_bars = read_bars(s, d);
	}
}

void scan_topology(struct scan *s)
{
	for (size_t i = 0; i < s->inv->n_devs; i++)
		scan_device_facts(s, i);
}
