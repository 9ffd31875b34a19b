/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtualization management of NVMe controllers. */
#include <errno.h>
#include <linux/nvme_ioctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "host/nvmecmd.h"

#define PATH_SIZE   128
#define ANSWERS_MAX 520 /* of secondary controllers: each names at least one, of 65,535 */

/* Keeps the name of the controller in ARG: nvme0. */
static int take_name(int dirfd _unused_, const char *name, void *arg)
{
	char *ret = arg;

	if (str_number(name, "nvme") < 0 || strlen(name) >= PATH_SIZE / 4)
		return 0;
	strcpy(ret, name);
	return 1;
}

int nvmecmd_open(int root, struct pciaddr a, struct err *e)
{
	char path[PATH_SIZE], name[PATH_SIZE / 4] = "", numbers[32];
	unsigned major, minor;
	int r;

	snprintf(path, sizeof(path), "%s/nvme", pciaddr_path(a).s);
	r = file_each(root, path, take_name, name);
	if (r == 0)
		r = -ENOENT;
	if (r < 0)
		return err_set(e, r, "its driver has no controller for it: %s", err_name(r));
	snprintf(path, sizeof(path), "%s/nvme/%s/dev", pciaddr_path(a).s, name);
	r = file_read(root, path, numbers, sizeof(numbers));
	if (r >= 0 && sscanf(numbers, "%u:%u", &major, &minor) != 2)
		r = -EBADMSG;
	if (r < 0)
		return err_set(e, r, "/%s: %s", path, err_name(r));
	snprintf(path, sizeof(path), "dev/%s", name);
	r = file_open_char(root, path, major, minor);
	if (r < 0)
		return err_set(e, r, "cannot open /%s: %s%s", path, err_name(r),
			r == -ENOENT ? " (a service may not see devices: sriovctl-policy(5), "
				       "vq_resources)"
				     : "");
	return r;
}

/* Sends the command. Returns 0, the controller's status when it refuses, or a negative errno. */
static int command(int fd, uint8_t opcode, uint32_t dw10, uint32_t dw11, void *data)
{
	struct nvme_admin_cmd c = { .opcode = opcode,
		.addr = (uintptr_t)data,
		.data_len = data ? NVME_DATA_SIZE : 0,
		.cdw10 = dw10,
		.cdw11 = dw11 };
	int r = ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c);

	return r < 0 ? -errno : r;
}

/*
 * Asks for the page CNS, of the controller ID, or from it on. Returns 0, -EOPNOTSUPP: there is no
 * such page, or another negative errno.
 */
static int identify(int fd, uint8_t cns, unsigned id, uint8_t data[static NVME_DATA_SIZE])
{
	int r;

	memset(data, 0, NVME_DATA_SIZE);
	r = command(fd, NVME_IDENTIFY, cns | (uint32_t)id << 16, 0, data);
	if (r > 0)
		r = nvme_is_unknown((unsigned)r) ? -EOPNOTSUPP : -EREMOTEIO;
	return r;
}

int nvmecmd_caps(int fd, struct nvme_caps *ret)
{
	_cleanup_free_ uint8_t *data = mem_new(NVME_DATA_SIZE, 1);
	int r = identify(fd, NVME_IDENTIFY_CONTROLLER, 0, data);

	if (r == 0)
		r = identify(fd, NVME_IDENTIFY_PRIMARY, nvme_parse_id(data, NVME_DATA_SIZE), data);
	if (r == 0)
		*ret = nvme_parse_caps(data, NVME_DATA_SIZE);
	if (r == -EOPNOTSUPP)
		*ret = (struct nvme_caps){ .known = true };
	return r == -EOPNOTSUPP ? 0 : r;
}

int nvmecmd_secondaries(int fd, struct nvme_secondary **ret, size_t *ret_n)
{
	_cleanup_free_ uint8_t *data = mem_new(NVME_DATA_SIZE, 1);
	struct nvme_secondary *all = NULL, some[NVME_SECONDARIES_MAX];
	size_t n = 0, n_all = 0;
	unsigned from = 0;
	int r = 0;

	/* They come by rising ID; one that says otherwise is not asked again. */
	for (int i = 0; i < ANSWERS_MAX; i++) {
		r = identify(fd, NVME_IDENTIFY_SECONDARIES, from, data);
		if (r < 0)
			break;
		n = nvme_parse_secondaries(data, NVME_DATA_SIZE, some);
		for (size_t k = 0; k < n; k++) {
			all = mem_grow(all, n_all, sizeof(*all));
			all[n_all++] = some[k];
		}
		if (n < NVME_SECONDARIES_MAX || some[n - 1].id < from ||
			some[n - 1].id == UINT16_MAX)
			break;
		from = some[n - 1].id + 1;
	}
	if (r < 0) {
		free(all);
		return r;
	}
	*ret = all;
	*ret_n = n_all;
	return 0;
}

/* --- setting ---------------------------------------------------------------------------------- */

/* Steps on their way to a controller. */
struct set {
	int fd;
	const struct step *step;
	struct err *err;
};

/* Finds the controller of the step's VF. */
static int find(const struct set *s, struct nvme_secondary *ret)
{
	_cleanup_free_ struct nvme_secondary *all = NULL;
	size_t n = 0;
	int r = nvmecmd_secondaries(s->fd, &all, &n);

	if (r < 0)
		return err_set(s->err, r, "cannot list the VFs' controllers: %s", err_name(r));
	for (size_t i = 0; i < n; i++)
		if (all[i].vf == s->step->vf) {
			*ret = all[i];
			return 0;
		}
	return err_set(s->err, -ENODEV, "the PF's controller knows of no controller for this VF");
}

static uint64_t value_of(const struct nvme_secondary *c, enum vf_attr_id id)
{
	if (id == VF_VQ_RESOURCES)
		return c->vq;
	return id == VF_VI_RESOURCES ? c->vi : c->online;
}

/* The command that the step is: its two double words. */
static void words(const struct step *s, unsigned id, uint32_t *dw10, uint32_t *dw11)
{
	unsigned action = NVME_SECONDARY_ASSIGN, kind = NVME_RESOURCE_VQ;

	if (s->attr == VF_ONLINE)
		action = s->after.n ? NVME_SECONDARY_ONLINE : NVME_SECONDARY_OFFLINE;
	else if (s->attr == VF_VI_RESOURCES)
		kind = NVME_RESOURCE_VI;
	*dw10 = action | kind << 8 | (uint32_t)id << 16;
	*dw11 = s->attr == VF_ONLINE ? 0 : (uint32_t)s->after.n;
}

static int refused(const struct set *s, int status)
{
	const char *text = nvme_status_text((unsigned)status);

	return err_set(s->err, -EREMOTEIO, "the controller refuses (NVMe status 0x%x)%s%s", status,
		text ? ": " : "", text ? text : "");
}

static int set_one(const struct set *s)
{
	struct nvme_secondary c = { 0 };
	uint32_t dw10, dw11;
	int r = find(s, &c);

	if (r < 0)
		return r;
	words(s->step, c.id, &dw10, &dw11);
	r = command(s->fd, NVME_VIRTUALIZATION, dw10, dw11, NULL);
	if (r > 0)
		return refused(s, r);
	if (r < 0)
		return err_set(s->err, r, "%s", err_name(r));
	r = find(s, &c);
	if (r == 0 && value_of(&c, s->step->attr) != s->step->after.n)
		r = err_set(s->err, -EIO, "accepted but not applied, still %llu",
			(unsigned long long)value_of(&c, s->step->attr));
	return r;
}

int nvmecmd_set(int rootfd, const struct plan_pf *pf, const struct step *steps, size_t n,
	struct step_result *res)
{
	struct err e = { "" };
	_cleanup_close_ int fd = nvmecmd_open(rootfd, pf->addr, &e);
	int first = 0;

	for (size_t i = 0; i < n; i++) {
		const struct set s = { fd, &steps[i], &res[i].err };

		res[i] = (struct step_result){ fd, e };
		if (fd >= 0)
			res[i].code = set_one(&s);
		if (first == 0)
			first = res[i].code;
	}
	return first;
}
