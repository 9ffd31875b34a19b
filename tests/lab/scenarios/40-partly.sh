# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a driver does not do: known beforehand, nothing of that PF is touched; found out on the way, the attribute is named, the
# others are applied, and so is the rest of the host.
# policy: main.json
# timeout: 200

spare=0000:05:00.0
spare_if=$(netdev_of "$spare")
other_if=$(netdev_of 0000:04:00.0)
was_up=$(ip -j link show dev "$spare_if" up | jq length)
vlan_before=$(vf_config 0000:04:00.0 3 vlan_list)

vf_count() {
    cat "$(pf_dir "$1")/sriov_numvfs"
}

# write_policy PF_KEYS KEY VALUE: of the spare PF's VFs, and something for another PF
write_policy() {
    cat >/run/partly.json <<P
{ "version": 1, "pfs": [
    { "match": { "address": "$spare" }, "vfs": 2, $1
      "defaults": { "$2": $3, "trust": true, "driver": "vfio-pci" }, "vf": { "1": { "mac": "02:00:00:00:05:01" } } },
    { "match": { "address": "0000:04:00.0" }, "vfs": 7, "defaults": { "mac": "keep" }, "vf": { "3": { "vlan": 33 } } }
] }
P
}

restored() {
    check "as before" sriovctl apply
    ip link set dev "$other_if" vf 3 vlan 0
}

# known KEY VALUE WORDS: nothing is done, with --keep-going for that PF alone
known() {
    write_policy '' "$1" "$2"
    check_exit 1 "apply with $1" sriovctl apply /run/partly.json
    check_match "$1 is refused at its place" "$LAB_OUTPUT" "^/run/partly.json:3:[0-9]+: /pfs/0/defaults/$1: $spare: vf 0: $3\$"
    check_eq "before anything is changed" "$(vf_count "$spare") $(vf_config 0000:04:00.0 3 vlan_list)" "0 $vlan_before"
}

known link_state '"enable"' 'igb does not implement link_state: remove it, or let it be "auto"'
known query_rss true 'igb does not implement query_rss: remove it'
known min_tx_rate 100 'igb does not implement min_tx_rate: remove it, or let it be 0'
check_exit 6 "apply --keep-going" sriovctl apply --keep-going /run/partly.json
check_eq "the PF is left alone" "$(vf_count "$spare")" 0
check_eq "the other one is configured" "$(vf_config 0000:04:00.0 3 vlan_list)" '[{"vlan":33}]'
restored

# What the table of drivers cannot know: that nobody raises the interface meanwhile.
ip link set dev "$spare_if" down
write_policy '"up": false,' max_tx_rate 100
check_exit 6 "apply with a rate, without link" sriovctl apply /run/partly.json
check_match "a warning comes first" "$LAB_OUTPUT" \
    "^sriovctl: warning: /run/partly.json:3:[0-9]+: /pfs/0/defaults/max_tx_rate: $spare: vf 0: for max_tx_rate, igb needs the PF's interface up"
for vf in 0 1; do
    check_match "max_tx_rate is named for VF $vf, with the reason" "$LAB_OUTPUT" "^sriovctl: $spare: vf $vf max_tx_rate .*: .*EINVAL"
done
check_eq "nothing else is" "$(grep '^sriovctl:' <<<"$LAB_OUTPUT" | grep -vc warning)" 2
check_eq "trust is applied" "$(vf_config "$spare" 0 trust) $(vf_config "$spare" 1 trust)" "true true"
check_eq "the MAC is" "$(vf_config "$spare" 1 address)" 02:00:00:00:05:01
check_eq "the driver is" "$(driver_of "$(vf_address "$spare" 1)")" vfio-pci
check_eq "the other PF is configured" "$(vf_config 0000:04:00.0 3 vlan_list)" '[{"vlan":33}]'
check "reset" sriovctl reset "$spare"
restored
[ "$was_up" = 0 ] || ip link set dev "$spare_if" up

# What igb cannot be told, but reports as it is wanted, is no failure.
cat >/run/auto.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "$spare" }, "vfs": 2,
    "defaults": { "link_state": "auto", "min_tx_rate": 0, "vlan": 0, "trust": false } }] }
P
check "apply of what the driver reports already" sriovctl apply /run/auto.json
check "reset" sriovctl reset "$spare"
