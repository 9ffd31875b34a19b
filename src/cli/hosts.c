/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One verb on many hosts. One host is in memory at a time, and the policy is read once. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cli/hosts.h"
#include "cli/names.h"
#include "render/text.h"

/* Statuses by how bad they are. */
static int worse(int a, int b)
{
	static const int rank[] = { [STATUS_OK] = 0,
		[STATUS_DIFFERS] = 1,
		[STATUS_REFUSED] = 2,
		[STATUS_PARTLY] = 3,
		[STATUS_FAILED] = 4,
		[STATUS_POLICY] = 5,
		[STATUS_USAGE] = 6 };

	return rank[b] > rank[a] ? b : a;
}

/* The heading of a host in a text; a JSON document has the name inside. */
static void print_heading(const struct cli *cli, size_t i)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	if (cli->json)
		return;
	buf_add(&b, i ? "\n" : "");
	text_escape(&b, cli->snapshot);
	buf_add(&b, ":\n");
	cli_output(&b, STATUS_OK);
}

/* Runs VERB for the snapshot NAME, which is number I. */
static int run_one(struct session *all, int (*verb)(struct session *s), const char *name, size_t i)
{
	_cleanup_(buf_done) struct buf path = { 0 };
	struct cli cli = *all->cli;
	struct session s = { .cli = &cli, .policy = all->policy };
	int status;

	buf_addf(&path, "%s/%s", all->cli->host, name);
	cli.host = buf_text(&path);
	cli.snapshot = name;
	print_heading(&cli, i);
	status = verb(&s);
	fflush(stdout); /* before what is said of the next one */
	if (status != STATUS_OK && status != STATUS_DIFFERS && status != STATUS_REFUSED)
		cli_error("that is about %s", cli.host);
	s.policy = NULL;
	session_done(&s);
	return status;
}

static int run_all(struct session *all, int fd, int (*verb)(struct session *s))
{
	_cleanup_(names_done) struct names names = { 0 };
	int r = names_read(fd, &names), status = STATUS_OK;

	if (r < 0)
		cli_error("--host %s: %s", all->cli->host, err_name(r));
	else if (!names.n)
		cli_error("--host %s: there is no snapshot, *.json, in it", all->cli->host);
	if (r < 0 || !names.n)
		return STATUS_FAILED;
	for (size_t i = 0; i < names.n; i++)
		status = worse(status, run_one(all, verb, names.list[i], i));
	return status;
}

int hosts_run(const struct cli *cli, int (*verb)(struct session *s))
{
	struct session all = { .cli = cli };
	int fd, status;

	fd = cli->host ? open(cli->host, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd < 0) /* one snapshot, or what is wrong with it is told when it is opened */
		return session_run(cli, verb);
	status = session_read_policy(&all, 0);
	if (status == STATUS_OK)
		status = run_all(&all, fd, verb);
	else
		close(fd);
	session_done(&all);
	return status;
}
