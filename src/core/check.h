/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is this host able to do it? A table of checks, each a pure function of what one scan found, and
 * of a policy if there is one. Each tells what was looked at, and where something is wrong, the
 * next thing to do on this very host.
 */
#pragma once

#include "core/checker.h"

/* The rows of the table in *RET; returns how many they are. */
size_t check_rows(const struct check_row **ret);

/* Runs all checks on IN. The report is freed with check_report_free(). */
struct check_report *check_run(const struct check_input *in) _must_check_;

/* Frees R; NULL is allowed. */
void check_report_free(struct check_report *r);

/* Whether ROW looks for lines in other programs' files that write what a policy says. */
bool check_is_about_writers(const struct check_row *row);

/* The name of V for people and programs: "pass", "warn", "fail", "skip". */
const char *check_verdict_name(enum check_verdict v);
