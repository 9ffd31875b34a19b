/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only `check` asks for, in a snapshot: all of it, nothing that is anybody's secret, and none
 * where the host was not looked at for it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/check.h"
#include "core/snapshot-fields.h"
#include "core/snapshot.h"
#include "fixture.h"
#include "golden.h"
#include "render/snapshot.h"

/* --- a host with a value of its own in every member ------------------------------------------- */

static struct facts_module modules[] = {
	{ "igbvf", MODULE_UNKNOWN },
	{ "iavf", MODULE_ABSENT },
	{ "nvme", MODULE_BUILTIN },
	{ "vfio", MODULE_LOADED },
	{ "vfio_pci", MODULE_AVAILABLE },
};
static struct facts_param params[] = {
	{ "igb", "max_vfs", "2\033" },
	{ "igb", "num_vfs", "" },
	{ "vfio_pci", "enable_sriov", "Y" },
};
static struct facts_region regions[] = {
	{ 14, 0x1000, 0x1fff },
	{ 14, 0, UINT64_MAX },
	{ 15, UINT64_C(0x8000000000000000), UINT64_C(0xfedcba9876543210) },
};
static struct facts_line lines[] = {
	{ WRITER_SCRIPT, "/usr/local/bin/Jo's vfs", 7, "echo 4 >\xff/sriov_numvfs" },
	{ WRITER_LINK, "/etc/systemd/network/a.link", 4000000000, "SR-IOVVirtualFunctions=4" },
	{ WRITER_MAX_VFS, "/proc/cmdline", 1, "igb.max_vfs=2" },
	{ WRITER_MAX_VFS, "/proc/cmdline", 1, "igb.max_vfs=3" },
	{ WRITER_UNIT, "/etc/systemd/system/jo.service.d/x.conf", 2, "ExecStart=/jo sriov_numvfs" },
	{ WRITER_UNIT, "/etc/systemd/system/sriov.service", 2, "ExecStart=/jo sriov_numvfs" },
	{ WRITER_CRON, "/var/spool/cron/crontabs/jo", 1, "@reboot /home/jo/sriov_numvfs" },
	{ WRITER_DRIVERCTL, "/etc/driverctl.d/pci-0000:01:00.0", 1, "vfio-pci" },
};
static struct facts_unread unread[] = {
	{ "/var/spool/cron/crontabs", EACCES },
	{ "/etc/cron.d/jo", EFBIG },
};

#define COPY(f, array)                                                     \
	do {                                                               \
		(f)->array = mem_new(ARRAY_SIZE(array), sizeof(*(array))); \
		memcpy((f)->array, array, sizeof(array));                  \
		(f)->n_##array = ARRAY_SIZE(array);                        \
	} while (0)

static void add_devices(struct inventory *inv)
{
	struct facts_dev *port, *pf;
	int p;

	fixture_dev(inv, "0000:00:01.0", 0x80861901, 0x060400, "pcieport", 1);
	p = fixture_pf(inv, "0000:01:00.0", 0x808610c9, 0x020000, "igb", 14, 7, 0x10ca);
	fixture_vf(inv, p, "0000:01:10.0", "vfio-pci", 15);
	port = &inv->devs[0].facts;
	pf = &inv->devs[1].facts;
	port->bus_first = 0;
	port->bus_last = 255;
	port->cfg = (struct pcicfg){ .known = true,
		.express = true,
		.acs = true,
		.acs_on = 0xff5d,
		.ari_can = true,
		.ari_on = true };
	pf->parent = 0;
	pf->ari = 0;
	pf->cfg = (struct pcicfg){ .sriov = true, .total_vfs = 65535, .vf_bars = 0x3f };
	pf->vf_bars = (struct pcicfg_bars){ true, 0x29, 0x12 };
	inv->devs[2].facts.parent = 0;
}

static struct inventory *facts_host(void)
{
	struct inventory *inv = fixture_new("pve1");
	struct facts *f = &inv->facts;

	add_devices(inv);
	*f = (struct facts){ .known = true,
		.cmdline = "iommu=pt pci=noari,realloc",
		.release = "6.12.1-1-pve",
		.cpu_vendor = "GenuineIntel",
		.lockdown = "integrity",
		.irq_remap = REMAP_OFF,
		.has_modules = true,
		.boot = { "systemd-boot 257", true, true, "/etc/default/grub.d/a.cfg",
			"/boot/grub/grub.cfg", true } };
	COPY(f, modules);
	COPY(f, params);
	COPY(f, regions);
	COPY(f, lines);
	COPY(f, unread);
	facts_sort(f);
	return inv;
}

/* Reads TEXT, which has to be good. */
static struct inventory *read_good(const char *text)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	struct inventory *inv;

	if (snapshot_read("s.json", text, strlen(text), &inv, &d) < 0)
		fail_msg("%u:%u: %s", d.problems[0].place.line, d.problems[0].place.column,
			d.problems[0].text);
	return inv;
}

/* INV written, read and freed. */
static struct inventory *pass_on(struct inventory *inv)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	snapshot_text(&b, inv, "1.2.3");
	inventory_free(inv);
	return read_good(buf_text(&b));
}

static void test_golden(void **state)
{
	struct inventory *inv = facts_host();
	_cleanup_(buf_done) struct buf b = { 0 }, b2 = { 0 };

	(void)state;
	snapshot_text(&b, inv, "1.2.3");
	golden_check("snapshot-facts.json", buf_text(&b));
	inv = pass_on(inv);
	snapshot_text(&b2, inv, "1.2.3");
	assert_string_equal(buf_text(&b), buf_text(&b2));
	inventory_free(inv);
}

/* --- member by member ------------------------------------------------------------------------- */

static void expect_devices(const struct inventory *inv)
{
	const struct facts_dev *port = &inv->devs[0].facts, *pf = &inv->devs[1].facts,
			       *vf = &inv->devs[2].facts;

	assert_true(port->parent == -1 && pf->parent == 0 && vf->parent == 0);
	assert_true(port->bus_first == 0 && port->bus_last == 255 && pf->bus_last == -1);
	assert_true(port->ari == -1 && pf->ari == 0 && vf->ari == -1);
	assert_true(port->cfg.known && port->cfg.express && port->cfg.acs && !port->cfg.sriov);
	assert_true(port->cfg.acs_on == 0xff5d && port->cfg.ari_can && port->cfg.ari_on);
	assert_true(!pf->cfg.known && !pf->cfg.express && !pf->cfg.acs && !pf->cfg.ari_can);
	assert_true(pf->cfg.sriov && pf->cfg.total_vfs == 65535 && pf->cfg.vf_bars == 0x3f);
	assert_true(pf->vf_bars.known && pf->vf_bars.assigned == 0x29 && pf->vf_bars.lost == 0x12);
	assert_true(!vf->vf_bars.known && !vf->cfg.known);
}

static void expect_boot(const struct facts *f)
{
	assert_string_equal(f->boot.loader_info, "systemd-boot 257");
	assert_string_equal(f->boot.grub_default, "/etc/default/grub.d/a.cfg");
	assert_string_equal(f->boot.grub_cfg, "/boot/grub/grub.cfg");
	assert_true(f->boot.proxmox && f->boot.kernel_cmdline && f->boot.update_grub);
}

static void expect_files(const struct facts *f)
{
	assert_int_equal(f->n_lines, ARRAY_SIZE(lines));
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(f->lines[i].who, lines[i].who);
		assert_string_equal(f->lines[i].file, lines[i].file);
		assert_int_equal(f->lines[i].line, lines[i].line);
		assert_string_equal(f->lines[i].text, lines[i].text);
	}
	assert_int_equal(f->n_unread, 2);
	assert_string_equal(f->unread[1].file, "/etc/cron.d/jo");
	assert_true(f->unread[0].error == EACCES && f->unread[1].error == EFBIG);
}

static void test_members(void **state)
{
	struct inventory *inv = pass_on(facts_host());
	const struct facts *f = &inv->facts;

	(void)state;
	assert_true(f->known && f->has_modules && f->irq_remap == REMAP_OFF);
	assert_string_equal(f->cmdline, "iommu=pt pci=noari,realloc");
	assert_string_equal(f->release, "6.12.1-1-pve");
	assert_string_equal(f->cpu_vendor, "GenuineIntel");
	assert_string_equal(f->lockdown, "integrity");
	expect_devices(inv);
	expect_boot(f);
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		assert_int_equal(facts_module(f, modules[i].name), modules[i].state);
	assert_string_equal(facts_param(f, "igb", "max_vfs"), "2\033");
	assert_string_equal(facts_param(f, "igb", "num_vfs"), "");
	assert_string_equal(facts_param(f, "vfio_pci", "enable_sriov"), "Y");
	assert_int_equal(f->n_regions, 3);
	assert_memory_equal(f->regions, regions, sizeof(regions));
	assert_ptr_equal(facts_region(f, 14), &f->regions[0]);
	assert_ptr_equal(facts_region(f, 15), &f->regions[2]);
	assert_true(!facts_region(f, -1) && !facts_region(f, 13) && !facts_region(f, 16));
	expect_files(f);
	inventory_free(inv);
}

/* --- what is not in it ------------------------------------------------------------------------ */

static void expect_words(const char *text, const char *kept)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	facts_cmdline(&b, text);
	assert_string_equal(buf_text(&b), kept);
}

/* Only words that a check asks for, and their values only where that is looked at. */
static void test_cmdline(void **state)
{
	(void)state;
	expect_words("", "");
	expect_words("  root=/dev/sda1 ip=192.0.2.1 rd.luks.key=geheim quiet\n", "");
	expect_words("\tBOOT_IMAGE=/boot/geheim iommu=pt  x intel_iommu=on,sm_on",
		"BOOT_IMAGE= iommu=pt intel_iommu=on,sm_on");
	expect_words("amd_iommu=off intremap=off nointremap pci=realloc",
		"amd_iommu=off intremap=off nointremap pci=realloc");
	expect_words("initrd=\\EFI\\geheim initrd=/geheim pcie_acs_override=downstream",
		"initrd=\\ pcie_acs_override=downstream");
	expect_words("xiommu=on iommu pcie_ports=native pci", "");
}

/* A snapshot from before, or by hand: what cannot be told is not told. */
static void test_not_scanned(void **state)
{
	static const char *const always[] = { "policy", "host-fits", "consent", "iommu",
		"capability", "pf-driver", "pf-vfio", "pf-link" };
	struct inventory *inv = fixture_host();
	struct check_report *r;

	(void)state;
	inv = pass_on(inv);
	assert_false(inv->facts.known);
	assert_int_equal(inv->devs[0].facts.parent, -1);
	r = check_run(&(struct check_input){ .inv = inv });
	for (size_t i = 0; i < r->n; i++) {
		bool is_always = false;

		for (size_t k = 0; k < ARRAY_SIZE(always); k++)
			is_always |= strcmp(r->results[i].row->id, always[k]) == 0;
		if (is_always)
			continue;
		assert_int_equal(r->results[i].verdict, CHECK_SKIP);
		assert_string_equal(
			r->results[i].text, "the snapshot was made without looking at that");
	}
	check_report_free(r);
	inventory_free(inv);
}

static void expect_line(const struct facts_line *l, const char *file, const char *text)
{
	assert_string_equal(l->file, file);
	assert_string_equal(l->text, text);
}

static void test_anonymous(void **state)
{
	struct inventory *inv = facts_host();
	const struct facts *f = &inv->facts;
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	snapshot_anonymise(inv);
	/* Numbers are those of the sorted paths, and of the sorted lines. */
	expect_line(&f->lines[0], "/usr/local/bin/file7", "line 4");
	expect_line(&f->lines[1], "/etc/systemd/network/file3.link", "line 3");
	expect_line(&f->lines[2], "/proc/cmdline", "igb.max_vfs=2");
	expect_line(&f->lines[4], "/etc/systemd/system/file4.service.d/file4.conf", "line 2");
	expect_line(&f->lines[5], "/etc/systemd/system/sriov.service", "line 2");
	expect_line(&f->lines[6], "/var/spool/cron/crontabs/file9", "line 1");
	expect_line(&f->lines[7], "/etc/driverctl.d/pci-0000:01:00.0", "vfio-pci");
	assert_string_equal(f->unread[0].file, "/var/spool/cron/crontabs");
	assert_string_equal(f->unread[1].file, "/etc/cron.d/file1");
	snapshot_text(&b, inv, "1");
	assert_null(strcasestr(buf_text(&b), "jo"));
	inventory_free(pass_on(inv));
}

/* A path that leaves no room for stand-ins. */
static void test_long_path(void **state)
{
	struct inventory *inv = facts_host();
	char path[SNAP_TEXT_MAX + 1];

	(void)state;
	for (size_t i = 0; i < SNAP_TEXT_MAX; i++)
		path[i] = "/a.b.d"[i % 6];
	path[SNAP_TEXT_MAX] = '\0';
	inv->facts.lines[0].file = path;
	snapshot_anonymise(inv);
	assert_string_equal(inv->facts.lines[0].file, "/file1");
	inventory_free(pass_on(inv));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_cmdline),
		cmocka_unit_test(test_not_scanned),
		cmocka_unit_test(test_anonymous),
		cmocka_unit_test(test_long_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
