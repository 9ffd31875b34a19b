# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The fault sweep: a run is killed, or the kernel fails it, at each call by which it changes something. What it leaves is
# the start, the goal, or told; the next run gets to the goal, and reset back to the start. Prints the table of all cases.
# timeout: 5400
# slow: yes
#
# A sample that has each kind of call and of fault; with LAB_ROUNDS 10 or more, all of it, which takes half an hour.

spare=0000:05:00.0
pf=$(pf_dir "$spare")
netdev=$(netdev_of "$spare")
gcc -D_GNU_SOURCE -O2 -o /var/tmp/fault "$LAB_HOME/fault.c" "$LAB_HOME/effect.c"

# What the first run makes, or loads, and leaves: all others would find it.
modprobe vfio-pci
mkdir -p /run/udev/rules.d /run/NetworkManager/conf.d /run/systemd/network /run/sriovctl
chmod 700 /run/sriovctl

# --- two plans, which have all kinds of steps between them --------------------------------------------------------------

cat >/run/change.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "$spare" }, "vfs": 3,
    "vf": { "0": { "mac": "02:00:00:00:05:00", "driver": "vfio-pci", "vlan": 100, "max_tx_rate": 500 },
            "1": { "mac": "keep", "driver": "host", "name": "sweep1" },
            "2": { "mac": "02:00:00:00:05:02", "driver": "host", "name": "sweep2" } } }] }
P
cat >/run/recreate.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "$spare" }, "vfs": 3,
    "vf": { "0": { "mac": "02:00:00:00:05:00", "driver": "vfio-pci", "trust": true, "max_tx_rate": 500 },
            "1": { "mac": "02:00:00:00:05:01", "driver": "none" },
            "2": { "mac": "02:00:00:00:05:02", "driver": "host", "name": "sweep2" } } }] }
P

# start_change [ALL]: a PF that is down, and three VFs: one with settings of its own, one with a name and a pinned driver,
# one without a driver. Nobody has needed VFIO yet. Without ALL, the VFs are so already.
start_change() {
    local vf
    ip link set dev "$netdev" down
    # Those that a run has raised stay closed to routers.
    echo 1 >"/proc/sys/net/ipv6/conf/$netdev/accept_ra"
    [ $# -eq 0 ] || remove_vfs "$spare"
    modprobe -r vfio-pci || :
    modprobe -r vfio-pci-core || :
    if [ $# -gt 0 ]; then
        echo 3 >"$pf/sriov_numvfs"
        ip link set dev "$netdev" vf 0 mac 02:00:00:00:05:a0
        ip link set dev "$netdev" vf 0 trust on
        udevadm settle --timeout=90
        vf=$(vf_address "$spare" 1)
        echo igbvf >"/sys/bus/pci/devices/$vf/driver_override"
        ip link set dev "$(netdev_of "$vf")" name theirs1
        vf=$(vf_address "$spare" 2)
        echo "$vf" >/sys/bus/pci/drivers/igbvf/unbind
    fi
}

# start_recreate [ALL]: a PF that is up, and two VFs as the kernel makes them, one with settings of its own
start_recreate() {
    local vf
    if [ $# -gt 0 ]; then
        remove_vfs "$spare"
        echo 2 >"$pf/sriov_numvfs"
    fi
    modprobe vfio-pci
    echo 1 >"/proc/sys/net/ipv6/conf/$netdev/accept_ra"
    ip link set dev "$netdev" up
    ip link set dev "$netdev" vf 0 vlan 200
    ip link set dev "$netdev" vf 0 trust on
    for vf in $(vf_address "$spare" 0) $(vf_address "$spare" 1); do
        echo >"/sys/bus/pci/devices/$vf/driver_override"
        [ "$(driver_of "$vf")" = igbvf ] || echo "$vf" >/sys/bus/pci/drivers/igbvf/bind || :
    done
}

vf_count() {
    compgen -G "$pf/virtfn*" | wc -l
}

# --- what a host looks like ---------------------------------------------------------------------------------------------

generated='/run/udev/rules.d/81-sriovctl.rules /run/NetworkManager/conf.d/90-sriovctl.conf
    /run/systemd/network/05-sriovctl.network'

# The PF and its VFs, without any code of ours. A MAC that a VF driver has thrown dice for, or is about to, is none.
describe_pf() {
    local autoprobe ra vf address driver override name
    udevadm settle --timeout=90
    read -r autoprobe <"$pf/sriov_drivers_autoprobe"
    read -r ra <"/proc/sys/net/ipv6/conf/$netdev/accept_ra"
    echo "autoprobe $autoprobe, accept_ra $ra"
    ip -j -d link show dev "$netdev" | jq -r '.[0] | "mtu \(.mtu)", (.vfinfo_list[]? |
        "vf \(.vf) \(.address | if startswith("02:00:00:00:05:") then . else "none" end) " +
        "\(.vlan_list) \(.rate) spoofchk \(.spoofchk) trust \(.trust)")'
    for vf in "$pf"/virtfn*; do
        [ -e "$vf" ] || continue
        address=$(readlink "$vf")
        address=${address##*/}
        driver=$(readlink "$vf/driver") || driver=none
        read -r override <"$vf/driver_override"
        for name in "$vf"/net/*; do
            [ -e "$name" ] || name=-
        done
        echo "${vf##*/} $address ${driver##*/} $override ${name##*/}"
    done
}

# Whether the PF is up: nobody takes it down again, others may rely on it by then.
describe_up() {
    local flags
    read -r flags <"/sys/class/net/$netdev/flags"
    [ $((flags & 1)) -eq 0 ] || echo up
}

describe_files() {
    local file
    for file in $generated; do
        [ ! -e "$file" ] || { stat -c '%n %a' "$file" && cat "$file"; }
    done
}

# What nothing may leave behind.
leftovers() {
    find /run/udev /run/NetworkManager /run/systemd/network /run/sriovctl -name '.*sriovctl*' 2>/dev/null
    pgrep -a sriovctl || :
}

# what_of NOW START GOAL
what_of() {
    case $1 in
        "$2") echo start ;;
        "$3") echo goal ;;
        *) echo other ;;
    esac
}

# --- the cases ----------------------------------------------------------------------------------------------------------

# errors CALL WHAT: what the kernel, or a full or broken disk, answers
errors() {
    case $1\ $2 in
        *"/sriov_numvfs=0") echo EBUSY ENOENT EIO after:EIO EIO+ ;;
        *"/sriov_numvfs="*) echo ERANGE ENOENT EBUSY EBUSY+ EAGAIN ENOMEM EIO EINVAL EPERM EOPNOTSUPP ENOSPC after:EIO ;;
        *"/sriov_drivers_autoprobe="*) echo EINVAL EIO EIO+ after:EIO ;;
        *"/accept_ra="*) echo EROFS EIO ;;
        *"/unbind="*) echo ENODEV EBUSY after:EIO ;;
        *"/driver_override="*) echo EINVAL EIO EIO+ after:EIO ;;
        *"/bind="*) echo ENODEV EBUSY EAGAIN EINVAL ENOENT EIO EIO+ after:EIO ;;
        *"/uevent="*) echo EIO ;;
        "send netlink:flags") echo ENOBUFS refuse:EINVAL refuse:EPERM refuse:EBUSY ;;
        "send netlink:vf") echo ENOBUFS ENOBUFS+ after:ENOBUFS refuse:EINVAL refuse:EINVAL+ refuse:EPERM+ \
            refuse:EOPNOTSUPP+ refuse:EBUSY refuse:EBUSY+ refuse:EAGAIN ;;
        "send netlink:name") echo ENOBUFS refuse:EBUSY refuse:EEXIST refuse:ENODEV ;;
        "send systemd:"*) echo ECONNRESET ;;
        load*) echo ENOENT EPERM ENOMEM ;;
        "create /run"*) echo ENOSPC EROFS ;;
        "write "*.jsonl) echo ENOSPC ;;
        "write /run"*) echo ENOSPC EIO ;;
        "truncate "*) echo EIO ;;
        "sync "*) echo EIO ENOSPC ;;
        "rename "* | "mkdir "* | "unlink "*) echo ENOSPC EROFS ;;
        "chmod "*) echo EROFS EIO ;;
    esac
}

# faults SCENE ROLE CALL WHAT. A file of ours is written by one process while no other does anything, so it is the same
# which one is killed; the files for network managers are written as udev's are; and what plan "change" has shown, "recreate"
# need not show again.
faults() {
    case $1\ $3\ $4 in
        "recreate "*"/sriov_numvfs="*) echo kill kill-worker kill-after kill-run; errors "$3" "$4" ;;
        "recreate "*/sys/*) echo kill EIO ;;
        "recreate send netlink:"*) echo kill refuse:EINVAL+ ;;
        "recreate "*) ;;
        *" write /run/NetworkManager/"* | *" write /run/systemd/"*) echo kill ENOSPC ;;
        *" rename /run/NetworkManager/"* | *" rename /run/systemd/"*) echo kill EROFS ;;
        *" /run/NetworkManager/"* | *" /run/systemd/"*) ;;
        *" /run/"* | *"/uevent="*) echo kill; errors "$3" "$4" ;;
        *) echo kill kill-worker kill-after kill-run; errors "$3" "$4" ;;
    esac
}

# faults_again SCENE ROLE CALL WHAT: of a call like one before it
faults_again() {
    case $1\ $3\ $4 in
        "recreate "*) ;;
        *" /run/NetworkManager/"* | *" /run/systemd/"*) ;;
        *" /run/"* | *"/uevent="*) echo kill ;;
        *) echo kill kill-after; errors "$3" "$4" | cut -d ' ' -f 1 ;;
    esac
}

# list_cases SCENE LOG: a line for each: SCENE NUMBER FAULT CALL WHAT
list_cases() {
    local number role call what fault key
    declare -A seen=()
    while read -r number role call what; do
        # Which VF it is about makes no difference.
        key="$call ${what##*/}"
        key=${key%=*:*.*}
        key=${key/driver_override=*/driver_override}
        for fault in $("faults${seen[$key]-}" "$1" "$role" "$call" "$what"); do
            echo "$1 $number $fault $call $what"
        done
        seen[$key]=_again
    done <"$2"
}

# --- one case -----------------------------------------------------------------------------------------------------------

# sweep_apply SCENE [COMMAND…]: with consent only where VFs are still those of the start and have to go
sweep_apply() {
    local scene=$1 consent=()
    shift
    [ "$scene" != recreate ] || [ "$(vf_count)" -ne 2 ] || consent=(--recreate)
    lab_run timeout --kill-after=5 90 "$@" sriovctl apply "${consent[@]}" "/run/$scene.json"
}

declare -A start_vfs=([change]=3 [recreate]=2) start_pf goal goal_pf goal_files totals
back='' # the plan whose start the host is at, as far as has been seen

# begin_case SCENE: at its start, the cheapest way
begin_case() {
    local now=''
    [ "$(vf_count)" -ne "${start_vfs[$1]}" ] || "start_$1"
    # What reset has just been seen to get back to need not be looked at once more.
    [ "$back" != "$1" ] || return 0
    now=$(describe_pf)
    if [ "$now" != "${start_pf[$1]-}" ]; then
        "start_$1" all
        now=$(describe_pf)
        [ "$now" = "${start_pf[$1]:=$now}" ] || bad "the start is another: $(diff <(echo "${start_pf[$1]}") <(echo "$now"))"
    fi
}

# bad TEXT: what is wrong with this case
bad() {
    wrong+="$1"$'\n'
}

# judge_halves SCENE FAULT WHAT NOW: what a run that goes on puts back: autoprobe, and, if it is still waited for, a VF between
# two drivers. Not if what it needs for that fails as well, nor if nobody is left to do it.
judge_halves() {
    local scene=$1 now=$4 line
    case $2\ $3 in
        kill\ * | kill-worker\ * | kill-after\ * | *+\ * | *"/sriov_drivers_autoprobe="*) return ;;
    esac
    grep -q '^autoprobe 1' <<<"$now" || bad "autoprobe stays off"
    [ "$scene" = change ] && [ "$2" != kill-run ] || return 0
    while read -r line; do
        [[ $'\n'${start_pf[$scene]}$'\n'${goal_pf[$scene]} = *$'\n'"$line "* ]] || bad "half done: $line"
    done < <(awk '/^virtfn/ { print $1, $2, $3, $4 }' <<<"$now")
}

# judge_fault SCENE FAULT WHAT STATUS: what it left, into $left, and whether it was told
judge_fault() {
    local scene=$1 fault=$2 status=$4 now files words
    now=$(describe_pf)
    judge_halves "$scene" "$fault" "$3" "$now"
    left=$(what_of "$now" "${start_pf[$scene]}" "${goal_pf[$scene]}")
    files=$(what_of "$(describe_files)" "" "${goal_files[$scene]}")
    [ "$left" = "$files" ] || left="PF $left, files $files"
    words=${fault##*:}
    words=${words%+}
    case $fault/$status in
        kill/137 | kill-run/137) words= ;;
        kill-worker/[156] | kill-after/[156]) words='the worker process ended' ;;
        kill*) bad "its status is $status" ;;
        */0) [ "$left" = goal ] || bad "status 0, and this is not the goal"; words= ;;
        */[156]) ;;
        *) bad "its status is $status" ;;
    esac
    [ -z "$words" ] || grep -q "^sriovctl: .*$words" <<<"$LAB_OUTPUT" || bad "it does not tell \"$words\""
    [ -z "$wrong" ] || bad "it said:"$'\n'"$LAB_OUTPUT"
}

# judge_goal SCENE: the next run gets there
judge_goal() {
    local scene=$1 status=0
    sweep_apply "$scene" || status=$?
    [ "$status" -eq 0 ] || bad "the next apply: status $status"$'\n'"$LAB_OUTPUT"
    lab_run sriovctl status "/run/$scene.json" || bad "status after that: $LAB_OUTPUT"
    check_state "the next apply" "$(describe_pf; describe_up; describe_files)" \
        "${goal[$scene]}"
    check_state "the next apply leaves" "$(leftovers)" ""
}

# without_ra: an interface that was raised stays up, and closed to routers; one that is down is as it was.
without_ra() {
    if [ -n "$(describe_up)" ]; then
        sed 's/, accept_ra .*//'
    else
        cat
    fi
}

# judge_start SCENE: and reset gets back from there; of VFs that had to go, to their number
judge_start() {
    lab_run timeout --kill-after=5 90 sriovctl reset || bad "reset: $LAB_OUTPUT"
    if [ "$1" = recreate ]; then
        check_state "reset" "$(describe_pf | without_ra | awk 'NR == 1; /^virtfn/ { print $1, $4 }')" \
            "$(without_ra <<<"${start_pf[$1]}" | head -n 1)"$'\nvirtfn0 (null)\nvirtfn1 (null)'
    else
        check_state "reset" "$(describe_pf | without_ra)" "$(without_ra <<<"${start_pf[$1]}")"
        [ -n "$wrong" ] || back=$1
    fi
    check_state "reset leaves" "$(describe_files; leftovers; ls /run/sriovctl)" "lock"
}

# check_state WHO GOT WANT
check_state() {
    [ "$2" = "$3" ] || bad "$1: $(diff <(echo "$3") <(echo "$2"))"
}

# sweep_case SCENE NUMBER FAULT CALL WHAT
sweep_case() {
    local scene=$1 number=$2 fault=$3 call=$4 what=$5 status=0 wrong='' left='' row next
    begin_case "$scene"
    back=''
    sweep_apply "$scene" /var/tmp/fault /run/sweep.log "$number" "$fault" || status=$?
    grep -qxE "$number (run|worker) $call ${what//[.*]/.}" /run/sweep.log || bad "number $number was another call, or none was"
    judge_fault "$scene" "$fault" "$what" "$status"
    # Killed after a call, it leaves what it leaves when killed before the next one: from there reset goes back by itself.
    if [ "$fault" = kill-after ]; then
        next='reset at once: start'
    else
        next='apply: goal; reset: start'
        judge_goal "$scene"
    fi
    judge_start "$scene"
    row=$(printf '%-8s %2s %-31s %-18s %3s  %s' "$scene" "$number" "$call ${what##*/}" "$fault" "$status" "$left")
    totals["${left:-?}"]=$((${totals["${left:-?}"]:-0} + 1))
    if [ -z "$wrong" ]; then
        lab_result ok "$row; $next"
    else
        lab_result 'not ok' "$row"
        printf '%s' "$wrong" | lab_indent
    fi
}

# --- the runs without a fault -------------------------------------------------------------------------------------------

# clean SCENE WORDS…: what a run without a fault changes, by how many calls; WORDS has to be among them
clean() {
    local scene=$1 word wrong=''
    shift
    begin_case "$scene"
    back=''
    check_eq "$scene: no file of ours is there yet" "$(describe_files; leftovers)" ""
    check "$scene: apply" sweep_traced "$scene"
    for word; do
        grep -qE "$word" "/run/$scene.log" || bad "no $word"
    done
    check_eq "$scene: all its kinds of calls are seen" "$wrong" ""
    goal_pf[$scene]=$(describe_pf)
    goal_files[$scene]=$(describe_files)
    goal[$scene]=$(describe_pf; describe_up; describe_files)
    check "$scene: status" sriovctl status "/run/$scene.json"
    wrong=''
    judge_start "$scene"
    check_eq "$scene: reset" "$wrong" ""
    note "$scene: $(grep -c . "/run/$scene.log") calls change something"
}

sweep_traced() {
    sweep_apply "$1" /var/tmp/fault "/run/$1.log"
    local status=$?
    echo "$LAB_OUTPUT"
    return "$status"
}

# --- all of it ----------------------------------------------------------------------------------------------------------

# kind_of SCENE NUMBER FAULT CALL WHAT: what it shows: a kind of call, and a kind of fault
kind_of() {
    local what=${5%%=*} fault=$3 code
    case $5 in
        /run/sriovctl/*) what=record ;;
        /run/* | */uevent=* | "systemd:"*) what=files ;;
        */sriov_numvfs=0) what=remove ;;
    esac
    code=${fault##*:}
    code=${code%+}
    [ "$code" != "${code,,}" ] || code=none
    echo "${what##*/} ${fault/$code/error}"
}

# choose FILE: of the list of cases those that show what none before them has shown: first by their call and by their
# fault, then by one of these
choose() {
    local line what fault both
    declare -A seen=()
    for both in 1 0; do
        while read -r line; do
            # shellcheck disable=SC2086 # words
            read -r what fault < <(kind_of $line)
            case $both${seen[$what]-0}${seen[$fault]-0} in
                100 | 000 | 010 | 001) ;;
                *) continue ;;
            esac
            seen[$what]=1 seen[$fault]=1
            echo "$line"
        done <"$1"
    done
}

clean change /accept_ra=0 netlink:flags /sriov_drivers_autoprobe=0 'load module' /unbind= netlink:vf /driver_override= /bind= \
    netlink:name /sriov_drivers_autoprobe=1 systemd:ReloadUnit 81-sriovctl.rules
clean recreate /sriov_numvfs=0 /sriov_numvfs=3
list_cases change /run/change.log >/run/cases
list_cases recreate /run/recreate.log >>/run/cases
all=$(grep -c . /run/cases)
if [ "$LAB_ROUNDS" -lt 10 ]; then
    choose /run/cases >/run/chosen
    mv /run/chosen /run/cases
fi
note "a row: plan, number of the call, call, fault, status of the run, what it left"
while read -r line; do
    # shellcheck disable=SC2086 # words
    sweep_case $line
done </run/cases
note "$(grep -c . /run/cases) cases of $all; what they left: $(for left in "${!totals[@]}"; do
    echo "$left ${totals[$left]}"; done | paste -sd ';')"

remove_vfs "$spare"
ip link set dev "$netdev" down
