# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A card that the policy names is plugged in and pulled out, several times: provisioned without a command, gone without
# noise, and the VFs of other cards never notice. The card was absent at boot (74); it stays at the end.
# topology: hotplug
# policy: hotplug.json
# slow: yes
# timeout: 400

card=0000:03:00.0
want='0000:03:00.0 0 vfio-pci 02:00:00:00:03:00 -
0000:03:00.0 1 igbvf 02:00:00:00:03:01 hot0'

card_is_there() {
    [ "$(cat "$(pf_dir "$card")/sriov_numvfs" 2>/dev/null)" = 2 ]
}

card_is_gone() {
    [ ! -e "$(pf_dir "$card")" ] && [ ! -e "$(pf_dir 0000:03:10.0)" ]
}

# The others: their VFs, and the interface numbers, which would change if one was made anew.
others() {
    vf_table 0000:01:00.0 0000:02:00.0
    cat /sys/bus/pci/devices/0000:0[12]:*/net/*/ifindex
}

# mark: from here on, for complaints: the warnings and errors of the kernel, udev, systemd and sriovctl
mark() {
    journalctl --lines=1 --output=cat --show-cursor | sed -n 's/^-- cursor: //p' >/run/cursor
}

complaints() {
    journalctl --after-cursor="$(cat /run/cursor)" --priority=warning --output=cat _TRANSPORT=kernel + _PID=1 + \
        SYSLOG_IDENTIFIER=sriovctl + _SYSTEMD_UNIT=systemd-udevd.service
}

before=$(others)
check_exit 1 "status tells that the card is absent" sriovctl status
noise=0 total=$SECONDS
for round in $(seq "$LAB_ROUNDS"); do
    start=$SECONDS
    hotplug_add 2
    wait_for 60 card_is_there || :
    wait_hotplug_idle || :
    check_eq "plug $round: provisioned as the policy says" "$(vf_table $card)" "$want"
    mark
    hotplug_del 2
    wait_for 30 card_is_gone || :
    wait_hotplug_idle || :
    check_eq "pull $round: gone, and the others are as before" "$(vf_table $card; others)" "$before"
    complaints >/run/complaints
    cat /run/complaints
    noise=$((noise + $(wc -l </run/complaints)))
    echo "round $round took $((SECONDS - start)) s"
done
note "$LAB_ROUNDS rounds took $((SECONDS - total)) s; warnings and errors after a pull, in all: $noise"
check "no storm of errors when it goes" [ "$noise" -le 10 ]

hotplug_add 2
wait_for 60 card_is_there || :
wait_hotplug_idle || :
check "with the card, the host is as the policy says" sriovctl status
check_eq "the VLAN included" "$(vf_config $card 0 vlan_list)" '[{"vlan":300}]'
check_eq "the guest's VF is pinned" "$(cat "/sys/bus/pci/devices/$(vf_address $card 0)/driver_override")" vfio-pci
check "the files have its block, too" grep -qx "# PF $card" /run/udev/rules.d/81-sriovctl.rules
