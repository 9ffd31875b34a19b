/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings over netlink, on an interface of a network namespace of its own; skipped where that is
 * refused. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/gennl.h"
#include "host/netattr.h"
#include "host/setnl.h"
#include "host/vfnl.h"

static int dummy; /* its ifindex, 0: there is none */

/* Makes an Ethernet interface that is no hardware. */
static void make_dummy(const char *kind)
{
	const struct ifinfomsg head = { 0 };
	struct vfnl *nl = NULL;
	struct buf b = { 0 };
	size_t info;

	if (vfnl_open(&nl, NULL) < 0)
		return;
	buf_addn(&b, (const char *)&head, sizeof(head));
	netattr_put_text(&b, IFLA_IFNAME, "dummy7");
	info = netattr_begin(&b, IFLA_LINKINFO);
	netattr_put_text(&b, IFLA_INFO_KIND, kind);
	netattr_end(&b, info);
	(void)vfnl_ask(nl,
		&(struct vfnl_message){
			.type = RTM_NEWLINK, .flags = NLM_F_CREATE | NLM_F_EXCL, .body = &b },
		NULL, NULL);
	buf_done(&b);
	vfnl_close(nl);
	dummy = (int)if_nametoindex("dummy7");
}

static int enter_namespace(void **state _unused_)
{
	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return 0;
	make_dummy("dummy");
	if (!dummy)
		make_dummy("veth");
	return 0;
}

static void need_dummy(void)
{
	if (!dummy)
		skip();
}

static void test_mtu(void **state _unused_)
{
	struct err e = { "" };

	need_dummy();
	assert_int_equal(vfnl_set_mtu(dummy, 9000, &e), 0);
	assert_int_equal(vfnl_set_mtu(dummy, 1500, &e), 0);
	assert_int_equal(vfnl_set_mtu(dummy + 1000, 1500, &e), -ENODEV);
	/* No interface can be without any. */
	assert_int_equal(vfnl_set_mtu(1, 1u << 31, &e), -EINVAL);
}

/* What the kernel tells of the feature. */
static struct setparse_feature feature(const char *name)
{
	struct setparse_feature found = { "" };
	struct setparse_features f = { 0 };

	assert_int_equal(setnl_get_features(dummy, &f), 0);
	for (size_t i = 0; i < f.n; i++)
		if (strcmp(f.list[i].name, name) == 0)
			found = f.list[i];
	free(f.list);
	assert_string_equal(found.name, name);
	return found;
}

static bool is_on(const char *name)
{
	return feature(name).on;
}

static void test_features(void **state _unused_)
{
	struct step steps[] = { step_setting(PFSET_FEATURES, "rx-gro", 0),
		step_setting(PFSET_FEATURES, "tx-scatter-gather", 0),
		step_setting(PFSET_FEATURES, "tx-generic-segmentation", 0) };
	struct step_result res[3] = { 0 };
	struct setparse_features f = { 0 };

	need_dummy();
	assert_int_equal(setnl_get_features(dummy, &f), 0);
	assert_true(f.n > 40);
	for (size_t i = 1; i < f.n; i++)
		assert_true(strcmp(f.list[i - 1].name, f.list[i].name) < 0);
	free(f.list);
	assert_false(feature("tx-scatter-gather").fixed);
	assert_true(feature("rx-all").fixed);

	assert_int_equal(setnl_set_features(dummy, steps, 3, res), 0);
	assert_false(is_on("rx-gro"));
	assert_false(is_on("tx-scatter-gather"));
	/* One depends on the other: together they can be, in whatever order. */
	for (int i = 0; i < 3; i++)
		steps[i].after.n = 1;
	assert_int_equal(setnl_set_features(dummy, steps, 3, res), 0);
	assert_true(is_on("tx-generic-segmentation"));
}

/* What is refused has a message of its own, and the others are done. */
static void test_refused_feature(void **state _unused_)
{
	struct step steps[] = { step_setting(PFSET_FEATURES, "no-such-feature", 1),
		step_setting(PFSET_FEATURES, "rx-gro", 0) };
	struct step_result res[2] = { 0 };

	need_dummy();
	assert_int_equal(setnl_set_features(dummy, steps, 2, res), -EOPNOTSUPP);
	assert_int_equal(res[0].code, -EOPNOTSUPP);
	assert_int_equal(res[1].code, 0);
	assert_false(is_on("rx-gro"));
	steps[1] = step_setting(PFSET_FEATURES, "rx-all", 1); /* this one is fixed */
	assert_true(setnl_set_features(dummy, &steps[1], 1, res) < 0);
	assert_true(setnl_set_features(dummy + 1000, steps, 2, res) < 0);
	assert_true(res[0].code < 0 && res[1].code < 0);
	assert_true(res[1].err.text[0]);
}

static bool has(macaddr mac)
{
	macaddr *macs;
	bool found = false;
	size_t n;

	assert_int_equal(setnl_get_fdb(dummy, &macs, &n), 0);
	for (size_t i = 0; i < n; i++)
		found |= macs[i] == mac;
	free(macs);
	return found;
}

static void test_fdb(void **state _unused_)
{
	struct err e = { "" };

	need_dummy();
	assert_false(has(0x020000000001));
	assert_int_equal(setnl_set_fdb(dummy, 0x020000000001, true, &e), 0);
	assert_int_equal(setnl_set_fdb(dummy, 0x020000000002, true, &e), 0);
	assert_true(has(0x020000000001));
	assert_int_equal(setnl_set_fdb(dummy, 0x020000000001, true, &e), 0); /* so it is */
	assert_int_equal(setnl_set_fdb(dummy, 0x020000000001, false, &e), 0);
	assert_false(has(0x020000000001));
	assert_true(has(0x020000000002));
	assert_int_equal(setnl_set_fdb(dummy, 0x020000000001, false, &e), -ENOENT);
	assert_int_equal(setnl_set_fdb(1, 0x020000000001, true, &e), -EINVAL); /* no Ethernet */
	assert_true(e.text[0]);
}

/* Only its own addresses, and none of the multicast ones that the kernel listens to. */
static void test_other_fdb(void **state _unused_)
{
	macaddr *macs;
	size_t n;

	need_dummy();
	assert_int_equal(setnl_get_fdb(1, &macs, &n), 0);
	assert_int_equal(n, 0);
	free(macs);
}

static void test_no_eswitch(void **state _unused_)
{
	enum eswitch mode = ESWITCH_UNKNOWN;
	struct err e = { "" };

	need_dummy();
	assert_int_equal(setnl_get_eswitch("pci", "ffff:ff:1f.7", &mode), 0);
	assert_int_equal(mode, ESWITCH_NONE);
	assert_true(setnl_set_eswitch("pci", "ffff:ff:1f.7", ESWITCH_SWITCHDEV, &e) < 0);
	assert_true(e.text[0]);
}

static void test_no_family(void **state _unused_)
{
	struct gennl g = { 0 };

	need_dummy();
	assert_int_equal(gennl_open("no-such-family", &g), -ENOENT);
	gennl_close(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mtu),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_refused_feature),
		cmocka_unit_test(test_fdb),
		cmocka_unit_test(test_other_fdb),
		cmocka_unit_test(test_no_eswitch),
		cmocka_unit_test(test_no_family),
	};

	return cmocka_run_group_tests(tests, enter_namespace, NULL);
}
