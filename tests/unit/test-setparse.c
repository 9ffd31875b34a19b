/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages about settings of PFs, as the kernel makes them and as it does not. */
#include <errno.h>
#include <linux/devlink.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/mem.h"
#include "host/setparse.h"
#include "linkmsg.h"

#define FAMILY 30

static struct linkmsg begin(uint16_t type, uint8_t cmd)
{
	const struct genlmsghdr head = { .cmd = cmd, .version = 1 };
	struct linkmsg m = { 0 };

	linkmsg_begin_as(&m, type, &head, sizeof(head));
	return m;
}

/* Appends the set TYPE with the N names; VALUES: a bit for each that is set, ~0: no values. */
static void add_set(
	struct linkmsg *m, uint16_t type, const char *const *names, size_t n, unsigned values)
{
	size_t set = linkmsg_nest(m, type), bits = linkmsg_nest(m, ETHTOOL_A_BITSET_BITS);

	for (size_t i = 0; i < n; i++) {
		size_t bit = linkmsg_nest(m, ETHTOOL_A_BITSET_BITS_BIT);
		uint32_t index = (uint32_t)i;

		linkmsg_attr(m, ETHTOOL_A_BITSET_BIT_INDEX, &index, sizeof(index));
		linkmsg_attr(m, ETHTOOL_A_BITSET_BIT_NAME, names[i], strlen(names[i]) + 1);
		if (values != ~0u && values >> i & 1)
			linkmsg_attr(m, ETHTOOL_A_BITSET_BIT_VALUE, "", 0);
		linkmsg_nest_end(m, bit);
	}
	linkmsg_nest_end(m, bits);
	linkmsg_nest_end(m, set);
}

static struct linkmsg features(void)
{
	static const char *const all[] = { "tx-b", "rx-a", "tx-c", "rx-a", "", "no name" };
	static const char *const on[] = { "rx-a", "not-in-the-first" };
	static const char *const never[] = { "tx-b" };
	struct linkmsg m = begin(FAMILY, ETHTOOL_MSG_FEATURES_GET_REPLY);

	add_set(&m, ETHTOOL_A_FEATURES_HW, all, 6, 3);
	add_set(&m, ETHTOOL_A_FEATURES_ACTIVE, on, 2, ~0u);
	add_set(&m, ETHTOOL_A_FEATURES_NOCHANGE, never, 1, ~0u);
	return m;
}

static void test_features(void **state)
{
	struct linkmsg m = features();
	struct setparse_features f = { 0 };

	(void)state;
	assert_int_equal(setparse_features(m.data, m.len, FAMILY, &f), 0);
	assert_int_equal(f.n, 3);
	assert_string_equal(f.list[0].name, "rx-a");
	assert_true(f.list[0].on && !f.list[0].fixed);
	assert_string_equal(f.list[1].name, "tx-b");
	assert_true(!f.list[1].on && f.list[1].fixed); /* by the last set */
	assert_string_equal(f.list[2].name, "tx-c");
	assert_true(!f.list[2].on && f.list[2].fixed); /* its bit is not set in the first */
	free(f.list);
	assert_int_equal(setparse_features(m.data, m.len, FAMILY + 1, &f), -EBADMSG);
	linkmsg_done(&m);
	m = begin(FAMILY, ETHTOOL_MSG_FEATURES_SET_REPLY);
	assert_int_equal(setparse_features(m.data, m.len, FAMILY, &f), -EBADMSG);
	linkmsg_done(&m);
}

/* Each message cut short anywhere, from memory of exactly that size. */
static void test_cut_off(void **state)
{
	struct linkmsg m = features();

	(void)state;
	for (size_t len = 0; len < m.len; len++) {
		_cleanup_free_ uint8_t *exact = mem_new(len, 1);
		uint32_t n = (uint32_t)len;
		struct setparse_features f = { 0 };

		memcpy(exact, m.data, len);
		if (len >= sizeof(n))
			memcpy(exact, &n, sizeof(n));
		if (setparse_features(exact, len, FAMILY, &f) == 0)
			free(f.list);
	}
	linkmsg_done(&m);
}

static void test_family(void **state)
{
	struct linkmsg m = begin(GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
	const uint16_t id = FAMILY;
	uint16_t got = 0;

	(void)state;
	assert_int_equal(setparse_family(m.data, m.len, &got), -EBADMSG);
	linkmsg_attr(&m, CTRL_ATTR_FAMILY_ID, &id, sizeof(id));
	assert_int_equal(setparse_family(m.data, m.len, &got), 0);
	assert_int_equal(got, FAMILY);
	linkmsg_done(&m);
}

static void expect_mode(uint16_t mode, enum eswitch want)
{
	struct linkmsg m = begin(FAMILY, DEVLINK_CMD_ESWITCH_GET);
	enum eswitch got = ESWITCH_NONE;

	linkmsg_attr(&m, DEVLINK_ATTR_BUS_NAME, "pci", 4);
	linkmsg_attr(&m, DEVLINK_ATTR_ESWITCH_MODE, &mode, sizeof(mode));
	assert_int_equal(setparse_eswitch(m.data, m.len, FAMILY, &got), 0);
	assert_int_equal(got, want);
	linkmsg_done(&m);
}

static void test_eswitch(void **state)
{
	struct linkmsg m = begin(FAMILY, DEVLINK_CMD_ESWITCH_GET);
	enum eswitch got;

	(void)state;
	expect_mode(DEVLINK_ESWITCH_MODE_LEGACY, ESWITCH_LEGACY);
	expect_mode(DEVLINK_ESWITCH_MODE_SWITCHDEV, ESWITCH_SWITCHDEV);
	expect_mode(2, ESWITCH_UNKNOWN);
	linkmsg_attr(&m, DEVLINK_ATTR_ESWITCH_MODE, "", 1);
	assert_int_equal(setparse_eswitch(m.data, m.len, FAMILY, &got), -EBADMSG);
	linkmsg_done(&m);
}

/* Whether an entry with that head, address and further attribute (0: none) counts. */
static bool is_entry(struct ndmsg head, const char *mac, size_t len, uint16_t attr)
{
	struct linkmsg m = { 0 };
	macaddr got = 0;
	bool found;

	linkmsg_begin_as(&m, RTM_NEWNEIGH, &head, sizeof(head));
	linkmsg_attr(&m, NDA_LLADDR, mac, len);
	if (attr)
		linkmsg_attr(&m, attr, "\1\0\0", 4);
	found = setparse_fdb(m.data, m.len, 7, &got);
	assert_int_equal(got, found ? 0x020000000001 : got);
	linkmsg_done(&m);
	return found;
}

static void test_fdb(void **state)
{
	const struct ndmsg self = { .ndm_family = AF_BRIDGE,
		.ndm_ifindex = 7,
		.ndm_state = NUD_PERMANENT,
		.ndm_flags = NTF_SELF };
	struct ndmsg other = self;

	(void)state;
	assert_true(is_entry(self, "\2\0\0\0\0\1", 6, 0));
	assert_false(is_entry(self, "\1\0\0\0\0\1", 6, 0)); /* multicast */
	assert_false(is_entry(self, "\2\0\0\0\0\1\0\0", 8, 0));
	assert_false(is_entry(self, "\2\0\0\0\0\1", 6, NDA_VLAN));
	assert_false(is_entry(self, "\2\0\0\0\0\1", 6, NDA_MASTER)); /* the bridge's */
	other.ndm_ifindex = 8;
	assert_false(is_entry(other, "\2\0\0\0\0\1", 6, 0));
	other = self;
	other.ndm_flags = NTF_MASTER;
	assert_false(is_entry(other, "\2\0\0\0\0\1", 6, 0));
	other = self;
	other.ndm_family = AF_INET;
	assert_false(is_entry(other, "\2\0\0\0\0\1", 6, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_family),
		cmocka_unit_test(test_eswitch),
		cmocka_unit_test(test_fdb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
