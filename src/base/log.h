/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal, when the service manager connected standard error with it: entries with fields. */
#pragma once

#include <stdbool.h>

#include "base/util.h"

/* Fields of an entry; NULL, or a negative `vf`, leaves one out. */
struct log_fields {
	const char *pf;   /* SRIOVCTL_PF= */
	int vf;           /* SRIOVCTL_VF= */
	const char *step; /* SRIOVCTL_STEP= */
	const char *attr; /* SRIOVCTL_ATTR= */
};

/* Whether standard error is the journal ($JOURNAL_STREAM names the very file behind it). */
bool log_is_journal(void);

/* Sends TEXT with syslog PRIORITY and FIELDS to the journal. Errors are not reported: nobody could.
 */
void log_send(int priority, const struct log_fields *fields, const char *text);

/* Tells the service manager, if there is one, what the program is doing (STATUS=). */
void log_status(const char *fmt, ...) _printf_(1, 2);
