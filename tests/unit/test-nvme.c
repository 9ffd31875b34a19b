/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers of NVMe controllers, good and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/nvme.h"

/* As QEMU's controller of the lab says it: 254 queues and 127 interrupts, all the PF's own. */
static void fill_caps(uint8_t data[static NVME_DATA_SIZE])
{
	static const uint8_t vq[] = { 254, 0, 0, 0, 254, 0, 0, 0, 254, 0, 3, 0, 2, 0, 1, 0 };
	static const uint8_t vi[] = { 127, 1, 2, 3, 0, 0, 0, 0, 0x34, 0x12, 1, 0, 0xff, 0xff, 4,
		0 };

	memset(data, 0, NVME_DATA_SIZE);
	data[0] = 0x41;
	data[1] = 0x02;
	data[4] = 3;
	memcpy(data + 32, vq, sizeof(vq));
	memcpy(data + 64, vi, sizeof(vi));
}

static void test_caps(void **state)
{
	uint8_t data[NVME_DATA_SIZE];
	struct nvme_caps c;

	(void)state;
	fill_caps(data);
	c = nvme_parse_caps(data, sizeof(data));
	assert_true(c.known);
	assert_int_equal(c.id, 0x241);
	assert_int_equal(c.vq.total, 254);
	assert_int_equal(c.vq.primary, 254);
	assert_int_equal(c.vq.most, 2);
	assert_int_equal(c.vq.step, 1);
	assert_int_equal(c.vi.total, 0x0302017f);
	assert_int_equal(c.vi.primary, 0x1234);
	assert_int_equal(c.vi.most, 0xffff);
	assert_int_equal(c.vi.step, 4);
	/* A kind that is not supported has none, whatever else is said of it. */
	data[4] = 2;
	c = nvme_parse_caps(data, sizeof(data));
	assert_int_equal(c.vq.total, 0);
	assert_int_equal(c.vi.primary, 0x1234);
}

static void put(uint8_t *data, unsigned i, unsigned id, unsigned vf, unsigned vq, unsigned vi)
{
	uint8_t *p = data + 32 + 32 * (size_t)i;

	p[0] = (uint8_t)id;
	p[1] = (uint8_t)(id >> 8);
	p[4] = i & 1;
	p[8] = (uint8_t)vf;
	p[9] = (uint8_t)(vf >> 8);
	p[10] = (uint8_t)vq;
	p[12] = (uint8_t)vi;
}

static void test_secondaries(void **state)
{
	struct nvme_secondary all[NVME_SECONDARIES_MAX];
	uint8_t data[NVME_DATA_SIZE] = { 3 };

	(void)state;
	put(data, 0, 1, 1, 2, 1);
	put(data, 1, 0x302, 0x101, 4, 3);
	put(data, 2, 9, 0, 0, 0);
	assert_int_equal(nvme_parse_secondaries(data, sizeof(data), all), 3);
	assert_true(all[0].id == 1 && all[0].vf == 0 && !all[0].online);
	assert_true(all[0].vq == 2 && all[0].vi == 1);
	assert_true(all[1].id == 0x302 && all[1].vf == 0x100 && all[1].online);
	assert_true(all[1].vq == 4 && all[1].vi == 3);
	assert_int_equal(all[2].vf, -1); /* a controller that is no VF */
}

/* However short the answer, and however many it says there are. */
static void test_hostile(void **state)
{
	struct nvme_secondary all[NVME_SECONDARIES_MAX];

	(void)state;
	for (size_t len = 0; len <= NVME_DATA_SIZE; len++) {
		uint8_t *data = malloc(len ? len : 1);
		size_t n = len < 32 ? 0 : (len - 32) / 32;

		assert_non_null(data);
		memset(data, 0xff, len ? len : 1);
		assert_int_equal(nvme_parse_secondaries(data, len, all), n);
		assert_true(nvme_parse_caps(data, len).known == (len >= 80));
		free(data);
	}
}

static void test_id(void **state)
{
	uint8_t data[NVME_DATA_SIZE] = { 0 };

	(void)state;
	data[78] = 0x41;
	data[79] = 0x02;
	data[80] = 0xff;
	assert_int_equal(nvme_parse_id(data, sizeof(data)), 0x241);
	assert_int_equal(nvme_parse_id(data, 79), 0);
}

static void test_status(void **state)
{
	(void)state;
	assert_true(nvme_is_unknown(0x4002) && nvme_is_unknown(1));
	assert_false(nvme_is_unknown(0x102) || nvme_is_unknown(0));
	assert_string_equal(nvme_status_text(0x4122), nvme_status_text(0x122));
	assert_non_null(strstr(nvme_status_text(0x120), "offline"));
	assert_null(nvme_status_text(0x7ff));
	assert_null(nvme_status_text(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_secondaries),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
