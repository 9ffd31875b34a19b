/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sriovctl capture --from-iovctl`: a configuration of FreeBSD as a policy. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "cli/capture-iovctl.h"
#include "core/iovctl.h"
#include "render/capture.h"
#include "render/problems.h"

/* Reads the file, or standard input, into B: at most one byte more than a policy may have. */
static int read_text(const char *path, struct buf *b)
{
	bool is_stdin = strcmp(path, "-") == 0;
	_cleanup_close_ int fd = is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n = is_stdin || fd >= 0 ? 1 : -1;
	char part[4096];

	while (n > 0 && b->len <= POLICY_SIZE_MAX) {
		n = read(is_stdin ? STDIN_FILENO : fd, part, sizeof(part));
		if (n > 0)
			buf_addn(b, part, (size_t)n);
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n >= 0)
		return STATUS_OK;
	cli_error("--from-iovctl %s: %s", path, err_name(errno));
	return STATUS_FAILED;
}

/* What has no counterpart, or another meaning; that is no failure. */
static void tell(struct diag *notes)
{
	diag_sort(notes);
	for (size_t i = 0; i < notes->n; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		problem_text(&b, &notes->problems[i]);
		cli_error("note: %s", buf_text(&b));
	}
}

static int print(const struct session *s, struct iovctl *f, struct diag *notes)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct capture c = { &f->pf, 1 };

	if (s->cli->n_args) {
		f->pf.pf = session_find_pf(s->inv, s->cli->args[0]);
		if (f->pf.pf < 0)
			return STATUS_FAILED;
	}
	iovctl_note_pf(f, s->inv, f->pf.pf, notes);
	tell(notes);
	capture_policy(&b, s->inv, &c);
	return cli_output(&b, STATUS_OK);
}

/* Translates TEXT and prints what comes of it. */
static int translate(struct session *s, const struct buf *text, struct mem_pool *strings)
{
	_cleanup_(diag_done) struct diag d = { 0 }, notes = { 0 };
	_cleanup_(iovctl_done) struct iovctl f = { 0 };
	const char *path = s->cli->from_iovctl;
	int status;

	if (iovctl_parse(strcmp(path, "-") == 0 ? "stdin" : path, buf_text(text), text->len,
		    strings, &f, &d, &notes) < 0) {
		cli_problems(&d);
		return STATUS_POLICY;
	}
	status = session_open_host(s);
	if (status == STATUS_OK)
		status = session_scan(s, 0);
	return status == STATUS_OK ? print(s, &f, &notes) : status;
}

int capture_iovctl(struct session *s)
{
	_cleanup_(buf_done) struct buf text = { 0 };
	struct mem_pool *strings;
	int status;

	if (s->cli->n_args > 1) {
		cli_error("--from-iovctl is about one PF, and %zu are named", s->cli->n_args);
		return STATUS_USAGE;
	}
	status = session_share_stdin(s->cli, s->cli->from_iovctl);
	if (status == STATUS_OK)
		status = read_text(s->cli->from_iovctl, &text);
	if (status != STATUS_OK)
		return status;
	strings = mem_pool_new();
	status = translate(s, &text, strings);
	mem_pool_free(strings);
	return status;
}
