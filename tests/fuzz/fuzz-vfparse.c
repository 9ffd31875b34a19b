/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a netlink message. */
#include <assert.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "base/mem.h"
#include "host/vfparse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* With a header that fits, so that the fuzzer does not have to find it. */
static void parse_body(const uint8_t *data, size_t size)
{
	struct nlmsghdr head = { .nlmsg_type = RTM_NEWLINK };
	uint8_t *msg = mem_new(sizeof(head) + size, 1);
	struct vfparse_link l;

	head.nlmsg_len = (uint32_t)(sizeof(head) + size);
	memcpy(msg, &head, sizeof(head));
	memcpy(msg + sizeof(head), data, size);
	if (vfparse_link(msg, sizeof(head) + size, &l) == 0) {
		for (size_t i = 1; i < l.n_vfs; i++)
			assert(l.vfs[i - 1].index < l.vfs[i].index);
		assert(l.n_vfs <= l.num_vfs);
		vfparse_done(&l);
	}
	free(msg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vfparse_link l;
	char text[16] = "";

	if (vfparse_link(data, size, &l) == 0)
		vfparse_done(&l);
	vfparse_answer(data, size, text, sizeof(text));
	assert(strnlen(text, sizeof(text)) < sizeof(text));
	parse_body(data, size);
	return 0;
}
