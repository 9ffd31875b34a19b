/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policies: the files in tests/data/policy/good and bad (what each bad one is told stands beside
 * it, see golden.h), the model that comes out, and texts too strange or too large to be kept as
 * files.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/policy.h"
#include "golden.h"
#include "render/problems.h"

struct parsed {
	struct policy *policy;
	struct diag d;
};

static void parsed_done(struct parsed *p)
{
	diag_done(&p->d);
	policy_free(p->policy);
}

/* From memory of exactly that size, so that a sanitizer sees the first byte too far. */
static struct parsed parse(const char *name, const char *text, size_t len)
{
	_cleanup_free_ char *exact = mem_new(len, 1);
	struct parsed p = { .policy = policy_new() };

	memcpy(exact, text, len);
	policy_parse(p.policy, name, exact, len, &p.d);
	policy_check(p.policy, &p.d);
	diag_sort(&p.d);
	return p;
}

static void render(const struct parsed *p, struct buf *b)
{
	for (size_t i = 0; i < p->d.n; i++) {
		problem_text(b, &p->d.problems[i]);
		buf_add(b, "\n");
	}
}

/* Parses the text and expects the lines TOLD. */
static void assert_told(const char *text, size_t len, const char *told)
{
	_cleanup_(parsed_done) struct parsed p = parse("p.json", text, len);
	_cleanup_(buf_done) struct buf b = { 0 };

	render(&p, &b);
	assert_string_equal(buf_text(&b), told);
}

static struct parsed parse_file(const char *dir, const char *name)
{
	_cleanup_(buf_done) struct buf path = { 0 }, text = { 0 };
	char part[4096];
	size_t n;
	FILE *f;

	buf_addf(&path, "%s/policy/%s/%s", getenv("TEST_DATA"), dir, name);
	f = fopen(buf_text(&path), "re");
	if (!f)
		fail_msg("%s cannot be opened", buf_text(&path));
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_addn(&text, part, n);
	fclose(f);
	return parse(name, buf_text(&text), text.len);
}

/* Calls FN for each *.json in the directory; there must be some. */
static void each_file(const char *dir, void (*fn)(const char *dir, const char *name))
{
	_cleanup_(buf_done) struct buf path = { 0 };
	struct dirent *entry;
	unsigned n = 0;
	DIR *list;

	assert_non_null(getenv("TEST_DATA"));
	buf_addf(&path, "%s/policy/%s", getenv("TEST_DATA"), dir);
	list = opendir(buf_text(&path));
	assert_non_null(list);
	while ((entry = readdir(list))) {
		const char *suffix = strrchr(entry->d_name, '.');

		if (!suffix || strcmp(suffix, ".json") != 0)
			continue;
		fn(dir, entry->d_name);
		n++;
	}
	closedir(list);
	assert_true(n > 0);
}

static void check_good(const char *dir, const char *name)
{
	_cleanup_(parsed_done) struct parsed p = parse_file(dir, name);
	_cleanup_(buf_done) struct buf b = { 0 };

	render(&p, &b);
	if (p.d.n > 0)
		fail_msg("%s", buf_text(&b));
}

static void check_bad(const char *dir, const char *name)
{
	_cleanup_(parsed_done) struct parsed p = parse_file(dir, name);
	_cleanup_(buf_done) struct buf b = { 0 }, expected = { 0 };

	render(&p, &b);
	if (p.d.n == 0)
		fail_msg("%s was accepted", name);
	buf_addf(&expected, "../policy/%s/%.*s.expected", dir, (int)(strrchr(name, '.') - name),
		name);
	golden_check(buf_text(&expected), buf_text(&b));
}

static void test_good_files(void **state)
{
	each_file("good", check_good);
	(void)state;
}

static void test_bad_files(void **state)
{
	each_file("bad", check_bad);
	(void)state;
}

static void assert_value(const struct vf_policy *vf, enum vf_attr_id id, const char *text)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	assert_true(vf_has(&vf->attrs, id));
	vf_value_text(&b, id, vf->attrs.v[id]);
	assert_string_equal(buf_text(&b), text);
	assert_true(vf->at[id].line > 0);
}

static void check_match(const struct pf_policy *pf)
{
	const struct pf_match *m = &pf->match;

	assert_true(m->has_address && m->has_mac && m->has_vendor && m->has_device);
	assert_string_equal(pciaddr_text(m->address).s, "0000:01:00.0");
	assert_string_equal(macaddr_text(m->mac).s, "52:54:00:11:22:33");
	assert_string_equal(m->path, "pci-0000:01:00.0");
	assert_string_equal(m->interface, "enp1s0f[01]");
	assert_int_equal(m->vendor, 0x8086);
	assert_int_equal(m->device, 0x10c9);
	assert_true(m->has_subsystem_vendor && m->has_subsystem_device && m->follow);
	assert_int_equal(m->subsystem_vendor, 0x108e);
	assert_int_equal(m->subsystem_device, 0x484c);
	assert_string_equal(m->slot, "UIO Slot1");
	assert_string_equal(m->driver, "igb");
	assert_true(pf->optional && !pf->many);
}

static void check_ranges(const struct pf_policy *pf)
{
	const struct vf_policy *vf = pf->vf;

	assert_int_equal(pf->n_vf, 2);
	assert_true(vf[0].first == 0 && vf[0].last == 5);
	assert_value(&vf[0], VF_DRIVER, "vfio-pci");
	assert_value(&vf[0], VF_VLAN, "4094 qos 7 proto 802.1ad");
	assert_value(&vf[0], VF_SPOOFCHK, "off");
	assert_value(&vf[0], VF_TRUST, "on");
	assert_value(&vf[0], VF_LINK_STATE, "enable");
	assert_value(&vf[0], VF_MIN_TX_RATE, "1000");
	assert_value(&vf[0], VF_MAX_TX_RATE, "4294967295");
	assert_value(&vf[0], VF_QUERY_RSS, "on");
	assert_value(&vf[0], VF_MSIX, "2048");
	assert_value(&vf[0], VF_EXEC_QUANTUM, "0");
	assert_value(&vf[0], VF_PREEMPT_TIMEOUT, "4294967295");
	assert_value(&vf[0], VF_SCHED_PRIORITY, "high");
	assert_value(&vf[0], VF_VQ_RESOURCES, "65535");
	assert_value(&vf[0], VF_VI_RESOURCES, "0");
	assert_value(&vf[0], VF_ONLINE, "on");
	assert_value(&vf[0], VF_LABEL, "guest · α");
	assert_false(vf_has(&vf[0].attrs, VF_MAC));
	assert_false(vf_has(&vf[0].attrs, VF_NAME) || vf_has(&vf[0].attrs, VF_MANAGED));
	assert_true(vf[1].first == 6 && vf[1].last == 6);
	assert_value(&vf[1], VF_DRIVER, "host");
	assert_value(&vf[1], VF_NAME, "lxc-6.a_b");
	assert_value(&vf[1], VF_MANAGED, "on");
	assert_value(&vf[1], VF_MAC, "auto");
	assert_value(&vf[1], VF_LINK_STATE, "disable");
	assert_value(&vf[1], VF_NODE_GUID, "00:11:22:33:44:55:66:77");
	assert_value(&vf[1], VF_PORT_GUID, "fe:dc:ba:98:76:54:32:10");
	assert_true(vf_has(&vf[1].attrs, VF_VLAN) && vf[1].attrs.v[VF_VLAN].n == 0);
}

static void test_model(void **state)
{
	_cleanup_(parsed_done) struct parsed p = parse_file("good", "every-key.json");
	const struct pf_policy *pf = p.policy->pfs;

	assert_int_equal(p.policy->n_pfs, 3);
	check_match(&pf[0]);
	check_ranges(&pf[0]);
	assert_int_equal(pf[0].n_hosts, 1);
	assert_string_equal(pf[0].hosts[0], "node-?");
	assert_true(pf[0].vfs_kind == VFS_COUNT && pf[0].vfs == 7);
	assert_true(pf[0].up == TRI_ON && pf[0].autoprobe == TRI_OFF);
	assert_value(&pf[0].defaults, VF_MAC, "keep");
	assert_value(&pf[0].defaults, VF_MAX_TX_RATE, "1000");
	assert_value(&pf[0].defaults, VF_MANAGED, "off");

	assert_true(pf[1].many && !pf[1].optional && pf[1].vfs_kind == VFS_MAX);
	assert_int_equal(pf[1].n_hosts, 2);
	assert_string_equal(pf[1].hosts[1], "kvm1");
	assert_true(pf[2].vfs_kind == VFS_UNSET && pf[2].up == TRI_UNSET);
	assert_true(pf[2].autoprobe == TRI_UNSET && pf[2].vf[0].first == 65534);
	assert_value(&pf[2].vf[0], VF_DRIVER, "none");
	(void)state;
}

static void test_devices(void **state)
{
	_cleanup_(parsed_done) struct parsed p = parse_file("good", "devices.json");
	const struct pf_policy *d = p.policy->devices;

	assert_true(p.policy->n_devices == 4 && p.policy->n_pfs == 0);
	assert_true(d[0].match.has_address && d[0].match.vendor == 0x10de);
	assert_value(&d[0].defaults, VF_DRIVER, "vfio-pci");
	assert_value(&d[0].defaults, VF_LABEL, "gpu");
	assert_true(policy_for_host(&d[0], "pve1") && !policy_for_host(&d[0], "pve2"));
	assert_true(d[1].optional && policy_for_host(&d[1], "pve2"));
	assert_true(d[2].many && !d[2].optional);
	assert_value(&d[2].defaults, VF_DRIVER, "mlx5_vfio_pci");
	assert_string_equal(d[3].match.interface, "enp5*");
	assert_value(&d[3].defaults, VF_DRIVER, "pci-stub");
	assert_string_equal(d[3].place.pointer, "/devices/3");
	(void)state;
}

static void test_places(void **state)
{
	_cleanup_(parsed_done) struct parsed p = parse_file("good", "design.json");
	const struct pf_policy *pf = p.policy->pfs;
	const struct place *at = &pf->vf[1].at[VF_VLAN];

	assert_string_equal(at->file, "design.json");
	assert_string_equal(at->pointer, "/pfs/0/vf/1-2/vlan");
	assert_true(at->line == 10 && at->column == 26);
	assert_string_equal(pf->place.pointer, "/pfs/0");
	assert_true(pf->place.line == 4 && pf->place.column == 5);
	assert_string_equal(pf->match_at.pointer, "/pfs/0/match");
	assert_string_equal(pf->vfs_at.pointer, "/pfs/0/vfs");
	assert_true(pf->vfs_at.line == 6 && pf->vfs_at.column == 19);
	assert_string_equal(pf->vf[2].place.pointer, "/pfs/0/vf/3");
	assert_true(pf->vf[2].place.line == 11 && pf->vf[2].place.column == 9);
	(void)state;
}

/* Names up to the limit of what is allowed; whose they are is in bad/names*.json. */
static void test_names(void **state)
{
	static const char *const names[] = { "lxc0", "x", "0.fifteen_bytes", "eth", "eth0.5",
		"all-" };
	_cleanup_(parsed_done) struct parsed p = parse_file("good", "names.json");
	const struct pf_policy *pf = p.policy->pfs;

	assert_int_equal(pf[0].n_vf, ARRAY_SIZE(names));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_value(&pf[0].vf[i], VF_NAME, names[i]);
	assert_value(&pf[0].vf[0], VF_MANAGED, "off");
	assert_value(&pf[0].defaults, VF_MANAGED, "on");
	assert_false(vf_has(&pf[0].vf[1].attrs, VF_MANAGED));
	assert_value(&pf[1].vf[0], VF_NAME, "lxc0");
	assert_string_equal(pf[1].vf[0].at[VF_NAME].pointer, "/pfs/1/vf/0/name");
	assert_value(&pf[1].vf[1], VF_MANAGED, "off");
	(void)state;
}

/* A name is as long as the kernel can take it; one of 300 bytes is not repeated in full. */
static void test_long_names(void **state)
{
	for (unsigned len = 1; len <= 300; len++) {
		_cleanup_(buf_done) struct buf text = { 0 }, told = { 0 };
		_cleanup_(parsed_done) struct parsed p = { 0 };

		buf_add(&text, "{\"version\": 1, \"pfs\": [{\"match\": {\"driver\": \"x\"}, "
			       "\"vf\": {\"0\": {\"name\": \"");
		buf_pad(&text, text.len, len, 'n');
		buf_add(&text, "\"}}}]}");
		p = parse("p.json", buf_text(&text), text.len);
		render(&p, &told);
		assert_int_equal(p.d.n, len > 15);
		assert_int_equal(p.policy->pfs[0].n_vf, 1);
		assert_int_equal(vf_has(&p.policy->pfs[0].vf[0].attrs, VF_NAME), len <= 15);
		assert_true(told.len < 240);
	}
	(void)state;
}

/* Which driver the kernel would choose need not be known where all drivers are named. */
static void test_asks_host_driver(void **state)
{
	static const struct {
		const char *rest;
		bool asks;
	} cases[] = {
		{ "\"defaults\": {\"driver\": \"vfio-pci\"}", false },
		{ "\"defaults\": {\"driver\": \"vfio-pci\", \"managed\": false}", false },
		{ "\"defaults\": {\"driver\": \"vfio-pci\"}, \"vf\": {\"3\": {\"driver\": "
		  "\"igbvf\"}}",
			false },
		{ "\"defaults\": {\"driver\": \"vfio-pci\"}, \"vf\": {\"3\": {\"driver\": "
		  "\"host\"}}",
			true },
		{ "\"defaults\": {\"driver\": \"vfio-pci\"}, \"vf\": {\"3\": {\"driver\": "
		  "\"none\"}}",
			true },
		{ "\"defaults\": {\"driver\": \"vfio-pci\"}, \"vf\": {\"3\": {\"driver\": "
		  "\"igbvf\", "
		  "\"managed\": true}}",
			true },
		{ "\"defaults\": {\"driver\": \"host\"}, \"vf\": {\"0-6\": {\"driver\": "
		  "\"vfio-pci\"}}",
			true },
		{ "\"vf\": {\"3\": {\"driver\": \"vfio-pci\"}}", true },
		{ "\"defaults\": {\"trust\": true}", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(buf_done) struct buf b = { 0 };
		_cleanup_(parsed_done) struct parsed p = { 0 };

		buf_addf(&b,
			"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, "
			"\"vfs\": 7, %s}]}",
			cases[i].rest);
		p = parse("p.json", buf_text(&b), b.len);
		assert_int_equal(p.d.n, 0);
		if (policy_asks_host_driver(p.policy) != cases[i].asks)
			fail_msg("%s", cases[i].rest);
	}
}

static void test_nul_bytes(void **state)
{
	static const char in_string[] =
		"{\"version\": 1, \"pfs\": [],\n \"description\": \"a\0b\"}";
	static const char at_end[] = "{\"version\": 1, \"pfs\": []}";
	static const char all[64];

	assert_told(in_string, sizeof(in_string) - 1,
		"p.json:2:19: contains a NUL byte: this is no text file\n");
	assert_told(
		at_end, sizeof(at_end), "p.json:1:26: contains a NUL byte: this is no text file\n");
	assert_told(all, sizeof(all), "p.json:1:1: contains a NUL byte: this is no text file\n");
	(void)state;
}

/* LEN bytes, of which the first half opens arrays and the second closes them. */
static void assert_nested(size_t len, const char *told)
{
	_cleanup_free_ char *text = mem_new(len, 1);

	memset(text, '[', len / 2);
	memset(text + len / 2, ']', len - len / 2);
	assert_told(text, len, told);
}

static void test_nested(void **state)
{
	assert_nested(130, "p.json:1:65: nested too deeply: "
			   "at most 64 objects and arrays may stand in each other\n");
	assert_nested(POLICY_SIZE_MAX, "p.json:1:2049: nested too deeply: "
				       "at most 64 objects and arrays may stand in each other\n");
	assert_nested(2 * 1024 * 1024, "p.json: larger than 1024 KiB: this is no policy\n");
	(void)state;
}

static void test_size(void **state)
{
	static const char text[] = "{\"version\": 1, \"pfs\": []}";
	_cleanup_free_ char *padded = mem_new(POLICY_SIZE_MAX + 1, 1);

	memset(padded, ' ', POLICY_SIZE_MAX + 1);
	memcpy(padded, text, strlen(text));
	assert_told(padded, POLICY_SIZE_MAX, "");
	assert_told(
		padded, POLICY_SIZE_MAX + 1, "p.json: larger than 1024 KiB: this is no policy\n");
	(void)state;
}

/* As many ranges as there can be VFs, in an order that a careless sort or search would not like. */
static void test_many_ranges(void **state)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	_cleanup_(parsed_done) struct parsed p = { 0 };
	static const unsigned count = 30000;

	buf_add(&text, "{\"version\": 1, \"pfs\": [{\"match\": {\"driver\": \"x\"}, \"vf\": {");
	for (unsigned i = 0; i < count; i++)
		buf_addf(&text, "%s\"%u\": {\"trust\": true}", i ? "," : "", count - 1 - i);
	buf_add(&text, "}}]}");
	p = parse("p.json", buf_text(&text), text.len);
	assert_int_equal(p.d.n, 0);
	assert_int_equal(p.policy->pfs[0].n_vf, count);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(p.policy->pfs[0].vf[i].first, i);
	(void)state;
}

/* A long key or string is not repeated in full. */
static void test_long_texts(void **state)
{
	_cleanup_(buf_done) struct buf text = { 0 }, told = { 0 };
	_cleanup_(parsed_done) struct parsed p = { 0 };

	buf_add(&text, "{\"version\": 1, \"pfs\": [], \"");
	for (int i = 0; i < 1000; i++)
		buf_add(&text, "ä");
	buf_add(&text, "\": 1, \"hosts\": [\"");
	for (int i = 0; i < 1000; i++)
		buf_add(&text, "ä");
	buf_add(&text, "\"]}");
	p = parse("p.json", buf_text(&text), text.len);
	render(&p, &told);
	assert_int_equal(p.d.n, 2);
	assert_true(told.len < 400);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_files),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_asks_host_driver),
		cmocka_unit_test(test_nul_bytes),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_many_ranges),
		cmocka_unit_test(test_long_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
