/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is left of a run that failed, or was killed, at each of its steps and of its way back: the
 * start, the goal, or what is told and the next run mends. Prints the table of cases and outcomes.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "trial.h"

#define CODES_MAX 10

/* A host, and what is done to it. */
struct scene {
	const char *name;
	void (*set)(struct fakehost *f);
	const char *policy;
	bool remakes; /* VFs that there were: what was set on them can be lost */
	bool whole;   /* the PF is reserved as a whole */
};

static void set_nothing(struct fakehost *f)
{
	(void)f;
}

static void set_vf(struct fake_vf *vf, const char *driver, const char *pin, uint64_t mac)
{
	strcpy(vf->driver, driver);
	strcpy(vf->override, pin);
	vf->attr[VF_MAC] = mac;
	vf->attr[VF_SPOOFCHK] = 1;
}

/* VFs that somebody else made, for the host and for guests. */
static void set_vfs(struct fakehost *f)
{
	struct fake_pf *pf = &f->pf[0];

	f->has_igbvf = f->has_vfio = true;
	pf->up = true;
	pf->n = 4;
	set_vf(&pf->vf[0], "igbvf", "", 0x020000000010);
	set_vf(&pf->vf[1], "igbvf", "igbvf", 0x020000000011);
	set_vf(&pf->vf[2], "vfio-pci", "vfio-pci", 0x020000000012);
	set_vf(&pf->vf[3], "", "", 0);
	strcpy(pf->vf[1].name, "theirs");
	pf->vf[1].attr[VF_VLAN] = vlan_pack(200, 0, VLAN_PROTO_8021Q);
	pf->vf[2].attr[VF_TRUST] = 1;
}

#define ONE_PF(rest) \
	"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, " rest "}]}"

static const struct scene scenes[] = {
	{ "create", set_nothing,
		ONE_PF("\"vfs\": 3, \"eswitch\": \"switchdev\", \"mtu\": 9000, "
		       "\"features\": {\"rx-gro\": true, \"rx-checksum\": false}, "
		       "\"fdb\": [\"02:00:00:00:01:00\"], "
		       "\"defaults\": {\"driver\": \"vfio-pci\", \"trust\": true}, "
		       "\"vf\": {\"2\": {\"driver\": \"host\", \"vlan\": 100, \"max_tx_rate\": "
		       "500, "
		       "\"name\": \"lxc0\"}}"),
		false, false },
	/* Each way in which a VF that is there gets another driver, or the same one once more. */
	{ "change", set_vfs,
		ONE_PF("\"vfs\": 4, \"mtu\": 9000, \"vf\": {\"0\": {\"driver\": \"vfio-pci\"}, "
		       "\"1\": {\"mac\": \"02:00:00:00:00:99\"}, "
		       "\"2\": {\"driver\": \"host\", \"name\": \"lxc0\"}, "
		       "\"3\": {\"driver\": \"vfio-pci\", \"vlan\": 100}}"),
		false, false },
	{ "recreate", set_vfs,
		ONE_PF("\"vfs\": 2, \"autoprobe\": false, \"defaults\": {\"driver\": "
		       "\"vfio-pci\"}"),
		true, false },
	/* The same number of VFs, in another mode. */
	{ "switch", set_vfs,
		ONE_PF("\"vfs\": 4, \"eswitch\": \"switchdev\", \"defaults\": {\"driver\": "
		       "\"vfio-pci\"}"),
		true, false },
	/* Known by what it does not show any more once it is reserved. */
	{ "reserve", set_nothing,
		"{\"version\": 1, \"devices\": [{\"match\": {\"mac\": \"52:54:00:01:00:01\", "
		"\"driver\": \"igb\"}}]}",
		false, true },
};

/* What the kernel answers, per kind of step (kernel-facts §1.2, §1.3, §1.5, §3.1, §4). */
static const int codes[_STEP_KIND_MAX][CODES_MAX] = {
	[STEP_LOAD_DRIVER] = { -ENOENT, -EPERM, -ENOMEM },
	[STEP_PF_RA] = { -EROFS, -EIO },
	[STEP_PF_UP] = { -EINVAL, -EPERM, -EBUSY },
	[STEP_PF_ESWITCH] = { -EOPNOTSUPP, -EBUSY, -EINVAL, -EIO },
	[STEP_PF_MTU] = { -EINVAL, -EBUSY, -EIO },
	[STEP_PF_FEATURE] = { -EINVAL, -EOPNOTSUPP, -EIO },
	[STEP_PF_FDB] = { -ENOMEM, -EOPNOTSUPP, -EIO },
	[STEP_AUTOPROBE] = { -EINVAL, -EIO },
	[STEP_VFS_REMOVE] = { -EBUSY, -ENOENT, -EIO },
	[STEP_VFS_CREATE] = { -ERANGE, -ENOENT, -EBUSY, -ENOMEM, -EIO, -EINVAL, -EPERM, -EOPNOTSUPP,
		-ENOSPC, -EAGAIN },
	[STEP_VF_UNBIND] = { -ENODEV, -EBUSY },
	[STEP_VF_ATTR] = { -EINVAL, -EPERM, -EOPNOTSUPP, -EPROTONOSUPPORT, -EAGAIN, -EBUSY,
		-ENOBUFS },
	[STEP_VF_OVERRIDE] = { -EINVAL, -ENODEV, -EIO },
	[STEP_VF_BIND] = { -ENODEV, -EBUSY, -EAGAIN, -EINVAL, -ENOENT, -EIO },
	[STEP_VF_NAME] = { -EBUSY, -EEXIST, -ENODEV },
	[STEP_FILE] = { -EROFS, -ENOSPC, -EACCES },
};

/* One run with a fault. */
struct trial {
	const struct scene *scene;
	struct fakehost *f, *start, *goal;
	struct place_for_record rec;
	struct buf told;
	struct apply_counts counts;
};

static void trial_begin(struct trial *t, const struct scene *scene)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	*t = (struct trial){ scene, fake_new(1), fake_new(1), fake_new(1) };
	scene->set(t->f);
	scene->set(t->start);
	scene->set(t->goal);
	place_begin(&t->rec);
	assert_int_equal(go(t->goal, scene->policy, &t->rec, &b).pfs_failed, 0);
	place_end(&t->rec, 1);
	place_begin(&t->rec);
}

static void trial_end(struct trial *t)
{
	place_end(&t->rec, 1);
	fake_free(t->f);
	fake_free(t->start);
	fake_free(t->goal);
	buf_done(&t->told);
}

static void trial_go(struct trial *t)
{
	buf_done(&t->told);
	t->counts = go(t->f, t->scene->policy, &t->rec, &t->told);
}

/* No fault any more. */
static void heal(struct fakehost *f)
{
	f->fail_at = f->fail_more = f->kill_at = f->kill_in = f->hang_at = f->creates_fewer = 0;
}

/*
 * What stays of a run that was put back: the interface is up, and has its MTU and offloads; the
 * files are there.
 */
static bool is_start(const struct trial *t)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(1);
	bool same;

	memcpy(f, t->start, sizeof(*f));
	f->pf[0].up = t->f->pf[0].up;
	f->pf[0].no_ra = t->f->pf[0].no_ra; /* as long as it is up */
	f->pf[0].mtu = t->f->pf[0].mtu;
	f->pf[0].features = t->f->pf[0].features;
	memcpy(f->file, t->f->file, sizeof(f->file));
	memcpy(f->unloaded, t->f->unloaded, sizeof(f->unloaded));
	fake_diff(t->f, f, &b);
	same = b.len == 0;
	fake_free(f);
	return same;
}

static bool is_goal(const struct trial *t)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	fake_diff(t->f, t->goal, &b);
	return b.len == 0;
}

/* The next apply gets to the goal, whatever was left. */
static void assert_converges(struct trial *t)
{
	_cleanup_(buf_done) struct buf b = { 0 };

	heal(t->f);
	trial_go(t);
	assert_int_equal(t->counts.pfs_failed + t->counts.host_failed, 0);
	for (int i = 0; i < FAKE_VFS; i++) /* put back, where the policy has none to give */
		if (!t->goal->pf[0].vf[i].name[0])
			strcpy(t->goal->pf[0].vf[i].name, t->f->pf[0].vf[i].name);
	fake_diff(t->f, t->goal, &b);
	assert_string_equal(buf_text(&b), "");
	assert_in_sync(t->f, t->scene->policy, &t->rec);
}

/* A reset gets back to the start; of VFs that had to go, at least their number. */
static void assert_undone(struct trial *t)
{
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct fakehost *f = t->f;

	heal(f);
	undo(f, &t->rec, &left);
	assert_string_equal(buf_text(&left), "");
	for (unsigned i = 0; i < _GENFILE_MAX; i++)
		f->unloaded[i] = false;
	if (t->scene->remakes) {
		assert_int_equal(f->pf[0].n, t->start->pf[0].n);
		assert_int_equal(f->pf[0].autoprobe, t->start->pf[0].autoprobe);
		assert_int_equal(f->pf[0].eswitch, t->start->pf[0].eswitch);
		return;
	}
	t->start->pf[0].up = f->pf[0].up;
	if (f->pf[0].up) /* and closed to routers, if this raised it */
		t->start->pf[0].no_ra = f->pf[0].no_ra;
	for (int i = 0; i < FAKE_VFS; i++) /* a name that no policy gave is not recorded */
		strcpy(t->start->pf[0].vf[i].name, f->pf[0].vf[i].name);
	fake_diff(f, t->start, &b);
	assert_string_equal(buf_text(&b), "");
}

/* Runs twice with what SET does to the host, and goes on from there once in each direction. */
static void assert_mends(const struct scene *scene, void (*set)(struct trial *t, const void *arg),
	const void *arg, void (*check)(struct trial *t, const void *arg))
{
	bool turn = trial_is_turn();

	for (int i = 0; turn && i < 2; i++) {
		struct trial t;

		trial_begin(&t, scene);
		set(&t, arg);
		trial_go(&t);
		check(&t, arg);
		if (i == 0)
			assert_converges(&t);
		else
			assert_undone(&t);
		trial_end(&t);
	}
}

/* What goes wrong, in which step. */
struct fault {
	unsigned fail_at, fail_more, kill_at, kill_in;
	int code;
	enum step_kind kind; /* of the step that fails */
	int vf;
	unsigned *left; /* what it leaves is added here: 1 << enum left */
};

/* What a failed run leaves. */
enum left { LEFT_START, LEFT_GOAL, LEFT_REST, _LEFT_MAX };

static void set_fault(struct trial *t, const void *arg)
{
	const struct fault *f = arg;

	t->f->fail_at = f->fail_at;
	t->f->fail_more = f->fail_more;
	t->f->fail_errno = f->code;
	t->f->kill_at = f->kill_at;
	t->f->kill_in = f->kill_in;
}

static void assert_same_driver(const struct fake_vf *a, const struct fake_vf *b)
{
	assert_string_equal(a->driver, b->driver);
	assert_string_equal(a->override, b->override);
	assert_string_equal(a->name, b->name);
}

/* A VF that was there has the driver that it had, or the one that it is to have. */
static void assert_drivers(const struct trial *t)
{
	const struct fake_pf *now = &t->f->pf[0], *start = &t->start->pf[0];
	const struct fake_pf *goal = &t->goal->pf[0];

	if (t->scene->remakes)
		return;
	for (unsigned i = 0; i < now->n && now->n == start->n && now->n == goal->n; i++)
		if (strcmp(now->vf[i].driver, goal->vf[i].driver) != 0)
			assert_same_driver(&now->vf[i], &start->vf[i]);
}

/* What a failure leaves, by the kind of the step. */
static void check_failure(struct trial *t, const void *arg)
{
	const struct fault *f = arg;
	const struct fake_pf *now = &t->f->pf[0];
	enum left left;

	/* A whole device is not begun where it cannot be noted what it was. */
	assert_int_equal(t->counts.pfs_failed + t->counts.host_failed,
		t->scene->whole && f->kind == STEP_FILE ? 2 : 1);
	assert_drivers(t);
	left = is_start(t) ? LEFT_START : is_goal(t) ? LEFT_GOAL : LEFT_REST;
	*f->left |= 1u << left;
	if (f->kind == STEP_VFS_CREATE || f->kind == STEP_VFS_REMOVE || f->kind == STEP_PF_UP ||
		f->kind == STEP_PF_RA || f->kind == STEP_PF_ESWITCH)
		assert_int_equal(left, LEFT_START);
	if (f->kind == STEP_VF_BIND || f->kind == STEP_VF_OVERRIDE || f->kind == STEP_VF_UNBIND) {
		if (t->scene->whole) {
			assert_string_equal(now->driver, t->start->pf[0].driver);
			assert_string_equal(now->override, t->start->pf[0].override);
		} else if (f->vf < (int)t->start->pf[0].n && !t->scene->remakes)
			assert_same_driver(&now->vf[f->vf], &t->start->pf[0].vf[f->vf]);
		assert_int_equal(now->autoprobe, t->goal->pf[0].autoprobe);
	}
	if (f->kind == STEP_VF_ATTR)
		assert_int_equal(now->n, t->goal->pf[0].n);
}

/* The plan's step number K, from 1; false when there is none. */
static bool find_step(const struct scene *scene, unsigned k, enum step_kind *kind, int *vf)
{
	struct attempt a;
	struct trial t;
	bool found = false;

	trial_begin(&t, scene);
	plan(&a, t.f, scene->policy, &t.rec);
	for (size_t p = 0; p < a.plan->n_pfs; p++)
		for (size_t i = 0; i < a.plan->pfs[p].n_steps; i++)
			if (--k == 0) {
				*kind = a.plan->pfs[p].steps[i].kind;
				*vf = a.plan->pfs[p].steps[i].vf;
				found = true;
			}
	attempt_done(&a);
	trial_end(&t);
	return found;
}

/* What each kind of step leaves behind if it fails with each of its codes. */
struct table {
	unsigned left[_STEP_KIND_MAX][CODES_MAX];
};

/* Prints the table: one line per kind of step and code. */
static void show(const struct scene *scene, const struct table *t)
{
	static const char *const names[] = { "start", "goal", "all but that, told" };

	for (enum step_kind kind = 0; kind < _STEP_KIND_MAX; kind++)
		for (unsigned i = 0; i < CODES_MAX && codes[kind][i]; i++) {
			_cleanup_(buf_done) struct buf b = { 0 };

			for (unsigned left = 0; left < _LEFT_MAX; left++)
				if (t->left[kind][i] & 1u << left)
					buf_addf(&b, "%s%s", b.len ? "; " : "", names[left]);
			if (b.len)
				print_message("%-9s %-16s %-18s %s\n", scene->name,
					step_kind_name(kind),
					strrchr(err_name(codes[kind][i]), '('), buf_text(&b));
		}
}

static unsigned sweep_failures(const struct scene *scene)
{
	struct table table = { 0 };
	struct fault f = { 0 };
	unsigned k, cases = 0;

	for (k = 1; find_step(scene, k, &f.kind, &f.vf); k++)
		for (unsigned i = 0; i < CODES_MAX && codes[f.kind][i]; i++) {
			f.fail_at = k;
			f.code = codes[f.kind][i];
			f.left = &table.left[f.kind][i];
			assert_mends(scene, set_fault, &f, check_failure);
			cases++;
		}
	show(scene, &table);
	return cases;
}

static void test_failures(void **state)
{
	unsigned cases = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
		cases += sweep_failures(&scenes[i]);
	print_message("%u failures\n", cases);
	assert_true(cases > 200);
}

static void check_told(struct trial *t, const void *arg)
{
	(void)arg;
	assert_true(t->counts.pfs_failed || t->counts.host_failed);
}

/* The process ends before, or in, each step. */
static void test_kills(void **state)
{
	unsigned k, cases = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++) {
		struct fault f = { 0 };

		for (k = 1; find_step(&scenes[i], k, &f.kind, &f.vf); k++) {
			f.kill_at = k;
			f.kill_in = 0;
			assert_mends(&scenes[i], set_fault, &f, check_told);
			f.kill_at = 0;
			f.kill_in = k;
			assert_mends(&scenes[i], set_fault, &f, check_told);
			cases += 2;
		}
	}
	print_message("%u kills\n", cases);
	assert_true(cases > 60);
}

/* How many steps a run with F tries, those that put back among them. */
static unsigned count_writes(const struct scene *scene, const struct fault *f)
{
	struct trial t;
	unsigned n;

	trial_begin(&t, scene);
	set_fault(&t, f);
	trial_go(&t);
	n = t.f->writes;
	trial_end(&t);
	return n;
}

/* The way back fails as well from each of its steps on, or is killed before or in it. */
static unsigned sweep_way_back(const struct scene *scene, struct fault f)
{
	unsigned n = count_writes(scene, &f), cases = 0;

	for (unsigned k = f.fail_at + 1; k <= n; k++) {
		f.kill_at = k;
		assert_mends(scene, set_fault, &f, check_told);
		f.kill_at = 0;
		f.kill_in = k;
		assert_mends(scene, set_fault, &f, check_told);
		f.kill_in = 0;
		f.fail_more = k - f.fail_at;
		assert_mends(scene, set_fault, &f, check_told);
		f.fail_more = 0;
		cases += 3;
	}
	return cases;
}

static void test_ways_back(void **state)
{
	unsigned cases = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++) {
		struct fault f = { .code = -ENOMEM };

		for (f.fail_at = 1; find_step(&scenes[i], f.fail_at, &f.kind, &f.vf); f.fail_at++)
			if (f.kind == STEP_VFS_CREATE || f.kind == STEP_VF_BIND ||
				f.kind == STEP_VF_OVERRIDE)
				cases += sweep_way_back(&scenes[i], f);
	}
	print_message("%u ways back\n", cases);
	assert_true(cases > 100);
}

/* What was told of the way back, and nothing else. */
static const char *told_back(const struct trial *t, struct buf *b)
{
	const char *line = buf_text(&t->told), *end;

	buf_done(b);
	for (; (end = strchr(line, '\n')); line = end + 1)
		if (strncmp(line, "put back: ", 10) == 0)
			buf_addf(b, "%.*s\n", (int)(end - line), line);
	return buf_text(b);
}

/* The number of the plan's first step of KIND, from 1. */
static unsigned number_of(const struct scene *scene, enum step_kind kind)
{
	enum step_kind k = _STEP_KIND_MAX;
	unsigned n = 0;
	int vf;

	while (k != kind && find_step(scene, n + 1, &k, &vf))
		n++;
	assert_int_equal(k, kind);
	return n;
}

/* A VF whose new driver does not take it: its old one does, with its pin and its name. */
static void test_driver_back(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct trial t;

	(void)state;
	trial_begin(&t, &scenes[1]);
	t.f->fail_at = number_of(t.scene, STEP_VF_BIND);
	t.f->fail_errno = -EINVAL;
	trial_go(&t);
	assert_string_equal(told_back(&t, &b),
		"put back: 0000:01:00.0 vf 0 driver_override igbvf (was vfio-pci)\n"
		"put back: 0000:01:00.0 vf 0 bind to igbvf\n"
		"put back: 0000:01:00.0 vf 0 clear driver_override (was igbvf)\n"
		"put back: 0000:01:00.0 vf 0 name its interface p1v0\n");
	assert_string_equal(t.f->pf[0].vf[0].driver, "igbvf");
	assert_string_equal(t.f->pf[0].vf[1].driver, t.goal->pf[0].vf[1].driver);
	assert_string_equal(t.f->pf[0].vf[2].driver, t.goal->pf[0].vf[2].driver);
	assert_true(t.f->pf[0].autoprobe);
	assert_converges(&t);
	trial_end(&t);
}

/* VFs that do not come: those that had to go for them are made anew, with all that was known. */
static void test_vfs_back(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct trial t;

	(void)state;
	trial_begin(&t, &scenes[2]);
	t.f->fail_at = number_of(t.scene, STEP_VFS_CREATE);
	t.f->fail_errno = -ENOMEM;
	trial_go(&t);
	told_back(&t, &b);
	assert_ptr_equal(
		strstr(buf_text(&b), "put back: 0000:01:00.0 create 4 VFs\n"), buf_text(&b));
	assert_non_null(strstr(buf_text(&b), "vf 1 vlan 200"));
	assert_non_null(strstr(buf_text(&b), "vf 2 bind to vfio-pci\n"));
	assert_non_null(strstr(buf_text(&b), "vf 1 name its interface theirs\n"));
	assert_non_null(strstr(buf_text(&b), "sriov_drivers_autoprobe 1\n"));
	assert_non_null(strstr(buf_text(&b), "create 2 VFs: lost\n"));
	assert_true(is_start(&t));
	for (int i = 2; i < 4; i++)
		assert_false(t.f->pf[0].vf[i].probed);
	trial_end(&t);
}

/* Fewer VFs than asked for: they go, and those that were there come back. */
static void test_fewer(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct trial t;

	(void)state;
	trial_begin(&t, &scenes[0]);
	t.f->creates_fewer = 1;
	trial_go(&t);
	assert_string_equal(told_back(&t, &b),
		"put back: 0000:01:00.0 remove all 2 VFs\n"
		"put back: 0000:01:00.0 eswitch legacy (was switchdev)\n"
		"put back: 0000:01:00.0 sriov_drivers_autoprobe 1\n");
	assert_true(is_start(&t));
	trial_end(&t);

	trial_begin(&t, &scenes[2]);
	t.f->creates_fewer = 2; /* the old ones do not all come either */
	trial_go(&t);
	told_back(&t, &b);
	assert_non_null(strstr(buf_text(&b), "create 4 VFs: failed\n"));
	assert_non_null(strstr(buf_text(&b), ": lost\n"));
	assert_true(t.f->pf[0].autoprobe);
	assert_converges(&t);
	trial_end(&t);
}

/* A VF of too few that somebody has taken at once is not taken away, and told. */
static void test_taken(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct trial t;

	(void)state;
	trial_begin(&t, &scenes[0]);
	t.f->creates_fewer = 1;
	t.f->takes_first = true;
	trial_go(&t);
	assert_string_equal(told_back(&t, &b),
		"put back: 0000:01:00.0 create 3 VFs: lost\n"
		"put back: 0000:01:00.0 sriov_drivers_autoprobe 1\n");
	assert_int_equal(t.f->pf[0].n, 2);
	assert_true(t.f->pf[0].autoprobe);
	t.f->takes_first = false;
	trial_end(&t);
}

/* Another program has made VFs in the moment without any: they are not ours to remove. */
static void test_rival(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct trial t;

	(void)state;
	trial_begin(&t, &scenes[2]);
	t.f->has_rival = true;
	trial_go(&t);
	assert_string_equal(told_back(&t, &b), "put back: 0000:01:00.0 create 2 VFs: lost\n"
					       "put back: 0000:01:00.0 sriov_drivers_autoprobe 1\n"
					       "put back: 0000:01:00.0 create 2 VFs: lost\n");
	assert_int_equal(t.f->pf[0].n, 1);
	t.f->has_rival = false;
	assert_converges(&t);
	trial_end(&t);
}

/* A host that cannot be looked at, or a PF that has gone: told, and left to the next run. */
static void test_no_way_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };
		struct trial t;

		trial_begin(&t, &scenes[1]);
		t.f->fail_at = number_of(t.scene, STEP_VF_BIND);
		t.f->fail_errno = -EINVAL;
		t.f->blind = i == 0;
		t.f->gone = i == 1;
		trial_go(&t);
		assert_string_equal(
			told_back(&t, &b), "put back: 0000:01:00.0 vf 0 bind to vfio-pci: lost\n");
		assert_int_equal(t.counts.pfs_failed, 1);
		assert_true(t.f->pf[0].autoprobe);
		t.f->blind = t.f->gone = false;
		assert_converges(&t);
		trial_end(&t);
	}
}

/* A way back that hangs is told as that, and the run ends. */
static void test_hangs(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct trial t;

	(void)state;
	trial_begin(&t, &scenes[2]);
	t.f->fail_at = number_of(t.scene, STEP_VFS_CREATE);
	t.f->hang_at = t.f->fail_at + 1;
	t.f->fail_errno = -ENOMEM;
	trial_go(&t);
	assert_string_equal(told_back(&t, &b), "put back: 0000:01:00.0 create 4 VFs: stuck\n");
	assert_int_equal(t.counts.pfs_failed, 1);
	trial_end(&t);
}

/* How much /run takes, in bytes; nothing else here writes to a file. */
static void set_limit(size_t bytes)
{
	struct rlimit l;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = bytes ? bytes - 1 : l.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

/* Runs with a /run that takes SIZE bytes of a record. Returns whether that was too little. */
static bool run_on_full(const struct scene *scene, size_t size, bool back)
{
	struct trial t;
	bool failed;

	trial_begin(&t, scene);
	set_limit(size);
	trial_go(&t);
	set_limit(0);
	failed = t.counts.pfs_failed > 0;
	assert_drivers(&t);
	assert_true(t.f->pf[0].autoprobe || !t.goal->pf[0].autoprobe);
	if (back)
		assert_undone(&t);
	else
		assert_converges(&t);
	trial_end(&t);
	return failed;
}

/*
 * A /run that is full from any byte on: nothing is done without a record, and nothing stays half.
 */
static void test_full(void **state)
{
	unsigned cases = 0;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
		for (size_t size = 1; run_on_full(&scenes[i], size, cases % 2); size += 41)
			cases++;
	print_message("%u sizes of /run\n", cases);
	assert_true(cases > 50);
}

/* A /run that takes nothing: nothing is done to the PF. */
static void test_read_only(void **state)
{
	struct trial t;
	int fd;

	(void)state;
	trial_begin(&t, &scenes[2]);
	fd = t.rec.open.fd;
	t.rec.open.fd = -1;
	trial_go(&t);
	t.rec.open.fd = fd;
	assert_int_equal(t.counts.pfs_failed, 1);
	assert_true(is_start(&t));
	assert_false(t.f->pf[0].n != 4);
	assert_converges(&t);
	trial_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_kills),
		cmocka_unit_test(test_ways_back),
		cmocka_unit_test(test_driver_back),
		cmocka_unit_test(test_vfs_back),
		cmocka_unit_test(test_fewer),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_rival),
		cmocka_unit_test(test_no_way_back),
		cmocka_unit_test(test_hangs),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_read_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
