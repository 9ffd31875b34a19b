/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCI and MAC addresses. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/types.h"

/* Reads MIN to MAX hex digits at *S into *RET and moves *S behind them. */
static bool hex_field(const char **s, int min, int max, uint32_t *ret)
{
	uint32_t v = 0;
	int n = 0;

	for (; n < max && isxdigit((unsigned char)**s); n++, (*s)++) {
		int c = tolower((unsigned char)**s);

		v = v << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	*ret = v;
	return n >= min;
}

static bool skip(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

int pciaddr_parse(const char *s, struct pciaddr *ret)
{
	uint32_t domain = 0, bus, dev, fn;
	bool has_domain = strchr(s, ':') != strrchr(s, ':');

	if (has_domain && (!hex_field(&s, 4, 8, &domain) || !skip(&s, ':')))
		return -EINVAL;
	if (!hex_field(&s, 2, 2, &bus) || !skip(&s, ':') || !hex_field(&s, 2, 2, &dev) ||
		!skip(&s, '.') || !hex_field(&s, 1, 1, &fn) || *s)
		return -EINVAL;
	if (dev > 0x1f || fn > 7)
		return -EINVAL;
	*ret = (struct pciaddr){ domain, (uint8_t)bus, (uint8_t)(dev << 3 | fn) };
	return 0;
}

struct pciaddr_text pciaddr_text(struct pciaddr a)
{
	struct pciaddr_text t;

	snprintf(t.s, sizeof(t.s), "%04x:%02x:%02x.%x", a.domain, a.bus, a.devfn >> 3, a.devfn & 7);
	return t;
}

int pciaddr_cmp(struct pciaddr a, struct pciaddr b)
{
	uint64_t x = (uint64_t)a.domain << 16 | (uint64_t)a.bus << 8 | a.devfn;
	uint64_t y = (uint64_t)b.domain << 16 | (uint64_t)b.bus << 8 | b.devfn;

	return (x > y) - (x < y);
}

int macaddr_parse(const char *s, macaddr *ret)
{
	char separator = strchr(s, '-') ? '-' : ':';
	macaddr m = 0;

	for (int i = 0; i < 6; i++) {
		uint32_t octet;

		if ((i > 0 && !skip(&s, separator)) || !hex_field(&s, 1, 2, &octet))
			return -EINVAL;
		m = m << 8 | octet;
	}
	if (*s)
		return -EINVAL;
	*ret = m;
	return 0;
}

struct macaddr_text macaddr_text(macaddr m)
{
	struct macaddr_text t;
	uint8_t b[6];

	macaddr_to_bytes(m, b);
	snprintf(t.s, sizeof(t.s), "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4],
		b[5]);
	return t;
}

bool macaddr_is_usable(macaddr m)
{
	return m != 0 && !(m >> 40 & 1);
}

macaddr macaddr_from_bytes(const uint8_t p[static 6])
{
	macaddr m = 0;

	for (int i = 0; i < 6; i++)
		m = m << 8 | p[i];
	return m;
}

void macaddr_to_bytes(macaddr m, uint8_t p[static 6])
{
	for (int i = 5; i >= 0; i--, m >>= 8)
		p[i] = (uint8_t)m;
}
