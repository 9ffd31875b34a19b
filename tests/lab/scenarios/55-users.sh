# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who uses a VF is told by name, by list, show and every refusal; and what is in use is not touched.
# policy: main.json
# timeout: 460

# A PF of whose VFs one half is for guests, the other with the host's driver. MAC "keep": only what is asked for changes.
pf=0000:05:00.0
policy() { # NAME MEMBERS-OF-"vf"
    cat >"/run/$1.json" <<P
{ "version": 1, "pfs": [{ "match": { "address": "$pf" }, "vfs": 7, "defaults": { "driver": "vfio-pci", "mac": "keep" },
    "vf": { "4": { "driver": "host" }, "6": { "driver": "host" }, $2 } }] }
P
}
policy base '"5": { "driver": "host" }'
check "apply makes guests' VFs and the host's" sriovctl apply /run/base.json
guest_vf=$(vf_address "$pf" 1)
host_vf=$(vf_address "$pf" 5)
udevadm settle
netdev=$(netdev_of "$host_vf")
policy guest '"5": { "driver": "host" }, "1": { "mac": "02:00:00:00:05:99" }'
policy host '"5": { "driver": "none" }'
policy driver '"5": { "driver": "host" }, "1": { "driver": "host" }'
check_eq "nobody uses them" "$(sriovctl list --json "$pf" | jq -c '[.pfs[].vfs[].used] | unique')" '[null]'
check_match "so a guest's VF may be changed" "$(sriovctl plan /run/guest.json)" "resets VF.*vf 1 mac 02:00:00:00:05:99( \\(was [0-9a-f:]*\\))?$"
check_match "and a host's VF" "$(sriovctl plan /run/host.json)" "resets VF.*vf 5 unbind from igbvf$"

# What would destroy them all, and a VF's MAC
cat >/run/count.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "$pf" }, "vfs": 1, "defaults": { "mac": "keep" } }] }
P
policy mac '"5": { "driver": "host", "mac": "02:00:00:00:05:98" }, "1": { "mac": "02:00:00:00:05:99" }'

# refused_all POLICY TEXT WORDS: as below, and so is all else that would hurt it
refused_all() {
    refused "$@"
    check_exit 5 "$2: another count is refused" sriovctl apply --recreate /run/count.json
    check_match "$2: another count: by name" "$LAB_OUTPUT" "is in use: $3; --force"
    check_exit 5 "$2: another MAC is refused" sriovctl apply /run/mac.json
    check_match "$2: another MAC: by name" "$LAB_OUTPUT" "is in use: $3; --force"
    [ "$1" = host ] || {
        check_exit 5 "$2: another driver is refused" sriovctl apply /run/driver.json
        check_match "$2: another driver: by name" "$LAB_OUTPUT" "is in use: $3; --force"
    }
}

# refused POLICY TEXT WORDS: apply refuses in these words, which list, show and reset say too; nothing changes
refused() {
    local before after address
    before=$(ip -d link show dev "$(netdev_of "$pf")" | grep ' vf '; readlink /sys/bus/pci/devices/"$pf"/virtfn*/driver)
    check_exit 5 "$2: refused" sriovctl apply "/run/$1.json"
    check_match "$2: in words" "$LAB_OUTPUT" "is in use: $3; --force"
    address=$host_vf
    [ "$1" = host ] || address=$guest_vf
    check_match "$2: list says so" "$(sriovctl list "$pf")" "$address .* $3\$"
    check_match "$2: show says so" "$(sriovctl show "$address")" "^used  *$3\$"
    check_exit 5 "$2: reset is refused" sriovctl reset "$pf"
    check_match "$2: in the same words" "$LAB_OUTPUT" "\\($address\\) is in use: $3"
    after=$(ip -d link show dev "$(netdev_of "$pf")" | grep ' vf '; readlink /sys/bus/pci/devices/"$pf"/virtfn*/driver)
    check_eq "$2: nothing has changed" "$after" "$before"
}

# --- guests -----------------------------------------------------------------------------------------------------------
check "a guest with an id and a name stays" guest_start named "$guest_vf" -name guest=fw,debug-threads=on
pid=$(cat /run/lab-guest.named.pid)
refused guest "a guest by its name" "open in VM \"fw\" \\(qemu-system-x86, pid $pid\\)"
check_eq "list --json has it" "$(sriovctl list --json "$pf" | jq -c '.pfs[].vfs[1].user')" \
    "{\"guest\":\"VM \\\"fw\\\"\",\"process\":\"qemu-system-x86\",\"pid\":$pid}"
check_match "others than root know that it is in use, not by whom" \
    "$(setpriv --reuid=65534 --regid=65534 --clear-groups sriovctl list "$pf" 2>&1)" "$guest_vf .*open in a VFIO user$"
check "the guest still runs" guest_running named
check "the guest stops" guest_stop named
check_eq "then nobody uses it" "$(sriovctl list --json "$pf" | jq -c '.pfs[].vfs[1].used')" null

# --- Proxmox ----------------------------------------------------------------------------------------------------------
reservations=/run/qemu-server/pci-id-reservations
mkdir -p /run/qemu-server
sleep 1000 &
holder=$!
echo "$guest_vf 104 pid:$holder" >"$reservations"
refused_all guest "a VF that Proxmox has reserved" 'reserved for VM 104 \(Proxmox\)'
kill "$holder"
wait "$holder" || :
check_eq "a reservation of a process that has gone is none" "$(sriovctl list --json "$pf" | jq -c '.pfs[].vfs[1].used')" null
echo "$guest_vf 104 time:$(($(date +%s) + 100))" >"$reservations"
check_exit 5 "one whose time is not up is one" sriovctl apply /run/guest.json
echo "$guest_vf 104 time:$(($(date +%s) - 1))" >"$reservations"
check "one whose time is up is none" sriovctl apply /run/guest.json
rm -r /run/qemu-server
mkdir -p /etc/pve/qemu-server
echo "hostpci0: host=${guest_vf#0000:},pcie=1" >/etc/pve/qemu-server/104.conf
check_match "a configuration that names it is shown" "$(sriovctl list "$pf")" "$guest_vf .*no, assigned to VM 104$"
check_eq "and no use" "$(sriovctl list --json "$pf" | jq -c '.pfs[].vfs[1] | [.used, .assigned_to]')" '[null,"VM 104"]'
rm -r /etc/pve

# --- the host's interface ---------------------------------------------------------------------------------------------
check_eq "the host's VF is idle while its interface is down" "$(ip -j link show "$netdev" | jq -c '.[0].flags | index("UP")')" null
# The emulator's network announces an IPv6 router, whose default route would be told first.
echo 1 >"/proc/sys/net/ipv6/conf/$netdev/disable_ipv6"
ip link set "$netdev" up
refused host "an interface that is up" "$netdev is up"
ip address add 192.0.2.5/24 dev "$netdev"
refused_all host "one with an address" "$netdev has the address 192.0.2.5/24"
ip route add default via 192.0.2.1 metric 4000
refused host "one with the default route" "the default route leads out of $netdev"
check_match "one by which the caller came" "$(SSH_CONNECTION='192.0.2.77 5000 192.0.2.5 22' sriovctl list "$pf")" \
    "$host_vf .*this SSH session comes in by $netdev$"
ip address flush dev "$netdev"
ip link set "$netdev" down
check_eq "one that is down again is not" "$(sriovctl list --json "$pf" | jq -c '.pfs[].vfs[5].used')" null
ip address add 192.0.2.5/24 dev "$netdev"
refused host "one that is down, with an address" "$netdev has the address 192.0.2.5/24"
ip address flush dev "$netdev"
ip link add link "$netdev" name lab-macvlan type macvlan
refused host "one below a macvlan" "lab-macvlan is on top of $netdev"
ip link delete lab-macvlan
ip link add lab-br type bridge
ip link set "$netdev" master lab-br
refused_all host "a member of a bridge" "$netdev is a member of lab-br"
ip link delete lab-br

# --- other network namespaces -----------------------------------------------------------------------------------------
ip netns add blue
ip link set "$netdev" netns blue
refused_all host "an interface in a namespace with a name" 'its interface is in the network namespace blue'
ip -n blue link set "$netdev" netns 1
ip netns delete blue
wait_for 5 netdev_of "$host_vf"
udevadm settle
netdev=$(netdev_of "$host_vf")
unshare --net sleep 1000 &
holder=$!
wait_for 5 grep -q sleep "/proc/$holder/comm"
ip link set "$netdev" netns "$holder"
refused host "an interface in a process's namespace" "its interface is in the network namespace of process sleep \\(pid $holder\\)"
group=/sys/fs/cgroup/lxc/100
mkdir -p "$group"
echo "$holder" >"$group/cgroup.procs"
refused host "an interface in a container" "its interface is in container 100 \\(sleep, pid $holder\\)"
kill "$holder"
wait "$holder" || :
wait_for 10 netdev_of "$host_vf"
udevadm settle
rmdir "$group" "${group%/*}"
ip link set "$(netdev_of "$host_vf")" down
check_eq "when the container has ended, the VF is idle" "$(sriovctl list --json "$pf" | jq -c '.pfs[].vfs[5].used')" null

# --- the end ----------------------------------------------------------------------------------------------------------
check "apply takes it then" sriovctl apply /run/host.json
check "reset" sriovctl reset "$pf"
check "apply of the host's own policy, whose files the other ones have replaced" sriovctl apply
