/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of devices, and MAC addresses. */
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

static const char netdevsim[] = "netdevsim";

/* Reads decimal digits as the kernel writes a number: up to MAX, no zero before others. */
static bool number_field(const char **s, uint32_t max, uint32_t *ret)
{
	const char *start = *s;
	uint64_t n = 0;

	for (; isdigit((unsigned char)**s) && n <= max; (*s)++)
		n = n * 10 + (uint64_t)(**s - '0');
	*ret = (uint32_t)n;
	return *s > start && n <= max && !(*start == '0' && *s > start + 1);
}

/* Reads what stands behind "netdevsim". */
static int parse_netdevsim(const char *s, struct pciaddr *ret)
{
	struct pciaddr a = { .kind = PCIADDR_NETDEVSIM };
	uint32_t vf;

	if (!number_field(&s, INT32_MAX, &a.domain))
		return -EINVAL;
	if (skip(&s, '/')) {
		if (!number_field(&s, UINT16_MAX - 1, &vf))
			return -EINVAL;
		a = pciaddr_behind(a, 1 + vf);
	}
	if (*s)
		return -EINVAL;
	*ret = a;
	return 0;
}

int pciaddr_parse(const char *s, struct pciaddr *ret)
{
	uint32_t domain = 0, bus, dev, fn;
	bool has_domain = strchr(s, ':') != strrchr(s, ':');

	if (strncmp(s, netdevsim, strlen(netdevsim)) == 0)
		return parse_netdevsim(s + strlen(netdevsim), ret);
	if (has_domain && (!hex_field(&s, 4, 8, &domain) || !skip(&s, ':')))
		return -EINVAL;
	if (!hex_field(&s, 2, 2, &bus) || !skip(&s, ':') || !hex_field(&s, 2, 2, &dev) ||
		!skip(&s, '.') || !hex_field(&s, 1, 1, &fn) || *s)
		return -EINVAL;
	if (dev > 0x1f || fn > 7)
		return -EINVAL;
	*ret = (struct pciaddr){ domain, (uint8_t)bus, (uint8_t)(dev << 3 | fn), PCIADDR_PCI };
	return 0;
}

/* Bus, device and function as one number. */
static unsigned place_on_bus(struct pciaddr a)
{
	return (unsigned)a.bus << 8 | a.devfn;
}

struct pciaddr_text pciaddr_text(struct pciaddr a)
{
	struct pciaddr_text t;
	unsigned place = place_on_bus(a);

	if (a.kind == PCIADDR_PCI)
		snprintf(t.s, sizeof(t.s), "%04x:%02x:%02x.%x", a.domain, a.bus, a.devfn >> 3,
			a.devfn & 7);
	else if (place == 0)
		snprintf(t.s, sizeof(t.s), "%s%u", netdevsim, a.domain);
	else
		snprintf(t.s, sizeof(t.s), "%s%u/%u", netdevsim, a.domain, place - 1);
	return t;
}

uint64_t pciaddr_key(struct pciaddr a)
{
	return (uint64_t)a.kind << 48 | (uint64_t)a.domain << 16 | place_on_bus(a);
}

int pciaddr_cmp(struct pciaddr a, struct pciaddr b)
{
	uint64_t x = pciaddr_key(a), y = pciaddr_key(b);

	return (x > y) - (x < y);
}

struct pciaddr pciaddr_behind(struct pciaddr a, unsigned offset)
{
	unsigned place = place_on_bus(a) + offset;

	a.bus = (uint8_t)(place >> 8);
	a.devfn = (uint8_t)place;
	return a;
}

const char *pciaddr_bus(struct pciaddr a)
{
	return a.kind == PCIADDR_PCI ? "pci" : netdevsim;
}

struct pciaddr_path pciaddr_path(struct pciaddr a)
{
	struct pciaddr_path p;

	snprintf(p.s, sizeof(p.s), "sys/bus/%s/devices/%s", pciaddr_bus(a), pciaddr_text(a).s);
	return p;
}

/* Reads N octets with SEPARATOR between them, which are all of S. */
static int parse_octets(const char *s, int n, char separator, uint64_t *ret)
{
	uint64_t m = 0;

	for (int i = 0; i < n; i++) {
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

int macaddr_parse(const char *s, macaddr *ret)
{
	return parse_octets(s, 6, strchr(s, '-') ? '-' : ':', ret);
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

int guid_parse(const char *s, uint64_t *ret)
{
	return parse_octets(s, 8, ':', ret);
}

struct guid_text guid_text(uint64_t guid)
{
	struct guid_text t;
	size_t at = 0;

	for (int shift = 56; shift >= 0; shift -= 8)
		at += (size_t)snprintf(t.s + at, sizeof(t.s) - at, "%s%02x", at ? ":" : "",
			(unsigned)(guid >> shift & 0xff));
	return t;
}
