/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running plans on a host that behaves: fixpoint, faults at every step, deadlines, and the way
 * back. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "trial.h"

#define PF(bus)                                                                                    \
	"{\"match\": {\"address\": \"0000:0" bus ":00.0\", \"optional\": true}, \"vfs\": 4,"       \
	"\"defaults\": {\"driver\": \"vfio-pci\", \"trust\": true}, \"vf\": {\"3\": {\"driver\": " \
	"\"host\","                                                                                \
	"\"vlan\": 100, \"max_tx_rate\": 500, \"name\": \"lxc" bus "\"}}}"

static const char policy[] = "{\"version\": 1, \"pfs\": [" PF("1") ", " PF("2") ", " PF("3") "]}";

/* Settings of the PF beside all that. */
#define SETTINGS                                                                        \
	"\"eswitch\": \"switchdev\", \"mtu\": 9000, \"features\": {\"rx-gro\": true}, " \
	"\"fdb\": [\"02:00:00:00:01:00\", \"02:00:00:00:01:01\"], "

#define PF_SET(bus)                                                                    \
	"{\"match\": {\"address\": \"0000:0" bus ":00.0\"}, " SETTINGS "\"vfs\": 4,"   \
	"\"defaults\": {\"driver\": \"vfio-pci\", \"trust\": true}, \"vf\": {\"3\": {" \
	"\"driver\": \"host\", \"vlan\": 100, \"max_tx_rate\": 500, "                  \
	"\"name\": \"lxc" bus "\"}}}"

/* With a step of each kind. */
static const char full[] = "{\"version\": 1, \"pfs\": [" PF_SET("1") ", " PF_SET("2") "]}";

/* No worker is left, not even as a zombie: it would hold the record that the next run needs. */
static void assert_alone(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* What is done is what was planned, line by line; then there is nothing to do, and no write. */
static void test_fixpoint(void **state)
{
	_cleanup_(buf_done) struct buf planned = { 0 }, done = { 0 };
	struct fakehost *f = fake_new(3);
	struct place_for_record rec;
	struct apply_counts c;
	struct attempt a;
	unsigned writes;

	(void)state;
	place_begin(&rec);
	plan(&a, f, policy, &rec);
	attempt_text(a.plan, &planned);
	c = apply(f, a.plan, &rec.open, &done);
	assert_alone();
	assert_int_equal(c.pfs_failed, 0);
	assert_int_equal(c.steps_done, plan_size(a.plan));
	assert_string_equal(buf_text(&done), buf_text(&planned));
	attempt_done(&a);
	writes = f->writes;
	assert_in_sync(f, policy, &rec);
	c = go(f, policy, &rec, &done);
	assert_int_equal(c.pfs, 0);
	assert_int_equal(f->writes, writes);
	place_end(&rec, 3);
	fake_free(f);
}

/* The host's files come first, and it is none of the PFs that were changed. */
static void test_files_first(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(2);
	struct place_for_record rec;
	struct apply_counts c;

	(void)state;
	place_begin(&rec);
	f->fail_at = _GENFILE_MAX + 2; /* behind accept_ra */
	f->fail_errno = -EIO;
	c = go(f, policy, &rec, &b);
	assert_alone();
	assert_memory_equal(buf_text(&b), "host write ", 11);
	assert_non_null(strstr(buf_text(&b), "0000:01:00.0 set the interface up: failed\n"));
	assert_null(strstr(strstr(buf_text(&b), "\n0000:"), "\nhost "));
	for (enum genfile i = 0; i < _GENFILE_MAX; i++)
		assert_true(genfile_is_ours(f->file[i]));
	assert_int_equal(c.pfs, 3);
	assert_int_equal(c.pfs_failed, 1);
	assert_int_equal(c.pfs_changed, 2);
	f->fail_at = 0;
	c = go(f, policy, &rec, &b);
	assert_int_equal(c.pfs, 1);
	assert_int_equal(c.pfs_changed, 1);
	f->unloaded[GENFILE_NETWORKD] = true;
	c = go(f, policy, &rec, &b);
	assert_int_equal(c.pfs, 1);
	assert_int_equal(c.steps_done, 1);
	assert_int_equal(c.pfs_changed, 0);
	place_end(&rec, 2);
	fake_free(f);
}

/* A file that cannot be written is told; the other files and all PFs are done. */
static void test_file_fails(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(2);
	struct place_for_record rec;
	struct apply_counts c = { 0 };
	struct err e = { "" };
	struct attempt a;

	(void)state;
	place_begin(&rec);
	f->fail_at = 1;
	f->fail_errno = -EROFS;
	plan(&a, f, policy, &rec);
	assert_int_equal(
		apply_run(&f->host, a.plan, &rec.open, trial_limits, trial_told, &b, &c, &e), 0);
	assert_non_null(strstr(buf_text(&b),
		"host write /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service if "
		"it "
		"runs: failed\nhost write /run/NetworkManager/conf.d/90-sriovctl.conf, reload "
		"NetworkManager.service if it runs\n"));
	assert_int_equal(c.pfs_failed, 0);
	assert_true(c.host_failed);
	assert_int_equal(c.pfs_changed, 2);
	assert_int_equal(c.steps_done, plan_size(a.plan) - 1);
	for (size_t i = 0; i < a.plan->n_pfs; i++)
		assert_int_equal(c.pf_failed[i], a.plan->pfs[i].host);
	free(c.pf_failed);
	attempt_done(&a);
	assert_string_equal(f->file[GENFILE_UDEV], "");
	assert_true(genfile_is_ours(f->file[GENFILE_NETWORKD]));
	assert_int_equal(f->pf[0].n, 4);
	assert_int_equal(f->pf[1].n, 4);
	place_end(&rec, 2);
	fake_free(f);
}

/* The worker ends between a file and its reader: the next run tells the reader, and no more. */
static void test_reader_not_told(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(1);
	struct place_for_record rec;

	(void)state;
	place_begin(&rec);
	f->kill_in = 2;
	assert_int_equal(go(f, policy, &rec, &b).host_failed, 1);
	assert_int_equal(f->pf[0].n, 4);
	assert_true(f->unloaded[GENFILE_NETWORKMANAGER]);
	assert_true(genfile_is_ours(f->file[GENFILE_NETWORKMANAGER]));
	assert_string_equal(f->file[GENFILE_NETWORKD], "");
	f->kill_in = 0;
	buf_done(&b);
	assert_int_equal(go(f, policy, &rec, &b).pfs_failed, 0);
	assert_string_equal(buf_text(&b),
		"host write /run/NetworkManager/conf.d/90-sriovctl.conf, reload "
		"NetworkManager.service if it runs\n"
		"host write /run/systemd/network/05-sriovctl.network, reload "
		"systemd-networkd.service if it runs\n");
	assert_in_sync(f, policy, &rec);
	place_end(&rec, 1);
	fake_free(f);
}

/* A name that cannot be given is told, and all else of the VF is done, its rate behind it too. */
static void test_name_fails(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(1);
	struct place_for_record rec;
	struct apply_counts c;
	struct attempt a;

	(void)state;
	place_begin(&rec);
	plan(&a, f, policy, &rec);
	strcpy(f->bridge, "lxc1"); /* since the plan was made */
	c = apply(f, a.plan, &rec.open, &b);
	assert_non_null(
		strstr(buf_text(&b), "0000:01:00.0 vf 3 name its interface lxc1: failed\n"));
	assert_int_equal(c.pfs_failed, 1);
	assert_int_equal(c.steps_done, plan_size(a.plan) - 1);
	assert_int_equal(f->pf[0].vf[3].attr[VF_MAX_TX_RATE], 500);
	assert_true(f->pf[0].autoprobe);
	attempt_done(&a);
	strcpy(f->bridge, "");
	buf_done(&b);
	assert_int_equal(go(f, policy, &rec, &b).pfs_failed, 0);
	assert_string_equal(buf_text(&b), "0000:01:00.0 vf 3 name its interface lxc1 (was p1v3)\n");
	assert_in_sync(f, policy, &rec);
	place_end(&rec, 1);
	fake_free(f);
}

/* No host driver ever sees a VF that goes to a guest, even where its module is loaded. */
static void test_never_probed(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(1);
	struct place_for_record rec;

	(void)state;
	f->has_igbvf = true;
	place_begin(&rec);
	go(f, policy, &rec, &b);
	for (int i = 0; i < 3; i++) {
		assert_string_equal(f->pf[0].vf[i].driver, "vfio-pci");
		assert_false(f->pf[0].vf[i].probed);
	}
	assert_string_equal(f->pf[0].vf[3].driver, "igbvf");
	assert_true(f->pf[0].autoprobe);
	place_end(&rec, 1);
	fake_free(f);
}

enum fault {
	FAILS,       /* the step fails */
	DIES_BEFORE, /* the worker ends before it */
	DIES_IN,     /* the worker ends in it: it is done, and nobody knows */
};

/*
 * One fault at step K: it is reported for that PF, or for the host, alone, and the next run
 * converges, autoprobe included. Returns whether there is a step K.
 */
static bool fault(unsigned k, enum fault what, int code)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(2), *whole = fake_new(2);
	struct place_for_record rec;
	struct apply_counts c;
	bool hit;

	place_begin(&rec);
	go(whole, full, &rec, &b);
	place_end(&rec, 2);
	place_begin(&rec);
	f->fail_errno = code;
	f->fail_at = what == FAILS ? k : 0;
	f->kill_at = what == DIES_BEFORE ? k : 0;
	f->kill_in = what == DIES_IN ? k : 0;
	c = go(f, full, &rec, &b);
	hit = f->writes >= k;
	assert_int_equal(c.pfs_failed + c.host_failed, hit);
	f->fail_at = f->kill_at = f->kill_in = 0;
	c = go(f, full, &rec, &b);
	assert_int_equal(c.pfs_failed + c.host_failed, 0);
	buf_done(&b);
	fake_diff(f, whole, &b);
	assert_string_equal(buf_text(&b), "");
	assert_in_sync(f, full, &rec);
	place_end(&rec, 2);
	fake_free(f);
	fake_free(whole);
	return hit;
}

/* The plan that the sweep goes through has a step of each kind that a fresh host can have. */
static void assert_all_kinds(void)
{
	struct fakehost *f = fake_new(2);
	struct place_for_record rec;
	unsigned kinds = 0;
	struct attempt a;

	place_begin(&rec);
	plan(&a, f, full, &rec);
	for (size_t i = 0; i < a.plan->n_pfs; i++)
		for (size_t k = 0; k < a.plan->pfs[i].n_steps; k++)
			kinds |= 1u << a.plan->pfs[i].steps[k].kind;
	kinds |= 1u << STEP_VFS_REMOVE | 1u << STEP_VF_UNBIND;
	assert_int_equal(kinds, (1u << _STEP_KIND_MAX) - 1);
	attempt_done(&a);
	place_end(&rec, 2);
	fake_free(f);
}

/* How many steps a run without a fault tries. */
static unsigned count_steps(void)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(2);
	struct place_for_record rec;
	unsigned n;

	place_begin(&rec);
	go(f, policy, &rec, &b);
	n = f->writes;
	place_end(&rec, 2);
	fake_free(f);
	return n;
}

static unsigned sweep(unsigned n, enum fault what, int code)
{
	for (unsigned k = 1; k <= n; k++)
		if (trial_is_turn())
			assert_true(fault(k, what, code));
	return n;
}

static void test_fault_sweep(void **state)
{
	static const int codes[] = { -EINVAL, -EBUSY, -ENODEV, -ENOMEM, -EIO };
	unsigned n = count_steps(), cases = 0;

	(void)state;
	assert_all_kinds();
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		cases += sweep(n, FAILS, codes[i]);
	cases += sweep(n, DIES_BEFORE, 0);
	cases += sweep(n, DIES_IN, 0);
	print_message("%u faults\n", cases);
	assert_true(cases > 300);
}

/* A driver that refuses one attribute: that one is named, the others are applied. */
static void test_one_attribute_refused(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(2);
	struct place_for_record rec;
	struct apply_counts c;

	(void)state;
	f->driver = "unheard-of"; /* of igb this is known beforehand */
	place_begin(&rec);
	c = go(f,
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, \"vfs\": "
		"1, \"defaults\":"
		"{\"link_state\": \"enable\", \"trust\": true}}, {\"match\": {\"address\": "
		"\"0000:02:00.0\"},"
		"\"vfs\": 1}]}",
		&rec, &b);
	assert_int_equal(c.pfs, 3); /* and the host */
	assert_int_equal(c.pfs_failed, 1);
	assert_non_null(strstr(buf_text(&b), "0000:01:00.0 vf 0 link_state enable: failed\n"));
	assert_non_null(strstr(buf_text(&b), "0000:01:00.0 vf 0 trust on\n"));
	assert_int_equal(f->pf[0].vf[0].attr[VF_TRUST], 1);
	assert_int_equal(f->pf[1].n, 1);
	place_end(&rec, 2);
	fake_free(f);
}

/* A step that never returns is reported, and the other PF is finished. */
static void test_stuck(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(2);
	struct place_for_record rec;
	struct apply_counts c;

	(void)state;
	f->pf[0].n = 1;
	f->pf[0].vf[0].held = true;
	place_begin(&rec);
	c = go(f, policy, &rec, &b);
	assert_int_equal(c.pfs_failed, 1);
	assert_non_null(strstr(buf_text(&b), "0000:01:00.0 remove all 1 VFs: stuck\n"));
	assert_non_null(strstr(buf_text(&b), "0000:01:00.0 create 4 VFs: skipped\n"));
	assert_int_equal(f->pf[0].n, 1);
	assert_int_equal(f->pf[1].n, 4);
	place_end(&rec, 2);
	fake_free(f);
}

/* A driver that lies: fewer VFs than it reports, trust that it does not keep. */
static void test_lies(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(1);
	struct place_for_record rec;
	struct attempt a;

	(void)state;
	f->creates_fewer = true;
	place_begin(&rec);
	assert_int_equal(go(f, policy, &rec, &b).pfs_failed, 1);
	assert_non_null(strstr(buf_text(&b), "create 4 VFs: failed\n"));
	place_end(&rec, 1);
	fake_free(f);

	f = fake_new(1);
	f->forgets_trust = true;
	place_begin(&rec);
	assert_int_equal(go(f, policy, &rec, &b).pfs_failed, 0);
	plan(&a, f, policy, &rec);
	assert_int_equal(plan_size(a.plan), 4);
	attempt_done(&a);
	place_end(&rec, 1);
	fake_free(f);
}

/* Undo brings back what was there: nothing, or the VFs that somebody else had made. */
static void test_undo(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct fakehost *f = fake_new(2), *before = fake_new(2);
	struct place_for_record rec;

	(void)state;
	f->has_igbvf = before->has_igbvf = true;
	for (int i = 0; i < 4; i++) {
		struct fake_vf theirs = { .driver = "igbvf",
			.attr = { [VF_MAC] = 0x020000000010 + (uint64_t)i, [VF_SPOOFCHK] = 1 } };

		f->pf[0].vf[i] = before->pf[0].vf[i] = theirs;
	}
	f->pf[0].n = before->pf[0].n = 4;
	place_begin(&rec);
	assert_int_equal(go(f, policy, &rec, &b).pfs_failed, 0);
	assert_string_equal(f->pf[0].vf[0].driver, "vfio-pci");
	assert_int_equal(f->pf[1].n, 4);
	undo(f, &rec, &left);
	assert_string_equal(buf_text(&left), "");
	buf_done(&b);
	before->pf[0].up = before->pf[1].up = true;       /* others may rely on it by now */
	before->pf[0].no_ra = before->pf[1].no_ra = true; /* a router is nobody's business there */
	fake_diff(f, before, &b);
	assert_string_equal(buf_text(&b), "");
	place_end(&rec, 2);
	fake_free(f);
	fake_free(before);
}

/* One that somebody has set down by then is as it was altogether. */
static void test_undo_down(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct fakehost *f = fake_new(2);
	struct place_for_record rec;

	(void)state;
	place_begin(&rec);
	assert_int_equal(go(f, policy, &rec, &b).pfs_failed, 0);
	assert_true(f->pf[0].no_ra && f->pf[1].no_ra);
	f->pf[0].up = false;
	undo(f, &rec, &left);
	assert_false(f->pf[0].no_ra);
	assert_true(f->pf[1].up && f->pf[1].no_ra);
	place_end(&rec, 2);
	fake_free(f);
}

/* What others have changed since is theirs: other VFs than those that were made, another MAC. */
static void test_undo_leaves(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct fakehost *f = fake_new(2);
	struct place_for_record rec;

	(void)state;
	f->has_igbvf = true; /* as wherever VFs are: udev has loaded it */
	f->pf[1].n = 4;
	place_begin(&rec);
	assert_int_equal(go(f, policy, &rec, &b).pfs_failed, 0);
	f->pf[0].n = 3; /* echo 0, echo 3 */
	f->pf[1].vf[1].attr[VF_MAC] = 0x020000000099;
	undo(f, &rec, &left);
	assert_int_equal(f->pf[0].n, 3);
	assert_string_equal(buf_text(&left), "0000:01:00.0: left as it is: after sriovctl's "
					     "\"create 4 VFs\" something else has changed it\n");
	assert_int_equal(f->pf[1].vf[0].attr[VF_MAC], 0);
	assert_int_equal(f->pf[1].vf[1].attr[VF_MAC], 0x020000000099);
	assert_string_equal(f->pf[1].vf[1].driver, "");
	place_end(&rec, 2);
	fake_free(f);
}

/* Two VFs on vfio-pci that somebody else has made, of a PF that can share out vectors. */
static struct fakehost *with_vectors(void)
{
	struct fakehost *f = fake_new(1);

	f->has_vfio = true;
	f->pf[0].up = true;
	f->pf[0].n = 2;
	f->pf[0].msix = 8;
	for (int i = 0; i < 2; i++) {
		strcpy(f->pf[0].vf[i].driver, "vfio-pci");
		strcpy(f->pf[0].vf[i].override, "vfio-pci");
		f->pf[0].vf[i].attr[VF_MSIX] = 4;
	}
	return f;
}

/* A VF lets go of its driver to get other vectors, and again to get the old ones back. */
static void test_msix(void **state)
{
	static const char msix[] =
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"},"
		"\"defaults\": {\"mac\": \"keep\"}, \"vf\": {\"1\": {\"msix\": 2}}}]}";
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct fakehost *f = with_vectors(), *before = with_vectors();
	struct place_for_record rec;

	(void)state;
	place_begin(&rec);
	assert_int_equal(go(f, msix, &rec, &b).pfs_failed, 0);
	assert_int_equal(f->pf[0].vf[1].attr[VF_MSIX], 2);
	assert_string_equal(f->pf[0].vf[1].driver, "vfio-pci");
	assert_in_sync(f, msix, &rec);
	undo(f, &rec, &left);
	assert_string_equal(buf_text(&left), "");
	buf_done(&b);
	fake_diff(f, before, &b);
	assert_string_equal(buf_text(&b), "");
	place_end(&rec, 1);
	fake_free(f);
	fake_free(before);
}

/* Each VF has its own; nothing is left to do then. */
static void test_guids(void **state)
{
	static const char guids[] =
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, \"vfs\":"
		"2, \"vf\": {\"0\": {\"node_guid\": \"ff:11:22:33:44:55:66:00\", \"port_guid\":"
		"\"ff:11:22:33:44:55:66:00\"}, \"1\": {\"port_guid\": "
		"\"0:11:22:33:44:55:66:01\"}}}]}";
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(1);
	struct place_for_record rec;

	(void)state;
	f->pf[0].infiniband = true;
	f->driver = "mlx5_core";
	place_begin(&rec);
	assert_int_equal(go(f, guids, &rec, &b).pfs_failed, 0);
	assert_true(f->pf[0].vf[0].attr[VF_NODE_GUID] == UINT64_C(0xff11223344556600));
	assert_true(f->pf[0].vf[1].attr[VF_PORT_GUID] == UINT64_C(0x0011223344556601));
	assert_true(f->pf[0].vf[1].attr[VF_MAC] == 0);
	assert_in_sync(f, guids, &rec);
	place_end(&rec, 1);
	fake_free(f);
}

#define NVME(vfs, attrs)                                                               \
	"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, " vfs \
	"\"defaults\": {" attrs "}}]}"

static struct fakehost *with_nvme(void)
{
	struct fakehost *f = fake_new(1);

	f->pf[0].nic = false;
	f->pf[0].flexible = 8;
	return f;
}

static void assert_nvme(const struct fakehost *f, uint64_t vq, uint64_t vi, bool online)
{
	for (unsigned i = 0; i < f->pf[0].n; i++) {
		const struct fake_vf *vf = &f->pf[0].vf[i];

		assert_int_equal(vf->attr[VF_VQ_RESOURCES], vq);
		assert_int_equal(vf->attr[VF_VI_RESOURCES], vi);
		assert_int_equal(vf->attr[VF_ONLINE], online);
		assert_string_equal(vf->driver, "nvme");
	}
}

/* Queues and interrupts, online, and then the driver; whatever of it changes, the rest stays. */
static void test_nvme(void **state)
{
	static const struct {
		const char *policy;
		uint64_t vq, vi;
		bool online;
	} runs[] = {
		{ NVME("\"vfs\": 2,", "\"vq_resources\": 2, \"vi_resources\": 1, \"online\": true,"
				      "\"driver\": \"host\""),
			2, 1, true },
		{ NVME("", "\"vq_resources\": 4"), 4, 1, true },
		{ NVME("", "\"vi_resources\": 3, \"vq_resources\": 4"), 4, 3, true },
		{ NVME("", "\"vi_resources\": 3, \"online\": false"), 0, 3, false },
		{ NVME("", "\"vi_resources\": 0, \"vq_resources\": 3"), 3, 0, false },
		{ NVME("", "\"vi_resources\": 2, \"online\": true"), 3, 2, true },
		{ NVME("", "\"online\": false"), 0, 0, false },
	};
	struct fakehost *f = with_nvme();
	struct place_for_record rec;

	(void)state;
	place_begin(&rec);
	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		assert_int_equal(go(f, runs[i].policy, &rec, &b).pfs_failed, 0);
		assert_nvme(f, runs[i].vq, runs[i].vi, runs[i].online);
		assert_in_sync(f, runs[i].policy, &rec);
	}
	place_end(&rec, 1);
	fake_free(f);
}

/* VFs that were there get back what they had. */
static void test_undo_nvme(void **state)
{
	static const struct fake_vf theirs = { .driver = "nvme",
		.attr = { [VF_VQ_RESOURCES] = 3, [VF_VI_RESOURCES] = 2, [VF_ONLINE] = 1 } };
	struct fakehost *f = with_nvme(), *before = with_nvme();
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct place_for_record rec;

	(void)state;
	f->pf[0].n = before->pf[0].n = 2;
	f->pf[0].vf[0] = f->pf[0].vf[1] = before->pf[0].vf[0] = before->pf[0].vf[1] = theirs;
	place_begin(&rec);
	assert_int_equal(go(f, NVME("", "\"vq_resources\": 2, \"driver\": \"vfio-pci\""), &rec, &b)
				 .pfs_failed,
		0);
	assert_int_equal(f->pf[0].vf[0].attr[VF_VQ_RESOURCES], 2);
	undo(f, &rec, &left);
	assert_string_equal(buf_text(&left), "");
	buf_done(&b);
	for (int i = 0; i < 2; i++)
		f->pf[0].vf[i].probed = false;
	fake_diff(f, before, &b);
	assert_string_equal(buf_text(&b), "");
	place_end(&rec, 1);
	fake_free(f);
	fake_free(before);
}

#define RENAME(name)                                                                             \
	"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"}, \"defaults\": " \
	"{\"mac\": \"keep\"}, \"vf\": {\"0\": {\"driver\": \"host\", \"name\": \"" name "\"}}}]}"

/* Two VFs on igbvf that somebody else has made, and their interfaces. */
static struct fakehost *with_interfaces(void)
{
	struct fakehost *f = fake_new(1);

	f->has_igbvf = true;
	f->pf[0].up = true;
	f->pf[0].n = 2;
	for (int i = 0; i < 2; i++)
		strcpy(f->pf[0].vf[i].driver, "igbvf");
	strcpy(f->pf[0].vf[0].name, "theirs");
	return f;
}

/* The interface of a VF that was there is called again what it was before the first of all runs. */
static void test_undo_name(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct fakehost *f = with_interfaces(), *before = with_interfaces();
	struct place_for_record rec;

	(void)state;
	place_begin(&rec);
	assert_int_equal(go(f, RENAME("lxc0"), &rec, &b).pfs_failed, 0);
	assert_string_equal(f->pf[0].vf[0].name, "lxc0");
	assert_int_equal(go(f, RENAME("lxc1"), &rec, &b).pfs_failed, 0);
	assert_string_equal(f->pf[0].vf[0].name, "lxc1");
	undo(f, &rec, &left);
	assert_string_equal(buf_text(&left), "");
	buf_done(&b);
	fake_diff(f, before, &b);
	assert_string_equal(buf_text(&b), "");
	place_end(&rec, 1);
	fake_free(f);
	fake_free(before);
}

/* Whoever has renamed it since, has made it anew, or bound it to something else, keeps that. */
static void test_undo_leaves_name(void **state)
{
	_cleanup_(buf_done) struct buf b = { 0 }, left = { 0 };
	struct fakehost *f = with_interfaces();
	struct place_for_record rec;

	(void)state;
	place_begin(&rec);
	assert_int_equal(go(f, RENAME("lxc0"), &rec, &b).pfs_failed, 0);
	strcpy(f->pf[0].vf[0].name, "others");
	undo(f, &rec, &left);
	assert_string_equal(f->pf[0].vf[0].name, "others");
	strcpy(f->pf[0].vf[0].driver, "vfio-pci");
	strcpy(f->pf[0].vf[0].name, "");
	undo(f, &rec, &left);
	assert_string_equal(f->pf[0].vf[0].driver, "vfio-pci");
	place_end(&rec, 1);
	fake_free(f);
}

/* VFs without a driver stay so on a host that has never seen their driver: it is loaded before they
 * come. */
static void test_cold_host(void **state)
{
	static const char none[] =
		"{\"version\": 1, \"pfs\": [{\"match\": {\"address\": \"0000:01:00.0\"},"
		"\"vfs\": 2, \"defaults\": {\"driver\": \"none\"}}]}";
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = fake_new(1);
	struct place_for_record rec;

	(void)state;
	place_begin(&rec);
	assert_int_equal(go(f, none, &rec, &b).pfs_failed, 0);
	fake_load_by_modalias(f);
	assert_string_equal(f->pf[0].vf[0].driver, "");
	assert_true(f->pf[0].autoprobe);
	assert_in_sync(f, none, &rec);
	place_end(&rec, 1);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixpoint),
		cmocka_unit_test(test_files_first),
		cmocka_unit_test(test_file_fails),
		cmocka_unit_test(test_reader_not_told),
		cmocka_unit_test(test_name_fails),
		cmocka_unit_test(test_never_probed),
		cmocka_unit_test(test_fault_sweep),
		cmocka_unit_test(test_one_attribute_refused),
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_undo_down),
		cmocka_unit_test(test_undo_leaves),
		cmocka_unit_test(test_msix),
		cmocka_unit_test(test_guids),
		cmocka_unit_test(test_nvme),
		cmocka_unit_test(test_undo_nvme),
		cmocka_unit_test(test_undo_name),
		cmocka_unit_test(test_undo_leaves_name),
		cmocka_unit_test(test_cold_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
