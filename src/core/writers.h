/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines in other programs' files that say what sriovctl says, too: how many VFs there are, what
 * they are like, which driver has them. Two who write the same things undo each other's work at
 * each boot. Pure: text in, lines out; the text may be anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Kinds of files; each has a grammar. */
enum writer_file {
	WRITER_FILE_LINK,    /* systemd.link(5) */
	WRITER_FILE_NETWORK, /* systemd.network(5) */
	WRITER_FILE_NM,      /* NetworkManager.conf(5) */
	WRITER_FILE_KEYFILE, /* a connection of NetworkManager */
	WRITER_FILE_NETPLAN,
	WRITER_FILE_SYSFS,    /* sysfs.conf(5) */
	WRITER_FILE_MODPROBE, /* modprobe.d(5) */
	WRITER_FILE_MODULES,  /* modules-load.d(5) */
	WRITER_FILE_CMDLINE,  /* the kernel's command line */
	WRITER_FILE_DRIVERCTL,
	WRITER_FILE_INTERFACES,
	WRITER_FILE_UDEV,
	WRITER_FILE_CRON,
	WRITER_FILE_RC_LOCAL,
	WRITER_FILE_UNIT,
	WRITER_FILE_SCRIPT,
	_WRITER_FILE_MAX,
};

/* Who it is that acts upon a line, or what else it is about. */
enum writer_kind {
	WRITER_LINK,
	WRITER_NETWORKD,
	WRITER_NM,
	WRITER_NETPLAN,
	WRITER_SYSFS,
	WRITER_MAX_VFS,  /* a PF driver's parameter that creates VFs */
	WRITER_VFIO_IDS, /* vfio-pci takes all devices of a kind */
	WRITER_DRIVERCTL,
	WRITER_INTERFACES,
	WRITER_UDEV,
	WRITER_CRON,
	WRITER_RC_LOCAL,
	WRITER_UNIT,
	WRITER_SCRIPT,
	WRITER_UNSAFE,    /* no writer: allow_unsafe_interrupts */
	WRITER_BLACKLIST, /* no writer: a VFIO module is kept from being loaded */
	WRITER_VIRQFD,    /* no writer: a module is loaded that newer kernels do not have */
	_WRITER_MAX,
};

/* Bytes of a line that are kept, and of a file that is read. */
#define WRITERS_LINE_MAX 160
#define WRITERS_FILE_MAX (256 * 1024)

/* A line that was found; TEXT is valid during the call: trimmed, shortened, without secrets. */
typedef void writers_fn(enum writer_kind who, unsigned line, const char *text, void *arg);

/* Calls FN for each line of TEXT, a file of KIND, that is one of those; with its number from 1. */
void writers_find(enum writer_file kind, const char *text, writers_fn *fn, void *arg);

/* Whether A and B name the same module: it may be written with dashes and with underscores. */
bool writers_same_module(const char *a, const char *b);
