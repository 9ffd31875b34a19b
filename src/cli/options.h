/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options and help, from one table. */
#pragma once

#include "cli/cli.h"

/* An option; ARG is what stands for its value in the help, NULL: it has none. */
struct option_row {
	enum cli_option id;
	const char *name, *arg, *help;
};

/* Option number I, or NULL behind the last. */
const struct option_row *options_row(size_t i);

/*
 * Parses the words after the verb V. Returns 0 with RET filled, 1 when help was asked for and
 * printed, or -EINVAL after an error message.
 */
int options_parse(const struct verb *v, int argc, char **argv, struct cli *ret);

/* Prints the help of one verb on standard output. */
void options_help_verb(const struct verb *v);

/* Prints the help of the program with its N verbs on standard output. */
void options_help(const struct verb *const *verbs, size_t n);

/* Prints verbs and their options, one "verb option" a line, for completion and the manual's check.
 */
void options_dump(const struct verb *const *verbs, size_t n);
