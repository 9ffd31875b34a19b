/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the shells' completion offers; the scripts in completion/ only pass it on. */
#pragma once

#include "cli/options.h"

/*
 * Prints what the last of the N WORDS behind "sriovctl" may be, given those before it: lines of
 * that word, a tab, and a description. A line ":files" or ":dirs" stands for the names of files or
 * directories, as the shell completes them. What the word begins with is left to the shell. Returns
 * a status.
 */
int complete(const struct verb *const *verbs, size_t n_verbs, char **words, size_t n);
