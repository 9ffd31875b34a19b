/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host that is a snapshot: read from a file, looked at as often as wanted, never changed. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "host/host.h"

struct snapfile {
	struct host host; /* first: the one is cast to the other */
	char *name;       /* for messages */
	char *text;
	size_t len;
	int code;              /* of reading it: negative when it is no snapshot */
	struct inventory *inv; /* read when it was opened, until the first scan takes it */
};

static struct snapfile *snapfile(struct host *h)
{
	return (struct snapfile *)h;
}

/* What a scan has to be for to find attribute ID of a VF. */
static unsigned scan_for_attr(enum vf_attr_id id)
{
	if (id == VF_MSIX)
		return SCAN_MSIX;
	return vf_attr(id)->way == VF_BY_NVME ? SCAN_NVME : SCAN_VF_ATTRS;
}

/* Takes out of the attributes of PF's VFs what a scan for WHAT would not have found. */
static void limit_attrs(struct pf *pf, unsigned what)
{
	for (enum vf_attr_id id = 0; id < _VF_ATTR_MAX; id++)
		for (size_t i = 0; i < pf->n_vfs && !(what & scan_for_attr(id)); i++)
			pf->vfs[i].attrs.set &= ~(UINT32_C(1) << id);
}

/* The same of settings. */
static void limit_settings(struct pf_settings *s, unsigned what)
{
	if (!(what & SCAN_SETTING(PFSET_ESWITCH)))
		s->eswitch = ESWITCH_UNKNOWN;
	if (!(what & SCAN_SETTING(PFSET_FEATURES)))
		s->n_on = s->n_off = s->n_fixed = 0;
	if (!(what & SCAN_SETTING(PFSET_FDB)))
		s->fdb_read = false, s->n_fdb = 0;
}

/* The same of one function. */
static void limit_dev(struct dev *d, unsigned what)
{
	if (!(what & SCAN_PATHS) || (d->pf < 0 && !(what & SCAN_DEVICES)))
		d->path = NULL;
	if (!(what & SCAN_SLOTS))
		d->slot = NULL;
	if (!(what & SCAN_USERS))
		d->users = (struct vf_users){ 0 };
	else if (!(what & SCAN_DEVICES) && d->vf < 0 && !d->vfio_open)
		d->users = (struct vf_users){ .reserved = d->users.reserved,
			.assigned = d->users.assigned };
	if (!(what & SCAN_DEVICES) || !(what & SCAN_USERS))
		d->lifeline = (struct lifeline){ 0 };
	if (!(what & SCAN_CHECK)) {
		struct pcicfg_bars bars = d->facts.vf_bars;

		d->facts = (struct facts_dev)FACTS_DEV_NONE;
		d->facts.vf_bars = bars;
	}
}

/* The same of the host. */
static void limit(struct inventory *inv, unsigned what)
{
	for (size_t p = 0; p < inv->n_pfs; p++) {
		struct pf *pf = &inv->pfs[p];

		limit_settings(&pf->settings, what);
		if (!(what & SCAN_HOST_DRIVER))
			pf->host_driver = NULL;
		if (!(what & SCAN_FIT))
			pf->driver_foreign = false, pf->bus_last = 0;
		/* scan_fit() does not ask where VFs are. */
		if (!(what & SCAN_FIT) || (pf->n_vfs && !(what & SCAN_CHECK)))
			inv->devs[pf->dev].facts.vf_bars = (struct pcicfg_bars){ 0 };
		if (!(what & SCAN_SETTLED))
			pf->settled = false;
		if (!(what & SCAN_VF_ATTRS))
			pf->has_vf_attrs = false, pf->n_vf_files = 0;
		if (!(what & SCAN_NVME))
			pf->nvme = (struct nvme_caps){ 0 };
		if (!(what & SCAN_MSIX))
			pf->vf_msix = -1;
		limit_attrs(pf, what);
	}
	for (size_t i = 0; i < inv->n_devs; i++)
		limit_dev(&inv->devs[i], what);
	if (!(what & SCAN_FILES))
		memset(inv->files, 0, sizeof(inv->files));
	if (!(what & SCAN_CHECK))
		facts_done(&inv->facts);
}

static int snapfile_scan(struct host *h, unsigned what, struct inventory **ret, struct err *e)
{
	struct snapfile *s = snapfile(h);
	_cleanup_(diag_done) struct diag d = { 0 };

	if (!s->inv)
		s->code = snapshot_read(s->name, s->text, s->len, &s->inv, &d);
	if (s->code < 0)
		return err_set(e, s->code, "%s is no snapshot", s->name);
	*ret = s->inv;
	s->inv = NULL;
	limit(*ret, what);
	return 0;
}

int host_run_nothing(struct host *h _unused_, const struct plan_pf *pf _unused_,
	const struct step *steps _unused_, size_t n, struct step_result *res)
{
	for (size_t i = 0; i < n; i++)
		res[i].code = err_set(&res[i].err, -EROFS, "this is not a running host");
	return n ? -EROFS : 0;
}

static void snapfile_close(struct host *h)
{
	struct snapfile *s = snapfile(h);

	inventory_free(s->inv);
	free(s->name);
	free(s->text);
	free(s);
}

/* Reads FD to its end, or one byte more than a snapshot may have: snapshot_read() then says so. */
static int read_all(int fd, struct snapfile *s)
{
	while (s->len <= SNAPSHOT_SIZE_MAX) {
		size_t room = s->len ? s->len : 65536;
		ssize_t n;

		if (room > SNAPSHOT_SIZE_MAX + 1 - s->len)
			room = SNAPSHOT_SIZE_MAX + 1 - s->len;
		s->text = mem_resize(s->text, s->len + room, 1);
		n = read(fd, s->text + s->len, room);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		s->len += n < 0 ? 0 : (size_t)n;
	}
	return 0;
}

int host_open_snapshot(const char *path, struct host **ret, struct diag *d, struct err *e)
{
	static const struct host_ops ops = { snapfile_scan, host_run_nothing, host_find_nothing,
		snapfile_close };
	bool is_stdin = strcmp(path, "-") == 0;
	_cleanup_close_ int fd = is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct snapfile *s;
	int r;

	if (!is_stdin && fd < 0)
		return err_set(e, -errno, "%s: %s", path, err_name(errno));
	s = mem_new(1, sizeof(*s));
	s->host.ops = &ops;
	s->name = mem_strdup(is_stdin ? "stdin" : path);
	r = read_all(is_stdin ? STDIN_FILENO : fd, s);
	if (r < 0) {
		err_set(e, r, "%s: %s", s->name, err_name(r));
		snapfile_close(&s->host);
		return r;
	}
	*ret = &s->host;
	s->code = snapshot_read(s->name, s->text, s->len, &s->inv, d);
	return s->code;
}
