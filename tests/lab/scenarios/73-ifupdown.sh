# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ifupdown2 as Proxmox VE uses it, a bridge for the guests on the first PF: it starts after the VFs are made (Debian's
# alone starts so early that it finds no PF), and leaves the VFs alone.
# topology: pair
# policy: isolation.json
# manager: ifupdown
# timeout: 300

manager=ifupdown
# shellcheck source=tests/lab/guest/managers.sh
. "$LAB_HOME/managers.sh"

# Debian's ifreload takes for granted that this is there.
mkdir -p /etc/iproute2/rt_tables.d

# bridge_works: its only port is the PF, which has no address of its own, and what is behind it answers
bridge_works() {
    ip -d addr show dev enp1s0
    [ "$(ip -j link show master vmbr0 | jq -r '[.[].ifname] | join(" ")')" = enp1s0 ] &&
        [ "$(ip -j addr show dev enp1s0 | jq '.[0].addr_info | length')" = 0 ] &&
        wait_for 20 busybox ping -c 1 -W 1 10.0.2.2 >/dev/null
}

boot_checks
check "the bridge has the PF as its port, and works" bridge_works
left_alone "at boot"

check "reset, under the bridge" sriovctl reset
check "apply" sriovctl apply
# shellcheck disable=SC2086,SC2154 # a list, of managers.sh
check_eq "the VFs are as the policy says" "$(vf_table $pfs)" "$isolation_table"
check "ifreload" ifreload --all
check "the bridge still works" bridge_works
left_alone "after reset, apply and ifreload"

container_checks
check "ifreload" ifreload --all
left_alone "at the end"
