/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that are no snapshot: what is told of each, and where. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/snapshot.h"

#define DEVICE(address) "{\"address\":\"" address "\",\"vendor\":\"8086\",\"device\":\"10c9\"}"

/* A snapshot whose line 2 is what a case is about; all the rest is good. */
#define TOP(line)                                                                             \
	"{\"version\": 1, \"devices\": [" DEVICE("01:00.0") "," DEVICE("01:10.0") "," DEVICE( \
		"01:10.2") "],\n" line "}"
#define DEVS(line) "{\"version\": 1, \"devices\": [\n" line "]}"
#define MORE(more) \
	DEVS("{\"address\":\"01:00.0\",\"vendor\":\"8086\",\"device\":\"10c9\"," more "}")
#define PCI(more)   MORE("\"pci\": {" more "}")
#define CHECK(more) TOP("\"check\": {" more "}")
#define NET(more)   TOP("\"netdevs\": [{\"name\":\"a\"," more "}]")
#define PF(more)    TOP("\"pfs\": [{\"address\":\"01:00.0\",\"total_vfs\":7," more "}]")
#define VF(more)    PF("\"vfs\": [{\"index\":0,\"address\":\"01:10.0\"," more "}]")

struct bad {
	const char *text; /* "@" stands before what is complained about, and is not in it */
	const char *pointer, *words;
};

static const struct bad cases[] = {
	/* no JSON, no snapshot */
	{ "@", "", "not JSON" },
	{ "{\"version\": 1@,", "", "not JSON" },
	{ "@[]", "", "must be an object, not an array" },
	{ "@null", "", "must be an object, not null" },
	{ "@{\"devices\": []}", "", "needs the key \"version\"" },
	{ "@{\"version\": 1}", "", "needs the key \"devices\"" },
	{ "@{\"version\": 1, \"devices\": null}", "", "needs the key \"devices\"" },
	{ "{\"version\": @2, \"devices\": []}", "/version", "must be 1" },
	{ "{\"version\": @\"1\", \"devices\": []}", "/version", "not the string \"1\"" },
	{ TOP("@\"hsot\": 1"), "/hsot", "unknown key of a snapshot (there are host, kernel" },
	{ TOP("@\"version\": 1"), "/version", "already given at s.json:1:2" },
	{ TOP("\"sriovctl\": @1"), "/sriovctl", "must be a string" },
	{ TOP("\"description\": @{}"), "/description", "must be a string" },
	/* texts */
	{ TOP("\"host\": @\"a\\u0000b\""), "/host", "control character U+0000" },
	{ TOP("\"host\": @\"a\\u001bb\""), "/host", "control character U+001B" },
	{ TOP("\"host\": @\"a\\\\x00b\""), "/host", "that are not 00" },
	{ TOP("\"host\": @\"a\\\\x1B\""), "/host", "two lower-case hexadecimal digits" },
	{ TOP("\"host\": @\"a\\\\x1\""), "/host", "hexadecimal" },
	{ TOP("\"host\": @\"a\\\\\""), "/host", "a \\ is written as \\\\" },
	{ TOP("\"host\": @\"a\\\\n\""), "/host", "a \\ is written as \\\\" },
	{ TOP("\"host\": @7"), "/host", "must be a string, not 7" },
	{ MORE("\"driver\": @\"../x\""), "/devices/0/driver", "is no name" },
	{ MORE("\"driver\": @\"\""), "/devices/0/driver", "is no name" },
	{ MORE("\"driver\": @\"a b\""), "/devices/0/driver", "is no name" },
	{ MORE("\"users\": {\"assigned_to\": @\"VM \\\\x1b[2J\"}"), "/devices/0/users/assigned_to",
		"has a control character" },
	{ MORE("\"users\": {\"vfio\": {\"guest\": @\"\\\\x0a\"}}"), "/devices/0/users/vfio/guest",
		"has a control character" },
	/* numbers and switches */
	{ TOP("\"iommu\": @1"), "/iommu", "must be true or false, not 1" },
	{ MORE("\"iommu_group\": @-1"), "/devices/0/iommu_group", "-1 is not in 0..2147483647" },
	{ MORE("\"iommu_group\": @2147483648"), "/devices/0/iommu_group", "is not in" },
	{ MORE("\"iommu_group\": @1.0"), "/devices/0/iommu_group", "whole number" },
	{ MORE("\"users\": {\"vfio\": {\"pid\": @0}}"), "/devices/0/users/vfio/pid",
		"0 is not in 1.." },
	{ MORE("\"users\": @[]"), "/devices/0/users", "must be an object" },
	{ MORE("\"users\": {@\"vfoi\": {}}"), "/devices/0/users/vfoi", "unknown key of users" },
	/* devices */
	{ DEVS("@5"), "/devices/0", "must be an object, not 5" },
	{ DEVS("@{\"vendor\": \"8086\", \"device\": \"10c9\"}"), "/devices/0",
		"a device needs the key \"address\"" },
	{ DEVS("{\"address\": @\"1:00.0\", \"vendor\": \"8086\", \"device\": \"10c9\"}"),
		"/devices/0/address", "\"1:00.0\" is not a PCI address" },
	{ DEVS("{\"address\": \"01:00.0\", \"vendor\": @\"0x8086\", \"device\": \"10c9\"}"),
		"/devices/0/vendor", "is not a number of 4 hexadecimal digits" },
	{ DEVS("{\"address\": \"01:00.0\", \"vendor\": @\"0000\", \"device\": \"10c9\"}"),
		"/devices/0/vendor", "that is not 0" },
	{ MORE("\"class_code\": @\"0200\""), "/devices/0/class_code", "6 hexadecimal digits" },
	{ DEVS(DEVICE("01:10.0") ",\n@" DEVICE("01:00.0")), "/devices/1",
		"stands behind a device of a higher address" },
	{ DEVS(DEVICE("01:10.0") ",\n@" DEVICE("0000:01:10.0")), "/devices/1",
		"a device of the same address stands before it" },
	{ MORE("\"netdev\": @\"eth0\""), "/devices/0/netdev", "there is no interface \"eth0\"" },
	{ TOP("\"netdevs\": @5"), "/netdevs", "must be an array, not 5" },
	{ "{\"version\": 1, \"netdevs\": [{\"name\": \"a\"}], \"devices\": [\n@{\"address\": "
	  "\"01:00.0\", "
	  "\"vendor\": \"8086\", \"device\": \"10c9\", \"netdev\": \"a\"}]}",
		"/devices/0", "its interface \"a\" is not one of this \"device\"" },
	{ "{\"version\": 1, \"netdevs\": [{\"name\": \"a\", \"device\": \"01:00.0\"}], "
	  "\"devices\": [\n@"
	  "{\"address\": \"01:00.0\", \"vendor\": \"8086\", \"device\": \"10c9\", "
	  "\"netdev_elsewhere\": "
	  "true}]}",
		"/devices/0", "so it is not elsewhere" },
	/* interfaces */
	{ TOP("\"netdevs\": [@{}]"), "/netdevs/0", "an interface needs the key \"name\"" },
	{ TOP("\"netdevs\": [{\"name\": @\"\"}]"), "/netdevs/0/name",
		"is 0 bytes long; it has to have 1 to 15" },
	{ TOP("\"netdevs\": [{\"name\": @\"a234567890123456\"}]"), "/netdevs/0/name",
		"is 16 bytes long" },
	{ TOP("\"netdevs\": [@{\"name\": \"a/b\"}]"), "/netdevs/0", "is no interface's name" },
	{ TOP("\"netdevs\": [{\"name\": \"a\"}, @{\"name\": \"a\"}]"), "/netdevs/1",
		"an interface called \"a\" stands before it" },
	{ TOP("\"netdevs\": [{\"name\": \"a\", \"ifindex\": 3}, @{\"name\": \"b\", \"ifindex\": "
	      "3}]"),
		"/netdevs/1", "an interface of the same ifindex stands before it" },
	{ TOP("\"netdevs\": [{\"name\": \"a\", \"ifindex\": 3}, @{\"name\": \"b\", \"ifindex\": "
	      "2}]"),
		"/netdevs/1", "of a higher ifindex" },
	{ TOP("\"netdevs\": [{\"name\": \"a\", \"ifindex\": 2147483647}, @{\"name\": \"b\"}]"),
		"/netdevs/1", "no ifindex left" },
	{ NET("\"ifindex\": @0"), "/netdevs/0/ifindex", "0 is not in 1.." },
	{ NET("\"device\": @\"05:00.0\""), "/netdevs/0/device",
		"there is no 0000:05:00.0 in \"devices\"" },
	{ NET("\"mac\": @\"02:00:00:00:00\""), "/netdevs/0/mac", "is not a MAC address" },
	{ NET("\"member_of\": @\"br0\""), "/netdevs/0/member_of", "there is no interface \"br0\"" },
	{ NET("\"member_of\": @true"), "/netdevs/0/member_of", "must be a string, not true" },
	/* PFs and VFs */
	{ TOP("\"pfs\": [@{\"address\": \"01:00.0\"}]"), "/pfs/0",
		"a PF needs the key \"total_vfs\"" },
	{ TOP("\"pfs\": [{\"address\": @\"02:00.0\", \"total_vfs\": 1}]"), "/pfs/0/address",
		"there is no" },
	{ TOP("\"pfs\": [{\"address\": \"01:10.0\", \"total_vfs\": 1}, @{\"address\": \"01:00.0\", "
	      "\"total_vfs\": 1}]"),
		"/pfs/1", "stands behind a PF of a higher address" },
	{ TOP("\"pfs\": [{\"address\": \"01:10.0\", \"total_vfs\": 1}, @{\"address\": \"01:10.0\", "
	      "\"total_vfs\": 1}]"),
		"/pfs/1", "a PF of the same address" },
	{ TOP("\"pfs\": [{\"address\": \"01:00.0\", \"total_vfs\": @65536}]"), "/pfs/0/total_vfs",
		"65536 is not in 1..65535" },
	{ TOP("\"pfs\": [@{\"address\": \"01:00.0\", \"total_vfs\": 7, \"vfs\": [{\"index\": 0, "
	      "\"address\": \"01:00.0\"}]}]"),
		"/pfs/0", "0000:01:00.0 is already a VF" },
	{ PF("\"vfs\": [{\"index\": 0, \"address\": \"01:10.0\"}, @{\"index\": 1, \"address\": "
	     "\"01:10.0\"}]"),
		"/pfs/0/vfs/1", "0000:01:10.0 is already a VF of \"pfs\"" },
	{ TOP("\"pfs\": [{\"address\": \"01:00.0\", \"total_vfs\": 1}, {\"address\": \"01:10.0\", "
	      "\"total_vfs\": 1, "
	      "\"vfs\": [@{\"index\": 0, \"address\": \"01:00.0\"}]}]"),
		"/pfs/1/vfs/0", "0000:01:00.0 is already one of \"pfs\"" },
	{ PF("\"vfs\": [{\"index\": 1, \"address\": \"01:10.0\"}, @{\"index\": 1, \"address\": "
	     "\"01:10.2\"}]"),
		"/pfs/0/vfs/1", "a VF of the same index" },
	{ PF("\"vfs\": [{\"index\": @65536, \"address\": \"01:10.0\"}]"), "/pfs/0/vfs/0/index",
		"is not in 0..65535" },
	{ VF("@\"driver\": \"igbvf\""), "/pfs/0/vfs/0/driver",
		"unknown key of a VF (there are index, address, mac, vlan" },
	{ VF("\"trust\": @\"on\""), "/pfs/0/vfs/0/trust", "must be true or false" },
	{ VF("\"trust\": @1"), "/pfs/0/vfs/0/trust", "1 is not in 2.." },
	{ VF("\"link_state\": @\"up\""), "/pfs/0/vfs/0/link_state",
		"is none of \"auto\", \"enable\", \"disable\"" },
	{ VF("\"mac\": @\"auto\""), "/pfs/0/vfs/0/mac", "is not a MAC address" },
	{ VF("\"max_tx_rate\": @4294967296"), "/pfs/0/vfs/0/max_tx_rate",
		"is not in 0..4294967295" },
	{ VF("\"vlan\": @100"), "/pfs/0/vfs/0/vlan", "must be an object with id, qos, proto" },
	{ VF("\"vlan\": @{}"), "/pfs/0/vfs/0/vlan", "the key \"id\" is missing" },
	{ VF("\"vlan\": {\"id\": 1, @\"prio\": 1}"), "/pfs/0/vfs/0/vlan/prio", "unknown key" },
	{ VF("\"vlan\": {\"id\": 1, \"proto\": @\"8021q\"}"), "/pfs/0/vfs/0/vlan/proto",
		"is none of" },
	/* what only check asks for */
	{ MORE("\"pci\": @[]"), "/devices/0/pci", "must be an object" },
	{ PCI("@\"parents\": \"01:00.0\""), "/devices/0/pci/parents",
		"unknown key of \"pci\" (there are parent, bus_first" },
	{ PCI("\"parent\": @\"02:00.0\""), "/devices/0/pci/parent",
		"there is no 0000:02:00.0 in \"devices\"" },
	{ PCI("\"parent\": @0"), "/devices/0/pci/parent", "must be a string" },
	{ PCI("\"bus_first\": @-1"), "/devices/0/pci/bus_first", "-1 is not in 0..255" },
	{ PCI("\"bus_last\": @256"), "/devices/0/pci/bus_last", "256 is not in 0..255" },
	{ PCI("\"ari_enabled\": @2"), "/devices/0/pci/ari_enabled", "2 is not in 0..1" },
	{ PCI("\"config\": {\"total_vfs\": @65536}"), "/devices/0/pci/config/total_vfs",
		"is not in 0..65535" },
	{ PCI("\"config\": {\"vf_bars\": @\"40\"}"), "/devices/0/pci/config/vf_bars",
		"\"40\" is not a number of 2 hexadecimal digits up to 3f" },
	{ PCI("\"config\": {\"acs_control\": @\"5d\"}"), "/devices/0/pci/config/acs_control",
		"is not a number of 4 hexadecimal digits" },
	{ PCI("\"vf_bars\": {\"lost\": @\"ff\"}"), "/devices/0/pci/vf_bars/lost", "2 hexadec" },
	{ TOP("\"check\": @[]"), "/check", "must be an object" },
	{ CHECK("@\"module\": []"), "/check/module",
		"unknown key of \"check\" (there are scanned" },
	{ CHECK("\"release\": @\"../6.1\""), "/check/release", "is no name (1 to 64 characters" },
	{ CHECK("\"interrupt_remapping\": @\"yes\""), "/check/interrupt_remapping",
		"\"yes\" is none of \"unknown\", \"off\", \"on\"" },
	{ CHECK("\"interrupt_remapping\": @2"), "/check/interrupt_remapping", "must be a string" },
	{ CHECK("\"boot\": {@\"loader\": 1}"), "/check/boot/loader", "unknown key of \"boot\"" },
	{ CHECK("\"modules\": @{}"), "/check/modules", "must be an array" },
	{ CHECK("\"modules\": [@{\"name\": \"vfio\"}]"), "/check/modules/0",
		"a module needs the key \"state\"" },
	{ CHECK("\"modules\": [@{\"state\": \"loaded\"}]"), "/check/modules/0",
		"a module needs the key \"name\"" },
	{ CHECK("\"modules\": [{\"name\": \"vfio\", \"state\": @\"\"}]"), "/check/modules/0/state",
		"\"\" is none of \"unknown\", \"absent\"" },
	{ CHECK("\"modules\": [{\"name\": \"b\", \"state\": \"loaded\"}, @{\"name\": \"a\", "
		"\"state\": \"loaded\"}]"),
		"/check/modules/1", "stands behind a module of a higher name" },
	{ CHECK("\"modules\": [{\"name\": \"a\", \"state\": \"loaded\"}, @{\"name\": \"a\", "
		"\"state\": \"absent\"}]"),
		"/check/modules/1", "a module of the same name stands before it" },
	{ CHECK("\"parameters\": [@{\"module\": \"a\", \"name\": \"b\"}]"), "/check/parameters/0",
		"a parameter needs the key \"value\"" },
	{ CHECK("\"parameters\": [{\"module\": \"a\", \"name\": \"b\", \"value\": \"\"}, "
		"{\"module\": \"a\", \"name\": \"c\", \"value\": \"\"}, "
		"@{\"module\": \"a\", \"name\": \"c\", \"value\": \"1\"}]"),
		"/check/parameters/2", "a parameter of the same name stands before it" },
	{ CHECK("\"regions\": [{\"iommu_group\": @-1, \"first\": \"0000000000000000\", "
		"\"last\": \"0000000000000000\"}]"),
		"/check/regions/0/iommu_group", "-1 is not in 0.." },
	{ CHECK("\"regions\": [{\"iommu_group\": 1, \"first\": @\"00\", "
		"\"last\": \"0000000000000000\"}]"),
		"/check/regions/0/first", "is not a number of 16 hexadecimal digits" },
	{ CHECK("\"regions\": [{\"iommu_group\": 2, \"first\": \"0000000000000000\", "
		"\"last\": \"0000000000000000\"}, @{\"iommu_group\": 1, \"first\": "
		"\"0000000000000000\", \"last\": \"0000000000000000\"}]"),
		"/check/regions/1", "stands behind a region of a higher iommu_group" },
	{ CHECK("\"lines\": [@{\"who\": \"cron\", \"file\": \"/x\"}]"), "/check/lines/0",
		"a line needs the key \"text\"" },
	{ CHECK("\"lines\": [{\"who\": @\"at\", \"file\": \"/x\", \"text\": \"\"}]"),
		"/check/lines/0/who", "\"at\" is none of \"systemd-link\", \"systemd-networkd\"" },
	{ CHECK("\"lines\": [{\"who\": \"cron\", \"file\": @\"\", \"text\": \"\"}]"),
		"/check/lines/0/file", "is 0 bytes long; it has to have 1 to 4096" },
	{ CHECK("\"unread\": [{\"file\": \"/x\", \"errno\": @0}]"), "/check/unread/0/errno",
		"0 is not in 1..4095" },
	/* names and files */
	{ TOP("\"drivers\": [\"b\", @\"a\"]"), "/drivers/1", "a stands behind b" },
	{ TOP("\"drivers\": [\"a\", @\"a\"]"), "/drivers/1", "given once" },
	{ TOP("\"drivers\": [@7]"), "/drivers/0", "must be a string" },
	{ TOP("\"drivers\": @{}"), "/drivers", "must be an array of names" },
	{ TOP("\"files\": @[]"), "/files", "must be an object" },
	{ TOP("\"files\": {@\"passwd\": {}}"), "/files/passwd",
		"unknown file (there are udev, networkmanager, networkd)" },
	{ TOP("\"files\": {\"udev\": @{}}"), "/files/udev", "a file needs the key \"lines\"" },
	{ TOP("\"files\": {\"udev\": {\"lines\": @\"x\"}}"), "/files/udev/lines",
		"must be an array of lines" },
	{ TOP("\"files\": {\"udev\": {\"lines\": [@\"x\\\\x0ay\"]}}"), "/files/udev/lines/0",
		"has a newline" },
};

/* Whether one of the problems in D is told at that place in these words. */
static bool is_told(const struct diag *d, const struct bad *b, unsigned line, unsigned column)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct problem *p = &d->problems[i];

		if (p->place.line == line && p->place.column == column &&
			strcmp(p->place.pointer, b->pointer) == 0 && strstr(p->text, b->words))
			return true;
	}
	return false;
}

static void print_all(const struct diag *d)
{
	for (size_t i = 0; i < d->n; i++)
		print_error("  told: %u:%u: %s: %s\n", d->problems[i].place.line,
			d->problems[i].place.column, d->problems[i].place.pointer,
			d->problems[i].text);
}

/* Whether the case ends as it says, and with as few problems as can be. */
static bool is_right(const struct bad *b)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	_cleanup_(diag_done) struct diag d = { 0 };
	const char *at = strchr(b->text, '@'), *start = at;
	unsigned line = 1, column;
	struct inventory *inv;
	bool right;
	int r;

	assert_non_null(at);
	for (const char *s = b->text; s < at; s++)
		line += *s == '\n';
	while (start > b->text && start[-1] != '\n')
		start--;
	column = (unsigned)(at - start) + 1;
	buf_addn(&text, b->text, (size_t)(at - b->text));
	buf_add(&text, at + 1);
	r = snapshot_read("s.json", buf_text(&text), text.len, &inv, &d);
	right = r == -EINVAL && d.n == 1 && is_told(&d, b, line, column);
	if (!right) {
		print_error("%s\n  not told alone: %u:%u: %s: %s\n", buf_text(&text), line, column,
			b->pointer, b->words);
		print_all(&d);
	}
	inventory_free(inv);
	return right;
}

static void test_cases(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		wrong += !is_right(&cases[i]);
	assert_int_equal(wrong, 0);
}

/* What is wrong in several places is told in all of them, by rising line. */
static void test_all_at_once(void **state)
{
	static const char text[] = "{\n\"pfs\": [5],\n\"hots\": 1,\n\"iommu\": 0,\n"
				   "\"devices\": [{\"driver\": \"/\"}]}";
	static const unsigned lines[] = { 1, 2, 3, 4, 5, 5, 5, 5 };
	_cleanup_(diag_done) struct diag d = { 0 };
	struct inventory *inv;

	(void)state;
	assert_int_equal(snapshot_read("s", text, strlen(text), &inv, &d), -EINVAL);
	assert_int_equal(d.n, ARRAY_SIZE(lines));
	for (size_t i = 0; i < d.n; i++)
		assert_int_equal(d.problems[i].place.line, lines[i]);
	inventory_free(inv);
}

/* Somebody's idea of a joke does not fill the terminal, nor the memory. */
static void test_too_many(void **state)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	_cleanup_(diag_done) struct diag d = { 0 };
	struct inventory *inv;

	(void)state;
	buf_add(&text, "{\"version\": 1, \"devices\": [");
	for (int i = 0; i < 100000; i++)
		buf_add(&text, "5,");
	buf_add(&text, "5], \"drivers\": [7], \"files\": {\"x\": 1}}");
	assert_int_equal(snapshot_read("s", buf_text(&text), text.len, &inv, &d), -EINVAL);
	assert_int_equal(d.n, SNAPSHOT_PROBLEMS_MAX + 1);
	assert_string_equal(d.problems[0].text, "has more problems than are told");
	inventory_free(inv);
}

/* Nor does it make a check slow: each looks at all of them. */
static void test_too_many_lines(void **state)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	_cleanup_(diag_done) struct diag d = { 0 };
	struct inventory *inv;

	(void)state;
	buf_add(&text, "{\"version\": 1, \"devices\": [], \"check\": {\"lines\": [");
	for (int i = 0; i < FACTS_LINES_MAX + 1; i++)
		buf_addf(&text, "%s{\"who\": \"cron\", \"file\": \"/x\", \"text\": \"\"}",
			i ? ",\n" : "");
	buf_add(&text, "]}}");
	assert_int_equal(snapshot_read("s", buf_text(&text), text.len, &inv, &d), -EINVAL);
	assert_int_equal(d.n, 1);
	assert_string_equal(d.problems[0].text, "there are more than 1024 of them");
	assert_int_equal(d.problems[0].place.line, 1025);
	inventory_free(inv);
}

static void test_size(void **state)
{
	char *text = mem_new(SNAPSHOT_SIZE_MAX + 1, 1);
	_cleanup_(diag_done) struct diag d = { 0 };
	static const char good[] = "{\"version\": 1, \"devices\": []}";
	struct inventory *inv;

	(void)state;
	memset(text, ' ', SNAPSHOT_SIZE_MAX + 1);
	memcpy(text, good, strlen(good));
	assert_int_equal(snapshot_read("s", text, SNAPSHOT_SIZE_MAX, &inv, &d), 0);
	inventory_free(inv);
	assert_int_equal(snapshot_read("s", text, SNAPSHOT_SIZE_MAX + 1, &inv, &d), -EINVAL);
	assert_string_equal(d.problems[0].text, "is longer than 16 MiB");
	inventory_free(inv);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_too_many_lines),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
