# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# sriov.service at boot, three boots in a row: 4 × 7 VFs of igb and 127 of NVMe, as the policy says. Nothing here trusts
# sriovctl's own reading: ip, lspci, dmesg and /sys tell.
# policy: main.json
# boots: 3
# boots-no-slow: 1
# timeout: 200

pfs='0000:01:00.0 0000:02:00.0 0000:03:00.0 0000:04:00.0'
nvme=0000:06:00.0

check "sriov.service is active" systemctl is-active sriov.service
attach "its share of the boot" systemctl show --property=ExecMainStartTimestampMonotonic,ExecMainExitTimestampMonotonic,CPUUsageNSec sriov.service

right=0
for pf in $pfs; do
    for vf in 0 1 2 3 4 5 6; do
        want=$(printf '02:00:00:00:%s:%02x' "${pf:5:2}" "$vf")
        [ "$(vf_config "$pf" "$vf" address)" != "$want" ] || right=$((right + 1))
    done
done
check_eq "28 of 28 MACs are the policy's" "$right" 28

for pf in $pfs; do
    check "$pf is up" [ "$(ip -j link show dev "$(netdev_of "$pf")" | jq -r '.[0].flags | index("UP") != null')" = true ]
    check_eq "$pf: autoprobe is on again" "$(cat "$(pf_dir "$pf")/sriov_drivers_autoprobe")" 1
done

# drivers_of PF LAST: the drivers of VF 0 to LAST by lspci, sorted and counted
drivers_of() {
    local i
    for i in $(seq 0 "$2"); do
        lspci -D -nnk -s "$(vf_address "$1" "$i")" | sed -n 's/.*Kernel driver in use: //p'
    done | sort | uniq -c | awk '{ printf "%s%s %s", sep, $1, $2; sep = ", " }'
}

for pf in 0000:01:00.0 0000:02:00.0 0000:03:00.0; do
    check_eq "$pf: six VFs are for guests and one, on the same PF, for the host" "$(drivers_of "$pf" 6)" "1 igbvf, 6 vfio-pci"
done
check_eq "0000:04:00.0: one VF has no driver, as the policy says" "$(drivers_of 0000:04:00.0 6)" "1 igbvf, 5 vfio-pci"
check_eq "all 127 VFs of the NVMe controller are on vfio-pci" "$(drivers_of "$nvme" 126)" "127 vfio-pci"

check_eq "vlan with qos" "$(vf_config 0000:01:00.0 0 vlan_list)" '[{"vlan":100,"qos":3}]'
check_eq "a rate" "$(vf_config 0000:01:00.0 0 rate)" '{"max_tx":500,"min_tx":0}'
check_eq "spoofchk off" "$(vf_config 0000:01:00.0 1 spoofchk)" false
check_eq "spoofchk untouched: igb's on" "$(vf_config 0000:01:00.0 2 spoofchk)" true
check_eq "trust on" "$(vf_config 0000:01:00.0 1 trust)" true

# No host driver ever probed a VF that goes to a guest: igbvf and nvme log each device that they meet.
host_vfs=$(for pf in $pfs; do vf_address "$pf" 6; done)
met=$(dmesg | grep -oE 'igbvf [0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]' | sort -u | cut -d' ' -f2)
check_eq "igbvf met the four VFs of the host, and no other" "$(sort <<<"$met" | xargs)" "$(sort <<<"$host_vfs" | xargs)"
check_eq "nvme met no VF" "$(dmesg | grep -cE 'nvme nvme[0-9]+: pci function 0000:06:(0[1-9a-f]|[1-9a-f])' || :)" 0
for pf in $pfs; do
    netdev=$(netdev_of "$(vf_address "$pf" 6)")
    check_eq "the host's VF $netdev has its MAC" "$(cat "/sys/class/net/$netdev/address")" \
        "$(printf '02:00:00:00:%s:06' "${pf:5:2}")"
done

check "status: in sync" sriovctl status
check_eq "the policy file is as it was" "$(cksum </etc/sriovctl/policy.json)" "$(cksum <"$LAB_HOME/policies/main.json")"
check_match "the journal has fields: what was done to VF 0 of the first PF" \
    "$(journalctl --boot --output=json SRIOVCTL_PF=0000:01:00.0 SRIOVCTL_VF=0 SRIOVCTL_ATTR=mac)" '"SRIOVCTL_STEP":"vf-attr"'
check_match "the journal of the unit ends with a summary" \
    "$(journalctl --boot --unit=sriov.service --output=cat)" '^[0-9]+ steps done; of 5 PFs, 0 failed, 0 refused$'
