/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of netlink messages: bytes in, values out, and the other way round; no socket. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/types.h"

/* One attribute, or all of a message (`data` and `len`). Points into the message. */
struct netattr {
	uint16_t type;
	const uint8_t *data;
	size_t len;
	const uint8_t *next;
};

/* Reads the attribute at P. Returns whether there was a complete one. */
bool netattr_at(const uint8_t *p, const uint8_t *end, struct netattr *ret);

/* The first attribute of TYPE in ALL. Returns whether there is one. */
bool netattr_find(const struct netattr *all, uint16_t type, struct netattr *ret);

/* A number of 32 bits; 0 when the attribute is too short. */
uint32_t netattr_u32(const struct netattr *a);

/* The same of 16 bits. */
uint16_t netattr_u16(const struct netattr *a);

/* Copies a string of less than SIZE bytes; TEXT is left as it was when it is longer. */
void netattr_text(const struct netattr *a, char *text, size_t size);

/* An Ethernet address. Returns whether it is one. */
bool netattr_mac(const struct netattr *a, macaddr *ret);

/*
 * Reads the fixed part of the message MSG of LEN bytes, header included: HEAD_LEN bytes to HEAD,
 * and where its attributes are to *RET. Returns 0, or -EBADMSG for what is no such message of TYPE.
 */
int netattr_head(struct netattr *ret, const void *msg, size_t len, uint16_t type, void *head,
	size_t head_len);

/* Appends an attribute with the LEN bytes at DATA to a message's body, which begins at 0. */
void netattr_put(struct buf *b, uint16_t type, const void *data, size_t len);

/* Appends a number of 32 bits. */
void netattr_put_u32(struct buf *b, uint16_t type, uint32_t n);

/* Appends a string with its end. */
void netattr_put_text(struct buf *b, uint16_t type, const char *s);

/* Begins an attribute that has others in it; returns its place for netattr_end(). */
size_t netattr_begin(struct buf *b, uint16_t type);

/* Ends that. */
void netattr_end(struct buf *b, size_t place);
