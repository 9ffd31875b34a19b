# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A second run does nothing; what plan shows is what apply does; reset undoes it and nothing else.
# policy: main.json
# timeout: 400

# changes TRACE: what a traced run wrote to /sys or asked the kernel to change by netlink
changes() {
    grep -E 'openat\(.*"(/)?sys/.*O_(WRONLY|RDWR)|write\([0-9]+</sys/|RTM_(SET|NEW|DEL)LINK.*NLM_F_REQUEST' "$1" |
        grep -v 'recvmsg' || :
}

check "apply again" strace --follow-forks --seccomp-bpf --decode-fds=path --output=/run/again.strace \
    --trace=openat,write,pwrite64,writev,sendmsg,sendto sriovctl apply
check_match "it says so" "$LAB_OUTPUT" '^nothing to do: 5 PFs are as the policy says$'
check_eq "not one write to /sys, not one message that changes anything" "$(changes /run/again.strace)" ""
check "the trace is one: it has the requests that read" grep -q RTM_GETLINK /run/again.strace

# --- back to a host that nobody has touched --------------------------------------------------------------------------
check "reset" sriovctl reset
for pf in 0000:01:00.0 0000:02:00.0 0000:03:00.0 0000:04:00.0 0000:06:00.0; do
    check_eq "$pf has no VFs" "$(cat "$(pf_dir "$pf")/sriov_numvfs")" 0
    check_eq "$pf: autoprobe is as it was" "$(cat "$(pf_dir "$pf")/sriov_drivers_autoprobe")" 1
done
check "a second reset" sriovctl reset
check_match "it has nothing to undo" "$LAB_OUTPUT" '^nothing to undo'
check_exit 4 "status: all of it differs" sriovctl status
check_exit 4 "plan --exit-code" sriovctl plan --exit-code

# --- the plan, and what is then done, byte for byte ------------------------------------------------------------------
check "plan" sriovctl plan
grep '^  \[' <<<"$LAB_OUTPUT" >/run/planned
check "apply" strace --follow-forks --seccomp-bpf --decode-fds=path --output=/run/first.strace \
    --trace=openat,write,sendmsg sriovctl apply
grep '^  \[' <<<"$LAB_OUTPUT" >/run/done
check "apply did what plan had shown, line by line" diff /run/planned /run/done
check "and the same trace sees its writes" [ "$(changes /run/first.strace | wc -l)" -gt 300 ]
check_eq "one message for the attributes of the first PF, and one for its rate" \
    "$(grep -c 'RTM_SETLINK.*IFLA_VFINFO_LIST' <<<"$(grep 'sendmsg' /run/first.strace | grep 'ifi_index=if_nametoindex("'"$(netdev_of 0000:01:00.0)"'")')" || :)" 2
check "status: in sync" sriovctl status

# --- limited to one PF ------------------------------------------------------------------------------------------------
check "reset of one PF" sriovctl reset 0000:02:00.0
check_eq "its VFs are gone" "$(cat "$(pf_dir 0000:02:00.0)/sriov_numvfs")" 0
check_eq "another's are not" "$(cat "$(pf_dir 0000:03:00.0)/sriov_numvfs")" 7
check "reset of another" sriovctl reset "$(netdev_of 0000:03:00.0)"
check "apply --pf" sriovctl apply --pf "$(netdev_of 0000:02:00.0)"
check_eq "that PF is done" "$(cat "$(pf_dir 0000:02:00.0)/sriov_numvfs")" 7
check_eq "the other is not" "$(cat "$(pf_dir 0000:03:00.0)/sriov_numvfs")" 0
check "apply" sriovctl apply
check_eq "the other is" "$(cat "$(pf_dir 0000:03:00.0)/sriov_numvfs")" 7

# --- VFs that others made are adopted, and given back ---------------------------------------------------------------
spare=0000:05:00.0
echo 2 >"$(pf_dir "$spare")/sriov_numvfs"
udevadm settle --timeout=90
before=$(driver_of "$(vf_address "$spare" 0)")
cat >/run/adopt.json <<'P'
{ "version": 1, "pfs": [{ "match": { "address": "0000:05:00.0" }, "vfs": 2,
    "defaults": { "driver": "vfio-pci", "mac": "keep" }, "vf": { "0": { "trust": true } } }] }
P
for vf in 0 1; do
    ip link set dev "$(netdev_of "$(vf_address "$spare" "$vf")")" down 2>/dev/null || :
done
check "apply to VFs that a shell made" sriovctl apply /run/adopt.json
check_eq "they are on vfio-pci" "$(driver_of "$(vf_address "$spare" 0)")" vfio-pci
check "reset gives them back" sriovctl reset "$spare"
check_eq "they are still there" "$(cat "$(pf_dir "$spare")/sriov_numvfs")" 2
check_eq "with the driver that they had" "$(driver_of "$(vf_address "$spare" 0)")" "$before"
check_eq "without override" "$(cat "/sys/bus/pci/devices/$(vf_address "$spare" 0)/driver_override")" "(null)"
check_eq "and without trust" "$(vf_config "$spare" 0 trust)" false
remove_vfs "$spare"
