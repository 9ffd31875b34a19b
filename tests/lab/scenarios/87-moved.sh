# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two cards change slots between two boots. The one with "follow" is provisioned where it is now, which the journal tells; the
# other is refused with both addresses.
# topology: moved
# policy: moved.json
# boots: 2
# timeout: 90
# slow: yes

# What sriovctl calls a slot is what the kernel does, by its own files.
slot_of() {
    grep -lx "${1%.*}" /sys/bus/pci/slots/*/address | xargs -r dirname | xargs -r basename
}

macs() {
    vf_table "$1" | cut -d' ' -f 2-4
}

journal=$(journalctl --boot --unit=sriov.service --output=json | jq -r '[.PRIORITY, .MESSAGE] | join(" ")')
attach "the boot's journal" printf '%s\n' "$journal"

if [ "$LAB_BOOT" = 1 ]; then
    check_eq "two VFs on each card" "$(cat /sys/bus/pci/devices/0000:0[12]:00.0/sriov_numvfs | xargs)" "2 2"
    check_eq "nothing is told of a move" "$(grep -c moved <<<"$journal" || :)" 0
    macs 0000:01:00.0 >/var/tmp/moved.macs
    check_eq "the first card's slot" "$(sriovctl show --json 0000:01:00.0 | jq -r .slot)" "$(slot_of 0000:01:00.0)"
else
    check_eq "the first card is in the place of the second" "$(cat "/sys/class/net/$(netdev_of 0000:02:00.0)/address")" 52:54:00:01:00:01
    check_match "sriov.service has failed" "$(systemctl is-active sriov.service || :)" '^failed$'
    check_match "it did a part" "$(systemctl show --property=ExecMainStatus sriov.service)" '=6$'

    check_match "a warning tells that the first one has moved, from where to where" "$journal" \
        '^4 warning: .*policy.json:.*: the PF with mac 52:54:00:01:00:01 has moved from 0000:01:00.0, slot 0 to 0000:02:00.0 \([^ ]*\), slot [^ ]*; it was found'
    check_match "which is found by the address that it has now" \
        "$(journalctl --boot --unit=sriov.service --priority=warning --output=cat SRIOVCTL_PF=0000:02:00.0)" 'has moved from 0000:01:00.0'
    check_eq "two VFs on it" "$(cat /sys/bus/pci/devices/0000:02:00.0/sriov_numvfs)" 2
    check_eq "drivers and addresses are what they were" "$(macs 0000:02:00.0)" "$(cat /var/tmp/moved.macs)"

    check_match "an error tells where the second one was and is" "$journal" \
        '^3 .*policy.json:.*: the PF with mac 52:54:00:01:00:02 has moved from 0000:02:00.0 to 0000:03:00.0 \([^ ]*\): write where'
    check_eq "it has no VFs" "$(cat /sys/bus/pci/devices/0000:03:00.0/sriov_numvfs)" 0
    SECONDS=0
    check_exit 6 "once more, with patience" sriovctl apply --keep-going --wait=120
    check "which is not tried by a card that is known to be elsewhere" [ "$SECONDS" -lt 60 ]

    check_exit 1 "status tells the same" sriovctl status
    check_match "with a warning" "$LAB_OUTPUT" 'warning: .*has moved from 0000:01:00.0, slot 0 to 0000:02:00.0'
    check_match "and an error" "$LAB_OUTPUT" 'has moved from 0000:02:00.0 to 0000:03:00.0'

    there="this host has 0000:02:00.0 \\($(netdev_of 0000:02:00.0), mac 52:54:00:01:00:01"
    echo '{"version": 1, "pfs": [{"match": {"address": "0000:01:00.0"}, "vfs": 1}]}' >/run/address.json
    check_exit 1 "an address where nothing is" sriovctl plan /run/address.json
    check_match "is told, with what there is" "$LAB_OUTPUT" \
        "no PF matches address 0000:01:00.0; $there\\), 0000:03:00.0 \\($(netdev_of 0000:03:00.0), mac 52:54:00:01:00:02\\)\$"
    echo '{"version": 1, "pfs": [{"match": {"path": "pci-0000:01:00.0"}, "vfs": 1}]}' >/run/path.json
    check_exit 1 "a path where nothing is" sriovctl plan /run/path.json
    check_match "is told, with the paths that there are" "$LAB_OUTPUT" \
        "no PF matches path pci-0000:01:00.0; $there, path pci-0000:02:00.0\\), 0000:03:00.0 .*, path pci-0000:03:00.0\\)\$"
    check "reset" sriovctl reset
fi
