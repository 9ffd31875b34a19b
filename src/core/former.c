/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a function was to the host before it was reserved. */
#include <stdio.h>
#include <string.h>

#include "core/former.h"
#include "core/genfile.h"
#include "core/group.h"

/* Takes the next word of *LINE into RET, empty for "-" and for what is too long. */
static void take_word(const char **line, char ret[static FORMER_NAME_SIZE])
{
	size_t len = strcspn(*line, " \n");

	ret[0] = '\0';
	if (len < FORMER_NAME_SIZE && !(len == 1 && **line == '-')) {
		memcpy(ret, *line, len);
		ret[len] = '\0';
	}
	*line += len;
	*line += **line == ' ';
}

/* What the udev rules TEXT have noted of the function at A. */
static void read_note(const char *text, struct pciaddr a, struct former *ret)
{
	char head[64], mac[FORMER_NAME_SIZE];
	const char *at;

	snprintf(head, sizeof(head), "\n" GENFILE_BLOCK "%s\n" FORMER_HEAD, pciaddr_text(a).s);
	at = strstr(text, head);
	if (!at)
		return;
	at += strlen(head);
	take_word(&at, ret->driver);
	take_word(&at, ret->netdev);
	take_word(&at, mac);
	ret->has_mac = macaddr_parse(mac, &ret->mac) == 0;
}

void former_find(const struct inventory *inv, const struct dev *d, struct former *ret)
{
	const struct netdev *n = d->netdev < 0 ? NULL : &inv->netdevs[d->netdev];
	const char *text = inv->files[GENFILE_UDEV].text;

	*ret = (struct former){ .has_mac = false };
	if (d->driver && !group_is_left(d)) {
		snprintf(ret->driver, sizeof(ret->driver), "%s", d->driver);
		snprintf(ret->netdev, sizeof(ret->netdev), "%s", n ? n->name : "");
		ret->has_mac = n && n->has_perm_mac;
		ret->mac = ret->has_mac ? n->perm_mac : 0;
	} else if (text && genfile_is_ours(text)) {
		read_note(text, d->addr, ret);
	}
}

void former_line(struct buf *b, const struct former *f)
{
	buf_addf(b, FORMER_HEAD "%s %s %s", f->driver[0] ? f->driver : "-",
		f->netdev[0] ? f->netdev : "-", f->has_mac ? macaddr_text(f->mac).s : "-");
}
