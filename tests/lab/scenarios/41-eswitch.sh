# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The mode of the embedded switch, on the kernel's simulated device: set before VFs are made, read back with devlink, refused
# where it would take VFs, put back by reset; and MTU and offloads of that device.
# slow: yes
# timeout: 240

pf=netdevsim8
dir=/sys/bus/netdevsim/devices/$pf
file=/run/eswitch.json
modprobe netdevsim
echo "8 1" >/sys/bus/netdevsim/new_device
udevadm settle --timeout=90
netdev=$(basename "$dir"/net/*)

mode() {
    devlink -j dev eswitch show "netdevsim/$pf" | jq -r '.dev[].mode'
}

vfs() {
    cat "$dir/sriov_numvfs"
}

# policy REST: of an entry for the device
policy() {
    printf '{ "version": 1, "pfs": [{ "match": { "address": "%s" }, "defaults": { "mac": "keep" }, %s }] }\n' "$pf" "$1" >"$file"
}

# order TRACE: in which order modes were set (DEVLINK_CMD_ESWITCH_SET is 0x1e) and VFs removed and made
order() {
    sed -n 's/.*sriov_numvfs>, "\([0-9]*\)".*/vfs \1/p; s/.*{cmd=\(0x1e\|DEVLINK_CMD_ESWITCH_SET\), .*/mode/p' "$1" | tr '\n' ' '
}

# apply_traced OPTION…: apply, and what it did in which order, in /run/eswitch.strace
apply_traced() {
    strace --follow-forks --seccomp-bpf --decode-fds=path --string-limit=120 --output=/run/eswitch.strace \
        --trace=write,sendmsg sriovctl apply "$@" "$file"
}

check_eq "at first" "$(mode) $(vfs)" 'legacy 0'
policy '"vfs": 2, "eswitch": "switchdev", "mtu": 3000, "features": { "rx-gro": false }'
check "plan" sriovctl plan "$file"
check_eq "the mode comes before the VFs" "$(grep -oE 'eswitch switchdev \(was legacy\)|create 2 VFs' <<<"$LAB_OUTPUT" | tr '\n' ' ')" \
    'eswitch switchdev (was legacy) create 2 VFs '
check "apply" sriovctl apply "$file"
check_eq "devlink tells the mode" "$(mode) $(vfs)" 'switchdev 2'
check_eq "MTU" "$(ip -j link show dev "$netdev" | jq '.[0].mtu')" 3000
check_match "apply has nothing to do" "$(sriovctl apply "$file")" '^nothing to do'
udevadm settle --timeout=90
representors=$(for i in "$dir"/net/*; do basename "$i"; done | grep -vx "$netdev" | sort | tr '\n' ' ')
check_eq "there are two representors" "$(wc -w <<<"$representors")" 2
check_eq "show names them, beside the PF's own interface" \
    "$(sriovctl show --json "$pf" | jq -r '"\(.netdev) \(.eswitch) \(.representors | sort | join(" ")) "')" \
    "$netdev switchdev $representors"

# --- VFs that are there -----------------------------------------------------------------------------------------------
policy '"vfs": 2, "eswitch": "legacy"'
check_exit 5 "another mode takes the VFs" sriovctl apply "$file"
check_match "which is refused" "$LAB_OUTPUT" "^sriovctl: $pf: refused: remove all 2 VFs: .*--recreate"
check_eq "nothing has changed" "$(mode) $(vfs)" 'switchdev 2'
check "with consent" apply_traced --recreate
check_eq "they go first, and come in the other mode" "$(order /run/eswitch.strace)" 'vfs 0 mode vfs 2 '
check_eq "so it is" "$(mode) $(vfs)" 'legacy 2'

# --- VFs that do not come ---------------------------------------------------------------------------------------------
policy '"vfs": 4, "eswitch": "switchdev"'
echo 0 >"$dir/sriov_numvfs"
echo 3 >"/sys/kernel/debug/netdevsim/$pf/max_vfs"
umount --lazy /sys/kernel/debug
check_exit 6 "more VFs than there can be, which nobody tells" sriovctl apply "$file"
mount -t debugfs debugfs /sys/kernel/debug
check_match "the mode is put back" "$LAB_OUTPUT" "putting back: $pf eswitch legacy|$pf eswitch legacy \(was switchdev\)"
check_eq "and is as it was" "$(mode) $(vfs)" 'legacy 0'

# --- back -------------------------------------------------------------------------------------------------------------
policy '"vfs": 2, "eswitch": "switchdev"'
check "once more" sriovctl apply "$file"
check "reset" sriovctl reset
check_eq "all is as it was" "$(mode) $(vfs) $(ip -j link show dev "$netdev" | jq '.[0].mtu')" 'legacy 0 1500'
check_match "nothing is left to undo" "$(sriovctl reset)" '^nothing to undo'
echo 8 >/sys/bus/netdevsim/del_device
rmmod netdevsim
