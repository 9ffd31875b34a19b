# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by `boot`: the emulated hosts. A topology is a function topology_NAME, which adds QEMU arguments to `machine`
# and words to the kernel command line in `cmdline`.
#
# Root ports have fixed places, and nothing else is behind a bridge: port N is bus N+1, so PF 0 is 0000:01:00.0.

machine=()
cmdline=()
# Where the disk with the root file system is; empty: where QEMU puts it.
root_at=''

# Must come before the devices that it translates for.
intel_iommu() {
    machine+=(-device "intel-iommu,intremap=on,caching-mode=on")
    cmdline+=(intel_iommu=on iommu=pt)
}

amd_iommu() {
    machine+=(-device amd-iommu)
    cmdline+=(amd_iommu=on iommu=pt)
}

# root_port N [OPTION…]
root_port() {
    local n=$1 options
    shift
    options=$(printf ',%s' "$@")
    machine+=(-device "pcie-root-port,id=rp$n,bus=pcie.0,addr=$(printf '0x%x' $((8 + n))),slot=$n,chassis=$((n + 1))${options%,}")
}

# igb_in PORT N: an Intel 82576 with 7 VFs, cable plugged in, MAC 52:54:00:01:00:0<N+1>, at 0000:0<PORT+1>:00.0
igb_in() {
    machine+=(-netdev "user,id=net$2,restrict=on"
        -device "igb,bus=rp$1,netdev=net$2,mac=52:54:00:01:00:$(printf '%02x' $(($2 + 1)))")
}

# igb N [ROOT PORT OPTION…]: card N in a port of its own, so at 0000:0<N+1>:00.0
igb() {
    root_port "$@"
    igb_in "$1" "$1"
}

# nvme N: an SR-IOV PF that is no network card, with 127 VFs
nvme() {
    local n=$1
    root_port "$n"
    machine+=(-device "nvme-subsys,id=subsys$n"
        -device "nvme,id=nvme$n,serial=lab$n,bus=rp$n,subsys=subsys$n,sriov_max_vfs=127,sriov_vq_flexible=254,sriov_vi_flexible=127,max_ioqpairs=256,msix_qsize=128")
}

# disk_of N: gives the NVMe controller of port N a disk, /dev/nvme0n1, which is there for this boot
disk_of() {
    machine+=(-drive "if=none,id=disk$1,format=raw,file=/lab/run/extra.img,cache=unsafe"
        -device "nvme-ns,drive=disk$1,bus=nvme$1")
}

# hotplug_port N: an empty root port, where `hotplug_add N` (guest/lib.sh) plugs in an igb, at 0000:0<N+1>:00.0. Must be
# the last port: the bus numbers that it keeps free for the card come after its own.
hotplug_port() {
    root_port "$1" bus-reserve=2 mem-reserve=8M pref64-reserve=8M
    machine+=(-netdev "user,id=net$1,restrict=on")
}

# hotplug_device N: that card, as an argument of QEMU's device_add
hotplug_device() {
    printf '{ "driver": "igb", "id": "hot%d", "bus": "rp%d", "netdev": "net%d", "mac": "52:54:00:01:00:%02x" }' \
        "$1" "$1" "$1" $(($1 + 1))
}

# The usual host: four network PFs (buses 1 to 4), a spare one that no policy names (5), an NVMe PF (6).
topology_main() {
    intel_iommu
    igb 0
    igb 1
    igb 2
    igb 3
    igb 4
    nvme 5
}

topology_noiommu() {
    igb 0
}

topology_amd() {
    amd_iommu
    igb 0
}

# Without ACS on the root port, a PF and its VFs share one IOMMU group.
topology_noacs() {
    intel_iommu
    igb 0 disable-acs=on
}

# Small, for what is to be seen once per way to configure the network.
topology_pair() {
    intel_iommu
    igb 0
    igb 1
}

# Two PFs, and a third one (bus 3) that comes and goes.
topology_hotplug() {
    intel_iommu
    igb 0
    igb 1
    hotplug_port 2
}

# Two cards in three slots; after the first boot each is in the next one.
topology_moved() {
    local shift=$((${number:?of the boot} > 1))
    intel_iommu
    root_port 0
    root_port 1
    root_port 2
    igb_in "$shift" 0
    igb_in $((1 + shift)) 1
}

# Devices to reserve as a whole (a network port at bus 1, a disk at bus 2), the way out (bus 3), and a network card that
# is a function of the same device as the root file system's disk (0000:00:10.0), so that they share an IOMMU group.
topology_devices() {
    intel_iommu
    igb 0
    nvme 1
    disk_of 1
    igb 2
    # shellcheck disable=SC2034 # for `boot`
    root_at="bus=pcie.0,addr=0x10.0,multifunction=on"
    machine+=(-netdev "user,id=beside,restrict=on"
        -device "virtio-net-pci,bus=pcie.0,addr=0x10.1,netdev=beside,mac=52:54:00:01:00:10")
}
