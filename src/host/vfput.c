/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of VFs in an RTM_SETLINK message. */
#include "host/vfput.h"

#include <assert.h>
#include <linux/if_link.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/attr.h"
#include "host/netattr.h"

/*
 * Whether T, the step behind S, goes into the same IFLA_VF_INFO, which the kernel takes apart with
 * all its attributes at once. It applies them in the order of our table, and nothing behind a GUID
 * (do_setvfinfo(), kernel-facts §4.1).
 */
static bool shares_info(const struct step *s, const struct step *t)
{
	const struct vf_attr *row = vf_attr(s->attr);

	return t->vf == s->vf && t->attr > s->attr && vf_attr(t->attr)->ifla != row->ifla &&
	       row->type != VF_TYPE_GUID;
}

static void put_step(struct buf *b, const struct step *s)
{
	uint8_t payload[64];
	uint16_t type;
	size_t len = vf_attr_encode(s->attr, (unsigned)s->vf, s->after.n, s->pair, payload, &type);

	netattr_put(b, type, payload, len);
}

void vfput_list(struct buf *b, const struct step *steps, size_t n)
{
	size_t list = netattr_begin(b, IFLA_VFINFO_LIST);

	assert(n <= VFPUT_MAX);
	for (size_t i = 0; i < n;) {
		size_t info = netattr_begin(b, IFLA_VF_INFO);

		do
			put_step(b, &steps[i++]);
		while (i < n && shares_info(&steps[i - 1], &steps[i]));
		netattr_end(b, info);
	}
	netattr_end(b, list);
}
