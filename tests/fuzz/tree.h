/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small file system of a host, from any bytes: statements that end with a form feed. The first
 * byte says what a statement does; names are single components, ARG stands behind the first "=".
 *
 *     d NAME         a directory in /sys/bus/pci/devices; statements below are about it
 *     s NAME         likewise in /sys/bus/netdevsim/devices
 *     n NAME=PATH    the directory /sys/devices/PATH/net/NAME, as the interface NAME; likewise
 *     f NAME=TEXT    a file
 *     l NAME=TARGET  a link
 *     m NAME         an empty directory
 *     p NAME         a driver in /sys/bus/pci/drivers
 *     i NAME         an IOMMU
 *     h NAME         etc/hostname
 *     0, 1, 2 TEXT   the generated file with that number
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define TREE_END '\f'

/* The directory of a host without anything, in memory where that can be had; it goes at exit. */
const char *tree_new(void);

/* Makes what the LEN bytes at DATA say in the directory DIR, and removes what it had before. */
void tree_build(const char *dir, const uint8_t *data, size_t len);
