# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What guests see: the policy's MAC, the published automatic one; a VF in use is not touched; Proxmox's way still works.
# policy: main.json
# timeout: 400

spare=0000:05:00.0
vf=$(vf_address 0000:02:00.0 2)

check "a guest runs with a VF of the policy" guest_run "$vf"
check_match "its driver says exactly the policy's MAC" "$LAB_OUTPUT" 'igbvf .*Address: 02:00:00:00:02:02$'

# The PF is down before apply, as at each boot: "up" is the default, or the guest would get a random address.
ip link set dev "$(netdev_of "$spare")" down
cat >/run/auto.json <<P
{ "version": 1, "pfs": [{ "match": { "mac": "52:54:00:01:00:05" }, "vfs": 2, "defaults": { "driver": "vfio-pci" } }] }
P
check "apply of a policy without any MAC" sriovctl apply /run/auto.json
for i in 0 1; do
    hash=$(printf 'sriovctl mac 1 52:54:00:01:00:05 %d' "$i" | sha256sum)
    first=$(printf '%02x' $(((0x${hash:0:2} & 0xfc) | 0x02)))
    check_eq "VF $i has the address that anyone can compute" "$(vf_config "$spare" "$i" address)" \
        "$first:${hash:2:2}:${hash:4:2}:${hash:6:2}:${hash:8:2}:${hash:10:2}"
done
auto=$(vf_config "$spare" 1 address)
check "a guest runs with it" guest_run "$(vf_address "$spare" 1)"
check_match "its driver says that address" "$LAB_OUTPUT" "igbvf .*Address: $auto\$"
check "reset" sriovctl reset "$spare"

# --- in use -----------------------------------------------------------------------------------------------------------
check "a guest stays" guest_start stays "$vf" -name stays
used="open in VM \"stays\" \\(qemu-system-x86, pid $(cat /run/lab-guest.stays.pid)\\)"
check_match "list says that it is in use, and by whom" "$(sriovctl list)" "$vf .*$used"
cat >/run/fewer.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "0000:02:00.0" }, "vfs": 3 }] }
P
check_exit 5 "another count is refused, --recreate or not" sriovctl apply --recreate /run/fewer.json
check_match "by name" "$LAB_OUTPUT" "vf 2 \\($vf\\) is in use: $used"
cat >/run/mac.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "0000:02:00.0" }, "vfs": 7, "defaults": { "mac": "keep" },
    "vf": { "2": { "mac": "02:00:00:00:99:99" } } }] }
P
check_exit 5 "another MAC is refused" sriovctl apply /run/mac.json
check_match "likewise" "$LAB_OUTPUT" "vf 2 \\($vf\\) is in use: $used"
cat >/run/driver.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "0000:02:00.0" }, "vfs": 7, "defaults": { "mac": "keep" },
    "vf": { "2": { "driver": "host" } } }] }
P
check_exit 5 "another driver is refused" sriovctl apply /run/driver.json
check_match "likewise" "$LAB_OUTPUT" "vf 2 \\($vf\\) is in use: $used"
check_exit 5 "reset is refused" sriovctl reset 0000:02:00.0
check_match "likewise" "$LAB_OUTPUT" "vf 2 \\($vf\\) is in use: $used"
check "the guest still runs" guest_running stays
check_eq "on its VF" "$(driver_of "$vf") $(cat "/sys/bus/pci/devices/$vf/enable")" "vfio-pci 1"
check "apply of the policy has nothing to do" sriovctl apply
check "the guest stops" guest_stop stays

# --- Proxmox's way to take a VF: new_id, unbind, bind (SysFSTools.pm), on VFs that it may take -----------------------
free=$(vf_address 0000:04:00.0 5)
check_eq "the VF with driver \"none\" has no driver" "$(driver_of "$free")" none
proxmox_bind() {
    local ids
    ids=$(printf '%s %s' "$(cut -c3- "/sys/bus/pci/devices/$1/vendor")" "$(cut -c3- "/sys/bus/pci/devices/$1/device")")
    echo "$ids" >/sys/bus/pci/drivers/vfio-pci/new_id || :
    [ ! -e "/sys/bus/pci/devices/$1/driver" ] || echo "$1" >"/sys/bus/pci/devices/$1/driver/unbind"
    [ -e "/sys/bus/pci/drivers/vfio-pci/$1" ] || echo "$1" >/sys/bus/pci/drivers/vfio-pci/bind
    [ "$(driver_of "$1")" = vfio-pci ]
}
check "Proxmox's way takes it" proxmox_bind "$free"
check "a guest runs with it" guest_run "$free"
check_match "and has the policy's MAC" "$LAB_OUTPUT" 'igbvf .*Address: 02:00:00:00:04:05$'
check_eq "the host's VF on the same PF is still the host's" "$(driver_of "$(vf_address 0000:04:00.0 6)")" igbvf
echo "8086 10ca" >/sys/bus/pci/drivers/vfio-pci/remove_id
check "apply takes it back" sriovctl apply
check_eq "it has no driver again" "$(driver_of "$free")" none
