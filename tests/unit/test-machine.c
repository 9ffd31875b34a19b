/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the libraries for udev, modules and names give on any machine, and a scan of this one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "host/host.h"
#include "host/modules.h"
#include "host/names.h"
#include "host/udev.h"
#include "host/units.h"

struct question {
	int answer, asked;
};

static int ask(void *arg)
{
	struct question *q = arg;

	q->asked++;
	return q->answer;
}

static void waiting_is_bounded(void **state _unused_)
{
	struct question yes = { 1, 0 }, no = { 0, 0 }, bad = { -EIO, 0 };
	struct err e = { "" };

	assert_int_equal(uevent_wait(UEVENT_PFS, ask, &yes, 60000, &e), 0);
	assert_int_equal(yes.asked, 1);
	assert_int_equal(uevent_wait(UEVENT_PFS, ask, &no, 50, &e), 1);
	assert_true(no.asked >= 1);
	assert_int_equal(uevent_wait(UEVENT_PFS, ask, &bad, 60000, &e), -EIO);
	assert_int_equal(bad.asked, 1);
}

static void path_of_another_host(void **state _unused_)
{
	struct mem_pool *pool = mem_pool_new();

	assert_string_equal(
		uevent_id_path("0000:01:00.0", "eth0", false, pool), "pci-0000:01:00.0");
	mem_pool_free(pool);
}

/* What is not there may still come; where udev has nothing to say, there is nothing to wait for. */
static void settled(void **state _unused_)
{
	assert_true(uevent_is_settled(NULL, NULL));
	assert_false(uevent_is_settled("0000:ff:1f.7", NULL));
	assert_false(uevent_is_settled(NULL, "no-such-netdev"));
	assert_false(uevent_is_settled("0000:ff:1f.7", "no-such-netdev"));
}

static void no_such_module(void **state _unused_)
{
	struct err e = { "" };

	assert_int_equal(modules_find("no-such-driver-anywhere"), MODULE_ABSENT);
	assert_true(modules_load_driver("no-such-driver-anywhere", &e) < 0);
	assert_non_null(strstr(e.text, "no-such-driver-anywhere"));
}

static void no_driver_for_nobody(void **state _unused_)
{
	const struct dev pf = { .vendor = 0xfffe, .class_code = 0xffffff };
	struct mem_pool *pool = mem_pool_new();
	struct modules *m = NULL;
	struct err e = { "" };

	assert_int_equal(modules_open(&m, &e), 0);
	assert_null(modules_host_driver(m, -1, &pf, 0xfffe, pool));
	modules_close(m);
	mem_pool_free(pool);
}

/* Known or not, there is always something to print. */
static void names(void **state _unused_)
{
	const struct dev d = { .vendor = 0x8086, .device = 0x10c9, .class_code = 0x020000 };
	const struct dev unknown = { .vendor = 0xfffe, .device = 0xfffd, .class_code = 0x020000 };
	struct names *n = names_new();
	char text[128];

	assert_true(names_device(n, &d, text, sizeof(text))[0]);
	assert_non_null(strstr(names_device(n, &unknown, text, sizeof(text)), "fffd"));
	assert_true(names_class(n, &d, text, sizeof(text))[0]);
	names_free(n);
	names_free(NULL);
}

/* What does not run is not reloaded, and that is fine; so it is where there is no systemd. */
static void no_such_unit(void **state _unused_)
{
	struct err e = { "" };

	if (geteuid() != 0 && access("/run/systemd/private", F_OK) == 0)
		skip();
	assert_int_equal(units_reload("sriovctl-no-such-unit.service", 5000, &e), 0);
	assert_string_equal(e.text, "");
}

static void this_machine(void **state _unused_)
{
	struct inventory *inv = NULL;
	struct err e = { "" };
	struct host *h;

	assert_int_equal(host_open_linux(&h, &e), 0);
	assert_int_equal(h->ops->scan(h, SCAN_VF_ATTRS | SCAN_HOST_DRIVER | SCAN_PATHS | SCAN_FILES,
				 &inv, &e),
		0);
	assert_true(!inv->offline && inv->hostname[0] && inv->kernel[0]);
	assert_true(inv->n_netdevs > 0);
	for (size_t i = 1; i < inv->n_devs; i++)
		assert_true(pciaddr_cmp(inv->devs[i - 1].addr, inv->devs[i].addr) < 0);
	inventory_free(inv);
	h->ops->close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waiting_is_bounded),
		cmocka_unit_test(path_of_another_host),
		cmocka_unit_test(settled),
		cmocka_unit_test(no_such_module),
		cmocka_unit_test(no_driver_for_nobody),
		cmocka_unit_test(names),
		cmocka_unit_test(no_such_unit),
		cmocka_unit_test(this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
