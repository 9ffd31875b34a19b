# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What tests/demo shows of the emulated host, after sriov.service has provisioned it at boot.
# policy: demo.json
# timeout: 300

policy=/etc/sriovctl/policy.json
pf=0000:01:00.0
spare=0000:05:00.0

# show TITLE COMMAND…
show() {
    local title=$1
    shift
    printf '\n=== %s\n' "$title"
    "$@" 2>&1 || :
}

# show_guest TITLE ADDRESS: what its VF driver says; all of its console is in `console` afterwards
show_guest() {
    printf '\n=== %s\n' "$1"
    console=$(guest_run "$2") || echo "(the guest did not come to its end)"
    printf '%s\n' "$console"
}

# The shell way for one VF of the card that the policy does not name, without what the shell way forgets.
unprovisioned_vf() {
    ip link set dev "$(netdev_of "$spare")" up
    echo 0 >"$(pf_dir "$spare")/sriov_drivers_autoprobe"
    echo 1 >"$(pf_dir "$spare")/sriov_numvfs"
    bind_vf "$(vf_address "$spare" 0)" vfio-pci
}

show "the policy: $policy" cat "$policy"
show "the journal of sriov.service" journalctl --boot --no-pager --output=short-monotonic --unit=sriov.service
show "sriovctl list" sriovctl list
show "sriovctl groups" sriovctl groups

want=$(jq -r --arg pf "$pf" '.pfs[] | select(.match.address == $pf) | .vf["0"].mac' "$policy")
vf=$(vf_address "$pf" 0)
show_guest "a guest with $vf, whose MAC the policy sets to $want" "$vf"
provisioned=$console

unprovisioned_vf
vf=$(vf_address "$spare" 0)
show_guest "a guest with $vf, which nobody has provisioned" "$vf"
unprovisioned=$console

printf '\n=== so\n'
check "sriov.service has done its work" systemctl is-active sriov.service
check "the host is as the policy wants it" sriovctl status
check_match "the guest's driver has the policy's MAC: $want" "$provisioned" "igbvf .*Address: $want\$"
check_eq "the guest's netdev has it, too" "$(guest_macs <<<"$provisioned")" "$want"
check_match "the other guest's driver: no MAC assigned by the administrator" "$unprovisioned" \
    'MAC address not assigned by administrator'
