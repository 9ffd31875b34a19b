/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which attributes share an IFLA_VF_INFO, in which order, and that the longest list is whole. */
#include <linux/if_link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "host/netattr.h"
#include "host/vfput.h"

/* The attribute of TYPE at P. */
static struct netattr at(const uint8_t *p, const uint8_t *end, int type)
{
	struct netattr a;

	assert_true(netattr_at(p, end, &a));
	assert_int_equal(a.type, type);
	return a;
}

/* "1.8" for an IFLA_VF_INFO with attributes of these types, behind the VF that the first names. */
static void read_info(const struct netattr *info, struct buf *ret)
{
	const uint8_t *end = info->data + info->len;
	struct netattr a;

	for (const uint8_t *p = info->data; p < end; p = a.next) {
		assert_true(netattr_at(p, end, &a));
		if (p == info->data)
			buf_addf(ret, "%s%u:", ret->len ? " " : "", netattr_u32(&a));
		buf_addf(ret, "%s%d", p == info->data ? "" : ".", a.type);
		assert_true(a.len > 0);
	}
}

/* "0:1.8 1:1" for an IFLA_VF_INFO with the types 1 and 8 of VF 0, and one with type 1 of VF 1. */
static void read_list(const struct buf *b, struct buf *ret)
{
	const uint8_t *begin = (const uint8_t *)b->s, *end = begin + b->len;
	struct netattr list = at(begin, end, IFLA_VFINFO_LIST), info;

	assert_ptr_equal(list.data + list.len, end);
	for (const uint8_t *p = list.data; p < end; p = info.next) {
		info = at(p, end, IFLA_VF_INFO);
		read_info(&info, ret);
	}
}

static struct step make(int vf, enum vf_attr_id id)
{
	return step_attr(id, vf, id == VF_VLAN ? vlan_pack(5, 0, VLAN_PROTO_8021Q) : 1);
}

static void check(const struct step *steps, size_t n, const char *expected)
{
	struct buf b = { 0 }, got = { 0 };

	vfput_list(&b, steps, n);
	read_list(&b, &got);
	assert_string_equal(buf_text(&got), expected);
	buf_done(&got);
	buf_done(&b);
}

static void one_info_per_vf(void **state)
{
	const struct step steps[] = { make(0, VF_MAC), make(0, VF_VLAN), make(0, VF_TRUST),
		make(1, VF_MAC), make(3, VF_MAC) };
	char expected[80];

	(void)state;
	snprintf(expected, sizeof(expected), "0:%d.%d.%d 1:%d 3:%d", IFLA_VF_MAC, IFLA_VF_VLAN,
		IFLA_VF_TRUST, IFLA_VF_MAC, IFLA_VF_MAC);
	check(steps, 5, expected);
}

/* What the kernel would do in another order, twice or not at all, if it stood in one. */
static void one_info_each(void **state)
{
	const struct step steps[] = { make(0, VF_TRUST), make(0, VF_MAC), make(0, VF_MAC),
		make(1, VF_MIN_TX_RATE), make(1, VF_MAX_TX_RATE), make(2, VF_LINK_STATE),
		make(2, VF_NODE_GUID), make(2, VF_PORT_GUID) };
	char expected[80];

	(void)state;
	snprintf(expected, sizeof(expected), "0:%d 0:%d 0:%d 1:%d 1:%d 2:%d.%d 2:%d", IFLA_VF_TRUST,
		IFLA_VF_MAC, IFLA_VF_MAC, IFLA_VF_RATE, IFLA_VF_RATE, IFLA_VF_LINK_STATE,
		IFLA_VF_IB_NODE_GUID, IFLA_VF_IB_PORT_GUID);
	check(steps, 8, expected);
}

static void longest(void **state)
{
	struct step *steps = calloc(VFPUT_MAX, sizeof(*steps));
	struct buf expected = { 0 };

	(void)state;
	assert_non_null(steps);
	for (int i = 0; i < VFPUT_MAX; i++) {
		steps[i] = make(i, VF_MAC);
		buf_addf(&expected, "%s%d:%d", i ? " " : "", i, IFLA_VF_MAC);
	}
	check(steps, VFPUT_MAX, buf_text(&expected));
	buf_done(&expected);
	free(steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_info_per_vf),
		cmocka_unit_test(one_info_each),
		cmocka_unit_test(longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
