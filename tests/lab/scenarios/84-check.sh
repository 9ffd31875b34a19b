# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# check: nothing fails on a host that has been provisioned; each fault that can be made here is told, with a next step that
# works. Other hosts: 60-noiommu, 85-check-noacs, 86-check-amd.
# policy: main.json
# timeout: 200

spare=0000:05:00.0

check "check on the provisioned host" sriovctl check
attach "what it says" sriovctl check
check_eq "nothing fails" "$(grep -c '^FAIL' <<<"$LAB_OUTPUT")" 0
check_match "interrupts are remapped" "$LAB_OUTPUT" '^PASS  interrupt-remapping '
check_match "the ports forward ARI" "$LAB_OUTPUT" '^PASS  ari .*0000:01:00.0.*0000:06:00.0'
check_match "there is address space" "$LAB_OUTPUT" '^PASS  vf-memory .*0000:01:00.0.*0000:06:00.0'
check_match "there are bus numbers" "$LAB_OUTPUT" '^PASS  bus-numbers .*0000:01:00.0.*0000:06:00.0'
check_match "VFs are isolated" "$LAB_OUTPUT" '^PASS  groups .*0000:01:00.0.*0000:06:00.0'
check_match "the modules are there" "$LAB_OUTPUT" '^PASS  vfio-modules .*vfio_pci loaded'
check_eq "nothing was tried" "$(cat "$(pf_dir $spare)/sriov_numvfs")" 0

# --- other programs that write the same --------------------------------------------------------------------------------

# planted CHECK FILE LINE TEXT: a file with that text, whose line is told; the file goes again
planted() {
    local made=1
    [ ! -e "$2" ] || { made=0; cp "$2" /run/planted; }
    mkdir -p "$(dirname "$2")"
    printf '%b' "$4" >"$2"
    check_match "$1: $2 is told" "$(sriovctl check)" "^WARN  $1 +$2:$3: "
    if [ $made = 1 ]; then rm "$2"; else cp /run/planted "$2"; fi
}

planted systemd-link /etc/systemd/network/99-lab.link 4 '[Match]\nName=x\n[Link]\nSR-IOVVirtualFunctions=4\n'
planted systemd-networkd /etc/systemd/network/99-lab.network 3 '[Match]\nName=x\n[SR-IOV]\nVirtualFunction=0\n'
planted networkmanager /etc/NetworkManager/conf.d/99-lab.conf 2 '[device-lab]\nsriov-num-vfs=4\n'
planted netplan /etc/netplan/99-lab.yaml 4 'network:\n  ethernets:\n    x:\n      virtual-function-count: 4\n'
planted sysfsutils /etc/sysfs.d/lab.conf 1 'class/net/x/device/sriov_numvfs = 4\n'
planted max-vfs /etc/modprobe.d/lab.conf 1 'options igb max_vfs=7\n'
planted vfio-ids /etc/modprobe.d/lab.conf 1 'options vfio-pci ids=8086:10ca\n'
planted driverctl /etc/driverctl.d/pci-0000:01:10.0 1 'vfio-pci\n'
planted interfaces /etc/network/interfaces.d/lab 1 'post-up echo 4 >/sys/class/net/x/device/sriov_numvfs\n'
planted udev-rules /etc/udev/rules.d/99-lab.rules 1 'KERNEL=="nosuch", ATTR{device/sriov_numvfs}="4"\n'
planted cron /etc/cron.d/lab 1 '@reboot root ip link set x vf 0 mac 02:00:00:00:00:09\n'
planted rc-local /etc/rc.local 2 '#!/bin/sh\necho 4 >/sys/class/net/x/device/sriov_numvfs\n'
planted units /etc/systemd/system/lab-vfs.service 2 \
    "[Service]\nExecStart=/bin/sh -c 'echo 7 > /sys/class/net/enp5s0/device/sriov_numvfs'\n"
planted scripts /usr/local/sbin/lab-vfs 2 '#!/bin/sh\necho 4 >/sys/class/net/x/device/sriov_numvfs\n'
planted unsafe-interrupts /etc/modprobe.d/lab.conf 1 'options vfio_iommu_type1 allow_unsafe_interrupts=1\n'
check_eq "without them there is none" "$(sriovctl check | grep -c '^WARN .*/etc/')" 0

# --- a PF that cannot --------------------------------------------------------------------------------------------------

cat >/run/spare.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "$spare" }, "vfs": 2 }] }
P
# next CHECK: the commands that are printed as the next step of a check about the spare PF
next() {
    sriovctl check --json /run/spare.json |
        jq -r --arg check "$1" '.results[] | select(.check == $check and .device == "'$spare'") | .next' | sed 's/^.*: //'
}
check "the spare PF is fine" sriovctl check /run/spare.json

echo $spare >"$(pf_dir $spare)/driver/unbind"
check_exit 1 "without its driver" sriovctl check /run/spare.json
check_match "it is told" "$LAB_OUTPUT" '^FAIL  pf-driver .*0000:05:00.0 has no driver'
eval "$(next pf-driver)"
check_eq "the next step gives it back" "$(driver_of $spare)" igb

echo $spare >"$(pf_dir $spare)/driver/unbind"
echo vfio-pci >"$(pf_dir $spare)/driver_override"
echo $spare >/sys/bus/pci/drivers_probe
check_exit 1 "held by vfio-pci" sriovctl check /run/spare.json
check_match "it is told" "$LAB_OUTPUT" '^FAIL  pf-vfio .*0000:05:00.0, a PF, is held by vfio-pci'
eval "$(next pf-vfio)"
check_eq "the next step gives it back" "$(driver_of $spare)" igb

wait_for 10 netdev_of $spare
udevadm settle --timeout=90
ip link set "$(netdev_of $spare)" down
sed 's/"vfs": 2/"vfs": 2, "up": false/' /run/spare.json >/run/down.json
check_match "down, and to stay so" "$(sriovctl check /run/down.json)" '^WARN  pf-link .*is down'

# --- what only root sees -----------------------------------------------------------------------------------------------

echo '# nothing' >/etc/cron.d/lab
chmod 600 /etc/cron.d/lab
check "anybody may check" setpriv --reuid=65534 --regid=65534 --clear-groups sriovctl check
check_match "and is told of what he does not see" "$LAB_OUTPUT" '^WARN  unread .*/etc/cron.d/lab \(Permission denied'
rm /etc/cron.d/lab

# Kept as it was found: down, with igb.
check "nothing else has changed" sriovctl status
