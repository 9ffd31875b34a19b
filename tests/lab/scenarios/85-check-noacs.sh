# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# check on a host whose root port lacks ACS: it names the port, before there are VFs and when there are.
# topology: noacs
# timeout: 120
# slow: yes

cat >/run/vfio.json <<'P'
{ "version": 1, "pfs": [{ "match": { "driver": "igb" }, "vfs": 2, "defaults": { "driver": "vfio-pci" } }] }
P
check_exit 1 "before there are VFs" sriovctl check /run/vfio.json
check_match "the bridge is named" "$LAB_OUTPUT" '^FAIL  groups .*the bridge 0000:00:08.0 lacks ACS; no VF can go to a guest'
check_match "and a next step" "$LAB_OUTPUT" 'next: switch ACS on'
check_match "the rest of the policy is fine" "$LAB_OUTPUT" '^PASS  host-fits '
check "apply works nevertheless" sriovctl apply /run/vfio.json
check_exit 1 "and with VFs" sriovctl check /run/vfio.json
check_match "it is told" "$LAB_OUTPUT" '^FAIL  groups .*0000:00:08.0 lacks ACS'
check "for the host it does not matter" sriovctl check - <<'P'
{ "version": 1, "pfs": [{ "match": { "driver": "igb" }, "vfs": 2, "defaults": { "driver": "igbvf" } }] }
P
check "back" sriovctl reset
