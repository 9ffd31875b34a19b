# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A host without an IOMMU: vfio-pci is refused before anything is done; VFs for the host work.
# topology: noiommu
# timeout: 120

cat >/run/vfio.json <<'P'
{ "version": 1, "pfs": [{ "match": { "driver": "igb" }, "vfs": 2, "defaults": { "driver": "vfio-pci" } }] }
P
check_exit 1 "apply with vfio-pci" sriovctl apply /run/vfio.json
check_match "is refused with the reason and the way out" "$LAB_OUTPUT" 'needs an IOMMU and this host has none active'
check_eq "no VF was made" "$(cat "$(pf_dir 0000:01:00.0)/sriov_numvfs")" 0
check_match "groups says it too" "$(sriovctl groups)" 'no IOMMU'
check "the same for the host" sriovctl apply - <<'P'
{ "version": 1, "pfs": [{ "match": { "driver": "igb" }, "vfs": 2, "defaults": { "driver": "host" } }] }
P
check_eq "works" "$(driver_of "$(vf_address 0000:01:00.0 1)")" igbvf
check "and back" sriovctl reset
