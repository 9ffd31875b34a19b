/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of `emit` that hand VFs over to those who start guests. */
#include "cli/handoff.h"
#include <string.h>

#include "cli/device.h"
#include "render/handoff.h"

#define PARTS_MAX 4

/* What --part may be, and what VFs that part is about. */
struct part {
	const char *name;
	unsigned part; /* of the renderer */
	enum handoff_use use;
};

static const struct row {
	const char *name;
	enum handoff_use use; /* without --part */
	struct part parts[PARTS_MAX];
} rows[_HANDOFF_MAX] = {
	[HANDOFF_PROXMOX] = { "proxmox", HANDOFF_EITHER,
		{
			{ "qm", PROXMOX_QM, HANDOFF_VM },
			{ "lxc", PROXMOX_LXC, HANDOFF_CONTAINER },
			{ "mapping", PROXMOX_MAPPING, HANDOFF_VM },
		} },
	[HANDOFF_LIBVIRT] = { "libvirt", HANDOFF_VM,
		{
			{ "hostdev", LIBVIRT_HOSTDEV, HANDOFF_VM },
			{ "interface", LIBVIRT_INTERFACE, HANDOFF_VM },
			{ "network", LIBVIRT_NETWORK, HANDOFF_VM },
		} },
	[HANDOFF_QEMU] = { "qemu", HANDOFF_VM, { { 0 } } },
	[HANDOFF_LXC] = { "lxc", HANDOFF_CONTAINER, { { 0 } } },
};

enum handoff_kind handoff_by_name(const char *name)
{
	enum handoff_kind k = 0;

	while (k < _HANDOFF_MAX && strcmp(rows[k].name, name) != 0)
		k++;
	return k;
}

const char *handoff_name(enum handoff_kind kind)
{
	return rows[kind].name;
}

const char *handoff_part(enum handoff_kind kind, size_t i)
{
	return i < PARTS_MAX ? rows[kind].parts[i].name : NULL;
}

static bool is_mapping(enum handoff_kind kind, const struct part *part)
{
	return kind == HANDOFF_PROXMOX && part->part == PROXMOX_MAPPING;
}

/* Finds the part that --part names; without it, all. Returns a status. */
static int choose_part(const struct cli *cli, const struct row *row, struct part *ret)
{
	_cleanup_(buf_done) struct buf names = { 0 };

	*ret = (struct part){ .use = row->use };
	for (size_t i = 0; i < PARTS_MAX && row->parts[i].name; i++) {
		if (cli->part && strcmp(row->parts[i].name, cli->part) == 0) {
			*ret = row->parts[i];
			return STATUS_OK;
		}
		ret->part |= row->parts[i].part;
		buf_addf(&names, "%s%s", i ? ", " : "", row->parts[i].name);
	}
	if (!cli->part)
		return STATUS_OK;
	if (names.len)
		cli_error("emit %s has no part \"%s\"; there are: %s", row->name, cli->part,
			buf_text(&names));
	else
		cli_error("emit %s has no parts", row->name);
	return STATUS_USAGE;
}

/* Fills CHOSEN, a flag for each function, from the arguments. Returns a status. */
static int choose_devices(const struct session *s, bool *chosen)
{
	for (size_t i = 1; i < s->cli->n_args; i++) {
		int dev = device_find(s->inv, s->cli->args[i]);

		if (dev < 0)
			return STATUS_FAILED;
		if (s->inv->devs[dev].pf < 0) {
			cli_error("%s is neither a VF nor a PF with SR-IOV", s->cli->args[i]);
			return STATUS_FAILED;
		}
		chosen[dev] = true;
	}
	return STATUS_OK;
}

static const char *fit_text(enum handoff_use use)
{
	switch (use) {
	case HANDOFF_VM:
		return "a virtual machine (bound to vfio-pci or another VFIO driver)";
	case HANDOFF_CONTAINER:
		return "a container (with an interface)";
	case HANDOFF_EITHER:
		break;
	}
	return "a guest (bound to a VFIO driver, or with an interface)";
}

/* Whether each PF that was named has given a VF, and without names the host. */
static bool is_enough(const struct session *s, const struct handoff *h, enum handoff_use use)
{
	if (s->cli->n_args < 2 && h->n == 0)
		cli_error("no VF of this host is fit for %s", fit_text(use));
	for (size_t i = 1; i < s->cli->n_args; i++) {
		int dev = device_find(s->inv, s->cli->args[i]);
		size_t k = 0;

		while (k < h->n && h->vfs[k].pf->dev != dev && h->vfs[k].dev != &s->inv->devs[dev])
			k++;
		if (k < h->n)
			continue;
		cli_error("%s has no VF that is fit for %s", s->cli->args[i], fit_text(use));
		return false;
	}
	return h->n > 0;
}

static size_t render(
	struct buf *b, const struct handoff *h, const struct part *part, const struct cli *cli)
{
	switch (h->kind) {
	case HANDOFF_PROXMOX:
		return handoff_proxmox(b, h, part->part, cli->vm);
	case HANDOFF_LIBVIRT:
		return handoff_libvirt(b, h, part->part);
	case HANDOFF_QEMU:
		return handoff_qemu(b, h);
	case HANDOFF_LXC:
		return handoff_lxc(b, h);
	case _HANDOFF_MAX:
		break;
	}
	return 0;
}

/* A virtual machine of Proxmox VE has room for so many. */
static bool has_room(const struct handoff *h, const struct cli *cli)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++)
		n += !h->vfs[i].host;
	if (!cli->vm || n <= PROXMOX_HOSTPCI_MAX)
		return true;
	cli_error("these are %zu VFs, and a virtual machine of Proxmox VE can have %d: name them",
		n, PROXMOX_HOSTPCI_MAX);
	return false;
}

static void warn(const struct handoff *h)
{
	for (size_t i = 0; i < h->n_notes; i++) {
		_cleanup_(buf_done) struct buf line = { 0 };

		handoff_note_line(&line, h, &h->notes[i]);
		cli_warning("%s", buf_text(&line));
	}
}

/* The script for mappings: there may be none for it to make, but old ones to be cleaned up. */
static int print_mapping(const struct handoff *h)
{
	_cleanup_(buf_done) struct buf b = { 0 }, node = { 0 };

	if (!handoff_node(&node, h->inv->hostname)) {
		cli_error("\"%s\" cannot be the name of a node of Proxmox VE", h->inv->hostname);
		return STATUS_FAILED;
	}
	warn(h);
	handoff_mapping(&b, h, buf_text(&node));
	return cli_output(&b, STATUS_OK);
}

static int print(struct session *s, const struct handoff *h, const struct part *part)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	cli_problems(&s->problems);
	if (is_mapping(h->kind, part))
		return print_mapping(h);
	if (!is_enough(s, h, part->use) || !has_room(h, s->cli))
		return STATUS_FAILED;
	warn(h);
	if (s->cli->json) {
		handoff_json(&b, h);
		return cli_output(&b, STATUS_OK);
	}
	if (render(&b, h, part, s->cli))
		return cli_output(&b, STATUS_OK);
	cli_error("nothing can be emitted for these VFs; the comments say why");
	return cli_output(&b, STATUS_FAILED);
}

/*
 * Reads what is needed: the policy, if there is one, and the host. Without labels all that is ours
 * in mappings would go, so there they have to be. Returns a status.
 */
static int look(struct session *s, bool labels)
{
	int status = labels && !s->cli->policy ? session_read_policy(s, s->cli->n_args)
					       : session_read_any_policy(s);

	if (status == STATUS_OK)
		status = session_open_host(s);
	if (status == STATUS_OK)
		status = session_scan(
			s, SCAN_VF_ATTRS | SCAN_NVME | SCAN_PATHS | SCAN_SLOTS | SCAN_USERS);
	return status;
}

static int choose_and_print(struct session *s, enum handoff_kind kind, const struct part *part)
{
	_cleanup_free_ bool *chosen = mem_new(s->inv->n_devs, sizeof(*chosen));
	struct handoff_choice c = {
		.kind = kind, .use = part->use, .chosen = s->cli->n_args > 1 ? chosen : NULL
	};
	struct handoff *h;
	int status = choose_devices(s, chosen);

	if (status != STATUS_OK)
		return status;
	h = handoff_make(s->inv, s->policy, &c, &s->problems);
	status = print(s, h, part);
	handoff_free(h);
	return status;
}

int handoff_emit(struct session *s, enum handoff_kind kind)
{
	struct part part;
	int status = choose_part(s->cli, &rows[kind], &part);

	if (status != STATUS_OK)
		return status;
	if (s->cli->json && s->cli->part) {
		cli_error("--json lists the VFs of all parts: leave --part out");
		return STATUS_USAGE;
	}
	if (s->cli->vm && (kind != HANDOFF_PROXMOX || !(part.part & PROXMOX_QM))) {
		cli_error("--vm is for the commands of emit proxmox");
		return STATUS_USAGE;
	}
	if (s->cli->n_args > 1 && is_mapping(kind, &part)) {
		cli_error("a mapping is of all VFs of its name: name none");
		return STATUS_USAGE;
	}
	status = look(s, is_mapping(kind, &part));
	return status == STATUS_OK ? choose_and_print(s, kind, &part) : status;
}
