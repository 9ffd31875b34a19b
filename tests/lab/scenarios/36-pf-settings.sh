# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The settings of a PF itself: MTU, offloads, addresses behind the host's bridge. Set by the service in its sandbox, read back
# by other programs, left alone when they are so, refused before anything is sent, and undone.
# policy: main.json
# timeout: 300
# slow: yes

spare=0000:05:00.0
pf=$(netdev_of "$spare")
file=/run/pf-settings.json

# policy REST: of an entry for the spare PF
policy() {
    printf '{ "version": 1, "pfs": [{ "match": { "address": "%s" }, %s }] }\n' "$spare" "$1" >"$file"
}

# macs N: N addresses of a policy's "fdb"
macs() {
    seq 1 "$1" | while read -r i; do printf '%s"02:00:00:00:36:%02x"' "$([ "$i" = 1 ] || echo ', ')" "$i"; done
}

fdb() {
    bridge -j fdb show dev "$pf" | jq -c '[.[] | select((.flags | index("self")) and (.mac | test("^.[02468ace]"))) | .mac] | sort'
}

features() {
    ethtool -k "$pf" | sed -n 's/^[[:space:]]*\([a-z0-9-]*\): \(on\|off\).*/\1 \2/p' | sort
}

feature() {
    features | sed -n "s/^$1 //p"
}

mtu() {
    ip -j link show dev "$pf" | jq '.[0].mtu'
}

state() {
    mtu
    features
    fdb
    cat "$(pf_dir "$spare")/sriov_numvfs"
}

# As sriov.service does it, with all of its sandbox, but for this policy.
systemctl cat sriov.service | sed -e '/^ExecStop=/d' -e "s|^ExecStart=\([^ ]*\).*|ExecStart=\1 apply $file|" \
    >/run/systemd/system/lab-settings.service
systemctl daemon-reload

state >/run/pf-settings.before
check_eq "at first: no address, offloads as igb has them" "$(mtu) $(fdb) $(feature rx-vlan-offload) $(feature rx-all)" '1500 [] on off'

# --- set --------------------------------------------------------------------------------------------------------------
policy '"vfs": 3, "mtu": 9000, "fdb": ["02:00:00:00:36:01", "02-00-00-00-36-02"], "features": {
    "tx-checksum-ip-generic": false, "rx-vlan-offload": false, "rx-gro": false, "rx-all": true }'
check_exit 4 "status tells what differs" sriovctl status "$file"
check_match "the MTU" "$LAB_OUTPUT" '^0000:05:00.0 .* mtu +9000 +1500$'
check_match "a feature, by the kernel's name" "$LAB_OUTPUT" '^0000:05:00.0 .* features rx-vlan-hw-parse +off +on$'
check_match "an address" "$LAB_OUTPUT" '^0000:05:00.0 .* fdb 02:00:00:00:36:02 +present +absent$'
check "plan" sriovctl plan "$file"
check_eq "MTU and offloads come before the VFs, addresses after them" \
    "$(sed -n 's/^  \[safe\] *0000:05:00.0 \(mtu\|feature\|create\|fdb\).*/\1/p' <<<"$LAB_OUTPUT" | uniq | tr '\n' ' ')" \
    'mtu feature create fdb '
check "the service sets all of it" systemctl start lab-settings.service
check_eq "MTU" "$(mtu)" 9000
check_eq "tx-checksum-ip-generic" "$(feature tx-checksum-ip-generic)" off
check_eq "rx-vlan-offload" "$(feature rx-vlan-offload)" off
check_eq "generic-receive-offload" "$(feature generic-receive-offload)" off
check_eq "rx-all" "$(feature rx-all)" on
check_eq "addresses" "$(fdb)" '["02:00:00:00:36:01","02:00:00:00:36:02"]'
check_eq "and the VFs are there" "$(cat "$(pf_dir "$spare")/sriov_numvfs")" 3
check "status: in sync" sriovctl status "$file"
check "apply again" strace --follow-forks --seccomp-bpf --output=/run/pf-settings.strace --trace=sendmsg,sendto sriovctl apply "$file"
check_match "does nothing" "$LAB_OUTPUT" '^nothing to do'
check_eq "not one message that changes anything" \
    "$(grep -cE 'RTM_(SET|NEW|DEL)(LINK|NEIGH)' /run/pf-settings.strace || :)" 0
check "the trace has those that read" grep -q RTM_GETNEIGH /run/pf-settings.strace
check_match "show has them" "$(sriovctl show "$spare")" '^fdb +02:00:00:00:36:01, 02:00:00:00:36:02$'
check_match "and the offloads that can be changed" "$(sriovctl show "$spare")" '^features off .*rx-gro'

# --- VFs in use -------------------------------------------------------------------------------------------------------
vf=$(vf_address "$spare" 0)
check "a VF for the host" bind_vf "$vf" igbvf
udevadm settle --timeout=90
vf_netdev=$(netdev_of "$vf")
ip link set "$vf_netdev" up
wait_for 20 grep -qx 1 "/sys/class/net/$vf_netdev/carrier" || :
policy '"mtu": 4000, "features": { "rx-gro": true }, "fdb": ["02:00:00:00:36:03"], "defaults": { "mac": "keep" }'
check_exit 5 "another MTU would reset it" sriovctl apply "$file"
check_match "which is told" "$LAB_OUTPUT" 'refused: mtu 4000 \(was 9000\): vf 0 \(.*\) is in use: .*--force'
check_eq "nothing has changed" "$(mtu) $(feature rx-gro) $(fdb)" '9000  ["02:00:00:00:36:01","02:00:00:00:36:02"]'
before=$(cat "/sys/class/net/$vf_netdev/carrier_down_count")
check "with consent it is done" sriovctl apply --force "$file"
check_eq "MTU and the rest" "$(mtu) $(feature generic-receive-offload) $(fdb)" \
    '4000 on ["02:00:00:00:36:01","02:00:00:00:36:02","02:00:00:00:36:03"]'
link_has_gone() {
    [ "$(cat "/sys/class/net/$vf_netdev/carrier_down_count")" -gt "$before" ]
}
wait_for 7 link_has_gone || :
note "the VF's link has gone $(($(cat "/sys/class/net/$vf_netdev/carrier_down_count") - before)) times with the PF's MTU"
policy '"features": { "rx-gro": false }, "fdb": ["02:00:00:00:36:04"], "defaults": { "mac": "keep" }'
before=$(cat "/sys/class/net/$vf_netdev/carrier_down_count")
check "an offload and an address are safe" sriovctl apply "$file"
sleep 2
check_eq "the VF's link has stayed" "$(cat "/sys/class/net/$vf_netdev/carrier_down_count")" "$before"
ip link set "$vf_netdev" down

# --- refused before anything is sent --------------------------------------------------------------------------------
before=$(state)
refused() {
    check_exit 1 "$1" sriovctl apply "$file"
    check_match "in these words: $2" "$LAB_OUTPUT" "$2"
    check_eq "nothing has changed" "$(state)" "$before"
}
policy "\"fdb\": [$(macs 21)]"
refused "21 addresses" 'pf-settings.json:1:.*: /pfs/0/fdb/20: 0000:05:00.0: fdb: 21 addresses are wanted, and with 3 VFs there are 20 slots'
policy '"features": { "rx-cheksum": false }'
refused "an unknown feature" 'the kernel knows no "rx-cheksum"; similar ones: rx-checksum'
policy '"features": { "rx-fcs": true }'
refused "a fixed feature" 'rx-fcs is off, and igb cannot change that'
policy '"mtu": 9217'
refused "an MTU that is too large" 'mtu: 9217 is more than .* can have, which is 9216'
policy '"eswitch": "switchdev"'
refused "a mode of its switch" 'eswitch: its driver \(igb\) has no embedded switch'
policy '"features": { "tx-checksumming": false }'
check_exit 3 "a name for several" sriovctl apply "$file"
check_match "which are named" "$LAB_OUTPUT" 'stands for several features: .*tx-checksum-ip-generic'

# --- a full card ------------------------------------------------------------------------------------------------------
policy "\"fdb\": [$(macs 20)], \"defaults\": { \"mac\": \"keep\" }"
check "20 addresses" sriovctl apply "$file"
check_eq "are there" "$(fdb | jq length)" 20
check_exit 255 "and the kernel says as well that there is no 21st" bridge fdb add 02:00:00:00:36:ff dev "$pf" self
check_match "no memory, it calls that" "$LAB_OUTPUT" 'Cannot allocate memory'
before=$(state)
policy '"fdb": ["02:00:00:00:37:01"], "defaults": { "mac": "keep" }'
refused "one more beside those" '1 address is wanted.*; 20 slots are taken by others'

# --- back -------------------------------------------------------------------------------------------------------------
bridge fdb del 02:00:00:00:36:14 dev "$pf" self
bridge fdb add 02:00:00:00:38:01 dev "$pf" self
check "reset" sriovctl reset "$spare"
check_eq "another's address is left" "$(fdb)" '["02:00:00:00:38:01"]'
bridge fdb del 02:00:00:00:38:01 dev "$pf" self
check_eq "all else is as it was" "$(state)" "$(cat /run/pf-settings.before)"
check "a second reset" sriovctl reset "$spare"
check_match "has nothing to undo" "$LAB_OUTPUT" '^nothing to undo'
rm /run/systemd/system/lab-settings.service
systemctl daemon-reload
check "apply of the host's own policy, whose files the other ones have replaced" sriovctl apply
