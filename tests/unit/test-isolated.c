/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which VFs are kept from the host's network managers, and where they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/isolation.h"
#include "fixture.h"

struct made {
	struct policy *policy;
	struct inventory *inv;
	struct want *want;
	struct isolation *isolation;
};

static void made_done(struct made *m)
{
	isolation_free(m->isolation);
	want_free(m->want);
	inventory_free(m->inv);
	policy_free(m->policy);
}

/* What the entries ENTRIES of a policy make on INV, which goes with the result. */
static struct made make(const char *entries, struct inventory *inv)
{
	struct made m = { .policy = policy_new(), .inv = inv };
	_cleanup_(buf_done) struct buf text = { 0 };
	_cleanup_(diag_done) struct diag d = { 0 };

	buf_addf(&text, "{\"version\": 1, \"pfs\": [%s]}", entries);
	policy_parse(m.policy, "p.json", buf_text(&text), text.len, &d);
	m.want = want_make(m.policy, inv, &d);
	if (d.n)
		fail_msg("%s", d.problems[0].text);
	m.isolation = isolation_make(m.want, inv);
	return m;
}

static void assert_vf(const struct isolated_pf *pf, unsigned i, const char *addr,
	const char *driver, const char *name)
{
	const struct isolated_vf *vf = &pf->vfs[i];

	assert_int_equal(vf->index, i);
	assert_string_equal(pciaddr_text(vf->addr).s, addr);
	if (driver)
		assert_string_equal(vf->driver, driver);
	else
		assert_null(vf->driver);
	if (name)
		assert_string_equal(vf->name, name);
	else
		assert_null(vf->name);
}

/* VFs that exist are where they are, whatever the PF would predict; the others where it does. */
static void test_addresses(void **state)
{
	struct inventory *inv = fixture_host();
	_cleanup_(made_done) struct made m = { 0 };
	const struct isolated_pf *pf;

	(void)state;
	inv->pfs[0].offset = 0x180; /* from 01:00.0: past the end of the bus */
	inv->pfs[0].stride = 4;
	m = make("{\"match\": {\"address\": \"01:00.0\"}, \"vfs\": 7, \"defaults\": {\"mac\": "
		 "\"keep\"}}",
		inv);
	assert_int_equal(m.isolation->n_pfs, 1);
	pf = m.isolation->pfs;
	assert_int_equal(pf->n_vfs, 7);
	assert_vf(pf, 0, "0000:01:10.0", NULL, NULL);
	assert_vf(pf, 1, "0000:01:10.2", NULL, NULL);
	assert_vf(pf, 2, "0000:01:10.4", NULL, NULL);
	assert_vf(pf, 3, "0000:01:10.6", NULL, NULL);
	assert_vf(pf, 4, "0000:02:12.0", NULL, NULL);
	assert_vf(pf, 5, "0000:02:12.4", NULL, NULL);
	assert_vf(pf, 6, "0000:02:13.0", NULL, NULL);
}

/* While a disable is stuck there are gaps: what is gone is predicted, what is there is not. */
static void test_gap(void **state)
{
	struct inventory *inv = fixture_host();
	_cleanup_(made_done) struct made m = { 0 };
	const struct isolated_pf *pf;

	(void)state;
	inv->pfs[0].offset = 0x90;
	memmove(inv->pfs[0].vfs, inv->pfs[0].vfs + 2, 2 * sizeof(struct vf));
	inv->pfs[0].n_vfs = 2;
	m = make("{\"match\": {\"address\": \"01:00.0\"}, \"defaults\": {\"mac\": \"keep\"}}", inv);
	pf = m.isolation->pfs;
	assert_int_equal(pf->n_vfs, 4);
	assert_vf(pf, 0, "0000:01:12.0", NULL, NULL);
	assert_vf(pf, 1, "0000:01:12.2", NULL, NULL);
	assert_vf(pf, 2, "0000:01:10.4", NULL, NULL);
	assert_vf(pf, 3, "0000:01:10.6", NULL, NULL);
}

/* As the policy says; what it does not say is not made up from what is there now. */
static void test_attributes(void **state)
{
	_cleanup_(made_done) struct made m = make(
		"{\"match\": {\"address\": \"01:00.0\"}, \"vfs\": 6,"
		"\"defaults\": {\"mac\": \"keep\", \"managed\": true, \"driver\": \"vfio-pci\"},"
		"\"vf\": {\"1\": {\"driver\": \"none\"},"
		"\"2\": {\"driver\": \"host\", \"name\": \"lxc2\"},"
		"\"3\": {\"driver\": \"igbvf\", \"managed\": false}}},"
		"{\"match\": {\"address\": \"01:00.1\"}, \"defaults\": {\"mac\": \"keep\"}}",
		fixture_host());
	const struct isolated_pf *pf = m.isolation->pfs;

	(void)state;
	assert_int_equal(m.isolation->n_pfs, 2);
	assert_vf(&pf[0], 0, "0000:01:10.0", "vfio-pci", NULL);
	assert_vf(&pf[0], 1, "0000:01:10.2", NULL, NULL);
	/* What is the host's altogether needs no pin. */
	assert_vf(&pf[0], 2, "0000:01:10.4", NULL, "lxc2");
	assert_vf(&pf[0], 3, "0000:01:10.6", "igbvf", NULL);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(pf[0].vfs[i].managed, i != 3);
	assert_int_equal(pf[1].n_vfs, 2);
	assert_vf(&pf[1], 0, "0000:01:10.1", NULL, NULL);
	assert_false(pf[1].vfs[0].managed || pf[1].vfs[1].managed);
}

/* A PF whose VFs are all left to the host is in no file. */
static void test_all_left_to_the_host(void **state)
{
	_cleanup_(made_done) struct made m = make(
		"{\"match\": {\"address\": \"01:00.0\"}, \"defaults\": {\"mac\": \"keep\","
		"\"managed\": true, \"driver\": \"host\"}},"
		"{\"match\": {\"address\": \"01:00.1\"}, \"defaults\": {\"mac\": \"keep\","
		"\"managed\": true, \"driver\": \"host\"}, \"vf\": {\"1\": {\"managed\": false}}}",
		fixture_host());

	(void)state;
	assert_int_equal(m.isolation->n_pfs, 1);
	assert_string_equal(pciaddr_text(m.isolation->pfs[0].addr).s, "0000:01:00.1");
}

static void test_pfs(void **state)
{
	_cleanup_(made_done) struct made m = make(
		"{\"match\": {\"address\": \"03:00.0\"}, \"vfs\": 3,"
		"\"defaults\": {\"driver\": \"vfio-pci\"}},"
		"{\"match\": {\"address\": \"01:00.1\"}, \"vfs\": 1}",
		fixture_host());
	const struct isolated_pf *pf = m.isolation->pfs;

	(void)state;
	assert_int_equal(m.isolation->n_pfs, 2);
	assert_string_equal(pciaddr_text(pf[0].addr).s, "0000:01:00.1");
	assert_string_equal(pf[0].netdev, "enp1s0f1");
	assert_true(pf[0].nic);
	assert_int_equal(pf[0].n_vfs, 1);
	assert_string_equal(pciaddr_text(pf[1].addr).s, "0000:03:00.0");
	assert_null(pf[1].netdev);
	assert_false(pf[1].nic);
	assert_vf(&pf[1], 1, "0000:03:00.2", "vfio-pci", NULL);
	assert_vf(&pf[1], 2, "0000:03:00.3", "vfio-pci", NULL);
}

/* A network card without an interface here: InfiniBand, for of Ethernet the policy wants one. */
static void test_interface_elsewhere(void **state)
{
	struct inventory *inv = fixture_host();
	_cleanup_(made_done) struct made m = { 0 };

	(void)state;
	inv->devs[inv->pfs[0].dev].class_code = 0x020700;
	inv->devs[inv->pfs[0].dev].netdev = -1;
	m = make("{\"match\": {\"address\": \"01:00.0\"}, \"vfs\": 4}", inv);
	assert_int_equal(m.isolation->n_pfs, 1);
	assert_true(m.isolation->pfs[0].nic);
	assert_null(m.isolation->pfs[0].netdev);
}

/* A PF that is to have no VFs, or of which the policy does not speak, is nobody's to protect. */
static void test_left_out(void **state)
{
	_cleanup_(made_done) struct made none = make("", fixture_host());
	_cleanup_(made_done) struct made m = make(
		"{\"match\": {\"address\": \"01:00.0\"}, \"vfs\": 0},"
		"{\"match\": {\"address\": \"01:00.1\"}, \"vfs\": 1}",
		fixture_host());

	(void)state;
	assert_int_equal(none.isolation->n_pfs, 0);
	assert_int_equal(m.isolation->n_pfs, 1);
	assert_string_equal(pciaddr_text(m.isolation->pfs[0].addr).s, "0000:01:00.1");
	isolation_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_all_left_to_the_host),
		cmocka_unit_test(test_pfs),
		cmocka_unit_test(test_interface_elsewhere),
		cmocka_unit_test(test_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
