/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VF attributes that are files below /sys: written, and read back. */
#include <errno.h>
#include <stdio.h>

#include "base/file.h"
#include "host/act-step.h"
#include "host/scan.h"
#include "host/vffile.h"

/* What a refusal means (kernel-facts §1.6). */
static const char *hint(enum vf_attr_id id, int code)
{
	/* _VF_ATTR_MAX: any. */
	static const struct {
		enum vf_attr_id attr;
		int code;
		const char *text;
	} rows[] = {
		{ VF_MSIX, EBUSY, "a driver has the VF; only without one can it be set" },
		{ VF_MSIX, ENOSPC, "the PF has no vectors left to give" },
		{ VF_MSIX, EINVAL, "the PF's driver refuses this number" },
		{ _VF_ATTR_MAX, EPERM, "this hardware or its firmware does not do it" },
		{ _VF_ATTR_MAX, EACCES, "the PF's driver does not let it be set" },
		{ _VF_ATTR_MAX, EIO, "the device's firmware refuses; see dmesg" },
		{ _VF_ATTR_MAX, EOPNOTSUPP, "the PF's driver cannot set this" },
		{ _VF_ATTR_MAX, ENOENT, "the kernel has no such file" },
		{ _VF_ATTR_MAX, EINVAL, "the PF's driver refuses this value" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if ((rows[i].attr == _VF_ATTR_MAX || rows[i].attr == id) && rows[i].code == -code)
			return rows[i].text;
	return "see dmesg";
}

/* Reads back; what cannot be read is an error, for nobody knows then whether it is so. */
static int verify_msix(const struct act *a)
{
	struct pciaddr_text text;
	struct pciaddr vf = { 0 };
	unsigned now;
	int r = act_vf_address(a, &text);

	if (r < 0)
		return r;
	pciaddr_parse(text.s, &vf);
	now = scan_msix_table(a->rootfd, vf);
	if (!now)
		return err_set(a->err, -EIO,
			"accepted, but the VF's configuration space cannot be read, so nobody can "
			"tell whether it is so");
	if (now != a->step->after.n)
		return err_set(a->err, -EIO, "accepted but not applied, still %u", now);
	return 0;
}

/* The same of what the PF's driver has files for. */
static int verify_files(const struct act *a)
{
	const struct step *s = a->step;
	_cleanup_(buf_done) struct buf text = { 0 };
	union vf_value now = { 0 };
	int r = vffile_read(a->rootfd, a->pf->addr, s->attr, (unsigned)s->vf, &now.n, NULL);

	if (r < 0)
		return err_set(
			a->err, -EIO, "accepted, but it cannot be read back: %s", err_name(r));
	if (vf_value_equal(s->attr, now, s->after))
		return 0;
	vf_value_text(&text, s->attr, now);
	return err_set(a->err, -EIO, "accepted but not applied, it is %s", buf_text(&text));
}

static int set_one(const struct act *a)
{
	enum vf_attr_id id = a->step->attr;
	_cleanup_(buf_done) struct buf text = { 0 };
	const char *file = vf_attr(id)->file;
	char path[ACT_PATH_SIZE];
	int r = file ? act_vf_path(a, file, path) : 0;

	if (r < 0)
		return r;
	vf_value_text(&text, id, a->step->after);
	if (file)
		r = file_write(a->rootfd, path, buf_text(&text));
	else
		r = vffile_write(
			a->rootfd, a->pf->addr, id, (unsigned)a->step->vf, buf_text(&text));
	if (r < 0)
		return err_set(a->err, r, "%s: %s", err_name(r), hint(id, r));
	return file ? verify_msix(a) : verify_files(a);
}

int vffile_set(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res)
{
	bool again = true;
	int first = 0;

	for (bool begun = false; again; begun = true) {
		again = false;
		for (size_t i = 0; i < n; i++) {
			struct act a = { rootfd, pf, &steps[i], &res[i].err };

			if (begun && res[i].code != -ENOSPC)
				continue;
			res[i].code = set_one(&a);
			again |= begun && res[i].code == 0;
		}
		again |= !begun;
	}
	for (size_t i = 0; i < n && first == 0; i++)
		first = res[i].code;
	return first;
}
