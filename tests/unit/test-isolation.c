/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that keep network managers off VFs. */
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "golden.h"
#include "render/isolation.h"

#define VF_MAX 128

/*
 * VFs that follow each other as those of an 82576 do, every second function, for the tests to
 * change.
 */
static void make_vfs(struct isolated_vf *vfs, unsigned n, const char *first, const char *driver)
{
	struct pciaddr a;

	assert_int_equal(pciaddr_parse(first, &a), 0);
	for (unsigned i = 0; i < n; i++, a.devfn = (uint8_t)(a.devfn + 2), a.bus += !a.devfn)
		vfs[i] = (struct isolated_vf){ .index = i, .addr = a, .driver = driver };
}

static struct isolated_pf make_pf(
	const char *addr, const char *netdev, struct isolated_vf *vfs, size_t n)
{
	struct isolated_pf pf = { .netdev = netdev, .nic = true, .vfs = vfs, .n_vfs = n };

	assert_int_equal(pciaddr_parse(addr, &pf.addr), 0);
	return pf;
}

/* Compares each text with a file, and looks that genfile.c finds the parts in it that it has. */
static void check(const char *name, struct isolated_pf *pfs, size_t n)
{
	struct isolation i = { .pfs = pfs, .n_pfs = n };

	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		_cleanup_(buf_done) struct buf b = { 0 }, same = { 0 };
		char path[64];

		isolation_text(&b, f, &i);
		snprintf(path, sizeof(path), "isolation-%s-%s", name,
			strrchr(genfile(f)->path, '/') + 1);
		golden_check(path, buf_text(&b));
		assert_true(genfile_is_ours(buf_text(&b)));
		assert_int_equal(genfile_has_blocks(buf_text(&b)), n > 0);
		genfile_merge(&same, buf_text(&b), buf_text(&b));
		assert_string_equal(buf_text(&same), buf_text(&b));
	}
}

/* Whether a list of NetworkManager's matches, by the rules of NetworkManager.conf(5). */
static bool list_matches(char *list, const char *interface)
{
	static const char key[] = "interface-name:";

	for (char *spec = strtok(list, ","); spec; spec = strtok(NULL, ",")) {
		assert_memory_equal(spec, key, strlen(key));
		spec += strlen(key);
		if (*spec == '=' ? strcmp(spec + 1, interface) == 0
				 : fnmatch(spec, interface, 0) == 0)
			return true;
	}
	return false;
}

/* Whether one of the sections makes NetworkManager leave INTERFACE alone. */
static bool is_unmanaged(const struct isolation *i, const char *interface)
{
	static const char key[] = "match-device=";
	_cleanup_(buf_done) struct buf b = { 0 };
	bool found = false;

	isolation_text(&b, GENFILE_NETWORKMANAGER, i);
	for (const char *s = buf_text(&b); !found && (s = strstr(s, key)); s += strlen(key)) {
		char list[512];

		snprintf(list, sizeof(list), "%.*s", (int)strcspn(s + strlen(key), "\n"),
			s + strlen(key));
		found = list_matches(list, interface);
	}
	return found;
}

static void test_mixed(void **state)
{
	static const char *const unmanaged[] = { "enp1s0f0v0", "enp1s0f0v3", "enp1s0f1v1", "lxc0",
		"lab.100_x-y" };
	static const char *const managed[] = { "enp1s0f0v2", "enp1s0f1v0", "wan", "enp1s0f0",
		"enp1s0f1", "enp1s0v0", "enp1s0f0v10", "enp1s0f0vlan0", "eth0", "lab" };
	struct isolated_vf a[4], b[3];
	struct isolated_pf pfs[2];
	struct isolation i = { .pfs = pfs, .n_pfs = 2 };

	(void)state;
	make_vfs(a, 4, "0000:01:10.0", "vfio-pci");
	a[2] = (struct isolated_vf){ .index = 2, .addr = a[2].addr, .managed = true };
	a[3].driver = "igbvf";
	a[3].name = "lxc0";
	make_vfs(b, 3, "0000:01:10.1", NULL);
	b[0].name = "wan";
	b[0].managed = true;
	b[2].name = "lab.100_x-y";
	pfs[0] = make_pf("0000:01:00.0", "enp1s0f0", a, 4);
	pfs[1] = make_pf("0000:01:00.1", "enp1s0f1", b, 3);
	check("mixed", pfs, 2);
	for (size_t n = 0; n < ARRAY_SIZE(unmanaged); n++)
		assert_true(is_unmanaged(&i, unmanaged[n]));
	for (size_t n = 0; n < ARRAY_SIZE(managed); n++)
		assert_false(is_unmanaged(&i, managed[n]));
}

static void test_nvme(void **state)
{
	struct isolated_vf vfs[VF_MAX];
	struct isolated_pf pf;

	(void)state;
	make_vfs(vfs, 127, "0000:02:00.1", "vfio-pci");
	vfs[5].name = "ignored";
	pf = make_pf("0000:02:00.0", NULL, vfs, 127);
	pf.nic = false;
	check("nvme", &pf, 1);
}

static void test_managed(void **state)
{
	struct isolated_vf vfs[3];
	struct isolated_pf pf;

	(void)state;
	make_vfs(vfs, 3, "0000:01:10.0", NULL);
	for (size_t i = 0; i < 3; i++)
		vfs[i].managed = true;
	vfs[1].name = "dmz";
	pf = make_pf("0000:01:00.0", "enp1s0", vfs, 3);
	check("managed", &pf, 1);
}

/* Then only the policy's names are known. */
static void test_no_interface(void **state)
{
	struct isolated_vf a[3], b[2];
	struct isolated_pf pfs[2];

	(void)state;
	make_vfs(a, 3, "0000:01:10.0", NULL);
	a[0].managed = true;
	a[1].name = "lxc1";
	a[2].name = "lxc2";
	make_vfs(b, 2, "0000:03:10.0", NULL);
	b[0].managed = true;
	pfs[0] = make_pf("0000:01:00.0", NULL, a, 3);
	pfs[1] = make_pf("0000:03:00.0", NULL, b, 2);
	check("no-interface", pfs, 2);
}

static void test_unsafe(void **state)
{
	static const char *const names[] = { "a\nRUN+=\"/bin/sh", "", "a\"", "b$c", "%k", "*", "ä",
		"a b" };
	struct isolated_vf a[8], b[2], c[2];
	struct isolated_pf pfs[3];

	(void)state;
	make_vfs(a, 8, "0000:01:10.0", NULL);
	for (size_t i = 0; i < 8; i++) {
		a[i].name = names[i];
		a[i].driver = names[7 - i];
		a[i].managed = i % 2;
	}
	make_vfs(b, 2, "0000:01:10.1", "x\", PROGRAM=\"y");
	make_vfs(c, 2, "0000:04:10.0", "igbvf");
	c[0].name = "good";
	c[1].driver = "vfio\\pci";
	pfs[0] = make_pf("0000:01:00.0", "enp1s0", a, 8);
	pfs[1] = make_pf("0000:01:00.1", "eth0,*", b, 2);
	pfs[2] = make_pf("0000:04:00.0", "x]\n[main", c, 2);
	check("unsafe", pfs, 3);
}

static void test_none(void **state)
{
	(void)state;
	check("none", NULL, 0);
}

/*
 * What two runs wrote, each for its PF, is what one run writes for both; and can be parted again.
 */
static void test_runs(void **state)
{
	struct isolated_vf a[2], b[2];
	struct isolated_pf pfs[2];
	struct isolation both = { .pfs = pfs, .n_pfs = 2 };
	struct isolation one = { .pfs = pfs, .n_pfs = 1 }, two = { .pfs = pfs + 1, .n_pfs = 1 };

	(void)state;
	make_vfs(a, 2, "0000:01:10.0", "vfio-pci");
	make_vfs(b, 2, "0000:01:10.1", NULL);
	b[1].managed = true;
	pfs[0] = make_pf("0000:01:00.0", "enp1s0f0", a, 2);
	pfs[1] = make_pf("0000:01:00.1", "enp1s0f1", b, 2);
	for (enum genfile f = 0; f < _GENFILE_MAX; f++) {
		_cleanup_(buf_done) struct buf all = { 0 }, first = { 0 }, second = { 0 };
		_cleanup_(buf_done) struct buf merged = { 0 }, parted = { 0 };

		isolation_text(&all, f, &both);
		isolation_text(&first, f, &one);
		isolation_text(&second, f, &two);
		genfile_merge(&merged, buf_text(&second), buf_text(&first));
		assert_string_equal(buf_text(&merged), buf_text(&all));
		genfile_without(&parted, buf_text(&merged), &pfs[0].addr, 1);
		assert_string_equal(buf_text(&parted), buf_text(&second));
	}
}

/* Lines that udev reads are shorter than it allows, whatever a PF has. */
static void test_lengths(void **state)
{
	struct isolated_vf vfs[VF_MAX];
	struct isolated_pf pf = make_pf("ffffffff:ff:1f.7", "enp255s31f7npx", vfs, VF_MAX);
	struct isolation i = { .pfs = &pf, .n_pfs = 1 };
	_cleanup_(buf_done) struct buf b = { 0 };

	(void)state;
	make_vfs(vfs, VF_MAX, "ffffffff:fe:1f.7", NULL);
	for (unsigned k = 0; k < VF_MAX; k++) {
		vfs[k].driver = k % 2 ? "vfio-pci" : NULL;
		vfs[k].name = "fifteen-letters";
		vfs[k].managed = k % 2;
	}
	isolation_text(&b, GENFILE_UDEV, &i);
	for (const char *line = buf_text(&b); *line; line += strcspn(line, "\n") + 1)
		assert_in_range(strcspn(line, "\n"), 0, 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_nvme),
		cmocka_unit_test(test_managed),
		cmocka_unit_test(test_no_interface),
		cmocka_unit_test(test_unsafe),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
