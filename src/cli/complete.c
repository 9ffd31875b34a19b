/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the shells' completion offers, of the tables of verbs and options, and of the host. */
#include <stdio.h>
#include <string.h>

#include "cli/complete.h"
#include "cli/handoff.h"

#define PLAIN "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._@/:+-"

/* What was typed. */
struct typed {
	const struct verb *verb;
	struct cli cli;                /* the options that name the host */
	const char *first;             /* first argument that is no option, NULL: none yet */
	size_t n_args;                 /* how many of them are before `word` */
	const struct option_row *open; /* the option whose value `word` is, NULL: it is none */
	const char *word;              /* the last word, or, with `prefix`, what is behind that */
	char prefix[32];               /* "--pf=", where the value is in the same word */
	struct buf out;
};

static void offer(struct typed *t, const char *word, const char *fmt, ...) _printf_(3, 4);

/* A word that a shell would take for something else is not offered. */
static void offer(struct typed *t, const char *word, const char *fmt, ...)
{
	va_list ap;

	if (!*word || word[strspn(word, PLAIN "=")])
		return;
	buf_addf(&t->out, "%s%s\t", t->prefix, word);
	va_start(ap, fmt);
	buf_vaddf(&t->out, fmt, ap);
	va_end(ap);
	buf_add(&t->out, "\n");
}

static const char *or_none(const char *text)
{
	return text && text[strspn(text, PLAIN)] == '\0' ? text : "-";
}

static void offer_pf(struct typed *t, const struct inventory *inv, const struct pf *pf)
{
	const struct dev *d = inventory_pf_dev(inv, pf);
	const struct netdev *n = inventory_pf_netdev(inv, pf);

	offer(t, pciaddr_text(d->addr).s, "%s, %s, %zu VFs", n ? or_none(n->name) : "PF",
		d->driver ? or_none(d->driver) : "no driver", pf->n_vfs);
	if (n)
		offer(t, n->name, "%s, %s, %zu VFs", pciaddr_text(d->addr).s,
			d->driver ? or_none(d->driver) : "no driver", pf->n_vfs);
}

/* By their addresses; and as PF:INDEX, once that is how the word begins. */
static void offer_vfs(struct typed *t, const struct inventory *inv, const struct pf *pf)
{
	const struct netdev *n = inventory_pf_netdev(inv, pf);
	const char *name = n ? n->name : pciaddr_text(inventory_pf_dev(inv, pf)->addr).s;
	size_t len = strlen(name);

	for (size_t i = 0; i < pf->n_vfs; i++) {
		const struct dev *d = &inv->devs[pf->vfs[i].dev];
		const char *driver = d->driver ? or_none(d->driver) : "no driver";
		char other[64];

		offer(t, pciaddr_text(d->addr).s, "vf %u of %s, %s", pf->vfs[i].index,
			or_none(name), driver);
		if (strncmp(t->word, name, len) != 0 || t->word[len] != ':')
			continue;
		snprintf(other, sizeof(other), "%s:%u", name, pf->vfs[i].index);
		offer(t, other, "%s, %s", pciaddr_text(d->addr).s, driver);
	}
}

static void offer_devices(struct typed *t, bool vfs)
{
	struct session s = { .cli = &t->cli };

	if (session_open_host(&s) == STATUS_OK && session_scan(&s, 0) == STATUS_OK)
		for (size_t i = 0; i < s.inv->n_pfs; i++) {
			offer_pf(t, s.inv, &s.inv->pfs[i]);
			if (vfs)
				offer_vfs(t, s.inv, &s.inv->pfs[i]);
		}
	session_done(&s);
}

static void offer_pfs(struct typed *t)
{
	offer_devices(t, false);
}

static void offer_pfs_and_vfs(struct typed *t)
{
	offer_devices(t, true);
}

static void offer_files(struct typed *t)
{
	buf_add(&t->out, ":files\n");
}

static void offer_dirs(struct typed *t)
{
	buf_add(&t->out, ":dirs\n");
}

/* What `emit` prints, and, once that is told, what it is printed of. */
static void offer_kinds(struct typed *t)
{
	if (t->n_args == 0) {
		for (enum genfile f = 0; f < _GENFILE_MAX; f++)
			offer(t, genfile(f)->kind, "file for network managers");
		for (enum handoff_kind k = 0; k < _HANDOFF_MAX; k++)
			offer(t, handoff_name(k), "VFs for guests");
	} else if (handoff_by_name(t->first) != _HANDOFF_MAX) {
		offer_pfs_and_vfs(t);
	} else if (t->n_args == 1 && genfile_by_kind(t->first) != _GENFILE_MAX) {
		offer_files(t);
	}
}

static void offer_parts(struct typed *t)
{
	const char *part;

	for (enum handoff_kind k = 0; k < _HANDOFF_MAX; k++)
		if (!t->first || handoff_by_name(t->first) == k)
			for (size_t i = 0; (part = handoff_part(k, i)); i++)
				offer(t, part, "of emit %s", handoff_name(k));
}

/* By what stands for it in the synopsis; what is not here nobody can guess. */
static const struct {
	const char *what;
	void (*offer)(struct typed *t);
} kinds[] = {
	{ "POLICY", offer_files },
	{ "FILE", offer_files },
	{ "DIR", offer_dirs },
	{ "PF", offer_pfs },
	{ "ADDRESS", offer_pfs_and_vfs },
	{ "DEVICE", offer_pfs_and_vfs },
	{ "KIND", offer_kinds },
	{ "PART", offer_parts },
};

static void offer_what(struct typed *t, const char *synopsis)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strstr(synopsis, kinds[i].what))
			kinds[i].offer(t);
}

static void offer_options(struct typed *t)
{
	const struct option_row *row;

	for (size_t i = 0; (row = options_row(i)); i++) {
		char word[32];

		if (!(t->verb->options & row->id))
			continue;
		snprintf(word, sizeof(word), "--%s%s", row->name, row->arg ? "=" : "");
		offer(t, word, "%s", row->help);
	}
	offer(t, "--help", "show what the verb does");
}

static void offer_verbs(struct typed *t, const struct verb *const *verbs, size_t n)
{
	if (t->word[0] == '-') {
		offer(t, "--help", "list the verbs");
		offer(t, "--version", "show the version");
		return;
	}
	for (size_t i = 0; i < n; i++)
		offer(t, verbs[i]->name, "%s", verbs[i]->help);
}

/* The option that WORD is or begins with, before any '='. */
static const struct option_row *find_option(const struct verb *v, const char *word)
{
	const struct option_row *row;

	if (strncmp(word, "--", 2) != 0)
		return NULL;
	for (size_t i = 0; (row = options_row(i)); i++)
		if ((v->options & row->id) && strlen(row->name) == strcspn(word + 2, "=") &&
			strncmp(row->name, word + 2, strlen(row->name)) == 0)
			return row;
	return NULL;
}

static void take_value(struct typed *t, const struct option_row *row, const char *value)
{
	if (row->id == OPT_ROOT)
		t->cli.root = value;
	else if (row->id == OPT_HOST)
		t->cli.host = value;
}

/* One of the words before the last. */
static void take_word(struct typed *t, const char *word)
{
	const struct option_row *row = t->open;
	const char *value = strchr(word, '=');

	if (row) {
		take_value(t, row, word);
		t->open = NULL;
		return;
	}
	row = find_option(t->verb, word);
	if (row && row->arg && value) {
		take_value(t, row, value + 1);
	} else if (row && row->arg) {
		t->open = row;
	} else if (!row && word[0] != '-') {
		t->first = t->first ? t->first : word;
		t->n_args++;
	}
}

/* The last word may have option and value in one. */
static void take_last(struct typed *t, const char *word)
{
	const char *value = strchr(word, '=');
	const struct option_row *row = t->open || !value ? NULL : find_option(t->verb, word);

	t->word = word;
	if (!row || !row->arg)
		return;
	t->open = row;
	t->word = value + 1;
	snprintf(t->prefix, sizeof(t->prefix), "--%s=", row->name);
}

static void offer_all(struct typed *t)
{
	if (t->open)
		offer_what(t, t->open->arg);
	else if (t->word[0] == '-')
		offer_options(t);
	else if (t->n_args < t->verb->max_args)
		offer_what(t, t->verb->args);
}

int complete(const struct verb *const *verbs, size_t n_verbs, char **words, size_t n)
{
	struct typed t = { .word = n ? words[0] : "" };
	int status;

	for (size_t i = 0; n > 1 && i < n_verbs; i++)
		if (strcmp(verbs[i]->name, words[0]) == 0)
			t.verb = verbs[i];
	if (t.verb) {
		for (size_t i = 1; i < n - 1; i++)
			take_word(&t, words[i]);
		take_last(&t, words[n - 1]);
		offer_all(&t);
	} else if (n < 2) {
		offer_verbs(&t, verbs, n_verbs);
	}
	status = cli_output(&t.out, STATUS_OK);
	buf_done(&t.out);
	return status;
}
