# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# apply and reset again and again: the host is the same at the end, and nothing has grown.
# policy: main.json
# timeout: 6000
# slow: yes

pf=0000:05:00.0
cat >/run/rounds.json <<P
{ "version": 1, "pfs": [{ "match": { "address": "$pf" }, "vfs": 3, "defaults": { "driver": "vfio-pci" },
    "vf": { "0": { "mac": "02:00:00:00:05:00", "trust": true }, "1": { "vlan": 7 },
            "2": { "driver": "host", "name": "rounds0" } } }] }
P

# How much memory a command needs at most, in KiB, is what its parent is told when it has ended.
cat >/run/peak.c <<'C'
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	struct rusage usage;
	int status;

	if (argc > 1 && fork() == 0) {
		dup2(2, 1);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (wait4(-1, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
		return 1;
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}
C
gcc -O2 -o /var/tmp/peak /run/peak.c

# igb takes the link down for a second or two when VFs go.
has_carrier() {
    [ "$(cat "/sys/class/net/$(netdev_of "$pf")/carrier")" = 1 ]
}

# all_that_lasts: what a run could leave behind: files of ours and others, drivers, overrides, interfaces, processes. In the
# lock's file stands the number of the last run's process, which has more digits one day.
all_that_lasts() {
    wait_for 20 has_carrier
    find /run/sriovctl /run/udev/rules.d /run/NetworkManager/conf.d /run/systemd/network -printf '%p %m %s\n' 2>/dev/null |
        sed '/^[^ ]*\/lock / s/ [0-9]*$//' | sort
    cat /run/udev/rules.d/*sriovctl* 2>/dev/null | sha256sum
    grep -H . /sys/bus/pci/devices/*/driver_override | grep -v '(null)'
    readlink /sys/bus/pci/devices/*/driver
    grep -H . /sys/bus/pci/devices/*/sriov_numvfs /sys/bus/pci/devices/*/sriov_drivers_autoprobe
    ip -o link show | sed 's/^[0-9]*: //; s/ qdisc .*//' | sort
    find /run/udev/data -name '+pci:*' | wc -l
    pgrep -c sriovctl || :
    find /sys/kernel/iommu_groups /dev/vfio -maxdepth 1 | wc -l
}
# The kinds of warnings that there were; igb has some for each VF that is set up (a MAC: "Reload the VF driver", a VF that
# has one: "attempted to override"), so their number says nothing. udev would like to choose the MAC of an interface whose
# driver has thrown dice before the PF was there to be asked, and may not: in 15 of 500 rounds, so when it is first heard
# says nothing either. From the journal alone: the kernel's own buffer forgets.
warnings() {
    journalctl -q -b -p warning -o cat |
        sed '/clocksource: /d; /Could not set .*MACAddress=/d; s/[0-9a-f:.]*[0-9][0-9a-f:.]*/N/g' | sort -u
}
open_files() {
    cut -f 1 /proc/sys/fs/file-nr
}
# Memory in KiB that the kernel has taken for good, and what is used in all, caches left out
memory() {
    sync
    echo 3 >/proc/sys/vm/drop_caches
    awk '/^SUnreclaim/ { slab = $2 } /^MemTotal/ { total = $2 } /^MemAvailable/ { print slab, total - $2 }' <(sort -r /proc/meminfo)
}
one_round() {
    sriovctl apply --pf="$pf" /run/rounds.json >/run/round.log 2>&1 && sriovctl reset "$pf" >>/run/round.log 2>&1
}

# The first rounds fill caches, load modules, and have all who warn do so.
check "a round" one_round
check "another round" one_round
check "a third round" one_round
udevadm settle
before=$(all_that_lasts)
peak=$(/var/tmp/peak sriovctl apply --pf="$pf" /run/rounds.json) || peak=
check "reset" sriovctl reset "$pf"
known=$(warnings)
read -r slab used <<<"$(memory)"
files=$(open_files)

rounds=$LAB_ROUNDS failed=0
[ "$rounds" -gt 2 ] || rounds=5
start=$SECONDS
for round in $(seq "$rounds"); do
    one_round || {
        failed=$((failed + 1))
        attach "round $round" cat /run/round.log
        [ "$failed" -lt 3 ] || break
    }
    [ $((round % 50)) -ne 0 ] || note "$round rounds, $((SECONDS - start)) s"
done
check_eq "no round failed" "$failed" 0
note "$rounds rounds took $((SECONDS - start)) s"
udevadm settle
check_eq "the host is as it was" "$(all_that_lasts)" "$before"
read -r slab_after used_after <<<"$(memory)"
files_after=$(open_files)
peak_after=$(/var/tmp/peak sriovctl apply --pf="$pf" /run/rounds.json) || peak_after=
check_eq "the interface has its name" "$(netdev_of "$(vf_address "$pf" 2)")" rounds0
check_match "the record has the lines of one run" "$(wc -l <"/run/sriovctl/$pf.jsonl")" '^[1-9][0-9]?$'
check "reset" sriovctl reset "$pf"
check_eq "the host is as it was once more" "$(all_that_lasts)" "$before"
note "peak memory of an apply: $peak KiB, then $peak_after; open files: $files, then $files_after"
note "memory: kernel $slab KiB, then $slab_after; all of it $used, then $used_after"
check "an apply needs no more memory" [ "${peak_after:-999999}" -le $((${peak:-0} + 512)) ]
check "no more files are open" [ "$files_after" -le $((files + 64)) ]
# A round may cost the kernel no more than noise: a leaked VF alone would be tens of KiB.
check "the kernel's memory has not grown" [ "$slab_after" -le $((slab + 1024 + 4 * rounds)) ]
check_eq "nothing has warned of anything new" "$(comm -13 <(printf '%s\n' "$known") <(warnings))" ''
