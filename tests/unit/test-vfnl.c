/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtnetlink on the loopback interface of a network namespace of its own; skipped where that is
 * refused. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "host/vfnl-io.h"
#include "host/vfnl.h"
#include "host/vfput.h"

#define LO 1

static bool have_namespace;

static int enter_namespace(void **state _unused_)
{
	have_namespace = unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
	return 0;
}

static struct vfnl *open_socket(void)
{
	struct vfnl *nl = NULL;
	struct err e = { "" };

	if (!have_namespace)
		skip();
	assert_int_equal(vfnl_open(&nl, &e), 0);
	return nl;
}

static void links(void **state _unused_)
{
	struct vfnl *nl = open_socket();
	struct vfparse_link *l;
	bool found = false;
	size_t n;

	assert_int_equal(vfnl_links(nl, &l, &n), 0);
	for (size_t i = 0; i < n; i++)
		found |= l[i].ifindex == LO && strcmp(l[i].name, "lo") == 0;
	assert_true(found);
	free(l);
	vfnl_close(nl);
}

static void one_link(void **state _unused_)
{
	struct vfnl *nl = open_socket();
	struct vfparse_link l;

	assert_int_equal(vfnl_link(nl, LO, true, &l), 0);
	assert_string_equal(l.name, "lo");
	assert_true(!l.has_vf_list && l.n_vfs == 0 && l.mtu > 0);
	vfparse_done(&l);
	assert_int_equal(vfnl_link(nl, 99999, true, &l), -ENODEV);
	vfnl_close(nl);
}

static void up_and_down(void **state _unused_)
{
	vfnl_close(open_socket());
	assert_int_equal(vfnl_set_up(LO, true), 0);
	assert_int_equal(vfnl_wait_carrier(LO, 0), 0);
	assert_int_equal(vfnl_set_up(LO, false), 0);
	assert_int_equal(vfnl_wait_carrier(LO, 30), -ETIMEDOUT);
	assert_int_equal(vfnl_set_up(99999, true), -ENODEV);
	assert_int_equal(vfnl_wait_carrier(99999, 30), -ENODEV);
}

/* Another process raises the interface while this one waits. */
static void carrier_comes(void **state _unused_)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	int status;
	pid_t child;

	vfnl_close(open_socket());
	assert_int_equal(vfnl_set_up(LO, false), 0);
	child = fork();
	if (child == 0) {
		nanosleep(&pause, NULL);
		_exit(vfnl_set_up(LO, true) == 0 ? 0 : 1);
	}
	assert_int_equal(vfnl_wait_carrier(LO, 20000), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* More steps than one message or one batch holds: each gets the kernel's own errno and its meaning.
 */
static void addresses(void **state _unused_)
{
	struct vfnl *nl = open_socket();
	struct vfparse_addr *a = NULL;
	bool found = false;
	size_t n = 0;

	assert_int_equal(vfnl_set_flags(nl, LO, IFF_UP, IFF_UP), 0);
	assert_int_equal(vfnl_addrs(nl, &a, &n), 0);
	for (size_t i = 0; i < n; i++)
		found |= a[i].ifindex == LO && a[i].family == AF_INET && a[i].prefix == 8 &&
			 memcmp(a[i].ip, "\x7f\0\0\1", 4) == 0;
	assert_true(found);
	free(a);
	vfnl_close(nl);
}

/* `ip route add default dev lo` */
static int add_default_route(void)
{
	struct {
		struct nlmsghdr head;
		struct rtmsg route;
		struct rtattr oif;
		int ifindex;
	} m = { .head = { sizeof(m), RTM_NEWROUTE, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK, 1, 0 },
		.route = { .rtm_family = AF_INET,
			.rtm_table = RT_TABLE_MAIN,
			.rtm_protocol = RTPROT_STATIC,
			.rtm_scope = RT_SCOPE_LINK,
			.rtm_type = RTN_UNICAST },
		.oif = { RTA_LENGTH(sizeof(int)), RTA_OIF },
		.ifindex = LO };
	_cleanup_close_ int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	char answer[512];
	ssize_t n;

	if (send(fd, &m, sizeof(m), 0) < 0)
		return -errno;
	n = recv(fd, answer, sizeof(answer), 0);
	return n < 0 ? -errno : vfparse_answer(answer, (size_t)n, NULL, 0);
}

static void default_route(void **state _unused_)
{
	struct vfnl *nl = open_socket();

	assert_int_equal(vfnl_has_default_route(nl, LO), 0);
	assert_int_equal(add_default_route(), 0);
	assert_int_equal(vfnl_has_default_route(nl, LO), 1);
	assert_true(vfnl_has_default_route(nl, LO + 1000) <= 0);
	vfnl_close(nl);
}

static void refused(void **state _unused_)
{
	const size_t n = VFPUT_MAX + 100;
	struct step_result *res = calloc(n, sizeof(*res));
	struct step *steps = calloc(n, sizeof(*steps));

	vfnl_close(open_socket());
	for (size_t i = 0; i < n; i++)
		steps[i] = (struct step){ .kind = STEP_VF_ATTR,
			.vf = (int)(i / 2),
			.attr = i % 2 ? VF_TRUST : VF_MAC,
			.after.n = 1 };
	assert_int_equal(vfnl_set(LO, "igb", steps, n, res), -EOPNOTSUPP);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(res[i].code, -EOPNOTSUPP);
		assert_non_null(strstr(res[i].err.text, "(EOPNOTSUPP)"));
		assert_non_null(strstr(res[i].err.text, ": the PF's driver cannot set this"));
	}
	assert_int_equal(vfnl_set(99999, NULL, steps, 2, res), -ENODEV);
	assert_non_null(strstr(res[1].err.text, "(ENODEV)"));
	free(res);
	free(steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links),
		cmocka_unit_test(one_link),
		cmocka_unit_test(up_and_down),
		cmocka_unit_test(carrier_comes),
		cmocka_unit_test(addresses),
		cmocka_unit_test(default_route),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, enter_namespace, NULL);
}
