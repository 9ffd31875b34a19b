/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reloading daemons through systemd. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "base/clock.h"
#include "base/library.h"
#include "host/units.h"

#define ADDRESS   "unix:path=/run/systemd/private"
#define SERVICE   "org.freedesktop.systemd1"
#define MANAGER   "org.freedesktop.systemd1.Manager"
#define OBJECT    "/org/freedesktop/systemd1"
#define UNIT      "org.freedesktop.systemd1.Unit"
#define CALL_USEC (25 * UINT64_C(1000000))

#define SONAME "libsystemd.so.0"
#define FUNCTIONS(F)                      \
	F(sd_bus_new)                     \
	F(sd_bus_set_address)             \
	F(sd_bus_start)                   \
	F(sd_bus_set_method_call_timeout) \
	F(sd_bus_close)                   \
	F(sd_bus_unref)                   \
	F(sd_bus_call_method)             \
	F(sd_bus_get_property_string)     \
	F(sd_bus_match_signal)            \
	F(sd_bus_process)                 \
	F(sd_bus_wait)                    \
	F(sd_bus_message_read)            \
	F(sd_bus_message_unref)           \
	F(sd_bus_slot_unref)              \
	F(sd_bus_error_free)

struct api {
	FUNCTIONS(LIBRARY_MEMBER)
};

static const struct library_function functions[] = { FUNCTIONS(LIBRARY_ROW) };

/* The service manager; zero-initialised it is one that is not connected to. */
struct manager {
	struct api sd;
	sd_bus *bus;
};

static void manager_done(struct manager *m)
{
	if (!m->bus)
		return;
	m->sd.sd_bus_close(m->bus);
	m->sd.sd_bus_unref(m->bus);
}

/* A job of the service manager that is waited for. */
struct unit_job {
	const struct manager *manager;
	const char *path;
	bool ended;
	char result[32];
};

/* The signal JobRemoved(id, job, unit, result). */
static int on_job_removed(sd_bus_message *m, void *arg, sd_bus_error *error _unused_)
{
	struct unit_job *job = arg;
	const char *path, *unit, *result;
	uint32_t id;

	if (job->manager->sd.sd_bus_message_read(m, "uoss", &id, &path, &unit, &result) < 0 ||
		!job->path || strcmp(path, job->path) != 0)
		return 0;
	job->ended = true;
	strncpy(job->result, result, sizeof(job->result) - 1);
	return 0;
}

/* Whether the unit is up, or about to be: then it may have read the old files already. */
static bool is_running(const struct manager *m, const char *unit)
{
	sd_bus_message *reply = NULL;
	_cleanup_free_ char *state = NULL;
	const char *path;

	if (m->sd.sd_bus_call_method(
		    m->bus, SERVICE, OBJECT, MANAGER, "GetUnit", NULL, &reply, "s", unit) >= 0 &&
		m->sd.sd_bus_message_read(reply, "o", &path) >= 0)
		(void)m->sd.sd_bus_get_property_string(
			m->bus, SERVICE, path, UNIT, "ActiveState", NULL, &state);
	m->sd.sd_bus_message_unref(reply);
	return state && (strcmp(state, "active") == 0 || strcmp(state, "reloading") == 0 ||
				strcmp(state, "activating") == 0);
}

static int wait_for_job(const struct unit_job *job, int64_t deadline)
{
	const struct manager *m = job->manager;
	int r = 0;

	while (!job->ended && r >= 0) {
		int64_t left = deadline - clock_ms();

		if (left <= 0)
			return -ETIMEDOUT;
		r = m->sd.sd_bus_process(m->bus, NULL);
		if (r == 0)
			r = m->sd.sd_bus_wait(m->bus, (uint64_t)left * 1000);
	}
	return r < 0 ? r : 0;
}

/* What the manager says; sd-bus itself gives no more than the meaning of an errno. */
static const char *reason(const sd_bus_error *error, int code)
{
	bool own = !error->message || strcmp(error->message, strerror(-code)) == 0;

	return own ? err_name(code) : error->message;
}

/* Has the manager do METHOD ("ReloadUnit") with the unit, and waits for the end of its job. */
static int run_job(const struct manager *m, const char *method, const char *unit, int64_t deadline,
	struct err *e)
{
	struct unit_job job = { .manager = m };
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	sd_bus_slot *slot = NULL;
	int r;

	/* Before the call, so that the job's end is not missed. */
	r = m->sd.sd_bus_match_signal(
		m->bus, &slot, NULL, OBJECT, MANAGER, "JobRemoved", on_job_removed, &job);
	if (r >= 0)
		r = m->sd.sd_bus_call_method(m->bus, SERVICE, OBJECT, MANAGER, method, &error,
			&reply, "ss", unit, "replace");
	if (r >= 0)
		r = m->sd.sd_bus_message_read(reply, "o", &job.path);
	if (r >= 0)
		r = wait_for_job(&job, deadline);
	if (r < 0)
		err_set(e, r, "%s of %s: %s", method, unit, reason(&error, r));
	else if (strcmp(job.result, "done") != 0)
		r = err_set(e, -EIO, "%s of %s: %s; see `journalctl -u %s`", method, unit,
			job.result, unit);
	m->sd.sd_bus_error_free(&error);
	m->sd.sd_bus_slot_unref(slot);
	m->sd.sd_bus_message_unref(reply);
	return r < 0 ? r : 0;
}

/* Connects to the service manager. Returns 1 when there is none; a negative errno with E. */
static int manager_connect(struct manager *m, struct err *e)
{
	int r = library_open(SONAME, functions, ARRAY_SIZE(functions), &m->sd, e);

	if (r < 0)
		return r;
	r = m->sd.sd_bus_new(&m->bus);
	if (r >= 0)
		r = m->sd.sd_bus_set_address(m->bus, ADDRESS);
	if (r >= 0)
		r = m->sd.sd_bus_start(m->bus);
	if (r >= 0)
		r = m->sd.sd_bus_set_method_call_timeout(m->bus, CALL_USEC);
	if (r == -ENOENT || r == -ECONNREFUSED)
		return 1;
	return r < 0 ? err_set(e, r, "%s", err_name(r)) : 0;
}

int units_reload(const char *unit, unsigned timeout_ms, struct err *e)
{
	_cleanup_(manager_done) struct manager m = { 0 };
	int r = manager_connect(&m, e);

	if (r < 0)
		return err_prefix(e, r, "cannot reach the service manager to reload %s", unit);
	if (r > 0 || !is_running(&m, unit))
		return 0;
	return run_job(&m, "ReloadUnit", unit, clock_ms() + timeout_ms, e);
}

int units_start(const char *unit, unsigned timeout_ms, struct err *e)
{
	_cleanup_(manager_done) struct manager m = { 0 };
	int r = manager_connect(&m, e);

	if (r < 0)
		return err_prefix(e, r, "cannot reach the service manager to start %s", unit);
	if (r > 0)
		return err_set(e, -ENOENT, "there is no service manager to start %s", unit);
	return run_job(&m, "StartUnit", unit, clock_ms() + timeout_ms, e);
}
