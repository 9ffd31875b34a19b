/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an NVMe controller says of its virtualization management (NVM Express base specification,
 * Virtualization Enhancements): the PF is the primary controller, its VFs are secondary ones. The
 * bytes may lie.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NVME_DATA_SIZE 4096

/* The commands and their parts. */
#define NVME_IDENTIFY             0x06
#define NVME_IDENTIFY_CONTROLLER  0x01
#define NVME_IDENTIFY_PRIMARY     0x14 /* capabilities of the primary controller */
#define NVME_IDENTIFY_SECONDARIES 0x15 /* list of its secondary controllers */
#define NVME_VIRTUALIZATION       0x1c
#define NVME_SECONDARY_OFFLINE    7
#define NVME_SECONDARY_ASSIGN     8
#define NVME_SECONDARY_ONLINE     9
#define NVME_RESOURCE_VQ          0
#define NVME_RESOURCE_VI          1
#define NVME_SECONDARIES_MAX      127 /* in one answer */

/* Resources of one kind that can be moved between controllers ("flexible"). */
struct nvme_pool {
	unsigned total;   /* 0: there are none */
	unsigned primary; /* that the PF itself has */
	unsigned most;    /* for one VF */
	unsigned step;    /* they go by so many; 0 and 1: one by one */
};

struct nvme_caps {
	bool known;
	unsigned id; /* of the PF's controller */
	struct nvme_pool vq, vi;
};

/* A VF's controller. */
struct nvme_secondary {
	unsigned id;
	int vf; /* VF index, -1: it is no VF's */
	bool online;
	unsigned vq, vi;
};

/* The number of the controller itself, from the LEN bytes that NVME_IDENTIFY_CONTROLLER gives. */
unsigned nvme_parse_id(const uint8_t *data, size_t len);

/* Whether STATUS says that the controller knows no such command, or no such page. */
bool nvme_is_unknown(unsigned status);

/* Reads the LEN bytes of the answer to NVME_IDENTIFY_PRIMARY; too few are not known. */
struct nvme_caps nvme_parse_caps(const uint8_t *data, size_t len);

/*
 * Reads the LEN bytes of the answer to NVME_IDENTIFY_SECONDARIES into RET. Returns how many there
 * are; fewer than NVME_SECONDARIES_MAX: these were the last ones.
 */
size_t nvme_parse_secondaries(
	const uint8_t *data, size_t len, struct nvme_secondary ret[static NVME_SECONDARIES_MAX]);

/* What the controller means by STATUS, its answer to a command that failed, or NULL. */
const char *nvme_status_text(unsigned status);
