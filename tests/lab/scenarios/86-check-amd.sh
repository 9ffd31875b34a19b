# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# check on a host with an AMD IOMMU: it is found.
# topology: amd
# timeout: 120
# slow: yes

lab_run sriovctl check || :
attach "what it says" sriovctl check
check_match "the IOMMU is found" "$LAB_OUTPUT" '^PASS  iommu '
check_match "interrupts are looked at" "$LAB_OUTPUT" '^[A-Z]+  interrupt-remapping '
check_match "VFs are isolated" "$LAB_OUTPUT" '^PASS  groups .*0000:01:00.0'
check_match "there is no policy" "$LAB_OUTPUT" '^SKIP  policy .*there is no policy to look at'
