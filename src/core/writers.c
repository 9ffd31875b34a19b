/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines in other programs' files that say what sriovctl says, too. */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/writers.h"

#define NONE         _WRITER_MAX
#define BLANKS       " \t\r\f\v"
#define SECTION_SIZE 64

/* A file being read. */
struct reader {
	char section[SECTION_SIZE]; /* of the line, without brackets; "" before the first */
	int ethernets;              /* netplan: how far the line "ethernets:" is indented, or -1 */
};

/* --- words ------------------------------------------------------------------------------------ */

static char fold(char c)
{
	return c == '-' ? '_' : c;
}

static bool same_n(const char *a, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!name[i] || fold(a[i]) != fold(name[i]))
			return false;
	return !name[n];
}

bool writers_same_module(const char *a, const char *b)
{
	return same_n(a, strlen(a), b);
}

static bool begins(const char *s, const char *head)
{
	return strncmp(s, head, strlen(head)) == 0;
}

/* Whether the line is "KEY = …". */
static bool is_key(const char *line, const char *key)
{
	if (!begins(line, key))
		return false;
	line += strlen(key);
	return line[strspn(line, BLANKS)] == '=';
}

/* Whether a value of the LEN bytes at S is a number that is not zero, or a list with one. */
static bool is_nonzero(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] != '0' && s[i] != ',')
			return true;
	return false;
}

/* --- module parameters ------------------------------------------------------------------------ */

/* MODULE, of N bytes, is to have the parameter PARAM, "key=value" up to a blank. */
static enum writer_kind judge_param(const char *module, size_t n, const char *param)
{
	size_t len = strcspn(param, BLANKS), key = strcspn(param, "= \t");
	const char *value = param + key + 1;

	if (key >= len)
		return NONE;
	len -= key + 1;
	if ((same_n(param, key, "max_vfs") || same_n(param, key, "num_vfs")) &&
		is_nonzero(value, len))
		return WRITER_MAX_VFS;
	if (same_n(module, n, "vfio_pci") && same_n(param, key, "ids") && len)
		return WRITER_VFIO_IDS;
	if (same_n(module, n, "vfio_iommu_type1") &&
		same_n(param, key, "allow_unsafe_interrupts") && len && strchr("1yY", *value))
		return WRITER_UNSAFE;
	return NONE;
}

static bool is_vfio_module(const char *s, size_t n)
{
	static const char *const names[] = { "vfio", "vfio_pci", "vfio_pci_core",
		"vfio_iommu_type1" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (same_n(s, n, names[i]))
			return true;
	return false;
}

/* Moves *S behind its first word and the blanks that follow; returns the word's length. */
static size_t take_word(const char **s)
{
	size_t len = strcspn(*s, BLANKS);

	*s += len;
	*s += strspn(*s, BLANKS);
	return len;
}

static enum writer_kind in_modprobe(struct reader *r _unused_, const char *line)
{
	const char *rest = line, *module;
	enum writer_kind found = NONE;
	size_t n, verb = take_word(&rest);

	module = rest;
	n = take_word(&rest);
	if (same_n(line, verb, "blacklist") && is_vfio_module(module, n))
		return WRITER_BLACKLIST;
	if (same_n(line, verb, "install") && is_vfio_module(module, n) &&
		(strstr(rest, "/false") || strstr(rest, "/true")))
		return WRITER_BLACKLIST;
	if (!same_n(line, verb, "options"))
		return NONE;
	while (*rest && found == NONE) {
		found = judge_param(module, n, rest);
		take_word(&rest);
	}
	return found;
}

static bool list_has_vfio(const char *list)
{
	while (*list) {
		size_t n = strcspn(list, ",");

		if (is_vfio_module(list, n))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

/* One word of the kernel's command line. */
static enum writer_kind in_cmdline(struct reader *r _unused_, const char *word)
{
	size_t n = strcspn(word, ".=");

	if (begins(word, "modprobe.blacklist=") || begins(word, "module_blacklist="))
		return list_has_vfio(strchr(word, '=') + 1) ? WRITER_BLACKLIST : NONE;
	return word[n] == '.' ? judge_param(word, n, word + n + 1) : NONE;
}

static enum writer_kind in_modules(struct reader *r _unused_, const char *line)
{
	return same_n(line, strcspn(line, BLANKS), "vfio_virqfd") ? WRITER_VIRQFD : NONE;
}

/* --- commands --------------------------------------------------------------------------------- */

/* Whether S has "link set … vf N": ip(8) that sets what a VF is like. */
static bool sets_vf(const char *s)
{
	const char *set = strstr(s, "link set "), *vf = set ? strstr(set, " vf ") : NULL;

	return vf && (isdigit((unsigned char)vf[4]) || vf[4] == '$' || vf[4] == '"');
}

static bool is_command(const char *s)
{
	static const char *const words[] = { "sriov_numvfs", "sriov_drivers_autoprobe",
		"driver_override", "vfio-pci/new_id", "vfio-pci/bind", "driverctl set-override" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(s, words[i]))
			return true;
	return sets_vf(s);
}

static enum writer_kind in_sysfs(struct reader *r _unused_, const char *line)
{
	return is_command(line) ? WRITER_SYSFS : NONE;
}

static enum writer_kind in_interfaces(struct reader *r _unused_, const char *line)
{
	return is_command(line) ? WRITER_INTERFACES : NONE;
}

static enum writer_kind in_cron(struct reader *r _unused_, const char *line)
{
	return is_command(line) ? WRITER_CRON : NONE;
}

static enum writer_kind in_rc_local(struct reader *r _unused_, const char *line)
{
	return is_command(line) ? WRITER_RC_LOCAL : NONE;
}

static enum writer_kind in_script(struct reader *r _unused_, const char *line)
{
	return is_command(line) ? WRITER_SCRIPT : NONE;
}

static enum writer_kind in_unit(struct reader *r _unused_, const char *line)
{
	/* Only what is run; a description may talk of anything. */
	return begins(line, "Exec") && is_command(line) ? WRITER_UNIT : NONE;
}

/* The whole file is a driver's name; whose it is the file's name tells. */
static enum writer_kind in_driverctl(struct reader *r _unused_, const char *line _unused_)
{
	return WRITER_DRIVERCTL;
}

/* Whether the LEN bytes at AT in a rule are only looked at: ATTR{NAME}== or !=, TEST=="NAME". */
static bool is_looked_at(const char *line, const char *at, size_t len)
{
	const char *key = at;

	if (at[len] == '}')
		return begins(at + len, "}==") || begins(at + len, "}!=");
	while (key > line && key[-1] != ',')
		key--;
	return begins(key + strspn(key, BLANKS), "TEST");
}

static enum writer_kind in_udev(struct reader *r _unused_, const char *line)
{
	static const char *const words[] = { "sriov_numvfs", "sriov_drivers_autoprobe",
		"driver_override", "vfio-pci/new_id", "vfio-pci/bind" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t len = strlen(words[i]);

		for (const char *at = strstr(line, words[i]); at; at = strstr(at + len, words[i]))
			if (!is_looked_at(line, at, len))
				return WRITER_UDEV;
	}
	return sets_vf(line) ? WRITER_UDEV : NONE;
}

/* --- sections and keys ------------------------------------------------------------------------ */

/* Notes the section that LINE begins; returns whether it does. */
static bool take_section(struct reader *r, const char *line)
{
	size_t len;

	if (*line != '[')
		return false;
	len = strcspn(line + 1, "]");
	if (len >= sizeof(r->section))
		len = 0;
	memcpy(r->section, line + 1, len);
	r->section[len] = '\0';
	return true;
}

static enum writer_kind in_link(struct reader *r, const char *line)
{
	if (take_section(r, line))
		return strcmp(r->section, "SR-IOV") == 0 ? WRITER_LINK : NONE;
	return strcmp(r->section, "Link") == 0 && is_key(line, "SR-IOVVirtualFunctions")
		       ? WRITER_LINK
		       : NONE;
}

static enum writer_kind in_network(struct reader *r, const char *line)
{
	return take_section(r, line) && strcmp(r->section, "SR-IOV") == 0 ? WRITER_NETWORKD : NONE;
}

static enum writer_kind in_nm(struct reader *r, const char *line)
{
	if (take_section(r, line))
		return NONE;
	return begins(r->section, "device") && is_key(line, "sriov-num-vfs") ? WRITER_NM : NONE;
}

static enum writer_kind in_keyfile(struct reader *r, const char *line)
{
	if (take_section(r, line))
		return NONE;
	return strcmp(r->section, "sriov") == 0 && strchr(line, '=') ? WRITER_NM : NONE;
}

/* LINE is indented. In "ethernets:" a "link:" says whose VF an interface is; elsewhere it does not.
 */
static enum writer_kind in_netplan(struct reader *r, const char *line)
{
	int indent = (int)strspn(line, " ");
	const char *key = line + indent;

	if (strstr(key, "virtual-function-count:") || strstr(key, "embedded-switch-mode:") ||
		strstr(key, "delay-virtual-functions-rebind:"))
		return WRITER_NETPLAN;
	if (begins(key, "ethernets:")) {
		r->ethernets = indent;
		return NONE;
	}
	if (indent <= r->ethernets)
		r->ethernets = -1;
	return r->ethernets >= 0 && begins(key, "link:") ? WRITER_NETPLAN : NONE;
}

/* --- lines ------------------------------------------------------------------------------------ */

static const struct grammar {
	enum writer_kind (*judge)(struct reader *r, const char *line);
	const char *comment; /* what a line begins with that is none */
	bool joins;          /* a backslash at the end of a line continues it */
	bool indents;        /* blanks at the beginning count */
	bool words;          /* each word is judged by itself */
} grammars[_WRITER_FILE_MAX] = {
	[WRITER_FILE_LINK] = { in_link, "#;", true, false, false },
	[WRITER_FILE_NETWORK] = { in_network, "#;", true, false, false },
	[WRITER_FILE_NM] = { in_nm, "#", false, false, false },
	[WRITER_FILE_KEYFILE] = { in_keyfile, "#", false, false, false },
	[WRITER_FILE_NETPLAN] = { in_netplan, "#", false, true, false },
	[WRITER_FILE_SYSFS] = { in_sysfs, "#;", false, false, false },
	[WRITER_FILE_MODPROBE] = { in_modprobe, "#", true, false, false },
	[WRITER_FILE_MODULES] = { in_modules, "#;", false, false, false },
	[WRITER_FILE_CMDLINE] = { in_cmdline, "", false, false, true },
	[WRITER_FILE_DRIVERCTL] = { in_driverctl, "#", false, false, false },
	[WRITER_FILE_INTERFACES] = { in_interfaces, "#", true, false, false },
	[WRITER_FILE_UDEV] = { in_udev, "#", true, false, false },
	[WRITER_FILE_CRON] = { in_cron, "#", false, false, false },
	[WRITER_FILE_RC_LOCAL] = { in_rc_local, "#", true, false, false },
	[WRITER_FILE_UNIT] = { in_unit, "#;", true, false, false },
	[WRITER_FILE_SCRIPT] = { in_script, "#", true, false, false },
};

/*
 * Blots out the rest of the line behind "password=" and the like: lines are shown to people and
 * programs.
 */
static void redact(char *s)
{
	static const char *const names[] = { "pass", "secret", "token", "key", "psk", "auth" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (char *at = strcasestr(s, names[i]); at; at = strcasestr(at + 1, names[i])) {
			char *value = at + strcspn(at, "=: \t");

			if (*value != '=' && *value != ':' && (at == s || at[-1] != '-'))
				continue;
			value += strspn(value, "=: \t");
			if (*value)
				strcpy(value, "…");
		}
}

/* Passes LINE on, trimmed and shortened. */
static void tell(enum writer_kind who, unsigned number, const char *line, writers_fn *fn, void *arg)
{
	char text[WRITERS_LINE_MAX + 8]; /* room for two ellipses */
	size_t len;

	line += strspn(line, BLANKS);
	len = strnlen(line, WRITERS_LINE_MAX + 1);
	if (len > WRITERS_LINE_MAX) {
		len = WRITERS_LINE_MAX;
		/* Not in the middle of a character. */
		while (len && ((unsigned char)line[len] & 0xc0) == 0x80)
			len--;
		memcpy(text, line, len);
		strcpy(text + len, "…");
	} else {
		memcpy(text, line, len);
		while (len && strchr(BLANKS, text[len - 1]))
			len--;
		text[len] = '\0';
	}
	redact(text);
	fn(who, number, text, arg);
}

static void judge_words(
	const struct grammar *g, struct reader *r, char *line, writers_fn *fn, void *arg)
{
	char *word;

	while ((word = strsep(&line, BLANKS))) {
		enum writer_kind who = g->judge(r, word);

		if (who != NONE)
			tell(who, 1, word, fn, arg);
	}
}

/* Takes the next line off *TEXT into B, with those that continue it. Returns how many they are. */
static unsigned next_line(const struct grammar *g, const char **text, struct buf *b)
{
	bool comment = strchr(g->comment, (*text)[strspn(*text, BLANKS)]) != NULL;
	unsigned n = 0;
	bool more;

	b->len = 0;
	do {
		size_t len = strcspn(*text, "\n");

		more = g->joins && !comment && len && (*text)[len - 1] == '\\' && (*text)[len];
		buf_addn(b, *text, more ? len - 1 : len);
		if (more)
			buf_add(b, " ");
		*text += len + ((*text)[len] == '\n');
		n++;
	} while (more);
	buf_add(b, "");
	return n;
}

void writers_find(enum writer_file kind, const char *text, writers_fn *fn, void *arg)
{
	const struct grammar *g = &grammars[kind];
	_cleanup_(buf_done) struct buf b = { 0 };
	struct reader r = { .ethernets = -1 };
	unsigned number = 1;

	while (*text) {
		unsigned n = next_line(g, &text, &b);
		const char *line = buf_text(&b), *key = line + strspn(line, BLANKS);

		if (g->words && b.s) {
			judge_words(g, &r, b.s, fn, arg);
		} else if (*key && !strchr(g->comment, *key)) {
			enum writer_kind who = g->judge(&r, g->indents ? line : key);

			if (who != NONE)
				tell(who, number, line, fn, arg);
		}
		number += n;
	}
}
