# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `list --dot` has all VFs and who uses them. The README's picture is made so:
#     tests/lab/run --keep 56-picture; dot -Tsvg ~/.cache/sriovctl-lab/run.*/*/share/output/picture.gv >man/list.svg
# policy: main.json
# slow: yes
# timeout: 240

one=0000:01:00.0 two=0000:02:00.0
first=$(vf_address "$one" 0) second=$(vf_address "$two" 0) third=$(vf_address "$one" 3)
bridged=$(vf_address "$one" 6) contained=$(vf_address "$two" 6)

check "a guest has a VF of each of two cards" guest_start firewall "$first" -name firewall -device "vfio-pci,host=$second"
ip link add vmbr0 type bridge
bridged_netdev=$(netdev_of "$bridged")
ip link set "$bridged_netdev" master vmbr0 up
unshare --net sleep 1000 &
holder=$!
wait_for 5 grep -q sleep "/proc/$holder/comm"
ip link set "$(netdev_of "$contained")" netns "$holder"
mkdir -p /sys/fs/cgroup/lxc/100 /etc/pve/qemu-server
echo "$holder" >/sys/fs/cgroup/lxc/100/cgroup.procs
echo "hostpci0: host=$third" >/etc/pve/qemu-server/105.conf

check "list --dot" sriovctl list --dot "$one" "$two"
picture=$LAB_OUTPUT
printf '%s\n' "$picture" >"$LAB_SHARE/output/picture.gv"
for pf in "$one" "$two"; do
    for i in 0 1 2 3 4 5 6; do
        address=$(vf_address "$pf" "$i")
        group=$(basename "$(readlink "/sys/bus/pci/devices/$address/iommu_group")")
        check_eq "$pf vf $i: one node, with its MAC address and group" \
            "$(grep -cF "\"$address\" [label=\"vf $i  $address  $(driver_of "$address")\\n$(vf_config "$pf" "$i" address)" <<<"$picture") \
$(grep -F "\"$address\" [label" <<<"$picture" | grep -c "  group $group\"")" "1 1"
        check_eq "$pf vf $i: one line from its card" "$(grep -cF "\"$pf\" -> \"$address\";" <<<"$picture")" 1
    done
done

# user_of ADDRESS: the label of the node to which a line leads from it
user_of() {
    local user
    user=$(sed -n "s/^\\t\"$1\" -> \\(\"user [0-9]*\"\\) .*/\\1/p" <<<"$picture")
    sed -n "s/^\\t$user \\[label=\"\\(.*\\)\", shape=.*/\\1/p" <<<"$picture"
}
check_eq "the guest" "$(user_of "$first")" 'VM \"firewall\"'
check_eq "is one node for both its VFs" \
    "$(grep -cF 'label="VM \"firewall\""' <<<"$picture") $(user_of "$second")" '1 VM \"firewall\"'
check_eq "the bridge" "$(user_of "$bridged")" vmbr0
check_eq "the container" "$(user_of "$contained")" "container 100"
check_eq "the guest that is to have a VF" "$(user_of "$third")" "VM 105"
check_eq "who has nothing to do with it is not there" "$(grep -c '0000:0[3456]:' <<<"$picture")" 0
sriovctl list --dot >"$LAB_SHARE/output/picture-all.gv"
check_eq "all cards have all their VFs" "$(grep -c '\[label="vf ' "$LAB_SHARE/output/picture-all.gv")" \
    "$(find /sys/bus/pci/devices/*/ -maxdepth 1 -name physfn | wc -l)"

# --- as it was --------------------------------------------------------------------------------------------------------
rm -r /etc/pve
kill "$holder"
wait "$holder" || :
wait_for 10 netdev_of "$contained"
rmdir /sys/fs/cgroup/lxc/100 /sys/fs/cgroup/lxc
ip link set "$bridged_netdev" nomaster down
ip link delete vmbr0
check "the guest stops" guest_stop firewall
udevadm settle
check "the host is as the policy says" sriovctl status
