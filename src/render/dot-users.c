/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users of VFs in a picture. */
#include <string.h>

#include "render/dot-users.h"

/* Bytes of "VM 104" at the beginning of S, 0 when it does not begin so. */
static size_t vm_number(const char *s)
{
	size_t digits = strncmp(s, "VM ", 3) == 0 ? strspn(s + 3, "0123456789") : 0;

	return digits ? 3 + digits : 0;
}

/*
 * The guest's key: a configuration or a reservation knows only the number of a virtual machine, a
 * process also its name; where it has no number, two may have the same name.
 */
static void add_guest_key(struct buf *key, const struct usage_holder *h)
{
	size_t number = vm_number(h->guest);

	if (number)
		buf_addn(key, h->guest, number);
	else if (strncmp(h->guest, "VM ", 3) == 0)
		buf_addf(key, "%s, pid %d", h->guest, h->pid);
	else
		buf_add(key, h->guest);
}

/* Index of the user with that key, who is added if need be; of two labels the longer stays. */
static size_t find_user(
	struct dot_users *us, const char *key, const char *label, enum dot_user_kind kind)
{
	size_t i = 0;

	while (i < us->n && strcmp(us->list[i].key, key) != 0)
		i++;
	if (i == us->n) {
		us->list = mem_grow(us->list, us->n, sizeof(*us->list));
		us->list[us->n++] = (struct dot_user){ .key = mem_intern(us->strings, key),
			.label = mem_intern(us->strings, label),
			.kind = kind };
	} else if (strlen(label) > strlen(us->list[i].label)) {
		us->list[i].label = mem_intern(us->strings, label);
	}
	return i;
}

static size_t find_guest(struct dot_users *us, const struct usage_holder *h)
{
	_cleanup_(buf_done) struct buf key = { 0 };

	add_guest_key(&key, h);
	return find_user(us, buf_text(&key), h->guest, DOT_GUEST);
}

static size_t find_process(struct dot_users *us, const struct usage_holder *h)
{
	_cleanup_(buf_done) struct buf label = { 0 };

	buf_addf(&label, "%s, pid %d", h->process, h->pid);
	return find_user(us, buf_text(&label), buf_text(&label), DOT_PROCESS);
}

/* A user of whom nothing is known: no two of them are known to be the same. */
static size_t find_unknown(
	struct dot_users *us, const struct dev *d, const char *label, enum dot_user_kind kind)
{
	return find_user(us, pciaddr_text(d->addr).s, label, kind);
}

/* Who has the interface in another network namespace, if it is no guest and no process. */
static size_t find_namespace(struct dot_users *us, const struct dev *d)
{
	_cleanup_(buf_done) struct buf label = { 0 };

	if (!d->users.netns_name)
		return find_unknown(us, d, "another network namespace", DOT_GUEST);
	buf_addf(&label, "network namespace %s", d->users.netns_name);
	return find_user(us, buf_text(&label), buf_text(&label), DOT_GUEST);
}

/* A VF that is in use, for the reason WHY. */
static void in_use(struct dot_users *us, const struct dev *d, const struct vf_usage *u,
	const char *why, struct dot_use *ret)
{
	const struct usage_holder h = usage_holder(u);

	ret->now = true;
	if (h.guest) {
		ret->user = find_guest(us, &h);
		ret->label = u->vfio_open || u->netdev_away ? NULL : "reserved";
	} else if (h.process) {
		ret->user = find_process(us, &h);
	} else if (u->vfio_open) {
		ret->user = find_unknown(us, d, "a VFIO user", DOT_PROCESS);
	} else if (u->netdev_away) {
		ret->user = find_namespace(us, d);
	} else if (u->master) {
		ret->user = find_user(us, u->master, u->master, DOT_HOST);
		ret->label = u->netdev;
	} else {
		ret->user = find_user(us, why, why, DOT_HOST);
	}
}

bool dot_users_add(
	struct dot_users *us, const struct inventory *inv, const struct dev *d, struct dot_use *ret)
{
	const struct vf_usage u = inventory_usage(inv, d);
	const struct usage_holder assigned = { .guest = d->users.assigned };
	_cleanup_(buf_done) struct buf why = { 0 };

	*ret = (struct dot_use){ 0 };
	if (usage_text(&u, &why)) {
		in_use(us, d, &u, buf_text(&why), ret);
	} else if (assigned.guest) {
		ret->user = find_guest(us, &assigned);
		ret->label = "assigned";
	} else if (u.netdev) {
		ret->user = find_user(us, u.netdev, u.netdev, DOT_HOST);
	} else {
		return false;
	}
	return true;
}

void dot_users_done(struct dot_users *us)
{
	free(us->list);
	*us = (struct dot_users){ 0 };
}
