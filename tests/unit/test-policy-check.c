/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only shows when all files of a policy are read, and which hosts an entry is for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/policy.h"
#include "render/problems.h"

#define FILE_OF(entries) "{\"version\": 1, \"pfs\": [\n" entries "\n]}"

/* Parses two files, which must be good each for itself, and expects the lines TOLD about both. */
static void assert_told(const char *a, const char *b, const char *told)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf text = { 0 };
	struct policy *p = policy_new();

	policy_parse(p, "a.json", a, strlen(a), &d);
	policy_parse(p, "b.json", b, strlen(b), &d);
	assert_int_equal(d.n, 0);
	policy_check(p, &d);
	diag_sort(&d);
	for (size_t i = 0; i < d.n; i++) {
		problem_text(&text, &d.problems[i]);
		buf_add(&text, "\n");
		assert_int_equal(d.problems[i].entry, -1);
	}
	assert_string_equal(buf_text(&text), told);
	policy_free(p);
}

static void test_merge(void **state)
{
	assert_told(FILE_OF("{\"match\": {\"address\": \"01:00.0\"}}"),
		FILE_OF("{\"match\": {\"address\": \"02:00.0\"}}"), "");
	(void)state;
}

static void test_same_address(void **state)
{
	assert_told(FILE_OF("{\"match\": {\"address\": \"01:00.0\"}}"),
		FILE_OF("{\"match\": {\"address\": \"0000:01:00.0\"}}"),
		"b.json:2:11: /pfs/0/match: 0000:01:00.0 already has an entry at "
		"a.json:2:11\n");
	assert_told(FILE_OF("{\"match\": {\"address\": \"0001:01:00.0\"}}"),
		FILE_OF("{\"match\": {\"address\": \"0000:01:00.0\"}}"), "");
	(void)state;
}

static void test_same_pf_mac(void **state)
{
	assert_told(FILE_OF("{\"match\": {\"mac\": \"52:54:00:11:22:33\"}}"),
		FILE_OF("{\"match\": {\"mac\": \"52-54-00-11-22-33\", \"driver\": \"igb\"}}"),
		"b.json:2:11: /pfs/0/match: 52:54:00:11:22:33 already has an entry at "
		"a.json:2:11\n");
	(void)state;
}

#define ENTRY(hosts, pf, mac)                                                                     \
	"{\"hosts\": " hosts ", \"match\": {\"address\": \"" pf "\"}, \"vf\": {\"0\": {\"mac\": " \
	"\"" mac "\"}}}"

static void test_same_vf_mac(void **state)
{
	assert_told(FILE_OF(ENTRY("[\"*\"]", "01:00.0", "02:00:00:00:00:01")),
		FILE_OF(ENTRY("[\"*\"]", "02:00.0", "02:00:00:00:00:01")),
		"b.json:2:71: /pfs/0/vf/0/mac: 02:00:00:00:00:01 is already given to another VF at "
		"a.json:2:71\n");
	/* Words are no addresses. */
	assert_told(FILE_OF(ENTRY("[\"*\"]", "01:00.0", "auto")),
		FILE_OF(ENTRY("[\"*\"]", "02:00.0", "auto")), "");
	assert_told(FILE_OF(ENTRY("[\"*\"]", "01:00.0", "keep")),
		FILE_OF(ENTRY("[\"*\"]", "02:00.0", "keep")), "");
	(void)state;
}

static void test_vf_with_mac_of_pf(void **state)
{
	assert_told(FILE_OF("{\"match\": {\"mac\": \"52:54:00:11:22:33\"}}"),
		FILE_OF(ENTRY("[\"*\"]", "02:00.0", "52:54:00:11:22:33")),
		"b.json:2:71: /pfs/0/vf/0/mac: 52:54:00:11:22:33 is both a VF's address and a "
		"PF's: "
		"the other is at a.json:2:11\n");
	(void)state;
}

#define NAMED(hosts, pf, name)                                                                     \
	"{\"hosts\": " hosts ", \"match\": {\"address\": \"" pf "\"}, \"vf\": {\"0\": {\"name\": " \
	"\"" name "\"}}}"

/* Two VFs of one host never have one name, whatever files they stand in. */
static void test_same_name(void **state)
{
	assert_told(FILE_OF(NAMED("[\"pve*\"]", "01:00.0", "lxc0")),
		FILE_OF(NAMED("[\"pve1\", \"x\"]", "02:00.0", "lxc0")),
		"b.json:2:80: /pfs/0/vf/0/name: is already the name of another VF at "
		"a.json:2:75\n");
	assert_told(FILE_OF(NAMED("[\"pve1\"]", "01:00.0", "lxc0")),
		FILE_OF(NAMED("[\"pve2\"]", "02:00.0", "lxc0")), "");
	assert_told(FILE_OF(NAMED("[\"*\"]", "01:00.0", "lxc0")),
		FILE_OF(NAMED("[\"*\"]", "02:00.0", "Lxc0")), "");
	/* The word is not claimed by what else has it. */
	assert_told(FILE_OF(NAMED("[\"*\"]", "01:00.0", "igbvf")),
		FILE_OF("{\"match\": {\"address\": \"02:00.0\"}, "
			"\"defaults\": {\"driver\": \"igbvf\", \"label\": \"igbvf\"}}"),
		"");
	(void)state;
}

/* Each later one is told, against the first that can be on the same host. */
static void test_name_of_three(void **state)
{
	assert_told(FILE_OF(NAMED("[\"a\"]", "01:00.0", "lxc0") ",\n" NAMED(
			    "[\"b\"]", "01:00.0", "lxc0")),
		FILE_OF(NAMED("[\"b\"]", "02:00.0", "lxc0") ",\n" NAMED(
			"[\"a\", \"b\"]", "03:00.0", "lxc0")),
		"b.json:2:72: /pfs/0/vf/0/name: is already the name of another VF at a.json:3:72\n"
		"b.json:3:77: /pfs/1/vf/0/name: is already the name of another VF at "
		"a.json:2:72\n");
	(void)state;
}

/* Whether two entries with those hosts, the same PF and the same VF address are in conflict. */
static bool in_conflict(const char *hosts, const char *others)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf text = { 0 };
	struct policy *p = policy_new();
	size_t found;

	buf_addf(&text,
		FILE_OF("{\"hosts\": [%s], \"match\": {\"address\": \"01:00.0\"}},"
			"{\"hosts\": [%s], \"match\": {\"address\": \"01:00.0\"}}"),
		hosts, others);
	policy_parse(p, "p.json", buf_text(&text), text.len, &d);
	assert_int_equal(d.n, 0);
	policy_check(p, &d);
	found = d.n;
	policy_free(p);
	return found > 0;
}

static void test_hosts(void **state)
{
	assert_true(in_conflict("\"pve1\"", "\"pve1\""));
	assert_true(in_conflict("\"pve?\"", "\"pve1\""));
	assert_true(in_conflict("\"pve1\"", "\"pve?\""));
	assert_true(in_conflict("\"a\", \"pve*\"", "\"b\", \"pve1\""));
	assert_true(in_conflict("\"[ab]*\"", "\"[ab]*\""));
	assert_false(in_conflict("\"pve1\"", "\"pve2\""));
	assert_false(in_conflict("\"a\", \"b\"", "\"c\", \"d\""));
	(void)state;
}

static void test_conflict_is_told_once_per_entry(void **state)
{
	assert_told(FILE_OF("{\"match\": {\"address\": \"01:00.0\"}},\n"
			    "{\"hosts\": [\"a\"], \"match\": {\"address\": \"02:00.0\"}},\n"
			    "{\"hosts\": [\"b\"], \"match\": {\"address\": \"02:00.0\"}}"),
		FILE_OF("{\"hosts\": [\"b\"], \"match\": {\"address\": \"02:00.0\"}},\n"
			"{\"hosts\": [\"c\"], \"match\": {\"address\": \"02:00.0\"}}"),
		"b.json:2:27: /pfs/0/match: 0000:02:00.0 already has an entry at "
		"a.json:4:27\n");
	(void)state;
}

static void test_for_host(void **state)
{
	const char *globs[] = { "pve*", "kvm[12]" };
	struct pf_policy pf = { .hosts = globs, .n_hosts = 2 };

	assert_true(policy_for_host(&pf, "pve"));
	assert_true(policy_for_host(&pf, "pve1.example.org"));
	assert_true(policy_for_host(&pf, "kvm2"));
	assert_false(policy_for_host(&pf, "kvm3"));
	assert_false(policy_for_host(&pf, "apve"));
	assert_false(policy_for_host(&pf, ""));
	pf.n_hosts = 0;
	assert_true(policy_for_host(&pf, "anything"));
	(void)state;
}

/* Hosts of the whole file are for the entries without their own, and for no other file. */
static void test_hosts_of_a_file(void **state)
{
	static const char a[] = "{\"pfs\": [{\"match\": {\"driver\": \"x\"}},"
				"{\"match\": {\"driver\": \"y\"}, \"hosts\": [\"b\"]}],"
				"\"hosts\": [\"a\"], \"version\": 1}";
	static const char b[] = FILE_OF("{\"match\": {\"driver\": \"z\"}}");
	_cleanup_(diag_done) struct diag d = { 0 };
	struct policy *p = policy_new();

	policy_parse(p, "a.json", a, strlen(a), &d);
	policy_parse(p, "b.json", b, strlen(b), &d);
	assert_int_equal(d.n, 0);
	assert_int_equal(p->n_pfs, 3);
	assert_true(policy_for_host(&p->pfs[0], "a") && !policy_for_host(&p->pfs[0], "b"));
	assert_true(policy_for_host(&p->pfs[1], "b") && !policy_for_host(&p->pfs[1], "a"));
	assert_true(policy_for_host(&p->pfs[2], "c"));
	policy_free(p);
	(void)state;
}

static void test_free_nothing(void **state)
{
	policy_free(NULL);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_same_address),
		cmocka_unit_test(test_same_pf_mac),
		cmocka_unit_test(test_same_vf_mac),
		cmocka_unit_test(test_vf_with_mac_of_pf),
		cmocka_unit_test(test_same_name),
		cmocka_unit_test(test_name_of_three),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_conflict_is_told_once_per_entry),
		cmocka_unit_test(test_for_host),
		cmocka_unit_test(test_hosts_of_a_file),
		cmocka_unit_test(test_free_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
