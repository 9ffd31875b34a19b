# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How long it takes to have 28 VFs (4 igb of 7) with MAC, trust and vfio-pci: sriovctl, the bare system calls, and the ways
# that people use. In turns, several times; each way's result is looked at. Lines that begin with "|" are tables.
# timeout: 1800

pfs='0000:01:00.0 0000:02:00.0 0000:03:00.0 0000:04:00.0'
nvme=0000:06:00.0
rounds=$LAB_ROUNDS
# /run is mounted so that nothing in it can be run.
work=/var/tmp/bench
netdevs=()
for pf in $pfs; do
    netdevs+=("$(netdev_of "$pf")")
done

mkdir -p "$work"
gcc -O2 -o "$work/floor" "$LAB_HOME/floor.c"
modprobe vfio-pci
jq -n '{ version: 1, pfs: [range(1; 5) as $p | { match: { address: "0000:0\($p):00.0" }, vfs: 7,
    defaults: { driver: "vfio-pci", trust: true },
    vf: (reduce range(7) as $v ({}; . + { "\($v)": { mac: "02:f0:00:00:0\($p):0\($v)" } })) }] }' >"$work/policy.json"
jq -n '{ version: 1, pfs: [{ match: { address: "'"$nvme"'" }, vfs: 127, defaults: { driver: "vfio-pci" } }] }' >"$work/nvme.json"

# --- the ways ---------------------------------------------------------------------------------------------------------

mac() {
    printf '02:f0:00:00:%s:%02x' "${1:5:2}" "$2"
}
way_floor() {
    # shellcheck disable=SC2086 # a list
    "$work/floor" pci 7 $pfs
}
way_sriovctl() {
    sriovctl apply "$work/policy.json"
}
# As blog posts have it: create, set, and take the VFs from the driver that has come meanwhile.
# way_shell AUTOPROBE TAKE: the PFs' sriov_drivers_autoprobe meanwhile, and what gives a VF to vfio-pci
way_shell() {
    local probe=$1 take=$2 pf vf vf_dir i=0
    for pf in $pfs; do
        ip link set dev "${netdevs[i]}" up
        echo "$probe" >"/sys/bus/pci/devices/$pf/sriov_drivers_autoprobe"
        echo 7 >"/sys/bus/pci/devices/$pf/sriov_numvfs"
        for vf in 0 1 2 3 4 5 6; do
            ip link set dev "${netdevs[i]}" vf "$vf" mac "$(mac "$pf" "$vf")"
            ip link set dev "${netdevs[i]}" vf "$vf" trust on
        done
        for vf in 0 1 2 3 4 5 6; do
            vf_dir=$(readlink -f "/sys/bus/pci/devices/$pf/virtfn$vf")
            [ ! -e "$vf_dir/driver" ] || echo "${vf_dir##*/}" >"$vf_dir/driver/unbind"
            $take "$vf_dir"
        done
        i=$((i + 1))
    done
}
take_by_hand() {
    echo vfio-pci >"$1/driver_override"
    echo "${1##*/}" >/sys/bus/pci/drivers_probe
}
take_by_driverctl() {
    driverctl --nosave set-override "${1##*/}" vfio-pci
}
way_shell_probing() { way_shell 1 take_by_hand; }
way_shell_careful() { way_shell 0 take_by_hand; }
way_driverctl() { way_shell 0 take_by_driverctl; }
way_link() {
    local pf vf i=0
    for pf in $pfs; do
        {
            printf '[Match]\nPath=pci-%s\n[Link]\nNamePolicy=keep\nSR-IOVVirtualFunctions=7\n' "$pf"
            for vf in 0 1 2 3 4 5 6; do
                printf '[SR-IOV]\nVirtualFunction=%d\nMACAddress=%s\nTrust=yes\n' "$vf" "$(mac "$pf" "$vf")"
            done
        } >"/etc/systemd/network/10-bench$i.link"
        i=$((i + 1))
    done
    udevadm control --reload
    udevadm trigger --action=add --settle "${netdevs[@]/#//sys/class/net/}"
}
way_networkmanager() {
    local pf vf vfs i=0
    for pf in $pfs; do
        vfs=''
        for vf in 0 1 2 3 4 5 6; do
            vfs+="${vfs:+, }$vf mac=$(mac "$pf" "$vf") trust=true"
        done
        nmcli --wait 60 connection add type ethernet con-name "bench$i" ifname "${netdevs[i]}" autoconnect no \
            ipv4.method disabled ipv6.method disabled sriov.total-vfs 7 sriov.vfs "$vfs"
        nmcli --wait 60 connection up "bench$i"
        i=$((i + 1))
    done
}

# --- around them ------------------------------------------------------------------------------------------------------

# As on a host that has just booted: no VFs, PFs down, the VFs' driver not loaded, nobody at work.
clear_away() {
    local i pf
    sriovctl reset >/dev/null 2>&1 || :
    for i in 0 1 2 3; do
        nmcli connection delete "bench$i" >/dev/null 2>&1 || :
    done
    systemctl stop NetworkManager || :
    rm -f /etc/systemd/network/10-bench*.link
    udevadm control --reload
    # shellcheck disable=SC2086 # a list
    remove_vfs $pfs "$nvme"
    for i in 0 1 2 3; do
        ip link set dev "${netdevs[i]}" down
    done
    for pf in $pfs; do
        echo 1 >"/sys/bus/pci/devices/$pf/sriov_drivers_autoprobe"
    done
    rmmod igbvf 2>/dev/null || :
    udevadm settle --timeout=60
}
prepare_networkmanager() {
    systemctl start NetworkManager
    nm-online --quiet --wait-for-startup --timeout=60 || :
}

# What a way has reached: VFs with their MAC, with trust, with vfio-pci
reached() {
    local pf vf mac=0 trust=0 vfio=0
    for pf in $pfs; do
        for vf in 0 1 2 3 4 5 6; do
            [ "$(vf_config "$pf" "$vf" address)" != "$(mac "$pf" "$vf")" ] || mac=$((mac + 1))
            [ "$(vf_config "$pf" "$vf" trust)" != true ] || trust=$((trust + 1))
            [ "$(driver_of "$(vf_address "$pf" "$vf")" 2>/dev/null)" != vfio-pci ] || vfio=$((vfio + 1))
        done
    done
    echo "$mac $trust $vfio"
}

# timed WAY COMMAND…: a line in the table of WAY: wall, own CPU
timed() {
    local way=$1 status=0 TIMEFORMAT='%3R %3U %3S'
    shift
    { time "$@" >"$work/output" 2>&1; } 2>"$work/time" || status=$?
    awk '{ print $1, $2 + $3 }' "$work/time" >>"$work/$way.times"
    return "$status"
}

# run WAY: once, from the beginning
run() {
    local way=$1 monitor status=0
    clear_away
    [ "$way" != networkmanager ] || prepare_networkmanager
    udevadm monitor --kernel >"$work/uevents" &
    monitor=$!
    wait_for 10 grep -q 'the kernel uevent' "$work/uevents"
    timed "$way" "way_$way" || status=$?
    udevadm settle --timeout=60
    kill "$monitor"
    wait "$monitor" 2>/dev/null || :
    grep -c '^KERNEL\[' "$work/uevents" >>"$work/$way.uevents" || :
    printf '%s %s\n' "$(reached)" "$status" >>"$work/$way.reached"
    [ "$status" = 0 ] || cat "$work/output"
}

# median COLUMN FILE
median() {
    awk -v c="$1" '{ print $c }' "$2" | sort -n | awk '{ v[NR] = $1 } END { printf "%.3f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# --- 28 VFs -----------------------------------------------------------------------------------------------------------
ways='floor sriovctl shell_probing shell_careful driverctl link networkmanager'
# The first VFs since the boot cost the PFs queues of their own, with an event for each: that is nobody's.
run floor
rm "$work"/floor.*
for ((round = 0; round < rounds; round++)); do
    for way in $ways; do
        run "$way"
    done
done
note '| way | wall s | of floor | own CPU s | of floor | uevents | MAC, trust, vfio of 28; exit status |'
note '|---|---|---|---|---|---|---|'
for way in $ways; do
    wall=$(median 1 "$work/$way.times") cpu=$(median 2 "$work/$way.times")
    note "| $way | $wall | $(ratio "$wall" "$(median 1 "$work/floor.times")") | $cpu | $(ratio "$cpu" \
        "$(median 2 "$work/floor.times")") | $(median 1 "$work/$way.uevents") | $(sort "$work/$way.reached" | uniq -c |
        awk '{ printf "%s%s times %s, %s, %s; %s", sep, $1, $2, $3, $4, $5; sep = "; " }') |"
done
check_eq "the floor reaches the goal" "$(sort -u "$work/floor.reached")" "28 28 28 0"
check_eq "sriovctl reaches the goal" "$(sort -u "$work/sriovctl.reached")" "28 28 28 0"

# --- what it asks of the kernel ---------------------------------------------------------------------------------------
note '| 28 VFs | system calls | changes by netlink | writes below /sys |'
note '|---|---|---|---|'
for way in floor sriovctl; do
    clear_away
    case $way in
        floor) read -ra command <<<"$work/floor pci 7 $pfs" ;;
        sriovctl) command=(sriovctl apply "$work/policy.json") ;;
    esac
    check "$way, counted" strace --follow-forks --output="$work/strace" "${command[@]}"
    note "| $way | $(grep -c '(' "$work/strace") | $(grep -c 'RTM_SETLINK.*NLM_F_REQUEST\|nlmsg_type=RTM_SETLINK' "$work/strace") | $(grep -cE 'O_(WRONLY|RDWR).*= [0-9]' "$work/strace") |"
done

# --- the service, nothing to do, reading ------------------------------------------------------------------------------
install -D -m 644 "$work/policy.json" /etc/sriovctl/policy.json
# The same sandbox around the floor, which it must be able to run: what that costs is the kernel's and systemd's, not ours.
install "$work/floor" /usr/local/bin/bench-floor
systemctl cat sriov.service | sed "s|^ExecStart=.*|ExecStart=/usr/local/bin/bench-floor pci 7 $pfs|; /^ExecStop=/d" \
    >/run/systemd/system/bench-sandbox.service
systemctl daemon-reload
# cpu_of UNIT: seconds that it takes to start it
cpu_of() {
    systemctl restart "$1" || :
    systemctl show --property=CPUUsageNSec "$1" | sed 's/.*=//' | awk '{ print $1 / 1e9 }'
    systemctl stop "$1"
}
for ((round = 0; round < rounds; round++)); do
    clear_away
    cpu_of bench-sandbox.service >>"$work/sandbox.cpu"
    check_eq "the floor reaches the goal in the sandbox" "$(reached)" "28 28 28"
    clear_away
    cpu_of sriov.service >>"$work/service.cpu"
    check_eq "so does sriov.service" "$(reached)" "28 28 28"
    for ((i = 0; i < 5; i++)); do
        timed nothing way_sriovctl
        timed list sriovctl list
        timed version sriovctl --version
        timed true /bin/true
    done
done
rm /etc/sriovctl/policy.json /run/systemd/system/bench-sandbox.service /usr/local/bin/bench-floor
systemctl daemon-reload
note '| | wall s | own CPU s | |'
note '|---|---|---|---|'
note "| sriov.service, 28 VFs | | $(median 1 "$work/service.cpu") | the floor in the same sandbox: $(median 1 "$work/sandbox.cpu") |"
note "| apply, nothing to do | $(median 1 "$work/nothing.times") | $(median 2 "$work/nothing.times") | of list: $(ratio \
    "$(median 1 "$work/nothing.times")" "$(median 1 "$work/list.times")") (wall) |"
note "| list | $(median 1 "$work/list.times") | $(median 2 "$work/list.times") | |"
note "| --version | $(median 1 "$work/version.times") | $(median 2 "$work/version.times") | /bin/true: $(median 1 "$work/true.times") |"

# --- a PF with 127 VFs ------------------------------------------------------------------------------------------------
for ((round = 0; round < rounds; round++)); do
    clear_away
    timed nvme_floor "$work/floor" pci 127 "$nvme"
    clear_away
    check "127 VFs of an NVMe controller" timed nvme_sriovctl sriovctl apply "$work/nvme.json"
done
clear_away
note '| NVMe, 127 VFs to vfio-pci | wall s | own CPU s |'
note '|---|---|---|'
for way in nvme_floor nvme_sriovctl; do
    note "| $way | $(median 1 "$work/$way.times") ($(ratio "$(median 1 "$work/$way.times")" \
        "$(median 1 "$work/nvme_floor.times")") of floor) | $(median 2 "$work/$way.times") |"
done
# --- 200 VFs that are nothing but netlink ------------------------------------------------------------------------------
# What the kernel takes for the messages that set something, by strace's clock, which is the same for both.
modprobe netdevsim
echo '7 1' >/sys/bus/netdevsim/new_device
udevadm settle --timeout=60
sim=$(basename /sys/bus/netdevsim/devices/netdevsim7/net/*)
echo 200 >/sys/kernel/debug/netdevsim/netdevsim7/max_vfs
ip link set dev "$sim" up
# spent FILE: the messages that set attributes of VFs, and the milliseconds that they took
spent() {
    awk '/RTM_SETLINK/ && match($0, /<[0-9.]+>$/) { n++; sum += substr($0, RSTART + 1, RLENGTH - 2) }
        END { printf "%d %.3f\n", n, 1000 * sum }' "$1"
}
# traced WAY COMMAND…
traced() {
    local way=$1 status=0
    shift
    strace --follow-forks --seccomp-bpf --syscall-times --trace=sendmsg,sendto --output="$work/strace" "$@" || status=$?
    spent "$work/strace" >>"$work/$way.spent"
    return "$status"
}
jq -n '{ version: 1, pfs: [{ match: { address: "netdevsim7" }, vfs: 200, defaults: { trust: true },
    vf: (reduce range(200) as $v ({}; . + { "\($v)": { vlan: (1 + $v),
        mac: "02:f0:00:00:01:\($v | [(. / 16 | floor), . % 16] | map("0123456789abcdef"[.:. + 1]) | add)" } })) }] }' >"$work/sim.json"
# The same with a rate for the first VF, which the driver refuses in switchdev mode.
jq '.pfs[0].vf["0"] |= (del(.vlan) + { max_tx_rate: 100 })' "$work/sim.json" >"$work/refused.json"
# It keeps the settings of VFs that have gone, until there is another limit.
forget_sim() {
    echo 201 >/sys/kernel/debug/netdevsim/netdevsim7/max_vfs
    echo 200 >/sys/kernel/debug/netdevsim/netdevsim7/max_vfs
}
# How many of the 200 VFs have their MAC, their VLAN, trust
sim_reached() {
    ip -j link show dev "$sim" | jq -r '[.[0].vfinfo_list[] | { vf, trust, vlan: .vlan_list[0].vlan, mac: (.address // .mac) }] |
        "\(map(select(.mac | startswith("02:f0:00:00:01:"))) | length) \(map(select(.vlan == .vf + 1)) | length) \(map(select(.trust)) | length)"'
}
# floor_sim WAY
floor_sim() {
    echo 200 >/sys/bus/netdevsim/devices/netdevsim7/sriov_numvfs
    check "the floor, $1" traced "$1" "$work/floor" "$1" 200 "$sim"
    echo 0 >/sys/bus/netdevsim/devices/netdevsim7/sriov_numvfs
    forget_sim
}
for ((round = 0; round < rounds; round++)); do
    floor_sim netlink
    check "200 VFs of netdevsim" traced sriovctl_netlink sriovctl apply "$work/sim.json"
    check_eq "… have MAC, VLAN and trust" "$(sim_reached)" "200 200 200"
    check "reset" sriovctl reset
    forget_sim
    # It falls back to legacy when its VFs go.
    devlink dev eswitch set netdevsim/netdevsim7 mode switchdev
    floor_sim single
    devlink dev eswitch set netdevsim/netdevsim7 mode switchdev
    check_exit 6 "200 VFs, of which one has a rate" traced sriovctl_refused sriovctl apply "$work/refused.json"
    check_match "which is refused" "$LAB_OUTPUT" 'vf 0 max_tx_rate .*EOPNOTSUPP'
    check_eq "… and all else is as it should be" "$(sim_reached)" "200 199 200"
    check "reset" sriovctl reset
    forget_sim
done
note '| 200 VFs × MAC, VLAN, trust | messages | ms | of the floor |'
note '|---|---|---|---|'
# sim_row WAY FLOOR
sim_row() {
    note "| $1 | $(median 1 "$work/$1.spent") | $(median 2 "$work/$1.spent") | $(ratio "$(median 2 "$work/$1.spent")" \
        "$(median 2 "$work/$2.spent")") of $2 |"
}
sim_row netlink netlink
sim_row sriovctl_netlink netlink
sim_row single single
sim_row sriovctl_refused single
echo 7 >/sys/bus/netdevsim/del_device
rmmod netdevsim
rm -r "$work"
