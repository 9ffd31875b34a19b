# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What emit prints, given to those it is for: QEMU and libvirt start guests with it, LXC a container; sriov-proxmox.service
# runs its script in its sandbox, against stand-ins of pvesh and qm.
# policy: main.json
# slow: yes
# timeout: 500

pf=0000:01:00.0
other=0000:02:00.0
cat >/run/labels.json <<P
{ "version": 1, "pfs": [
    { "match": { "address": "$pf" }, "vf": { "2-3": { "label": "lan" } } },
    { "match": { "address": "$other" }, "vf": { "1": { "label": "lan" } } } ] }
P

# --- QEMU ------------------------------------------------------------------------------------------------------------
check "emit qemu" sriovctl emit qemu "$pf:1"
check_eq "it is one VF's arguments" "$LAB_OUTPUT" "-device vfio-pci,host=$(vf_address "$pf" 1)"
# shellcheck disable=SC2034 # guest_qemu reads it
GUEST_DEVICE=$LAB_OUTPUT
check "a guest starts with them" guest_run "$(vf_address "$pf" 1)"
unset GUEST_DEVICE
check_match "and has the policy's MAC" "$LAB_OUTPUT" 'igbvf .*Address: 02:00:00:00:01:01$'

# --- libvirt ---------------------------------------------------------------------------------------------------------
systemctl start libvirtd.service
sriovctl emit libvirt --part=interface "$pf:2" >/run/interface.xml
sriovctl emit libvirt --part=hostdev "$pf:3" >/run/hostdev.xml
cp /boot/vmlinuz "$LAB_HOME/guest.initrd" /var/lib/libvirt/images/
cat >/run/guest.xml <<X
<domain type='kvm'>
  <name>guest</name>
  <memory unit='MiB'>512</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>/var/lib/libvirt/images/vmlinuz</kernel>
    <initrd>/var/lib/libvirt/images/guest.initrd</initrd>
    <cmdline>console=ttyS0 quiet panic=-1 lab.hold</cmdline>
  </os>
  <features><acpi/></features>
  <cpu mode='host-passthrough'/>
  <devices>
    $(cat /run/interface.xml /run/hostdev.xml)
    <serial type='file'><source path='/run/lab-guest.libvirt.log'/></serial>
    <memballoon model='none'/>
  </devices>
</domain>
X
check "virt-xml-validate accepts a guest with the elements" virt-xml-validate /run/guest.xml
check "libvirt starts it" virsh create /run/guest.xml
check "it boots" wait_for 120 grep -qs '^lab-guest: done' /run/lab-guest.libvirt.log
console=$(tr -d '\r' </run/lab-guest.libvirt.log)
check_match "the VF of the interface has the policy's MAC" "$console" 'igbvf .*Address: 02:00:00:00:01:02$'
check_match "that of the hostdev as well" "$console" 'igbvf .*Address: 02:00:00:00:01:03$'
check_match "list says who has it" "$(sriovctl list "$pf")" "$(vf_address "$pf" 2) .*open in VM \"?guest"
check "it ends" virsh destroy guest
check "the host is as the policy says: libvirt has given nothing back" wait_for 20 sriovctl status --pf="$pf"
check "emit libvirt of a pool over two PFs" sriovctl emit libvirt --policy=/run/labels.json --part=network
awk '/^<network>/ { text = "" } { text = text $0 "\n" } /^<\/network>/ && text ~ /<name>lan</ { printf "%s", text }' \
    <<<"$LAB_OUTPUT" >/run/network.xml
check_eq "the pool has three VFs" "$(grep -c '<address ' /run/network.xml)" 3
check "virt-xml-validate accepts it" virt-xml-validate /run/network.xml
check "libvirt makes the network" virsh net-create /run/network.xml
virsh net-destroy lan
systemctl stop libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket

# --- LXC -------------------------------------------------------------------------------------------------------------
host=$(vf_address "$pf" 6)
netdev=$(netdev_of "$host")
mkdir -p /run/lxc.lab /var/tmp/container/bin /var/tmp/container/proc /var/tmp/container/sys /var/tmp/container/dev
cp /usr/bin/busybox /var/tmp/container/bin/
for tool in sh cat sleep ip; do
    ln -sf busybox "/var/tmp/container/bin/$tool"
done
printf '#!/bin/sh\nip link >/told\n' >/var/tmp/container/bin/init
chmod 755 /var/tmp/container/bin/init
{
    printf 'lxc.rootfs.path = dir:/var/tmp/container\nlxc.uts.name = lab\nlxc.mount.auto = proc:mixed sys:mixed\n'
    printf 'lxc.init.cmd = /bin/init\nlxc.apparmor.profile = unconfined\n'
    sriovctl emit lxc "$pf:6"
} >/run/container.conf
check "LXC starts a container with the lines" lxc-start -n lab -f /run/container.conf -F -P /run/lxc.lab -o /run/container.log -l INFO
output=$(cat /var/tmp/container/told 2>&1) || :
check_match "it has the interface" "$output" " $netdev: .*[<,]UP[,>]"
check_match "with the policy's MAC" "$output" 'link/ether 02:00:00:00:01:06 '
is_back() {
    [ "$(netdev_of "$host")" = "$netdev" ]
}
check "the host has it again afterwards" wait_for 20 is_back
attach "what LXC logged" tail -n 20 /run/container.log

# --- Proxmox VE ------------------------------------------------------------------------------------------------------
check "systemd finds nothing wrong with the unit" systemd-analyze verify --man=no sriov-proxmox.service
systemctl start sriov-proxmox.service
check_eq "without /etc/pve it does not run" "$(systemctl show --value -p ConditionResult sriov-proxmox.service)" no
mkdir /etc/pve
for tool in pvesh qm; do
    # shellcheck disable=SC2016 # expanded by the script that is made
    printf '#!/bin/sh\nPVE_HOST=/ PVE_STATE=/etc/pve exec python3 %s/proxmox "$(basename "$0")" "$@"\n' "$LAB_HOME" >"/usr/bin/$tool"
    chmod 755 "/usr/bin/$tool"
done
check "with it, it does" systemctl start sriov-proxmox.service
check_match "and makes a mapping of the label, with all that is compared" "$(cat /etc/pve/log)" \
    "^pvesh create /cluster/mapping/pci --id wan .*iommugroup=$(basename "$(readlink "$(pf_dir "$(vf_address "$pf" 0)")/iommu_group")"),node=sriov-lab,path=$(vf_address "$pf" 0),"
check "with which a guest could start" qm set 104 -hostpci0 mapping=wan,pcie=1
check "once more" systemctl start sriov-proxmox.service
check_eq "nothing is written" "$(grep -c '^pvesh' /etc/pve/log)" 1
check_match "the journal says what was done" "$(journalctl -b -o cat -u sriov-proxmox)" '^sriovctl: mapping wan: created$'
rm -r /etc/pve /usr/bin/pvesh /usr/bin/qm
