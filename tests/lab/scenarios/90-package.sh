# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian package, from a host without it to a host without it: installed, set up from an example, booted, upgraded, removed
# and purged, the latter three under a running guest, which notices nothing.
# boots: 2
# timeout: 300

pf=0000:03:00.0
policy=/etc/sriovctl/policy.d/50-guests.json
deb=$(echo "$LAB_HOME"/sriovctl_*.deb)

# cards: all PFs and VFs, as others than sriovctl tell them
cards() {
    local other
    for other in 0000:01:00.0 0000:02:00.0 "$pf" 0000:04:00.0 0000:05:00.0; do
        grep -H . "$(pf_dir "$other")"/sriov_numvfs "$(pf_dir "$other")"/sriov_drivers_autoprobe
        vf_table "$other"
    done
    ip -j link | jq -c '.[] | [.ifname, .flags, .address]'
}

# units [PROPERTY]: which of ours are enabled, and which are active
units() {
    local unit
    for unit in sriov.service sriov-proxmox.service; do
        echo "$unit" "$(systemctl is-enabled "$unit")" "$(systemctl show --value --property=ActiveState "$unit")"
        [ $# -eq 0 ] || systemctl show --property="$1" "$unit"
    done
}

# leftovers: files of the package, or of what it has done; systemd has its own of a service that is not stopped
leftovers() {
    find /etc /run /usr /var/lib -xdev \( -iname '*sriovctl*' -o -name 'sriov*.service' \) \
        ! -path "$LAB_HOME*" ! -path '/run/systemd/propagate/*' -print
}

# answers WHAT: the guest has its VF, and the network has answered all that it asked meanwhile, and two more
answers() {
    local answered lost
    read -r _ answered _ lost <<<"$pings"
    check "$1: the guest still has answers" wait_for 30 guest_answered packaged $((answered + 2))
    pings=$(guest_pings packaged)
    check_eq "$1: it has missed none" "${pings##* }" "$lost"
}

if [ "$LAB_BOOT" = 1 ]; then
    # A host without it: what the lab has put there goes.
    systemctl stop sriov.service
    systemctl --quiet disable sriov.service
    dpkg-deb --contents "$deb" | sed -n 's/^-.* \.\(\/[^ ]*\)$/\1/p' | xargs rm -f
    [ ! -e /etc/sriovctl/policy.json ] || mv /etc/sriovctl/policy.json /var/tmp/another.policy
    rm -rf /etc/sriovctl /run/sriovctl /usr/share/sriovctl /usr/share/doc/sriovctl
    systemctl daemon-reload
    udevadm settle --timeout=90
    check_eq "the host has nothing of it" "$(leftovers; command -v sriovctl || :)" ""

    before=$(cards)
    check "the package installs" dpkg --install "$deb"
    udevadm settle --timeout=90
    check_eq "no card is touched" "$(cards)" "$before"
    check_eq "no unit is enabled, none is started" "$(units)" "sriov.service disabled inactive
sriov-proxmox.service disabled inactive"
    check "it is whole, by its own test" "$LAB_HOME/installed"
    check "without a policy, the service does nothing" systemctl start sriov.service
    check_eq "no card is touched then either" "$(cards)" "$before"

    sed "s/0000:01:00.0/$pf/; s/\"vfs\": 4/\"vfs\": 2/" /usr/share/doc/sriovctl/examples/minimal.json >/run/policy.json
    check "an example becomes the policy" install -D -m 644 /run/policy.json "$policy"
    check "systemctl enable --now sriov" systemctl enable --now sriov.service
    check_eq "the VFs are there" "$(cat "$(pf_dir "$pf")/sriov_numvfs")" 2
    check "status: in sync" sriovctl status
    # For the next boot.
    [ ! -e /var/tmp/another.policy ] || mv /var/tmp/another.policy /etc/sriovctl/policy.json
else
    check "sriov.service has run at boot" systemctl is-active sriov.service
    check_eq "the VFs are there" "$(cat "$(pf_dir "$pf")/sriov_numvfs")" 2
    vf=$(vf_address "$pf" 0)
    # The emulator's network answers at 10.0.2.2.
    check "a guest starts with a VF" eval "GUEST_WORDS=lab.ping=10.0.2.2 guest_start packaged $vf"
    check_eq "and has the address that was known before the boot" "$(guest_macs </run/lab-guest.packaged.log | tr -d '\r')" \
        "$(vf_config "$pf" 0 address)"
    check "the network answers it" wait_for 60 guest_answered packaged 3
    pings=$(guest_pings packaged)
    before=$(cards) services=$(units ActiveEnterTimestampMonotonic)

    # As a rebuilt one would be: another version, another text in a unit.
    dpkg-deb --raw-extract "$deb" /run/rebuilt
    sed -i 's/^Version: .*/&+b1/' /run/rebuilt/DEBIAN/control
    # Debian 12 has units in /lib.
    echo '# rebuilt' >>"$(find /run/rebuilt -name sriov.service)"
    (cd /run/rebuilt && find -- * -type f ! -path 'DEBIAN/*' -exec md5sum {} + >DEBIAN/md5sums)
    check "a rebuilt version" dpkg-deb --root-owner-group --build /run/rebuilt /run/rebuilt.deb
    rm -r /run/rebuilt
    check "is an upgrade" dpkg --install /run/rebuilt.deb
    check_match "it is installed" "$(dpkg-query --show sriovctl)" '\+b1$'
    check_eq "no card is touched" "$(cards)" "$before"
    check_eq "the services are as they were" "$(units ActiveEnterTimestampMonotonic)" "$services"
    check_eq "systemd knows the new unit" "$(systemctl show --value --property=NeedDaemonReload sriov.service)" no
    check "status: in sync" sriovctl status
    answers upgrade

    check "the package is removed" dpkg --remove sriovctl
    check "the policy stays" test -e "$policy"
    check_eq "no card is touched" "$(cards)" "$before"
    answers removal

    check "and purged" dpkg --purge sriovctl
    check_eq "nothing is left" "$(leftovers)" ""
    check_eq "no card is touched" "$(cards)" "$before"
    answers purge
    check "the guest runs" guest_running packaged
    guest_stop packaged
    remove_vfs "$pf"
fi
