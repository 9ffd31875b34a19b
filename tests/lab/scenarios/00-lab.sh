# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The emulated host is what the other scenarios believe it to be.
# program: no

igb_pfs='0000:01:00.0 0000:02:00.0 0000:03:00.0 0000:04:00.0 0000:05:00.0'

number=0
for pf in $igb_pfs; do
    number=$((number + 1))
    check_eq "$pf has an igb driver" "$(driver_of "$pf")" igb
    check_eq "$pf has its own MAC" "$(cat "$(pf_dir "$pf")/net/"*/address)" "52:54:00:01:00:0$number"
    check_eq "$pf can have 7 VFs" "$(cat "$(pf_dir "$pf")/sriov_totalvfs")" 7
    check "$pf has an IOMMU group" test -d "$(pf_dir "$pf")/iommu_group"
done
check_eq "the NVMe PF has a driver" "$(driver_of 0000:06:00.0)" nvme
check_eq "the NVMe PF can have 127 VFs" "$(cat /sys/bus/pci/devices/0000:06:00.0/sriov_totalvfs)" 127

if [ -c /dev/kvm ]; then
    check "/dev/kvm is there for the guests" test -c /dev/kvm
else
    skip "/dev/kvm: this machine's KVM cannot nest, so the guests are emulated"
fi
check "systemd has no failed unit" systemctl is-system-running
attach "boot time" systemd-analyze
