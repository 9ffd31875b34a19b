# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whole devices: reserved at boot, in a guest, given back by reset; what the host lives on is refused by name.
# topology: devices
# policy: devices.json
# slow: yes
# timeout: 240

port=0000:01:00.0
disk=0000:02:00.0
uplink=0000:03:00.0
root=0000:00:10.0
beside=0000:00:10.1

override() {
    cat "/sys/bus/pci/devices/$1/driver_override"
}

# --- at boot ----------------------------------------------------------------------------------------------------------
check_eq "sriov.service has succeeded" "$(systemctl show --value --property=Result,ActiveState sriov | xargs)" \
    "success active"
check_eq "the port is reserved" "$(driver_of $port) $(override $port)" "vfio-pci vfio-pci"
check_eq "the disk is reserved" "$(driver_of $disk) $(override $disk)" "vfio-pci vfio-pci"
check_match "the journal tells, by address" "$(journalctl -u sriov -o cat)" "$port unbind from igb"
check "status: in sync" sriovctl status
check_exit 0 "apply has nothing to do" sriovctl apply
check_match "in these words" "$LAB_OUTPUT" "nothing to do: 2 PFs and devices are as the policy says"
check_match "list tells of the port" "$(sriovctl list)" "^$port .*vfio-pci .*ethernet, reserved"
check "anybody sees that it is in sync" setpriv --reuid=65534 --clear-groups sriovctl status
check "udev accepts the rules" udevadm verify /run/udev/rules.d/81-sriovctl.rules

# --- in a guest -------------------------------------------------------------------------------------------------------
export GUEST_DEVICE="-device vfio-pci,host=$port -device vfio-pci,host=$disk"
check "a guest has both" eval "GUEST_WORDS='lab.devices lab.hold' guest_start both $port -name both"
check_match "the whole port, with its own MAC" "$(tr -d '\r' </run/lab-guest.both.log)" \
    '^lab-guest: netdev [^ ]* 52:54:00:01:00:01$'
check_match "the whole disk controller" "$(tr -d '\r' </run/lab-guest.both.log)" '^lab-guest: nvme lab1 +live$'
unset GUEST_DEVICE
check_exit 5 "reset is refused" sriovctl reset
check_match "by the guest's name" "$LAB_OUTPUT" "$port is in use: open in VM \"both\""
check_match "of both" "$LAB_OUTPUT" "$disk is in use: open in VM \"both\""
check "the guest still runs" guest_running both
check "the guest stops" guest_stop both

# --- given back -------------------------------------------------------------------------------------------------------
check "reset of one by its address" sriovctl reset $disk
check_eq "the disk has its driver again" "$(driver_of $disk) $(override $disk)" "nvme (null)"
check_eq "the port is still reserved" "$(driver_of $port)" vfio-pci
check_exit 4 "status says what differs" sriovctl status
check_match "by the address" "$LAB_OUTPUT" "^$disk +- +driver +vfio-pci +nvme"
check "reset" sriovctl reset
check_eq "the port has its driver again" "$(driver_of $port) $(override $port)" "igb (null)"
udevadm settle --timeout=90
check_eq "and its interface" "$(cat "/sys/class/net/$(netdev_of $port)/address")" 52:54:00:01:00:01
check "the disk is there again" wait_for 20 test -b /dev/nvme0n1
check "no rules are left" test ! -e /run/udev/rules.d/81-sriovctl.rules
check_match "no record is left" "$(sriovctl reset)" 'nothing to undo'

# --- what is refused --------------------------------------------------------------------------------------------------
# device ADDRESS: a policy that reserves it, into $file
device() {
    file=/run/device.json
    printf '{ "version": 1, "devices": [{ "match": { "address": "%s" } }] }\n' "$1" >"$file"
}

# refused STATUS WORDS ADDRESS: whatever is allowed, and it keeps its driver
refused() {
    local status=$1 words=$2 address=$3 driver
    driver=$(driver_of "$address")
    device "$address"
    check_exit "$status" "apply refuses $address" sriovctl apply --force --recreate --keep-going "$file"
    check_match "in these words: $words" "$LAB_OUTPUT" "$words"
    check_eq "it keeps its driver" "$(driver_of "$address")" "$driver"
}

check_eq "a card is in the group of the root's disk" "$(readlink /sys/bus/pci/devices/$beside/iommu_group)" \
    "$(readlink /sys/bus/pci/devices/$root/iommu_group)"
refused 1 "$root: carries the root file system \\(vda\\)" $root
check_exit 1 "and so when nothing else would be tried" sriovctl apply --force --recreate "$file"
check_match "in these words, too" "$LAB_OUTPUT" "nothing was changed"
refused 1 "$beside: is in one IOMMU group .* with $root, which carries the root file system \\(vda\\)" $beside

# The emulator's network has routers, which would be a way out, too.
echo 0 >"/proc/sys/net/ipv6/conf/$(netdev_of $uplink)/accept_ra"
ip link set dev "$(netdev_of $uplink)" up
ip address add 10.0.2.15/24 dev "$(netdev_of $uplink)"
ip route add default via 10.0.2.2
refused 1 "$uplink: carries the default route \\(out of $(netdev_of $uplink)\\)" $uplink
ip route del default
device $uplink
check_exit 5 "without the route it is in use" sriovctl apply "$file"
check_match "by its address" "$LAB_OUTPUT" "$uplink is in use: .* has the address 10.0.2.15/24; --force does it"
ip address flush dev "$(netdev_of $uplink)"
ip link add br0 type bridge
echo 0 >/proc/sys/net/ipv6/conf/br0/accept_ra
ip link set dev "$(netdev_of $uplink)" master br0
ip link set dev br0 up
ip address add 10.0.2.15/24 dev br0
ip route add default via 10.0.2.2
refused 1 "$uplink: carries the default route \\(out of br0\\)" $uplink
ip link del br0

busybox mke2fs /dev/nvme0n1
mkdir -p /mnt/data
mount /dev/nvme0n1 /mnt/data
refused 1 "$disk: carries the file system on /mnt/data \\(nvme0n1\\)" $disk
umount /mnt/data
mkswap /dev/nvme0n1
swapon /dev/nvme0n1
refused 1 "$disk: carries swap space of the host \\(nvme0n1\\)" $disk
swapoff /dev/nvme0n1
dmsetup create lab --table "0 8192 linear /dev/nvme0n1 0"
device $disk
check_exit 5 "what a volume is made of is in use" sriovctl apply "$file"
check_match "by the volume" "$LAB_OUTPUT" "$disk is in use: nvme0n1 is a part of dm-0"
busybox mke2fs /dev/mapper/lab
mount /dev/mapper/lab /mnt/data
refused 1 "$disk: carries the file system on /mnt/data \\(nvme0n1\\)" $disk
umount /mnt/data
dmsetup remove lab

echo 2 >/sys/bus/pci/devices/$port/sriov_numvfs
refused 1 "$port: it has 2 VFs, which would go with it" $port
echo 0 >/sys/bus/pci/devices/$port/sriov_numvfs

# --- as it was --------------------------------------------------------------------------------------------------------
ip link set dev "$(netdev_of $uplink)" down
udevadm settle --timeout=90
check "apply reserves both again" sriovctl apply
check_eq "with their driver" "$(driver_of $port) $(driver_of $disk)" "vfio-pci vfio-pci"
