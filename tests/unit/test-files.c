/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The generated files as a part of a plan: which texts they are to have, and whose they stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "attempt.h"
#include "cli/files.h"
#include "fakehost.h"

#define POLICY(entries)  "{\"version\": 1, \"pfs\": [" entries "]}"
#define PF(bus, members) "{\"match\": {\"address\": \"0000:0" bus ":00.0\"}, " members "}"
#define GUESTS           "\"defaults\": {\"driver\": \"vfio-pci\"}"
#define ONE              POLICY(PF("1", "\"vfs\": 2, " GUESTS))
#define BOTH             POLICY(PF("1", "\"vfs\": 2, " GUESTS) ", " PF("2", "\"vfs\": 3"))
#define NONE             POLICY("")

#define WRITE_ALL                                                                                \
	"host write /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service if it "    \
	"runs\n"                                                                                 \
	"host write /run/NetworkManager/conf.d/90-sriovctl.conf, reload NetworkManager.service " \
	"if it runs\n"                                                                           \
	"host write /run/systemd/network/05-sriovctl.network, reload systemd-networkd.service "  \
	"if it runs\n"
#define REMOVE_ALL                                                                                \
	"host remove /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service if it "    \
	"runs\n"                                                                                  \
	"host remove /run/NetworkManager/conf.d/90-sriovctl.conf, reload NetworkManager.service " \
	"if it runs\n"                                                                            \
	"host remove /run/systemd/network/05-sriovctl.network, reload systemd-networkd.service "  \
	"if it runs\n"

/* The steps of P that are about the host, a line each; all others are left out. */
static const char *host_text(const struct plan *p, struct buf *b)
{
	const struct plan *all = p;
	struct plan host = { 0 };

	for (size_t i = 0; i < all->n_pfs; i++)
		if (all->pfs[i].host)
			host = (struct plan){ .pfs = &all->pfs[i], .n_pfs = 1 };
	return attempt_text(&host, b);
}

/* Has the fake do what P says about the host, which is FIRST, or last, in it. */
static void carry_out(struct fakehost *f, const struct plan *p, bool first)
{
	const struct plan_pf *host = p->n_pfs ? &p->pfs[first ? 0 : p->n_pfs - 1] : NULL;
	struct step_result res[_GENFILE_MAX] = { 0 };

	for (size_t i = 0; i < p->n_pfs; i++)
		assert_true(!p->pfs[i].host || &p->pfs[i] == host);
	if (host && host->host)
		assert_int_equal(
			f->host.ops->run(&f->host, host, host->steps, host->n_steps, res), 0);
}

/* Plans POLICY's files, expects the lines STEPS about them, and has them done. */
static void apply(struct fakehost *f, const char *policy, bool partly, const char *steps)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct attempt a;

	attempt_plan(&a, policy, &f->host);
	files_plan(a.plan, a.want, a.inv, partly, &a.problems);
	assert_string_equal(attempt_problems(&a, &b), "");
	assert_string_equal(host_text(a.plan, &b), steps);
	carry_out(f, a.plan, true);
	attempt_done(&a);
}

/* The same for a reset of the N PFs at PFS. */
static void reset(struct fakehost *f, const struct pciaddr *pfs, size_t n, const char *steps)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct attempt a;

	attempt_plan(&a, BOTH, &f->host);
	files_plan_reset(a.plan, a.inv, pfs, n);
	assert_string_equal(host_text(a.plan, &b), steps);
	carry_out(f, a.plan, false);
	attempt_done(&a);
}

/* A host whose files are as POLICY wants them. */
static struct fakehost *provisioned(const char *policy)
{
	struct fakehost *f = fake_new(2);

	apply(f, policy, false, WRITE_ALL);
	return f;
}

/* Whether each file has a block for those PFs and no other. */
static void assert_blocks(const struct fakehost *f, bool pf1, bool pf2)
{
	for (enum genfile i = 0; i < _GENFILE_MAX; i++) {
		assert_true(genfile_is_ours(f->file[i]));
		assert_int_equal(strstr(f->file[i], "\n# PF 0000:01:00.0\n") != NULL, pf1);
		assert_int_equal(strstr(f->file[i], "\n# PF 0000:02:00.0\n") != NULL, pf2);
	}
}

static void assert_same_files(const struct fakehost *a, const struct fakehost *b)
{
	for (enum genfile i = 0; i < _GENFILE_MAX; i++)
		assert_string_equal(a->file[i], b->file[i]);
}

/* From nothing to all of it, and then there is nothing to do; at last all is gone again. */
static void test_all(void **state)
{
	struct fakehost *f = fake_new(2);

	(void)state;
	apply(f, NONE, false, "");
	apply(f, BOTH, false, WRITE_ALL);
	assert_blocks(f, true, true);
	apply(f, BOTH, false, "");
	apply(f, BOTH, true, "");
	apply(f, ONE, false, WRITE_ALL);
	assert_blocks(f, true, false);
	apply(f, NONE, false, REMOVE_ALL);
	for (enum genfile i = 0; i < _GENFILE_MAX; i++)
		assert_string_equal(f->file[i], "");
	apply(f, NONE, false, "");
	fake_free(f);
}

/* What `emit` prints is what is written. */
static void test_text(void **state)
{
	struct fakehost *f = provisioned(BOTH);
	struct attempt a;

	(void)state;
	attempt_plan(&a, BOTH, &f->host);
	for (enum genfile i = 0; i < _GENFILE_MAX; i++) {
		_cleanup_(buf_done) struct buf b = { 0 };

		files_text(a.want, a.inv, i, &b);
		assert_string_equal(buf_text(&b), f->file[i]);
	}
	attempt_done(&a);
	fake_free(f);
}

/* Without PFs that have VFs there is nothing to say, and no file. */
static void test_no_vfs(void **state)
{
	struct fakehost *f = fake_new(2);

	(void)state;
	apply(f, POLICY(PF("1", "\"vfs\": 0")), false, "");
	fake_free(f);
	f = provisioned(ONE);
	apply(f, POLICY(PF("1", "\"vfs\": 0")), false, REMOVE_ALL);
	fake_free(f);
}

/* A run that is about one PF leaves the others' blocks as they are, and gives it its own. */
static void test_one_pf(void **state)
{
	static const char changed[] = POLICY(
		PF("1", "\"vfs\": 2, \"defaults\": {\"driver\": \"host\"}, "
			"\"vf\": {\"0\": {\"name\": \"lxc0\"}}"));
	struct fakehost *f = provisioned(POLICY(PF("2", "\"vfs\": 3")));
	struct fakehost *whole = provisioned(BOTH);

	(void)state;
	apply(f, ONE, true, WRITE_ALL);
	assert_same_files(f, whole);
	apply(f, ONE, true, "");
	apply(f, changed, true,
		"host write /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service if "
		"it runs\n"
		"host write /run/NetworkManager/conf.d/90-sriovctl.conf, reload "
		"NetworkManager.service if it runs\n");
	assert_blocks(f, true, true);
	assert_non_null(strstr(f->file[GENFILE_UDEV], "NAME=\"lxc0\""));
	assert_null(strstr(f->file[GENFILE_UDEV], "vfio-pci"));
	apply(f, ONE, true,
		"host write /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service if "
		"it runs\n"
		"host write /run/NetworkManager/conf.d/90-sriovctl.conf, reload "
		"NetworkManager.service if it runs\n");
	assert_same_files(f, whole);
	fake_free(whole);
	fake_free(f);
}

/* A PF that is to have no VFs any more loses its block, and the file goes with the last of them. */
static void test_one_pf_without_vfs(void **state)
{
	struct fakehost *f = provisioned(BOTH);

	(void)state;
	apply(f, POLICY(PF("1", "\"vfs\": 0")), true, WRITE_ALL);
	assert_blocks(f, false, true);
	apply(f, POLICY(PF("1", "\"vfs\": 0")), true, "");
	apply(f, NONE, true, "");
	apply(f, POLICY(PF("2", "\"vfs\": 0")), true, REMOVE_ALL);
	fake_free(f);
}

/* What is right and not loaded is brought to its reader's notice, whosever run it is. */
static void test_not_loaded(void **state)
{
	struct fakehost *f = provisioned(BOTH);
	static const char networkd[] = "host write /run/systemd/network/05-sriovctl.network, "
				       "reload systemd-networkd.service if it runs\n";

	(void)state;
	f->unloaded[GENFILE_NETWORKD] = true;
	apply(f, BOTH, false, networkd);
	assert_false(f->unloaded[GENFILE_NETWORKD]);
	f->unloaded[GENFILE_NETWORKD] = true;
	apply(f, NONE, true, networkd);
	assert_blocks(f, true, true);
	apply(f, BOTH, false, "");
	fake_free(f);
}

/* A prediction that was wrong is noticed when the VFs are there. */
static void test_wrong_prediction(void **state)
{
	static const char policy[] = POLICY(
		PF("1", "\"vfs\": 1, \"defaults\": {\"mac\": \"keep\"}, \"vf\": {\"0\": "
			"{\"driver\": \"host\", \"name\": \"lxc0\"}}"));
	struct fakehost *f = fake_new(1);
	struct attempt a;

	(void)state;
	attempt_plan(&a, policy, &f->host);
	a.inv->pfs[0].offset = 1;
	files_plan(a.plan, a.want, a.inv, false, &a.problems);
	carry_out(f, a.plan, true);
	attempt_done(&a);
	assert_non_null(strstr(f->file[GENFILE_UDEV], "\"0000:01:00.1\""));
	f->pf[0].n = 1;
	strcpy(f->pf[0].vf[0].driver, "igbvf");
	apply(f, policy, false,
		"host write /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service if "
		"it runs\n");
	assert_non_null(strstr(f->file[GENFILE_UDEV], "\"0000:01:10.0\""));
	assert_null(strstr(f->file[GENFILE_UDEV], "\"0000:01:00.1\""));
	fake_free(f);
}

#define FOREIGN(path) \
	path ": is not sriovctl's, which has to write a file of this name; move it away\n"

/* Plans BOTH, expects PROBLEMS and the lines STEPS about the host, and has these done. */
static void apply_despite(struct fakehost *f, bool partly, const char *problems, const char *steps)
{
	_cleanup_(buf_done) struct buf b = { 0 };
	struct attempt a;

	attempt_plan(&a, BOTH, &f->host);
	files_plan(a.plan, a.want, a.inv, partly, &a.problems);
	for (size_t i = 0; i < a.problems.n; i++) {
		const struct problem *p = &a.problems.problems[i];

		buf_addf(&b, "%s: %s\n", p->place.file, p->text);
		assert_string_equal(p->place.pointer, "");
		assert_int_equal(p->place.line, 0);
		assert_int_equal(p->entry, -1);
	}
	assert_string_equal(buf_text(&b), problems);
	assert_string_equal(host_text(a.plan, &b), steps);
	carry_out(f, a.plan, true);
	attempt_done(&a);
}

/* Somebody else's file is told and left alone, whatever it says, and the others are written. */
static void test_foreign(void **state)
{
	static const char mine[] = GENFILE_MARK " Not.\n# PF 0000:01:00.0\n# end\n";
	struct fakehost *f = fake_new(2), *whole = provisioned(BOTH);

	(void)state;
	strcpy(f->file[GENFILE_NETWORKMANAGER], mine);
	f->unloaded[GENFILE_NETWORKMANAGER] = true;
	for (int partly = 0; partly < 2; partly++)
		apply_despite(f, partly, FOREIGN("/run/NetworkManager/conf.d/90-sriovctl.conf"),
			partly ? ""
			       : "host write /run/udev/rules.d/81-sriovctl.rules, reload "
				 "systemd-udevd.service if it runs\n"
				 "host write /run/systemd/network/05-sriovctl.network, reload "
				 "systemd-networkd.service if it runs\n");
	assert_string_equal(f->file[GENFILE_NETWORKMANAGER], mine);
	strcpy(f->file[GENFILE_UDEV], "x");
	apply_despite(f, false,
		FOREIGN("/run/udev/rules.d/81-sriovctl.rules")
			FOREIGN("/run/NetworkManager/conf.d/90-sriovctl.conf"),
		"");
	/* Moved away, as it was told. */
	strcpy(f->file[GENFILE_UDEV], "");
	strcpy(f->file[GENFILE_NETWORKMANAGER], "");
	apply(f, BOTH, false,
		"host write /run/udev/rules.d/81-sriovctl.rules, reload systemd-udevd.service if "
		"it runs\n"
		"host write /run/NetworkManager/conf.d/90-sriovctl.conf, reload "
		"NetworkManager.service if it runs\n");
	assert_same_files(f, whole);
	fake_free(whole);
	fake_free(f);
}

/* What could not be read is there, and nobody knows whose it is: a scan calls its text "". */
static void test_unreadable(void **state)
{
	struct fakehost *f = fake_new(2);
	struct attempt a;

	(void)state;
	attempt_plan(&a, BOTH, &f->host);
	for (enum genfile i = 0; i < _GENFILE_MAX; i++)
		a.inv->files[i].text = "";
	files_plan(a.plan, a.want, a.inv, true, &a.problems);
	assert_int_equal(a.problems.n, _GENFILE_MAX);
	assert_int_equal(plan_count_pfs(a.plan), a.plan->n_pfs);
	files_plan_reset(a.plan, a.inv, NULL, 0);
	assert_int_equal(plan_count_pfs(a.plan), a.plan->n_pfs);
	attempt_done(&a);
	fake_free(f);
}

/* Problems that there were before are not taken for one of the files. */
static void test_other_problems(void **state)
{
	static const char policy[] = POLICY(PF("1", "\"vfs\": 99") ", " PF("2", "\"vfs\": 3"));
	_cleanup_(buf_done) struct buf b = { 0 };
	struct fakehost *f = provisioned(ONE);
	struct attempt a;

	(void)state;
	attempt_plan(&a, policy, &f->host);
	assert_int_equal(a.problems.n, 1);
	files_plan(a.plan, a.want, a.inv, true, &a.problems);
	assert_int_equal(a.problems.n, 1);
	assert_string_equal(host_text(a.plan, &b), WRITE_ALL);
	carry_out(f, a.plan, true);
	assert_blocks(f, true, true); /* the PF that cannot be keeps what it has */
	attempt_done(&a);
	fake_free(f);
}

static void test_reset_all(void **state)
{
	struct fakehost *f = fake_new(2);

	(void)state;
	reset(f, NULL, 0, "");
	fake_free(f);
	f = provisioned(BOTH);
	reset(f, NULL, 0, REMOVE_ALL);
	reset(f, NULL, 0, "");
	fake_free(f);
}

static void test_reset_pfs(void **state)
{
	static const struct pciaddr pfs[] = { { 0, 1, 0 }, { 0, 2, 0 }, { 0, 3, 0 } };
	struct fakehost *f = provisioned(BOTH), *two = provisioned(POLICY(PF("2", "\"vfs\": 3")));

	(void)state;
	reset(f, &pfs[2], 1, "");
	reset(f, &pfs[0], 1, WRITE_ALL);
	assert_same_files(f, two);
	reset(f, &pfs[0], 1, "");
	reset(f, &pfs[1], 2, REMOVE_ALL);
	reset(f, &pfs[1], 2, "");
	fake_free(f);
	f = provisioned(BOTH);
	reset(f, pfs, 2, REMOVE_ALL);
	fake_free(two);
	fake_free(f);
}

/* Somebody else's file is no obstacle to a way back, and not on it. */
/* Of which PFs the files tell, be they on the host or not. */
static void test_tells_of(void **state)
{
	static const struct pciaddr pf1 = { 0, 1, 0 }, pf3 = { 0, 3, 0 };
	struct fakehost *f = provisioned(BOTH);
	struct attempt a;

	(void)state;
	attempt_plan(&a, BOTH, &f->host);
	assert_true(files_tell_of(a.inv, pf1));
	assert_false(files_tell_of(a.inv, pf3));
	attempt_done(&a);
	reset(f, &pf1, 1, WRITE_ALL);
	attempt_plan(&a, BOTH, &f->host);
	assert_false(files_tell_of(a.inv, pf1));
	attempt_done(&a);
	/* Somebody else's file, or none: whatever stands there is not ours to drop. */
	strcpy(f->file[GENFILE_UDEV], "# mine\n# PF 0000:01:00.0\nx\n# end\n");
	attempt_plan(&a, BOTH, &f->host);
	assert_false(files_tell_of(a.inv, pf1));
	attempt_done(&a);
	fake_free(f);
	f = fake_new(2);
	attempt_plan(&a, BOTH, &f->host);
	assert_false(files_tell_of(a.inv, pf1));
	attempt_done(&a);
	fake_free(f);
}

static void test_reset_leaves_foreign(void **state)
{
	static const struct pciaddr pf1 = { 0, 1, 0 };
	struct fakehost *f = provisioned(BOTH);

	(void)state;
	strcpy(f->file[GENFILE_UDEV], "# PF 0000:01:00.0\n# end\n");
	f->unloaded[GENFILE_UDEV] = true;
	reset(f, &pf1, 1,
		"host write /run/NetworkManager/conf.d/90-sriovctl.conf, reload "
		"NetworkManager.service if it runs\n"
		"host write /run/systemd/network/05-sriovctl.network, reload "
		"systemd-networkd.service if it runs\n");
	reset(f, NULL, 0,
		"host remove /run/NetworkManager/conf.d/90-sriovctl.conf, reload "
		"NetworkManager.service if it runs\n"
		"host remove /run/systemd/network/05-sriovctl.network, reload "
		"systemd-networkd.service if it runs\n");
	assert_string_equal(f->file[GENFILE_UDEV], "# PF 0000:01:00.0\n# end\n");
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_no_vfs),
		cmocka_unit_test(test_one_pf),
		cmocka_unit_test(test_one_pf_without_vfs),
		cmocka_unit_test(test_not_loaded),
		cmocka_unit_test(test_wrong_prediction),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_other_problems),
		cmocka_unit_test(test_reset_all),
		cmocka_unit_test(test_reset_pfs),
		cmocka_unit_test(test_tells_of),
		cmocka_unit_test(test_reset_leaves_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
