/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How this very host's kernel command line is changed: what boots it is found out, not guessed. */
#pragma once

#include "base/buf.h"
#include "core/facts.h"

enum boot_loader {
	BOOT_UNKNOWN, /* the host does not tell, or contradicts itself */
	BOOT_GRUB,
	BOOT_SYSTEMD, /* systemd-boot */
};

/* What has booted the host, or will: EFI's word counts first, then the command line, then files. */
enum boot_loader boot_loader(const struct facts *f);

/*
 * Appends how WORD is added to the kernel's command line (or, unless ADD, taken out of it), with
 * the file, the command that makes it effective, and the reboot; a clause without a full stop.
 */
void boot_advice(struct buf *b, const struct facts *f, bool add, const char *word);
