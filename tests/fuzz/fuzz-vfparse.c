/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a netlink message. */
#include <assert.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "host/setparse.h"
#include "host/vfparse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* With a header of TYPE that fits, so that the fuzzer does not have to find it. */
static uint8_t *make_message(uint16_t type, const uint8_t *data, size_t size, size_t *ret_len)
{
	struct nlmsghdr head = { .nlmsg_type = type };
	uint8_t *msg = mem_new(sizeof(head) + size, 1);

	*ret_len = sizeof(head) + size;
	head.nlmsg_len = (uint32_t)*ret_len;
	memcpy(msg, &head, sizeof(head));
	memcpy(msg + sizeof(head), data, size);
	return msg;
}

static void parse_link(const uint8_t *data, size_t size)
{
	struct vfparse_link l;
	size_t len;
	uint8_t *msg = make_message(RTM_NEWLINK, data, size, &len);

	if (vfparse_link(msg, len, &l) == 0) {
		for (size_t i = 1; i < l.n_vfs; i++)
			assert(l.vfs[i - 1].index < l.vfs[i].index);
		assert(l.n_vfs <= l.num_vfs);
		vfparse_done(&l);
	}
	free(msg);
}

static void parse_others(const uint8_t *data, size_t size)
{
	struct vfparse_addr a;
	size_t len;
	uint8_t *msg = make_message(RTM_NEWADDR, data, size, &len);

	if (vfparse_addr(msg, len, &a) == 0)
		assert(a.family == AF_INET || a.family == AF_INET6);
	free(msg);
	msg = make_message(RTM_NEWROUTE, data, size, &len);
	(void)vfparse_is_default_route(msg, len, 2);
	free(msg);
}

static void parse_settings(const uint8_t *data, size_t size)
{
	struct setparse_features f;
	enum eswitch mode;
	uint16_t family;
	macaddr mac;
	size_t len;
	uint8_t *msg = make_message(GENL_ID_CTRL, data, size, &len);

	(void)setparse_family(msg, len, &family);
	(void)setparse_eswitch(msg, len, GENL_ID_CTRL, &mode);
	if (setparse_features(msg, len, GENL_ID_CTRL, &f) == 0) {
		for (size_t i = 0; i < f.n; i++)
			assert(pfset_is_item(PFSET_FEATURES, f.list[i].name));
		for (size_t i = 1; i < f.n; i++)
			assert(strcmp(f.list[i - 1].name, f.list[i].name) < 0);
		free(f.list);
	}
	free(msg);
	msg = make_message(RTM_NEWNEIGH, data, size, &len);
	if (setparse_fdb(msg, len, 2, &mac))
		assert(macaddr_is_usable(mac));
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
	parse_link(data, size);
	parse_others(data, size);
	parse_settings(data, size);
	return 0;
}
