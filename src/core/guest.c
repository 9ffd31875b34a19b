/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests in the texts that tell of them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "core/guest.h"
#include "core/quote.h"

#define NAME_MAX_BYTES 60 /* of a guest's name in a message */
#define HEX_SHOWN      12 /* of a container's id, as docker and podman show it */

/* A run of bytes in a text. */
struct span {
	const char *s;
	size_t len;
};

static bool is_text(struct span a, const char *text)
{
	return a.len == strlen(text) && memcmp(a.s, text, a.len) == 0;
}

static bool begins(struct span a, const char *text)
{
	return a.len >= strlen(text) && memcmp(a.s, text, strlen(text)) == 0;
}

static bool ends(struct span a, const char *text)
{
	size_t len = strlen(text);

	return a.len >= len && memcmp(a.s + a.len - len, text, len) == 0;
}

/* Cuts the part up to the first END off the text at *REST; false when there is nothing left. */
static bool next_part(struct span *rest, char end, struct span *ret)
{
	const char *stop;

	if (!rest->len)
		return false;
	stop = memchr(rest->s, end, rest->len);
	*ret = (struct span){ rest->s, stop ? (size_t)(stop - rest->s) : rest->len };
	rest->s += ret->len + (stop != NULL);
	rest->len -= ret->len + (stop != NULL);
	return true;
}

static bool is_number(struct span a)
{
	for (size_t i = 0; i < a.len; i++)
		if (!isdigit((unsigned char)a.s[i]))
			return false;
	return a.len > 0 && a.len <= 10;
}

static void add_quoted(struct buf *b, struct span a)
{
	buf_add(b, "\"");
	quote_add(b, a.s, a.len, NAME_MAX_BYTES);
	buf_add(b, "\"");
}

/* QEMU under the names that distributions give it: kvm (Proxmox), qemu-kvm, qemu-system-x86_64. */
static bool is_qemu(struct span program)
{
	struct span part, rest = program;

	while (next_part(&rest, '/', &part))
		program = part;
	return begins(program, "qemu-") || is_text(program, "kvm");
}

/* The name in the value of -name: "guest=fw,debug-threads=on", "fw,debug-threads=on", "fw". */
static struct span name_of(struct span value)
{
	struct span part, name = { 0 };

	for (bool first = true; next_part(&value, ',', &part); first = false) {
		if (begins(part, "guest="))
			return (struct span){ part.s + 6, part.len - 6 };
		if (first && !memchr(part.s, '=', part.len))
			name = part;
	}
	return name;
}

bool guest_from_cmdline(const char *s, size_t len, struct buf *b)
{
	struct span rest = { s, len }, arg, id = { 0 }, name = { 0 }, value;

	if (!next_part(&rest, '\0', &arg) || !is_qemu(arg))
		return false;
	while (next_part(&rest, '\0', &arg)) {
		/* Both spellings are QEMU's; what follows -append and the like is no option. */
		if (arg.len < 2 || arg.s[0] != '-' || !next_part(&rest, '\0', &value))
			continue;
		if (is_text(arg, "-id") && is_number(value))
			id = value;
		else if (is_text(arg, "-name") || is_text(arg, "--name"))
			name = name_of(value);
		else if (value.len && value.s[0] == '-') { /* an option without a value */
			rest.len += (size_t)(rest.s - value.s);
			rest.s = value.s;
		}
	}
	buf_add(b, id.len || name.len ? "VM" : "a VM");
	if (id.len)
		buf_addf(b, " %.*s", (int)id.len, id.s);
	if (name.len) {
		buf_add(b, " ");
		add_quoted(b, name);
	}
	return true;
}

/* Appends a name of systemd's, in which "\x2d" is a '-'. */
static void add_unit_name(struct buf *b, struct span a)
{
	_cleanup_(buf_done) struct buf name = { 0 };

	for (size_t i = 0; i < a.len; i++) {
		unsigned code;

		if (a.len - i >= 4 && a.s[i] == '\\' && a.s[i + 1] == 'x' &&
			isxdigit((unsigned char)a.s[i + 2]) &&
			isxdigit((unsigned char)a.s[i + 3]) &&
			sscanf(a.s + i + 2, "%2x", &code) == 1 && code) {
			buf_addn(&name, &(const char){ (char)code }, 1);
			i += 3;
		} else {
			buf_addn(&name, a.s + i, 1);
		}
	}
	add_quoted(b, (struct span){ buf_text(&name), name.len });
}

enum id_style {
	ID_NAME, /* LXC: a number (Proxmox), or a name */
	ID_HEX,  /* 64 digits of which 12 are shown */
	ID_UNIT, /* systemd's way to write a name */
};

static bool add_id(struct buf *b, const char *what, struct span id, enum id_style style)
{
	if (!id.len)
		return false;
	if (style == ID_HEX)
		for (size_t i = 0; i < id.len; i++)
			if (id.len < HEX_SHOWN || !isxdigit((unsigned char)id.s[i]))
				return false;
	buf_addf(b, "%s ", what);
	if (style == ID_HEX)
		buf_addn(b, id.s, HEX_SHOWN);
	else if (style == ID_UNIT)
		add_unit_name(b, id);
	else if (is_number(id))
		buf_addn(b, id.s, id.len);
	else
		add_quoted(b, id);
	return true;
}

/* Whether the control group PART, below PARENT, is a container's. */
static bool add_group(struct buf *b, struct span parent, struct span part)
{
	static const struct {
		const char *parent, *head, *tail, *what;
		enum id_style style;
	} kinds[] = {
		{ "lxc", "", "", "container", ID_NAME },
		{ NULL, "lxc.payload.", "", "container", ID_NAME },
		{ "docker", "", "", "Docker container", ID_HEX },
		{ NULL, "docker-", ".scope", "Docker container", ID_HEX },
		{ NULL, "libpod-", ".scope", "Podman container", ID_HEX },
		{ NULL, "cri-containerd-", ".scope", "Kubernetes container", ID_HEX },
		{ NULL, "crio-", ".scope", "Kubernetes container", ID_HEX },
		{ NULL, "systemd-nspawn@", ".service", "container", ID_UNIT },
		{ "machine.slice", "machine-", ".scope", "machine", ID_UNIT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t head = strlen(kinds[i].head), tail = strlen(kinds[i].tail);

		if ((kinds[i].parent && !is_text(parent, kinds[i].parent)) ||
			part.len <= head + tail || !begins(part, kinds[i].head) ||
			!ends(part, kinds[i].tail))
			continue;
		if (add_id(b, kinds[i].what, (struct span){ part.s + head, part.len - head - tail },
			    kinds[i].style))
			return true;
	}
	return false;
}

bool guest_from_cgroup(const char *text, struct buf *b)
{
	struct span rest = { text, strlen(text) }, line, part, parent;

	while (next_part(&rest, '\n', &line)) {
		/* "0::/lxc/100/ns", or "3:cpuset:/lxc/100" */
		if (!next_part(&line, ':', &part) || !next_part(&line, ':', &part))
			continue;
		for (parent = (struct span){ "", 0 }; next_part(&line, '/', &part); parent = part)
			if (add_group(b, parent, part))
				return true;
	}
	return false;
}

bool guest_reservation(const char *line, struct guest_reservation *ret)
{
	char address[24], vmid[10], kind[8], until[19], rest;

	if (sscanf(line, "%23s %9[0-9] %7[a-z]:%18[0-9]%c", address, vmid, kind, until, &rest) != 4)
		return false;
	if (pciaddr_parse(address, &ret->addr) < 0)
		return false;
	/* As many digits as fit. */
	ret->vmid = (unsigned)strtoul(vmid, NULL, 10);
	ret->until = strtoull(until, NULL, 10);
	ret->by_pid = strcmp(kind, "pid") == 0;
	return ret->by_pid || strcmp(kind, "time") == 0;
}

/* One address of `host=`: 0000:01:10.2, 01:10.2, or a slot with all its functions, 01:10. */
static void take_device(
	struct span text, void (*fn)(struct pciaddr a, bool all, void *arg), void *arg)
{
	struct pciaddr a;
	char address[32];

	if (text.len >= sizeof(address) - 2)
		return;
	snprintf(address, sizeof(address), "%.*s", (int)text.len, text.s);
	if (pciaddr_parse(address, &a) == 0) {
		fn(a, false, arg);
		return;
	}
	strcat(address, ".0");
	if (pciaddr_parse(address, &a) == 0)
		fn(a, true, arg);
}

/* The value of a hostpciN line: "01:10.2;01:10.4,pcie=1", "host=…" in any place. */
static void take_hostpci(
	struct span value, void (*fn)(struct pciaddr a, bool all, void *arg), void *arg)
{
	struct span option, device;

	while (next_part(&value, ',', &option)) {
		while (option.len && option.s[0] == ' ')
			option = (struct span){ option.s + 1, option.len - 1 };
		if (begins(option, "host="))
			option = (struct span){ option.s + 5, option.len - 5 };
		else if (memchr(option.s, '=', option.len))
			continue;
		while (next_part(&option, ';', &device))
			take_device(device, fn, arg);
	}
}

void guest_hostpci(const char *conf, void (*fn)(struct pciaddr a, bool all, void *arg), void *arg)
{
	struct span rest = { conf, strlen(conf) }, line, key;

	while (next_part(&rest, '\n', &line)) {
		if (begins(line, "[")) /* snapshots follow, and what is pending */
			return;
		if (!begins(line, "hostpci") || !next_part(&line, ':', &key))
			continue;
		if (is_number((struct span){ key.s + 7, key.len - 7 }))
			take_hostpci(line, fn, arg);
	}
}
