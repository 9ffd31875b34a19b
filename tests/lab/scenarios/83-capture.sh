# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# From the script of a blog post to a policy: with what `capture` prints there is nothing to do, and after a boot without the
# script the host is the same.
# boots: 2
# slow: yes

pfs='0000:01:00.0 0000:02:00.0'

# state: what the script has set, as others than sriovctl tell it
state() {
    local pf
    # shellcheck disable=SC2086 # words
    vf_table $pfs
    for pf in $pfs; do
        ip -j -d link show dev "$(netdev_of "$pf")" |
            jq -c '.[0].vfinfo_list[] | [.vf, .vlan_list, .rate, .spoofchk, .trust, .link_state]'
        grep -H . "$(pf_dir "$pf")"/sriov_numvfs "$(pf_dir "$pf")"/sriov_drivers_autoprobe
        ip -j link show dev "$(netdev_of "$pf")" | jq -c '.[0].flags | index("UP") != null'
    done
}

if [ "$LAB_BOOT" = 1 ]; then
    # The usual lines: VFs, some of them with addresses; on the second card a limit, a VLAN, and one VF for a guest.
    ip link set "$(netdev_of 0000:01:00.0)" up
    ip link set "$(netdev_of 0000:02:00.0)" up
    echo 6 >/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs
    for i in 0 1 2 3 4 5; do
        ip link set "$(netdev_of 0000:01:00.0)" vf "$i" mac "02:00:00:00:83:0$i"
    done
    echo 3 >/sys/bus/pci/devices/0000:02:00.0/sriov_numvfs
    for i in 0 1 2; do
        ip link set "$(netdev_of 0000:02:00.0)" vf "$i" mac "02:00:00:00:84:0$i"
    done
    ip link set "$(netdev_of 0000:02:00.0)" vf 0 vlan 40 qos 2
    ip link set "$(netdev_of 0000:02:00.0)" vf 1 spoofchk off trust on
    udevadm settle --timeout=90

    cat >/etc/systemd/system/vfs.service <<'U'
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo 6 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs'
U
    check_match "capture tells which line its policy replaces" "$(sriovctl capture 2>&1 >/dev/null)" \
        '^sriovctl: note: /etc/systemd/system/vfs.service:3: .*systemctl disable vfs.service'
    rm /etc/systemd/system/vfs.service

    check "capture of the first card" eval 'sriovctl capture 0000:01:00.0 >/run/one.json'
    check "is a good policy" sriovctl validate /run/one.json
    check "with which there is nothing to do" sriovctl plan --exit-code /run/one.json
    check_match "which is told" "$LAB_OUTPUT" '^0000:01:00.0 .*: nothing to do$'
    sriovctl capture >/run/both.json
    check_eq "both cards are captured without a name" "$(jq -c '[.pfs[] | [.match.address, .vfs]]' /run/both.json)" \
        '[["0000:01:00.0",6],["0000:02:00.0",3]]'
    check "with which there is nothing to do" sriovctl plan --exit-code /run/both.json

    # A guest's VF beside those of the host: what keeps managers off it are files, and nothing else is to be done.
    check "a VF goes to vfio-pci" bind_vf "$(vf_address 0000:02:00.0 2)" vfio-pci
    sriovctl capture >/run/guest.json
    check_exit 4 "then there are files to write" sriovctl plan --exit-code /run/guest.json
    check_eq "and nothing else" "$(sed -n 's/^  \[[a-z ]*\] *\([^ ]* [^ ]*\) .*/\1/p' <<<"$LAB_OUTPUT" | sort -u)" 'host write'
    state >/var/tmp/captured.state
    install -D -m 644 /run/guest.json /etc/sriovctl/policy.json
    check "the service is on" systemctl is-enabled sriov.service
else
    check "sriov.service has run" systemctl is-active sriov.service
    udevadm settle --timeout=90
    check_eq "the host is as the script had left it" "$(state)" "$(cat /var/tmp/captured.state)"
    check "nothing is left to do" sriovctl plan --exit-code
    # shellcheck disable=SC2086 # words
    check_eq "capture gives the same policy again" "$(sriovctl capture $pfs | jq -S .)" "$(jq -S . /etc/sriovctl/policy.json)"
    rm /etc/sriovctl/policy.json
    # shellcheck disable=SC2086 # words
    check "reset" sriovctl reset $pfs
fi
