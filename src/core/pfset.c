/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings of PFs, and what a PF has of them. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pfset.h"

static const struct pfset rows[_PFSET_MAX] = {
	[PFSET_ESWITCH] = { .key = "eswitch",
		.type = PFSET_TYPE_WORD,
		.words = { "legacy", "switchdev" },
		.help = "mode of the embedded switch (devlink)" },
	[PFSET_MTU] = { .key = "mtu",
		.type = PFSET_TYPE_NUMBER,
		.min = 68, /* less, and it carries no IPv4 */
		.max = 65535,
		.netdev = true,
		.help = "the longest packet of its interface, in bytes" },
	[PFSET_FEATURES] = { .key = "features",
		.type = PFSET_TYPE_SWITCHES,
		.words = { "off", "on" },
		.netdev = true,
		.help = "offloads, by the names of `ethtool -k`" },
	[PFSET_FDB] = { .key = "fdb",
		.type = PFSET_TYPE_MACS,
		.words = { "absent", "present" },
		.netdev = true,
		.help = "addresses behind the host's bridge, for the embedded switch" },
};

const struct pfset *pfset(enum pfset_id id)
{
	assert(id < _PFSET_MAX);
	return &rows[id];
}

enum pfset_id pfset_by_key(const char *key)
{
	unsigned id = 0;

	while (id < _PFSET_MAX && strcmp(rows[id].key, key) != 0)
		id++;
	return (enum pfset_id)id;
}

struct pfset_value *pfset_add(struct pfset_list *l, enum pfset_id id, const char *item, uint64_t n)
{
	struct pfset_value *v;

	l->values = mem_grow(l->values, l->n, sizeof(*l->values));
	v = &l->values[l->n++];
	*v = (struct pfset_value){ .id = id, .n = n };
	snprintf(v->item, sizeof(v->item), "%s", item);
	return v;
}

const struct pfset_value *pfset_find(const struct pfset_list *l, enum pfset_id id, const char *item)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->values[i].id == id && strcmp(l->values[i].item, item) == 0)
			return &l->values[i];
	return NULL;
}

void pfset_copy(struct pfset_list *l, const struct pfset_list *from)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct pfset_value *v = &from->values[i];

		pfset_add(l, v->id, v->item, v->n)->at = v->at;
	}
}

unsigned pfset_mask(const struct pfset_list *l)
{
	unsigned mask = 0;

	for (size_t i = 0; i < l->n; i++)
		mask |= 1u << l->values[i].id;
	return mask;
}

void pfset_done(struct pfset_list *l)
{
	free(l->values);
	*l = (struct pfset_list){ 0 };
}

void pfset_value_text(struct buf *b, enum pfset_id id, uint64_t n)
{
	const struct pfset *row = pfset(id);

	if (n < ARRAY_SIZE(row->words) && row->words[n])
		buf_add(b, row->words[n]);
	else
		buf_addf(b, "%llu", (unsigned long long)n);
}

bool pfset_is_value(enum pfset_id id, uint64_t n)
{
	return pfset(id)->type == PFSET_TYPE_NUMBER ? n <= pfset(id)->max : n <= 1;
}

static bool is_name(const char *s)
{
	for (const char *c = s; *c; c++)
		if (*c <= ' ' || *c > '~')
			return false;
	return *s != '\0';
}

bool pfset_is_item(enum pfset_id id, const char *item)
{
	macaddr mac;

	if (strlen(item) >= PFSET_ITEM_SIZE)
		return false;
	switch (pfset(id)->type) {
	case PFSET_TYPE_SWITCHES:
		return is_name(item);
	case PFSET_TYPE_MACS:
		return macaddr_parse(item, &mac) == 0 && macaddr_is_usable(mac) &&
		       strcmp(macaddr_text(mac).s, item) == 0;
	case PFSET_TYPE_WORD:
	case PFSET_TYPE_NUMBER:
		break;
	}
	return !*item;
}

const char *pfset_feature(const char *name, const char **ret_several)
{
	/* Names from before there were strings for each bit; ethtool prints them to this day. */
	static const struct {
		const char *old, *name, *several;
	} names[] = {
		{ "rx-checksumming", "rx-checksum", NULL },
		{ "generic-segmentation-offload", "tx-generic-segmentation", NULL },
		{ "generic-receive-offload", "rx-gro", NULL },
		{ "large-receive-offload", "rx-lro", NULL },
		{ "rx-vlan-offload", "rx-vlan-hw-parse", NULL },
		{ "tx-vlan-offload", "tx-vlan-hw-insert", NULL },
		{ "ntuple-filters", "rx-ntuple-filter", NULL },
		{ "receive-hashing", "rx-hashing", NULL },
		{ "tx-checksumming", NULL,
			"tx-checksum-ipv4, tx-checksum-ip-generic, tx-checksum-ipv6, "
			"tx-checksum-fcoe-crc, tx-checksum-sctp" },
		{ "scatter-gather", NULL, "tx-scatter-gather, tx-scatter-gather-fraglist" },
		{ "tcp-segmentation-offload", NULL,
			"tx-tcp-segmentation, tx-tcp-ecn-segmentation, "
			"tx-tcp-mangleid-segmentation, tx-tcp6-segmentation" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i].old) == 0) {
			*ret_several = names[i].several;
			return names[i].name;
		}
	return name;
}

void pf_settings_done(struct pf_settings *s)
{
	free(s->on);
	free(s->off);
	free(s->fixed);
	free(s->fdb);
	*s = (struct pf_settings){ 0 };
}

bool pf_settings_has_features(const struct pf_settings *s)
{
	return s->n_on + s->n_off > 0;
}

static int name_cmp(const void *key, const void *member)
{
	return strcmp(key, *(const char *const *)member);
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
	return n && bsearch(name, names, n, sizeof(*names), name_cmp);
}

bool pf_settings_is_fixed(const struct pf_settings *s, const char *name)
{
	return is_among(name, s->fixed, s->n_fixed);
}

static bool has_mac(const struct pf_settings *s, const char *mac)
{
	for (size_t i = 0; i < s->n_fdb; i++)
		if (strcmp(macaddr_text(s->fdb[i].mac).s, mac) == 0)
			return true;
	return false;
}

bool pf_settings_get(const struct pf_settings *s, enum pfset_id id, const char *item, uint64_t *ret)
{
	switch (id) {
	case PFSET_ESWITCH:
		*ret = s->eswitch == ESWITCH_SWITCHDEV;
		return s->eswitch == ESWITCH_LEGACY || s->eswitch == ESWITCH_SWITCHDEV;
	case PFSET_FEATURES:
		*ret = is_among(item, s->on, s->n_on);
		return *ret || is_among(item, s->off, s->n_off);
	case PFSET_FDB:
		*ret = has_mac(s, item);
		return s->fdb_read;
	case PFSET_MTU:
	case _PFSET_MAX:
		break;
	}
	return false;
}
