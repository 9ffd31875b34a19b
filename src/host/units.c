/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reloading daemons through systemd. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "base/clock.h"
#include "host/units.h"

#define ADDRESS   "unix:path=/run/systemd/private"
#define SERVICE   "org.freedesktop.systemd1"
#define MANAGER   "org.freedesktop.systemd1.Manager"
#define OBJECT    "/org/freedesktop/systemd1"
#define UNIT      "org.freedesktop.systemd1.Unit"
#define CALL_USEC (25 * UINT64_C(1000000))

/* A job of the service manager that is waited for. */
struct unit_job {
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

	if (sd_bus_message_read(m, "uoss", &id, &path, &unit, &result) < 0 || !job->path ||
		strcmp(path, job->path) != 0)
		return 0;
	job->ended = true;
	strncpy(job->result, result, sizeof(job->result) - 1);
	return 0;
}

/* Whether the unit is up, or about to be: then it may have read the old files already. */
static bool is_running(sd_bus *bus, const char *unit)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_free_ char *state = NULL;
	const char *path;

	if (sd_bus_call_method(bus, SERVICE, OBJECT, MANAGER, "GetUnit", NULL, &reply, "s", unit) <
			0 ||
		sd_bus_message_read(reply, "o", &path) < 0 ||
		sd_bus_get_property_string(bus, SERVICE, path, UNIT, "ActiveState", NULL, &state) <
			0)
		return false;
	return strcmp(state, "active") == 0 || strcmp(state, "reloading") == 0 ||
	       strcmp(state, "activating") == 0;
}

static int wait_for_job(sd_bus *bus, const struct unit_job *job, int64_t deadline)
{
	int r = 0;

	while (!job->ended && r >= 0) {
		int64_t left = deadline - clock_ms();

		if (left <= 0)
			return -ETIMEDOUT;
		r = sd_bus_process(bus, NULL);
		if (r == 0)
			r = sd_bus_wait(bus, (uint64_t)left * 1000);
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
static int run_job(
	sd_bus *bus, const char *method, const char *unit, int64_t deadline, struct err *e)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_(sd_bus_slot_unrefp) sd_bus_slot *slot = NULL;
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
	struct unit_job job = { 0 };
	int r;

	/* Before the call, so that the job's end is not missed. */
	r = sd_bus_match_signal(
		bus, &slot, NULL, OBJECT, MANAGER, "JobRemoved", on_job_removed, &job);
	if (r >= 0)
		r = sd_bus_call_method(bus, SERVICE, OBJECT, MANAGER, method, &error, &reply, "ss",
			unit, "replace");
	if (r >= 0)
		r = sd_bus_message_read(reply, "o", &job.path);
	if (r >= 0)
		r = wait_for_job(bus, &job, deadline);
	if (r < 0)
		return err_set(e, r, "%s of %s: %s", method, unit, reason(&error, r));
	if (strcmp(job.result, "done") != 0)
		return err_set(e, -EIO, "%s of %s: %s; see `journalctl -u %s`", method, unit,
			job.result, unit);
	return 0;
}

/* Connects to the service manager. Returns 1 when there is none. */
static int connect(sd_bus **ret)
{
	int r = sd_bus_new(ret);

	if (r >= 0)
		r = sd_bus_set_address(*ret, ADDRESS);
	if (r >= 0)
		r = sd_bus_start(*ret);
	if (r >= 0)
		r = sd_bus_set_method_call_timeout(*ret, CALL_USEC);
	if (r == -ENOENT || r == -ECONNREFUSED)
		return 1;
	return r < 0 ? r : 0;
}

int units_reload(const char *unit, unsigned timeout_ms, struct err *e)
{
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	int r = connect(&bus);

	if (r < 0)
		return err_set(e, r, "cannot reach the service manager to reload %s: %s", unit,
			err_name(r));
	if (r > 0 || !is_running(bus, unit))
		return 0;
	return run_job(bus, "ReloadUnit", unit, clock_ms() + timeout_ms, e);
}

int units_start(const char *unit, unsigned timeout_ms, struct err *e)
{
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	int r = connect(&bus);

	if (r != 0)
		return err_set(e, r < 0 ? r : -ENOENT,
			"cannot reach the service manager to start %s", unit);
	return run_job(bus, "StartUnit", unit, clock_ms() + timeout_ms, e);
}
