/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strings of a policy read as what they stand for. Each function returns 0, or -EINVAL with the
 * reason in E, which quotes the string; what is returned is untouched then.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "core/types.h"

/* A PCI address. */
int policy_address(const char *s, struct pciaddr *ret, struct err *e);

/* A MAC address that an interface can have: neither zero nor multicast. */
int policy_mac(const char *s, macaddr *ret, struct err *e);

/* A GUID of InfiniBand that a VF can be given: not zero. */
int policy_guid(const char *s, uint64_t *ret, struct err *e);

/* Four hexadecimal digits, with or without 0x: a vendor or a device. */
int policy_hex_id(const char *s, uint16_t *ret, struct err *e);

/* A driver's name: it becomes part of a path below /sys. */
int policy_driver_name(const char *s, struct err *e);

/*
 * A name for an interface: letters, digits, '.', '_' and '-', and none that the kernel or a daemon
 * gives a meaning of its own, or that the kernel could give to another interface first (eth0).
 */
int policy_ifname(const char *s, struct err *e);

/* The name of a physical slot: printable ASCII without slashes, as in /sys. */
int policy_slot(const char *s, struct err *e);

/* Printable ASCII without spaces, 1 to MAX bytes; NO names characters that it must not have. */
int policy_word(const char *s, size_t max, const char *no, struct err *e);

/* The key of a range of VFs: "3" or "1-2". */
int policy_range(const char *s, unsigned *ret_first, unsigned *ret_last, struct err *e);

/* Which of the N words S is; *RET is its index. */
int policy_choice(const char *s, const char *const words[], size_t n, unsigned *ret, struct err *e);
