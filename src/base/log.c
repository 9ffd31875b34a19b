/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal. The only file that includes libsystemd. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
#include <systemd/sd-login.h>

#include "base/library.h"
#include "base/log.h"

#define SONAME       "libsystemd.so.0"
#define FUNCTIONS(F) F(sd_pid_get_unit) F(sd_journal_sendv) F(sd_notify)

struct api {
	FUNCTIONS(LIBRARY_MEMBER)
};

static const struct library_function functions[] = { FUNCTIONS(LIBRARY_ROW) };

/* Whether there is a systemd to talk to. */
static bool open_systemd(struct api *sd)
{
	return library_open(SONAME, functions, ARRAY_SIZE(functions), sd, NULL) == 0;
}

bool log_is_journal(void)
{
	const char *stream = secure_getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	if (!stream || sscanf(stream, "%llu:%llu", &dev, &ino) != 2 ||
		fstat(STDERR_FILENO, &st) < 0)
		return false;
	return st.st_dev == (dev_t)dev && st.st_ino == (ino_t)ino;
}

/* Adds FIELD=VALUE to the N fields at IOV; the text is kept in TEXT. */
static int add_field(
	struct iovec *iov, int n, char *text, size_t size, const char *field, const char *value)
{
	int len;

	if (!value)
		return n;
	len = snprintf(text, size, "%s=%s", field, value);
	iov[n].iov_base = text;
	iov[n].iov_len = len < (int)size ? (size_t)len : size - 1;
	return n + 1;
}

static void send_entry(
	const struct api *sd, int priority, const struct log_fields *fields, const char *text)
{
	char message[1024], prio[16], pf[64], vf[32], step[64], attr[64], unit[300], number[16];
	_cleanup_free_ char *own_unit = NULL;
	struct iovec iov[7];
	int n = 0;

	/*
	 * The journal looks up a sender's unit when it gets to the entry; at boot it may be seconds
	 * behind, and a process that has ended by then has none. Root may say what unit an entry is
	 * about.
	 */
	if (sd->sd_pid_get_unit(0, &own_unit) < 0)
		own_unit = NULL;

	n = add_field(iov, n, message, sizeof(message), "MESSAGE", text);
	snprintf(number, sizeof(number), "%d", priority);
	n = add_field(iov, n, prio, sizeof(prio), "PRIORITY", number);
	n = add_field(iov, n, pf, sizeof(pf), "SRIOVCTL_PF", fields->pf);
	snprintf(number, sizeof(number), "%d", fields->vf);
	n = add_field(iov, n, vf, sizeof(vf), "SRIOVCTL_VF", fields->vf < 0 ? NULL : number);
	n = add_field(iov, n, step, sizeof(step), "SRIOVCTL_STEP", fields->step);
	n = add_field(iov, n, attr, sizeof(attr), "SRIOVCTL_ATTR", fields->attr);
	n = add_field(iov, n, unit, sizeof(unit), "OBJECT_SYSTEMD_UNIT", own_unit);
	(void)sd->sd_journal_sendv(iov, n);
}

void log_send(int priority, const struct log_fields *fields, const char *text)
{
	struct api sd;

	if (open_systemd(&sd))
		send_entry(&sd, priority, fields, text);
}

void log_status(const char *fmt, ...)
{
	static const char key[] = "STATUS=";
	char text[256];
	struct api sd;
	va_list ap;

	if (!secure_getenv("NOTIFY_SOCKET") || !open_systemd(&sd))
		return;
	memcpy(text, key, sizeof(key));
	va_start(ap, fmt);
	vsnprintf(text + strlen(key), sizeof(text) - strlen(key), fmt, ap);
	va_end(ap);
	(void)sd.sd_notify(0, text);
}
