/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot in the place of a host: the same is found as on the host itself, however little is
 * asked for, and as fast with many VFs as with few. */
#include <errno.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/file.h"
#include "core/snapshot.h"
#include "fixture.h"
#include "host/host.h"
#include "render/snapshot.h"
#include "sysfstree.h"

#define FLAGS 4096 /* combinations of enum scan_what, but for settings of PFs */

_Static_assert(SCAN_ALL == (FLAGS - 1) + SCAN_SETTINGS,
	"a new flag: take out in snapfile.c what it asks for");

static void scan_text(struct host *h, unsigned what, struct buf *b)
{
	struct inventory *inv = NULL;
	struct err e = { "" };

	assert_int_equal(h->ops->scan(h, what, &inv, &e), 0);
	snapshot_text(b, inv, "1");
	inventory_free(inv);
}

/* The file is gone once it is open: a snapshot is read as a whole. */
static struct host *open_text(const struct buf *text)
{
	char path[] = "/tmp/sriovctl-snapshot.XXXXXX";
	_cleanup_(diag_done) struct diag d = { 0 };
	int fd = mkstemp(path);
	struct err e = { "" };
	struct host *h = NULL;

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, text->s, text->len), 0);
	close(fd);
	assert_int_equal(host_open_snapshot(path, &h, &d, &e), 0);
	assert_int_equal(d.n, 0);
	unlink(path);
	return h;
}

/* Whether at most two flags are set, or at most two are not: these show which depend on each
 * other. */
static bool is_telling(unsigned what)
{
	int n = __builtin_popcount(what);

	return n <= 2 || n >= __builtin_popcount(FLAGS - 1) - 2;
}

/* Whatever is asked for, both find the same. */
static void expect_same(struct host *live)
{
	_cleanup_(buf_done) struct buf all = { 0 };
	struct host *h;

	scan_text(live, SCAN_ALL, &all);
	h = open_text(&all);
	for (unsigned what = 0; what < FLAGS; what++) {
		_cleanup_(buf_done) struct buf a = { 0 }, b = { 0 };

		if (!is_telling(what))
			continue;
		scan_text(live, what, &a);
		scan_text(h, what, &b);
		assert_string_equal(buf_text(&a), buf_text(&b));
	}
	h->ops->close(h);
}

static void expect_tree(const char *manifest)
{
	int root = sysfstree_load(manifest);
	struct err e = { "" };
	struct host *h;

	assert_int_equal(host_open_dir(sysfstree_path(root), &h, &e), 0);
	expect_same(h);
	h->ops->close(h);
	sysfstree_remove(root);
}

static void test_trees(void **state)
{
	char pattern[512];
	glob_t all;

	(void)state;
	snprintf(pattern, sizeof(pattern), "%s/sysfs/*.tree", getenv("TEST_DATA"));
	assert_int_equal(glob(pattern, 0, NULL, &all), 0);
	assert_true(all.gl_pathc >= 7);
	for (size_t i = 0; i < all.gl_pathc; i++)
		expect_tree(all.gl_pathv[i]);
	globfree(&all);
}

/* A snapshot of a host that has all that a scan may be asked for. */
static struct host *open_fixture(void)
{
	struct inventory *inv = fixture_host();
	_cleanup_(buf_done) struct buf b = { 0 };

	inv->pfs[0].settled = true;
	inv->pfs[0].vf_msix = 8;
	inv->pfs[0].driver_foreign = true;
	inv->pfs[0].bus_last = 9;
	inv->devs[inv->pfs[0].dev].facts.vf_bars.known = true;
	vf_set_n(&inv->pfs[0].vfs[0].attrs, VF_MSIX, 4);
	vf_set_n(&inv->pfs[0].vfs[0].attrs, VF_VQ_RESOURCES, 2);
	inv->pfs[2].nvme = (struct nvme_caps){ .known = true, .vq = { 20, 2, 4, 1 } };
	inv->devs[inv->pfs[0].dev].path = "pci-0000:01:00.0";
	inv->devs[inv->pfs[0].vfs[0].dev].users.reserved = "VM 104";
	inv->devs[0].facts.bus_last = 7;
	inv->devs[3].lifeline.mount = "/";
	inv->devs[3].path = "pci-0000:00:1f.2";
	inv->devs[3].slot = "4";
	inv->devs[3].users.address = "192.0.2.1/24";
	inv->devs[3].users.reserved = "VM 105";
	inv->facts.known = true;
	inv->pfs[0].settings = (struct pf_settings){ .eswitch = ESWITCH_LEGACY,
		.on = mem_new(1, sizeof(char *)),
		.n_on = 1,
		.fdb_read = true,
		.fdb = mem_new(1, sizeof(struct fdb_entry)),
		.n_fdb = 1 };
	inv->pfs[0].settings.on[0] = "rx-gro";
	inv->pfs[0].settings.fdb[0] = (struct fdb_entry){ true, 0x020000000001 };
	inv->files[GENFILE_UDEV] = (struct genfile_state){ GENFILE_MARK "\n", true };
	snapshot_text(&b, inv, "1");
	inventory_free(inv);
	return open_text(&b);
}

/* What was not asked for is not there, and all else is. */
static void test_flags(void **state)
{
	struct host *h = open_fixture();

	(void)state;
	for (unsigned what = 0; what < FLAGS; what++) {
		struct inventory *inv = NULL;
		const struct pf *pf;

		if (!is_telling(what))
			continue;
		assert_int_equal(h->ops->scan(h, what, &inv, NULL), 0);
		pf = &inv->pfs[0];
		assert_int_equal(pf->has_vf_attrs, !!(what & SCAN_VF_ATTRS));
		assert_int_equal(vf_has(&pf->vfs[0].attrs, VF_MAC), !!(what & SCAN_VF_ATTRS));
		assert_int_equal(vf_has(&pf->vfs[0].attrs, VF_MSIX), !!(what & SCAN_MSIX));
		assert_int_equal(vf_has(&pf->vfs[0].attrs, VF_VQ_RESOURCES), !!(what & SCAN_NVME));
		assert_int_equal(inv->pfs[2].nvme.known, !!(what & SCAN_NVME));
		assert_int_equal(pf->vf_msix, what & SCAN_MSIX ? 8 : -1);
		assert_int_equal(pf->host_driver != NULL, !!(what & SCAN_HOST_DRIVER));
		assert_int_equal(pf->driver_foreign, !!(what & SCAN_FIT));
		assert_int_equal(pf->bus_last, what & SCAN_FIT ? 9 : 0);
		/* It has VFs, so there is no question whether they have room. */
		assert_int_equal(inv->devs[pf->dev].facts.vf_bars.known,
			(what & SCAN_FIT) && (what & SCAN_CHECK));
		assert_int_equal(inv->devs[pf->dev].path != NULL, !!(what & SCAN_PATHS));
		assert_int_equal(pf->settled, !!(what & SCAN_SETTLED));
		assert_int_equal(inv->files[GENFILE_UDEV].text != NULL, !!(what & SCAN_FILES));
		assert_int_equal(
			inv->devs[pf->vfs[0].dev].users.reserved != NULL, !!(what & SCAN_USERS));
		assert_int_equal(inv->devs[3].lifeline.mount != NULL,
			(what & SCAN_DEVICES) && (what & SCAN_USERS));
		assert_int_equal(
			inv->devs[3].path != NULL, (what & SCAN_DEVICES) && (what & SCAN_PATHS));
		assert_int_equal(inv->devs[3].slot != NULL, !!(what & SCAN_SLOTS));
		assert_int_equal(inv->devs[3].users.address != NULL,
			(what & SCAN_DEVICES) && (what & SCAN_USERS));
		assert_int_equal(inv->devs[3].users.reserved != NULL, !!(what & SCAN_USERS));
		assert_int_equal(inv->facts.known, !!(what & SCAN_CHECK));
		assert_int_equal(inv->devs[0].facts.bus_last, what & SCAN_CHECK ? 7 : -1);
		assert_true(inv->devs[pf->vfs[0].dev].vfio_open);
		assert_int_equal(inv->n_pfs, 3);
		inventory_free(inv);
	}
	h->ops->close(h);
}

/* The same of the settings of PFs. */
static void test_settings(void **state)
{
	struct host *h = open_fixture();

	(void)state;
	for (unsigned mask = 0; mask < 1u << _PFSET_MAX; mask++) {
		const struct pf_settings *s;
		struct inventory *inv = NULL;

		assert_int_equal(h->ops->scan(h, SCAN_SETTINGS_OF(mask), &inv, NULL), 0);
		s = &inv->pfs[0].settings;
		assert_int_equal(s->eswitch == ESWITCH_LEGACY, !!(mask & 1u << PFSET_ESWITCH));
		assert_int_equal(s->n_on, !!(mask & 1u << PFSET_FEATURES));
		assert_int_equal(s->n_fdb, !!(mask & 1u << PFSET_FDB));
		assert_int_equal(s->fdb_read, !!(mask & 1u << PFSET_FDB));
		if (s->n_on)
			assert_string_equal(s->on[0], "rx-gro");
		if (s->n_fdb)
			assert_int_equal(s->fdb[0].mac, 0x020000000001);
		inventory_free(inv);
	}
	h->ops->close(h);
}

static void test_run(void **state)
{
	const struct plan_pf pf = { .addr = { 0, 1, 0 } };
	const struct step steps[2] = { { .kind = STEP_PF_UP }, { .kind = STEP_AUTOPROBE } };
	struct step_result res[2] = { { 0 } };
	struct host *h = open_fixture();

	(void)state;
	assert_int_equal(h->ops->run(h, &pf, steps, 2, res), -EROFS);
	assert_int_equal(res[0].code, -EROFS);
	assert_int_equal(res[1].code, -EROFS);
	assert_string_equal(res[1].err.text, "this is not a running host");
	h->ops->close(h);
}

static void test_open(void **state)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	struct inventory *inv = NULL;
	struct err e = { "" };
	struct host *h = NULL;

	(void)state;
	assert_int_equal(host_open_snapshot("/nowhere/s.json", &h, &d, &e), -ENOENT);
	assert_string_equal(e.text, "/nowhere/s.json: No such file or directory (ENOENT)");
	assert_int_equal(host_open_snapshot("/", &h, &d, &e), -EISDIR);
	assert_true(!h && d.n == 0);
	assert_int_equal(host_open_snapshot("/dev/null", &h, &d, &e), -EINVAL);
	assert_true(h && d.n == 1);
	assert_string_equal(d.problems[0].place.file, "/dev/null");
	assert_int_equal(h->ops->scan(h, 0, &inv, &e), -EINVAL);
	assert_null(inv);
	assert_string_equal(e.text, "/dev/null is no snapshot");
	h->ops->close(h);
}

/* --- many VFs --------------------------------------------------------------------------------- */

/* PFs with 250 VFs each, which have interfaces, attributes and users. */
static struct inventory *large_host(int pfs)
{
	struct inventory *inv = fixture_new("large");
	char text[32];

	for (int p = 0; p < pfs; p++) {
		int pf;

		snprintf(text, sizeof(text), "%04x:01:00.0", p);
		pf = fixture_pf(inv, text, 0x15b31017, 0x020000, "mlx5_core", -1, 250, 0x1018);
		snprintf(text, sizeof(text), "p%d", p);
		fixture_netdev(inv, (int)inv->n_devs - 1, text, 0x020000000000 + (macaddr)p);
		for (int i = 0; i < 250; i++) {
			struct vf *vf;

			snprintf(text, sizeof(text), "%04x:02:%02x.%d", p, i / 8, i % 8);
			vf = fixture_vf(inv, pf, text, "mlx5_core", i + 1000 * p);
			fixture_igb_attrs(vf, 0x020000010000 + (macaddr)(p * 256 + i));
			snprintf(text, sizeof(text), "p%dv%d", p, i);
			fixture_netdev(inv, (int)inv->n_devs - 1, text, vf->attrs.v[VF_MAC].n);
			inv->devs[inv->n_devs - 1].users.assigned = mem_intern(inv->strings, text);
		}
	}
	return inv;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds that it takes to read the snapshot of a host with so many PFs; it has to be all there. */
static double read_large(int pfs)
{
	struct inventory *inv = large_host(pfs), *again;
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf b = { 0 }, b2 = { 0 };
	double start;

	snapshot_text(&b, inv, "1");
	start = seconds();
	assert_int_equal(snapshot_read("s", buf_text(&b), b.len, &again, &d), 0);
	start = seconds() - start;
	snapshot_text(&b2, again, "1");
	assert_string_equal(buf_text(&b), buf_text(&b2));
	assert_int_equal(again->n_devs, (size_t)pfs * 251);
	print_message("%5d VFs: %7zu bytes read in %.1f ms\n", pfs * 250, b.len, start * 1e3);
	inventory_free(inv);
	inventory_free(again);
	return start;
}

/* Told, not judged: machines are slow at times. 4,096 VFs fit four times. */
static void test_many(void **state)
{
	double few = read_large(4), many = read_large(16);

	(void)state;
	print_message("four times the VFs take %.1f times as long\n", many / few);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
