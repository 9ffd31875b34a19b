/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of netlink messages. */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

#include "host/netattr.h"

bool netattr_at(const uint8_t *p, const uint8_t *end, struct netattr *ret)
{
	size_t left = (size_t)(end - p), step;
	struct nlattr head;

	if (left < sizeof(head))
		return false;
	memcpy(&head, p, sizeof(head));
	if (head.nla_len < sizeof(head) || head.nla_len > left)
		return false;
	ret->type = head.nla_type & NLA_TYPE_MASK;
	ret->data = p + sizeof(head);
	ret->len = head.nla_len - sizeof(head);
	step = NLA_ALIGN((size_t)head.nla_len);
	ret->next = p + (step < left ? step : left);
	return true;
}

bool netattr_find(const struct netattr *all, uint16_t type, struct netattr *ret)
{
	const uint8_t *p = all->data, *end = all->data + all->len;

	for (; netattr_at(p, end, ret); p = ret->next)
		if (ret->type == type)
			return true;
	return false;
}

uint32_t netattr_u32(const struct netattr *a)
{
	uint32_t n = 0;

	if (a->len >= sizeof(n))
		memcpy(&n, a->data, sizeof(n));
	return n;
}

uint16_t netattr_u16(const struct netattr *a)
{
	uint16_t n = 0;

	if (a->len >= sizeof(n))
		memcpy(&n, a->data, sizeof(n));
	return n;
}

void netattr_text(const struct netattr *a, char *text, size_t size)
{
	size_t len = strnlen((const char *)a->data, a->len);

	if (len >= size)
		return;
	memcpy(text, a->data, len);
	text[len] = '\0';
}

bool netattr_mac(const struct netattr *a, macaddr *ret)
{
	if (a->len != 6)
		return false;
	*ret = macaddr_from_bytes(a->data);
	return true;
}

int netattr_head(struct netattr *ret, const void *msg, size_t len, uint16_t type, void *head,
	size_t head_len)
{
	const uint8_t *p = msg;
	struct nlmsghdr h;

	if (len < NLMSG_SPACE(head_len))
		return -EBADMSG;
	memcpy(&h, p, sizeof(h));
	memcpy(head, p + NLMSG_HDRLEN, head_len);
	if (h.nlmsg_type != type || h.nlmsg_len > len || h.nlmsg_len < NLMSG_SPACE(head_len))
		return -EBADMSG;
	ret->data = p + NLMSG_SPACE(head_len);
	ret->len = h.nlmsg_len - NLMSG_SPACE(head_len);
	return 0;
}

static void align(struct buf *b)
{
	static const char zeros[NLA_ALIGNTO] = "";

	buf_addn(b, zeros, NLA_ALIGN(b->len) - b->len);
}

void netattr_put(struct buf *b, uint16_t type, const void *data, size_t len)
{
	const struct nlattr head = { .nla_len = (uint16_t)(sizeof(head) + len), .nla_type = type };

	align(b);
	buf_addn(b, (const char *)&head, sizeof(head));
	buf_addn(b, data, len);
	align(b);
}

void netattr_put_u32(struct buf *b, uint16_t type, uint32_t n)
{
	netattr_put(b, type, &n, sizeof(n));
}

void netattr_put_text(struct buf *b, uint16_t type, const char *s)
{
	netattr_put(b, type, s, strlen(s) + 1);
}

size_t netattr_begin(struct buf *b, uint16_t type)
{
	size_t place;

	align(b);
	place = b->len;
	netattr_put(b, type | NLA_F_NESTED, "", 0);
	return place;
}

void netattr_end(struct buf *b, size_t place)
{
	const uint16_t len = (uint16_t)(b->len - place);

	memcpy(b->s + place, &len, sizeof(len));
}
