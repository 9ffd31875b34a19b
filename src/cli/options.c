/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options and help, from one table. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "apply/apply.h"
#include "cli/options.h"

#define MAX_OPTIONS 32
#define SECONDS_MAX 86400
#define VM_MIN      100 /* of Proxmox VE */
#define VM_MAX      999999999
#define HELP        (1 << 20) /* no bit of enum cli_option */

static const struct option_row rows[] = {
	{ OPT_ROOT, "root", "DIR",
		"read the host below DIR (a copy of /sys, /etc) in place of this one" },
	{ OPT_HOST, "host", "FILE", "read the host from its snapshot (-: standard input)" },
	{ OPT_HERE, "here", NULL, "look at the host as well: this one, or that of --root" },
	{ OPT_JSON, "json", NULL, "print JSON" },
	{ OPT_DOT, "dot", NULL, "print a picture in Graphviz's language, for dot -Tsvg" },
	{ OPT_PF, "pf", "PF", "only this PF: an address or the name of an interface" },
	{ OPT_IF_WANTED, "if-wanted", NULL,
		"with --pf: do nothing if the PF is not there, or the policy is not about it" },
	{ OPT_RECREATE, "recreate", NULL,
		"allow that idle VFs are destroyed, to change their number" },
	{ OPT_FORCE, "force", NULL, "allow that VFs in use are reset or destroyed" },
	{ OPT_KEEP_GOING, "keep-going", NULL, "configure the other PFs when one cannot be" },
	{ OPT_WAIT, "wait", "SECONDS", "wait so long for PFs that the policy names to appear" },
	{ OPT_HOTPLUG, "hotplug", NULL,
		"have PFs that appear from now on provisioned, each by its sriov@.service" },
	{ OPT_EXIT_CODE, "exit-code", NULL,
		"exit with 4 when there are steps, 5 when apply would refuse" },
	{ OPT_ANONYMOUS, "anonymous", NULL,
		"put stand-ins in the place of MAC and IP addresses and of names" },
	{ OPT_STEP_TIMEOUT, "step-timeout", "SECONDS", "how long a step may take (default: 120)" },
	{ OPT_POLICY, "policy", "FILE", "take the names from this policy, not the installed one" },
	{ OPT_PART, "part", "PART", "print only this: see above" },
	{ OPT_FROM_IOVCTL, "from-iovctl", "FILE",
		"translate this iovctl.conf of FreeBSD (-: standard input)" },
	{ OPT_VM, "vm", "ID", "of Proxmox VE: for this virtual machine" },
};

const struct option_row *options_row(size_t i)
{
	return i < ARRAY_SIZE(rows) ? &rows[i] : NULL;
}

static const struct option_row *find_row(int id)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if ((int)rows[i].id == id)
			return &rows[i];
	return NULL;
}

/* The options of V for getopt_long(), whose `val` is the option's bit. */
static void long_options(const struct verb *v, struct option out[static MAX_OPTIONS])
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (v->options & rows[i].id)
			out[n++] = (struct option){ rows[i].name, rows[i].arg != NULL, NULL,
				(int)rows[i].id };
	out[n++] = (struct option){ "help", 0, NULL, HELP };
	out[n] = (struct option){ 0 };
}

/* Reads TEXT as a number from MIN to MAX, of WHAT. */
static int parse_number(const char *name, const char *text, const char *what, unsigned min,
	unsigned max, unsigned *ret)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno || end == text || *end || text[0] == '-' || v < min || v > max) {
		cli_error("--%s: \"%s\" is not a number of %s from %u to %u", name, text, what, min,
			max);
		return -EINVAL;
	}
	*ret = (unsigned)v;
	return 0;
}

static int parse_seconds(const char *name, const char *text, unsigned min, unsigned *ret)
{
	return parse_number(name, text, "seconds", min, SECONDS_MAX, ret);
}

static int set_option(struct cli *c, const struct option_row *row, const char *arg)
{
	switch (row->id) {
	case OPT_ROOT:
		c->root = arg;
		return 0;
	case OPT_HOST:
		c->host = arg;
		return 0;
	case OPT_HERE:
		c->here = true;
		return 0;
	case OPT_ANONYMOUS:
		c->anonymous = true;
		return 0;
	case OPT_JSON:
		c->json = true;
		return 0;
	case OPT_DOT:
		c->dot = true;
		return 0;
	case OPT_PF:
		c->pf = arg;
		return 0;
	case OPT_POLICY:
		c->policy = arg;
		return 0;
	case OPT_PART:
		c->part = arg;
		return 0;
	case OPT_FROM_IOVCTL:
		c->from_iovctl = arg;
		return 0;
	case OPT_VM:
		return parse_number(row->name, arg, "a virtual machine", VM_MIN, VM_MAX, &c->vm);
	case OPT_RECREATE:
		c->recreate = true;
		return 0;
	case OPT_FORCE:
		c->force = true;
		return 0;
	case OPT_KEEP_GOING:
		c->keep_going = true;
		return 0;
	case OPT_HOTPLUG:
		c->hotplug = true;
		return 0;
	case OPT_IF_WANTED:
		c->if_wanted = true;
		return 0;
	case OPT_EXIT_CODE:
		c->exit_code = true;
		return 0;
	case OPT_WAIT:
		return parse_seconds(row->name, arg, 0, &c->wait_s);
	case OPT_STEP_TIMEOUT:
		return parse_seconds(row->name, arg, 1, &c->step_timeout_s);
	}
	return -EINVAL;
}

/* ID is getopt_long()'s answer to WORD. */
static int bad_option(const struct verb *v, int id, const char *word)
{
	const char *what = "is no option of it";

	if (id == ':')
		what = "needs a value";
	else if (optopt && strncmp(word, "--", 2) == 0)
		what = "takes no value";
	cli_error("%s: %s %s; see `sriovctl %s --help`", v->name, word, what, v->name);
	return -EINVAL;
}

/* A terminal that does not know its size (a serial line) says 0: no limit. */
static struct screen screen_of(int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize size = { 0 };

	if (!isatty(fd))
		return (struct screen){ 0 };
	if (ioctl(fd, TIOCGWINSZ, &size) < 0)
		size.ws_col = 0;
	return (struct screen){ !(no_color && *no_color) && term && strcmp(term, "dumb") != 0,
		size.ws_col };
}

int options_parse(const struct verb *v, int argc, char **argv, struct cli *ret)
{
	struct option longs[MAX_OPTIONS];
	int id, r;

	*ret = (struct cli){ .step_timeout_s = APPLY_STEP_MS / 1000,
		.screen = screen_of(STDOUT_FILENO) };
	long_options(v, longs);
	optind = 1;
	opterr = 0;
	while ((id = getopt_long(argc, argv, ":h", longs, NULL)) >= 0) {
		const struct option_row *row = find_row(id);

		if (id == 'h' || id == HELP) {
			options_help_verb(v);
			return 1;
		}
		r = row ? set_option(ret, row, optarg) : bad_option(v, id, argv[optind - 1]);
		if (r < 0)
			return r;
	}
	ret->args = argv + optind;
	ret->n_args = (size_t)(argc - optind);
	if (ret->root && ret->host) {
		cli_error("%s: --root and --host name two hosts; give one of them", v->name);
		return -EINVAL;
	}
	if (ret->n_args > v->max_args) {
		cli_error("%s takes %s%s; see `sriovctl %s --help`", v->name,
			*v->args ? "only " : "no arguments", v->args, v->name);
		return -EINVAL;
	}
	return 0;
}

void options_help_verb(const struct verb *v)
{
	printf("sriovctl %s%s%s%s\n\n%s\n\n%s\n\nOptions:\n", v->name,
		v->options ? " [OPTION…]" : "", *v->args ? " " : "", v->args, v->help,
		v->description);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (v->options & rows[i].id)
			printf("  --%s%s%-*s %s\n", rows[i].name, rows[i].arg ? "=" : "",
				(int)(22 - strlen(rows[i].name) - (rows[i].arg ? 1 : 0)),
				rows[i].arg ? rows[i].arg : "", rows[i].help);
	printf("  %-24s %s\n", "-h, --help", "show this");
}

/* Columns that TEXT takes: its UTF-8 characters. */
static int width(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

void options_help(const struct verb *const *verbs, size_t n)
{
	printf("sriovctl VERB [OPTION…] [ARGUMENT…]\n\n"
	       "SR-IOV virtual functions from a policy: created, configured, bound, "
	       "verified.\n\nVerbs:\n");
	for (size_t i = 0; i < n; i++)
		printf("  %-9s %s%*s %s\n", verbs[i]->name, verbs[i]->args,
			12 - width(verbs[i]->args), "", verbs[i]->help);
	printf("\n`sriovctl VERB --help` tells more; sriovctl(8) and sriovctl-policy(5) tell "
	       "all.\n");
}

void options_dump(const struct verb *const *verbs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		printf("%s\n", verbs[i]->name);
		for (size_t j = 0; j < ARRAY_SIZE(rows); j++)
			if (verbs[i]->options & rows[j].id)
				printf("%s --%s\n", verbs[i]->name, rows[j].name);
	}
}
