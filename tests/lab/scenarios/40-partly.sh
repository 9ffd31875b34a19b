# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A driver that refuses an attribute: it is named, the others are applied, and so is the rest of the host.
# policy: main.json
# timeout: 200

spare=0000:05:00.0

# partly KEY VALUE WORDS: of the spare PF's VFs; every other attribute of them is applied
partly() {
    local key=$1 value=$2 words=$3
    cat >/run/partly.json <<P
{ "version": 1, "pfs": [
    { "match": { "address": "$spare" }, "vfs": 2,
      "defaults": { "$key": $value, "trust": true, "driver": "vfio-pci" }, "vf": { "1": { "mac": "02:00:00:00:05:01" } } },
    { "match": { "address": "0000:04:00.0" }, "vfs": 7, "defaults": { "mac": "keep" }, "vf": { "3": { "vlan": 33 } } }
] }
P
    check_exit 6 "apply with $key" sriovctl apply /run/partly.json
    check_match "$key is named for VF 0, with the reason" "$LAB_OUTPUT" "^sriovctl: $spare: vf 0 $key .*: .*$words"
    check_match "and for VF 1" "$LAB_OUTPUT" "^sriovctl: $spare: vf 1 $key .*: .*$words"
    check_eq "nothing else is" "$(grep -c '^sriovctl:' <<<"$LAB_OUTPUT")" 2
    check_eq "trust is applied" "$(vf_config "$spare" 0 trust) $(vf_config "$spare" 1 trust)" "true true"
    check_eq "the MAC is" "$(vf_config "$spare" 1 address)" 02:00:00:00:05:01
    check_eq "the driver is" "$(driver_of "$(vf_address "$spare" 1)")" vfio-pci
    check_eq "the other PF is configured" "$(vf_config 0000:04:00.0 3 vlan_list)" '[{"vlan":33}]'
    check "reset" sriovctl reset "$spare"
    check "as before" sriovctl apply
    ip link set dev "$(netdev_of 0000:04:00.0)" vf 3 vlan 0
}

partly link_state '"enable"' 'EOPNOTSUPP'
partly query_rss true 'EOPNOTSUPP'
partly min_tx_rate 100 'EINVAL'

# What igb cannot be told, but reports as it is wanted, is no failure.
cat >/run/auto.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "$spare" }, "vfs": 2,
    "defaults": { "link_state": "auto", "min_tx_rate": 0, "vlan": 0, "trust": false } }] }
P
check "apply of what the driver reports already" sriovctl apply /run/auto.json
check "reset" sriovctl reset "$spare"
