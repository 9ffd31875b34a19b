# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Eight runs at once, of two policies: one after the other, and at the end one of the two, whole.
# policy: main.json
# slow: yes
# timeout: 300

pf=0000:05:00.0
policy() { # NAME MAC-OCTET TRUST
    cat >"/run/$1.json" <<P
{ "version": 1, "pfs": [{ "match": { "address": "$pf" }, "vfs": 4, "defaults": { "driver": "vfio-pci", "trust": $3 },
    "vf": { "0": { "mac": "02:00:00:00:$2:00" }, "1": { "mac": "02:00:00:00:$2:01" },
            "2": { "mac": "02:00:00:00:$2:02" }, "3": { "mac": "02:00:00:00:$2:03" } } }] }
P
}
policy one a1 true
policy two a2 false

runs=()
for i in 1 2 3 4; do
    for name in one two; do
        sriovctl apply --pf="$pf" "/run/$name.json" >"/run/together.$name.$i" 2>&1 &
        runs+=($!)
    done
done
failed=0
for run in "${runs[@]}"; do
    wait "$run" || failed=$((failed + 1))
done
check_eq "none of them failed" "$failed" 0
check_match "those that waited said for whom" "$(cat /run/together.*)" 'waiting up to [0-9]+ s: another run \(pid [0-9]+\) is at work'
[ "$failed" -eq 0 ] || attach "what they said" tail -n 3 /run/together.*
same=0
for name in one two; do
    ! sriovctl status --pf="$pf" "/run/$name.json" || same=$((same + 1))
done
check_eq "the host is as exactly one of the two says" "$same" 1
check "reset" sriovctl reset "$pf"
check_eq "no VFs are left" "$(cat "$(pf_dir "$pf")/sriov_numvfs")" 0
