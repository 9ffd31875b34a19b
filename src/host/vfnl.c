/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The netlink socket: the only file that uses libnl, and of it only sockets and messages. */
#include <errno.h>
#include <limits.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "host/vfnl-io.h"
#include "host/vfnl.h"
#include "host/vfput.h"

/* An answer is there when sendmsg() returns; only a dump has more to come. */
#define ANSWER_TIMEOUT_S 10
/* More than 221 unread answers overflow a default buffer: their results are lost (kernel-facts
 * §12). */
#define UNANSWERED_MAX 128
/* Set on the socket too: enough for UNANSWERED_MAX answers and a list of 1,000 VFs. */
#define SOCKET_BUFFER (208 * 1024)

struct vfnl {
	struct nl_sock *sock;
	int fd;
	uint32_t seq;
	uint8_t *buf; /* of the datagram last received */
	size_t size;
};

/* libnl's own codes are no errnos; the system call behind them left one. */
static int connect_to(struct nl_sock *sock, int protocol)
{
	errno = 0;
	if (nl_connect(sock, protocol) == 0 &&
		nl_socket_set_buffer_size(sock, SOCKET_BUFFER, SOCKET_BUFFER) == 0)
		return 0;
	return errno ? -errno : -EIO;
}

int vfnl_open(struct vfnl **ret, struct err *e)
{
	return vfnl_open_as(NETLINK_ROUTE, ret, e);
}

int vfnl_open_as(int protocol, struct vfnl **ret, struct err *e)
{
	struct timeval timeout = { .tv_sec = ANSWER_TIMEOUT_S };
	struct vfnl *nl = mem_new(1, sizeof(*nl));
	int on = 1, r;

	nl->sock = nl_socket_alloc();
	r = nl->sock ? connect_to(nl->sock, protocol) : -ENOMEM;
	if (r < 0) {
		vfnl_close(nl);
		return err_set(e, r, "cannot open a netlink socket: %s", err_name(r));
	}
	nl->fd = nl_socket_get_fd(nl->sock);
	/* None of these is worth failing for: they make errors clearer, answers shorter, hangs end.
	 */
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(nl->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	*ret = nl;
	return 0;
}

void vfnl_close(struct vfnl *nl)
{
	if (!nl)
		return;
	nl_socket_free(nl->sock);
	free(nl->buf);
	free(nl);
}

/* Receives one datagram of whatever size into the buffer. Returns its length or a negative errno.
 */
static ssize_t receive(struct vfnl *nl, int flags)
{
	struct sockaddr_nl from = { 0 };
	socklen_t from_len = sizeof(from);
	ssize_t n;

	for (;;) {
		n = recv(nl->fd, NULL, 0, flags | MSG_PEEK | MSG_TRUNC);
		if (n > (ssize_t)nl->size) {
			nl->size = (size_t)n;
			nl->buf = mem_resize(nl->buf, nl->size, 1);
		}
		if (n >= 0)
			n = recvfrom(nl->fd, nl->buf, nl->size, flags, (struct sockaddr *)&from,
				&from_len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (from.nl_pid == 0) /* the kernel */
			return n;
	}
}

/* Calls FN for each message of the datagram until it returns nonzero; returns that. */
static int each_message(const struct vfnl *nl, size_t len,
	int (*fn)(const struct nlmsghdr *msg, void *arg), void *arg)
{
	const struct nlmsghdr *msg = (const void *)nl->buf;
	int left = (int)len, r = 0;

	for (; r == 0 && nlmsg_ok(msg, left); msg = nlmsg_next((struct nlmsghdr *)msg, &left))
		r = fn(msg, arg);
	return r;
}

static int send_messages(struct vfnl *nl, struct iovec *iov, size_t n)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = {
		.msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = iov, .msg_iovlen = n
	};

	while (sendmsg(nl->fd, &msg, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static struct nl_msg *message_new(
	struct vfnl *nl, int type, int flags, const void *head, size_t head_len, size_t room)
{
	struct nl_msg *msg = nlmsg_alloc_size(NLMSG_SPACE(head_len) + room);

	if (!msg || !nlmsg_put(msg, 0, ++nl->seq, type, 0, NLM_F_REQUEST | flags) ||
		nlmsg_append(msg, (void *)(uintptr_t)head, head_len, NLMSG_ALIGNTO) < 0)
		abort(); /* out of memory: mem.h's promise, for a library that reports it */
	return msg;
}

static int send_one(struct vfnl *nl, struct nl_msg *msg)
{
	struct iovec iov = { nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len };
	int r = send_messages(nl, &iov, 1);

	nlmsg_free(msg);
	return r;
}

/* A dump while it is read. */
struct dump {
	uint32_t seq;
	bool interrupted;
	vfnl_take *take;
	void *arg;
};

/* Returns 1 at the end. */
static int dump_message(const struct nlmsghdr *msg, void *arg)
{
	struct dump *d = arg;
	int r;

	if (msg->nlmsg_seq != d->seq)
		return 0;
	if (msg->nlmsg_flags & NLM_F_DUMP_INTR)
		d->interrupted = true;
	if (msg->nlmsg_type == NLMSG_DONE || msg->nlmsg_type == NLMSG_ERROR) {
		r = vfparse_answer(msg, msg->nlmsg_len, NULL, 0);
		return r < 0 ? r : 1;
	}
	return d->take(msg, msg->nlmsg_len, d->arg);
}

static int send_query(struct vfnl *nl, const struct vfnl_query *q)
{
	struct nl_msg *msg = message_new(
		nl, q->type, NLM_F_DUMP, q->head, q->head_len, NLMSG_SPACE(sizeof(q->value)));

	if (q->attr)
		nla_put_u32(msg, q->attr, q->value);
	return send_one(nl, msg);
}

int vfnl_dump(struct vfnl *nl, const struct vfnl_query *q, vfnl_take *take, void *arg)
{
	const int strict = q->strict, off = 0;
	struct dump d = { .take = take, .arg = arg };
	int r;

	/* Before Linux 4.20 it cannot be had: all comes then. */
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &strict, sizeof(strict));
	r = send_query(nl, q);
	d.seq = nl->seq;
	while (r == 0) {
		ssize_t n = receive(nl, 0);

		r = n < 0 ? (int)n : each_message(nl, (size_t)n, dump_message, &d);
	}
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &off, sizeof(off));
	return r < 0 ? r : d.interrupted;
}

struct answer {
	uint32_t seq;
	struct vfparse_link *link;
};

/* Returns 1 when the link is read. */
static int link_message(const struct nlmsghdr *msg, void *arg)
{
	const struct answer *a = arg;
	int r;

	if (msg->nlmsg_seq != a->seq)
		return 0;
	if (msg->nlmsg_type == NLMSG_ERROR)
		return vfparse_answer(msg, msg->nlmsg_len, NULL, 0);
	r = vfparse_link(msg, msg->nlmsg_len, a->link);
	return r < 0 ? r : 1;
}

/* Statistics would make the list wrap at 222 VFs already, and nobody reads them (kernel-facts
 * §4.2). */
static int request_link(struct vfnl *nl, int ifindex, uint32_t filter)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct nl_msg *msg = message_new(nl, RTM_GETLINK, 0, &info, sizeof(info), 64);

	nla_put_u32(msg, IFLA_EXT_MASK, filter | RTEXT_FILTER_SKIP_STATS);
	return send_one(nl, msg);
}

static int get_link(struct vfnl *nl, int ifindex, uint32_t filter, struct vfparse_link *ret)
{
	int r = request_link(nl, ifindex, filter);
	struct answer a = { nl->seq, ret };

	while (r == 0) {
		ssize_t n = receive(nl, 0);

		r = n < 0 ? (int)n : each_message(nl, (size_t)n, link_message, &a);
	}
	return r < 0 ? r : 0;
}

int vfnl_link(struct vfnl *nl, int ifindex, bool with_vfs, struct vfparse_link *ret)
{
	const uint32_t filter = with_vfs ? RTEXT_FILTER_VF : 0;
	int r = get_link(nl, ifindex, filter, ret);

	for (long ms = 20; ms <= 320 && r == 0 && ret->has_vf_list && ret->n_vfs < ret->num_vfs;
		ms *= 2) {
		const struct timespec pause = { .tv_nsec = ms * 1000000 };

		vfparse_done(ret);
		nanosleep(&pause, NULL);
		r = get_link(nl, ifindex, filter, ret);
	}
	return r;
}

static struct nl_msg *message_set(
	struct vfnl *nl, const struct ifinfomsg *info, const struct vfnl_request *q)
{
	_cleanup_(buf_done) struct buf body = { 0 };

	buf_addn(&body, (const char *)info, sizeof(*info));
	vfput_list(&body, q->steps, q->n);
	return message_new(nl, RTM_SETLINK, NLM_F_ACK, body.s, body.len, 0);
}

/* Requests that were sent together; `first` is the sequence number of the first. */
struct batch {
	uint32_t first;
	struct vfnl_request *requests;
	size_t n, missing;
};

/* Returns 1 when no answer is missing any more. */
static int batch_message(const struct nlmsghdr *msg, void *arg)
{
	struct batch *b = arg;
	uint32_t i = msg->nlmsg_seq - b->first;
	struct vfnl_request *r;

	if (msg->nlmsg_type != NLMSG_ERROR || i >= b->n)
		return 0;
	r = &b->requests[i];
	if (r->code == -EINPROGRESS)
		b->missing--;
	r->code = vfparse_answer(msg, msg->nlmsg_len, r->text, sizeof(r->text));
	return b->missing == 0;
}

/* Waits for the answers; where they cannot be had, the reason takes their place. */
static void batch_wait(struct vfnl *nl, struct batch *b, int r)
{
	while (r == 0) {
		ssize_t n = receive(nl, 0);

		r = n < 0 ? (int)n : each_message(nl, (size_t)n, batch_message, b);
	}
	for (size_t i = 0; i < b->n; i++)
		if (b->requests[i].code == -EINPROGRESS)
			b->requests[i].code = r;
}

/* Sends as many of the N requests as may be unanswered, in one sendmsg(). Returns how many. */
static size_t send_batch(struct vfnl *nl, int ifindex, struct vfnl_request *requests, size_t n)
{
	const struct ifinfomsg info = { .ifi_index = ifindex };
	struct batch b = { .first = nl->seq + 1, .requests = requests };
	struct nl_msg *msgs[UNANSWERED_MAX];
	struct iovec iov[UNANSWERED_MAX];
	size_t bytes = 0;
	int r;

	for (; b.n < n && b.n < UNANSWERED_MAX && bytes < UINT16_MAX; b.n++) {
		struct vfnl_request *q = &requests[b.n];

		msgs[b.n] = message_set(nl, &info, q);
		iov[b.n] = (struct iovec){ nlmsg_hdr(msgs[b.n]), nlmsg_hdr(msgs[b.n])->nlmsg_len };
		bytes += iov[b.n].iov_len;
		q->code = -EINPROGRESS;
		q->text[0] = '\0';
	}
	b.missing = b.n;
	r = send_messages(nl, iov, b.n);
	for (size_t i = 0; i < b.n; i++)
		nlmsg_free(msgs[i]);
	batch_wait(nl, &b, r);
	return b.n;
}

void vfnl_send(struct vfnl *nl, int ifindex, struct vfnl_request *requests, size_t n)
{
	for (size_t done = 0; done < n;)
		done += send_batch(nl, ifindex, requests + done, n - done);
}

/* A question under way. */
struct question {
	uint32_t seq;
	vfnl_take *take;
	void *arg;
	char *text;
	size_t size;
};

/* Returns 1 when it is answered. */
static int question_message(const struct nlmsghdr *msg, void *arg)
{
	const struct question *q = arg;
	int r;

	if (msg->nlmsg_seq != q->seq)
		return 0;
	if (msg->nlmsg_type == NLMSG_ERROR) {
		r = vfparse_answer(msg, msg->nlmsg_len, q->text, q->size);
		return r < 0 ? r : 1;
	}
	return q->take ? q->take(msg, msg->nlmsg_len, q->arg) : 0;
}

int vfnl_ask(struct vfnl *nl, const struct vfnl_message *m, vfnl_take *take, void *arg)
{
	struct question q = { .take = take, .arg = arg, .text = m->text, .size = m->text_size };
	int r = send_one(nl,
		message_new(nl, m->type, NLM_F_ACK | m->flags, buf_text(m->body), m->body->len, 0));

	q.seq = nl->seq;
	while (r == 0) {
		ssize_t n = receive(nl, 0);

		r = n < 0 ? (int)n : each_message(nl, (size_t)n, question_message, &q);
	}
	return r < 0 ? r : 0;
}

static int for_interface(const struct nlmsghdr *msg, void *arg)
{
	const struct ifinfomsg *info = nlmsg_data(msg);

	return msg->nlmsg_len >= NLMSG_LENGTH(sizeof(*info)) && info->ifi_index == *(int *)arg;
}

int vfnl_subscribe(struct vfnl *nl)
{
	errno = 0;
	if (nl_socket_add_membership(nl->sock, RTNLGRP_LINK) < 0)
		return errno ? -errno : -EIO;
	return 0;
}

int vfnl_wait_event(struct vfnl *nl, int ifindex, int64_t deadline_ms)
{
	struct pollfd p = { nl->fd, POLLIN, 0 };
	ssize_t n;

	for (;;) {
		int64_t left = deadline_ms - clock_ms();

		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left) <= 0)
			continue;
		n = receive(nl, MSG_DONTWAIT);
		/* A lost notification may have been about it. */
		if (n == -ENOBUFS ||
			(n > 0 && each_message(nl, (size_t)n, for_interface, &ifindex)))
			return 0;
		if (n < 0 && n != -ETIMEDOUT)
			return (int)n;
	}
}
