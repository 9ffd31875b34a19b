# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `groups` says of a port without ACS is what VFIO does: no guest gets a VF, and one gets the whole card.
# topology: noacs
# timeout: 240
# slow: yes

pf=0000:01:00.0
port=$(basename "$(readlink -f "/sys/bus/pci/devices/$pf/..")")
verdict() {
    sriovctl groups --json "$pf" | jq -r --arg a "$1" '.groups[].devices[] | select(.address == $a) | .verdict'
}

check "VFs on vfio-pci are made" sriovctl apply - <<'P'
{ "version": 1, "pfs": [{ "match": { "driver": "igb" }, "vfs": 2, "defaults": { "driver": "vfio-pci" } }] }
P
vf=$(vf_address "$pf" 0)
check_eq "the VF is not assignable" "$(verdict "$vf")" blocked
groups=$(sriovctl groups "$vf")
check_match "because of its PF" "$groups" "^ +[0-9]+ +$vf .* no, because of $pf \\(igb\\)$"
check_match "and the port is named" "$groups" "^group [0-9]+: the bridge $port without ACS"
attach "in full" sriovctl groups
check_match "the picture has a box" "$(sriovctl list --dot)" "IOMMU group [0-9]+, joined by $port.nnot for guests"
check_exit 1 "no guest starts with it" guest_run "$vf"
check_match "for this reason" "$LAB_OUTPUT" 'group [0-9]+ is not viable'
check "reset" sriovctl reset

check_eq "the PF itself is held by its driver" "$(verdict "$pf")" host-driver
check "it is given to vfio-pci" bind_vf "$pf" vfio-pci
check_eq "then it is assignable: the port does not count" "$(verdict "$pf")" alone
check "a guest starts with it" guest_run "$pf"
check "it is the host's again" bind_vf "$pf" igb
echo >"/sys/bus/pci/devices/$pf/driver_override"
