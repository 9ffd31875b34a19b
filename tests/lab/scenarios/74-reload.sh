# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A PF that the policy names is absent at boot: the network waits for it, but not long, and the others are provisioned.
# Then the driver is removed and loaded again, several times: the VFs come back without a command.
# topology: hotplug
# policy: hotplug.json
# timeout: 400

pfs='0000:01:00.0 0000:02:00.0'
want='0000:01:00.0 0 vfio-pci 02:00:00:00:01:00 -
0000:01:00.0 1 igbvf 02:00:00:00:01:01 lxc0
0000:02:00.0 0 vfio-pci 02:00:00:00:02:00 -
0000:02:00.0 1 igbvf 02:00:00:00:02:01 enp2s0v1'

# --- absent at boot -----------------------------------------------------------------------------------------------
begun=$(monotonic sriov.service ExecMainStartTimestamp)
ended=$(monotonic sriov.service ExecMainExitTimestamp)
note "sriov.service ran from $begun to $ended ms after the kernel's start"
check "no third PF" [ ! -e "$(pf_dir 0000:03:00.0)" ]
check "sriov.service has waited for it" [ $((ended - begun)) -ge 28000 ]
# It has ended by itself, long before systemd's TimeoutStartSec=; how long the steps take is up to the machine's load.
check "and given up in time" [ $((ended - begun)) -le 120000 ]
check_eq "by itself" "$(systemctl show --value --property=Result sriov.service)" exit-code
check_eq "the service has failed, so that somebody looks" "$(systemctl is-failed sriov.service)" failed
check_match "its journal names what is missing" "$(journalctl --boot --unit=sriov.service --output=cat)" \
    'no PF matches mac 52:54:00:01:00:03'
# shellcheck disable=SC2086 # a list
check_eq "the others are as the policy says" "$(vf_table $pfs)" "$want"
check "the network has waited" [ "$ended" -le "$(monotonic network-pre.target ActiveEnterTimestamp)" ]
for unit in sysinit.target basic.target dbus.service systemd-logind.service; do
    check "$unit has not" [ "$(monotonic "$unit" ActiveEnterTimestamp)" -lt "$ended" ]
done

# --- the driver removed and loaded ----------------------------------------------------------------------------------
all_there() {
    local pf
    for pf in $pfs; do
        [ "$(cat "$(pf_dir "$pf")/sriov_numvfs" 2>/dev/null)" = 2 ] || return 1
    done
}

total=$SECONDS
for round in $(seq "$LAB_ROUNDS"); do
    start=$SECONDS
    modprobe -r igb
    modprobe igb
    wait_for 60 all_there || :
    wait_hotplug_idle || :
    # shellcheck disable=SC2086 # a list
    check_eq "reload $round: all VFs are as the policy says" "$(vf_table $pfs)" "$want"
    echo "reload $round took $((SECONDS - start)) s"
done
note "$LAB_ROUNDS reloads took $((SECONDS - total)) s"
for pf in $pfs; do
    check "status of $pf: in sync" sriovctl status --pf="$pf"
    check_match "$pf was done by a service of its own" \
        "$(journalctl --boot --unit="sriov@$pf.service" --output=cat)" '^[0-9]+ steps done; of 1 PF'
done
journalctl --boot --unit='sriov@*' --output=cat >/run/journal-sriov@
note "starts of sriov@.service: $(grep -c '^Starting sriov@' /run/journal-sriov@ || :)," \
    "of these again after a failure: $(grep -c 'Scheduled restart job' /run/journal-sriov@ || :)"
