/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of PCI devices for people, from the pci.ids file. */
#pragma once

#include <stddef.h>

#include "core/inventory.h"

struct names;

/* Returns a look-up table, freed with names_free(). The file is read when a name is first asked
 * for. */
struct names *names_new(void) _must_check_;

/* Frees N; NULL is allowed. */
void names_free(struct names *n);

/* Puts "Vendor Device" of D into BUF, numbers where a name is not known. Returns BUF. */
const char *names_device(struct names *n, const struct dev *d, char *buf, size_t size);

/* Puts the name of D's class into BUF ("Ethernet controller"), as above. Returns BUF. */
const char *names_class(struct names *n, const struct dev *d, char *buf, size_t size);
