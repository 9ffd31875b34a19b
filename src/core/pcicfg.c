/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities in a PCI configuration space, and the resources of VFs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/pcicfg.h"

#define STATUS           0x06
#define STATUS_CAPS      0x10
#define CAPS             0x34
#define CAP_EXPRESS      0x10
#define CAP_MSIX         0x11
#define MSIX_CONTROL     0x02
#define MSIX_SIZE        0x7ff
#define EXP_DEVCAP2      0x24
#define EXP_DEVCTL2      0x28
#define EXP_ARI          0x20 /* in both */
#define EXTENDED         0x100
#define EXT_ACS          0x000d
#define ACS_CTRL         0x06
#define EXT_SRIOV        0x0010
#define SRIOV_TOTAL      0x0e
#define SRIOV_BARS       0x24
#define STEPS_MAX        256 /* capabilities: a list that is longer goes in circles */
#define RESOURCE_VF      7   /* number of the line of `resource` with VF BAR 0, from 0 */
#define IORESOURCE_UNSET 0x20000000ULL

/* Bytes that may end anywhere: what is behind the end reads as zero. */
struct space {
	const uint8_t *data;
	size_t len;
};

static unsigned get8(const struct space *s, size_t at)
{
	return at < s->len ? s->data[at] : 0;
}

static unsigned get16(const struct space *s, size_t at)
{
	return get8(s, at) | get8(s, at + 1) << 8;
}

static uint32_t get32(const struct space *s, size_t at)
{
	return get16(s, at) | (uint32_t)get16(s, at + 2) << 16;
}

/* Where the capability ID is, or 0. */
static size_t find_cap(const struct space *s, unsigned id)
{
	size_t at = get8(s, CAPS) & ~3u;

	if (!(get16(s, STATUS) & STATUS_CAPS))
		return 0;
	for (int i = 0; i < STEPS_MAX && at >= 0x40; i++) {
		if (get8(s, at) == id)
			return at;
		at = get8(s, at + 1) & ~3u;
	}
	return 0;
}

/* Where the extended capability ID is, or 0. */
static size_t find_ext(const struct space *s, unsigned id)
{
	size_t at = EXTENDED;

	for (int i = 0; i < STEPS_MAX && at >= EXTENDED; i++) {
		uint32_t head = get32(s, at);

		if (head == 0 || head == UINT32_MAX)
			return 0;
		if ((head & 0xffff) == id)
			return at;
		at = head >> 20 & ~3u;
	}
	return 0;
}

/* A bit for each VF BAR whose register is not that of one that is missing. */
static uint8_t vf_bars(const struct space *s, size_t sriov)
{
	unsigned bars = 0;

	for (unsigned i = 0; i < PCICFG_BARS; i++) {
		uint32_t bar = get32(s, sriov + SRIOV_BARS + 4 * (size_t)i);

		if (bar)
			bars |= 1u << i;
		if ((bar & 6) == 4) /* the next one is its upper half */
			i++;
	}
	return (uint8_t)bars;
}

struct pcicfg pcicfg_parse(const uint8_t *data, size_t len)
{
	const struct space s = { data, len };
	struct pcicfg c = { .known = len > EXTENDED };
	size_t at = find_cap(&s, CAP_EXPRESS);

	c.express = at != 0;
	if (at) {
		c.ari_can = get32(&s, at + EXP_DEVCAP2) & EXP_ARI;
		c.ari_on = get16(&s, at + EXP_DEVCTL2) & EXP_ARI;
	}
	at = find_ext(&s, EXT_ACS);
	c.acs = at != 0;
	if (at)
		c.acs_on = (uint16_t)get16(&s, at + ACS_CTRL);
	at = find_ext(&s, EXT_SRIOV);
	c.sriov = at != 0;
	if (at) {
		c.total_vfs = (uint16_t)get16(&s, at + SRIOV_TOTAL);
		c.vf_bars = vf_bars(&s, at);
	}
	return c;
}

unsigned pcicfg_msix(const uint8_t *data, size_t len)
{
	const struct space s = { data, len };
	size_t at = find_cap(&s, CAP_MSIX);

	if (!at || at + MSIX_CONTROL + 2 > len)
		return 0;
	return (get16(&s, at + MSIX_CONTROL) & MSIX_SIZE) + 1;
}

/* A line of three numbers: start, end, flags. */
static bool parse_line(const char **s, uint64_t n[static 3])
{
	char *end;

	for (int i = 0; i < 3; i++) {
		errno = 0;
		n[i] = strtoull(*s, &end, 16);
		if (errno || end == *s)
			return false;
		*s = end;
	}
	*s += strcspn(*s, "\n");
	return true;
}

struct pcicfg_bars pcicfg_vf_bars(const char *text, const struct pcicfg *cfg)
{
	struct pcicfg_bars b = { 0 };
	uint64_t n[3];

	for (int i = 0; i < RESOURCE_VF + PCICFG_BARS; i++) {
		unsigned bit = i < RESOURCE_VF ? 0 : 1u << (i - RESOURCE_VF);

		if (!parse_line(&text, n))
			return (struct pcicfg_bars){ 0 };
		/* What the kernel finds no room for it may also forget altogether. */
		if (n[2] ? n[0] == 0 || n[2] & IORESOURCE_UNSET : (cfg->vf_bars & bit) != 0)
			b.lost |= (uint8_t)bit;
		else if (n[2])
			b.assigned |= (uint8_t)bit;
	}
	b.known = true;
	return b;
}

void pcicfg_bars_lost(const struct pcicfg_bars *bars, struct buf *b)
{
	bool one = bars->lost && !(bars->lost & (bars->lost - 1));
	const char *before = " ";

	buf_add(b, one ? "VF BAR" : "VF BARs");
	for (unsigned i = 0; i < PCICFG_BARS; i++)
		if (bars->lost & 1u << i) {
			buf_addf(b, "%s%u", before, i);
			before = ", ";
		}
	buf_add(b, one ? " has" : " have");
}
