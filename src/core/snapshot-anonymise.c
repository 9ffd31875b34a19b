/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-ins in the place of what tells of people. Two walks over all fields: the first collects
 * what there is, the second puts in its place the number that it has among its kind once all are
 * sorted. So the same host gives the same stand-ins.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/snapshot-fields.h"
#include "core/snapshot.h"

#define MAC_FLAGS UINT64_C(0x030000000000) /* multicast, locally administered */
#define PATH_LONG 1024                     /* bytes; of a longer path nothing is kept */
#define MAC_WORD  15                       /* enx525400112233 */

/* All values of a kind, each once when sorted. */
struct values {
	macaddr *macs; /* or GUIDs */
	const char **texts;
	size_t n;
};

struct crowd {
	struct inventory *inv;
	struct values of[_SNAP_PERSONAL_MAX];
	bool replace; /* the second walk */
};

static int mac_cmp(const void *a, const void *b)
{
	const macaddr *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int text_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_mac(struct values *v, macaddr m)
{
	v->macs = mem_grow(v->macs, v->n, sizeof(*v->macs));
	v->macs[v->n++] = m;
}

static void add_text(struct values *v, const char *s)
{
	v->texts = mem_grow(v->texts, v->n, sizeof(*v->texts));
	v->texts[v->n++] = s;
}

static void sort(struct values *v)
{
	size_t kept = 0;

	if (v->macs)
		qsort(v->macs, v->n, sizeof(*v->macs), mac_cmp);
	if (v->texts)
		qsort(v->texts, v->n, sizeof(*v->texts), text_cmp);
	for (size_t i = 0; i < v->n; i++) {
		if (kept && (v->macs ? v->macs[kept - 1] == v->macs[i]
				     : strcmp(v->texts[kept - 1], v->texts[i]) == 0))
			continue;
		if (v->macs)
			v->macs[kept] = v->macs[i];
		else
			v->texts[kept] = v->texts[i];
		kept++;
	}
	v->n = kept;
}

static macaddr mac_for(const struct crowd *c, macaddr m)
{
	const struct values *v = &c->of[SNAP_PERSON_MAC];
	const macaddr *found = m ? bsearch(&m, v->macs, v->n, sizeof(m), mac_cmp) : NULL;

	return found ? (m & MAC_FLAGS) | (macaddr)(found - v->macs + 1) : 0;
}

static uint64_t guid_for(const struct crowd *c, uint64_t guid)
{
	const struct values *v = &c->of[SNAP_PERSON_GUID];
	const uint64_t *found = bsearch(&guid, v->macs, v->n, sizeof(guid), mac_cmp);

	return (uint64_t)(found - v->macs) + 1;
}

static unsigned number_of(const struct values *v, const char *s)
{
	const char *const *found = bsearch(&s, v->texts, v->n, sizeof(s), text_cmp);

	return (unsigned)(found - (const char *const *)v->texts) + 1;
}

/* Whether a name made from a MAC address begins at S, as udev makes them: enx525400112233. */
static bool is_mac_word(const char *s, macaddr *ret)
{
	char digits[13] = "";

	if (!islower((unsigned char)s[0]) || !islower((unsigned char)s[1]) || s[2] != 'x')
		return false;
	strncpy(digits, s + 3, sizeof(digits) - 1);
	if (strlen(digits) != 12 || digits[strspn(digits, "0123456789abcdef")])
		return false;
	*ret = strtoull(digits, NULL, 16);
	return true;
}

/* The addresses in S are collected, or S is given back with others in it. */
static const char *each_mac_word(struct crowd *c, const char *s)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	macaddr m;

	while (*s) {
		if (!is_mac_word(s, &m)) {
			buf_addn(&b, s++, 1);
			continue;
		}
		if (!c->replace)
			add_mac(&c->of[SNAP_PERSON_MAC], m);
		buf_addf(&b, "%.3s%012llx", s, (unsigned long long)mac_for(c, m));
		s += MAC_WORD;
	}
	return mem_intern(c->inv->strings, buf_text(&b));
}

/* An address of a network for examples, with the prefix that it had. */
static void ip_for(struct buf *b, const char *s, unsigned number)
{
	const char *prefix = strchr(s, '/');

	if (strchr(s, ':'))
		buf_addf(b, "2001:db8::%x", number);
	else
		buf_addf(b, "198.18.%u.%u", number >> 8 & 0xff, number & 0xff);
	buf_add(b, prefix ? prefix : "");
}

/* Whether S ends with END. */
static bool ends(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);

	return len >= n && strcmp(s + len - n, end) == 0;
}

/* Whether the file, or the directory, is called so on each host, or by what the host is made of. */
static bool is_common_file(const char *path)
{
	static const char *const heads[] = { "/proc/", "/usr/lib/", "/lib/", "/etc/driverctl.d/" };
	static const char *const paths[] = { "/etc/network/interfaces", "/etc/rc.d/rc.local",
		"/etc/NetworkManager/NetworkManager.conf", "/var/spool/cron/crontabs",
		"/etc/NetworkManager/system-connections" };

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		if (strncmp(path, heads[i], strlen(heads[i])) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (strcmp(path, paths[i]) == 0)
			return true;
	return strncmp(path, "/etc/", 5) == 0 && !strchr(path + 5, '/');
}

/* Appends what stands for the name S, of LEN bytes: with its ending, by which its kind is known. */
static void name_for(struct buf *b, const char *s, size_t len, unsigned number)
{
	static const char *const endings[] = { ".service", ".link", ".network", ".conf", ".rules",
		".yaml", ".nmconnection", ".service.d", ".link.d", ".network.d" };
	_cleanup_(buf_done) struct buf name = { 0 };

	buf_addn(&name, s, len);
	/* Guides have people write a unit of that name, and advice depends on it. */
	if (strcmp(buf_text(&name), "sriov.service") == 0) {
		buf_add(b, buf_text(&name));
		return;
	}
	buf_addf(b, "file%u", number);
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (ends(buf_text(&name), endings[i]))
			buf_add(b, endings[i]);
}

/* The path S with another name at its end, and in the place of a directory for one unit. */
static void file_for(struct buf *b, const char *s, unsigned number)
{
	if (is_common_file(s) || strcmp(s, LIFELINE_SWAP) == 0) {
		buf_add(b, s);
		return;
	}
	if (strncmp(s, LIFELINE_POOL, strlen(LIFELINE_POOL)) == 0) {
		buf_addf(b, LIFELINE_POOL "%u", number);
		return;
	}
	if (strlen(s) > PATH_LONG) {
		buf_addf(b, "/file%u", number);
		return;
	}
	while (*s) {
		size_t len = strcspn(s, "/");

		if (!s[len] ||
			(len > 2 && strncmp(s + len - 2, ".d", 2) == 0 && memchr(s, '.', len - 2)))
			name_for(b, s, len, number);
		else
			buf_addn(b, s, len);
		s += len;
		if (*s)
			buf_addn(b, s++, 1);
	}
}

/* Whether all that such a line can have is a module, and parameters of it. */
static bool is_of_modules(enum writer_kind who)
{
	return who == WRITER_MAX_VFS || who == WRITER_VFIO_IDS || who == WRITER_DRIVERCTL ||
	       who == WRITER_UNSAFE || who == WRITER_BLACKLIST || who == WRITER_VIRQFD;
}

static const char *text_for(struct crowd *c, enum snap_personal kind, const char *s)
{
	static const char *const words[_SNAP_PERSONAL_MAX] = {
		[SNAP_PERSON_HOST] = "host",
		[SNAP_PERSON_GUEST] = "guest ",
		[SNAP_PERSON_PROCESS] = "process",
		[SNAP_PERSON_NETNS] = "netns",
		[SNAP_PERSON_LINE] = "line ",
	};
	_cleanup_(buf_done) struct buf b = { 0 };

	if (kind == SNAP_PERSON_IP)
		ip_for(&b, s, number_of(&c->of[kind], s));
	else if (kind == SNAP_PERSON_FILE)
		file_for(&b, s, number_of(&c->of[kind], s));
	else if (kind == SNAP_PERSON_HOST)
		buf_add(&b, words[kind]);
	else
		buf_addf(&b, "%s%u", words[kind], number_of(&c->of[kind], s));
	return mem_intern(c->inv->strings, buf_text(&b));
}

static void visit_mac(struct crowd *c, macaddr *m)
{
	if (!c->replace && *m)
		add_mac(&c->of[SNAP_PERSON_MAC], *m);
	else if (c->replace)
		*m = mac_for(c, *m);
}

static void visit_guid(struct crowd *c, uint64_t *guid)
{
	if (c->replace)
		*guid = guid_for(c, *guid);
	else
		add_mac(&c->of[SNAP_PERSON_GUID], *guid);
}

static void visit_text(struct crowd *c, enum snap_personal kind, const char **s)
{
	if (!*s)
		return;
	if (kind == SNAP_PERSON_IFNAME) {
		const char *other = each_mac_word(c, *s);

		*s = c->replace ? other : *s;
	} else if (c->replace) {
		*s = text_for(c, kind, *s);
	} else {
		add_text(&c->of[kind], *s);
	}
}

static void visit_attrs(struct crowd *c, struct vf_attrs *a)
{
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++) {
		enum vf_attr_type type = vf_attr(id)->type;

		if (vf_has(a, id) && type == VF_TYPE_MAC)
			visit_mac(c, &a->v[id].n);
		else if (vf_has(a, id) && type == VF_TYPE_GUID)
			visit_guid(c, &a->v[id].n);
	}
}

static void visit_object(struct crowd *c, const struct snap_object *o, void *base);

static void visit_array(struct crowd *c, const struct snap_field *f, void *base)
{
	char *list = *(char **)snap_member(f, base);
	size_t n = *(const size_t *)snap_beside(f, base);

	for (size_t i = 0; i < n; i++)
		visit_object(c, f->object, list + i * f->object->size);
}

/* The names of interfaces are in the generated files, too. */
static void visit_files(struct crowd *c, struct genfile_state *files)
{
	for (enum genfile f = 0; f < _GENFILE_MAX; f++)
		visit_text(c, SNAP_PERSON_IFNAME, &files[f].text);
}

static void visit_object(struct crowd *c, const struct snap_object *o, void *base)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct snap_field *f = &o->fields[i];

		if (f->type == SNAP_OBJECT)
			visit_object(c, f->object, snap_member(f, base));
		else if (f->type == SNAP_ARRAY)
			visit_array(c, f, base);
		else if (f->type == SNAP_FILES)
			visit_files(c, snap_member(f, base));
		else if (f->type == SNAP_MAC && *(const bool *)snap_beside(f, base))
			visit_mac(c, snap_member(f, base));
		else if (f->personal == SNAP_PERSON_LINE &&
			 is_of_modules(((const struct facts_line *)base)->who))
			continue;
		else if (f->type != SNAP_MAC && f->personal)
			visit_text(c, f->personal, snap_member(f, base));
	}
	if (o->attrs)
		visit_attrs(c, (void *)((char *)base + o->attrs));
}

void snapshot_anonymise(struct inventory *inv)
{
	struct crowd c = { .inv = inv };

	visit_object(&c, &snap_host, inv);
	for (size_t i = 0; i < ARRAY_SIZE(c.of); i++)
		sort(&c.of[i]);
	c.replace = true;
	visit_object(&c, &snap_host, inv);
	for (size_t i = 0; i < ARRAY_SIZE(c.of); i++) {
		free(c.of[i].macs);
		free(c.of[i].texts);
	}
}
