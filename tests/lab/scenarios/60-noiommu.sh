# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A host without an IOMMU: vfio-pci is refused before anything is done; VFs for the host work.
# topology: noiommu
# timeout: 120
# slow: yes

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

# check, with nothing set up, and the way out for this very host. What the processor and the boot loader are is made up.
# with_files CPU CMDLINE: check on such a host
with_files() {
    printf 'processor : 0\nvendor_id : %s\n' "$1" >/run/cpuinfo
    printf '%s\n' "$2" >/run/cmdline
    mount --bind /run/cpuinfo /proc/cpuinfo
    mount --bind /run/cmdline /proc/cmdline
    lab_run sriovctl check || :
    umount /proc/cpuinfo /proc/cmdline
}
check_exit 1 "check" sriovctl check
check_match "says that there is no policy" "$LAB_OUTPUT" '^SKIP  policy .*there is no policy to look at'
check_match "says that there is no IOMMU" "$LAB_OUTPUT" '^FAIL  iommu .*/sys/class/iommu is empty'
check_match "and what to do" "$LAB_OUTPUT" 'next: switch (VT-d|the IOMMU)'
check_exit 1 "check of a policy for guests" sriovctl check /run/vfio.json
check_match "says that it cannot be" "$LAB_OUTPUT" '^FAIL  host-fits +/run/vfio.json:1: .*needs an IOMMU'
mkdir -p /etc/default /boot/grub
echo 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"' >/etc/default/grub
with_files GenuineIntel 'BOOT_IMAGE=/boot/vmlinuz-6.8.12 root=/dev/sda1'
check_match "Intel and GRUB" "$LAB_OUTPUT" 'VT-d on .*then add intel_iommu=on to GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, run '
with_files AuthenticAMD 'BOOT_IMAGE=/boot/vmlinuz-6.8.12 amd_iommu=off'
check_match "AMD and GRUB" "$LAB_OUTPUT" 'next: take amd_iommu=off out of GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, run '
mkdir -p /etc/kernel
touch /etc/kernel/cmdline /etc/kernel/proxmox-boot-uuids
with_files GenuineIntel 'initrd=\EFI\proxmox\6.8.12-4-pve\initrd.img-6.8.12-4-pve root=ZFS=rpool/ROOT/pve-1 boot=zfs'
check_match "Intel and Proxmox with systemd-boot" "$LAB_OUTPUT" \
    'then add intel_iommu=on to the one line of /etc/kernel/cmdline, run proxmox-boot-tool refresh, reboot'
rm /etc/kernel/cmdline /etc/kernel/proxmox-boot-uuids /etc/default/grub

modules=/lib/modules/$(uname -r)
cp "$modules/modules.dep" /run/modules.dep
sed '/vfio[-_]pci\.ko/d' /run/modules.dep >"$modules/modules.dep"
check_match "a module is missing" "$(sriovctl check)" '^FAIL  vfio-modules .*vfio_pci'
cp /run/modules.dep "$modules/modules.dep"
check_match "and back" "$(sriovctl check)" '^PASS  vfio-modules '
