/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sriovctl: finds the verb and runs it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "base/log.h"
#include "cli/complete.h"
#include "config.h"
#include "core/similar.h"
#include "render/driver-words.h"
#include "render/problems.h"
#include "render/text.h"

static const struct verb *const verbs[] = {
	&verb_list,
	&verb_groups,
	&verb_show,
	&verb_validate,
	&verb_plan,
	&verb_apply,
	&verb_status,
	&verb_reset,
	&verb_snapshot,
	&verb_emit,
	&verb_capture,
	&verb_check,
	&verb_schema,
};

/* PF is an address, or NULL. */
static void say(int priority, const char *pf, const char *text)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (log_is_journal()) {
		log_send(priority, &(struct log_fields){ .pf = pf, .vf = -1 }, text);
		return;
	}
	text_escape(&b, text); /* an interface may be called almost anything */
	fprintf(stderr, "sriovctl: %s\n", buf_text(&b));
}

void cli_error(const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	say(LOG_ERR, NULL, text ? text : fmt);
}

void cli_warning(const char *fmt, ...)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	va_list ap;

	buf_add(&b, "warning: ");
	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	say(LOG_WARNING, NULL, buf_text(&b));
}

void cli_warning_about(const char *pf, const char *text)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	buf_addf(&b, "warning: %s", text);
	say(LOG_WARNING, pf, buf_text(&b));
}

void cli_problems(struct diag *d)
{
	diag_sort(d);
	for (size_t i = 0; i < d->n; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		problem_text(&b, &d->problems[i]);
		if (log_is_journal())
			say(LOG_ERR, NULL, buf_text(&b));
		else
			fprintf(stderr, "%s\n", buf_text(&b));
	}
}

int cli_output(const struct buf *b, int status)
{
	/* An error stays with the stream: main() sees it. */
	fwrite(buf_text(b), 1, b->len, stdout);
	return status;
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

static int no_verb(const char *name)
{
	struct similar s = similar_begin(name);

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		similar_offer(&s, verbs[i]->name);
	if (s.found)
		cli_error("there is no verb \"%s\", did you mean \"%s\"?", name, s.found);
	else
		cli_error("there is no verb \"%s\"; `sriovctl --help` lists them", name);
	return STATUS_USAGE;
}

static void dump_drivers(void)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	drivers_roff(&b);
	cli_output(&b, STATUS_OK);
}

/* Words in the place of a verb that are none. Returns a status, or -1. */
static int run_word(const char *word)
{
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
		options_help(verbs, ARRAY_SIZE(verbs));
	else if (strcmp(word, "--version") == 0)
		printf("sriovctl %s\n", VERSION);
	else if (strcmp(word, "--dump-verbs") == 0)
		options_dump(verbs, ARRAY_SIZE(verbs));
	else if (strcmp(word, "--dump-drivers") == 0)
		dump_drivers();
	else
		return -1;
	return STATUS_OK;
}

/* Closed standard descriptors would be given to the next files opened, and messages end in those.
 */
static void reserve_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* What was printed must have arrived: nobody may take half a list for a whole one. */
static int flushed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	cli_error("standard output: %s", err_name(errno));
	return status == STATUS_OK || status == STATUS_DIFFERS ? STATUS_FAILED : status;
}

static int run_verb(int argc, char **argv)
{
	const struct verb *v;
	struct cli cli;
	int r;

	if (argc < 2) {
		cli_error("a verb is missing; `sriovctl --help` lists them");
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--complete") == 0)
		return complete(verbs, ARRAY_SIZE(verbs), argv + 2, (size_t)(argc - 2));
	r = run_word(argv[1]);
	if (r >= 0)
		return r;
	v = find_verb(argv[1]);
	if (!v)
		return no_verb(argv[1]);
	r = options_parse(v, argc - 1, argv + 1, &cli);
	if (r != 0)
		return r > 0 ? STATUS_OK : STATUS_USAGE;
	return v->run(&cli);
}

int main(int argc, char **argv)
{
	reserve_descriptors();
	signal(SIGPIPE, SIG_IGN); /* `apply | head` is no reason to stop half-way */
	return flushed(run_verb(argc, argv));
}
