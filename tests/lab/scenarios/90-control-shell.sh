# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The control: what the usual shell snippets do on the same host, and what a guest sees of it. Runs late, as it leaves
# nothing of what was provisioned before.
# program: no
# timeout: 400
# slow: yes

pfs='0000:01:00.0 0000:02:00.0 0000:03:00.0 0000:04:00.0'
spare=0000:05:00.0

# admin_mac PF VF
admin_mac() {
    printf '02:c0:00:00:%s:%02x' "${1:5:2}" "$2"
}

# The snippet as it is found in blog posts: PFs up, create, set the MACs, take the VFs from the host's driver.
shell_way() {
    local pf vf status=0
    for pf; do
        ip link set dev "$(netdev_of "$pf")" up
        echo 7 >"$(pf_dir "$pf")/sriov_numvfs"
    done
    for pf; do
        for vf in 0 1 2 3 4 5 6; do
            ip link set dev "$(netdev_of "$pf")" vf "$vf" mac "$(admin_mac "$pf" "$vf")" || status=1
        done
    done
    for pf; do
        for vf in 0 1 2 3 4 5 6; do
            bind_vf "$(vf_address "$pf" "$vf")" vfio-pci || status=1
        done
    done
    return "$status"
}

# The PF's driver answers a starting VF driver with the address in this table: it is what a guest would get.
count_right() {
    local right=0 pf vf
    for pf; do
        for vf in 0 1 2 3 4 5 6; do
            [ "$(vf_config "$pf" "$vf" address)" != "$(admin_mac "$pf" "$vf")" ] || right=$((right + 1))
        done
    done
    echo "$right"
}

# attempt FUNCTION: what is lost is a race, so this is not a check: it is counted.
attempt() {
    local pf status=0
    # As on a host just booted: PFs down, and no VF driver: udev loads it when the first VF appears.
    for pf in $pfs; do
        ip link set dev "$(netdev_of "$pf")" down
    done
    rmmod igbvf 2>/dev/null || :
    # shellcheck disable=SC2086 # a list
    "$1" $pfs || status=$?
    udevadm settle --timeout=60
    # shellcheck disable=SC2086
    note "$1: $(count_right $pfs) of 28 MACs right, exit status $status"
    # shellcheck disable=SC2086
    remove_vfs $pfs
}

# shellcheck disable=SC2086
remove_vfs $pfs $spare
attempt shell_way

# On the spare PF, with the host's VF driver kept away: one VF with a MAC, one without.
ip link set dev "$(netdev_of "$spare")" up
echo 0 >"$(pf_dir "$spare")/sriov_drivers_autoprobe"
echo 2 >"$(pf_dir "$spare")/sriov_numvfs"
ip link set dev "$(netdev_of "$spare")" vf 0 mac 02:c0:ff:ee:00:01
with=$(vf_address "$spare" 0)
without=$(vf_address "$spare" 1)
check "a VF goes to vfio-pci" bind_vf "$with" vfio-pci
check "another one, too" bind_vf "$without" vfio-pci

start=$SECONDS
check "a guest runs with a VF that has a MAC" guest_run "$with"
note "a guest inside took $((SECONDS - start)) s"
console=$LAB_OUTPUT
check_match "its driver says exactly this MAC" "$console" 'igbvf .*Address: 02:c0:ff:ee:00:01$'
check_eq "its netdev has exactly this MAC" "$(guest_macs <<<"$console")" 02:c0:ff:ee:00:01

check "a guest runs with a VF that has none" guest_run "$without"
console=$LAB_OUTPUT
check_match "its driver says that the administrator assigned none" "$console" \
    'MAC address not assigned by administrator'
attach "what that guest printed" printf '%s\n' "$console"

# Nothing warns about this one: the MAC is set, and the guest does not get it, because its PF is down.
ip link set dev "$(netdev_of "$spare")" down
check "a guest runs with a VF that has a MAC, but whose PF is down" guest_run "$with"
console=$LAB_OUTPUT
check_eq "the PF's table has the MAC" "$(vf_config "$spare" 0 address)" 02:c0:ff:ee:00:01
check "the guest has another one" [ "$(guest_macs <<<"$console")" != 02:c0:ff:ee:00:01 ]
note "its driver said: $(grep -o 'igbvf .*' <<<"$console" | paste -sd '|')"
ip link set dev "$(netdev_of "$spare")" up

remove_vfs "$spare"
