/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Setting VF attributes. One message with everything is 6 to 30 times cheaper than one per
 * attribute, but the kernel stops at its first error and does not say where that was (kernel-facts
 * §4.1). So a refusal is followed by a look at what is still missing, and that is sent again one by
 * one.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "host/vfnl-io.h"
#include "host/vfnl.h"
#include "host/vfput.h"

/* A driver that is busy (i40e and ice after a reset) is asked again, for 1.26 s in all. */
#define BUSY_FIRST_MS 20
#define BUSY_LAST_MS  640

/* One vfnl_set() under way. */
struct set {
	struct vfnl *nl;
	int ifindex;
	const char *driver;
	const struct step *steps;
	size_t n;
	struct step_result *res;
	struct vfnl_request *requests; /* n of them */
};

/* What an errno means from this driver for this attribute; the first row that fits counts. */
static const char *hint(const char *driver, enum vf_attr_id id, int code)
{
	/* NULL and _VF_ATTR_MAX: any. Kernel-facts §4.1 and §4.3 name the functions. */
	static const struct {
		const char *driver;
		enum vf_attr_id attr;
		int code;
		const char *text;
	} rows[] = {
		{ "igb", VF_MIN_TX_RATE, EINVAL, "igb has no minimum rate, only 0" },
		{ "igb", VF_MAX_TX_RATE, EINVAL, "igb needs link, and no more than its speed" },
		{ "igb", VF_MAX_TX_RATE, EOPNOTSUPP, "of the igb devices only the 82576 can" },
		{ "ixgbe", VF_MIN_TX_RATE, EINVAL, "ixgbe has no minimum rate, only 0" },
		{ "ixgbe", VF_MAX_TX_RATE, EINVAL,
			"ixgbe needs link at 10 Gbit/s, and 11 to 10000" },
		{ "i40e", VF_MIN_TX_RATE, EINVAL, "i40e has no minimum rate, only 0" },
		{ "i40e", VF_TRUST, EINVAL, "i40e refuses it in MFP mode" },
		{ "ice", VF_MIN_TX_RATE, EINVAL,
			"all minimum rates together may not pass the link's" },
		{ "ice", VF_MIN_TX_RATE, EOPNOTSUPP, "ice has no minimum rates while it uses DCB" },
		{ "ice", _VF_ATTR_MAX, EINVAL, "ice says so of a VF that it has disabled, too" },
		{ "mlx5_core", _VF_ATTR_MAX, EPERM, "the PF does not manage the embedded switch" },
		{ "mlx5_core", _VF_ATTR_MAX, EOPNOTSUPP, "mlx5 cannot, or not in switchdev mode" },
		{ NULL, _VF_ATTR_MAX, EOPNOTSUPP, "the PF's driver cannot set this" },
		{ NULL, VF_VLAN, EPROTONOSUPPORT, "the PF's driver knows no such VLAN protocol" },
		{ NULL, VF_MIN_TX_RATE, EINVAL, "the PF's driver may need link for rates" },
		{ NULL, VF_MAX_TX_RATE, EINVAL, "the PF's driver may need link for rates" },
		{ NULL, _VF_ATTR_MAX, EINVAL,
			"the PF's driver refuses this value, or has no such VF" },
		{ NULL, _VF_ATTR_MAX, EAGAIN, "the PF's driver stayed busy" },
		{ NULL, _VF_ATTR_MAX, EBUSY, "the PF's driver stayed busy" },
		{ NULL, _VF_ATTR_MAX, ENODEV, "the PF's interface is gone" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if ((!rows[i].driver || (driver && strcmp(driver, rows[i].driver) == 0)) &&
			(rows[i].attr == _VF_ATTR_MAX || rows[i].attr == id) &&
			rows[i].code == -code)
			return rows[i].text;
	return "";
}

static int fail(struct set *s, size_t i, int code, const char *driver_text)
{
	const char *meaning = hint(s->driver, s->steps[i].attr, code);
	struct step_result *r = &s->res[i];

	r->code = code;
	return err_set(&r->err, code, "%s%s%s%s%s", err_name(code), driver_text[0] ? ": " : "",
		driver_text, meaning[0] ? ": " : "", meaning);
}

static int fail_all(struct set *s, int code)
{
	for (size_t i = 0; i < s->n; i++)
		fail(s, i, code, "");
	return code;
}

/* Sends all steps in as few messages as can be. Returns whether the kernel took them all. */
static bool send_joined(struct set *s)
{
	size_t n = 0;
	bool good = true;

	for (size_t first = 0; first < s->n; first += VFPUT_MAX) {
		size_t rest = s->n - first;

		s->requests[n++] = (struct vfnl_request){ .steps = s->steps + first,
			.n = rest < VFPUT_MAX ? rest : VFPUT_MAX };
	}
	vfnl_send(s->nl, s->ifindex, s->requests, n);
	for (size_t i = 0; i < n; i++)
		good &= s->requests[i].code == 0;
	return good;
}

/* The value that the driver reports for the step's attribute; NULL when it reports none. */
static const union vf_value *reported(const struct vfparse_link *l, const struct step *step)
{
	const struct vfparse_vf *vf = vfparse_vf(l, (unsigned)step->vf);

	return vf && vf_has(&vf->attrs, step->attr) ? &vf->attrs.v[step->attr] : NULL;
}

static bool is_applied(const struct vfparse_link *l, const struct step *step)
{
	const union vf_value *now = reported(l, step);

	return now && vf_value_equal(step->attr, *now, step->after);
}

static bool is_busy(int code)
{
	return code == -EAGAIN || code == -EBUSY;
}

/* Sends each of the N steps with these INDEXES by itself. Keeps those that met a busy driver. */
static size_t send_each(struct set *s, size_t *indexes, size_t n)
{
	size_t busy = 0;

	for (size_t i = 0; i < n; i++)
		s->requests[i] = (struct vfnl_request){ .steps = &s->steps[indexes[i]], .n = 1 };
	vfnl_send(s->nl, s->ifindex, s->requests, n);
	for (size_t i = 0; i < n; i++) {
		size_t step = indexes[i];
		int code = s->requests[i].code;

		s->res[step] = (struct step_result){ 0 };
		if (code < 0)
			fail(s, step, code, s->requests[i].text);
		if (is_busy(code))
			indexes[busy++] = step;
	}
	return busy;
}

/* Sends one by one what the driver does not report as applied, again while it is busy. */
static int send_missing(struct set *s)
{
	_cleanup_free_ size_t *indexes = mem_new(s->n, sizeof(*indexes));
	struct vfparse_link now;
	size_t n = 0;
	int r = vfnl_link(s->nl, s->ifindex, true, &now);

	if (r < 0)
		return r;
	for (size_t i = 0; i < s->n; i++)
		if (!is_applied(&now, &s->steps[i]))
			indexes[n++] = i;
	vfparse_done(&now);
	n = send_each(s, indexes, n);
	for (long ms = BUSY_FIRST_MS; n > 0 && ms <= BUSY_LAST_MS; ms *= 2) {
		const struct timespec pause = { .tv_nsec = ms * 1000000 };

		nanosleep(&pause, NULL);
		n = send_each(s, indexes, n);
	}
	return 0;
}

/* Judges one step by what the driver reports now. */
static void verify_step(struct set *s, size_t i, const struct vfparse_link *l)
{
	const struct step *step = &s->steps[i];
	const union vf_value *now = reported(l, step);
	struct step_result *r = &s->res[i];
	struct buf text = { 0 };

	/* A lost answer (the buffer overflowed, or nothing came) may have been a yes. */
	if ((r->code == -ENOBUFS || r->code == -ETIMEDOUT) && is_applied(l, step))
		r->code = 0;
	if (r->code < 0)
		return;
	if (now && !vf_value_equal(step->attr, *now, step->after)) {
		vf_value_text(&text, step->attr, *now);
		r->code = err_set(
			&r->err, -EIO, "accepted but not applied, still %s", buf_text(&text));
		buf_done(&text);
	} else if (!now && l->has_vf_list && vfparse_vf(l, (unsigned)step->vf)) {
		r->code = err_set(&r->err, -EIO,
			"accepted, but the driver does not report it, so nobody can tell whether "
			"it is so");
	} else if (l->has_vf_list && !vfparse_vf(l, (unsigned)step->vf)) {
		r->code = err_set(&r->err, -EIO,
			"accepted, but the driver does not report this VF: not verified");
	}
}

static int verify(struct set *s)
{
	struct vfparse_link now;
	int r = vfnl_link(s->nl, s->ifindex, true, &now);

	if (r < 0)
		return r;
	for (size_t i = 0; i < s->n; i++)
		verify_step(s, i, &now);
	vfparse_done(&now);
	return 0;
}

int vfnl_set(int ifindex, const char *driver, const struct step *steps, size_t n,
	struct step_result *res)
{
	_cleanup_free_ struct vfnl_request *requests = mem_new(n, sizeof(*requests));
	_cleanup_(vfnl_closep) struct vfnl *nl = NULL;
	struct set s = { NULL, ifindex, driver, steps, n, res, requests };
	int r = vfnl_open(&nl, NULL);

	s.nl = nl;
	for (size_t i = 0; i < n; i++)
		res[i] = (struct step_result){ 0 };
	if (r == 0 && !send_joined(&s))
		r = send_missing(&s);
	if (r == 0)
		r = verify(&s);
	if (r < 0)
		return fail_all(&s, r);
	for (size_t i = 0; i < n && r == 0; i++)
		r = res[i].code;
	return r;
}
