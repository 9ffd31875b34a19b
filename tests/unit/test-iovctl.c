/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configurations of FreeBSD's iovctl(8): the files in tests/data/iovctl/good, beside which stand
 * the policy that each becomes and what is told of it, those in bad with what each is told, and
 * which PF of a host is proposed.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/iovctl.h"
#include "core/policy.h"
#include "core/ucl.h"
#include "fixture.h"
#include "golden.h"
#include "render/capture.h"
#include "render/problems.h"

struct parsed {
	struct mem_pool *strings;
	struct iovctl f;
	struct diag d, notes;
	int code;
};

static void parsed_done(struct parsed *p)
{
	iovctl_done(&p->f);
	diag_done(&p->d);
	diag_done(&p->notes);
	mem_pool_free(p->strings);
}

/* From memory of exactly that size, so that a sanitizer sees the first byte too far. */
static struct parsed parse(const char *name, const char *text, size_t len)
{
	_cleanup_free_ char *exact = mem_new(len, 1);
	struct parsed p = { .strings = mem_pool_new() };

	memcpy(exact, text, len);
	p.code = iovctl_parse(name, exact, len, p.strings, &p.f, &p.d, &p.notes);
	return p;
}

static void render(struct diag *d, struct buf *b)
{
	diag_sort(d);
	for (size_t i = 0; i < d->n; i++) {
		problem_text(b, &d->problems[i]);
		buf_add(b, "\n");
	}
}

static struct parsed parse_file(const char *dir, const char *name)
{
	_cleanup_(buf_done) struct buf path = { 0 }, text = { 0 };
	char part[4096];
	size_t n;
	FILE *f;

	buf_addf(&path, "%s/iovctl/%s/%s.conf", getenv("TEST_DATA"), dir, name);
	f = fopen(buf_text(&path), "re");
	if (!f)
		fail_msg("%s cannot be opened", buf_text(&path));
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_addn(&text, part, n);
	fclose(f);
	return parse(name, buf_text(&text), text.len);
}

/* Calls FN with the name, without the end, of each *.conf in the directory; there must be some. */
static void each_file(const char *dir, void (*fn)(const char *name))
{
	_cleanup_(buf_done) struct buf path = { 0 };
	struct dirent *entry;
	unsigned n = 0;
	DIR *list;

	buf_addf(&path, "%s/iovctl/%s", getenv("TEST_DATA"), dir);
	list = opendir(buf_text(&path));
	assert_non_null(list);
	while ((entry = readdir(list))) {
		char *suffix = strrchr(entry->d_name, '.');

		if (!suffix || strcmp(suffix, ".conf") != 0)
			continue;
		*suffix = '\0';
		fn(entry->d_name);
		n++;
	}
	closedir(list);
	assert_true(n > 0);
}

static void check_golden(const char *dir, const char *name, const char *end, const char *text)
{
	_cleanup_(buf_done) struct buf path = { 0 };

	buf_addf(&path, "../iovctl/%s/%s.%s", dir, name, end);
	golden_check(buf_text(&path), text);
}

/* What comes out is a policy without problems for the PF that it is said to be for. */
static void assert_valid(const char *name, const char *text)
{
	_cleanup_(diag_done) struct diag d = { 0 };
	_cleanup_(buf_done) struct buf b = { 0 };
	struct policy *p = policy_new();

	policy_parse(p, name, text, strlen(text), &d);
	policy_check(p, &d);
	render(&d, &b);
	if (d.n)
		fail_msg("%s\n%s", buf_text(&b), text);
	assert_int_equal(p->n_pfs, 1);
	policy_free(p);
}

static void check_good(const char *name)
{
	_cleanup_(parsed_done) struct parsed p = parse_file("good", name);
	_cleanup_(buf_done) struct buf told = { 0 }, notes = { 0 }, policy = { 0 };
	struct capture c = { &p.f.pf, 1 };
	struct inventory *inv;

	render(&p.d, &told);
	if (p.code || p.d.n)
		fail_msg("%s", buf_text(&told));
	inv = fixture_host();
	p.f.pf.pf = 0;
	capture_policy(&policy, inv, &c);
	render(&p.notes, &notes);
	check_golden("good", name, "json", buf_text(&policy));
	check_golden("good", name, "notes", buf_text(&notes));
	assert_valid(name, buf_text(&policy));
	inventory_free(inv);
}

static void check_bad(const char *name)
{
	_cleanup_(parsed_done) struct parsed p = parse_file("bad", name);
	_cleanup_(buf_done) struct buf told = { 0 };

	render(&p.d, &told);
	if (!p.d.n || !p.code)
		fail_msg("%s was accepted", name);
	check_golden("bad", name, "expected", buf_text(&told));
}

static void test_good_files(void **state)
{
	(void)state;
	each_file("good", check_good);
}

static void test_bad_files(void **state)
{
	(void)state;
	each_file("bad", check_bad);
}

static void test_too_large(void **state)
{
	_cleanup_free_ char *text = mem_new(POLICY_SIZE_MAX + 1, 1);
	_cleanup_(buf_done) struct buf told = { 0 };
	struct parsed p;

	(void)state;
	memset(text, '\n', POLICY_SIZE_MAX + 1);
	p = parse("a.conf", text, POLICY_SIZE_MAX + 1);
	render(&p.d, &told);
	assert_string_equal(
		buf_text(&told), "a.conf: larger than 1024 KiB: this is no iovctl.conf\n");
	parsed_done(&p);
}

/* --- which PF --------------------------------------------------------------------------------- */

/* Three cards of two families. */
static struct inventory *host(void)
{
	struct inventory *inv = fixture_new("host");
	int pf = fixture_pf(inv, "0000:01:00.0", 0x80861521, 0x020000, "igb", 1, 7, 0x1520);

	fixture_netdev(inv, inv->pfs[pf].dev, "eno1", 0x525400000001);
	fixture_pf(inv, "0000:03:00.0", 0x808610fb, 0x020000, "ixgbe", 2, 63, 0x10ed);
	pf = fixture_pf(inv, "0000:03:00.1", 0x808610fb, 0x020000, "ixgbe", 3, 63, 0x10ed);
	fixture_netdev(inv, inv->pfs[pf].dev, "enp3s0f1", 0x525400000002);
	return inv;
}

/* What is told of DEVICE on INV, which it frees, when its PF is to be PF. */
static void assert_told(struct inventory *inv, const char *device, int pf, const char *told)
{
	_cleanup_(diag_done) struct diag notes = { 0 };
	struct iovctl f = { .device = device, .device_at = { "a.conf", "/PF/device", 2, 3 } };

	iovctl_note_pf(&f, inv, pf, &notes);
	assert_int_equal(notes.n, told != NULL);
	if (told)
		assert_string_equal(notes.problems[0].text, told);
	inventory_free(inv);
}

#define EMPTY(device)                                                                       \
	device " says nothing about this host, so \"match\" is empty: name the PF that is " \
	       "meant as an argument, by address or interface; "
#define ALL "this host has 0000:01:00.0 (eno1), 0000:03:00.0, 0000:03:00.1 (enp3s0f1)"

static void test_proposes(void **state)
{
	(void)state;
	assert_told(host(), "ix1", -1,
		EMPTY("ix1") "if the cards are the same, in the same order, it is 0000:03:00.1 "
			     "(enp3s0f1)");
	assert_told(host(), "igb0", -1,
		EMPTY("igb0") "if the cards are the same, in the same order, it is 0000:01:00.0 "
			      "(eno1)");
	assert_told(host(), "ix2", -1,
		EMPTY("ix2") "its driver here would be ixgbe, which only 2 PFs of this host "
			     "have; " ALL);
	assert_told(host(), "ixl0", -1,
		EMPTY("ixl0") "its driver here would be i40e, which no PF of this host has; " ALL);
	assert_told(host(), "ix", -1, EMPTY("ix") ALL);
	assert_told(host(), "x0", -1, EMPTY("x0") ALL);
	assert_told(host(), "ix0a1", -1, EMPTY("ix0a1") ALL);
	assert_told(host(), "ix4294967296", -1, EMPTY("ix4294967296") ALL);
	assert_told(fixture_new("none"), "ix0", -1,
		EMPTY("ix0") "its driver here would be ixgbe, which no PF of this host has; this "
			     "host has no PF with SR-IOV at all");
}

static void test_other_card(void **state)
{
	(void)state;
	assert_told(host(), "ix0", 2, NULL);
	assert_told(host(), "x0", 0, NULL);
	assert_told(host(), "ix0", 0,
		"ix0 is a card for driver ixgbe, which 0000:01:00.0 (eno1) has not: is it the "
		"right one?");
}

/* --- numbers and booleans --------------------------------------------------------------------- */

static void test_numbers(void **state)
{
	static const struct {
		const char *s;
		uint64_t n;
	} good[] = { { "0", 0 }, { "17", 17 }, { "0x1F", 31 }, { "2k", 2000 }, { "2K", 2000 },
		{ "2kb", 2048 }, { "3m", 3000000 }, { "1MB", 1048576 }, { "1g", 1000000000 },
		{ "1Gb", 1073741824 }, { "18446744073709551615", UINT64_MAX } };
	static const char *const bad[] = { "", "-1", "+1", " 1", "1 ", "x", "0x", "0x1k", "1kk",
		"1t", "1.5", "1e3", "1min", "18446744073709551616", "18446744073709551615k" };
	uint64_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		n = 1;
		assert_true(ucl_number(good[i].s, &n));
		assert_int_equal(n, good[i].n);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (ucl_number(bad[i], &n))
			fail_msg("\"%s\" is a number", bad[i]);
}

static void test_booleans(void **state)
{
	static const char *const good[] = { "true", "yes", "on", "TRUE", "False", "no", "OFF" };
	static const char *const bad[] = { "", "1", "0", "y", "tru", "truee" };
	bool b;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_true(ucl_bool(good[i], &b));
		assert_int_equal(b, i < 4);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(ucl_bool(bad[i], &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_files),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_proposes),
		cmocka_unit_test(test_other_card),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_booleans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
