/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Linux hosts: this machine, and a directory with the files of another. */
#include <errno.h>
#include <fcntl.h>

#include "base/mem.h"
#include "host/act.h"
#include "host/host.h"
#include "host/modules.h"
#include "host/scan.h"

struct linux_host {
	struct host host; /* first: the one is cast to the other */
	int root;
	bool live;
};

static struct linux_host *linux_host(struct host *h)
{
	return (struct linux_host *)h;
}

static int linux_scan(struct host *h, unsigned what, struct inventory **ret, struct err *e)
{
	return scan_host(linux_host(h)->root, linux_host(h)->live, what, ret, e);
}

static int linux_run(struct host *h, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res)
{
	if (!linux_host(h)->live)
		return host_run_nothing(h, pf, steps, n, res);
	return act_run(linux_host(h)->root, pf, steps, n, res);
}

static enum facts_state linux_find_module(struct host *h, const char *driver)
{
	return linux_host(h)->live ? modules_find(driver) : host_find_nothing(h, driver);
}

static void linux_close(struct host *h)
{
	close(linux_host(h)->root);
	free(h);
}

static int linux_open(const char *dir, bool live, struct host **ret, struct err *e)
{
	static const struct host_ops ops = { linux_scan, linux_run, linux_find_module,
		linux_close };
	int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct linux_host *h;

	if (root < 0)
		return err_set(e, -errno, "%s: %s", dir, err_name(errno));
	h = mem_new(1, sizeof(*h));
	*h = (struct linux_host){ { &ops }, root, live };
	*ret = &h->host;
	return 0;
}

int host_open_linux(struct host **ret, struct err *e)
{
	return linux_open("/", true, ret, e);
}

int host_open_dir(const char *dir, struct host **ret, struct err *e)
{
	return linux_open(dir, false, ret, e);
}
