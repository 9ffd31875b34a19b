# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced before every scenario. A scenario is a list of checks; each becomes one line of the results:
#
#     check    "what must be true" COMMAND…             the command succeeds
#     check_eq "what must be equal" GOT WANT            two strings are equal
#     check_match "what must match" TEXT REGEX          a line of the text matches the extended regular expression
#     check_exit STATUS "what must be true" COMMAND…    the command ends with this status
#     skip     "what could not be checked, and why"
#     note     "something measured"                     for the reader; neither passed nor failed
#     attach   "what it is" COMMAND…                    a command's output, for the reader
#
# A failed check does not end the scenario; an unchecked command that fails does (set -e), and that is a failure, too.
# LAB_BOOT is the number of this boot of the emulated host, LAB_ROUNDS how often a scenario repeats what it does in rounds. Whatever a scenario prints lands in its log.

trap 'echo "died in line $LINENO: $BASH_COMMAND"' ERR

# The output of the last check's command, for more checks of the same; the next check or check_exit replaces it.
LAB_OUTPUT=

lab_result() {
    printf '%s - %s: %s\n' "$1" "$LAB_SCENARIO${LAB_BOOTS_NOTE:-}" "$2" | tee -a "$LAB_SHARE/results"
}

lab_indent() {
    tail -n 60 | sed 's/^/    | /' | tee -a "$LAB_SHARE/results"
}

# lab_run COMMAND…: its output into LAB_OUTPUT, its status returned. set -e stays out of it.
lab_run() {
    local status=0
    LAB_OUTPUT=$("$@" 2>&1) || status=$?
    return "$status"
}

check_exit() {
    local want=$1 text=$2 status=0
    shift 2
    lab_run "$@" || status=$?
    if [ "$status" -eq "$want" ]; then
        lab_result ok "$text"
    else
        lab_result 'not ok' "$text"
        printf '%s\nexit status %s, wanted %s: %s\n' "$LAB_OUTPUT" "$status" "$want" "$*" | lab_indent
    fi
}

check() {
    local text=$1
    shift
    check_exit 0 "$text" "$@"
}

check_eq() {
    if [ "$2" = "$3" ]; then
        lab_result ok "$1"
    else
        lab_result 'not ok' "$1"
        case $2$3 in
            *$'\n'*) diff -U 1 --label want --label got <(printf '%s\n' "$3") <(printf '%s\n' "$2") | lab_indent || : ;;
            *) printf 'got:  %s\nwant: %s\n' "$2" "$3" | lab_indent ;;
        esac
    fi
}

# check_match "what must match" TEXT REGULAR-EXPRESSION: one of the text's lines does
check_match() {
    if grep -qE -- "$3" <<<"$2"; then
        lab_result ok "$1"
    else
        lab_result 'not ok' "$1"
        printf '%s\nno line matches: %s\n' "$2" "$3" | lab_indent
    fi
}

skip() {
    lab_result skip "$1"
}

note() {
    printf '# %s: %s\n' "$LAB_SCENARIO" "$*" | tee -a "$LAB_SHARE/results"
}

attach() {
    local text=$1
    shift
    note "$text"
    { "$@" 2>&1 </dev/null || :; } | lab_indent
}

# wait_for SECONDS COMMAND…: until the command succeeds; a host that shares its processors with others has three times the
# seconds, so that only what never comes is a failure
wait_for() {
    local deadline=$((SECONDS + 3 * $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.2
    done
}

# --- the machine, read without any code of ours ----------------------------------------------------------------------

pf_dir() {
    printf '/sys/bus/pci/devices/%s\n' "$1"
}

# vf_address PF INDEX
vf_address() {
    basename "$(readlink "/sys/bus/pci/devices/$1/virtfn$2")"
}

netdev_of() {
    local dir
    for dir in "/sys/bus/pci/devices/$1/net/"*; do
        [ ! -d "$dir" ] || { basename "$dir"; return 0; }
    done
    return 1
}

driver_of() {
    local link
    link=$(readlink "/sys/bus/pci/devices/$1/driver") || { echo none; return 0; }
    basename "$link"
}

# vf_config PF INDEX KEY: a VF's setting as the PF's driver reports it. KEY: address, spoofchk, trust, vlan_list, …
vf_config() {
    ip -j -d link show dev "$(netdev_of "$1")" | jq -c --argjson vf "$2" --arg key "$3" \
        '.[0].vfinfo_list[] | select(.vf == $vf) | .[$key]' | sed 's/^"\(.*\)"$/\1/'
}

# vf_table PF…: a line for each VF that there is: PF, index, driver, MAC in the PF's table, interface (-: none here)
vf_table() {
    local pf netdev vf mac address
    for pf; do
        netdev=$(netdev_of "$pf") || continue
        ip -j -d link show dev "$netdev" | jq -r '.[0].vfinfo_list[]? | "\(.vf) \(.address)"' |
            while read -r vf mac; do
                address=$(vf_address "$pf" "$vf") || continue
                printf '%s %s %s %s %s\n' "$pf" "$vf" "$(driver_of "$address")" "$mac" "$(netdev_of "$address" || echo -)"
            done
    done
}

# monotonic UNIT PROPERTY: one of its timestamps, in milliseconds since the boot; 0: it has not been there yet
monotonic() {
    local usec
    usec=$(systemctl show --value --property="${2}Monotonic" "$1")
    echo $((usec / 1000))
}

# remove_vfs PF…: and let VF drivers bind as the kernel likes, which is how a host begins
remove_vfs() {
    local pf
    for pf; do
        echo 0 >"/sys/bus/pci/devices/$pf/sriov_numvfs"
        echo 1 >"/sys/bus/pci/devices/$pf/sriov_drivers_autoprobe"
    done
}

# bind_vf ADDRESS DRIVER: by driver_override, as an administrator would do it in a shell
bind_vf() {
    local dir=/sys/bus/pci/devices/$1
    modprobe "$2"
    echo "$2" >"$dir/driver_override"
    [ ! -e "$dir/driver" ] || echo "$1" >"$dir/driver/unbind"
    echo "$1" >/sys/bus/pci/drivers_probe
    [ "$(driver_of "$1")" = "$2" ]
}

# --- cards that come and go ------------------------------------------------------------------------------------------

# hotplug_add N, hotplug_del N: the emulator plugs an igb into the empty port N of topology "hotplug", or pulls it out.
# Returns when the emulator has done it; the kernel and udev may have only begun.
hotplug_add() {
    lab_hotplug add "$1"
}

hotplug_del() {
    lab_hotplug del "$1"
}

lab_hotplug() {
    local serial answer=$LAB_SHARE/hotplug.answer
    serial=$(date +%s%N)
    rm -f "$answer"
    echo "$serial $*" >"$LAB_SHARE/hotplug.new"
    mv "$LAB_SHARE/hotplug.new" "$LAB_SHARE/hotplug.request"
    wait_for 60 grep -qs "^$serial " "$answer" || { echo "no answer to: $*"; return 1; }
    grep -qx "$serial ok" "$answer" || { cat "$answer"; return 1; }
}

# Whether no sriov@….service is queued, running, or waiting to be tried again. The files tell cheaply which ones are at
# work.
hotplug_idle() {
    ! compgen -G '/run/systemd/units/invocation:sriov@*' >/dev/null &&
        ! systemctl list-jobs --no-legend 'sriov@*' 2>&1 | grep -qv "^No jobs" &&
        [ -z "$(systemctl list-units --no-legend --state=activating,deactivating 'sriov@*')" ]
}

# wait_hotplug_idle [SECONDS]: until udev and systemd have done with what has just happened to PFs
wait_hotplug_idle() {
    udevadm settle --timeout="${1:-60}"
    wait_for "${1:-60}" hotplug_idle
}

# --- guests inside the emulated host ---------------------------------------------------------------------------------

# guest_qemu ADDRESS KERNEL-WORDS [QEMU ARGUMENT…]; GUEST_PREFIX is a command that runs it, GUEST_DEVICE words that give it
# the VF in place of the usual ones
guest_qemu() {
    local address=$1 words=$2 device
    shift 2
    read -ra device <<<"${GUEST_DEVICE:--device vfio-pci,host=$address}"
    exec ${GUEST_PREFIX:-} qemu-system-x86_64 -machine q35 -accel kvm -accel tcg -cpu max,-erms,-fsrm -m 512 -nodefaults \
        -display none -no-reboot -serial stdio "${device[@]}" \
        -kernel /boot/vmlinuz -initrd "$LAB_HOME/guest.initrd" -append "console=ttyS0 quiet panic=-1 $words" "$@"
}

# guest_run ADDRESS [QEMU ARGUMENT…]: a guest with this VF, which prints what its VF driver says, and powers off
guest_run() {
    local address=$1 output
    shift
    # --foreground: the guest stays in the scenario's process group, and ends with it.
    output=$(GUEST_PREFIX="timeout --foreground --kill-after=5 ${GUEST_TIMEOUT:-240}"
        guest_qemu "$address" "" "$@" 2>&1 </dev/null) || :
    output=${output//$'\r'/}
    printf '%s\n' "$output"
    grep -q '^lab-guest: done' <<<"$output"
}

# guest_start NAME ADDRESS [QEMU ARGUMENT…]: the same, but it stays; its console is in /run/lab-guest.NAME.log.
# GUEST_WORDS: what it does meanwhile (guest-init); default: nothing
guest_start() {
    local name=$1 address=$2
    shift 2
    (guest_qemu "$address" "${GUEST_WORDS:-lab.hold}" "$@") </dev/null >"/run/lab-guest.$name.log" 2>&1 &
    echo $! >"/run/lab-guest.$name.pid"
    wait_for "${GUEST_TIMEOUT:-90}" grep -qs '^lab-guest: done' "/run/lab-guest.$name.log"
}

guest_running() {
    kill -0 "$(cat "/run/lab-guest.$1.pid")" 2>/dev/null
}

guest_stop() {
    guest_running "$1" || return 1
    kill "$(cat "/run/lab-guest.$1.pid")"
    wait_for 20 eval "! guest_running '$1'"
}

# guest_pings NAME: how many of the guest's questions were "answered" and "lost" by now, for one that was started with
# GUEST_WORDS=lab.ping=ADDRESS
guest_pings() {
    printf 'answered %s lost %s\n' "$(grep -c '^lab-guest: ping .* answered' "/run/lab-guest.$1.log")" \
        "$(grep -c '^lab-guest: ping .* lost' "/run/lab-guest.$1.log")"
}

# guest_answered NAME N: whether it has had at least N answers
guest_answered() {
    [ "$(grep -c '^lab-guest: ping .* answered' "/run/lab-guest.$1.log")" -ge "$2" ]
}

# guest_macs: from a guest's console (standard input) the addresses of its network devices
guest_macs() {
    sed -n 's/^lab-guest: netdev [^ ]* //p'
}
