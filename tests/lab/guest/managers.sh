# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by scenarios that look whether a network manager keeps its hands off the VFs of policies/isolation.json. What
# a manager does is read from its own tools and its journal, and from the kernel.

manager=${manager:?NetworkManager, networkd or ifupdown}
pfs='0000:01:00.0 0000:02:00.0'

# PF/INDEX of those that have an interface and are nobody's business, and of the one that the manager may have.
unmanaged_vfs='0000:01:00.0/1 0000:01:00.0/2 0000:02:00.0/1 0000:02:00.0/2'
managed_vf=0000:01:00.0/3

case $manager in
    NetworkManager) manager_unit=NetworkManager.service ;;
    networkd) manager_unit=systemd-networkd.service ;;
    ifupdown) manager_unit=networking.service ;;
esac

# What `vf_table` has to show.
isolation_table='0000:01:00.0 0 vfio-pci 02:00:00:00:01:00 -
0000:01:00.0 1 igbvf 02:00:00:00:01:01 enp1s0v1
0000:01:00.0 2 igbvf 02:00:00:00:01:02 lxc0
0000:01:00.0 3 igbvf 02:00:00:00:01:03 enp1s0v3
0000:02:00.0 0 vfio-pci 02:00:00:00:02:00 -
0000:02:00.0 1 igbvf 02:00:00:00:02:01 enp2s0v1
0000:02:00.0 2 igbvf 02:00:00:00:02:02 enp2s0v2'

# netdev_of_vf PF/INDEX
netdev_of_vf() {
    netdev_of "$(vf_address "${1%/*}" "${1#*/}")"
}

# manager_list: a line for each interface, its name and the manager's word for it; "unmanaged" is the same for both
manager_list() {
    case $manager in
        NetworkManager) nmcli --terse --fields DEVICE,STATE device | tr : ' ' ;;
        networkd) networkctl --no-legend --no-pager list | awk '{ print $2, $NF }' ;;
        # It has no opinion on what is not in its file.
        ifupdown) ip -j link show | jq -r '.[] | "\(.ifname) unmanaged"' ;;
    esac
}

# manager_has NETDEV: it configures it, or has done so
manager_has() {
    manager_list | grep -qE "^$1 (connect|configur)"
}

managed_is_taken() {
    manager_has "$(netdev_of_vf "$managed_vf")"
}

# Whether the PFs are the manager's as they are without us, by a connection of its own.
pfs_are_taken() {
    local pf
    for pf in $pfs; do
        manager_list | grep -qxE "$(netdev_of "$pf") (connected|configured)" || return 1
    done
}

# manager_took REGEX: from its journal of this boot, the beginning of its work on an interface whose name matches
manager_took() {
    journalctl --boot --unit="$manager_unit" --output=cat | case $manager in
        NetworkManager) grep -E "\(($1)\): (state change: |created default wired connection|Activation: )" ;;
        networkd) grep -E "^($1): (Configuring with /etc/|DHCPv[46] address|Gained IPv6LL|Configured)" ;;
        ifupdown) grep -E "($1):" ;;
    esac || :
}

# The names that an unmanaged VF has at any time here. ethN is the kernel's, before udev has chosen.
vf_names='enp1s0v[0-2]|enp2s0v[0-9]|lxc[0-9]*|back[0-9]*|data0|eth[0-9]+'

is_up() {
    ip -j link show dev "$1" | jq --exit-status '.[0].flags | index("UP")' >/dev/null
}

# held_against NETDEV…: why they are not such that everybody leaves them alone
held_against() {
    local names
    names=$(IFS='|'; echo "$*")
    manager_list | grep -E "^($names) " | grep -v ' unmanaged$'
    ip -j addr show | jq -r --arg names "^($names)\$" '.[] | select(.ifname | test($names)) |
        (select(.flags | index("UP")) | "\(.ifname) is up"),
        (.addr_info[] | "\(.ifname) has \(.local)"),
        (select(.master) | "\(.ifname) is in \(.master)")'
}

nothing_held_against() {
    [ -z "$(held_against "$@")" ]
}

# left_alone WHEN [PF/INDEX…]: until now nobody has configured, raised or taken these VFs (default: all unmanaged ones)
left_alone() {
    local when=$1 vf netdevs
    shift
    # shellcheck disable=SC2086 # a list
    [ $# -gt 0 ] || set -- $unmanaged_vfs
    udevadm settle --timeout=30
    netdevs=$(for vf; do netdev_of_vf "$vf" || echo "no-interface-of-$vf"; done)
    # For a moment after an event, a manager may not know yet what to think of it. A lapse would stay in its journal.
    # shellcheck disable=SC2086
    wait_for 5 nothing_held_against $netdevs || :
    # shellcheck disable=SC2086
    check_eq "$when: $manager has not touched them" "$(grep no-interface <<<"$netdevs"
        held_against $netdevs; manager_took "$vf_names")" ''
}

# --- a container, as the kernel knows one: a process in a network namespace of its own --------------------------------

container=''
container_start() {
    unshare --net sleep infinity &
    container=$!
    wait_for 5 container_is_apart
}

container_is_apart() {
    [ "$(readlink "/proc/$container/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

in_container() {
    nsenter --target "$container" --net "$@"
}

container_stop() {
    kill "$container"
    wait "$container" 2>/dev/null || :
}

# to_container NETDEV: as LXC does it: it is eth0 there, and has an address
to_container() {
    ip link set dev "$1" netns "$container" name eth0
    in_container ip addr add 192.0.2.1/24 dev eth0
    in_container ip link set dev eth0 up
}

# Whether the VF for the container has its interface here, under this name.
is_back_as() {
    udevadm settle --timeout=30
    [ "$(netdev_of_vf 0000:01:00.0/2)" = "$1" ]
}

# container_checks: into a container and back, on its own and because the container has ended
container_checks() {
    check_eq "the container's VF has its name" "$(netdev_of_vf 0000:01:00.0/2)" lxc0
    container_start
    check "it goes into a container" to_container lxc0
    check_eq "and has its MAC there" "$(in_container ip -j link show dev eth0 | jq -r '.[0].address')" 02:00:00:00:01:02
    left_alone "while it is there" 0000:01:00.0/1 0000:02:00.0/1 0000:02:00.0/2

    in_container ip link set dev eth0 netns 1
    check "it comes back, and gets its name again" wait_for 10 is_back_as lxc0
    left_alone "after it has come back"

    to_container lxc0
    container_stop
    check "it comes back from a container that was killed" wait_for 10 is_back_as lxc0
    left_alone "after that"
}

# rename_checks: back in all the other ways
rename_checks() {
    local times=0

    container_start
    # Moved and renamed at once, there is one event, and that has the path of the old name.
    while [ "$times" -lt 5 ]; do
        to_container lxc0
        in_container ip link set dev eth0 netns 1 name lxc0
        wait_for 10 is_back_as lxc0 || break
        times=$((times + 1))
    done
    check_eq "it comes back under its name, five times" "$times" 5
    left_alone "after these five times"

    to_container lxc0
    in_container ip link set dev eth0 netns 1 name back0
    udevadm settle --timeout=30
    note "sent back as back0 it is $(netdev_of_vf 0000:01:00.0/2)"
    left_alone "after it has come back under another name"
    check "apply sees to its name" sriovctl apply
    check_eq "which it has again" "$(netdev_of_vf 0000:01:00.0/2)" lxc0
    container_stop
    send_around enp2s0v1
    ip link set dev "$(netdev_of_vf 0000:02:00.0/1)" name data0
    check_eq "a VF without a name in the policy can be given one" "$(netdev_of_vf 0000:02:00.0/1)" data0
    left_alone "after it was renamed"
    # Its own name may have become an alternative one, which would be in the way.
    ip link property del dev data0 altname enp2s0v1 2>/dev/null || :
    ip link set dev data0 name enp2s0v1
    left_alone "after it was renamed back"
}

# send_around NETDEV: away and back, so that it is new to the manager
send_around() {
    container_start
    ip link set dev "$1" netns "$container"
    in_container ip link set dev "$1" netns 1
    container_stop
    udevadm settle --timeout=30
}

# own_file_checks: without the properties that keep every manager off, its own file does the same. Leaves a VF to it.
own_file_checks() {
    local file netdev=enp2s0v2
    case $manager in
        NetworkManager) file=/run/NetworkManager/conf.d/90-sriovctl.conf ;;
        networkd) file=/run/systemd/network/05-sriovctl.network ;;
    esac

    cat >/run/udev/rules.d/83-lab.rules <<'R'
SUBSYSTEM=="net", ENV{SRIOVCTL_UNMANAGED}=="1", ENV{NM_UNMANAGED}="", ENV{ID_NET_MANAGED_BY}=""
R
    udevadm control --reload
    send_around "$netdev"
    check_eq "the properties for all managers are gone" "$(udevadm info --query=property \
        --property=NM_UNMANAGED,ID_NET_MANAGED_BY --value "/sys/class/net/$netdev")" ''
    left_alone "by its own file alone"

    mv "$file" /run/own-file
    systemctl reload "$manager_unit"
    send_around "$netdev"
    check "without that file, $manager takes the VF" wait_for 15 manager_has "$netdev"
    mv /run/own-file "$file"
    rm /run/udev/rules.d/83-lab.rules
    udevadm control --reload
}

# --- the boot -------------------------------------------------------------------------------------------------------

# The units of this host that start only after sriov.service, instances of sriov@.service aside.
waiting_units() {
    local unit
    for unit in $(systemctl show --value --property=Before sriov.service); do
        case $unit in
            sriov@* | shutdown.target) ;;
            *) [ "$(systemctl show --value --property=LoadState "$unit")" != loaded ] || echo "$unit" ;;
        esac
    done | sort
}

# ifupdown2's networking.service is installed on all hosts, if not enabled.
boot_checks() {
    local ready

    check "sriov.service has done its work" systemctl is-active sriov.service
    # shellcheck disable=SC2086 # a list
    check_eq "the VFs are as the policy says" "$(vf_table $pfs)" "$isolation_table"
    ready=$(monotonic sriov.service ExecMainExitTimestamp)
    check "network-pre.target has waited for them" \
        [ "$ready" -le "$(monotonic network-pre.target ActiveEnterTimestamp)" ]
    check "so has $manager" [ "$ready" -le "$(monotonic "$manager_unit" ExecMainStartTimestamp)" ]
    check_eq "only those who start guests wait for it besides" "$(waiting_units | xargs)" \
        'libvirt-guests.service libvirtd.service lxc.service network-pre.target networking.service'
    attach "what the network and the boot have waited for" \
        systemd-analyze --no-pager critical-chain network-pre.target multi-user.target
}

# --- the control: VFs made by hand ------------------------------------------------------------------------------------

shell_vfs() {
    local pf
    for pf in $pfs; do
        ip link set dev "$(netdev_of "$pf")" up
        echo 2 >"$(pf_dir "$pf")/sriov_numvfs"
    done
}

shell_vfs_taken() {
    local pf vf
    for pf in $pfs; do
        for vf in 0 1; do
            manager_has "$(netdev_of_vf "$pf/$vf")" || return 1
        done
    done
}

# control_checks: the same host, the same manager, and nothing of ours
control_checks() {
    # shellcheck disable=SC2086 # a list
    remove_vfs $pfs
    shell_vfs
    udevadm settle --timeout=30
    check "the control: $manager takes VFs that a shell has made" wait_for 30 shell_vfs_taken
    check_match "its journal tells of it" "$(manager_took 'enp[12]s0v[01]')" 'enp2s0v1'
    check "it raises them" wait_for 10 is_up enp2s0v1
    attach "what it says" manager_list
    # shellcheck disable=SC2086 # a list
    remove_vfs $pfs
}

# --- all of it, for a manager that runs all the time -----------------------------------------------------------------

daemon_checks() {
    boot_checks
    left_alone "at boot"
    check "the VF with \"managed\": true is $manager's" wait_for 30 managed_is_taken
    # Raised before NetworkManager starts, a PF would be "connected (externally)" if a router gave it an address first.
    check "the PFs are $manager's, as they would be without us" wait_for 30 pfs_are_taken
    attach "what $manager says" manager_list

    # That one is up now, and in use: not without consent.
    check_exit 5 "reset is refused while $manager has a VF up" sriovctl reset
    check "reset --force" sriovctl reset --force
    check "apply, with $manager there before the VFs" sriovctl apply
    # shellcheck disable=SC2086 # a list
    check_eq "the VFs are as the policy says" "$(vf_table $pfs)" "$isolation_table"
    check "the managed one is taken again, so $manager has seen them" wait_for 30 managed_is_taken
    left_alone "after reset and apply"

    container_checks
    rename_checks

    check "a second apply" sriovctl apply
    check_match "has nothing to do" "$LAB_OUTPUT" '^nothing to do'
    attach "what $manager says" manager_list
    left_alone "at the end"
    own_file_checks
    check "reset --force" sriovctl reset --force
    control_checks
}
