/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The forms of the lines in generated files, written down once more. */
#include <string.h>

#include "isolation-grammar.h"

enum where { HEAD, BLOCK, TAIL };

/*
 * A line. In its text ' is a quotation mark, @ the address of the block's PF, # that of one of
 * its VFs, and % a word of safe characters.
 */
struct form {
	enum where where;
	enum line line;
	const char *text;
};

#define OF_PF "ATTR{physfn/uevent}=='*PCI_SLOT_NAME=@*', "
#define BY_PF "ATTRS{physfn/uevent}=='*PCI_SLOT_NAME=@*', "

static const struct form udev_forms[] = {
	{ HEAD, LINE_OTHER, "ACTION=='remove', GOTO='sriovctl_end'" },
	{ HEAD, LINE_OTHER, "SUBSYSTEM!='net|pci', GOTO='sriovctl_end'" },
	{ HEAD, LINE_OTHER, "SUBSYSTEM=='pci', ACTION!='add|change', GOTO='sriovctl_end'" },
	{ HEAD, LINE_OTHER, "SUBSYSTEM=='pci', TEST!='physfn', GOTO='sriovctl_end'" },
	{ HEAD, LINE_OTHER, "DEVPATH=='/devices/virtual/*', GOTO='sriovctl_end'" },
	{ BLOCK, LINE_PIN,
		"ACTION=='add|change', SUBSYSTEM=='pci', " OF_PF "ATTR{driver_override}='%'" },
	{ BLOCK, LINE_PIN,
		"ACTION=='add|change', SUBSYSTEM=='pci', KERNEL=='#', " OF_PF
		"ATTR{driver_override}='%'" },
	{ BLOCK, LINE_NAME,
		"ACTION=='add', SUBSYSTEM=='net', SUBSYSTEMS=='pci', KERNELS=='#', " BY_PF
		"NAME='%'" },
	{ BLOCK, LINE_MANAGED,
		"SUBSYSTEM=='net', SUBSYSTEMS=='pci', KERNELS=='#', " BY_PF "GOTO='sriovctl_end'" },
	{ BLOCK, LINE_MARK,
		"SUBSYSTEM=='net', SUBSYSTEMS=='pci', " BY_PF "ENV{NM_UNMANAGED}='1', "
		"ENV{ID_NET_MANAGED_BY}='sriovctl', ENV{SRIOVCTL_UNMANAGED}='1'" },
	{ TAIL, LINE_OTHER, "LABEL='sriovctl_end'" },
};

static const struct form comment_forms[] = {
	{ BLOCK, LINE_LEFT_OUT, "% left out, it has characters that could have a meaning here" },
	{ BLOCK, LINE_LEFT_OUT,
		"vf %: % left out, it has characters that could have a meaning here" },
	{ BLOCK, LINE_LEFT_OUT,
		"driver of each vf left out, it has characters that could have a meaning here" },
	{ BLOCK, LINE_LEFT_OUT,
		"interface name of the PF left out, it has characters that could have a "
		"meaning here" },
};

size_t grammar_safe(const char *s)
{
	size_t n = 0;

	while ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') ||
		(s[n] >= '0' && s[n] <= '9') || s[n] == '.' || s[n] == '_' || s[n] == '-')
		n++;
	return n;
}

static size_t prefix(const char *s, const char *wanted)
{
	size_t n = strlen(wanted);

	return strncmp(s, wanted, n) == 0 ? n : 0;
}

/* The length of the VF's address that S begins with and a quotation mark follows; 0: none does. */
static size_t vf_addr(const struct isolated_pf *pf, const char *s)
{
	for (size_t i = 0; i < pf->n_vfs; i++) {
		size_t n = prefix(s, pciaddr_text(pf->vfs[i].addr).s);

		if (n && s[n] == '"')
			return n;
	}
	return 0;
}

/* Bytes of LINE that the character C of a form stands for, 0 when it is something else. */
static size_t part(const struct grammar *g, char c, const char *line)
{
	const struct isolated_pf *pf = g->pf ? &g->i->pfs[g->pf - 1] : NULL;

	if (c == '@')
		return prefix(line, pciaddr_text(pf->addr).s);
	if (c == '#')
		return vf_addr(pf, line);
	if (c == '%')
		return grammar_safe(line);
	return *line == (c == '\'' ? '"' : c);
}

static bool has_form(const struct grammar *g, const struct form *f, const char *line)
{
	if (f->where != (g->tail ? TAIL : g->pf ? BLOCK : HEAD))
		return false;
	for (const char *c = f->text; *c; c++) {
		size_t n = part(g, *c, line);

		if (!n)
			return false;
		line += n;
	}
	return *line == '\n';
}

static void read_form(struct grammar *g, const struct form *forms, size_t n, const char *line)
{
	for (size_t i = 0; i < n; i++)
		if (has_form(g, &forms[i], line)) {
			g->count[forms[i].line]++;
			return;
		}
	abort();
}

/* One or more of interface-name:=WORD, no patterns. */
static void read_specs(const char *s)
{
	static const char key[] = "interface-name:=";

	for (;; s++) {
		size_t n;

		must(prefix(s, key));
		s += strlen(key);
		n = grammar_safe(s);
		must(n > 0);
		s += n;
		if (*s != ',')
			break;
	}
	must(*s == '\n');
}

/* A section is these three lines, and the last that its block has. */
static void read_nm(struct grammar *g, const char *line)
{
	static const struct form forms[] = {
		{ BLOCK, LINE_SECTION, "[device-sriovctl-@]" },
		{ BLOCK, LINE_OTHER, "managed=0" },
	};

	if (g->step == 1) {
		must(prefix(line, "match-device="));
		read_specs(line + strlen("match-device="));
	} else {
		read_form(g, &forms[g->step / 2], 1, line);
	}
	g->step = (g->step + 1) % 3;
}

static void read_networkd(struct grammar *g, const char *line)
{
	static const struct form forms[] = {
		{ HEAD, LINE_OTHER, "[Match]" },
		{ HEAD, LINE_OTHER, "Property=SRIOVCTL_UNMANAGED=1" },
		{ HEAD, LINE_OTHER, "[Link]" },
		{ HEAD, LINE_OTHER, "Unmanaged=yes" },
	};

	must(g->step < ARRAY_SIZE(forms));
	read_form(g, &forms[g->step++], 1, line);
}

/* Comments are of ASCII, and do not go on in the next line. */
static void read_comment(struct grammar *g, const char *line)
{
	size_t n = strcspn(line, "\n");

	for (size_t i = 0; i < n; i++)
		must(line[i] >= ' ' && line[i] <= '~' && line[i] != '\\');
	if (prefix(line, GENFILE_TAIL "\n")) {
		must(!g->tail && g->pf == g->i->n_pfs);
		g->tail = true;
	} else if (prefix(line, GENFILE_BLOCK)) {
		must(!g->tail && g->pf < g->i->n_pfs);
		must(part(&(struct grammar){ .i = g->i, .pf = ++g->pf }, '@', line + 5) == n - 5);
	} else if (g->pf > 0) {
		read_form(g, comment_forms, ARRAY_SIZE(comment_forms), line + 2);
	}
}

void grammar_read(struct grammar *g, enum genfile f, const char *text)
{
	must(genfile_is_ours(text));
	for (; *text; text = strchr(text, '\n') + 1) {
		must(strchr(text, '\n'));
		if (*text == '#')
			read_comment(g, text);
		else if (*text != '\n' && f == GENFILE_UDEV)
			read_form(g, udev_forms, ARRAY_SIZE(udev_forms), text);
		else if (*text != '\n' && f == GENFILE_NETWORKMANAGER)
			read_nm(g, text);
		else if (*text != '\n')
			read_networkd(g, text);
	}
	must(g->tail && g->step == (f == GENFILE_NETWORKD ? 4 : 0));
}
