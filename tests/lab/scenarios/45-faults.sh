# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What goes wrong on real hosts: a holder that never lets go, a killed run, a closed pipe, a PF lost on the way, and others
# who have come to rely on what was set up.
# policy: main.json
# timeout: 600
# slow: yes

spare=0000:05:00.0
gcc -O2 -o /var/tmp/hold "$LAB_HOME/hold.c"

# spare_policy REST
spare_policy() {
    printf '{ "version": 1, "pfs": [{ "match": { "address": "%s" }, %s }] }\n' "$spare" "$1"
}
spare_policy '"vfs": 4, "defaults": { "driver": "vfio-pci" }' >/run/four.json
spare_policy '"vfs": 2, "defaults": { "driver": "vfio-pci" }' >/run/two.json

# --- a VF without a driver, on a host that has never loaded the driver for it --------------------------------------
check "reset of everything" sriovctl reset
rmmod igbvf
spare_policy '"vfs": 4, "defaults": { "driver": "none" }' >/run/none.json
check "apply with driver \"none\"" sriovctl apply /run/none.json
udevadm settle --timeout=90
check_eq "no driver took a VF" "$(for i in 0 1 2 3; do driver_of "$(vf_address "$spare" "$i")"; done | sort -u)" none
check "status: in sync" sriovctl status /run/none.json
check "reset" sriovctl reset

# --- others rely on it by now ---------------------------------------------------------------------------------------
check "apply" sriovctl apply /run/four.json
netdev=$(netdev_of "$spare")
ip link add name br9 type bridge
ip link set dev "$netdev" master br9
ip link set dev br9 up
check "reset under a bridge" sriovctl reset
check_eq "the PF is still up" "$(ip -j link show dev "$netdev" | jq '.[0].flags | index("UP") != null')" true
ip link del dev br9
check "apply" sriovctl apply /run/four.json
echo 0 >"$(pf_dir "$spare")/sriov_numvfs"
echo 5 >"$(pf_dir "$spare")/sriov_numvfs"
udevadm settle --timeout=90
check "reset after somebody else has made the VFs anew" sriovctl reset
check_match "it says so" "$LAB_OUTPUT" "$spare: left as it is: "
check_eq "and leaves them" "$(cat "$(pf_dir "$spare")/sriov_numvfs")" 5
remove_vfs "$spare"

# --- a driver that does not take its VF -----------------------------------------------------------------------------
# virtio-pci knows only its own devices, so binding it to a VF of igb fails as it does for a driver of the wrong kind.
remove_vfs "$spare"
modprobe igbvf
modprobe virtio-pci
echo 2 >"$(pf_dir "$spare")/sriov_numvfs"
udevadm settle --timeout=90
theirs=$(vf_address "$spare" 0)
wait_for 10 test -d "/sys/bus/pci/devices/$theirs/net"
ip link set dev "$(netdev_of "$theirs")" down
ip link set dev "$(netdev_of "$theirs")" name theirs0
# wrong_driver: what of the VF is to be as it was
wrong_driver() {
    printf '%s %s %s %s\n' "$(driver_of "$theirs")" "$(cat "/sys/bus/pci/devices/$theirs/driver_override")" \
        "$(netdev_of "$theirs" || echo -)" "$(cat "$(pf_dir "$spare")/sriov_drivers_autoprobe")"
}
spare_policy '"vfs": 2, "defaults": { "mac": "keep" }, "vf": { "0": { "driver": "virtio-pci" }, "1": { "driver": "vfio-pci" } }' >/run/wrong.json
before=$(wrong_driver)
check_eq "a VF on the host's driver" "$before" 'igbvf (null) theirs0 1'
check_exit 6 "a driver that does not take it" sriovctl apply /run/wrong.json
check_match "is told" "$LAB_OUTPUT" "sriovctl: $spare: vf 0 bind to virtio-pci: .*ENODEV"
check_match "what is put back, too" "$LAB_OUTPUT" "^put back: .*$spare vf 0 bind to igbvf\$"
check_eq "the VF has its driver, override and name again" "$(wrong_driver)" "$before"
check_eq "the other VF has its new driver" "$(driver_of "$(vf_address "$spare" 1)")" vfio-pci
check_exit 4 "status says what is missing" sriovctl status /run/wrong.json
check "reset" sriovctl reset
check_eq "the other VF has its old driver, too" "$(driver_of "$(vf_address "$spare" 1)")" igbvf
check_eq "and the first one as well" "$(wrong_driver)" "$before"
remove_vfs "$spare"

# --- /run is full ---------------------------------------------------------------------------------------------------
mount -t tmpfs -o size=4k,mode=700 tmpfs /run/sriovctl
head -c 4096 /dev/zero >/run/sriovctl/full 2>/dev/null || :
check_exit 6 "nothing is done to a PF without a record" sriovctl apply /run/four.json
check_match "which is told" "$LAB_OUTPUT" "cannot record what is about to be changed"
check_eq "there are no VFs" "$(cat "$(pf_dir "$spare")/sriov_numvfs")" 0
check_eq "autoprobe is as it was" "$(cat "$(pf_dir "$spare")/sriov_drivers_autoprobe")" 1
umount /run/sriovctl
check "with room in /run, apply converges" sriovctl apply /run/four.json
check "reset" sriovctl reset

# --- killed at any moment ---------------------------------------------------------------------------------------------
for delay in 0.3 0.7 1.1 1.6; do
    sriovctl apply /run/four.json >/dev/null 2>&1 &
    run=$!
    sleep "$delay"
    pkill -KILL sriovctl || :
    wait "$run" 2>/dev/null || :
    wait_for 30 eval '! pgrep sriovctl >/dev/null'
    check "apply after a kill at $delay s" sriovctl apply /run/four.json
    check_eq "autoprobe is as it was" "$(cat "$(pf_dir "$spare")/sriov_drivers_autoprobe")" 1
    check "status: in sync" sriovctl status /run/four.json
    check "reset" sriovctl reset
done

# --- a closed pipe, an interrupt ----------------------------------------------------------------------------------
sriovctl apply /run/four.json | head -n 1 >/dev/null || :
check "apply | head: the host is as the policy says all the same" sriovctl status /run/four.json
check "reset" sriovctl reset
sriovctl apply /etc/sriovctl/policy.json >/run/interrupted 2>&1 &
run=$!
sleep 2
kill -INT "$run"
status=0
wait "$run" || status=$?
check_eq "an interrupt ends the run with a part done" "$status" 6
check_match "what was not begun is told" "$(cat /run/interrupted)" 'not begun: the run was asked to end'
check_eq "no PF was left half-way" "$(for p in 1 2 3 4; do cat "$(pf_dir "0000:0$p:00.0")/sriov_drivers_autoprobe"; done | sort -u)" 1
check "apply finishes it" sriovctl apply

# --- a holder that never lets go ------------------------------------------------------------------------------------
check "apply" sriovctl apply /run/four.json
held=$(vf_address "$spare" 1)
/var/tmp/hold "$held" >/run/held &
holder=$!
wait_for 10 grep -q held /run/held
check_exit 5 "fewer VFs are refused" sriovctl apply --recreate /run/two.json
check_match "by name" "$LAB_OUTPUT" "vf 1 \\($held\\) is in use"
# Another PF of the same policy, which has something to do, too.
other=0000:04:00.0
cat >/run/two-pfs.json <<P
{ "version": 1, "pfs": [
    { "match": { "address": "$spare" }, "vfs": 2, "defaults": { "driver": "vfio-pci" } },
    { "match": { "address": "$other" }, "vfs": 7, "defaults": { "mac": "keep" }, "vf": { "1": { "mac": "02:00:00:00:99:01" } } } ] }
P
start=$SECONDS
(
    status=0
    # The capture itself is a check: a stuck worker must not keep the caller's output open.
    words=$(sriovctl apply --recreate --force --step-timeout=8 /run/two-pfs.json 2>&1) || status=$?
    printf '%s\n' "$status" "$words" >/run/forced.new
    mv /run/forced.new /run/forced
) &
run=$!
# "list", again and again, until the run has come back.
slowest=0 lists=0
while [ ! -e /run/forced ] && [ $((SECONDS - start)) -lt 60 ]; do
    from=$(date +%s%N)
    sriovctl list >/dev/null || slowest=999999
    took=$((($(date +%s%N) - from) / 1000000))
    [ "$took" -le "$slowest" ] || slowest=$took
    lists=$((lists + 1))
done
wait "$run"
check_eq "forced, the step is given up: a part is done" "$(head -n 1 /run/forced)" 6
check_match "with the process, and who has to let go" "$(cat /run/forced)" \
    "stuck in the kernel: process [0-9]+ .*; vf 1 \\($held\\) is in use: .*, which has to let go of it"
check "in time" [ $((SECONDS - start)) -lt 25 ]
check_eq "the other PF is done" "$(vf_config "$other" 1 address)" 02:00:00:00:99:01
note "$lists lists meanwhile, the slowest took $slowest ms"
check "list answered at once, each time" [ "$slowest" -lt 5000 ]
check "more than once" [ "$lists" -gt 2 ]
start=$SECONDS
check "list answers meanwhile" sriovctl list
check_exit 4 "so does status" sriovctl status /run/two.json
check "at once" [ $((SECONDS - start)) -lt 8 ]
check_exit 1 "that PF is not touched by a second run" \
    sriovctl apply --pf="$spare" --recreate --force --step-timeout=4 /run/two-pfs.json
check_match "which says why" "$LAB_OUTPUT" 'a worker of an earlier run is still stuck in the kernel with this PF'
kill -KILL "$holder"
wait_for 30 eval '! pgrep sriovctl >/dev/null'
check "when the holder has gone, apply converges" sriovctl apply --recreate /run/two.json
check_eq "there are two VFs" "$(cat "$(pf_dir "$spare")/sriov_numvfs")" 2
check_eq "autoprobe is as it was" "$(cat "$(pf_dir "$spare")/sriov_drivers_autoprobe")" 1
check "reset" sriovctl reset "$spare"
check "apply of the host's own policy, whose files the other ones have replaced" sriovctl apply
check "status: in sync" sriovctl status
