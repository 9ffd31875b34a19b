/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Libraries that few verbs need and that bring many others along: opened by who needs them, so
 * that the rest starts without. (libkmod alone, by libcrypto, is more than half of what the dynamic
 * linker has to do.) What is used of one is a list of its functions:
 *
 *     #define FUNCTIONS(F) F(kmod_new) F(kmod_unref)
 *     struct api { FUNCTIONS(LIBRARY_MEMBER) };
 *     static const struct library_function functions[] = { FUNCTIONS(LIBRARY_ROW) };
 *
 * with the types of the library's own header, and `struct api` by that name.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"

/* A function, and where its address goes. */
struct library_function {
	const char *name;
	size_t at;
};

/* A name cannot be in parentheses. */
#define LIBRARY_MEMBER(f) __typeof__(&(f)) f; /* NOLINT(bugprone-macro-parentheses) */
#define LIBRARY_ROW(f)    { #f, offsetof(struct api, f) },

/*
 * Opens SONAME, for as long as the process lives, and puts the addresses of its N functions F into
 * API. Returns 0, or -ENOPKG with E when it is not installed or lacks one of them; API is not to be
 * used then.
 */
int library_open(const char *soname, const struct library_function *f, size_t n, void *api,
	struct err *e) _must_check_;
