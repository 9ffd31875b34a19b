# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A new user, on a host with nothing set up but the package: from `check` to a guest with a VF, by what is printed alone.
# Runs before all that gives this host VFs or a policy, and leaves it without.
# slow: yes

pf=0000:03:00.0

# 1. Can this host do it? What is not right says what to do; here all is.
check "check says that the host is able" sriovctl check
check_match "that there is no policy yet" "$LAB_OUTPUT" '^SKIP  policy .*no policy'
check_match "that the IOMMU is on" "$LAB_OUTPUT" '^PASS  iommu '
check_match "and which cards have SR-IOV" "$LAB_OUTPUT" "^PASS  capability .*$pf"

# 2. Another module's fault is told with commands that mend it.
cat >/etc/modprobe.d/newcomer.conf <<'C'
blacklist vfio-pci
install vfio-pci /bin/false
C
check_exit 1 "a host whose VFIO cannot be loaded fails" sriovctl check
check_match "with the file and the line" "$LAB_OUTPUT" '^FAIL .*/etc/modprobe.d/newcomer.conf:1: '
rm /etc/modprobe.d/newcomer.conf

# 3. The policy: the card that `list` shows, two VFs for guests.
check_match "list shows the card" "$(sriovctl list)" "^$pf .*0/7 VFs"
mkdir -p /etc/sriovctl
cat >/etc/sriovctl/policy.json <<P
{ "version": 1, "pfs": [ { "match": { "address": "$pf" }, "vfs": 2, "defaults": { "driver": "vfio-pci" },
    "vf": { "0": { "label": "firewall", "mac": "02:00:5e:00:88:00" } } } ] }
P
check "the policy is valid" sriovctl validate
check "check finds nothing that it would fail for" sriovctl check
check_exit 4 "plan says what would be done" sriovctl plan --exit-code
check_match "the VF's address among it" "$LAB_OUTPUT" "$pf vf 0 mac 02:00:5e:00:88:00\$"

# 4. What the manual says for a real host.
check "systemctl enable --now sriov" systemctl enable --now sriov.service
check "status: in sync" sriovctl status
check_eq "groups says that a guest can have the VF, alone" \
    "$(sriovctl groups --json "$(vf_address "$pf" 0)" | jq -r '.groups[].verdict')" alone

# 5. What to type for QEMU; the guest has the policy's address.
check "emit qemu" sriovctl emit qemu "$pf:0"
# shellcheck disable=SC2034 # guest_qemu reads it
GUEST_DEVICE=$LAB_OUTPUT
check "the guest starts with what it prints" guest_run "$(vf_address "$pf" 0)"
unset GUEST_DEVICE
check_match "and has the policy's MAC" "$LAB_OUTPUT" 'igbvf .*Address: 02:00:5e:00:88:00$'

check "reset" sriovctl reset
systemctl stop sriov.service
rm /etc/sriovctl/policy.json
check_eq "nothing is left" "$(cat "$(pf_dir "$pf")/sriov_numvfs") $(ls /run/udev/rules.d/*sriovctl* 2>/dev/null)" '0 '
