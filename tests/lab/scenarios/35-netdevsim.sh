# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every attribute that there is, and more VFs than one netlink attribute can hold, on the kernel's simulated device.
# slow: yes
# timeout: 240

pf=netdevsim7
dir=/sys/bus/netdevsim/devices/$pf
# Which Linux 7.3 has no more: four VFs are all there can be, and nobody tells.
max=/sys/kernel/debug/netdevsim/$pf/max_vfs
modprobe netdevsim
echo "7 1" >/sys/bus/netdevsim/new_device
udevadm settle --timeout=90
netdev=$(basename "$dir"/net/*)
own=$(cat "/sys/class/net/$netdev/address")
limit='[?]'
[ ! -e "$max" ] || limit=$(cat "$max")

# vfs: each VF with all it has, read without any code of ours
vfs() {
    perl "$LAB_HOME/vf-table.pl" "$netdev"
}

# policy_of N SEED: a policy with N VFs and every attribute, different for each; and what vfs has to print then
policy_of() {
    jq -n --argjson n "$1" --argjson seed "$2" '
        def hex: [(. / 16 | floor), . % 16] | map("0123456789abcdef"[.:. + 1]) | add;
        { version: 1, pfs: [{ match: { address: "'"$pf"'" }, vfs: $n, vf: (reduce range($n) as $i ({}; . + { "\($i)": {
            mac: "02:00:00:\($seed | hex):\($i / 256 | floor | hex):\($i % 256 | hex)",
            vlan: { id: (1 + ($i + $seed) % 4094), qos: (($i + $seed) % 8), proto: ["802.1Q", "802.1ad"][($i + $seed) % 2] },
            min_tx_rate: (($i + $seed) % 100), max_tx_rate: (100 + $i + $seed),
            spoofchk: (($i + $seed) % 3 != 0), link_state: ["auto", "enable", "disable"][($i + $seed) % 3],
            query_rss: (($i + $seed) % 4 != 0), trust: (($i + $seed) % 5 != 0) } })) }] }'
}
table_of() {
    local i k
    echo "pf $own"
    for ((i = 0; i < $1; i++)); do
        k=$((i + $2))
        printf '%d 02:00:00:%02x:%02x:%02x %d %d %d %d %d %d %d %d %d\n' "$i" "$2" $((i / 256)) $((i % 256)) $((1 + k % 4094)) \
            $((k % 8)) $((k % 2 ? 0x88a8 : 0x8100)) $((k % 100)) $((100 + k)) $((k % 3 != 0)) $((k % 3)) $((k % 4 != 0)) \
            $((k % 5 != 0))
    done
}

# --- what it is -------------------------------------------------------------------------------------------------------
check "list" sriovctl list "$pf"
check_match "shows the PF, and its limit" "$LAB_OUTPUT" "^$pf +$netdev +netdevsim +$own +ethernet 0/$limit VFs"
check "check" sriovctl check

# --- every attribute --------------------------------------------------------------------------------------------------
policy_of 4 1 >/run/sim.json
check "plan" sriovctl plan /run/sim.json
check "apply" sriovctl apply /run/sim.json
check_eq "all of it is so" "$(vfs)" "$(table_of 4 1)"
check_eq "ip says the same of a VF" "$(ip -j -d link show dev "$netdev" | jq -cS '.[0].vfinfo_list[2]')" \
    "$(jq -cnS '{ vf: 2, address: "02:00:00:01:00:02", link_type: "ether", vlan_list: [{ vlan: 4, qos: 3, protocol: "802.1ad" }],
        rate: { max_tx: 103, min_tx: 3 }, spoofchk: false, link_state: "auto", query_rss_en: true, trust: true,
        broadcast: "ff:ff:ff:ff:ff:ff", tx_rate: 103 }')"
check "status" sriovctl status /run/sim.json
check "apply again" strace --follow-forks --seccomp-bpf --decode-fds=path --output=/run/sim.strace \
    --trace=openat,write,sendmsg,sendto sriovctl apply /run/sim.json
check_match "does nothing" "$LAB_OUTPUT" '^nothing to do'
check_eq "and writes nothing" \
    "$(grep -E 'openat\(.*"(/)?sys/.*O_(WRONLY|RDWR)|RTM_(SET|NEW)LINK.*NLM_F_REQUEST' /run/sim.strace)" ""
check "list" sriovctl list "$pf"
check_match "shows a VF" "$LAB_OUTPUT" "^  vf 2  $pf/2 +- +- +02:00:00:01:00:02  4 qos 3 802.1ad "
sriovctl capture "$pf" >/run/sim-captured.json
check "with what capture prints there is nothing to do" sriovctl status /run/sim-captured.json
check "reset" sriovctl reset
check_eq "there are no VFs" "$(cat "$dir/sriov_numvfs")" 0
check_match "nothing is left to undo" "$(sriovctl reset)" '^nothing to undo'

# --- VFs of others are adopted, and given back ------------------------------------------------------------------------
echo 3 >"$dir/sriov_numvfs"
ip link set dev "$netdev" vf 1 mac 02:00:00:00:00:99 vlan 99 qos 1 spoofchk off trust on
before=$(vfs)
policy_of 3 50 >/run/sim.json
check "apply to VFs that a shell made" sriovctl apply /run/sim.json
check_eq "all of it is so" "$(vfs)" "$(table_of 3 50)"
check "reset gives them back" sriovctl reset
check_eq "as they were" "$(vfs)" "$before"
policy_of 2 1 >/run/sim.json
check_exit 5 "another number of them needs consent" sriovctl apply /run/sim.json
echo 0 >"$dir/sriov_numvfs"

# --- what cannot be ---------------------------------------------------------------------------------------------------
policy_of 5 1 >/run/sim.json
if [ -e "$max" ]; then
    check_exit 1 "more than there can be" sriovctl apply /run/sim.json
    check_match "is refused before anything is done" "$LAB_OUTPUT" '5 VFs are wanted, its driver allows 4 \(max_vfs in debugfs\)'
else
    skip "more than there can be is refused before anything is done: nobody tells how many that is"
fi
umount --lazy /sys/kernel/debug
check_exit 1 "more than there can be, which nobody tells" sriovctl apply /run/sim.json
check_match "is refused by the kernel" "$LAB_OUTPUT" "$pf: create 5 VFs: .*ENOMEM.*: more than its max_vfs in debugfs allows"
mount -t debugfs debugfs /sys/kernel/debug
policy_of 2 1 | jq '.pfs[0].defaults.driver = "vfio-pci"' >/run/sim.json
check_exit 1 "a driver for VFs that are no devices" sriovctl apply /run/sim.json
check_match "is refused" "$LAB_OUTPUT" 'its VFs are no PCI functions, so none can have a driver'

# --- the service ------------------------------------------------------------------------------------------------------
mkdir -p /etc/sriovctl/policy.d
policy_of 4 9 >/etc/sriovctl/policy.d/sim.json
check "the service does it" systemctl restart sriov.service
check_eq "all of it" "$(vfs)" "$(table_of 4 9)"
check "systemctl stop" systemctl stop sriov.service
rm /etc/sriovctl/policy.d/sim.json
check "reset" sriovctl reset

# --- many -------------------------------------------------------------------------------------------------------------
# 221 VFs with statistics fit into a list, 334 without; messages to the kernel have the same limit.
if [ -e "$max" ]; then
    echo 500 >"$max"
    for n in 222 335 400; do
        policy_of "$n" $((n % 200)) >/run/sim.json
        check "apply with $n VFs" sriovctl apply /run/sim.json
        vfs >/run/vfs
        check "all of it is so" diff /run/vfs <(table_of "$n" $((n % 200)))
        check_match "apply has nothing to do" "$(sriovctl apply /run/sim.json)" '^nothing to do'
        check_eq "the PF has its own MAC" "$(sriovctl list --json "$pf" | jq -r '.pfs[0] | "\(.mac) \(.num_vfs)"')" "$own $n"
        check "reset" sriovctl reset
    done
else
    skip "222, 335 and 400 VFs: four are all that there can be"
fi
check_eq "there are no VFs" "$(cat "$dir/sriov_numvfs")" 0

echo 7 >/sys/bus/netdevsim/del_device
rmmod netdevsim
