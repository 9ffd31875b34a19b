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
# The emulator's network answers at 10.0.2.2, so each answer has gone through the VF and its PF, out and in.
check "a guest stays" eval "GUEST_WORDS=lab.ping=10.0.2.2 guest_start stays $vf -name stays"
check "the network answers it" wait_for 60 guest_answered stays 5
pings=$(guest_pings stays)

# refused WHAT COMMAND…: exit status 5, the guest by name, its VF as before; and the network has answered each question that
# it asked meanwhile, and two more
refused() {
    local what=$1 answered lost
    shift
    check_exit 5 "$what is refused" "$@"
    check_match "$what: by name" "$LAB_OUTPUT" "vf 2 \\($vf\\) is in use: $used"
    read -r _ answered _ lost <<<"$pings"
    check "$what: the guest still has answers" wait_for 20 guest_answered stays $((answered + 3))
    pings=$(guest_pings stays)
    check_eq "$what: none was lost" "${pings##* }" "$lost"
}
used="open in VM \"stays\" \\(qemu-system-x86, pid $(cat /run/lab-guest.stays.pid)\\)"
check_match "list says that it is in use, and by whom" "$(sriovctl list)" "$vf .*$used"
cat >/run/fewer.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "0000:02:00.0" }, "vfs": 3 }] }
P
refused "another count" sriovctl apply /run/fewer.json
refused "another count, with --recreate" sriovctl apply --recreate /run/fewer.json
cat >/run/mac.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "0000:02:00.0" }, "vfs": 7, "defaults": { "mac": "keep" },
    "vf": { "2": { "mac": "02:00:00:00:99:99" } } }] }
P
refused "another MAC" sriovctl apply /run/mac.json
cat >/run/driver.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "0000:02:00.0" }, "vfs": 7, "defaults": { "mac": "keep" },
    "vf": { "2": { "driver": "host" } } }] }
P
refused "another driver" sriovctl apply /run/driver.json
refused "reset" sriovctl reset 0000:02:00.0
refused "reset of everything" sriovctl reset
check "the guest still runs" guest_running stays
check_eq "on its VF" "$(driver_of "$vf") $(cat "/sys/bus/pci/devices/$vf/enable")" "vfio-pci 1"
check "apply of the policy has nothing to do" sriovctl apply
note "the guest's questions: $(guest_pings stays)"
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
