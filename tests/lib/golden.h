/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expected output as files below tests/data/golden. */
#pragma once

/*
 * Fails the running cmocka test unless TEXT is the content of the golden file NAME; the first line
 * that differs is shown. With GOLDEN_UPDATE=1 in the environment the file is written instead: run
 * the tests that way after a wanted change, then read the difference with `git diff
 * tests/data/golden`. The environment's TEST_DATA is the path of tests/data; the build system sets
 * it.
 */
void golden_check(const char *name, const char *text);
