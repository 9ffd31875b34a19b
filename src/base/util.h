/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small macros that every layer uses. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define ARRAY_SIZE(a)     (sizeof(a) / sizeof((a)[0]))
#define _cleanup_(f)      __attribute__((cleanup(f)))
#define _cleanup_free_    _cleanup_(util_freep)
#define _cleanup_close_   _cleanup_(util_closep)
#define _printf_(fmt, va) __attribute__((format(printf, fmt, va)))
#define _must_check_      __attribute__((warn_unused_result))
#define _unused_          __attribute__((unused))

/* Frees what a `_cleanup_free_` variable points to; P is the address of that variable. */
static inline void util_freep(void *p)
{
	free(*(void **)p);
}

/* Closes the descriptor of a `_cleanup_close_` variable, unless it is negative. */
static inline void util_closep(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
