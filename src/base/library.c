/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Libraries that are opened when they are needed. */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "base/library.h"

int library_open(
	const char *soname, const struct library_function *f, size_t n, void *api, struct err *e)
{
	/* A name without a slash is looked for where the linker looks, as for one linked to. */
	void *handle = dlopen(soname, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), *address;
	int r = handle ? 0 : -ENOPKG;

	for (size_t i = 0; r == 0 && i < n; i++) {
		address = dlsym(handle, f[i].name);
		/* C has no conversion from an object's address to a function's, POSIX has. */
		memcpy((char *)api + f[i].at, &address, sizeof(address));
		if (!address)
			r = -ENOPKG;
	}
	if (r < 0)
		err_set(e, r, "the library %s cannot be used: %s", soname, dlerror());
	if (handle)
		dlclose(handle);
	return r;
}
