/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers of NVMe controllers. */
#include "core/nvme.h"
#include "base/util.h"

/* Identify Controller. */
#define CNTLID 78

/* Primary Controller Capabilities: one kind of resources is 32 bytes behind the other. */
#define CAPS_LEN  80
#define CRT       4 /* a bit for each kind that it supports */
#define POOL_VQ   32
#define POOL_VI   64
#define FLEXIBLE  0
#define PRIMARY   8
#define SECONDARY 12
#define STEP      14

/* Secondary Controller List. */
#define LIST_HEAD 32
#define ENTRY_LEN 32
#define ENTRY_SCS 4 /* bit 0: online */
#define ENTRY_VFN 8 /* from 1 */
#define ENTRY_VQ  10
#define ENTRY_VI  12

/* The status field's type and code; what is above says whether to try again. */
#define STATUS_MASK           0x7ffu
#define STATUS_INVALID_OPCODE 0x001
#define STATUS_INVALID_FIELD  0x002

static unsigned get16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static unsigned get32(const uint8_t *p)
{
	return get16(p) | get16(p + 2) << 16;
}

unsigned nvme_parse_id(const uint8_t *data, size_t len)
{
	return len < CNTLID + 2 ? 0 : get16(data + CNTLID);
}

bool nvme_is_unknown(unsigned status)
{
	status &= STATUS_MASK;
	return status == STATUS_INVALID_OPCODE || status == STATUS_INVALID_FIELD;
}

static struct nvme_pool parse_pool(const uint8_t *p)
{
	return (struct nvme_pool){ .total = get32(p + FLEXIBLE),
		.primary = get16(p + PRIMARY),
		.most = get16(p + SECONDARY),
		.step = get16(p + STEP) };
}

struct nvme_caps nvme_parse_caps(const uint8_t *data, size_t len)
{
	struct nvme_caps c = { 0 };

	if (len < CAPS_LEN)
		return c;
	c.known = true;
	c.id = get16(data);
	if (data[CRT] & 1 << NVME_RESOURCE_VQ)
		c.vq = parse_pool(data + POOL_VQ);
	if (data[CRT] & 1 << NVME_RESOURCE_VI)
		c.vi = parse_pool(data + POOL_VI);
	return c;
}

size_t nvme_parse_secondaries(
	const uint8_t *data, size_t len, struct nvme_secondary ret[static NVME_SECONDARIES_MAX])
{
	size_t n = len ? data[0] : 0, most = len < LIST_HEAD ? 0 : (len - LIST_HEAD) / ENTRY_LEN;

	if (n > NVME_SECONDARIES_MAX)
		n = NVME_SECONDARIES_MAX;
	if (n > most)
		n = most;
	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = data + LIST_HEAD + i * ENTRY_LEN;

		ret[i] = (struct nvme_secondary){ .id = get16(p),
			.vf = (int)get16(p + ENTRY_VFN) - 1,
			.online = p[ENTRY_SCS] & 1,
			.vq = get16(p + ENTRY_VQ),
			.vi = get16(p + ENTRY_VI) };
	}
	return n;
}

const char *nvme_status_text(unsigned status)
{
	static const struct {
		unsigned status;
		const char *text;
	} rows[] = {
		{ STATUS_INVALID_OPCODE, "the controller has no virtualization management" },
		{ STATUS_INVALID_FIELD, "the controller does not do that" },
		{ 0x11f, "the controller has no such secondary controller" },
		{ 0x120,
			"the VF's controller has to be offline for that, or, to go online, needs "
			"queues (vq_resources), an interrupt (vi_resources), and a PF that works" },
		{ 0x121, "more than one VF can have, or than are left, or not a multiple of what "
			 "they go by" },
		{ 0x122, "there are not so many left; the PF itself may have them" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].status == (status & STATUS_MASK))
			return rows[i].text;
	return NULL;
}
