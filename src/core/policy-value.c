/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The strings of a policy read as what they stand for. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/policy-value.h"
#include "core/policy.h"
#include "core/quote.h"

#define MAC_BROADCAST 0xffffffffffff
#define MAC_MULTICAST 0x010000000000

int policy_address(const char *s, struct pciaddr *ret, struct err *e)
{
	if (pciaddr_parse(s, ret) < 0)
		return err_set(
			e, -EINVAL, "%s is not a PCI address like 0000:01:00.0", quote_text(s).s);
	return 0;
}

int policy_mac(const char *s, macaddr *ret, struct err *e)
{
	macaddr m;

	if (macaddr_parse(s, &m) < 0)
		return err_set(e, -EINVAL, "%s is not a MAC address like 02:00:00:00:00:01",
			quote_text(s).s);
	if (m == 0)
		return err_set(e, -EINVAL, "%s is the zero address, which stands for none",
			quote_text(s).s);
	if (m == MAC_BROADCAST)
		return err_set(e, -EINVAL,
			"%s is the broadcast address, which no interface can have",
			quote_text(s).s);
	if (m & MAC_MULTICAST)
		return err_set(e, -EINVAL,
			"%s is a multicast address (its first octet is odd), which no interface "
			"can have",
			quote_text(s).s);
	*ret = m;
	return 0;
}

int policy_guid(const char *s, uint64_t *ret, struct err *e)
{
	uint64_t guid;

	if (guid_parse(s, &guid) < 0)
		return err_set(e, -EINVAL, "%s is not a GUID like 00:11:22:33:44:55:66:77",
			quote_text(s).s);
	if (guid == 0)
		return err_set(
			e, -EINVAL, "%s is the zero GUID, which stands for none", quote_text(s).s);
	*ret = guid;
	return 0;
}

int policy_hex_id(const char *s, uint16_t *ret, struct err *e)
{
	const char *digits = strncasecmp(s, "0x", 2) == 0 ? s + 2 : s;

	if (strlen(digits) != 4 || strspn(digits, "0123456789abcdefABCDEF") != 4)
		return err_set(e, -EINVAL,
			"%s is not a number of four hexadecimal digits like 8086", quote_text(s).s);
	*ret = (uint16_t)strtoul(digits, NULL, 16);
	return 0;
}

int policy_driver_name(const char *s, struct err *e)
{
	size_t len = strlen(s), good = 0;

	while (isalnum((unsigned char)s[good]) || s[good] == '_' || s[good] == '-')
		good++;
	if (len == 0 || len > POLICY_DRIVER_MAX || good < len)
		return err_set(e, -EINVAL,
			"%s is not a driver's name (1 to %d letters, digits, '-' and '_')",
			quote_text(s).s, POLICY_DRIVER_MAX);
	return 0;
}

int policy_ifname(const char *s, struct err *e)
{
	static const char *const taken[] = { "all", "default", "lo" }; /* in /proc/sys/net */
	size_t len = strlen(s), good = 0;

	while (isalnum((unsigned char)s[good]) || (good && s[good] && strchr("._-", s[good])))
		good++;
	if (len == 0 || len > POLICY_IFNAME_MAX || good < len)
		return err_set(e, -EINVAL,
			"%s is not a name for an interface (1 to %d letters, digits, '.', '_' and "
			"'-', "
			"a letter or a digit first)",
			quote_text(s).s, POLICY_IFNAME_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		if (strcmp(s, taken[i]) == 0)
			return err_set(e, -EINVAL, "%s has a meaning of its own to the kernel",
				quote_text(s).s);
	if (strspn(s, "0123456789") == len)
		return err_set(
			e, -EINVAL, "%s would be taken for an interface's number", quote_text(s).s);
	if (strncmp(s, "eth", 3) == 0 && len > 3 && strspn(s + 3, "0123456789") == len - 3)
		return err_set(e, -EINVAL,
			"%s is what the kernel calls new interfaces, so another may have it "
			"already",
			quote_text(s).s);
	return 0;
}

int policy_word(const char *s, size_t max, const char *no, struct err *e)
{
	if (!*s)
		return err_set(e, -EINVAL, "must not be empty");
	if (strlen(s) > max)
		return err_set(e, -EINVAL, "%s is longer than %zu bytes", quote_text(s).s, max);
	for (const char *c = s; *c; c++) {
		if (*c <= ' ' || *c > '~')
			return err_set(e, -EINVAL,
				"%s has a character that is no printable ASCII, or a space",
				quote_text(s).s);
		if (strchr(no, *c))
			return err_set(e, -EINVAL, "%s has a '%c'", quote_text(s).s, *c);
	}
	return 0;
}

int policy_slot(const char *s, struct err *e)
{
	size_t len = strlen(s), good = 0;

	while (s[good] >= ' ' && s[good] <= '~' && s[good] != '/')
		good++;
	if (len == 0 || len > POLICY_SLOT_MAX || good < len)
		return err_set(e, -EINVAL,
			"%s is not a slot's name (1 to %d characters of printable ASCII, no '/')",
			quote_text(s).s, POLICY_SLOT_MAX);
	return 0;
}

/*
 * Reads a number without sign or leading zeros at *S and moves *S behind it. One that is far too
 * large becomes POLICY_VF_MAX.
 */
static bool read_index(const char **s, unsigned *ret)
{
	const char *start = *s;
	unsigned n = 0;

	for (; isdigit((unsigned char)**s); (*s)++)
		if (n < POLICY_VF_MAX)
			n = n * 10 + (unsigned)(**s - '0');
	*ret = n < POLICY_VF_MAX ? n : POLICY_VF_MAX;
	return *s > start && (*start != '0' || *s == start + 1);
}

int policy_range(const char *s, unsigned *ret_first, unsigned *ret_last, struct err *e)
{
	const char *c = s;
	unsigned first, last;
	bool good = read_index(&c, &first);

	last = first;
	if (good && *c == '-') {
		c++;
		good = read_index(&c, &last);
	}
	if (!good || *c)
		return err_set(e, -EINVAL,
			"%s is not the index of a VF like \"3\" or a range like \"0-6\"",
			quote_text(s).s);
	if (first >= POLICY_VF_MAX || last >= POLICY_VF_MAX)
		return err_set(
			e, -EINVAL, "%s is not in 0..%d", quote_text(s).s, POLICY_VF_MAX - 1);
	if (first > last)
		return err_set(e, -EINVAL, "%s is backwards: write \"%u-%u\"", quote_text(s).s,
			last, first);
	*ret_first = first;
	*ret_last = last;
	return 0;
}

int policy_choice(const char *s, const char *const words[], size_t n, unsigned *ret, struct err *e)
{
	_cleanup_(buf_done) struct buf all = { 0 };

	for (unsigned i = 0; i < n; i++) {
		if (strcmp(s, words[i]) == 0) {
			*ret = i;
			return 0;
		}
		buf_addf(&all, "%s\"%s\"", i ? ", " : "", words[i]);
	}
	return err_set(e, -EINVAL, "%s is none of %s", quote_text(s).s, buf_text(&all));
}
