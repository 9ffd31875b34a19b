/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running host as a policy: with it, there is nothing to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/plan.h"
#include "core/policy.h"
#include "fixture.h"
#include "golden.h"
#include "render/capture.h"
#include "render/isolation.h"

/* What `capture` says of INV; notes are joined, a line each, in NOTES (may be NULL). */
static void capture_text(struct buf *b, const struct inventory *inv, struct buf *notes)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	struct mem_pool *pool = mem_pool_new();
	struct capture *c = capture_make(inv, NULL, pool, &d);

	capture_policy(b, inv, c);
	for (size_t i = 0; notes && i < d.n; i++)
		buf_addf(notes, "%s: %s\n", d.problems[i].place.file, d.problems[i].text);
	capture_free(c);
	mem_pool_free(pool);
}

static struct policy *parse(const char *text, struct diag *d)
{
	struct policy *p = policy_new();

	policy_parse(p, "captured.json", text, strlen(text), d);
	policy_check(p, d);
	return p;
}

/* Fails unless TEXT is a good policy with which there is nothing to do on INV, and no file to write
 * unless FILES. */
static void assert_nothing_to_do(const char *text, const struct inventory *inv, bool files)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	struct policy *p = parse(text, &d);
	struct want *w = want_make(p, inv, &d);
	struct plan *plan = plan_make(w, inv);
	struct isolation *i = isolation_make(w, inv);

	if (d.n)
		fail_msg("%s\n%s", d.problems[0].text, text);
	for (size_t pf = 0; pf < plan->n_pfs; pf++)
		for (size_t s = 0; s < plan->pfs[pf].n_steps; s++) {
			_cleanup_(buf_done) struct buf b = { 0 };

			step_text(&b, &plan->pfs[pf].steps[s]);
			fail_msg("%s: %s\n%s", plan_pf_label(&plan->pfs[pf]).s, buf_text(&b), text);
		}
	assert_int_equal(i->n_pfs > 0, files);
	isolation_free(i);
	plan_free(plan);
	want_free(w);
	policy_free(p);
}

static void check_round(const struct inventory *inv, bool files)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	capture_text(&b, inv, NULL);
	assert_nothing_to_do(buf_text(&b), inv, files);
}

static void test_host(void **state)
{
	struct inventory *inv = fixture_host();
	_cleanup_(buf_done) struct buf b = { 0 }, notes = { 0 };

	(void)state;
	capture_text(&b, inv, &notes);
	golden_check("capture.json", buf_text(&b));
	assert_string_equal(buf_text(&notes), "");
	inventory_free(inv);
}

/* A host as a shell script leaves it: each VF on the driver of the host, whose managers have it. */
static struct inventory *shell_host(unsigned n)
{
	struct inventory *inv = fixture_new("shell");
	int pf = fixture_pf(inv, "0000:01:00.0", 0x808610c9, 0x020000, "igb", 10, 64, 0x10ca);

	inv->pfs[pf].has_vf_attrs = true;
	inv->pfs[pf].autoprobe = true;
	inv->pfs[pf].host_driver = mem_intern(inv->strings, "igbvf");
	fixture_netdev(inv, inv->pfs[pf].dev, "enp1s0", 0x525400010001);
	for (unsigned i = 0; i < n; i++) {
		char addr[32], name[16];
		struct vf *vf;

		snprintf(addr, sizeof(addr), "0000:01:%02x.%x", 16 + i / 4, i % 4 * 2);
		snprintf(name, sizeof(name), "enp1s0v%u", i);
		vf = fixture_vf(inv, pf, addr, "igbvf", 20 + (int)i);
		fixture_igb_attrs(vf, 0x020000000000 + i);
		fixture_netdev(inv, vf->dev, name, 0x020000000000 + i);
	}
	return inv;
}

static void test_shell(void **state)
{
	struct inventory *inv = shell_host(6);
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	capture_text(&b, inv, NULL);
	golden_check("capture-shell.json", buf_text(&b));
	assert_nothing_to_do(buf_text(&b), inv, false);
	inventory_free(inv);
}

/* Each attribute, on some VFs, on most, on all. */
static void test_each_attribute(void **state)
{
	static const struct {
		enum vf_attr_id id;
		uint64_t value;
	} cases[] = {
		{ VF_MAC, 0 },
		{ VF_VLAN, (uint64_t)VLAN_PROTO_8021Q << 32 | 7 },
		{ VF_MIN_TX_RATE, 10 },
		{ VF_MAX_TX_RATE, 500 },
		{ VF_SPOOFCHK, 0 },
		{ VF_LINK_STATE, 1 },
		{ VF_LINK_STATE, 2 },
		{ VF_QUERY_RSS, 1 },
		{ VF_TRUST, 1 },
	};

	(void)state;
	for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++)
		for (unsigned n = 1; n <= 6; n++) {
			struct inventory *inv = shell_host(6);

			for (unsigned i = 0; i < n; i++)
				vf_set_n(&inv->pfs[0].vfs[i].attrs, cases[c].id, cases[c].value);
			check_round(inv, false);
			inventory_free(inv);
		}
}

static void assert_has(const struct inventory *inv, const char *words)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	capture_text(&b, inv, NULL);
	if (!strstr(buf_text(&b), words))
		fail_msg("%s\nis not in\n%s", words, buf_text(&b));
}

static void test_vlan(void **state)
{
	struct inventory *inv = shell_host(1);

	(void)state;
	vf_set_n(&inv->pfs[0].vfs[0].attrs, VF_VLAN, vlan_pack(7, 0, VLAN_PROTO_8021Q));
	assert_has(inv, "\"vlan\": 7");
	vf_set_n(&inv->pfs[0].vfs[0].attrs, VF_VLAN, vlan_pack(7, 3, VLAN_PROTO_8021AD));
	assert_has(inv, "\"qos\": 3");
	check_round(inv, false);
	inventory_free(inv);
}

static void test_pf(void **state)
{
	struct inventory *inv = shell_host(2);

	(void)state;
	inv->netdevs[0].up = false;
	assert_has(inv, "\"up\": false");
	inv->pfs[0].autoprobe = false;
	assert_has(inv, "\"autoprobe\": false");
	inv->netdevs[0].mtu = 9000;
	assert_has(inv, "\"mtu\": 9000");
	check_round(inv, false);
	inventory_free(inv);
}

/* What is said of guests' VFs needs files, and nothing else. */
static void test_drivers(void **state)
{
	struct inventory *inv = shell_host(4);

	(void)state;
	inv->devs[inv->pfs[0].vfs[1].dev].driver = "vfio-pci";
	inv->devs[inv->pfs[0].vfs[1].dev].override = "vfio-pci";
	inv->devs[inv->pfs[0].vfs[1].dev].netdev = -1;
	inv->devs[inv->pfs[0].vfs[2].dev].driver = NULL;
	inv->devs[inv->pfs[0].vfs[2].dev].netdev = -1;
	check_round(inv, true);
	assert_has(inv, "\"driver\": \"none\"");
	inventory_free(inv);
}

/* On a host that a policy has set up, capture gives the same names and the same managed VFs. */
static void test_what_our_files_say(void **state)
{
	static const char policy[] = "{\"version\": 1, \"pfs\": [{\"match\": {\"address\": "
				     "\"0000:01:00.0\"}, \"defaults\":"
				     "{\"mac\": \"keep\", \"driver\": \"host\"}, \"vf\": {\"1\": "
				     "{\"name\": \"enp1s0v1\"},"
				     "\"2\": {\"managed\": true}}}]}";
	struct inventory *inv = shell_host(4);
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf rules = { 0 };
	struct policy *p = parse(policy, &d);
	struct want *w = want_make(p, inv, &d);
	struct isolation *i = isolation_make(w, inv);
	struct capture *c;
	struct mem_pool *pool = mem_pool_new();

	(void)state;
	assert_int_equal(d.n, 0);
	isolation_text(&rules, GENFILE_UDEV, i);
	inv->files[GENFILE_UDEV].text = buf_text(&rules);
	for (unsigned vf = 0; vf < 4; vf++)
		inv->devs[inv->pfs[0].vfs[vf].dev].override = "igbvf";
	c = capture_make(inv, NULL, pool, &d);
	assert_int_equal(c->pfs[0].n_vfs, 4); /* each has an address of its own */
	for (unsigned vf = 0; vf < 4; vf++) {
		const struct vf_attrs *a = &c->pfs[0].vfs[vf].attrs;

		assert_int_equal(vf_has(a, VF_MANAGED), vf == 2);
		assert_int_equal(vf_has(a, VF_NAME), vf == 1);
	}
	capture_free(c);
	mem_pool_free(pool);
	check_round(inv, true);
	/* Somebody else's file of that name says nothing. */
	inv->files[GENFILE_UDEV].text = strchr(buf_text(&rules), '\n') + 1;
	assert_has(inv, "\"managed\": true");
	isolation_free(i);
	want_free(w);
	policy_free(p);
	inventory_free(inv);
}

static void test_unknown_attributes(void **state)
{
	struct inventory *inv = shell_host(2);
	_cleanup_(buf_done) struct buf b = { 0 }, notes = { 0 };

	(void)state;
	inv->pfs[0].has_vf_attrs = false;
	inv->pfs[0].vfs[0].attrs = inv->pfs[0].vfs[1].attrs = (struct vf_attrs){ 0 };
	capture_text(&b, inv, &notes);
	assert_non_null(strstr(buf_text(&notes), "0000:01:00.0: what its VFs' MACs"));
	assert_nothing_to_do(buf_text(&b), inv, false);
	inventory_free(inv);
}

/* A name that a device has given itself does not break out of the document. */
static void test_hostile(void **state)
{
	struct inventory *inv = shell_host(2);
	_cleanup_(buf_done) struct buf b = { 0 };
	_cleanup_(diag_done) struct diag d = { 0 };

	(void)state;
	inv->devs[inv->pfs[0].vfs[0].dev].driver = "x\", \"y\": \"\033[2J";
	capture_text(&b, inv, NULL);
	assert_null(strchr(buf_text(&b), '\033'));
	assert_null(strstr(buf_text(&b), "\"y\":"));
	policy_free(parse(buf_text(&b), &d));
	assert_true(d.n > 0); /* no driver's name */
	inventory_free(inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_shell),
		cmocka_unit_test(test_each_attribute),
		cmocka_unit_test(test_vlan),
		cmocka_unit_test(test_pf),
		cmocka_unit_test(test_drivers),
		cmocka_unit_test(test_what_our_files_say),
		cmocka_unit_test(test_unknown_attributes),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
