/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only file that uses libpci, and of it only the list of names. */
#include <pci/pci.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"
#include "host/names.h"

struct names {
	struct pci_access *access;
};

/* For a damaged pci.ids or no memory. libpci wants this not to return, and passes no context. */
static void give_up(char *msg, ...) __attribute__((noreturn)) _printf_(1, 2);

static void give_up(char *msg, ...)
{
	va_list ap;

	va_start(ap, msg);
	fputs("sriovctl: ", stderr);
	vfprintf(stderr, msg, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

static void say_nothing(char *msg _unused_, ...)
{
}

struct names *names_new(void)
{
	struct names *n = mem_new(1, sizeof(*n));
	char name[] = "net.cache_name", none[] = ""; /* not const in older versions */

	/* Without pci_init(), which would choose a way to find devices and set these three. */
	n->access = pci_alloc();
	/* No look-ups on the network, and no cache of them: 3.13 leaks its name. */
	pci_set_param(n->access, name, none);
	n->access->error = give_up;
	n->access->warning = n->access->debug = say_nothing;
	return n;
}

void names_free(struct names *n)
{
	if (!n)
		return;
	pci_free_name_list(n->access);
	pci_cleanup(n->access);
	free(n);
}

const char *names_device(struct names *n, const struct dev *d, char *buf, size_t size)
{
	return pci_lookup_name(n->access, buf, (int)size,
		PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_HWDB, d->vendor, d->device);
}

const char *names_class(struct names *n, const struct dev *d, char *buf, size_t size)
{
	return pci_lookup_name(n->access, buf, (int)size, PCI_LOOKUP_CLASS | PCI_LOOKUP_NO_HWDB,
		d->class_code >> 8);
}
