/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a plan that is about generated files, and what it is called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "attempt.h"
#include "fixture-plan.h"

/* What is there is `files` of INV; these are wanted in place of it. */
typedef const char *texts[_GENFILE_MAX];

/* An inventory in which F has TEXT, and no other file is there. */
static struct inventory *host_with(enum genfile f, const char *text, bool loaded)
{
	struct inventory *inv = inventory_new();

	inv->files[f] = (struct genfile_state){ mem_intern(inv->strings, text), loaded };
	return inv;
}

/* Expects the lines STEPS of a plan that has nothing to do but to make INV's files be AFTER. */
static void expect(const struct inventory *inv, const texts after, const char *steps)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct plan *p = fixture_plan(1);

	plan_add_files(p, inv, after, true);
	assert_string_equal(attempt_text(p, &b), steps);
	assert_int_equal(p->n_pfs, *steps ? 2 : 1);
	assert_int_equal(plan_count_pfs(p), 1);
	plan_free(p);
}

static void test_nothing_to_do(void **state)
{
	struct inventory *inv = inventory_new();

	(void)state;
	expect(inv, (texts){ NULL }, "");
	inventory_free(inv);
	inv = host_with(GENFILE_NETWORKD, "text\n", true);
	expect(inv, (texts){ [GENFILE_NETWORKD] = "text\n" }, "");
	inventory_free(inv);
}

static void test_written(void **state)
{
	static const char udev[] =
		"host write /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service "
		"if it runs\n";
	struct inventory *inv = inventory_new();

	(void)state;
	expect(inv, (texts){ [GENFILE_UDEV] = "text\n" }, udev);
	expect(inv, (texts){ "a", "b", "c" },
		"host write /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service if "
		"it runs\n"
		"host write /run/NetworkManager/conf.d/90-sriovctl.conf, reload "
		"NetworkManager.service if it runs\n"
		"host write /run/systemd/network/05-sriovctl.network, reload "
		"systemd-networkd.service if it runs\n");
	inventory_free(inv);
	inv = host_with(GENFILE_UDEV, "text", true);
	expect(inv, (texts){ [GENFILE_UDEV] = "text\n" }, udev);
	inventory_free(inv);
}

/* The right text of which its reader does not know is written again, which tells it. */
static void test_not_loaded(void **state)
{
	struct inventory *inv = host_with(GENFILE_NETWORKMANAGER, "text\n", false);

	(void)state;
	expect(inv, (texts){ [GENFILE_NETWORKMANAGER] = "text\n" },
		"host write /run/NetworkManager/conf.d/90-sriovctl.conf, reload "
		"NetworkManager.service if it runs\n");
	inventory_free(inv);
}

static void test_removed(void **state)
{
	static const char step[] = "host remove /run/systemd/network/05-sriovctl.network, reload "
				   "systemd-networkd.service if it runs\n";
	struct inventory *inv = host_with(GENFILE_NETWORKD, "text\n", true);

	(void)state;
	expect(inv, (texts){ NULL }, step);
	inv->files[GENFILE_NETWORKD].loaded = false;
	expect(inv, (texts){ NULL }, step);
	inventory_free(inv);
}

/* A file that is to stay as it is stays: what it says, and whom it tells, is not ours. */
static void test_kept(void **state)
{
	struct inventory *inv = host_with(GENFILE_UDEV, "# mine\n", false);

	(void)state;
	expect(inv, (texts){ [GENFILE_UDEV] = inv->files[GENFILE_UDEV].text }, "");
	inventory_free(inv);
}

static void test_values(void **state)
{
	struct inventory *inv = host_with(GENFILE_UDEV, "old\n", true);
	char udev[] = "new\n", networkd[] = "first\n";
	struct plan *p = fixture_plan(0);
	const struct step *s;

	(void)state;
	plan_add_files(
		p, inv, (texts){ [GENFILE_UDEV] = udev, [GENFILE_NETWORKD] = networkd }, true);
	memset(udev, 'x', sizeof(udev) - 1); /* the plan has its own */
	memset(networkd, 'x', sizeof(networkd) - 1);
	assert_int_equal(p->pfs[0].n_steps, 2);
	s = p->pfs[0].steps;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(s[i].kind, STEP_FILE);
		assert_int_equal(s[i].vf, -1);
		assert_int_equal(s[i].effect, STEP_SAFE);
	}
	assert_int_equal(s[0].file, GENFILE_UDEV);
	assert_true(s[0].before_known);
	assert_string_equal(s[0].before.s, "old\n");
	assert_string_equal(s[0].after.s, "new\n");
	assert_int_equal(s[1].file, GENFILE_NETWORKD);
	assert_true(s[1].before_known);
	assert_null(s[1].before.s);
	assert_string_equal(s[1].after.s, "first\n");
	plan_free(p);
	inventory_free(inv);
}

/* Before all PFs or behind them; these stay what and in which order they were. */
static void test_place(void **state)
{
	static const struct consent nothing;
	struct inventory *inv = inventory_new();

	(void)state;
	for (int first = 0; first < 2; first++) {
		_cleanup_(buf_done) struct buf b = { 0 };
		struct plan *p = fixture_plan_host();
		size_t size = plan_size(p), n = p->n_pfs, host = first ? 0 : n;

		plan_add_files(p, inv, (texts){ "a", NULL, "c" }, first);
		assert_int_equal(p->n_pfs, n + 1);
		assert_int_equal(plan_count_pfs(p), n);
		assert_int_equal(plan_size(p), size + 2);
		for (size_t i = 0; i <= n; i++)
			assert_int_equal(p->pfs[i].host, i == host);
		for (size_t i = 0; i < n; i++) {
			const struct plan_pf *pf = &p->pfs[i + (first ? 1 : 0)];

			assert_int_equal(pf->addr.devfn, i);
			assert_int_not_equal(pciaddr_cmp(pf->addr, p->pfs[host].addr), 0);
			assert_int_equal(pf->n_steps > 0, i < 2);
		}
		assert_int_equal(p->pfs[host].ifindex, 0);
		assert_null(p->pfs[host].netdev);
		assert_null(p->pfs[host].driver);
		assert_null(plan_refusal(&p->pfs[host], nothing, &b));
		plan_free(p);
	}
	inventory_free(inv);
}

static void test_no_pfs(void **state)
{
	struct inventory *inv = inventory_new();
	struct plan *p = fixture_plan(0);

	(void)state;
	plan_add_files(p, inv, (texts){ NULL }, true);
	assert_int_equal(p->n_pfs, 0);
	plan_add_files(p, inv, (texts){ "a" }, false);
	assert_int_equal(p->n_pfs, 1);
	assert_int_equal(plan_count_pfs(p), 0);
	plan_free(p);
	inventory_free(inv);
}

static void test_label(void **state)
{
	static const struct plan_pf host = { .host = true },
				    pf = { .addr = { 0x10000, 0xff, 0xff } };

	(void)state;
	assert_string_equal(plan_pf_label(&host).s, "host");
	assert_string_equal(plan_pf_label(&pf).s, "10000:ff:1f.7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_to_do),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_not_loaded),
		cmocka_unit_test(test_removed),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_no_pfs),
		cmocka_unit_test(test_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
