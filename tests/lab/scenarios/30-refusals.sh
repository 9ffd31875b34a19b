# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is refused: with which status, in which words, and that nothing has changed.
# policy: main.json
# timeout: 300

# All that a policy can change, as the kernel tells it.
host_state() {
    grep -H . /sys/bus/pci/devices/*/{sriov_numvfs,sriov_drivers_autoprobe,driver_override}
    readlink /sys/bus/pci/devices/*/driver
    # Whether there is carrier is not up to anybody: igb's comes back seconds after its VFs have gone.
    ip -j -d link show | jq -c '.[] | [.ifname, .flags - ["NO-CARRIER", "LOWER_UP"], .address, [.vfinfo_list[]? | del(.stats)]]'
}

# refused STATUS WORDS POLICY-FILE [OPTION…]: apply ends with STATUS, says WORDS (a regular expression), changes nothing
refused() {
    local status=$1 words=$2 file=$3 before
    shift 3
    before=$(host_state)
    check_exit "$status" "apply ${file##*/} is refused" sriovctl apply "$@" "$file"
    check_match "in these words: $words" "$LAB_OUTPUT" "$words"
    check_eq "and nothing has changed" "$(host_state)" "$before"
}

# On a busy machine udev may still be naming the VFs of a scenario before this one.
udevadm settle --timeout=60

n=0
# policy TEXT: into a file whose name is in $file
policy() {
    n=$((n + 1))
    file=/run/refused-$n.json
    printf '%s\n' "$1" >"$file"
}

# pf_policy REST: of an entry for the spare PF
pf_policy() {
    policy "{ \"version\": 1, \"pfs\": [{ \"match\": { \"address\": \"0000:05:00.0\" }, $1 }] }"
}

# --- the file ---------------------------------------------------------------------------------------------------------
refused 3 '/run/not-there.json: .*(No such file|not there|does not exist)' /run/not-there.json
refused 3 '/run: .*directory' /run
policy 'not JSON'
refused 3 'refused-1.json:1:[0-9]+: not JSON' "$file"
pf_policy '"vfs": 2'
chmod 666 "$file"
refused 3 'writ' "$file"
chmod 644 "$file"
chown 1000 "$file"
refused 3 'belongs to user 1000, not to root' "$file"
mkdir -p /run/open && chmod 777 /run/open && cp "$LAB_HOME/policies/main.json" /run/open/policy.json
refused 3 'everybody may put files into' /run/open/policy.json
{ printf '{"version":1,"pfs":'; head -c 2097152 /dev/zero | tr '\0' '['; } >/run/nested.json
refused 3 'nested.json' /run/nested.json
printf '{"version":1,"pfs":[{"match":{"interface":"a\\u0000b"}}]}' >/run/nul.json
refused 3 'nul.json:1' /run/nul.json
printf '{"version":1,"pfs":[{"match":{"interface":"a\\u001bb"}}]}' >/run/control.json
refused 3 'control.json:1:.*control' /run/control.json

# --- what it says -----------------------------------------------------------------------------------------------------
pf_policy '"vsf": 2'
refused 3 '/pfs/0/vsf: .*did you mean "vfs"' "$file"
pf_policy '"vfs": "two"'
refused 3 '/pfs/0/vfs: ' "$file"
pf_policy '"vfs": 2, "vfs": 3'
refused 3 '/pfs/0/vfs: .*(twice|duplicate|already)' "$file"
pf_policy '"vfs": 2, "vf": { "2": { "trust": true } }'
refused 3 '/pfs/0/vf/2: ' "$file"
pf_policy '"vfs": 4, "vf": { "0-2": { "trust": true }, "2": { "trust": false } }'
refused 3 '/pfs/0/vf/2: VF 2 is already in the range at' "$file"
pf_policy '"vfs": 2, "defaults": { "vlan": 4095 }'
refused 3 '/pfs/0/defaults/vlan: .*4095' "$file"
for mac in 01:00:5e:00:00:01 ff:ff:ff:ff:ff:ff 00:00:00:00:00:00; do
    pf_policy "\"vfs\": 2, \"vf\": { \"0\": { \"mac\": \"$mac\" } }"
    refused 3 "/pfs/0/vf/0/mac: .*$mac" "$file"
done
pf_policy '"vfs": 2, "vf": { "0": { "mac": "02:00:00:00:00:01" }, "1": { "mac": "02:00:00:00:00:01" } }'
refused 3 '/pfs/0/vf/1/mac: .*02:00:00:00:00:01' "$file"
pf_policy '"vfs": 2, "defaults": { "min_tx_rate": 200, "max_tx_rate": 100 }'
refused 3 'min_tx_rate' "$file"

# --- what this host contradicts ---------------------------------------------------------------------------------------
pf_policy '"vfs": 2, "vf": { "0": { "mac": "52:54:00:01:00:01" } }'
refused 1 '0000:05:00.0 vf 0: mac 52:54:00:01:00:01 is also that of the host.s interface' "$file"
pf_policy '"vfs": 2, "vf": { "0": { "mac": "02:00:00:00:01:00" } }'
refused 1 'is also that of 0000:01:00.0 vf 0' "$file"
pf_policy '"vfs": 8'
refused 1 '8 VFs are wanted, its driver allows 7' "$file"
policy '{ "version": 1, "pfs": [{ "match": { "address": "0000:77:00.0" }, "vfs": 2 }] }'
refused 1 'no PF matches address 0000:77:00.0; this host has 0000:01:00.0' "$file"
policy '{ "version": 1, "pfs": [{ "match": { "driver": "igb" }, "vfs": 7 }] }'
refused 1 '5 PFs match driver igb: ' "$file"
policy '{ "version": 1, "pfs": [{ "match": { "address": "0000:00:1f.2" }, "vfs": 2 }] }'
refused 1 '0000:00:1f.2 is there but offers no SR-IOV' "$file"
policy '{ "version": 1, "pfs": [{ "match": { "address": "0000:06:00.0" }, "vfs": 127, "defaults": { "trust": true } }] }'
refused 1 'trust is for Ethernet cards' "$file"
pf_policy '"vfs": 2, "defaults": { "msix": 3 }'
refused 1 'msix: its driver cannot give VFs a number of MSI-X vectors' "$file"
pf_policy '"vfs": 2, "defaults": { "driver": "vfoi-pci" }'
refused 1 'driver: .*no driver and no module "vfoi-pci"; did you mean "vfio-pci"' "$file"
pf_policy '"vfs": 2, "vf": { "1": { "driver": "vfio_pci" } }'
refused 1 'vfio_pci is the module; its driver is called "vfio-pci"' "$file"
pf_policy '"vfs": 2'
echo 0000:05:00.0 >/sys/bus/pci/drivers/igb/unbind
refused 1 'the PF has no driver' "$file"
echo 0000:05:00.0 >/sys/bus/pci/drivers/igb/bind
udevadm settle --timeout=90

# --- consent ----------------------------------------------------------------------------------------------------------
policy '{ "version": 1, "pfs": [{ "match": { "address": "0000:04:00.0" }, "vfs": 3 }] }'
refused 5 'refused: remove all 7 VFs: .*--recreate' "$file"
check_exit 0 "plan shows it all the same" sriovctl plan "$file"
check_match "and marks what destroys" "$LAB_OUTPUT" '\[destroys VFs\].*remove all 7 VFs'

# --- who asks ---------------------------------------------------------------------------------------------------------
before=$(host_state)
check_exit 1 "only root applies" setpriv --reuid=65534 --clear-groups sriovctl apply /etc/sriovctl/policy.json
check_match "and is told so" "$LAB_OUTPUT" 'only root can change VFs'
check_exit 1 "only root resets" setpriv --reuid=65534 --clear-groups sriovctl reset
check_eq "nothing has changed" "$(host_state)" "$before"
check "anybody may look" setpriv --reuid=65534 --clear-groups sriovctl list
check_exit 2 "no such verb" sriovctl aply
check_exit 2 "no such option" sriovctl apply --forse

# --- with consent -----------------------------------------------------------------------------------------------------
check "apply --recreate changes the number" sriovctl apply --recreate "$file"
check_eq "there are 3 VFs" "$(cat "$(pf_dir 0000:04:00.0)/sriov_numvfs")" 3
check "and back" sriovctl apply --recreate
check "status: in sync" sriovctl status
