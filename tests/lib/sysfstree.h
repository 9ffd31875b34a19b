/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host's file system as far as a scan reads it, built in a temporary directory from a text that a
 * person can review. One statement per line, "#" begins a comment; KEY=VALUE words come in any
 * order and are optional but for id=:
 *
 *     host NAME                      etc/hostname
 *     iommu NAME                     an IOMMU
 *     driver NAME                    a registered PCI driver (those of devices need no line)
 *     module NAME DRIVER             a loaded module that has registered the PCI driver
 *     dev ADDRESS id=8086:10c9 …     a PCI function: class=020000 subsys=VVVV:DDDD driver= group=
 *                                    numa= override= enable= ari=1 (the port above forwards it)
 *                                    parent=ADDRESS (the bridge above it)
 *     pf ADDRESS id= … total=7       one with SR-IOV: offset= stride= vf_device=10ca autoprobe=1
 *     vf PF INDEX ADDRESS id= …      a VF; options as for dev
 *     vfs PF FIRST-LAST ADDRESS id= …  a row of VFs: stride=1, groups counted up from group=
 *     net ADDRESS|- NAME ifindex=2 …   an interface of a function, or a virtual one: mac=
 *                                    flags=0x1003 carrier=1 mtu=1500 type=1 master= port= dev_port=
 *                                    assign=0
 *     away ADDRESS                   its interface is in another network namespace
 *     config ADDRESS …               its configuration space: acs=HEX (what is on) ari=can|on
 *                                    total=N bars=MASK (SR-IOV) msix=N (vectors) size=4096;
 *                                    buses=FIRST-LAST are files of a bridge; 0x98
 *                                    is hexadecimal
 *     resource ADDRESS …             a PF's file resource: VF BARs found=MASK lost=MASK
 *     file PATH TEXT                 any file; \n is a newline, \t a tab, \s a blank, \h "#",
 *                                    \e the escape character, \0 a zero byte
 *     mode PATH OCTAL                the mode of what an earlier line made
 *     link PATH TARGET               any link
 *     rm PATH                        removes what an earlier line made
 */
#pragma once

/* Returns a descriptor of a new directory with what the file MANIFEST says; ends the program
 * otherwise. */
int sysfstree_load(const char *manifest);

/* The same from text. */
int sysfstree_build(const char *text);

/* The same in the existing directory DIR, which is not removed later. */
void sysfstree_build_in(const char *dir, const char *text);

/* The directory behind the descriptor ROOT; valid until the next call. */
const char *sysfstree_path(int root);

/* Removes the directory behind ROOT and closes it. */
void sysfstree_remove(int root);
