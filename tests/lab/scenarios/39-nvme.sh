# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# VFs of an NVMe controller: queues and an interrupt for each, online, and then its driver. What nvme-cli says is the truth.
# topology: devices
# policy: devices.json
# slow: yes
# timeout: 240

pf=0000:02:00.0
policy=/run/nvme.json

# vfs WORDS: a policy for three VFs, the last one for a guest; WORDS are for VF 1
vfs() {
    cat >"$policy" <<P
{ "version": 1, "pfs": [{ "match": { "address": "$pf" }, "vfs": 3,
  "defaults": { "driver": "host", "vq_resources": 2, "vi_resources": 1, "online": true },
  "vf": { "1": { ${1:-} }, "2": { "driver": "vfio-pci" } } }] }
P
}

# The state, queues and interrupts of the first three VFs' controllers, a line each: "Online 2 1"
secondaries() {
    nvme list-secondary "$device" -o json | jq -r '."secondary-controllers"[:3][] |
        "\(if ."secondary-controller-state" == 1 then "Online" else "Offline" end) \(."num-virtual-queues") \(."num-virtual-interrupts")"'
}

# The first words in the namespace, read by the controller of VF N: the host shows all paths to it as one disk
read_by() {
    timeout 20 nvme io-passthru "/dev/$(ls "/sys/bus/pci/devices/$(vf_address "$pf" "$1")/nvme")" --opcode=2 --namespace-id=1 \
        --data-len=512 --read --raw-binary 2>/dev/null | head -n 1 | tr -d '\0'
}

sriovctl reset
check "the controller has its driver" wait_for 20 test -b /dev/nvme0n1
device=/dev/$(ls "/sys/bus/pci/devices/$pf/nvme")
words="written by the PF $RANDOM"
printf '%s\n' "$words" | dd of="$device"n1 bs=4096 count=1 conv=sync oflag=direct status=none

# move_to_pf VQ VI: the PF's controller has so many of those that can be moved from now on
move_to_pf() {
    nvme virt-mgmt "$device" -c 0 -r 0 -a 1 -n "$1"
    nvme virt-mgmt "$device" -c 0 -r 1 -a 1 -n "$2"
    echo 1 >"$(pf_dir "$pf")/reset"
}

vfs
move_to_pf 254 127
check_exit 1 "the controller keeps all that can be moved" sriovctl apply "$policy"
check_match "which is known before anything changes" "$LAB_OUTPUT" \
    '/pfs/0/defaults/vq_resources: .* have 6 together, and there are 0 .* itself has 254; "nvme virt-mgmt .* -c 0 -r 0 -a 1 -n 0"'
check_eq "and nothing has" "$(cat "$(pf_dir "$pf")/sriov_numvfs")" 0
move_to_pf 0 0
check_eq "the manual's commands make it give them up" "$(sriovctl show "$pf" | awk '/^v[qi] /{ printf "%s ", $NF }')" \
    '254 0 2 127 0 1 '
check_match "schema says what a VF can have" "$(sriovctl schema "$pf")" '^vq_resources +yes +.*2.*virtualization management'

check_match "plan says in which order" "$(sriovctl plan "$policy" | grep -o 'vf 0 .*' | tr '\n' ';')" \
    '^vf 0 vq_resources 2;vf 0 vi_resources 1;vf 0 online on;vf 0 driver_override nvme;vf 0 bind to nvme;$'
check "apply" sriovctl apply "$policy"
all_online=$'Online 2 1\nOnline 2 1\nOnline 2 1'
check_eq "three are online, with queues and an interrupt" "$(secondaries)" "$all_online"
check_eq "VF 0 has the host's driver" "$(driver_of "$(vf_address "$pf" 0)")" nvme
check_eq "VF 2 is for a guest" "$(driver_of "$(vf_address "$pf" 2)")" vfio-pci
check_eq "the namespace is read by VF 0" "$(read_by 0)" "$words"
check_eq "and by VF 1" "$(read_by 1)" "$words"
check_match "list tells" "$(sriovctl list "$pf")" ' 0 .*nvme .*vq_resources 2, vi_resources 1, online'
# asked POLICY: how many commands it takes to plan for it
asked() {
    strace --follow-forks --trace=ioctl --output=/run/asked.strace sriovctl plan "$1" >/dev/null || :
    grep -cE 'NVME_IOCTL|0x4e, ' /run/asked.strace || :
}
check "the controller is asked for what the policy says of it" [ "$(asked "$policy")" -gt 0 ]
jq 'del(.pfs[].defaults["vq_resources", "vi_resources", "online"])' "$policy" >/run/unasked.json
check_eq "and not for a policy that says nothing of it" "$(asked /run/unasked.json)" 0
check_match "a second apply has nothing to do" "$(sriovctl apply "$policy")" 'nothing to do'

vfs '"online": false, "driver": "none", "vi_resources": 0'
check_exit 5 "what a driver has goes offline only with consent" sriovctl apply "$policy"
check "then it does, and lets its driver go" sriovctl apply --force "$policy"
check_eq "what it is still to have it has" "$(secondaries)" $'Online 2 1\nOffline 2 0\nOnline 2 1'
check "status" sriovctl status "$policy"
check_eq "the others go on" "$(read_by 0)" "$words"
vfs
check "and it comes back" sriovctl apply "$policy"
check_eq "as before" "$(secondaries)" "$all_online"
check_eq "to be read by" "$(read_by 1)" "$words"

vfs '"vq_resources": 3'
check_exit 1 "more than one VF can have" sriovctl apply "$policy"
check_match "is refused before anything changes" "$LAB_OUTPUT" \
    "/pfs/0/vf/1/vq_resources: $pf: vq_resources: 3: more than one VF can have \\(2 for each VF"
check_eq "and nothing has" "$(secondaries)" "$all_online"

# The device says no where nobody could know it before: VF 0 without an interrupt.
cat >"$policy" <<P
{ "version": 1, "pfs": [{ "match": { "address": "$pf" }, "vfs": 3, "vf": { "0": { "driver": "none", "vi_resources": 0, "online": true } } }] }
P
check_exit 6 "a controller without an interrupt goes online" sriovctl apply --force "$policy"
check_match "is the controller's no" "$LAB_OUTPUT" 'vf 0 online on .*NVMe status 0x4120.*needs queues'
check "reset" sriovctl reset --force
check_eq "the VFs are gone" "$(cat "$(pf_dir "$pf")/sriov_numvfs")" 0
check_eq "and their controllers as they were" "$(secondaries)" $'Offline 0 0\nOffline 0 0\nOffline 0 0'
check "what was reserved is again" sriovctl apply
