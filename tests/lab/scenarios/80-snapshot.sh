# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A snapshot tells what the host itself tells: every verb that reads prints the same, byte for byte.
# policy: main.json
# timeout: 300
# slow: yes

pf=0000:01:00.0
host_vf=$(vf_address "$pf" 6)
netdev=$(netdev_of "$host_vf")
cat >/run/other.json <<'P'
{ "version": 1, "pfs": [
    { "match": { "address": "0000:01:00.0" }, "vfs": 7, "defaults": { "driver": "host", "trust": true }, "vf": { "2": { "vlan": 7 } } },
    { "match": { "address": "0000:02:00.0" }, "vfs": 3 },
    { "match": { "path": "pci-0000:06:00.0" }, "vfs": "max", "defaults": { "driver": "none" } },
    { "match": { "address": "0000:0f:00.0" }, "vfs": 1 } ] }
P

# A guest that runs, a reservation, a configuration that names a VF, an interface with an address, one in another namespace.
check "a guest runs" guest_start snap "$(vf_address "$pf" 1)" -name guest=fw,debug-threads=on
mkdir -p /run/qemu-server /etc/pve/qemu-server
echo "$(vf_address "$pf" 2) 104 time:$(($(date +%s) + 1000))" >/run/qemu-server/pci-id-reservations
echo "hostpci0: host=$(vf_address "$pf" 3)" >/etc/pve/qemu-server/105.conf
echo 1 >"/proc/sys/net/ipv6/conf/$netdev/disable_ipv6"
ip link set "$netdev" up
ip address add 192.0.2.6/24 dev "$netdev"
away=$(netdev_of "$(vf_address 0000:02:00.0 6)")
ip netns add blue
ip link set "$away" netns blue
udevadm settle --timeout=90

check "snapshot" sriovctl snapshot
printf '%s\n' "$LAB_OUTPUT" >/run/snap.json
check_eq "of 4 × 7 and 127 VFs" "$(jq '[.pfs[].vfs[]] | length' /run/snap.json)" 155
note "it has $(stat -c %s /run/snap.json) bytes"
check "a second one is the same" cmp /run/snap.json <(sriovctl snapshot)
check "and so is one of the snapshot" cmp /run/snap.json <(sriovctl snapshot --host /run/snap.json)

# same VERB ARGUMENT…: output, errors and status are the same as on the host itself
same() {
    local live snap
    live=$(sriovctl "$@" 2>&1; echo "status $?")
    snap=$(sriovctl "$@" --host /run/snap.json 2>&1; echo "status $?")
    check_eq "$*: $(wc -l <<<"$live") lines are the same" "$snap" "$live"
}

same list
same list --json
same list "$pf"
same groups
same groups --json
same show "$pf"
same show "$pf" --json
same show "$(vf_address "$pf" 0)"
for vf in 1 2 3 6; do
    same show "$(vf_address "$pf" "$vf")" --json
done
same show "$(vf_address 0000:02:00.0 6)"
same show "$(vf_address 0000:06:00.0 126)"
same show 0000:00:00.0
same plan
same plan --exit-code
same plan --json
same plan /run/other.json
same plan --json --recreate --force /run/other.json
same plan --exit-code --pf "$pf" /run/other.json
same status
same status --json
same status /run/other.json
same check /etc/sriovctl/policy.json
same check --json /etc/sriovctl/policy.json
same check /run/other.json
for kind in udev networkmanager networkd; do
    same emit "$kind"
done
check_match "they are about something: the guest" "$(sriovctl list --host /run/snap.json)" 'open in VM "fw"'
check_match "the reservation" "$(sriovctl list --host /run/snap.json)" 'reserved for VM 104 \(Proxmox\)'
check_match "the address" "$(sriovctl list --host /run/snap.json)" "$netdev has the address 192.0.2.6/24"
check_match "the namespace" "$(sriovctl list --host /run/snap.json)" 'network namespace blue'
check_match "the VF's attributes" "$(sriovctl list --host /run/snap.json)" '02:00:00:00:01:00 +100 qos 3 .*max 500M'
check_match "and the module for \"host\"" "$(sriovctl plan --host /run/snap.json /run/other.json)" 'vf 0 bind to igbvf'

# --- from elsewhere ---------------------------------------------------------------------------------------------------
check_match "by standard input" "$(sriovctl list --host - "$pf" </run/snap.json)" "^$pf "
check_exit 2 "apply does not take it" sriovctl apply --host /run/snap.json
check_exit 2 "nor does reset" sriovctl reset --host /run/snap.json
check "stand-ins for others" sriovctl snapshot --anonymous
printf '%s\n' "$LAB_OUTPUT" >/run/anonymous.json
check_eq "nothing is left of names and addresses" \
    "$(grep -cE "\"$(hostname)\"|192\\.0\\.2|VM |qemu|blue|02:00:00:00:01:0[0-6]\"" /run/anonymous.json)" 0
check_match "but the same is seen" "$(sriovctl list --host /run/anonymous.json)" 'open in guest [0-9] \(process[0-9], pid [0-9]+\)'

# --- without root -----------------------------------------------------------------------------------------------------
setpriv --reuid=65534 --regid=65534 --clear-groups sriovctl snapshot >/run/nobody.json 2>/run/nobody.err
check_match "who is not root is told what is missing" "$(cat /run/nobody.err)" \
    '^sriovctl: taken by a user other than root: the snapshot may lack which processes and guests use a VF'
check_match "and has the rest" "$(sriovctl list --host /run/nobody.json "$pf")" "$(vf_address "$pf" 1) .*open in a VFIO user$"

# --- as it was --------------------------------------------------------------------------------------------------------
check "the guest stops" guest_stop snap
rm -r /run/qemu-server /etc/pve
ip netns exec blue ip link set "$away" netns 1
ip netns del blue
ip address flush dev "$netdev"
ip link set "$netdev" down
check "status: in sync" sriovctl status
