/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration of FreeBSD's iovctl(8) as it stands in its file. Others want core/iovctl.h. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "core/diag.h"

/* The keys of VFs that have a counterpart in a policy. */
enum iov_key {
	IOV_PASSTHROUGH, /* 0 or 1, as all are of which nothing else is said */
	IOV_MAC,         /* an address, never zero */
	IOV_ANTI_SPOOF,
	IOV_VLAN, /* 0: none, the VF tags as it likes */
	IOV_SET_MAC,
	IOV_PROMISC,
	IOV_TRUST,
	IOV_NODE_GUID, /* never zero */
	IOV_PORT_GUID, /* likewise */
	_IOV_KEY_MAX
};

/* What a section says of VFs: DEFAULT of all, VF-n of one. */
struct iov_section {
	bool has[_IOV_KEY_MAX];
	uint64_t v[_IOV_KEY_MAX];
	struct place at[_IOV_KEY_MAX];
	struct place place;
	unsigned index;
};

struct iov_file {
	const char *device;          /* NULL: it is not said */
	unsigned vfs;                /* 0 likewise */
	struct place pf, device_at;  /* of the section, and of the name */
	struct iov_section defaults; /* has nothing when there is no such section */
	struct iov_section *vf;      /* by rising index */
	size_t n_vf;
};

/*
 * Reads the LEN bytes at TEXT, called NAME in messages. Problems are added to D, keys that have no
 * counterpart to NOTES; strings are in STRINGS. RET is complete only if D has stayed as it was, and
 * freed with iov_file_done() in any case.
 */
void iov_file_read(const char *name, const char *text, size_t len, struct mem_pool *strings,
	struct iov_file *ret, struct diag *d, struct diag *notes);

/* Frees what F holds. */
void iov_file_done(struct iov_file *f);
