# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `schema` says that a PF accepts, against the kernel itself: each attribute is tried by ip(8), at good values, at its limits
# and beyond them, and a value counts as accepted if it is read back.
# policy: main.json
# timeout: 180

spare=0000:05:00.0
nvme=$(lspci -D -d ::0108 | awk 'NR == 1 { print $1 }')
mkdir -p /run/schema

# say KEY VALUE…: a line each: whether the schema of the PF's entry allows the value, the value, and ip's words for it
say() {
    printf '%s\n' "${@:2}" | jq -r --arg key "$1" --slurpfile schema /run/schema/pf.json '
        def takes($v): if type == "boolean" then .
            elif .enum then any(.enum[]; . == $v)
            elif ($v | type) == "boolean" then .type == "boolean"
            elif ($v | type) == "string" then .pattern as $p | $v | test($p)
            elif ($v | type) == "number" then .minimum <= $v and $v <= .maximum
                and (.not == null or $v < .not.minimum or $v > .not.maximum)
            else .properties as $p | all($v | to_entries[]; .key as $k | .value as $x | $p | has($k) and (.[$k] | takes($x))) end;
        def words: if $key == "vlan" and type == "object" then "vlan \(.id) qos \(.qos // 0) proto \(.proto // "802.1Q")"
            elif $key == "link_state" then "state \(.)"
            else "\($key) \(if . == true then "on" elif . == false then "off" else . end)" end;
        . as $v | ($schema[0]."$defs".vf.properties[$key] | takes($v)), ($v | tojson), words'
}

# have KEY: from lists of ip -j, each after a value, whether the list shows that value
have() {
    jq -r --arg key "$1" '
        . as $value | input | .[0].vfinfo_list[0] | (.vlan_list[0] // {}) as $v
        | { mac: .address, trust, spoofchk, query_rss: .query_rss_en, link_state,
            min_tx_rate: .rate.min_tx, max_tx_rate: .rate.max_tx,
            vlan: { id: ($v.vlan // 0), qos: ($v.qos // 0), proto: ($v.protocol // "802.1Q") } }[$key]
        | . == if $key != "vlan" then $value
               else { qos: 0, proto: "802.1Q" } + if ($value | type) == "object" then $value else { id: $value } end end'
}

# agree PF DEV KEY VALUE…: the kernel and the schema, for each value in turn; what ip answers does not count
agree() {
    local pf=$1 dev=$2 key=$3 takes value words schema='' shown=''
    shift 3
    while read -r takes && read -r value && read -r words; do
        # shellcheck disable=SC2086 # words
        ip link set dev "$dev" vf 0 $words >/dev/null 2>&1 || :
        schema+="$value $takes"$'\n'
        shown+="$value $(ip -j -d link show dev "$dev")"$'\n'
    done < <(say "$key" "$@")
    check_eq "$pf: $key is taken as the schema says, $# values" "$schema" \
        "$(paste -d ' ' <(printf '%s\n' "$@") <(have "$key" <<<"$shown"))"$'\n'
}

# agree_all PF DEV
agree_all() {
    agree "$1" "$2" mac '"02:00:00:00:05:01"' '"01:00:5e:00:00:01"' '"ff:ff:ff:ff:ff:ff"' '"02:00:00:00:05:02"'
    agree "$1" "$2" vlan 1 4094 4096 '{"id":5,"qos":7}' '{"id":6,"qos":8}' '{"id":7,"proto":"802.1ad"}' 0
    agree "$1" "$2" max_tx_rate 1 100 999 1000 1001 10000 65535 65536 0
    agree "$1" "$2" min_tx_rate 1 50 0
    agree "$1" "$2" spoofchk false true
    agree "$1" "$2" link_state '"enable"' '"disable"' '"auto"'
    agree "$1" "$2" query_rss true false
    agree "$1" "$2" trust true false
}

# count PF DIR: of the limit, and one more
count() {
    local most
    most=$(jq .properties.vfs.maximum /run/schema/pf.json)
    echo 0 >"$2/sriov_numvfs"
    check_exit 1 "$1: $((most + 1)) VFs are too many" eval "echo $((most + 1)) >$2/sriov_numvfs"
    check "$1: $most VFs are not" eval "echo $most >$2/sriov_numvfs"
    check_eq "$1: so many there are" "$(cat "$2/sriov_numvfs")" "$most"
}

# --- igb --------------------------------------------------------------------------------------------------------------
dir=$(pf_dir "$spare")
dev=$(netdev_of "$spare")
was_up=$(ip -j link show dev "$dev" up | jq length)
echo 0 >"$dir/sriov_drivers_autoprobe"
ip link set dev "$dev" up
check "schema of igb" sriovctl schema "$spare"
check_match "says what it drives" "$LAB_OUTPUT" '^driver +igb: '
check_match "how it can be reset" "$LAB_OUTPUT" "^reset of the PF +$(cat "$dir/reset_method")\$"
sriovctl schema --json "$spare" >/run/schema/pf.json
count igb "$dir"
check "the link comes back" wait_for 20 grep -qx 1 "/sys/class/net/$dev/carrier"
check "schema, with VFs" sriovctl schema "$dev"
check_match "knows that the kernel reports trust" "$LAB_OUTPUT" '^trust +yes +- +no +yes '
check_match "and that it does not report query_rss" "$LAB_OUTPUT" '^query_rss +no +- +- +no '
agree_all igb "$dev"
remove_vfs "$spare"
[ "$was_up" != 0 ] || ip link set dev "$dev" down

# --- netdevsim --------------------------------------------------------------------------------------------------------
modprobe netdevsim
echo "8 1" >/sys/bus/netdevsim/new_device
udevadm settle --timeout=90
dir=/sys/bus/netdevsim/devices/netdevsim8
dev=$(basename "$dir"/net/*)
sriovctl schema --json netdevsim8 >/run/schema/pf.json
count netdevsim "$dir"
agree_all netdevsim "$dev"
echo 8 >/sys/bus/netdevsim/del_device
rmmod netdevsim

# --- NVMe -------------------------------------------------------------------------------------------------------------
sriovctl schema --json "$nvme" >/run/schema/pf.json
check_eq "an NVMe controller has no interface" "$(netdev_of "$nvme" || echo none)" none
check_eq "and takes no attribute of networks" \
    "$(jq -c '."$defs".vf.properties | [.mac, .vlan, .min_tx_rate, .max_tx_rate, .spoofchk, .link_state, .query_rss, .trust] | unique' \
        /run/schema/pf.json)" '[false]'
check_eq "its VFs are as many as the kernel says" "$(jq .properties.vfs.maximum /run/schema/pf.json)" \
    "$(cat "$(pf_dir "$nvme")/sriov_totalvfs")"
